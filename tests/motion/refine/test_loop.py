from dataclasses import replace

import numpy as np
import pytest

from helpers import random_clip, walking_clip
from motion.core import BadInput, Motion
from motion.core.axes import ground, height
from motion.core.rotation import rotmat_to_yaw, rotvec_to_rotmat
from motion.metrics.contacts import foot_contacts
from motion.metrics.control import LoopSeam, loop_seam, seam_jerk
from motion.metrics.physical import foot_skate_ratio, mean_planar_speed
from motion.refine.loop import looped, repeated, sampled


def turning(clip: Motion, rate: float) -> Motion:
    """Everything turns about the up axis at ``rate`` rad/s."""
    turn = rotvec_to_rotmat(np.arange(clip.num_frames)[:, None] / clip.fps * rate * np.array([0.0, 1.0, 0.0]))
    rotation = clip.joint_rotation.copy()
    rotation[:, 0] = turn @ rotation[:, 0]
    steps = np.diff(clip.root_position, axis=0, prepend=clip.root_position[:1])
    return replace(clip, root_position=np.cumsum(np.einsum("tij,tj->ti", turn, steps), axis=0) + clip.root_position[0],
                   joint_rotation=rotation)  # fmt: skip


@pytest.mark.parametrize("clip", [walking_clip(4.0), walking_clip(4.0, fps=60.0), turning(walking_clip(4.0), 0.4),
                                  random_clip(90)], ids=["walk", "walk-60", "turning", "random"])  # fmt: skip
def test_a_loop_has_no_seam(clip: Motion):
    assert bars_are_met(loop_seam(looped(clip)))


def test_a_looped_walk_walks_on():
    clip = walking_clip(5.0)
    cycle = looped(clip)
    assert cycle.num_frames > 0.4 * clip.num_frames
    thrice = repeated(cycle, 3)
    assert thrice.num_frames == 3 * (cycle.num_frames - 1) + 1
    assert mean_planar_speed(thrice) == pytest.approx(mean_planar_speed(clip), rel=0.1)
    assert foot_skate_ratio(thrice) <= foot_skate_ratio(clip) + 0.03
    period = (cycle.num_frames - 1) / cycle.fps
    peak, area = seam_jerk(thrice, [period, 2 * period])
    assert peak < 1.3 and area < 1.2


def hurrying(clip: Motion, rate: float) -> Motion:
    """The walk played ever faster: its speed over the ground grows by ``rate`` of the first one a second."""
    time = np.arange(clip.num_frames) / clip.fps
    return clip.sampled_at(time + rate / 2 * time**2, clip.fps).sliced(0, int(0.7 * clip.num_frames))


def bars_are_met(seam: LoopSeam) -> bool:
    return seam.position_m < 0.005 and seam.rotation_rad < np.radians(1.0) and seam.velocity_m_s < 0.1


@pytest.mark.parametrize("share", [0.8, 1.15])
def test_a_loop_goes_at_the_speed_asked_for_whatever_the_clip_does(share: float):
    clip = hurrying(walking_clip(8.0), 0.1)
    speed = share * mean_planar_speed(clip)
    cycle = looped(clip, speed=speed)
    assert mean_planar_speed(cycle) == pytest.approx(speed, abs=0.01)
    assert bars_are_met(loop_seam(cycle))
    assert foot_skate_ratio(repeated(cycle, 3)) < foot_skate_ratio(clip) + 0.15


@pytest.mark.parametrize("duration", [2.0, 4.2, 9.0])
def test_a_loop_lasts_as_near_as_whole_rounds_come_to_what_is_asked(duration: float):
    clip = walking_clip(6.0)
    cycle = looped(clip, duration=duration, speed=1.1)
    assert (cycle.num_frames - 1) / cycle.fps == pytest.approx(duration, abs=0.6)  # a stride takes 1.1 s
    assert mean_planar_speed(cycle) == pytest.approx(1.1, abs=0.02)
    assert bars_are_met(loop_seam(cycle))


def test_a_clip_of_minutes_loops_too():
    cycle = looped(repeated(looped(walking_clip(6.0)), 30))
    assert cycle.duration > 60.0 and bars_are_met(loop_seam(cycle))


@pytest.mark.parametrize(("seconds", "fps"), [(1.0, 60.0), (1.0, 24.0), (0.85, 30.0), (1.6, 50.0)])
def test_a_loop_sampled_otherwise_keeps_its_seam(seconds: float, fps: float):
    cycle = looped(walking_clip(4.0))
    frames = round(seconds * (cycle.num_frames - 1) / cycle.fps * fps)
    other = sampled(cycle, frames, fps)
    assert (other.num_frames, other.fps) == (frames + 1, fps)
    assert bars_are_met(loop_seam(other))
    np.testing.assert_allclose(other.root_position[[0, -1]], cycle.root_position[[0, -1]], atol=1e-6)


def test_feet_that_are_to_be_left_alone_are():
    clip = walking_clip(4.0)
    left, cleaned = looped(clip, feet=False), looped(clip)
    middle = slice(left.num_frames // 2 - 3, left.num_frames // 2 + 3)
    first = np.argmin(np.linalg.norm(clip.root_position - left.root_position[middle.start], axis=-1))
    np.testing.assert_allclose(left.joint_rotation[middle], clip.joint_rotation[first : first + 6], atol=0.02)
    assert bars_are_met(loop_seam(left)) and np.abs(left.joint_rotation - cleaned.joint_rotation).max() > 0


def test_rounds_follow_each_other_in_place_and_heading():
    cycle = looped(turning(walking_clip(4.0), 0.4))
    twice, last = repeated(cycle, 2), cycle.num_frames - 1
    np.testing.assert_allclose(twice.root_position[: last + 1], cycle.root_position, atol=1e-9)
    steps = np.linalg.norm(np.diff(ground(twice.root_position), axis=0), axis=-1)
    np.testing.assert_allclose(steps[last:], steps[:last], atol=1e-9)
    yaw = np.unwrap(rotmat_to_yaw(twice.joint_rotation[:, 0]))
    assert yaw[-1] - yaw[last] == pytest.approx(yaw[last] - yaw[0])


def test_the_best_cut_of_a_cyclic_clip_needs_hardly_a_change():
    walk = walking_clip(6.0)
    cycle = looped(walk)
    first = np.argmin(np.linalg.norm(walk.root_position - cycle.root_position[0], axis=-1))
    part = walk.sliced(int(first), int(first) + cycle.num_frames)
    assert np.abs(height(cycle.root_position) - height(part.root_position)).max() < 0.05


def test_contacts_of_a_loop_are_told():
    cycle = looped(walking_clip(4.0))
    assert cycle.contacts is not None and cycle.contacts.shape == (cycle.num_frames, 4)
    assert cycle.contacts.any() and foot_contacts(cycle).any()


def test_too_short_or_no_time_to_blend_is_refused():
    with pytest.raises(BadInput, match="a loop needs"):
        looped(walking_clip(0.3))
    with pytest.raises(BadInput, match="blends over"):
        looped(walking_clip(2.0), seconds=0.0)
