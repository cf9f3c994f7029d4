"""Walkable: the ground a person can be on, as cells on any number of floors, and how they hang together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from motion.core.axes import from_ground, ground, height
from scenes.heights import Agent, Spans

Array = NDArray[np.floating]
Indices = NDArray[np.int64]

#: Clearance is measured up to this many metres.
MAX_CLEARANCE = 1.0

#: The eight neighbours of a cell: steps along x and z.
STEPS = ((1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, 1), (-1, -1), (1, -1))

#: Islands above the floor with less area than this, in square metres, are tops of furniture.
_FURNITURE = 6.0

#: An area that nothing leads up to is a roof when this share of it lies over places to stand.
_ROOF = 0.3

#: Smallest area that counts, in square metres.
_LEAST_AREA = 0.25


@dataclass(frozen=True)
class Walkable:
    """Cells of ground.

    Attributes:
        agent: who walks here.
        spans: where the cells are.
        links: (N, 8) the neighbour in each of ``STEPS``, -1 where a wall, a drop or too high a step is.
        borders: (N, 2) m, the nearest point of a wall or an edge; infinite when that is further than ``MAX_CLEARANCE``.
        areas: (N,) number of the connected area, largest first, for an agent of this radius; -1: none.
    """

    agent: Agent
    spans: Spans
    links: Indices
    borders: Array
    areas: Indices

    @cached_property
    def clearance(self) -> Array:
        """(N,) m to the nearest wall or edge, at most ``MAX_CLEARANCE``."""
        return self.clearance_of(np.arange(len(self.borders)))

    def clearance_of(self, cells: Indices) -> Array:
        """The same (...) of some cells (...) alone."""
        away = np.linalg.norm(self.spans.place_of(cells) - self.borders[cells], axis=-1)
        return np.minimum(away, MAX_CLEARANCE)

    @cached_property
    def points(self) -> Array:
        """(N, 3) m."""
        return from_ground(self.spans.places, self.spans.heights)

    def nearest_free(self, point: Array) -> int:
        """The cell with room for the agent that is nearest to a point (3,); some must be there."""
        apart = np.linalg.norm(self.spans.place_of(self.free) - ground(point), axis=-1)
        return int(self.free[np.argmin(np.hypot(apart, self.spans.heights[self.free] - height(point)))])

    @cached_property
    def sizes(self) -> Array:
        """(A,) m² of each connected area."""
        return np.bincount(self.areas[self.areas >= 0]) * self.spans.cell**2

    @cached_property
    def free(self) -> Indices:
        """(M,) the cells on which the agent fits and that belong to an area."""
        return np.flatnonzero(self.areas >= 0)

    @cached_property
    def tree(self) -> cKDTree:
        """For the nearest free cells of many points; its rows are those of ``free``."""
        return cKDTree(self.points[self.free])

    def under(self, place: Array) -> Indices:
        """The cells (K,) above each other at one ground position (2,)."""
        spans = self.spans
        i, j = np.floor((place - spans.origin) / spans.cell).astype(np.int64)
        if not (0 <= i < spans.shape[0] and 0 <= j < spans.shape[1]):
            return np.zeros(0, dtype=np.int64)
        column = i * spans.shape[1] + j
        return np.arange(*np.searchsorted(spans.columns, [column, column + 1]))

    def at(self, places: Array, height: Array | float | None = None) -> Indices:
        """The cell (...) under ground positions (..., 2): nearest in height, else the lowest; -1: none."""
        spans = self.spans
        i, j = np.moveaxis(np.floor((places - spans.origin) / spans.cell).astype(np.int64), -1, 0)
        inside = (i >= 0) & (j >= 0) & (i < spans.shape[0]) & (j < spans.shape[1])
        column = np.where(inside, i * spans.shape[1] + j, -1)
        first = np.searchsorted(spans.columns, column)
        best, distance = np.full(column.shape, -1), np.full(column.shape, np.inf)
        if not len(spans.columns):
            return best
        for offset in range(self._most):
            cell = np.minimum(first + offset, len(spans.columns) - 1)
            off = spans.heights[cell] if height is None else np.abs(spans.heights[cell] - height)
            better = inside & (spans.columns[cell] == column) & (first + offset < len(spans.columns)) & (off < distance)
            best, distance = np.where(better, cell, best), np.where(better, off, distance)
        return best

    @cached_property
    def _most(self) -> int:
        """Most floors above each other."""
        return _most_in_a_column(self.spans.columns)


def make_walkable(spans: Spans, agent: Agent, floor: float = 0.0) -> Walkable:
    """How spans hang together for an agent; ``floor`` is the height of the main floor in metres."""
    links = _links(spans, agent)
    borders = _borders(spans, links)
    wide = np.linalg.norm(spans.places - borders, axis=-1) >= agent.radius
    areas = _areas(spans, links, wide)
    sizes = np.bincount(areas[areas >= 0]) * spans.cell**2
    if not len(sizes):
        return Walkable(agent, spans, links, borders, areas)
    mean = _means(areas, spans.heights, len(sizes))
    roof = (mean > floor + agent.height) & (_means(areas, _lies_over(spans), len(sizes)) > _ROOF)
    most = sizes[~roof].max(initial=0.0)
    real = (sizes >= _LEAST_AREA) & ((sizes >= min(_FURNITURE, most / 2)) | (mean <= floor + agent.climb)) & ~roof
    number = np.where(real, np.cumsum(real) - 1, -1)
    return Walkable(agent, spans, links, borders, np.where(areas >= 0, number[areas], -1))


def _means(areas: Indices, values: Array, count: int) -> Array:
    """(A,) mean of values (N,) over the cells of each area."""
    there = areas >= 0
    return np.bincount(areas[there], values[there], minlength=count) / np.bincount(areas[there], minlength=count)


def _lies_over(spans: Spans) -> Array:
    """(N,) 1 for a cell under the sky with another place to stand below it, else 0."""
    below = np.append(False, spans.columns[1:] == spans.columns[:-1])
    return (below & np.isinf(spans.rooms)).astype(np.float64)


def _most_in_a_column(columns: Indices) -> int:
    """How often the most frequent of ascending numbers (N,) is there."""
    edges = np.flatnonzero(np.diff(columns, prepend=-1, append=-1))
    return int(np.diff(edges).max(initial=0))


def _links(spans: Spans, agent: Agent) -> Indices:
    """(N, 8) neighbours that are within a step's height and leave room for the agent."""
    count = len(spans.columns)
    straight = np.full((count, 4), -1, dtype=np.int64)
    i, j = np.divmod(spans.columns, spans.shape[1])
    most = _most_in_a_column(spans.columns)
    ceilings = spans.heights + spans.rooms
    for direction, (x, z) in enumerate(STEPS[:4]):
        inside = (i + x >= 0) & (i + x < spans.shape[0]) & (j + z >= 0) & (j + z < spans.shape[1])
        column = np.where(inside, (i + x) * spans.shape[1] + j + z, -1)
        first = np.searchsorted(spans.columns, column)
        nearest = np.full(count, np.inf)
        for offset in range(most):
            other = np.minimum(first + offset, count - 1)
            apart = np.abs(spans.heights[other] - spans.heights)
            room = np.minimum(ceilings, ceilings[other]) - np.maximum(spans.heights, spans.heights[other])
            fits = (spans.columns[other] == column) & (first + offset < count)
            fits &= (apart <= agent.climb) & (room >= agent.height) & (apart < nearest)
            straight[fits, direction] = other[fits]
            nearest[fits] = apart[fits]
    return np.concatenate([straight, _diagonal(straight)], axis=1)


