"""The floor under a walker: heights between the middles of cells, of the storey one is on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from motion.core.place import Floor
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
