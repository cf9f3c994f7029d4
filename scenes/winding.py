"""How far and on which side: exact distances to a mesh and the winding number around points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenes.mesh import Mesh

Array = NDArray[np.floating]

#: Points asked for at once: bounds the memory of the answers.
_AT_ONCE = 500_000


class Distances:
    """Distance to the nearest face, exact in single precision, by the library fcpw (a bounding volume hierarchy)."""

    def __init__(self, mesh: Mesh) -> None:
        import fcpw  # slow to import, only needed to prepare a scene

        self._lists = fcpw.interaction_3D_list
        low, high = mesh.bounds
        self._centre = (low + high) / 2  # near the origin single precision is best
        self._scene = fcpw.scene_3D()
        self._scene.set_object_count(1)
        self._scene.set_object_vertices(np.asfortranarray(mesh.vertices - self._centre, dtype=np.float32), 0)
        self._scene.set_object_triangles(np.asfortranarray(mesh.faces, dtype=np.int32), 0)
        self._scene.build(fcpw.aggregate_type.bvh_surface_area, True)

    def __call__(self, points: Array) -> Array:
        """(N,) m to the nearest surface from points (N, 3)."""
        found = [self._some(points[first : first + _AT_ONCE]) for first in range(0, len(points), _AT_ONCE)]
        return np.concatenate(found) if found else np.zeros(0)

    def _some(self, points: Array) -> Array:
        answers = self._lists()
        query = np.asfortranarray(points - self._centre, dtype=np.float32)
        self._scene.find_closest_points(query, np.full(len(points), np.inf, dtype=np.float32), answers)
        return np.array([answer.d for answer in answers], dtype=np.float64)


def winding_numbers(mesh: Mesh, points: Array) -> Array:
    """(N,) how often the mesh winds around points (N, 3): 1 inside a closed surface, 0 outside, between at holes.

    Barill et al. 2018, "Fast winding numbers for soups and clouds", as in libigl.
    """
    import igl  # only needed to prepare a scene

    if not len(points):
        return np.zeros(0)
    answer: Array = igl.fast_winding_number(mesh.vertices, mesh.faces, np.ascontiguousarray(points, dtype=np.float64))
    return answer
