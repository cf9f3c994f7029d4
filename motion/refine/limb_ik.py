"""Two-bone inverse kinematics of a leg or an arm, closed form, all frames at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motion.core import Skeleton
from motion.core.rotation import vectors_to_rotmat

Array = NDArray[np.floating]

#: A knee or elbow bends at least and at most this far, in radians; a clip that has it straighter keeps that.
LEAST_FLEXION = np.radians(4.0)
MOST_FLEXION = np.radians(155.0)

#: Sine of the flexion below which the plane of the limb is taken from its hinge rather than from the bend.
_CLEAR_BEND = 0.1


@dataclass(frozen=True)
class Limb:
    """Indices of a limb's joints, from the body outwards, and the lengths of its two bones in metres.

    Attributes:
        root: hip or shoulder.
        middle: knee or elbow.
        end: ankle or wrist.
        tip: foot (the toes) or hand.
        upper, lower: m, lengths of thigh and shank, or of upper arm and forearm.
        hinge: (3,) axis about which the middle joint flexes, in the rest pose.
    """

    root: int
    middle: int
    end: int
    tip: int
    upper: float
    lower: float
    hinge: Array

    @classmethod
    def leg(cls, skeleton: Skeleton, side: str) -> Limb:
        """The leg on ``side``, ``"left"`` or ``"right"``."""
        return cls._of(skeleton, side, ("hip", "knee", "ankle", "foot"), np.array([1.0, 0.0, 0.0]))

    @classmethod
    def arm(cls, skeleton: Skeleton, side: str) -> Limb:
        """The arm on ``side``, ``"left"`` or ``"right"``."""
        hinge = np.array([0.0, -1.0 if side == "left" else 1.0, 0.0])
        return cls._of(skeleton, side, ("shoulder", "elbow", "wrist", "hand"), hinge)

    @classmethod
    def _of(cls, skeleton: Skeleton, side: str, names: tuple[str, ...], hinge: Array) -> Limb:
        root, middle, end, tip = (skeleton.index(f"{side}_{name}") for name in names)
        lengths = np.linalg.norm(skeleton.rest_offsets[[middle, end]], axis=-1)
        return cls(root, middle, end, tip, float(lengths[0]), float(lengths[1]), hinge)

    def reach(self, flexion: Array | float) -> Array:
        """Distance from root to end in metres at a flexion of the middle joint in radians (0: straight)."""
        return np.sqrt(self.upper**2 + self.lower**2 + 2 * self.upper * self.lower * np.cos(flexion))

    def longest_reach(self, positions: Array) -> Array:
        """(T,) m, how far the end may be from the root: ``LEAST_FLEXION``, or what the clip does already."""
        present = np.linalg.norm(positions[:, self.end] - positions[:, self.root], axis=-1)
        return np.maximum(self.reach(LEAST_FLEXION), present)


def flexion(limb: Limb, rotations: Array, positions: Array) -> Array:
    """(T,) rad, how far the middle joint bends; negative where it bends the wrong way. Arguments as ``reach_end``'s."""
    upper, lower = (
        positions[:, limb.middle] - positions[:, limb.root],
        positions[:, limb.end] - positions[:, limb.middle],
    )
    bend = np.sum(np.cross(upper, lower) * (rotations[:, limb.root] @ limb.hinge), axis=-1)
    return np.arctan2(bend, np.sum(upper * lower, axis=-1))


def reach_end(limb: Limb, rotations: Array, positions: Array, target: Array, longest: Array) -> tuple[Array, Array]:
    """Bend the limb so that its end comes to ``target``; the middle joint stays in the plane in which it bends.

    Args:
        limb: which joints.
        rotations: (T, J, 3, 3) R_world_joint.
        positions: (T, J, 3) m.
        target: (T, 3) m, where ankle or wrist should be.
        longest: (T,) m; a target farther from the limb's root is approached along its direction.

    Returns:
        New R_world_joint (T, 3, 3) of the limb's root and of its middle joint.
    """
    root, middle, end = positions[:, limb.root], positions[:, limb.middle], positions[:, limb.end]
    upper, lower = _unit(middle - root), _unit(end - middle)
    lateral = rotations[:, limb.root] @ limb.hinge
    normal = np.cross(upper, lower)
    lacking = np.maximum(0.0, _CLEAR_BEND - np.sum(normal * lateral, axis=-1, keepdims=True))
    along = _unit(end - root)
    normal = _across(normal + lacking * lateral, along)

    distance = np.clip(np.linalg.norm(target - root, axis=-1), limb.reach(MOST_FLEXION), longest)
    new_along = _unit(target - root)
    new_normal = np.einsum("tij,tj->ti", vectors_to_rotmat(along, new_along), normal)
    cosine = (limb.upper**2 + distance**2 - limb.lower**2) / (2 * limb.upper * np.maximum(distance, 1e-6))
    cosine = np.clip(cosine, -1.0, 1.0)[:, None]
    aside = np.cross(new_along, new_normal)
    new_upper = cosine * new_along + np.sqrt(1 - cosine**2) * aside
    new_lower = _unit(new_along * distance[:, None] - limb.upper * new_upper)
    turn_upper = _frame(new_upper, new_normal) @ np.swapaxes(_frame(upper, normal), -1, -2)
    turn_lower = _frame(new_lower, new_normal) @ np.swapaxes(_frame(lower, normal), -1, -2)
    return turn_upper @ rotations[:, limb.root], turn_lower @ rotations[:, limb.middle]


def _unit(vectors: Array) -> Array:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)


def _across(vectors: Array, direction: Array) -> Array:
    """Unit vectors: the part of ``vectors`` perpendicular to the unit ``direction``."""
    return _unit(vectors - np.sum(vectors * direction, axis=-1, keepdims=True) * direction)


def _frame(bone: Array, normal: Array) -> Array:
    """(T, 3, 3) axes along the bone, across its plane, and in it."""
    normal = _across(normal, bone)
    return np.stack([bone, normal, np.cross(bone, normal)], axis=-1)
