"""Points on a body's skin that feel: where they are in a posture, and how the posture must change to move them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import height
from motion.core.skeleton import Skeleton
from motion.core.skin import Skin, vertex_normals

Array = NDArray[np.floating]
Flags = NDArray[np.bool_]
Indices = NDArray[np.int64]

#: Joints that pull a point, at most.
_PULLING = 4


@dataclass(frozen=True)
class Surface:
    """N points of a skin, each standing for the vertices around it.

    Attributes:
        skeleton: what moves them.
        points: (N, 3) m in the rest pose.
        normals: (N, 3) outward there.
        joints, weights: (N, 4) which joints pull a point, and how much; they sum to 1.
        shares: (N,) share of the skin's vertices that a point stands for; they sum to 1.
    """

    skeleton: Skeleton
    points: Array
    normals: Array
    joints: Indices
    weights: Array
    shares: Array

    @classmethod
    def of(cls, skin: Skin, apart: float = 0.045) -> Surface:
        """One point in every cell of ``apart`` m that holds vertices: the one nearest to their middle."""
        cells = np.floor(skin.vertices / apart).astype(np.int64)
        _, cell, count = np.unique(cells, axis=0, return_inverse=True, return_counts=True)
        cell = cell.reshape(-1)
        middle = np.stack([np.bincount(cell, column) for column in skin.vertices.T], axis=-1) / count[:, None]
        off = np.linalg.norm(skin.vertices - middle[cell], axis=-1)
        order = np.lexsort((off, cell))
        chosen = order[np.unique(cell[order], return_index=True)[1]]
        joints = np.argsort(-skin.weights[chosen], axis=1)[:, :_PULLING]
        weights = np.take_along_axis(skin.weights[chosen], joints, axis=1)
        normals = vertex_normals(skin.vertices, skin.faces)[chosen]
        return cls(
            skin.skeleton, skin.vertices[chosen], normals, joints, weights / weights.sum(axis=1, keepdims=True),
            count / len(skin.vertices),
        )  # fmt: skip

    @cached_property
    def owner(self) -> Indices:
        """(N,) the joint that pulls a point most."""
        return self.joints[:, 0]

    def of_joints(self, *names: str) -> Flags:
        """(N,) whether one of these joints pulls a point most."""
        return np.isin(self.owner, [self.skeleton.index(name) for name in names])

    def below(self, joint: str, low: float, high: float) -> Flags:
        """(N,) whether a point is ``low`` to ``high`` m below a joint in the rest pose."""
        down = height(self.skeleton.rest_positions[self.skeleton.index(joint)]) - height(self.points)
        return (down >= low) & (down <= high)

    def posed(self, rotations: Array, positions: Array) -> tuple[Array, Array]:
        """Where the points are, (N, 3) m, and where each of their joints would take them, (N, 4, 3) m.

        Args:
            rotations: (J, 3, 3) R_world_joint.
            positions: (J, 3) m.
        """
        local = self.points[:, None] - self.skeleton.rest_positions[self.joints]
        taken = positions[self.joints] + np.einsum("nkab,nkb->nka", rotations[self.joints], local)
        return np.einsum("nk,nka->na", self.weights, taken), taken

    def turning(self, positions: Array, taken: Array, pulls: Array, joint_pulls: Array) -> tuple[Array, Array]:
        """What pulls at points and joints come to: at the root, (3,), and about every joint, (J, 3), in the world.

        The derivative of anything by the root's place and by turning each joint, with all that hangs on it, from its
        derivatives by the points, ``pulls`` (N, 3), and by the joints' positions, ``joint_pulls`` (J, 3).
        """
        parents, count = self.skeleton.parents, self.skeleton.num_joints
        force, moment = np.zeros((count, 3)), np.zeros((count, 3))
        each = self.weights[..., None] * pulls[:, None]
        np.add.at(force, self.joints, each)
        np.add.at(moment, self.joints, np.cross(taken, each))
        holder = np.maximum(parents, 0)  # a joint's own turning does not move it
        np.add.at(force, holder[1:], joint_pulls[1:])
        np.add.at(moment, holder[1:], np.cross(positions, joint_pulls)[1:])
        for joint in range(count - 1, 0, -1):
            force[parents[joint]] += force[joint]
            moment[parents[joint]] += moment[joint]
        return force[0] + joint_pulls[0], moment - np.cross(positions, force)
