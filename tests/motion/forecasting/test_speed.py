from itertools import pairwise

import numpy as np
import pytest

from motion.forecasting.speed import likeliness, retimed
from motion.metrics.futures import speeds_of

HEADINGS = np.array([[0.0, 1.0]])


def arc(turn: float, speed: float = 1.2, steps: int = 12) -> np.ndarray:
    heading = np.linspace(0, turn, steps)
    step = np.stack([np.sin(heading), np.cos(heading)], axis=-1) * speed / 2.5
    return np.cumsum(step, axis=0)[None, None]


@pytest.mark.parametrize("asked", [0.0, 0.4, 1.0, 1.6, 3.0])
@pytest.mark.parametrize("turn", [0.0, 0.8, -2.0])
def test_every_step_is_as_fast_as_asked(asked: float, turn: float) -> None:
    walked = retimed(arc(turn), np.zeros((1, 2)), np.full((1, 12), asked), HEADINGS, 2.5)
    np.testing.assert_allclose(speeds_of(np.zeros((1, 1, 2)), walked, 2.5), asked, atol=2e-3)


def test_the_line_stays_what_it_was() -> None:
    line = arc(1.5)
    walked = retimed(line, np.zeros((1, 2)), np.full((1, 12), 0.6), HEADINGS, 2.5)
    dense = np.concatenate([np.zeros((1, 2)), line[0, 0]])
    dense = np.concatenate([np.linspace(a, b, 200) for a, b in pairwise(dense)])
    off = np.linalg.norm(walked[0, 0][:, None] - dense[None], axis=-1).min(axis=1)
    assert off.max() < 5e-3


def test_who_stands_goes_the_way_they_face() -> None:
    standing = np.random.default_rng(0).normal(0, 0.01, (1, 4, 12, 2))
    walked = retimed(standing, np.zeros((1, 2)), np.full((1, 12), 1.0), HEADINGS, 2.5)
    np.testing.assert_allclose(walked[0, :, -1], np.tile([0.0, 4.8], (4, 1)), atol=1e-2)


def test_speeds_change_from_step_to_step() -> None:
    speeds = np.linspace(1.5, 0.0, 12)[None]
    walked = retimed(arc(0.5), np.zeros((1, 2)), speeds, HEADINGS, 2.5)
    np.testing.assert_allclose(speeds_of(np.zeros((1, 1, 2)), walked, 2.5)[0, 0], speeds[0], atol=2e-3)


def test_a_future_of_the_speed_asked_for_is_the_likelier() -> None:
    two = np.concatenate([arc(0.0, 0.5), arc(0.0, 1.5)], axis=1)
    slow, fast = likeliness(two, np.zeros((1, 2)), np.full((1, 12), 1.4), 2.5)[0]
    assert fast > 2 * slow
