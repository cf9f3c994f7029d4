"""Rotations as three angles about the axes, between which readers of .bvh and .fbx draw straight lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from motion.core.rotation import euler_to_rotmat, rotmat_to_euler, rotmat_to_rotvec, slerp

Array = NDArray[np.floating]

#: FBX's rotation orders by number, as intrinsic turns: its "XYZ" turns about X first, R = Rz Ry Rx.
ORDERS = ("ZYX", "YZX", "XZY", "ZXY", "YXZ", "XYZ")

#: Largest error in radians, half-way between two frames, up to which the usual order 0 is kept.
TOLERANCE = np.radians(0.25)


def best_angles(rotation: Array) -> tuple[NDArray[np.integer], Array]:
    """For each joint the order in which straight lines between the frames' angles follow its movement best.

    The angles of any order swing wildly where its middle one is near a quarter turn; arms that leave a T-pose, and
    hips that turn round, get there with the usual order.

    Args:
        rotation: (T, J, 3, 3).

    Returns:
        FBX's number of the order (J,), and the angles about X, Y and Z (T, J, 3) in radians, without jumps.
    """
    order = np.zeros(rotation.shape[1], dtype=np.int64)
    angles, error = _angles(rotation, 0)
    for other in (3, 4, 1, 2, 5):
        poor = np.flatnonzero(error > TOLERANCE)
        if not len(poor):
            break
        found, its_error = _angles(rotation[:, poor], other)
        better = its_error < error[poor]
        chosen = poor[better]
        order[chosen], error[chosen] = other, its_error[better]
        angles[:, chosen] = found[:, better]
    return order, angles


def _angles(rotation: Array, order: int) -> tuple[Array, Array]:
    """Angles about X, Y, Z (T, J, 3), and each joint's largest error (J,) in radians half-way between frames."""
    intrinsic = ORDERS[order]
    angles = unrolled(rotmat_to_euler(rotation, intrinsic))
    return angles[..., [intrinsic.index(axis) for axis in "XYZ"]], error_between(rotation, angles, intrinsic)


def error_between(rotation: Array, angles: Array, order: str) -> Array:
    """(J,) rad, how far half-way between frames straight lines between angles (T, J, 3) are from (T, J, 3, 3)."""
    if len(angles) < 2:
        return np.zeros(rotation.shape[1])
    drawn = euler_to_rotmat((angles[1:] + angles[:-1]) / 2, order)
    meant = slerp(rotation[:-1], rotation[1:], np.full(rotation.shape[:2], 0.5)[1:])
    return np.linalg.norm(rotmat_to_rotvec(np.swapaxes(meant, -1, -2) @ drawn), axis=-1).max(axis=0)


def unrolled(angles: Array) -> Array:
    """Intrinsic Euler angles (T, J, 3) in radians of the same rotations, each close to those of the frame before.

    A rotation has two triples of angles, give or take whole turns: the nearer one is taken.
    """
    angles = angles.copy()
    for t in range(1, len(angles)):
        before, here = angles[t - 1], angles[t]
        other = np.stack([here[:, 0] + np.pi, np.pi - here[:, 1], here[:, 2] + np.pi], axis=-1)
        near = [option - 2 * np.pi * np.round((option - before) / (2 * np.pi)) for option in (here, other)]
        far = [np.abs(option - before).sum(axis=-1) for option in near]
        angles[t] = np.where((far[1] < far[0])[:, None], near[1], near[0])
    return angles