def _diagonal(straight: Indices) -> Indices:
    """(N, 4) neighbours across the corners: there where both ways around the corner lead to one cell."""
    corners = []
    for first, second in ((0, 1), (2, 1), (2, 3), (0, 3)):
        one, other = _follow(straight, straight[:, first], second), _follow(straight, straight[:, second], first)
        corners.append(np.where(one == other, one, -1))
    return np.stack(corners, axis=1)


def _follow(links: Indices, cells: Indices, direction: int) -> Indices:
    """The neighbours (N,) of cells (N,), -1 where there is none."""
    return np.where(cells >= 0, links[cells, direction], -1)


def _borders(spans: Spans, links: Indices) -> Array:
    """(N, 2) m the nearest point of the border, over the ground: neighbours tell each other."""
    places = spans.places
    border = np.full((len(places), 2), np.inf)
    distance = np.full(len(places), np.inf)
    for direction, step in enumerate(STEPS):
        ends = links[:, direction] < 0
        reach = 0.5 * spans.cell * np.array(step)
        nearer = ends & (np.linalg.norm(reach) < distance)
        border[nearer], distance[nearer] = places[nearer] + reach, np.linalg.norm(reach)
    for _ in range(int(MAX_CLEARANCE / spans.cell) + 1):
        changed = False
        for direction in range(len(STEPS)):
            there = np.flatnonzero(links[:, direction] >= 0)
            told = border[links[there, direction]]
            known = np.isfinite(told[:, 0])
            there, told = there[known], told[known]
            through = np.linalg.norm(places[there] - told, axis=-1)
            nearer = through < distance[there] - 1e-9
            border[there[nearer]], distance[there[nearer]] = told[nearer], through[nearer]
            changed |= bool(nearer.any())
        if not changed:
            break
    return border


def _areas(spans: Spans, links: Indices, wide: NDArray[np.bool_]) -> Indices:
    """(N,) number of the connected area of wide cells, largest first; -1 elsewhere."""
    start, direction = np.nonzero((links >= 0) & wide[:, None])
    end = links[start, direction]
    start, end = start[wide[end]], end[wide[end]]
    graph = sparse.coo_matrix((np.ones(len(start), dtype=bool), (start, end)), shape=(len(wide), len(wide)))
    _, label = connected_components(graph, directed=False)
    label = np.where(wide, label, -1)
    numbers, counts = np.unique(label[wide], return_counts=True)
    rank = np.full(len(wide) + 1, -1)
    rank[numbers[np.argsort(-counts, kind="stable")]] = np.arange(len(numbers))
    return np.where(wide, rank[label], -1)
