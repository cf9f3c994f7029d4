"""Fewer vertices: half-edge collapses by quadric error (Garland and Heckbert, 1997), left and right alike.

Every collapse drops one vertex and keeps its neighbour where it is, so the vertices that remain are a subset of the
first ones and anything stored per vertex (weights, shapes) carries over by indexing.
"""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]

#: Price of collapsing a long edge, relative to the quadric error, and of one whose ends follow different joints.
LENGTH_PRICE = 2e-3
WEIGHT_PRICE = 0.05
#: Smallest allowed cosine between a triangle's normal before and after a collapse, and the slimmest triangle.
MIN_COSINE = 0.3
MIN_SHAPE = 0.12


class Decimator:
    """A closed triangle mesh under collapse; ``mirror`` names each vertex's twin on the other side."""

    def __init__(
        self, vertices: Array, faces: NDArray[np.integer], weights: Array, mirror: NDArray[np.integer]
    ) -> None:
        self.vertices, self.weights, self.mirror = vertices, weights, mirror.tolist()
        self.faces: dict[int, tuple[int, int, int]] = {i: (int(a), int(b), int(c)) for i, (a, b, c) in enumerate(faces)}
        self.around: list[set[int]] = [set() for _ in vertices]
        for index, face in self.faces.items():
            for vertex in face:
                self.around[vertex].add(index)
        self.quadrics = _vertex_quadrics(vertices, faces)
        self.alive = len(vertices)
        self.queue: list[tuple[float, int, int]] = []
        for vertex in range(len(vertices)):
            self._price(vertex)

    def neighbours(self, vertex: int) -> set[int]:
        ring = {v for face in self.around[vertex] for v in self.faces[face]}
        ring.discard(vertex)
        return ring

    def _price(self, vertex: int) -> None:
        """Queue the collapses of ``vertex`` into each neighbour."""
        ring = list(self.neighbours(vertex))
        if not ring:
            return
        ends = np.column_stack([self.vertices[ring], np.ones(len(ring))])
        quadric = self.quadrics[vertex]
        error = np.einsum("ni,ij,nj->n", ends, quadric, ends)
        length = np.sum((self.vertices[ring] - self.vertices[vertex]) ** 2, axis=1)
        change = np.sum((self.weights[ring] - self.weights[vertex]) ** 2, axis=1)
        area = np.trace(quadric[:3, :3])
        cost = np.maximum(error, 0) + area * length * (LENGTH_PRICE + WEIGHT_PRICE * change)
        for neighbour, price in zip(ring, cost, strict=True):
            heapq.heappush(self.queue, (float(price), vertex, neighbour))

    def run(self, target: int) -> tuple[NDArray[np.integer], NDArray[np.integer]]:
        """Collapse until ``target`` vertices are left; returns the kept vertices and the faces over them."""
        while self.alive > target and self.queue:
            _, gone, kept = heapq.heappop(self.queue)
            pair = (self.mirror[gone], self.mirror[kept])
            if not self._possible(gone, kept):
                continue
            if pair[0] == gone:
                if pair[1] == kept:
                    self._collapse(gone, kept)
                continue
            if pair[0] in self.neighbours(gone) or not self._possible(*pair):
                continue
            self._collapse(gone, kept)
            if self._possible(*pair):
                self._collapse(*pair)
        faces = np.array(sorted(self.faces.values()))
        kept_vertices, flat = np.unique(faces, return_inverse=True)
        return kept_vertices, flat.reshape(-1, 3)

    def _possible(self, gone: int, kept: int) -> bool:
        """Whether the collapse keeps the mesh closed, unfolded and free of slivers."""
        ring = self.neighbours(gone)
        if kept not in ring or len(ring & self.neighbours(kept)) != 2:
            return False
        moved = [self.faces[f] for f in self.around[gone] if kept not in self.faces[f]]
        if not moved:
            return False
        before = self.vertices[np.array(moved)]
        after = self.vertices[np.array([[kept if v == gone else v for v in face] for face in moved])]
        old, new = _normals(before), _normals(after)
        size = np.linalg.norm(new, axis=1)
        cosine = np.sum(old * new, axis=1) / np.maximum(np.linalg.norm(old, axis=1) * size, 1e-20)
        sides = np.sum((after - np.roll(after, 1, axis=1)) ** 2, axis=(1, 2))
        return bool(np.all(cosine > MIN_COSINE) and np.all(2 * np.sqrt(3) * size > MIN_SHAPE * sides))

    def _collapse(self, gone: int, kept: int) -> None:
        for index in list(self.around[gone]):
            face = self.faces[index]
            if kept in face:
                for vertex in face:
                    self.around[vertex].discard(index)
                del self.faces[index]
            else:
                a, b, c = (kept if v == gone else v for v in face)
                self.faces[index] = (a, b, c)
                self.around[kept].add(index)
        self.around[gone].clear()
        self.quadrics[kept] += self.quadrics[gone]
        self.alive -= 1
        for vertex in (kept, *self.neighbours(kept)):
            self._price(vertex)


def _normals(triangles: Array) -> Array:
    return np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])


def _vertex_quadrics(vertices: Array, faces: NDArray[np.integer]) -> Array:
    """(V, 4, 4) sums of the squared distance to the planes of the faces around, weighted by a third of their area."""
    triangles = vertices[faces]
    normals = _normals(triangles)
    area = np.linalg.norm(normals, axis=1, keepdims=True) / 2
    unit = normals / np.maximum(2 * area, 1e-20)
    planes = np.column_stack([unit, -np.sum(unit * triangles[:, 0], axis=1)])
    quadrics = np.zeros((len(vertices), 4, 4))
    for corner in range(3):
        np.add.at(quadrics, faces[:, corner], np.einsum("fi,fj,f->fij", planes, planes, area[:, 0] / 3))
    return quadrics
