from dataclasses import replace

import numpy as np
import pytest
from corpora import recording_like, straight_walk

from helpers import random_clip, smpl_skeleton, walking_clip
from motion.core.clip import Motion
from motion.core.rotation import rotvec_to_rotmat
from motion.core.skeleton import SMPL_JOINT_NAMES
from motion.datasets.quality import pose_error
from motion.datasets.skeletons import BANDAI, DAZ, DEEPMIMIC, STYLE100
from motion.metrics.physical import joint_position_error
from motion.refine.retarget import SkeletonMap, leg_length, lifted, retarget

SAME = SkeletonMap(
    name="smpl",
    rotations={name: name for name in SMPL_JOINT_NAMES},
    places={name: name for name in SMPL_JOINT_NAMES},
    toes={"left": "left_foot", "right": "right_foot"},
)
MAPS = [BANDAI, DAZ, DEEPMIMIC, STYLE100]


def test_onto_the_same_skeleton_nothing_changes() -> None:
    clip = walking_clip(1.0)
    assert joint_position_error(retarget(clip, SAME, clip.skeleton), clip) < 1e-5


def test_wild_rotations_onto_the_same_skeleton() -> None:
    clip = random_clip(30, seed=2)
    assert joint_position_error(retarget(clip, SAME, clip.skeleton), clip) < 1e-5


def test_any_axes_of_the_source_joints_give_the_same_motion() -> None:
    clip = walking_clip(1.0)
    skeleton = clip.skeleton
    roll = rotvec_to_rotmat(np.random.default_rng(0).normal(size=(24, 3)))
    world = skeleton.forward_kinematics(clip.root_position, clip.joint_rotation)[0] @ roll
    offsets = skeleton.rest_offsets.copy()
    for joint in range(1, 24):
        offsets[joint] = roll[skeleton.parents[joint]].T @ offsets[joint]
    rolled = replace(skeleton, rest_offsets=offsets)
    source = Motion(rolled, clip.root_position, rolled.local_rotations(world), clip.fps)
    mapping = replace(SAME, rest=dict(zip(SMPL_JOINT_NAMES, roll, strict=True)))
    assert np.abs(source.joint_positions() - clip.joint_positions()).max() < 1e-9
    assert joint_position_error(retarget(source, mapping, skeleton), clip) < 1e-5


def test_a_bigger_source_gives_the_same_motion() -> None:
    big = walking_clip(1.0, skeleton=smpl_skeleton(1.4))
    small = retarget(big, SAME, smpl_skeleton())
    assert np.abs(small.joint_positions() - big.joint_positions() / 1.4).max() < 1e-5


@pytest.mark.parametrize("mapping", MAPS, ids=lambda mapping: mapping.name)
def test_every_skeleton_comes_back(mapping: SkeletonMap) -> None:
    clip = straight_walk()
    source = recording_like(mapping, clip)
    found = retarget(source, mapping, clip.skeleton)
    limbs = [clip.skeleton.index(f"{side}_{joint}") for side in ("left", "right")
             for joint in ("hip", "knee", "ankle", "foot", "shoulder", "elbow", "wrist")]  # fmt: skip
    off = np.linalg.norm(found.joint_positions() - clip.joint_positions(), axis=-1)
    assert off[:, limbs].max() < 2e-3
    assert off.max() < 0.05
    assert pose_error(source, mapping, found).pose < 0.005


@pytest.mark.parametrize("mapping", MAPS, ids=lambda mapping: mapping.name)
def test_left_stays_left_and_knees_bend_forward(mapping: SkeletonMap) -> None:
    clip = straight_walk()
    found = retarget(recording_like(mapping, clip), mapping, clip.skeleton)
    points, at = found.joint_positions(), found.skeleton.index
    assert (points[:, at("left_hip"), 0] > points[:, at("right_hip"), 0]).all()
    assert (points[:, at("left_wrist"), 1] > points[:, at("right_wrist"), 1] + 0.3).all()
    for side in ("left", "right"):
        hip, knee, ankle = (points[:, at(f"{side}_{joint}")] for joint in ("hip", "knee", "ankle"))
        bent = (knee - (hip + ankle) / 2)[:, 2]
        assert bent.max() > 0.03
        assert bent.min() > -0.03


def test_turned_around_and_mirrored() -> None:
    clip = straight_walk()
    half = np.diag([-1.0, 1.0, -1.0])
    rotation = clip.joint_rotation.copy()
    rotation[:, 0] = half @ rotation[:, 0]
    back = Motion(clip.skeleton, clip.root_position @ half.T, rotation, clip.fps)
    for other in (back, clip.mirrored()):
        found = retarget(recording_like(DEEPMIMIC, other), DEEPMIMIC, clip.skeleton)
        limbs = [clip.skeleton.index(name) for name in ("left_ankle", "right_ankle", "left_wrist", "right_wrist")]
        assert np.abs(found.joint_positions() - other.joint_positions())[:, limbs].max() < 2e-3


def test_a_leaning_neck_is_straightened() -> None:
    clip = straight_walk()
    mapping = replace(SAME, neck=("neck", "head"))
    offsets = clip.skeleton.rest_offsets.copy()
    offsets[clip.skeleton.index("head")] = [0.0, 0.08, -0.05]  # leans back at rest, so people bow it to look ahead
    source = replace(clip, skeleton=replace(clip.skeleton, rest_offsets=offsets))
    ahead = retarget(source, mapping, clip.skeleton)
    looks = ahead.skeleton.forward_kinematics(ahead.root_position, ahead.joint_rotation)[0]
    raised = looks[:, ahead.skeleton.index("head"), 1, 2]
    assert np.all(raised > 0.3)


def test_leg_length_and_lifting() -> None:
    assert leg_length(smpl_skeleton(2.0)) == pytest.approx(2 * leg_length(smpl_skeleton()))
    clip = walking_clip(0.2)
    assert np.allclose(lifted(clip, 0.1).joint_positions() - clip.joint_positions(), [0, 0.1, 0])


def test_pose_error_sees_a_wrong_pose_but_not_other_proportions() -> None:
    clip = walking_clip(1.0)
    other = smpl_skeleton()
    longer = replace(other, rest_offsets=other.rest_offsets * np.where(np.arange(24)[:, None] == 3, 1.5, 1.0))
    moved = retarget(clip, SAME, longer)
    assert pose_error(clip, SAME, moved).pose < 0.01 < pose_error(clip, SAME, moved).plain
    rotation = clip.joint_rotation.copy()
    rotation[:, other.index("left_shoulder")] = np.eye(3)
    wrong = replace(clip, joint_rotation=rotation)
    assert pose_error(clip, SAME, wrong).joints["left_wrist"] > 0.2
