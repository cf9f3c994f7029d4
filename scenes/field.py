"""A scene's distance field: exact distances, and a sign that stands open scans, flipped shells and holes.

The winding number says how often the mesh closes around a point. What counts as inside depends on where people are:
in a room whose walls face inward free space has the number -1, between solid things 0, in a box room 1. So the number
is compared with the one that is found above the walkable ground: half a turn more is inside something.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from motion.core.field import DistanceField
from scenes.mesh import Mesh
from scenes.winding import Distances, winding_numbers

Array = NDArray[np.floating]

#: Most samples of a field, and the least distance between two of them in metres.
MAX_SAMPLES, SPACING = 2_000_000, 0.05

#: Metres of free space around the scene.
MARGIN = 0.3


def inside_above(free: Array) -> float:
    """The winding number above which a point is inside something, from those (N,) of points that are free.

    Half a turn more than usual, and more than nearly all free points have; 0.5 where none is known.
    """
    if not len(free):
        return 0.5
    return float(max(np.median(free) + 0.5, min(np.percentile(free, 95) + 0.1, np.median(free) + 0.9)))


def make_field(mesh: Mesh, threshold: float, max_samples: int = MAX_SAMPLES) -> DistanceField:
    """The field of a Y-up mesh in metres; ``threshold`` is the winding number above which a point is inside."""
    low, high = mesh.bounds
    low, high = low - MARGIN, high + MARGIN
    spacing = max(SPACING, float(np.cbrt(np.prod(high - low) / max_samples)))
    return field_between(mesh, threshold, low, high, spacing)


def field_between(
    mesh: Mesh, threshold: float, low: Array, high: Array, spacing: float, nearest: Mesh | None = None
) -> DistanceField:
    """The field between two corners (3,) m; ``nearest``: the part of the mesh that matters there for distances."""
    shape = tuple(int(count) + 1 for count in np.ceil((high - low) / spacing))
    axes = [start + spacing * np.arange(count) for start, count in zip(low, shape, strict=True)]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    distance = Distances(nearest or mesh)(points)
    inside = _inside(mesh, points, distance.reshape(shape), spacing, threshold)
    values = np.where(inside, -distance, distance).reshape(shape).astype(np.float32)
    return DistanceField(values, low, spacing)


def _inside(mesh: Mesh, points: Array, distance: Array, spacing: float, threshold: float) -> NDArray[np.bool_]:
    """(N,) whether each sample is inside something.

    Far from every surface the winding number of the nearest of every second sample will do: no surface is between.
    """
    shape = distance.shape
    coarse = np.zeros(shape, dtype=bool)
    coarse[::2, ::2, ::2] = True
    near = coarse | (distance < 1.75 * spacing)
    numbers = np.zeros(shape)
    numbers[near] = winding_numbers(mesh, points.reshape(*shape, 3)[near])
    back = np.ix_(*(np.arange(count) // 2 * 2 for count in shape))
    inside: NDArray[np.bool_] = np.where(near, numbers, numbers[back]).reshape(-1) > threshold
    return inside
