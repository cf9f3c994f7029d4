"""Skeleton: joint names, parents and rest offsets; forward kinematics."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from motion.core.errors import BadInput, UnknownName

Array = NDArray[np.floating]

#: SMPL's 24 joints in SMPL's order.
SMPL_JOINT_NAMES: tuple[str, ...] = (
    "pelvis", "left_hip", "right_hip", "spine1", "left_knee", "right_knee", "spine2", "left_ankle", "right_ankle",
    "spine3", "left_foot", "right_foot", "neck", "left_collar", "right_collar", "head", "left_shoulder",
    "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist", "left_hand", "right_hand",
)  # fmt: skip

#: Parent of each SMPL joint; the root has -1.
SMPL_PARENTS: tuple[int, ...] = (
    -1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19, 20, 21,
)  # fmt: skip


@dataclass(frozen=True)
class Skeleton:
    """A tree of joints. Joint 0 is the root; every parent comes before its children.

    Attributes:
        joint_names: J names, unique.
        parents: (J,) int, index of each joint's parent, -1 for the root.
        rest_offsets: (J, 3) m, position of each joint in its parent's frame when all rotations are the identity
            (the T-pose for SMPL); the root's entry is its rest position in the world.
    """

    joint_names: tuple[str, ...]
    parents: NDArray[np.integer]
    rest_offsets: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "parents", np.asarray(self.parents, dtype=np.int64))
        object.__setattr__(self, "rest_offsets", np.asarray(self.rest_offsets, dtype=np.float64))
        count = len(self.joint_names)
        if self.parents.shape != (count,) or self.rest_offsets.shape != (count, 3):
            raise BadInput(
                f"a skeleton of {count} joints needs parents ({count},) and rest_offsets ({count}, 3), "
                f"got {self.parents.shape} and {self.rest_offsets.shape}"
            )
        if len(set(self.joint_names)) != count:
            raise BadInput("joint names must be unique")
        if count == 0 or self.parents[0] != -1 or np.any(self.parents[1:] < 0):
            raise BadInput("joint 0 must be the only root (parent -1)")
        if np.any(self.parents >= np.arange(count)):
            raise BadInput("every parent must come before its children")
        if not np.all(np.isfinite(self.rest_offsets)):
            raise BadInput("rest_offsets must be finite")

    @property
    def num_joints(self) -> int:
        return len(self.joint_names)

    def index(self, name: str) -> int:
        """Index of the joint called ``name``; raises ``UnknownName`` listing the joints there are."""
        if name not in self.joint_names:
            raise UnknownName("joint", name, self.joint_names)
        return self.joint_names.index(name)

    @cached_property
    def rest_positions(self) -> Array:
        """(J, 3) m, joint positions in the rest pose."""
        positions = self.rest_offsets.copy()
        for joint, parent in enumerate(self.parents[1:], start=1):
            positions[joint] += positions[parent]
        return positions

    @cached_property
    def mirror_indices(self) -> NDArray[np.integer]:
        """(J,) index of the joint on the other side; a joint without ``left_``/``right_`` maps to itself."""
        swap = {"left_": "right_", "right_": "left_"}
        names = []
        for name in self.joint_names:
            side = next((s for s in swap if name.startswith(s)), None)
            names.append(swap[side] + name[len(side) :] if side else name)
        return np.array([self.index(name) for name in names])

    def forward_kinematics(self, root_position: Array, joint_rotation: Array) -> tuple[Array, Array]:
        """World rotation and position of every joint.

        Args:
            root_position: (..., 3) m, world position of the root.
            joint_rotation: (..., J, 3, 3) rotation of each joint in its parent's frame (R_parent_joint).

        Returns:
            R_world_joint (..., J, 3, 3) and joint positions in the world (..., J, 3) in metres.
        """
        rotations = np.empty_like(joint_rotation)
        positions = np.empty(joint_rotation.shape[:-1], dtype=joint_rotation.dtype)
        rotations[..., 0, :, :] = joint_rotation[..., 0, :, :]
        positions[..., 0, :] = root_position
        for joint, parent in enumerate(self.parents[1:], start=1):
            rotations[..., joint, :, :] = rotations[..., parent, :, :] @ joint_rotation[..., joint, :, :]
            offset = rotations[..., parent, :, :] @ self.rest_offsets[joint]
            positions[..., joint, :] = positions[..., parent, :] + offset
        return rotations, positions

    def local_rotations(self, rotations: Array) -> Array:
        """R_parent_joint (..., J, 3, 3) from R_world_joint (..., J, 3, 3); the inverse of forward kinematics."""
        local = rotations.copy()
        children = np.arange(1, self.num_joints)
        parents = np.swapaxes(rotations[..., self.parents[children], :, :], -1, -2)
        local[..., children, :, :] = parents @ rotations[..., children, :, :]
        return local
