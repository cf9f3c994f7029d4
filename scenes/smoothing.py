"""From a way over cells to one that people walk: pulled tight, then rounded, nowhere nearer to things than allowed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenes.walkable import Walkable

Array = NDArray[np.floating]
Indices = NDArray[np.int64]

#: Metres between the points of a smoothed way, and how often it is smoothed.
APART, ROUNDS = 0.1, 40

#: Metres by which points keep further away than the agent's radius: between them the way is straight.
_SPARE = 0.02


def smoothed(walkable: Walkable, cells: Indices, start: Array, goal: Array) -> tuple[Array, Array]:
    """Points (N, 2) m of the way along linked cells (K,) from ``start`` to ``goal`` (2,), and heights (N,) m."""
    way = walkable.spans.place_of(cells)
    way = np.concatenate([start[None], way[1:-1], goal[None]]) if len(cells) > 1 else np.stack([start, goal])
    heights = walkable.spans.heights[cells]
    heights = heights if len(cells) > 1 else np.repeat(heights, 2)
    corners = pulled(walkable, way, heights)
    line, around = _straight(way, heights, corners)
    for points, near in (_rounded(walkable, line, around), (line, around)):
        points, near = divided(points, near)
        found = cells_along(walkable, points, near)
        if found is not None:
            return points, walkable.spans.heights[found]
    return way, heights  # from cell to cell: never wrong


def pulled(walkable: Walkable, way: Array, heights: Array) -> list[int]:
    """Numbers of those points of a way (K, 2) that are left when every piece one can see along is straight."""
    corners, last = [0], len(way) - 1
    while corners[-1] < last:
        here, step = corners[-1], 1
        while here + 2 * step <= last and _sees(walkable, way, heights, here, here + 2 * step):
            step *= 2
        low, high = here + step, min(here + 2 * step, last)
        if high == last and _sees(walkable, way, heights, here, last):
            low = last
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if _sees(walkable, way, heights, here, middle) else (low, middle)
        corners.append(low)
    return corners


def _sees(walkable: Walkable, way: Array, heights: Array, a: int, b: int) -> bool:
    """Whether the straight line between two points of the way is free; heights are those along the way."""
    if b - a <= 1:
        return True
    length = float(np.linalg.norm(way[b] - way[a]))
    share = np.linspace(0.0, 1.0, max(int(length / (0.7 * walkable.spans.cell)), 1) + 1)
    line = way[a] + share[:, None] * (way[b] - way[a])
    along = np.interp(share, np.linspace(0.0, 1.0, b - a + 1), heights[a : b + 1])
    return cells_along(walkable, line, along) is not None


def cells_along(walkable: Walkable, line: Array, heights: Array) -> Indices | None:
    """The free cells (N,) under close points (N, 2) at about these heights (N,); None when one cannot walk there."""
    cells = cells_at(walkable, line, heights)
    if np.any(cells < 0) or not np.all(_beside_free(walkable, cells)):
        return None
    clear = np.linalg.norm(line - walkable.borders[cells], axis=-1)
    if np.any(clear[1:-1] < walkable.agent.radius - _SPARE):
        return None
    steps = np.abs(np.diff(walkable.spans.heights[cells]))
    return None if np.any(steps > 2 * walkable.agent.climb) else cells


def _beside_free(walkable: Walkable, cells: Indices) -> NDArray[np.bool_]:
    """(N,) whether each cell is free, or linked with a free one: it may be nearer to a wall than a point in it."""
    links = walkable.links[cells]
    return (walkable.areas[cells] >= 0) | np.any((links >= 0) & (walkable.areas[links] >= 0), axis=1)


def cells_at(walkable: Walkable, line: Array, heights: Array) -> Indices:
    """The cells (N,) under points (N, 2), each on the floor that is next to its height (N,); -1: none within 1 m."""
    cells = walkable.at(line, heights)
    off = np.abs(walkable.spans.heights[cells] - heights)
    return np.where((cells >= 0) & (off <= 1.0), cells, -1)


def _straight(way: Array, heights: Array, corners: list[int]) -> tuple[Array, Array]:
    """Points close together on the straight pieces between corners, with the heights of the way beside them."""
    marks = _distances(way[corners])
    along = np.interp(np.arange(len(way)), corners, marks)
    at = np.linspace(0.0, marks[-1], max(int(np.ceil(marks[-1] / APART)), 1) + 1)
    return np.stack([np.interp(at, marks, column) for column in way[corners].T], axis=-1), np.interp(at, along, heights)


def divided(points: Array, heights: Array) -> tuple[Array, Array]:
    """Points evenly along the same line, no further than ``APART`` from each other, with heights in between."""
    gone = _distances(points)
    at = np.linspace(0.0, gone[-1], max(int(np.ceil(gone[-1] / APART)), 1) + 1)
    return np.stack([np.interp(at, gone, column) for column in points.T], axis=-1), np.interp(at, gone, heights)


def _distances(points: Array) -> Array:
    """(N,) m along the line at which each point lies."""
    return np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=-1))])


def _rounded(walkable: Walkable, points: Array, heights: Array) -> tuple[Array, Array]:
    """An elastic band (Quinlan and Khatib 1993): each point goes between its neighbours, and away from what is near."""
    points, heights = points.copy(), heights.copy()
    wanted = walkable.agent.radius + _SPARE
    for _ in range(ROUNDS):
        middle = (points[:-2] + points[2:]) / 2
        moved = points[1:-1] + 0.7 * (middle - points[1:-1])
        cells = cells_at(walkable, moved, heights[1:-1])
        away = moved - walkable.borders[cells]
        distance = np.linalg.norm(away, axis=-1, keepdims=True)
        near = (distance < wanted) & np.isfinite(distance)
        pushed = np.where(near, moved + away * (wanted / np.maximum(distance, 1e-6) - 1.0), moved)
        stays = (cells < 0) | (distance[:, 0] < 1e-6)
        points[1:-1] = np.where(stays[:, None], points[1:-1], pushed)
        heights[1:-1] = np.where(stays, heights[1:-1], walkable.spans.heights[cells])
    return points, heights
