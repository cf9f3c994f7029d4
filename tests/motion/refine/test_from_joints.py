import numpy as np
import pytest

from helpers import smpl_skeleton, walking_clip
from motion.core import BadInput
from motion.core.rotation import rotmat_to_rotvec
from motion.refine.from_joints import fit_rotations


def test_a_walk_is_recovered_from_its_joints() -> None:
    clip = walking_clip(1.5)
    points = clip.joint_positions()[:, :22]
    found = fit_rotations(points, clip.fps, clip.skeleton)
    off = np.linalg.norm(found.joint_positions()[:, :22] - points, axis=-1)
    assert off.max() < 0.02
    between = np.swapaxes(found.joint_rotation, -1, -2) @ clip.joint_rotation
    angles = np.linalg.norm(rotmat_to_rotvec(between), axis=-1)
    for joint in ("left_hip", "right_knee", "left_ankle", "left_elbow", "right_shoulder"):
        assert np.median(angles[:, clip.skeleton.index(joint)]) < 0.5


def test_another_size_is_scaled_by_leg_length() -> None:
    clip = walking_clip(0.5, skeleton=smpl_skeleton(1.3))
    points = clip.joint_positions()[:, :22]
    found = fit_rotations(points, clip.fps, smpl_skeleton())
    assert np.linalg.norm(found.joint_positions()[:, :22] - points / 1.3, axis=-1).max() < 0.02


def test_facing_backward_does_not_flip() -> None:
    clip = walking_clip(1.0)
    points = clip.joint_positions()[:, :22] * [-1, 1, -1]
    found = fit_rotations(points, clip.fps, clip.skeleton)
    assert np.linalg.norm(found.joint_positions()[:, :22] - points, axis=-1).max() < 0.02


@pytest.mark.parametrize("shape", [(10, 21, 3), (10, 66), (10, 22, 2)])
def test_other_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(BadInput, match="22"):
        fit_rotations(np.zeros(shape), 20.0, smpl_skeleton())


def test_legs_without_length_are_refused() -> None:
    with pytest.raises(BadInput, match="legs"):
        fit_rotations(np.zeros((10, 22, 3)), 20.0, smpl_skeleton())
