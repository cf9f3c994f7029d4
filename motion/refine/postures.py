"""Postures to begin from, in degrees from the T-pose, and how far from them a body that rests may go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motion.core.rotation import rotvec_to_rotmat
from motion.core.skeleton import Skeleton

Array = NDArray[np.floating]

Angles = dict[str, tuple[float, float, float]]


@dataclass(frozen=True)
class Posture:
    """Rotation vectors of joints in degrees from the T-pose; ``free``: how far each may go from there, likewise."""

    angles: Angles
    free: Angles

    def rotations(self, skeleton: Skeleton) -> Array:
        """(J, 3, 3) R_parent_joint of a body that faces +Z."""
        return rotvec_to_rotmat(np.radians(_by_joint(self.angles, skeleton)))

    def limits(self, skeleton: Skeleton) -> Array:
        """(J, 3) rad."""
        return np.radians(_by_joint(self.free, skeleton))


def _by_joint(angles: Angles, skeleton: Skeleton) -> Array:
    values = np.zeros((skeleton.num_joints, 3))
    for name, value in angles.items():
        values[skeleton.index(name)] = value
    return values


def both(**angles: tuple[float, float, float]) -> Angles:
    """The same on both sides: angles of the left, mirrored for the right."""
    left = {f"left_{name}": value for name, value in angles.items()}
    return left | {f"right_{name}": (x, -y, -z) for name, (x, y, z) in angles.items()}


def wide(**angles: tuple[float, float, float]) -> Angles:
    """How far joints may go on both sides."""
    return {f"{side}_{name}": value for name, value in angles.items() for side in ("left", "right")}


_TRUNK: Angles = {
    "spine1": (12, 4, 4), "spine2": (10, 4, 4), "spine3": (10, 4, 4), "neck": (14, 6, 6), "head": (14, 6, 6),
}  # fmt: skip

#: Upright on a chair, hands on the thighs.
SEATED = Posture(
    {"pelvis": (-8, 0, 0), "spine1": (6, 0, 0), "spine2": (3, 0, 0), "spine3": (2, 0, 0), "neck": (3, 0, 0)}
    | both(
        hip=(-80, -8, 8), knee=(84, 0, 0), ankle=(-2, 0, 0), collar=(0, 0, -6), shoulder=(22, -28, -64),
        elbow=(0, -58, 0), wrist=(0, 22, 0),
    ),
    {"pelvis": (22, 0, 4)} | _TRUNK
    | wide(
        hip=(40, 16, 14), knee=(48, 0, 0), ankle=(28, 6, 10), shoulder=(35, 35, 30), elbow=(0, 45, 0),
        wrist=(20, 10, 30),
    ),
)  # fmt: skip

#: On the back, arms beside the body.
LYING = Posture(
    {"pelvis": (-90, 0, 0), "neck": (8, 0, 0), "head": (4, 0, 0)}
    | both(
        hip=(-3, 8, 5), knee=(6, 0, 0), ankle=(22, 0, 0), collar=(0, 0, -6), shoulder=(0, -8, -66), elbow=(0, -14, 0)
    ),
    {"pelvis": (12, 0, 6)} | _TRUNK
    | wide(
        hip=(25, 8, 10), knee=(40, 0, 0), ankle=(25, 8, 8), shoulder=(30, 30, 22), elbow=(0, 30, 0), wrist=(20, 10, 20)
    ),
)  # fmt: skip

#: Upright before a seat, arms hanging.
STANDING = Posture(
    {"pelvis": (2, 0, 0)}
    | both(hip=(-2, 0, 0), knee=(6, 0, 0), collar=(0, 0, -6), shoulder=(6, -8, -66), elbow=(0, -16, 0)),
    {},
)

#: Half way from the edge of a bed to lying on it: leaning back on the arms, legs lifted.
TURNING = Posture(
    {"pelvis": (-38, 0, 0), "spine1": (8, 0, 0), "spine2": (8, 0, 0), "spine3": (6, 0, 0), "neck": (10, 0, 0),
     "head": (6, 0, 0)}
    | both(hip=(-62, -4, 6), knee=(78, 0, 0), ankle=(10, 0, 0), collar=(0, 0, -6), shoulder=(-32, 0, -58),
           elbow=(0, -18, 0)),
    {"pelvis": (15, 0, 4)} | wide(hip=(30, 8, 8), knee=(30, 0, 0), shoulder=(30, 20, 25), elbow=(0, 30, 0)),
)  # fmt: skip

#: On the back, feet drawn up.
DRAWN_UP = Posture(
    {"pelvis": (-84, 0, 0), "neck": (10, 0, 0), "head": (4, 0, 0)}
    | both(
        hip=(-42, 0, 3), knee=(84, 0, 0), ankle=(14, 0, 0), collar=(0, 0, -6), shoulder=(0, -8, -60), elbow=(0, -18, 0)
    ),
    {"pelvis": (10, 0, 4)} | _TRUNK | wide(
        hip=(25, 6, 8), knee=(30, 0, 0), ankle=(25, 5, 5), shoulder=(30, 20, 22), elbow=(0, 30, 0)
    ),
)  # fmt: skip
