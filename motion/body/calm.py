"""Make the base mesh a calm mannequin: pockets become flat skin, and details melt into the surface around them.

Two linear operators that depend on the neutral mesh alone, so that every phenotype is treated alike: a soap film over
pockets (eye sockets, the inside of the mouth, nostrils), and a fairing that lets go of the original surface inside soft
regions and continues the surroundings smoothly (Botsch and Kobbelt, An intuitive framework for real-time freeform
modeling, 2004).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import splu

Array = NDArray[np.floating]


@dataclass(frozen=True)
class Region:
    """An ellipsoid in the neutral standing pose (soles at y = 0) and its mirror image.

    Attributes:
        centre: (x, y, z) m.
        axes: half axes in metres.
        hold: how much of the original stays inside, from 0 (nothing) to 1.
    """

    centre: tuple[float, float, float]
    axes: tuple[float, float, float]
    hold: float = 0.0

    def distance(self, vertices: Array) -> Array:
        """(V,) distance from the centre in half axes, to the nearer of the two ellipsoids."""
        sides = [(vertices - np.array(self.centre) * [flip, 1.0, 1.0]) / np.array(self.axes) for flip in (1.0, -1.0)]
        return np.minimum(*(np.linalg.norm(side, axis=1) for side in sides))


#: Covered by a film, with everything inside them that the film cuts off.
POCKETS = (
    Region((0.031, 1.591, 0.125), (0.025, 0.017, 0.030)),  # eyes
    Region((0.0, 1.519, 0.150), (0.032, 0.018, 0.040)),  # mouth
    Region((0.009, 1.541, 0.150), (0.009, 0.008, 0.012)),  # nostrils
    Region((0.104, 1.235, 0.150), (0.025, 0.025, 0.040)),  # nipples
    Region((0.0, 1.030, 0.130), (0.022, 0.022, 0.030)),  # navel
)
#: Melted into the surroundings.
DETAILS = (
    Region((0.031, 1.590, 0.130), (0.024, 0.018, 0.040)),  # eyes
    Region((0.0, 1.515, 0.150), (0.038, 0.026, 0.040)),  # mouth
    Region((0.0, 1.545, 0.160), (0.022, 0.018, 0.030), hold=0.75),  # nose
    Region((0.080, 1.570, 0.025), (0.030, 0.045, 0.045), hold=0.8),  # ears
    Region((0.100, 1.225, 0.140), (0.070, 0.070, 0.080)),  # breast
    Region((0.0, 1.235, 0.140), (0.040, 0.070, 0.050)),  # between the breasts
    Region((0.0, 1.060, 0.130), (0.050, 0.100, 0.040)),  # navel
    Region((0.0, 0.815, 0.040), (0.045, 0.035, 0.080)),  # groin
    Region((0.0, 0.880, -0.055), (0.028, 0.095, 0.045)),  # between the buttocks
    Region((0.175, 1.390, 0.000), (0.040, 0.040, 0.060)),  # top of the shoulder
)
#: Distance, in half axes, at which the original surface is wholly back.
REACH = 1.5
#: Details smaller than this many metres vanish where half of the original is held.
GRAIN = 0.008


def adjacency(faces: NDArray[np.integer], count: int) -> sparse.csr_matrix:
    """(V, V) matrix of ones where two vertices share an edge of a face (any number of corners)."""
    start, end = faces.ravel(), np.roll(faces, -1, axis=1).ravel()
    graph = sparse.coo_matrix((np.ones(len(start)), (start, end)), shape=(count, count)).tocsr()
    graph = ((graph + graph.T) > 0).astype(float)
    graph.setdiag(0)
    graph.eliminate_zeros()
    return graph.tocsr()


def _umbrella(faces: NDArray[np.integer], count: int) -> sparse.csr_matrix:
    """Mean of the neighbours minus oneself: the Laplacian that knows the topology only."""
    graph = adjacency(faces, count)
    degree = np.asarray(graph.sum(axis=1)).ravel()
    return (sparse.diags(1 / np.maximum(degree, 1)) @ graph - sparse.identity(count)).tocsr()


def _stiffness(vertices: Array, faces: NDArray[np.integer]) -> tuple[sparse.csr_matrix, Array]:
    """The cotangent Laplacian (V, V) of a triangle mesh, obtuse corners clamped, and the area of each vertex (V,)."""
    count = len(vertices)
    graph, area = sparse.csr_matrix((count, count)), np.zeros(count)
    for corner in range(3):
        apex, left, right = (faces[:, (corner + k) % 3] for k in range(3))
        a, b = vertices[left] - vertices[apex], vertices[right] - vertices[apex]
        double_area = np.maximum(np.linalg.norm(np.cross(a, b), axis=1), 1e-9)
        cotangent = np.clip(np.sum(a * b, axis=1) / double_area, 0.05, 20.0) / 2
        graph = graph + sparse.coo_matrix((cotangent, (left, right)), shape=(count, count)).tocsr()
        np.add.at(area, apex, double_area / 6)
    graph = graph + graph.T
    return (sparse.diags(np.asarray(graph.sum(axis=1)).ravel()) - graph).tocsr(), area


def film(values: Array, vertices: Array, faces: NDArray[np.integer]) -> Array:
    """Values (V, ...) with those in ``POCKETS`` of the standing body ``vertices`` replaced by the harmonic ones."""
    inside = np.min([region.distance(vertices) for region in POCKETS], axis=0) < 1.0
    outside = np.flatnonzero(~inside)
    _, label = connected_components(adjacency(faces, len(vertices))[outside][:, outside], directed=False)
    inside[outside[label != np.argmax(np.bincount(label))]] = True  # what the pockets' mouths cut off from the body
    free = np.flatnonzero(inside)
    flat = values.reshape(len(vertices), -1).copy()
    flat[free] = 0.0
    system = _umbrella(faces, len(vertices))[free]
    flat[free] = splu(system[:, free].tocsc()).solve(-(system @ flat))
    return flat.reshape(values.shape)


def fair(values: Array, vertices: Array, faces: NDArray[np.integer]) -> Array:
    """Values (V, ...) made smooth inside ``DETAILS`` of the standing body ``vertices``.

    Minimises the thin-plate energy of x plus a |x - values|^2, where ``a`` rises from 0 inside a region to infinity
    outside; the plate's metric is that of ``vertices``, whatever the values.
    """
    holds = []
    for region in DETAILS:
        rise = np.clip((region.distance(vertices) - 1.0) / (REACH - 1.0), 0.0, 1.0)
        holds.append(region.hold + (1.0 - region.hold) * rise**2 * (3 - 2 * rise))
    hold = np.min(holds, axis=0)
    free = np.flatnonzero(hold < 1.0)
    stiffness, area = _stiffness(vertices, faces)
    attach = area[free] / GRAIN**4 * (hold[free] / (1.0 - hold[free])) ** 2
    system = (stiffness @ sparse.diags(1 / area) @ stiffness).tocsr()[free]
    flat = values.reshape(len(vertices), -1)
    fixed = flat.copy()
    fixed[free] = 0.0
    target = attach[:, None] * flat[free] - system @ fixed
    result = fixed
    result[free] = splu((system[:, free] + sparse.diags(attach)).tocsc()).solve(target)
    return result.reshape(values.shape)


def diffuse(values: Array, vertices: Array, faces: NDArray[np.integer], distance: float) -> Array:
    """Values (V, ...) spread by heat over the surface, to about ``distance`` metres; sums over a row are kept."""
    stiffness, area = _stiffness(vertices, faces)
    system = sparse.diags(area) + distance**2 * stiffness
    flat = area[:, None] * values.reshape(len(vertices), -1)
    return splu(system.tocsc()).solve(flat).reshape(values.shape)
