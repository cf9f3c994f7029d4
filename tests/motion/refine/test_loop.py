from dataclasses import replace

import numpy as np
import pytest

from helpers import random_clip, walking_clip
from motion.core import BadInput, Motion
from motion.core.axes import ground, height
from motion.core.rotation import rotmat_to_yaw, rotvec_to_rotmat
from motion.metrics.contacts import foot_contacts
from motion.metrics.control import loop_seam, seam_jerk
from motion.metrics.physical import foot_skate_ratio, mean_planar_speed
from motion.refine.loop import looped, repeated


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
    seam = loop_seam(looped(clip))
    assert seam.position_m < 0.005
    assert seam.rotation_rad < np.radians(1.0)
    assert seam.velocity_m_s < 0.1


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
