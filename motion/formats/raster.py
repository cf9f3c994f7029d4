"""Triangles to pixels in numpy: every triangle's candidate pixels at once, the nearest wins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
Indices = NDArray[np.integer]


@dataclass(frozen=True)
class Fragments:
    """What the camera sees of a surface: one entry per covered pixel.

    Attributes:
        pixel: (P,) index into the flattened image.
        face: (P,) index of the triangle seen there.
        weight: (P, 3) barycentric coordinates.
    """

    pixel: Indices
    face: Indices
    weight: Array

    def interpolate(self, values: Array, faces: Indices) -> Array:
        """(P, C) vertex values (V, C) at the covered pixels."""
        return np.einsum("pk,pkc->pc", self.weight, values[faces[self.face]])


def rasterise(points: Array, depth: Array, faces: Indices, size: tuple[int, int], cull: bool = True) -> Fragments:
    """The visible surface of a triangle mesh on an image of (height, width) pixels.

    Args:
        points: (V, 2) pixels, x to the right and y down; pixel (i, j) has its centre at (j + 0.5, i + 0.5).
        depth: (V,) distance from the camera; triangles behind it (depth <= 0) are dropped.
        faces: (F, 3), counter-clockwise seen from outside.
        size: height and width of the image.
        cull: leave out triangles seen from behind.
    """
    rows, columns = size
    corners = points[faces]
    first, second, third = corners[:, 0], corners[:, 1], corners[:, 2]
    area = _cross(second - first, third - first)
    area = np.where(area == 0, np.nan, area)  # edge-on: covers nothing
    lowest = np.minimum(np.minimum(first, second), third)
    highest = np.maximum(np.maximum(first, second), third)
    low = np.ceil(lowest - 0.5).clip(0, [columns, rows]).astype(np.int64)
    high = np.floor(highest - 0.5).clip(-1, [columns - 1, rows - 1]).astype(np.int64)
    extent = (high - low + 1).clip(0, None)
    count = extent[:, 0] * extent[:, 1]
    seen = (area < 0) if cull else np.isfinite(area)  # y points down, so a face turned to us runs clockwise
    kept = np.flatnonzero(seen & (count > 0) & np.all(depth[faces] > 0, axis=1))
    extent, count = extent[kept], count[kept]
    face = np.repeat(kept, count)
    within = np.arange(len(face)) - np.repeat(np.cumsum(count) - count, count)
    width = np.repeat(extent[:, 0], count)
    x = low[face, 0] + within % width
    y = low[face, 1] + within // width
    here_x, here_y = x + 0.5 - first[face, 0], y + 0.5 - first[face, 1]
    to_second, to_third = (second - first) / area[:, None], (third - first) / area[:, None]
    b = here_x * to_third[face, 1] - here_y * to_third[face, 0]
    c = to_second[face, 0] * here_y - to_second[face, 1] * here_x
    inside = (b >= -1e-9) & (c >= -1e-9) & (b + c <= 1 + 1e-9)
    face, pixel, b, c = face[inside], (y * columns + x)[inside], b[inside], c[inside]
    weight = np.stack([1 - b - c, b, c], axis=-1)
    distance = np.einsum("pk,pk->p", weight, depth[faces[face]])
    far_first = np.argsort(-distance, kind="stable")
    winner = np.full(rows * columns, -1, dtype=np.int64)
    winner[pixel[far_first]] = far_first
    winner = winner[winner >= 0]
    return Fragments(pixel[winner], face[winner], weight[winner])


def _cross(a: Array, b: Array) -> Array:
    return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
