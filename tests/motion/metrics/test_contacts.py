import numpy as np
import pytest

from helpers import smpl_skeleton, walking_clip
from motion.core import Motion
from motion.core.rotation import rotvec_to_rotmat
from motion.metrics.contacts import drop_short, foot_clearances, foot_contacts, hysteresis, spans, standing_heights


def standing_clip(frames: int = 30, lift: float = 0.0, fps: float = 30.0) -> Motion:
    skeleton = smpl_skeleton()
    drop = skeleton.rest_positions[:, 1].min() - standing_heights(skeleton).min()
    root = np.tile(skeleton.rest_offsets[0] - [0.0, drop, 0.0] + [0.0, lift, 0.0], (frames, 1))
    return Motion(skeleton, root, np.tile(np.eye(3), (frames, 24, 1, 1)), fps)


def test_standing_feet_are_at_their_standing_height_and_in_contact():
    clip = standing_clip()
    np.testing.assert_allclose(foot_clearances(clip), 0.0, atol=1e-12)
    assert foot_contacts(clip).all()


def test_raised_feet_touch_nothing_unless_the_floor_is_the_clips_own():
    clip = standing_clip(lift=0.3)
    assert not foot_contacts(clip).any()
    assert foot_contacts(clip, floor=None).all()


@pytest.mark.parametrize("fps", [20.0, 30.0, 60.0, 120.0])
def test_a_lifted_leg_leaves_the_floor_at_any_frame_rate(fps: float):
    clip = standing_clip(round(3 * fps), fps=fps)
    time = np.arange(clip.num_frames) / fps
    rotvec = np.zeros((clip.num_frames, 3))
    rotvec[:, 0] = -0.8 * np.clip(np.sin(np.pi * (time - 1.0)), 0, None) * (time < 2)
    rotation = clip.joint_rotation.copy()
    rotation[:, clip.skeleton.index("left_hip")] = rotvec_to_rotmat(rotvec)
    contact = foot_contacts(Motion(clip.skeleton, clip.root_position, rotation, fps))
    assert contact[:, 2:].all()
    inside = (time > 1.25) & (time < 1.75)
    outside = (time < 0.95) | (time > 2.05)
    assert not contact[inside, :2].any()
    assert contact[outside, :2].all()


def test_a_walk_alternates():
    contact = foot_contacts(walking_clip(4.0))
    toes = contact[:, [1, 3]]
    assert toes.any(axis=1).mean() > 0.8
    assert 2 <= len(spans(toes[:, 0])) <= 6


def test_hysteresis_keeps_only_weak_runs_with_a_strong_frame():
    weak = np.array([[1, 1, 0, 1, 1, 0, 1]], dtype=bool).T
    strong = np.array([[0, 1, 0, 0, 0, 0, 1]], dtype=bool).T
    assert hysteresis(strong, weak)[:, 0].tolist() == [True, True, False, False, False, False, True]


def test_short_runs_are_dropped():
    flags = np.array([[1, 0, 1, 1, 1, 0, 1, 0, 1]], dtype=bool).T
    assert spans(drop_short(flags, 2)[:, 0]) == [(2, 5)]
    assert spans(drop_short(flags, 2, keep_ends=True)[:, 0]) == [(0, 1), (2, 5), (8, 9)]
