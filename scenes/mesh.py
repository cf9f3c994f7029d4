"""Mesh: vertices, triangles and the named parts they belong to, and what is done to make any mesh usable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from motion.core.errors import BadInput

Array = NDArray[np.floating]
Indices = NDArray[np.int64]

#: Triangles with less than this share of the square of the scene's size have no area.
NO_AREA = 1e-14


@dataclass(frozen=True)
class Part:
    """A named piece of a mesh: its faces are ``faces[start:stop]``."""

    name: str
    start: int
    stop: int


@dataclass(frozen=True)
class Mesh:
    """Triangles in space; open, with holes, with flipped or doubled faces: all allowed.

    Attributes:
        vertices: (V, 3).
        faces: (F, 3) rows of ``vertices``.
        parts: the named pieces, in the order of the faces, together all of them.
    """

    vertices: Array
    faces: Indices
    parts: tuple[Part, ...]

    @property
    def triangles(self) -> Array:
        """(F, 3, 3): corners of each face."""
        return self.vertices[self.faces]

    @property
    def bounds(self) -> tuple[Array, Array]:
        """Lowest and highest corner (3,) of the box around the vertices that faces use."""
        used = self.vertices[np.unique(self.faces)]
        return used.min(axis=0), used.max(axis=0)

    def part_of(self, faces: Indices) -> Indices:
        """Which part (N,) each of the faces (N,) belongs to."""
        return np.searchsorted([part.stop for part in self.parts], faces, side="right")

    def moved(self, matrix: Array, scale: float, shift: Array) -> Mesh:
        """Every vertex v becomes ``scale * matrix @ v + shift``; a mirror keeps the faces' outside outside."""
        faces = self.faces if np.linalg.det(matrix) > 0 else self.faces[:, ::-1]
        return replace(self, vertices=scale * self.vertices @ matrix.T + shift, faces=np.ascontiguousarray(faces))

    def joined(self, other: Mesh) -> Mesh:
        """Both meshes as one, the parts of ``other`` last."""
        count = len(self.faces)
        parts = tuple(Part(part.name, part.start + count, part.stop + count) for part in other.parts)
        return Mesh(
            np.concatenate([self.vertices, other.vertices]),
            np.concatenate([self.faces, other.faces + len(self.vertices)]),
            self.parts + parts,
        )


def mesh_of(pieces: list[tuple[str, Array, Indices]]) -> Mesh:
    """One mesh from (name, vertices, faces) pieces; equal names get a number."""
    first, parts, seen = 0, [], dict[str, int]()
    offsets = np.cumsum([0, *(len(vertices) for _, vertices, _ in pieces)])
    for name, _, faces in pieces:
        seen[name] = seen.get(name, 0) + 1
        parts.append(Part(name if seen[name] == 1 else f"{name} {seen[name]}", first, first + len(faces)))
        first += len(faces)
    moved = [some + offset for (_, _, some), offset in zip(pieces, offsets, strict=False)]
    return Mesh(
        np.concatenate([np.asarray(vertices, dtype=np.float64).reshape(-1, 3) for _, vertices, _ in pieces]),
        np.concatenate([np.asarray(some, dtype=np.int64).reshape(-1, 3) for some in moved]),
        tuple(parts),
    )


def cleaned(mesh: Mesh) -> tuple[Mesh, int]:
    """The mesh without faces that have no area, equal corners welded; and how many faces were left out.

    Raises:
        BadInput: no face is left, or a vertex in use is not a finite number.
    """
    if not len(mesh.faces):
        raise BadInput("no faces in it; a scene needs triangles, a point cloud is not enough")
    if mesh.faces.min() < 0 or mesh.faces.max() >= len(mesh.vertices):
        raise BadInput("a face names a vertex that is not there")
    used = np.unique(mesh.faces)
    if not np.all(np.isfinite(mesh.vertices[used])) or np.abs(mesh.vertices[used]).max() > 1e9:
        raise BadInput("vertices with NaN, infinite or absurdly large coordinates")
    vertices, welded = np.unique(mesh.vertices[used] + 0.0, axis=0, return_inverse=True)
    places = np.zeros(len(mesh.vertices), dtype=np.int64)
    places[used] = welded.reshape(-1)
    faces = places[mesh.faces]
    size = float(np.ptp(vertices, axis=0).max())
    keep = areas(vertices[faces]) > NO_AREA * size**2
    if not keep.any():
        raise BadInput("all faces are without area; a scene needs triangles with an extent")
    kept = np.concatenate([[0], np.cumsum(keep)])
    parts = (Part(part.name, int(kept[part.start]), int(kept[part.stop])) for part in mesh.parts)
    return Mesh(vertices, faces[keep], tuple(part for part in parts if part.stop > part.start)), int((~keep).sum())


def crossed(triangles: Array) -> Array:
    """(F, 3): the cross product of two sides of each triangle (F, 3, 3): twice the area long, outward."""
    return np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])


def areas(triangles: Array) -> Array:
    """(F,) area of each triangle (F, 3, 3)."""
    return np.linalg.norm(crossed(triangles), axis=-1) / 2


def normals(triangles: Array) -> Array:
    """(F, 3) unit normals of triangles (F, 3, 3), outward where the corners run anticlockwise."""
    cross = crossed(triangles)
    return cross / np.maximum(np.linalg.norm(cross, axis=-1, keepdims=True), 1e-300)


def samples(triangles: Array, apart: float, at_once: int = 2_000_000) -> Iterator[tuple[Array, Indices]]:
    """Points (N, 3) that cover triangles (F, 3, 3) no further than ``apart`` from each other, and their faces (N,).

    Rows parallel to the longest side, ends and corners included; in portions of about ``at_once`` points.
    """
    sides = np.linalg.norm(np.roll(triangles, -1, axis=1) - triangles, axis=-1)
    turn = (np.argmax(sides, axis=1)[:, None] + np.arange(3)) % 3
    triangles = np.take_along_axis(triangles, turn[:, :, None], axis=1)
    base = sides.max(axis=1)
    rows = np.ceil(2 * areas(triangles) / base / apart).astype(np.int64) + 1
    columns = np.ceil(base / apart).astype(np.int64) + 1
    ends = np.cumsum(rows * columns)
    portions = np.flatnonzero(np.diff(ends // at_once, prepend=0))
    for some in np.split(np.arange(len(triangles)), portions):
        if len(some):
            yield _lattice(triangles, some, rows[some], columns[some])


def _lattice(triangles: Array, some: Indices, rows: Indices, columns: Indices) -> tuple[Array, Indices]:
    """Rows times columns points on each of some triangles whose first side is the base."""
    count = rows * columns
    which = np.repeat(np.arange(len(some)), count)
    number = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    up = (number // columns[which]) / np.maximum(rows[which] - 1, 1)
    along = (number % columns[which]) / np.maximum(columns[which] - 1, 1)
    a, b, c = np.moveaxis(triangles[some], 1, 0)
    left = a[which] + up[:, None] * (c - a)[which]
    right = b[which] + up[:, None] * (c - b)[which]
    return left + along[:, None] * (right - left), some[which]
