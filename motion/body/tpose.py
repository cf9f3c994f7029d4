"""Bring MakeHuman's standing pose to SMPL's T-pose: arms along X with palms down, legs almost straight."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from motion.core.rotation import yaw_to_rotmat
from motion.core.skeleton import SMPL_JOINT_NAMES, SMPL_PARENTS

Array = NDArray[np.floating]

#: Rest directions of the left leg's bones and how far the left foot turns out (radians).
THIGH = np.array([0.06, -1.0, 0.02])
SHANK = np.array([-0.015, -1.0, -0.06])
FOOT_YAW = 0.15

_FLIP = np.array([-1.0, 1.0, 1.0])
_MIRROR = np.diag(_FLIP)


def t_pose(vertices: Array, joints: Array, weights: Array, index_side: Array) -> tuple[Array, Array]:
    """Skin a standing body into the T-pose.

    Args:
        vertices: (V, 3) m in the standing pose.
        joints: (24, 3) m, symmetric, SMPL order.
        weights: (V, 24).
        index_side: (3,) m, from the left little finger's knuckle to the left index finger's.

    Returns:
        Vertices (V, 3) and joints (24, 3) in metres, the pelvis where it was.
    """
    turns = _left_turns(joints, index_side)
    rotation = np.tile(np.eye(3), (len(joints), 1, 1))
    for name, turn in turns.items():
        rotation[SMPL_JOINT_NAMES.index(name)] = turn
        rotation[SMPL_JOINT_NAMES.index(name.replace("left_", "right_"))] = _MIRROR @ turn @ _MIRROR
    posed = joints.copy()
    for joint, parent in enumerate(SMPL_PARENTS[1:], start=1):
        posed[joint] = posed[parent] + rotation[parent] @ (joints[joint] - joints[parent])
    moved = np.einsum("jab,vjb->vja", rotation, vertices[:, None] - joints) + posed
    return np.einsum("vj,vja->va", weights, moved), posed


def _left_turns(joints: Array, index_side: Array) -> dict[str, Array]:
    """R_world of the left limb joints that straightens their bones."""
    at = dict(zip(SMPL_JOINT_NAMES, joints, strict=True))
    thigh = at["left_knee"] - at["left_hip"]
    shank = at["left_ankle"] - at["left_knee"]
    upper = at["left_elbow"] - at["left_shoulder"]
    lower = at["left_wrist"] - at["left_elbow"]
    hand = at["left_hand"] - at["left_wrist"]
    side, forward, down = np.array([1.0, 0, 0]), np.array([0, 0, 1.0]), np.array([0, -1.0, 0])
    hinge = np.cross(upper, lower)  # the elbow's axis: down when a T-posed forearm would swing forward
    foot = yaw_to_rotmat(np.array(FOOT_YAW))
    return {
        "left_hip": _align(thigh, forward, THIGH, forward),
        "left_knee": _align(shank, forward, SHANK, forward),
        "left_ankle": foot,
        "left_foot": foot,
        "left_shoulder": _align(upper, hinge, side, down),
        "left_elbow": _align(lower, hinge, side, down),
        "left_wrist": _align(hand, index_side, side, forward),
        "left_hand": _align(hand, index_side, side, forward),
    }


def _align(main: Array, second: Array, to_main: Array, to_second: Array) -> Array:
    """The rotation that takes direction ``main`` to ``to_main`` exactly and ``second`` near ``to_second``."""
    return _frame(to_main, to_second) @ _frame(main, second).T


def _frame(main: Array, second: Array) -> Array:
    x = main / np.linalg.norm(main)
    z = np.cross(x, second)
    z = z / np.linalg.norm(z)
    return np.stack([x, np.cross(z, x), z], axis=1)
