"""The one coordinate convention, and the only places that convert.

Inside Stride everything is in metres, seconds and radians, right-handed, **Y up, +Z forward**; a person at rest looks
along +Z and has the left hand at +X. Files that use other axes are converted by ``formats`` and ``datasets`` with the
functions below; no other module indexes an axis by number.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]

#: Rotation that takes Z-up coordinates (AMASS, Blender) to ours: x stays, y_ours = z, z_ours = -y.
Y_UP_FROM_Z_UP: Array = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])

#: The axis that points up.
UP: Array = np.array([0.0, 1.0, 0.0])

#: The axis along which a person at rest looks.
FORWARD: Array = np.array([0.0, 0.0, 1.0])


def ground(points: Array) -> Array:
    """The ground-plane part ``(..., 2)`` = (x, z) of points ``(..., 3)``, in metres."""
    return points[..., [0, 2]]


def height(points: Array) -> Array:
    """The height ``(...)`` of points ``(..., 3)``, in metres."""
    return points[..., 1]


def from_ground(planar: Array, heights: Array | float = 0.0) -> Array:
    """Points ``(..., 3)`` from ground-plane positions ``(..., 2)`` and heights ``(...)``."""
    heights = np.broadcast_to(heights, planar.shape[:-1])
    return np.stack([planar[..., 0], heights, planar[..., 1]], axis=-1)


def y_up_from_z_up(points: Array) -> Array:
    """Convert Z-up points ``(..., 3)`` to Y-up."""
    return points @ Y_UP_FROM_Z_UP.T


def z_up_from_y_up(points: Array) -> Array:
    """Convert Y-up points ``(..., 3)`` to Z-up."""
    return points @ Y_UP_FROM_Z_UP
