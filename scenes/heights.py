"""Spans: at which heights one could stand in each column of a mesh, and how much room is above.

Recast's first steps (Mononen 2009) in numpy: the surface is sampled into small cells, neighbours in height are taken
together, and what has a level top and enough free height above is ground. Several grounds per column: floors above
each other. Faces count from both sides, because many meshes have some the wrong way round.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import UP, ground, height
from motion.core.errors import BadInput
from scenes.mesh import Mesh, normals, samples

Array = NDArray[np.floating]
Indices = NDArray[np.int64]

#: Most columns of a scene; larger scenes get larger cells.
MAX_COLUMNS = 500_000

#: Surface within this many metres of height is one thing.
LAYER = 0.05


@dataclass(frozen=True)
class Agent:
    """Who walks: metres and degrees.

    Attributes:
        radius: how far the root keeps from everything and from edges.
        height: free height that is needed.
        climb: highest step up or down; one stair has 0.15 to 0.19.
        slope: steepest ground, in degrees.
        cell: size of the cells in which the ground is looked at; larger in scenes of many hundred square metres.
    """

    radius: float = 0.25
    height: float = 1.8
    climb: float = 0.25
    slope: float = 35.0
    cell: float = 0.05

    def __post_init__(self) -> None:
        limits = {
            "radius": (0.05, 2.0), "height": (0.3, 5.0), "climb": (0.0, 1.0), "slope": (0.0, 80.0), "cell": (0.02, 0.5),
        }  # fmt: skip
        for name, (least, most) in limits.items():
            value = getattr(self, name)
            if not least <= value <= most:
                nearest = min(max(value, least), most) if np.isfinite(value) else least
                raise BadInput(f"an agent's {name} must be {least:g} to {most:g}, got {value} (nearest: {nearest:g})")


@dataclass(frozen=True)
class Spans:
    """Places to stand, sorted by column, then height.

    Attributes:
        origin: (2,) m, ground position of the lowest corner of the first column.
        cell: m, width of a column.
        shape: columns along x and z.
        columns: (N,) column of each span: ``i * shape[1] + j``.
        heights: (N,) m.
        rooms: (N,) m of free height above; infinite under the sky.
    """

    origin: Array
    cell: float
    shape: tuple[int, int]
    columns: Indices
    heights: Array
    rooms: Array

    @property
    def places(self) -> Array:
        """(N, 2) m: middle of each span's column."""
        return self._middle(self.columns)

    def place_of(self, spans: Indices) -> Array:
        """(..., 2) m: the same of some spans (...) alone."""
        return self._middle(self.columns[spans])

    def _middle(self, columns: Indices) -> Array:
        return self.origin + (np.stack(np.divmod(columns, self.shape[1]), axis=-1) + 0.5) * self.cell


def find_spans(mesh: Mesh, agent: Agent) -> Spans:
    """All places in a Y-up mesh with level ground and room for the agent."""
    low, high = (ground(corner) for corner in mesh.bounds)
    cell = max(agent.cell, float(np.sqrt(np.prod(high - low) / MAX_COLUMNS)))
    shape = tuple(int(count) + 1 for count in np.ceil((high - low) / cell))
    bottom = float(height(mesh.bounds[0]))
    layers = int((height(mesh.bounds[1]) - bottom) / LAYER) + 2
    level = np.abs(normals(mesh.triangles) @ UP) >= np.cos(np.radians(agent.slope))
    cells, tops, lows, flat = _occupied(mesh, low, cell, shape, bottom, layers, level)
    column = cells // layers
    same = np.append(column[1:] == column[:-1], False)
    room = np.where(same, np.append(lows[1:], 0.0) - tops, np.inf)
    stands = room >= agent.height
    flat |= _lies_on_flat(same, flat, tops, agent.climb)
    keep = stands & flat
    return Spans(low, cell, (shape[0], shape[1]), column[keep], tops[keep], room[keep])


def _occupied(
    mesh: Mesh, low: Array, cell: float, shape: tuple[int, ...], bottom: float, layers: int, level: NDArray[np.bool_]
) -> tuple[Indices, Array, Array, NDArray[np.bool_]]:
    """Cells with surface in them, ascending: number, highest and lowest point, and whether something level is in it."""
    found = []
    for points, faces in samples(mesh.triangles, cell / 2):
        i, j = np.minimum(((ground(points) - low) / cell).astype(np.int64), np.array(shape) - 1).T
        layer = ((height(points) - bottom) / LAYER).astype(np.int64)
        found.append(_merged((i * shape[1] + j) * layers + layer, height(points), height(points), level[faces]))
    return _merged(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _merged(
    cells: Indices, tops: Array, lows: Array, flat: NDArray[np.bool_]
) -> tuple[Indices, Array, Array, NDArray[np.bool_]]:
    """One entry per cell."""
    order = np.lexsort((tops, cells))
    cells, tops, lows, flat = cells[order], tops[order], lows[order], flat[order]
    first = np.flatnonzero(np.append(True, cells[1:] != cells[:-1]))
    last = np.append(first[1:], len(cells)) - 1
    return cells[first], tops[last], np.minimum.reduceat(lows, first), np.logical_or.reduceat(flat, first)


def _lies_on_flat(same: NDArray[np.bool_], flat: NDArray[np.bool_], tops: Array, climb: float) -> NDArray[np.bool_]:
    """Whether each cell lies less than a step above level ground of its column: clutter that one steps over."""
    over = np.zeros_like(flat)
    ground_below = np.where(flat, tops, -np.inf)
    for _ in range(int(climb / LAYER) + 1):
        ground_below[1:] = np.where(same[:-1], np.maximum(ground_below[1:], ground_below[:-1]), ground_below[1:])
        over |= tops - ground_below <= climb
    return over
