"""The floor under a walker, of the storey one is on, and whether somebody may be there."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.ndimage import distance_transform_edt
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from motion.core.axes import from_ground, ground, height
from motion.core.field import DistanceField
from motion.core.place import STOREY, Floor
from scenes.scene import Scene
from scenes.surface import Surface
from scenes.walkable import Walkable

Array = NDArray[np.floating]
Indices = NDArray[np.int64]

#: A cell is as high as the highest found of its surface: the ground in it may be this far below, in metres, and above.
DEEPER, ROUGH = 0.3, 0.03

#: Squares of ground at most of which the distance to its border is kept.
MAX_SQUARES = 400_000

#: Metres around a way within which its floor is known.
AROUND = 2.0


def floor_of(scene: Scene, way: Array | None = None) -> Floor:
    """The height of the ground that hangs together with where a way begins.

    What one cannot step up to is no floor, however near: seats and tables are not.

    Args:
        scene: where.
        way: (N, 3) m; the floor is known within ``AROUND`` of it. None: of all walkable areas.
    """
    walkable = scene.walkable
    together = _together(walkable, None if way is None else way[0])
    levels = np.append(np.where(together, walkable.spans.heights, np.nan), np.nan)  # the cell -1 is none
    low, high = (ground(corner) for corner in scene.mesh.bounds)
    if way is not None:
        low, high = (
            np.maximum(low, ground(way).min(axis=0) - AROUND),
            np.minimum(high, ground(way).max(axis=0) + AROUND),
        )
    surface = Surface(scene.mesh, low, high)

    def floor(places: Array, near: Array) -> Array:
        cells = levels[walkable.at(places, near)]
        flat, level = places.reshape(-1, 2), cells.reshape(-1)
        exact = surface.highest(flat, level - DEEPER, level + ROUGH)  # where the cell is none, nothing is found
        return np.where(np.isnan(exact), level, exact).reshape(cells.shape)

    return floor


def room_of(scene: Scene, way: Array) -> DistanceField:
    """How far it is, over the ground, to the border of the ground on which somebody can stand; negative beyond it.

    Within ``AROUND`` of a way (N, 3) m, on the storey of its nearest point; alike at all heights.
    """
    walkable = scene.walkable
    cell = walkable.spans.cell
    low, high = ground(way).min(axis=0) - AROUND, ground(way).max(axis=0) + AROUND
    cell = max(cell, float(np.sqrt(np.prod(high - low) / MAX_SQUARES)))
    shape = np.maximum(np.ceil((high - low) / cell).astype(np.int64), 2)
    places = low + cell * (np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij"), axis=-1) + 0.5)
    _, nearest = cKDTree(ground(way)).query(places)
    near = height(way)[nearest]
    cells = walkable.at(places, near)
    stands = (
        (cells >= 0) & _together(walkable, way[0])[cells] & (np.abs(walkable.spans.heights[cells] - near) <= STOREY)
    )
    signed = (distance_transform_edt(stands) - distance_transform_edt(~stands)) * cell
    signed -= 0.5 * cell * np.sign(signed)  # from the middles of cells to the line between them
    bottom = float(height(way).min()) - STOREY
    values = np.repeat(signed[:, None], 2, axis=1)
    return DistanceField(values, from_ground(places[0, 0], bottom), cell)


def inside_of(walkable: Walkable, radius: float = 0.05) -> Callable[[Array], NDArray[np.bool_]]:
    """Whether points (T, N, 3) m of one body are over ground on which somebody of this radius may be: (T, N) bool.

    The storey is that next to the lowest point of each frame.
    """
    there = _together(walkable, None)

    def inside(points: Array) -> NDArray[np.bool_]:
        lowest = height(points).min(axis=-1, keepdims=True)
        places = ground(points)
        cells = walkable.at(places, np.broadcast_to(lowest, places.shape[:-1]))
        away = np.linalg.norm(places - walkable.borders[cells], axis=-1)
        found: NDArray[np.bool_] = (cells >= 0) & there[cells] & (away >= radius)
        return found & (np.abs(walkable.spans.heights[cells] - lowest) <= STOREY)

    return inside


def _together(walkable: Walkable, start: Array | None) -> NDArray[np.bool_]:
    """(N,) whether each cell hangs together with the walkable ground, or with that at ``start``."""
    count = len(walkable.areas)
    one, direction = np.nonzero(walkable.links >= 0)
    graph = sparse.coo_matrix(
        (np.ones(len(one), dtype=bool), (one, walkable.links[one, direction])), shape=(count, count)
    )
    _, label = connected_components(graph, directed=False)
    if start is None:
        return np.isin(label, label[walkable.areas >= 0])
    _, row = walkable.tree.query(start)
    same: NDArray[np.bool_] = label == label[walkable.free[row]]
    return same
