"""Rotation conversions, named in roma's grammar ``<from>_to_<to>``; any leading batch shape.

Rotations inside Stride are matrices ``R_parent_child`` acting on column vectors. Quaternions exist only at the borders
and are always ``xyzw`` (glTF, three.js, scipy). The 6-D form is the first two columns of the matrix,
``R[..., :, :2].reshape(..., 6)`` (Zhou et al. 2019, column layout, the layout ``roma.special_gramschmidt`` takes).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

Array = NDArray[np.floating]


def _from_scipy(rotation: Rotation, batch: tuple[int, ...]) -> Array:
    return rotation.as_matrix().reshape(*batch, 3, 3)


def _to_scipy(rotmat: Array) -> Rotation:
    return Rotation.from_matrix(rotmat.reshape(-1, 3, 3))


def rotvec_to_rotmat(rotvec: Array) -> Array:
    """Axis times angle in radians ``(..., 3)`` to matrices ``(..., 3, 3)``."""
    return _from_scipy(Rotation.from_rotvec(rotvec.reshape(-1, 3)), rotvec.shape[:-1])


def rotmat_to_rotvec(rotmat: Array) -> Array:
    """Matrices ``(..., 3, 3)`` to axis times angle in radians ``(..., 3)``, angle at most pi."""
    return _to_scipy(rotmat).as_rotvec().reshape(*rotmat.shape[:-2], 3)


def quat_xyzw_to_rotmat(quat_xyzw: Array) -> Array:
    """Quaternions ``(..., 4)``, normalised here, to matrices ``(..., 3, 3)``."""
    return _from_scipy(Rotation.from_quat(quat_xyzw.reshape(-1, 4)), quat_xyzw.shape[:-1])


def rotmat_to_quat_xyzw(rotmat: Array) -> Array:
    """Matrices ``(..., 3, 3)`` to unit quaternions ``(..., 4)``; the sign is arbitrary."""
    return _to_scipy(rotmat).as_quat().reshape(*rotmat.shape[:-2], 4)


def euler_to_rotmat(angles: Array, order: str) -> Array:
    """Intrinsic Euler angles in radians ``(..., len(order))`` to matrices; ``"ZXY"``: R = Rz @ Rx @ Ry."""
    return _from_scipy(Rotation.from_euler(order.upper(), angles.reshape(-1, len(order))), angles.shape[:-1])


def rotmat_to_euler(rotmat: Array, order: str) -> Array:
    """Matrices ``(..., 3, 3)`` to intrinsic Euler angles in radians ``(..., 3)`` in the given order."""
    return _to_scipy(rotmat).as_euler(order.upper(), suppress_warnings=True).reshape(*rotmat.shape[:-2], 3)


def rotmat_to_sixd(rotmat: Array) -> Array:
    """Matrices ``(..., 3, 3)`` to their first two columns, row by row, ``(..., 6)``."""
    return rotmat[..., :, :2].reshape(*rotmat.shape[:-2], 6)


def sixd_to_rotmat(sixd: Array) -> Array:
    """6-D vectors ``(..., 6)``, any scale, to matrices by Gram-Schmidt."""
    columns = sixd.reshape(*sixd.shape[:-1], 3, 2)
    x = columns[..., 0] / np.maximum(np.linalg.norm(columns[..., 0], axis=-1, keepdims=True), 1e-9)
    y = columns[..., 1] - np.sum(x * columns[..., 1], axis=-1, keepdims=True) * x
    y = y / np.maximum(np.linalg.norm(y, axis=-1, keepdims=True), 1e-9)
    return np.stack([x, y, np.cross(x, y)], axis=-1)


def yaw_to_rotmat(yaw: Array) -> Array:
    """Angles about the up axis in radians ``(...)`` to matrices; yaw 0 faces +Z, positive yaw turns left (to +X)."""
    yaw = np.asarray(yaw)
    c, s, o, i = np.cos(yaw), np.sin(yaw), np.zeros_like(yaw), np.ones_like(yaw)
    return np.stack([c, o, s, o, i, o, -s, o, c], axis=-1).reshape(*yaw.shape, 3, 3)


def rotmat_to_yaw(rotmat: Array) -> Array:
    """Heading ``(...)`` in radians: the facing of a body whose lateral axis is the rotated +X axis.

    Taken from the lateral axis because that one stays horizontal in bows, rolls and lying, where +Z does not.
    """
    return np.arctan2(-rotmat[..., 2, 0], rotmat[..., 0, 0])


def vectors_to_rotmat(source: Array, target: Array) -> Array:
    """The smallest rotation that takes direction ``source (..., 3)`` to direction ``target (..., 3)``.

    Opposite directions have no unique answer; half a turn about an axis perpendicular to ``source`` is returned.
    """
    a = source / np.linalg.norm(source, axis=-1, keepdims=True)
    b = target / np.linalg.norm(target, axis=-1, keepdims=True)
    a, b = np.broadcast_arrays(a, b)
    axis = np.cross(a, b)
    sine = np.linalg.norm(axis, axis=-1, keepdims=True)
    cosine = np.sum(a * b, axis=-1, keepdims=True)
    helper = np.where(np.abs(a[..., :1]) < 0.9, np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0]))
    spare = np.cross(a, helper)
    spare = spare / np.linalg.norm(spare, axis=-1, keepdims=True)
    axis = np.where(sine > 1e-9, axis / np.maximum(sine, 1e-12), spare)
    return rotvec_to_rotmat(axis * np.arctan2(sine, cosine))


def slerp(start: Array, end: Array, weight: Array) -> Array:
    """Spherical interpolation between matrices ``(..., 3, 3)``; ``weight (...)`` 0 gives start, 1 gives end."""
    relative = np.swapaxes(start, -1, -2) @ end
    return start @ rotvec_to_rotmat(rotmat_to_rotvec(relative) * np.asarray(weight)[..., None])
