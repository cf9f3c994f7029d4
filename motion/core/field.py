"""DistanceField: how far things are, sampled on a grid."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from motion.core.errors import BadInput

Array = NDArray[np.floating]


@dataclass(frozen=True)
class DistanceField:
    """Signed distance to the nearest surface: positive in free space, negative inside things.

    Attributes:
        values: (X, Y, Z) m, at least two along each axis; ``values[i, j, k]`` is the distance at
            ``origin + spacing * (i, j, k)``.
        origin: (3,) m, world position of the first sample.
        spacing: m between neighbouring samples.
    """

    values: Array
    origin: Array
    spacing: float

    def __post_init__(self) -> None:
        values = np.asarray(self.values)
        values = values if np.issubdtype(values.dtype, np.floating) else values.astype(np.float64)
        origin = np.asarray(self.origin, dtype=np.float64)
        if values.ndim != 3 or min(values.shape) < 2 or origin.shape != (3,):
            raise BadInput(
                f"a distance field needs values (X, Y, Z) of at least two each and origin (3,), "
                f"got {values.shape} and {origin.shape}"
            )
        if not (np.all(np.isfinite(values)) and np.all(np.isfinite(origin))):
            raise BadInput("a distance field must not contain NaN or infinite numbers")
        if not (math.isfinite(self.spacing) and self.spacing > 0):
            raise BadInput(f"a distance field's spacing must be above 0 m, got {self.spacing}")
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "origin", origin)

    def distance(self, points: Array) -> Array:
        """Distances (...) m at points (..., 3) m, trilinear; outside the grid, that of the nearest point on it."""
        shape = np.array(self.values.shape)
        cell = np.clip((np.asarray(points) - self.origin) / self.spacing, 0.0, shape - 1)
        low = np.minimum(cell.astype(np.int64), shape - 2)
        share = np.moveaxis(cell - low, -1, 0)
        strides = np.array([shape[1] * shape[2], shape[2], 1])
        corner, values = low @ strides, self.values.reshape(-1)
        sides = []
        for step in (0, strides[0]):
            edges = [values[corner + step + up] for up in (0, 1, strides[1], strides[1] + 1)]
            near, far = (edges[k] + share[2] * (edges[k + 1] - edges[k]) for k in (0, 2))
            sides.append(near + share[1] * (far - near))
        found: Array = sides[0] + share[0] * (sides[1] - sides[0])
        return found

    def gradient(self, points: Array) -> Array:
        """The direction (..., 3) in which the distance grows, m per m, at points (..., 3) m: that of ``distance``.

        Exact for the trilinear distance, so it jumps between cells; zero along an axis on which a point is outside.
        """
        last = np.array(self.values.shape) - 1
        cell = (np.asarray(points) - self.origin) / self.spacing
        inside = (cell >= 0) & (cell <= last)
        cell = np.clip(cell, 0.0, last)
        low = np.minimum(cell.astype(np.int64), last - 1)
        share = cell - low
        total = np.zeros(cell.shape)
        for corner in product((0, 1), repeat=3):
            value = self.values[tuple(np.moveaxis(low + corner, -1, 0))]
            weights = np.where(corner, share, 1.0 - share)
            for axis in range(3):
                others = np.prod(np.delete(weights, axis, axis=-1), axis=-1)
                total[..., axis] += (1.0 if corner[axis] else -1.0) * others * value
        return np.where(inside, total / self.spacing, 0.0)
