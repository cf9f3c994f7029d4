"""Surface: the triangles of a mesh above and below each other, found quickly by where they are over the ground."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import ground, height
from scenes.mesh import Mesh

Array = NDArray[np.floating]
Indices = NDArray[np.int64]

#: Width in metres of the squares in which triangles are listed; entries of these lists at most, else squares are wider.
SQUARE, MAX_ENTRIES = 0.2, 4_000_000

#: Square metres over the ground below which a triangle is upright: nobody stands on it.
_UPRIGHT = 1e-9


class Surface:
    """The triangles of a mesh by squares of the ground, within ``low`` to ``high`` (2,) m."""

    def __init__(self, mesh: Mesh, low: Array, high: Array) -> None:
        triangles = mesh.triangles
        over = ground(triangles)
        side, other = over[:, 1] - over[:, 0], over[:, 2] - over[:, 0]
        double = side[:, 0] * other[:, 1] - side[:, 1] * other[:, 0]
        keep = (np.abs(double) > _UPRIGHT) & np.all((over.max(axis=1) >= low) & (over.min(axis=1) <= high), axis=-1)
        self._corner, self._side, self._other = over[keep, 0], side[keep], other[keep]
        self._double = double[keep]
        heights = height(triangles[keep])
        self._height, self._rises = heights[:, 0], heights[:, 1:] - heights[:, :1]
        self._low, self._square = low, SQUARE
        self._list(np.maximum(over[keep].min(axis=1), low), np.minimum(over[keep].max(axis=1), high), high)

    def _list(self, first: Array, last: Array, high: Array) -> None:
        """Which triangles, from ``first`` to ``last`` (N, 2) m, are over each square."""
        while True:
            begin = ((first - self._low) / self._square).astype(np.int64)
            size = ((last - self._low) / self._square).astype(np.int64) - begin + 1
            counts = np.prod(size, axis=-1)
            if counts.sum() <= MAX_ENTRIES:
                break
            self._square *= 2
        self._shape = ((high - self._low) / self._square).astype(np.int64) + 1
        which = np.repeat(np.arange(len(counts)), counts)
        number = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
        i, j = (begin[which] + np.stack(np.divmod(number, size[which, 1]), axis=-1)).T
        squares = i * self._shape[1] + j
        order = np.argsort(squares, kind="stable")
        self._triangles = which[order]
        self._starts = np.searchsorted(squares[order], np.arange(np.prod(self._shape) + 1))

    def highest(self, places: Array, above: Array, below: Array) -> Array:
        """(N,) m of the highest surface at ground positions (N, 2) m from ``above`` to ``below`` (N,) m; NaN: none."""
        i, j = ((places - self._low) / self._square).astype(np.int64).T
        inside = np.all(places >= self._low, axis=-1) & (i < self._shape[0]) & (j < self._shape[1])
        square = np.where(inside, i * self._shape[1] + j, 0)
        counts = np.where(inside, self._starts[square + 1] - self._starts[square], 0)
        which = np.repeat(np.arange(len(places)), counts)
        number = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
        triangle = self._triangles[self._starts[square[which]] + number]
        away = places[which] - self._corner[triangle]
        one = _cross(away, self._other[triangle]) / self._double[triangle]
        two = _cross(self._side[triangle], away) / self._double[triangle]
        level = self._height[triangle] + one * self._rises[triangle, 0] + two * self._rises[triangle, 1]
        hit = (
            (one >= -1e-6)
            & (two >= -1e-6)
            & (one + two <= 1 + 1e-6)
            & (level >= above[which])
            & (level <= below[which])
        )
        highest = np.full(len(places), -np.inf)
        np.maximum.at(highest, which[hit], level[hit])
        return np.where(np.isfinite(highest), highest, np.nan)


def _cross(one: Array, other: Array) -> Array:
    product: Array = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    return product
