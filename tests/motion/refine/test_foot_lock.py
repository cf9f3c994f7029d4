import time
from dataclasses import replace

import numpy as np
import pytest

from helpers import smpl_skeleton, walking_clip
from motion.core import BadInput, Motion
from motion.core.rotation import rotvec_to_rotmat
from motion.metrics.contacts import FOOT_JOINTS, foot_contacts, foot_positions, standing_heights
from motion.metrics.physical import floor_error_mm, foot_skate_ratio, mean_jerk
from motion.refine.foot_lock import lock_feet


def sliding(clip: Motion, speed: float) -> Motion:
    """The clip carried forward at an extra speed in m/s: the feet slide along."""
    seconds = np.arange(clip.num_frames) / clip.fps
    return replace(clip, root_position=clip.root_position + seconds[:, None] * np.array([0.0, 0.0, speed]))


def crouching(frames: int = 90, lift: float = 0.0, fps: float = 30.0) -> Motion:
    """Somebody stands with bent knees, feet flat at ``lift`` above the floor."""
    skeleton = smpl_skeleton()
    rotvec = np.zeros((frames, 24, 3))
    for side in ("left", "right"):
        for joint, angle in (("hip", -0.5), ("knee", 0.9), ("ankle", -0.4)):
            rotvec[:, skeleton.index(f"{side}_{joint}"), 0] = angle
    clip = Motion(skeleton, np.zeros((frames, 3)), rotvec_to_rotmat(rotvec), fps)
    drop = (foot_positions(clip)[0, :, 1] - standing_heights(skeleton)).min()
    return replace(clip, root_position=clip.root_position + np.array([0.0, lift - drop, 0.0]))


def planted(clip: Motion) -> np.ndarray:
    """Contacts of the walk before it was made to slide."""
    return foot_contacts(clip)


def flexion(clip: Motion, side: str) -> np.ndarray:
    """(T,) radians, signed: negative where a knee bends the wrong way."""
    rotations, points = clip.skeleton.forward_kinematics(clip.root_position, clip.joint_rotation)
    hip, knee, ankle = (clip.skeleton.index(f"{side}_{name}") for name in ("hip", "knee", "ankle"))
    thigh, shank = points[:, knee] - points[:, hip], points[:, ankle] - points[:, knee]
    bend = np.sum(np.cross(thigh, shank) * rotations[:, hip, :, 0], axis=-1)
    return np.arctan2(bend, np.sum(thigh * shank, axis=-1))


@pytest.mark.parametrize("fps", [20.0, 30.0, 60.0])
@pytest.mark.parametrize("speed", [0.25, -0.3])
def test_a_sliding_walk_stands_again(fps: float, speed: float):
    walk = walking_clip(4.0, fps=fps)
    contacts = planted(walk)
    slid = sliding(walk, speed)
    fixed = lock_feet(slid, contacts)
    held = contacts[1:] & contacts[:-1]
    moved = np.linalg.norm(np.diff(foot_positions(fixed)[..., [0, 2]], axis=0), axis=-1) * fps
    slipped = np.linalg.norm(np.diff(foot_positions(slid)[..., [0, 2]], axis=0), axis=-1) * fps
    assert moved[held].mean() < 0.35 * slipped[held].mean()
    assert foot_skate_ratio(fixed) < 0.6 * foot_skate_ratio(slid)
    assert mean_jerk(fixed) < 1.1 * mean_jerk(slid)
    np.testing.assert_array_equal(fixed.root_position[:, [0, 2]], slid.root_position[:, [0, 2]])


def test_only_the_legs_and_the_root_height_change():
    slid = sliding(walking_clip(2.0), 0.3)
    fixed = lock_feet(slid)
    legs = {"left_hip", "left_knee", "left_ankle", "right_hip", "right_knee", "right_ankle"}
    same = [i for i, name in enumerate(slid.skeleton.joint_names) if name not in legs]
    np.testing.assert_array_equal(fixed.joint_rotation[:, same], slid.joint_rotation[:, same])
    assert fixed.contacts is not None
    assert np.linalg.det(fixed.joint_rotation).min() == pytest.approx(1.0)


def test_a_clean_clip_barely_changes():
    clip = crouching()
    moved = np.linalg.norm(lock_feet(clip).joint_positions() - clip.joint_positions(), axis=-1)
    assert moved.max() < 0.002
    air = crouching(lift=0.5)
    still = lock_feet(air, np.zeros((air.num_frames, 4), dtype=bool))
    np.testing.assert_array_equal(still.joint_rotation, air.joint_rotation)


@pytest.mark.parametrize("lift", [-0.03, 0.04])
def test_sunk_and_hovering_bodies_come_to_the_floor(lift: float):
    fixed = lock_feet(crouching(lift=lift))
    sunk, hovering = floor_error_mm(fixed)
    assert sunk < 1.0
    assert hovering < 9.0


def test_knees_never_bend_backwards_nor_lock_straight():
    slid = sliding(walking_clip(4.0, seed=3), 0.6)
    fixed = lock_feet(slid, planted(walking_clip(4.0, seed=3)))
    for side in ("left", "right"):
        assert flexion(fixed, side).min() > np.radians(-0.5)


def test_six_seconds_take_a_moment():
    clip = sliding(walking_clip(6.0), 0.3)
    start = time.perf_counter()
    lock_feet(clip)
    assert time.perf_counter() - start < 0.5  # a slow machine may need more than the usual 0.02 s


def test_contacts_of_another_length_are_refused():
    clip = walking_clip(1.0)
    with pytest.raises(BadInput, match="contacts must be"):
        lock_feet(clip, np.zeros((3, len(FOOT_JOINTS)), dtype=bool))


def test_a_single_frame_passes():
    clip = walking_clip(1.0).sliced(0, 1)
    assert lock_feet(clip).num_frames == 1


@pytest.mark.parametrize("frames", [[45], [0, 40, 119], list(range(30, 60))])
def test_protected_frames_stay_and_corrections_fade_towards_them(frames: list[int]):
    walk = walking_clip(4.0)
    slid, protected = sliding(walk, 0.25), np.isin(np.arange(120), frames)
    fixed = lock_feet(slid, planted(walk), protected=protected)
    np.testing.assert_array_equal(fixed.joint_rotation[protected], slid.joint_rotation[protected])
    np.testing.assert_array_equal(fixed.root_position[protected], slid.root_position[protected])
    moved = np.linalg.norm(foot_positions(fixed) - foot_positions(slid), axis=-1).max(axis=1)
    near = np.abs(np.arange(120)[:, None] - np.array(frames)).min(axis=1)
    assert moved[near == 1].max() < 0.6 * moved.max()
    assert foot_skate_ratio(fixed) < foot_skate_ratio(slid)
    assert mean_jerk(fixed) < 1.15 * mean_jerk(slid)


def test_protected_must_be_one_flag_per_frame():
    with pytest.raises(BadInput, match="protected must be"):
        lock_feet(walking_clip(1.0), protected=np.ones(4, bool))
