"""A finer field of distances around one place of a scene: where a body is to touch, centimetres count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import UP
from motion.core.field import DistanceField
from scenes.field import field_between
from scenes.mesh import Mesh

if TYPE_CHECKING:
    from scenes.scene import Scene

Array = NDArray[np.floating]

#: Metres between samples.
SPACING = 0.025

#: Faces further than this outside the box are nobody's nearest, in metres.
_AROUND = 0.5


def close_up(
    scene: Scene, place: Array, below: float, above: float, reach: float, spacing: float = SPACING
) -> DistanceField:
    """The field from ``below`` m under a place (3,) m to ``above`` over it, and ``reach`` to every side of it."""
    low, high = place - reach - (below - reach) * UP, place + reach + (above - reach) * UP
    triangles = scene.mesh.triangles
    near = np.all((triangles.max(axis=1) >= low - _AROUND) & (triangles.min(axis=1) <= high + _AROUND), axis=-1)
    nearby = Mesh(scene.mesh.vertices, scene.mesh.faces[near], ()) if near.any() else scene.mesh
    return field_between(scene.mesh, scene.threshold, low, high, spacing, nearby)
