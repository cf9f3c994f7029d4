"""The floor under a walker: heights between the middles of cells, of the storey one is on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from motion.core.axes import ground, height
from motion.core.place import STOREY, Floor
from scenes.walkable import Walkable

Array = NDArray[np.floating]
Indices = NDArray[np.int64]

#: Neighbouring cells that differ by less, in metres, are one slope; by more, a step.
STEP = 0.06


def floor_of(walkable: Walkable, start: Array | None = None) -> Floor:
    """The heights of the ground that hangs together with that at ``start`` (3,) m; None: with any walkable area.

    What one cannot step up to is no floor, however near: seats and tables are not.
    """
    levels = np.append(_levels(walkable), np.nan)  # the cell -1 is none
    levels[:-1][~_together(walkable, start)] = np.nan
    cell = walkable.spans.cell
    corners = cell * (np.array([[0, 0], [0, 1], [1, 0], [1, 1]]) - 0.5)

    def floor(places: Array, near: Array) -> Array:
        cells = walkable.at(places[..., None, :] + corners, np.asarray(near)[..., None])
        heights = levels[cells]
        share = ((places - walkable.spans.origin) / cell - 0.5) % 1.0
        one, other = share[..., 0], share[..., 1]
        weights = np.stack([(1 - one) * (1 - other), (1 - one) * other, one * (1 - other), one * other], axis=-1)
        smooth = np.ptp(heights, axis=-1) <= STEP  # not where one is NaN
        within = levels[walkable.at(places, near)]
        return np.where(smooth, (weights * heights).sum(axis=-1), within)

    return floor


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
    same: NDArray[np.bool_] = label == label[walkable.nearest_free(start)]
    return same


def _levels(walkable: Walkable) -> Array:
    """(N,) m of the ground in the middle of each cell; a span's own height is that of its highest surface."""
    heights = walkable.spans.heights
    level = heights.copy()
    for forward, back in ((0, 2), (1, 3)):
        rises = []
        for direction in (forward, back):
            other = walkable.links[:, direction]
            rise = np.where(other >= 0, np.abs(heights[other] - heights), np.inf)
            rises.append(np.where(rise <= STEP, rise, np.inf))
        least = np.minimum(*rises)
        level -= 0.5 * np.where(np.isfinite(least), least, 0.0)
    return level
