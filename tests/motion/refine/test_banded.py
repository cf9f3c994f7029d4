import numpy as np
import pytest

from motion.refine.banded import fading, lasting

FPS = 30.0


def offsets(known: dict[int, float], frames: int = 150) -> tuple[np.ndarray, np.ndarray]:
    values, where = np.zeros(frames), np.zeros(frames, bool)
    for frame, value in known.items():
        values[frame], where[frame] = value, True
    return where, values


@pytest.mark.parametrize("curve", [fading, lasting])
def test_known_offsets_are_met(curve):
    where, values = offsets({10: 1.0, 14: -0.5, 80: 0.3})
    np.testing.assert_array_equal(curve(where, values, 0.2, FPS)[where], values[where])


@pytest.mark.parametrize("fps", [20.0, 30.0, 120.0])
def test_fading_offsets_are_half_gone_when_they_should_be_and_do_not_swing(fps: float):
    middle = round(2 * fps)
    curve = fading(*offsets({middle: 1.0}, 4 * middle), 0.2, fps)
    assert curve[middle + round(0.2 * fps)] == pytest.approx(0.5, abs=0.08)
    assert curve[middle + round(0.5 * fps)] < 0.1
    assert curve.min() > -0.01 and curve.max() <= 1.0


def test_close_keys_blend_instead_of_adding_up():
    curve = fading(*offsets({70: 1.0, 73: 1.0}), 0.3, FPS)
    assert 0.95 < curve[71] < 1.05


def test_lasting_offsets_stay_outside_and_change_evenly_between():
    curve = lasting(*offsets({30: 0.0, 90: 0.6}), 0.5, FPS)
    assert np.abs(curve[:20]).max() < 0.08 and np.abs(curve[110:] - 0.6).max() < 0.08
    assert np.abs(np.diff(curve[:10])).max() < 0.001 and np.abs(np.diff(curve[-10:])).max() < 0.001
    assert np.diff(curve).max() < 1.5 * 0.6 / 60


def test_nothing_known_is_no_offset_and_all_known_is_all():
    assert not fading(*offsets({}), 0.2, FPS).any()
    values = np.random.default_rng(0).normal(size=(5, 3))
    np.testing.assert_array_equal(lasting(np.ones(5, bool), values, 0.2, FPS), values)


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_a_few_frames_are_enough(frames: int):
    assert np.isfinite(fading(*offsets({0: 1.0}, frames), 0.2, FPS)).all()
    assert np.isfinite(lasting(*offsets({0: 1.0}, frames), 0.2, FPS)).all()
