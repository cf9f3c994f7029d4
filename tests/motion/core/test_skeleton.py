"""Forward kinematics: its inverse, and what must not change it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import smpl_skeleton, walking_clip
from motion.core import SMPL_JOINT_NAMES, SMPL_PARENTS, BadInput, Skeleton, UnknownName
from motion.core.rotation import rotvec_to_rotmat

seeds = st.integers(0, 2**32 - 1)


def random_pose(seed: int, batch: tuple[int, ...] = ()) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(*batch, 3)), rotvec_to_rotmat(rng.normal(size=(*batch, 24, 3)))


@given(seeds)
def test_local_rotations_undo_forward_kinematics(seed: int) -> None:
    root, local = random_pose(seed)
    world, _ = smpl_skeleton().forward_kinematics(root, local)
    np.testing.assert_allclose(smpl_skeleton().local_rotations(world), local, atol=1e-12)


@given(seeds)
def test_a_rigid_move_of_the_root_moves_everything_rigidly(seed: int) -> None:
    root, local = random_pose(seed)
    shift, turn = np.array([1.0, -2.0, 3.0]), rotvec_to_rotmat(np.array([0.3, 0.4, -0.5]))
    _, before = smpl_skeleton().forward_kinematics(root, local)
    moved = local.copy()
    moved[0] = turn @ local[0]
    _, after = smpl_skeleton().forward_kinematics(turn @ root + shift, moved)
    np.testing.assert_allclose(after, before @ turn.T + shift, atol=1e-12)


@given(seeds)
def test_bones_keep_their_length(seed: int) -> None:
    skeleton = smpl_skeleton()
    _, positions = skeleton.forward_kinematics(*random_pose(seed))
    bones = positions[1:] - positions[skeleton.parents[1:]]
    expected = np.linalg.norm(skeleton.rest_offsets[1:], axis=-1)
    np.testing.assert_allclose(np.linalg.norm(bones, axis=-1), expected, atol=1e-12)


def test_identity_rotations_give_the_rest_pose() -> None:
    skeleton = smpl_skeleton()
    _, positions = skeleton.forward_kinematics(skeleton.rest_offsets[0], np.tile(np.eye(3), (24, 1, 1)))
    np.testing.assert_allclose(positions, skeleton.rest_positions)


def test_a_batch_is_its_items() -> None:
    root, local = random_pose(1, (2, 3))
    _, positions = smpl_skeleton().forward_kinematics(root, local)
    _, one = smpl_skeleton().forward_kinematics(root[1, 2], local[1, 2])
    np.testing.assert_allclose(positions[1, 2], one, atol=1e-14)


def test_mirror_indices_exchange_the_sides() -> None:
    skeleton = smpl_skeleton()
    order = skeleton.mirror_indices
    np.testing.assert_array_equal(order[order], np.arange(24))
    assert SMPL_JOINT_NAMES[order[skeleton.index("left_hand")]] == "right_hand"
    assert order[skeleton.index("neck")] == skeleton.index("neck")


def test_an_unknown_joint_is_answered_with_a_suggestion() -> None:
    with pytest.raises(UnknownName, match="did you mean 'left_knee'"):
        smpl_skeleton().index("left_kne")


@pytest.mark.parametrize(
    ("names", "parents", "offsets"),
    [
        (("a", "b"), (-1,), np.zeros((2, 3))),
        (("a", "a"), (-1, 0), np.zeros((2, 3))),
        (("a", "b"), (-1, -1), np.zeros((2, 3))),
        (("a", "b"), (-1, 1), np.zeros((2, 3))),
        (("a", "b"), (-1, 0), np.full((2, 3), np.nan)),
        ((), (), np.zeros((0, 3))),
    ],
)
def test_a_skeleton_that_is_no_tree_is_refused(
    names: tuple[str, ...], parents: tuple[int, ...], offsets: np.ndarray
) -> None:
    with pytest.raises(BadInput):
        Skeleton(names, np.array(parents), offsets)


def test_smpl_parents_come_first() -> None:
    assert len(SMPL_JOINT_NAMES) == len(SMPL_PARENTS) == 24
    assert all(parent < joint for joint, parent in enumerate(SMPL_PARENTS))


def test_the_test_walk_stands_on_the_floor() -> None:
    assert abs(float(walking_clip().joint_positions()[..., 1].min())) < 0.1
