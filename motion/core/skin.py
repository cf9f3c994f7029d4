"""Skin: what an exporter needs of a body: rest vertices, faces, joint weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motion.core.errors import BadInput
from motion.core.skeleton import Skeleton

Array = NDArray[np.floating]


@dataclass(frozen=True)
class Skin:
    """A surface bound to a skeleton in its rest pose.

    Attributes:
        skeleton: the J joints; its rest pose is the bind pose.
        vertices: (V, 3) m, in the rest pose, in the world.
        faces: (F, 3) int, counter-clockwise seen from outside.
        weights: (V, J), each row sums to one.
    """

    skeleton: Skeleton
    vertices: Array
    faces: NDArray[np.integer]
    weights: Array

    def __post_init__(self) -> None:
        shape = (len(self.vertices), self.skeleton.num_joints)
        if self.weights.shape != shape:
            raise BadInput(f"skin weights must be {shape}, got {self.weights.shape}")
        if self.faces.size and int(self.faces.max()) >= len(self.vertices):
            raise BadInput("a face refers to a vertex that does not exist")
