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

    def deform(self, root_position: Array, joint_rotation: Array) -> Array:
        """Vertices (..., V, 3) m of the posed surface by linear blend skinning.

        Args:
            root_position: (..., 3) m, world position of the root.
            joint_rotation: (..., J, 3, 3), R_parent_joint.
        """
        rotation, position = self.skeleton.forward_kinematics(root_position, joint_rotation)
        shift = position - np.einsum("...jab,jb->...ja", rotation, self.skeleton.rest_positions)
        transform = np.concatenate([rotation, shift[..., None]], axis=-1)
        batch = transform.shape[:-3]
        blended = self.weights @ transform.reshape(*batch, self.skeleton.num_joints, 12)
        blended = blended.reshape(*batch, len(self.vertices), 3, 4)
        return np.einsum("...vab,vb->...va", blended[..., :3], self.vertices) + blended[..., 3]


def vertex_normals(vertices: Array, faces: NDArray[np.integer]) -> Array:
    """(V, 3) unit normals of vertices (V, 3), the faces (F, 3) around each weighted by area; unused ones point up."""
    corners = vertices[faces]
    face_normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    count = len(vertices)
    columns = [np.bincount(faces.ravel(), np.repeat(column, 3), minlength=count) for column in face_normals.T]
    summed = np.stack(columns, axis=-1)
    length = np.linalg.norm(summed, axis=-1, keepdims=True)
    return np.where(length > 1e-20, summed / np.maximum(length, 1e-20), [0.0, 1.0, 0.0])
