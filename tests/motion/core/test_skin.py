"""Linear blend skinning and normals."""

from __future__ import annotations

import numpy as np

from helpers import box_skin, walking_clip
from motion.core.rotation import rotvec_to_rotmat
from motion.core.skin import vertex_normals


def test_the_rest_pose_leaves_the_surface_as_it_is() -> None:
    skin = box_skin()
    still = np.tile(np.eye(3), (24, 1, 1))
    assert np.allclose(skin.deform(skin.skeleton.rest_positions[0], still), skin.vertices)


def test_a_turn_of_the_root_turns_everything_rigidly() -> None:
    skin = box_skin()
    turn = rotvec_to_rotmat(np.array([0.3, -1.0, 0.5]))
    rotation = np.tile(np.eye(3), (24, 1, 1))
    rotation[0] = turn
    moved = skin.deform(np.array([1.0, 2.0, 3.0]), rotation)
    expected = (skin.vertices - skin.skeleton.rest_positions[0]) @ turn.T + [1.0, 2.0, 3.0]
    assert np.allclose(moved, expected)


def test_many_frames_at_once_equal_each_alone() -> None:
    skin, clip = box_skin(), walking_clip(0.2)
    together = skin.deform(clip.root_position, clip.joint_rotation)
    alone = np.stack([skin.deform(r, q) for r, q in zip(clip.root_position, clip.joint_rotation, strict=True)])
    assert together.shape == (6, len(skin.vertices), 3)
    assert np.allclose(together, alone)


def test_a_vertex_of_one_joint_moves_with_it() -> None:
    skin, clip = box_skin(), walking_clip(0.2)
    vertex = int(np.flatnonzero(skin.weights[:, 18] == 1.0)[0])
    rotation, position = clip.skeleton.forward_kinematics(clip.root_position, clip.joint_rotation)
    expected = position[:, 18] + rotation[:, 18] @ (skin.vertices[vertex] - skin.skeleton.rest_positions[18])
    assert np.allclose(skin.deform(clip.root_position, clip.joint_rotation)[:, vertex], expected)


def test_normals_of_a_cube_point_outward() -> None:
    corners = np.array([[x, y, z] for x in (-1.0, 1) for y in (-1.0, 1) for z in (-1.0, 1)])
    faces = np.array([[0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1],
                      [2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4], [1, 5, 7], [1, 7, 3]])  # fmt: skip
    normals = vertex_normals(np.concatenate([corners, [[9.0, 9, 9]]]), faces)
    assert np.all(np.sum(normals[:8] * corners, axis=1) > 1.0)
    assert np.allclose(np.linalg.norm(normals, axis=1), 1)
    assert np.array_equal(normals[8], [0, 1, 0])  # of no face
