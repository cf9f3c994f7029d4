"""Tops: level surfaces between the floor and the waist with free room above, and the pieces they form."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.spatial import ConvexHull, QhullError

from motion.core.axes import from_ground, height
from scenes.heights import Agent, find_spans
from scenes.mesh import Mesh
from scenes.walkable import Walkable

Array = NDArray[np.floating]
Indices = NDArray[np.int64]

#: Heights in metres above the floor beside it at which a top may be sat or lain on.
LOWEST, HIGHEST = 0.2, 1.1

#: Free height above a top, in metres: somebody sits there bent forward at least.
ROOM = 0.65

#: Neighbouring cells of one top differ in height by at most this, in metres.
STEP = 0.06

#: The floor beside a top is at most so far away over the ground, in metres.
_BESIDE = 1.5

#: A cushion is not level: steepest, in degrees.
_SLOPE = 40.0


@dataclass(frozen=True)
class Tops:
    """Cells of level surface on a grid; one per column, the highest.

    Attributes:
        origin: (2,) m, ground position of the lowest corner of the grid.
        cell: m.
        levels: (X, Z) m, world height of the surface; NaN: none.
        floors: (X, Z) m, world height of the floor beside it.
        labels: (X, Z) number of the connected piece, -1: none.
    """

    origin: Array
    cell: float
    levels: Array
    floors: Array
    labels: Indices

    def at(self, places: Array) -> Indices:
        """Rows (..., 2) of the grid under ground positions (..., 2), clipped to its border, which is empty."""
        rows = np.floor((places - self.origin) / self.cell).astype(np.int64)
        return np.clip(rows, 0, np.array(self.levels.shape) - 1)

    def levels_at(self, places: Array) -> Array:
        """(...) m at ground positions (..., 2); NaN: none."""
        rows = self.at(places)
        found: Array = self.levels[rows[..., 0], rows[..., 1]]
        return found

    def cells_of(self, label: int) -> tuple[Indices, Array]:
        """Rows (N, 2) of a piece, and the ground positions (N, 2) of their middles."""
        rows = np.argwhere(self.labels == label)
        return rows, self.origin + (rows + 0.5) * self.cell


def find_tops(mesh: Mesh, walkable: Walkable) -> Tops:
    """All tops of a Y-up mesh in metres that lie beside ground on which one can walk."""
    agent = Agent(height=ROOM, climb=0.1, slope=_SLOPE, cell=walkable.agent.cell)
    spans = find_spans(mesh, agent)
    shape = (spans.shape[0] + 2, spans.shape[1] + 2)  # a border of nothing
    levels, floors = np.full(shape, np.nan), np.full(shape, np.nan)
    if len(walkable.free) and len(spans.columns):
        points = from_ground(spans.places, spans.heights - 0.45)
        distance, row = walkable.tree.query(points, distance_upper_bound=_BESIDE)
        beside = np.isfinite(distance)
        floor = np.full(len(points), np.nan)
        floor[beside] = height(walkable.points[walkable.free[row[beside]]])
        above = spans.heights - floor
        fits = (above >= LOWEST) & (above <= HIGHEST)
        i, j = np.divmod(spans.columns[fits], spans.shape[1])
        levels[i + 1, j + 1], floors[i + 1, j + 1] = spans.heights[fits], floor[fits]
    return Tops(spans.origin - spans.cell, spans.cell, levels, floors, _pieces(levels))


def _pieces(levels: Array) -> Indices:
    """(X, Z) number of the connected piece of each cell, largest first; -1 where there is nothing."""
    there = np.isfinite(levels)
    number = np.full(levels.shape, -1)
    number[there] = np.arange(there.sum())
    links = []
    for one, other in (
        (np.s_[1:, :], np.s_[:-1, :]), (np.s_[:, 1:], np.s_[:, :-1]),
    ):  # fmt: skip
        close = np.abs(levels[one] - levels[other]) <= STEP
        links.append(np.stack([number[one][close], number[other][close]]))
    start, end = np.concatenate(links, axis=1)
    count = int(there.sum())
    graph = sparse.coo_matrix((np.ones(len(start), dtype=bool), (start, end)), shape=(count, count))
    labels = np.full(levels.shape, -1)
    if count:
        _, label = connected_components(graph, directed=False)
        rank = np.argsort(np.argsort(-np.bincount(label), kind="stable"))
        labels[there] = rank[label]
    return labels


def rectangle(places: Array) -> tuple[float, Array, Array]:
    """The smallest rectangle around ground positions (N, 2), N at least 3 that are not in line.

    Returns:
        Yaw in radians (the direction of its second side, 0 along +Z), its middle (2,) m, and its two sides (2,) m:
        across that direction and along it.
    """
    try:
        hull = places[ConvexHull(places).vertices]
    except QhullError:
        hull = places
    edges = np.roll(hull, -1, axis=0) - hull
    best: tuple[float, float, Array, Array] | None = None
    for yaw in np.unique(np.round(np.arctan2(edges[:, 0], edges[:, 1]) % (np.pi / 2), 3)):
        across, along = sides_of(yaw)
        turned = hull @ np.stack([across, along], axis=-1)
        low, high = turned.min(axis=0), turned.max(axis=0)
        size = high - low
        if best is None or np.prod(size) < best[0]:
            middle = (low + high) / 2
            best = float(np.prod(size)), float(yaw), middle[0] * across + middle[1] * along, size
    assert best is not None
    return best[1:]


def sides_of(yaw: Array | float) -> tuple[Array, Array]:
    """Ground directions (..., 2) to the left of somebody who faces ``yaw`` (...), and straight ahead."""
    sine, cosine = np.sin(yaw), np.cos(yaw)
    return np.stack([cosine, -sine], axis=-1), np.stack([sine, cosine], axis=-1)
