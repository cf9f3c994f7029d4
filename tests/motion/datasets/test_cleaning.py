from dataclasses import replace

import numpy as np
import pytest

from helpers import walking_clip
from motion.core.clip import Motion
from motion.core.rotation import rotvec_to_rotmat
from motion.datasets.cleaning import at_30_fps, floor_height, without_spikes
from motion.metrics.contacts import standing_heights
from motion.refine.retarget import lifted


def with_spike(clip: Motion, first: int, last: int) -> Motion:
    rotation = clip.joint_rotation.copy()
    arm = clip.skeleton.index("left_shoulder")
    rotation[first:last:2, arm] = rotvec_to_rotmat(np.array([0.0, 0.0, 2.5]))
    return replace(clip, joint_rotation=rotation)


def test_a_clean_clip_is_left_alone() -> None:
    clip = walking_clip(2.0, fps=120)
    assert without_spikes(clip) == [(0.0, clip)]


@pytest.mark.parametrize("fps", [30.0, 60.0, 120.0])
def test_a_short_spike_is_bridged(fps: float) -> None:
    clip = walking_clip(2.0, fps=fps)
    middle = round(fps)
    ((start, found),) = without_spikes(with_spike(clip, middle, middle + 2))
    assert start == 0.0
    assert found.num_frames == clip.num_frames
    assert np.abs(found.joint_positions() - clip.joint_positions()).max() < 0.1


def test_a_long_stretch_of_spikes_splits_the_clip() -> None:
    clip = walking_clip(4.0, fps=30)
    pieces = without_spikes(with_spike(clip, 60, 90))
    assert len(pieces) == 2
    assert pieces[0][0] == 0.0
    start, second = pieces[1]
    frame = round(start * 30)
    assert frame > 85
    assert np.array_equal(second.root_position, clip.root_position[frame : frame + second.num_frames])


@pytest.mark.parametrize("fps", [25.0, 30.0, 50.0, 60.0, 100.0, 120.0])
def test_thirty_frames_a_second_show_the_same_walk(fps: float) -> None:
    found = at_30_fps(walking_clip(2.0, fps=fps))
    wanted = walking_clip(2.0, fps=30)
    assert found.fps == 30.0
    assert abs(found.num_frames - 60) <= 2
    count = min(found.num_frames, 60)
    found_points, wanted_points = (clip.joint_positions()[:count] for clip in (found, wanted))
    off = np.linalg.norm(found_points - found_points[:, :1] - wanted_points + wanted_points[:, :1], axis=-1)
    assert off.max() < 0.02
    assert np.allclose(np.linalg.det(found.joint_rotation), 1.0)


def test_noise_above_15_hertz_is_damped() -> None:
    clip = walking_clip(2.0, fps=120)
    noise = np.random.default_rng(0).normal(0, 0.01, clip.root_position.shape)
    noisy = at_30_fps(replace(clip, root_position=clip.root_position + noise))
    left = np.std(noisy.root_position - at_30_fps(clip).root_position)
    assert left < 0.006


@pytest.mark.parametrize("height", [-0.3, 0.0, 0.2])
def test_the_floor_is_where_the_feet_stand(height: float) -> None:
    skeleton = walking_clip(0.1).skeleton
    frames = 60
    rotation = np.broadcast_to(np.eye(3), (frames, 24, 3, 3)).copy()
    hop = np.clip(np.sin(np.arange(frames) / 5), 0, None)[:, None] * np.array([0.0, 0.5, 0.0])
    clip = Motion(skeleton, skeleton.rest_offsets[0] + hop, rotation, 30.0)
    sole = standing_heights(skeleton)[1] - clip.joint_positions()[0, skeleton.index("left_foot"), 1]
    assert floor_height(lifted(clip, sole + height)) == pytest.approx(height, abs=1e-6)


def test_a_box_that_is_climbed_is_not_the_floor() -> None:
    clip = walking_clip(4.0)
    climbing = clip.root_position.copy()
    climbing[60:, 1] += 0.4
    assert floor_height(replace(clip, root_position=climbing)) == pytest.approx(floor_height(clip), abs=0.015)


def test_somebody_in_the_air_comes_down() -> None:
    clip = walking_clip(1.0)
    falling = clip.root_position + np.linspace(5, 2, clip.num_frames)[:, None] * np.array([1.0, 1.0, 0.0])
    assert floor_height(replace(clip, root_position=falling)) > 1.5
