"""Two-bone inverse kinematics of a leg, closed form, all frames at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motion.core import Skeleton
from motion.core.rotation import vectors_to_rotmat

Array = NDArray[np.floating]

#: A knee bends at least and at most this far, in radians; a clip whose knee is straighter keeps it.
LEAST_FLEXION = np.radians(4.0)
MOST_FLEXION = np.radians(155.0)

#: Sine of the flexion below which the plane of the leg is taken from the thigh rather than from the bend.
_CLEAR_BEND = 0.1


@dataclass(frozen=True)
class Leg:
    """Indices of a leg's joints and the lengths of its two bones in metres."""

    hip: int
    knee: int
    ankle: int
    foot: int
    thigh: float
    shank: float

    @classmethod
    def of(cls, skeleton: Skeleton, side: str) -> Leg:
        """The leg on ``side``, ``"left"`` or ``"right"``."""
        hip, knee, ankle, foot = (skeleton.index(f"{side}_{name}") for name in ("hip", "knee", "ankle", "foot"))
        lengths = np.linalg.norm(skeleton.rest_offsets[[knee, ankle]], axis=-1)
        return cls(hip, knee, ankle, foot, float(lengths[0]), float(lengths[1]))

    def reach(self, flexion: Array | float) -> Array:
        """Distance from hip to ankle in metres at a knee flexion in radians (0: straight)."""
        return np.sqrt(self.thigh**2 + self.shank**2 + 2 * self.thigh * self.shank * np.cos(flexion))

    def longest_reach(self, positions: Array) -> Array:
        """(T,) m, how far the ankle may be from the hip: ``LEAST_FLEXION``, or what the clip does already."""
        present = np.linalg.norm(positions[:, self.ankle] - positions[:, self.hip], axis=-1)
        return np.maximum(self.reach(LEAST_FLEXION), present)


def reach_ankle(leg: Leg, rotations: Array, positions: Array, target: Array, longest: Array) -> tuple[Array, Array]:
    """Bend the leg so that the ankle comes to ``target``; the knee stays in the plane in which it bends.

    Args:
        leg: which joints.
        rotations: (T, J, 3, 3) R_world_joint.
        positions: (T, J, 3) m.
        target: (T, 3) m, where the ankle should be.
        longest: (T,) m; a target farther from the hip is approached along its direction.

    Returns:
        New R_world_joint (T, 3, 3) of the hip and of the knee.
    """
    hip, knee, ankle = positions[:, leg.hip], positions[:, leg.knee], positions[:, leg.ankle]
    thigh, shank = _unit(knee - hip), _unit(ankle - knee)
    lateral = rotations[:, leg.hip, :, 0]  # a knee flexes about the +X of the rest pose
    normal = np.cross(thigh, shank)
    lacking = np.maximum(0.0, _CLEAR_BEND - np.sum(normal * lateral, axis=-1, keepdims=True))
    along = _unit(ankle - hip)
    normal = _across(normal + lacking * lateral, along)

    distance = np.clip(np.linalg.norm(target - hip, axis=-1), leg.reach(MOST_FLEXION), longest)
    new_along = _unit(target - hip)
    new_normal = np.einsum("tij,tj->ti", vectors_to_rotmat(along, new_along), normal)
    cosine = (leg.thigh**2 + distance**2 - leg.shank**2) / (2 * leg.thigh * np.maximum(distance, 1e-6))
    cosine = np.clip(cosine, -1.0, 1.0)[:, None]
    forward = np.cross(new_along, new_normal)
    new_thigh = cosine * new_along + np.sqrt(1 - cosine**2) * forward
    new_shank = _unit(new_along * distance[:, None] - leg.thigh * new_thigh)
    turn_thigh = _frame(new_thigh, new_normal) @ np.swapaxes(_frame(thigh, normal), -1, -2)
    turn_shank = _frame(new_shank, new_normal) @ np.swapaxes(_frame(shank, normal), -1, -2)
    return turn_thigh @ rotations[:, leg.hip], turn_shank @ rotations[:, leg.knee]


def _unit(vectors: Array) -> Array:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)


def _across(vectors: Array, direction: Array) -> Array:
    """Unit vectors: the part of ``vectors`` perpendicular to the unit ``direction``."""
    return _unit(vectors - np.sum(vectors * direction, axis=-1, keepdims=True) * direction)


def _frame(bone: Array, normal: Array) -> Array:
    """(T, 3, 3) axes along the bone, across its plane, and in it."""
    normal = _across(normal, bone)
    return np.stack([bone, normal, np.cross(bone, normal)], axis=-1)
