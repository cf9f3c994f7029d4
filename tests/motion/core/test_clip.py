"""Motion: resampling, mirroring and what it refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import walking_clip
from motion.core import BadInput, Motion
from motion.core.rotation import rotmat_to_rotvec

seeds = st.integers(0, 1000)


@settings(max_examples=20)
@given(seeds)
def test_mirroring_twice_is_the_same_clip(seed: int) -> None:
    clip = walking_clip(seed=seed)
    twice = clip.mirrored().mirrored()
    np.testing.assert_array_equal(twice.root_position, clip.root_position)
    np.testing.assert_array_equal(twice.joint_rotation, clip.joint_rotation)


@settings(max_examples=20)
@given(seeds)
def test_a_mirrored_clip_has_mirrored_joints(seed: int) -> None:
    clip = walking_clip(seed=seed)
    expected = clip.joint_positions()[:, clip.skeleton.mirror_indices] * [-1.0, 1.0, 1.0]
    np.testing.assert_allclose(clip.mirrored().joint_positions(), expected, atol=1e-9)


def test_mirroring_exchanges_the_feet_in_contact() -> None:
    clip = walking_clip()
    contacts = np.zeros((clip.num_frames, 4), bool)
    contacts[:, :2] = True
    mirrored = replace(clip, contacts=contacts).mirrored().contacts
    assert mirrored is not None
    assert mirrored[0].tolist() == [False, False, True, True]


@settings(max_examples=20)
@given(st.sampled_from([20.0, 24.0, 29.97, 60.0, 120.0]))
def test_resampling_keeps_the_duration_and_does_not_extrapolate(fps: float) -> None:
    clip = walking_clip(seconds=2.0, fps=30.0)
    other = clip.resampled(fps)
    last = (clip.num_frames - 1) / clip.fps
    assert other.fps == fps
    assert last - 1 / fps < (other.num_frames - 1) / fps <= last + 1e-6


def test_resampling_up_and_down_returns_the_frames() -> None:
    clip = walking_clip()
    back = clip.resampled(clip.fps * 4).resampled(clip.fps)
    np.testing.assert_array_equal(back.root_position, clip.root_position)
    np.testing.assert_array_equal(back.joint_rotation, clip.joint_rotation)


def test_resampling_at_the_same_rate_is_the_clip_itself() -> None:
    clip = walking_clip()
    assert clip.resampled(clip.fps) is clip


def test_between_frames_rotations_are_halfway() -> None:
    clip = walking_clip()
    middle = clip.sampled_at(np.array([0.5 / clip.fps]), clip.fps)
    first, second = clip.joint_rotation[0], clip.joint_rotation[1]
    whole = np.linalg.norm(rotmat_to_rotvec(np.swapaxes(first, -1, -2) @ second), axis=-1)
    half = np.linalg.norm(rotmat_to_rotvec(np.swapaxes(first, -1, -2) @ middle.joint_rotation[0]), axis=-1)
    np.testing.assert_allclose(half, whole / 2, atol=1e-9)


def test_times_outside_are_clamped() -> None:
    clip = walking_clip()
    ends = clip.sampled_at(np.array([-1.0, 1e6]), 1.0)
    np.testing.assert_array_equal(ends.root_position, clip.root_position[[0, -1]])


def test_a_slice_is_these_frames() -> None:
    clip = walking_clip()
    np.testing.assert_array_equal(clip.sliced(3, 7).root_position, clip.root_position[3:7])


@pytest.mark.parametrize(
    "change",
    [
        {"fps": 0.0},
        {"fps": float("nan")},
        {"fps": 1e9},
        {"root_position": np.full((1, 3), np.nan)},
        {"root_position": np.zeros((2, 3))},
        {"root_position": np.zeros((0, 3)), "joint_rotation": np.zeros((0, 24, 3, 3))},
        {"joint_rotation": np.full((1, 24, 3, 3), np.inf)},
        {"joint_rotation": np.zeros((1, 23, 3, 3))},
    ],
)
def test_a_broken_clip_is_refused(change: dict[str, object]) -> None:
    whole = walking_clip().sliced(0, 1)
    fields = {"root_position": whole.root_position, "joint_rotation": whole.joint_rotation, "fps": 30.0, **change}
    with pytest.raises(BadInput):
        Motion(whole.skeleton, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("fps", [0.0, -1.0, float("nan"), float("inf"), 1e6])
def test_resampling_to_an_impossible_rate_is_refused(fps: float) -> None:
    with pytest.raises(BadInput, match="fps must be"):
        walking_clip().resampled(fps)
