"""Joint rotations from joint positions alone, for corpora that publish points (HumanML3D).

Bone directions are followed exactly. What points leave open, the twist of a limb, is taken from the plane in which knee
or elbow bends, and where they are nearly straight from the foot and from the chest.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import UP
from motion.core.clip import Motion
from motion.core.errors import BadInput
from motion.core.rotation import slerp, vectors_to_rotmat
from motion.core.skeleton import SMPL_JOINT_NAMES, Skeleton

Array = NDArray[np.floating]

#: How many of SMPL's joints such corpora have: all but the hands.
POINTS = 22
#: Weight of the fallback direction against the bend of knee or elbow (the sine of the angle).
STRAIGHT = 0.2


def fit_rotations(points: Array, fps: float, target: Skeleton) -> Motion:
    """A clip on the target skeleton that moves as the points do.

    Args:
        points: (T, 22, 3) m, world positions of SMPL's joints without the hands, Y up.
        fps: frames per second of the points.
        target: SMPL's 24 joints with the rest offsets to use; the path is scaled by its leg length.

    Raises:
        BadInput: another number of joints, or legs without length.
    """
    if points.ndim != 3 or points.shape[1:] != (POINTS, 3):
        raise BadInput(f"needs points (T, {POINTS}, 3), got {points.shape}")
    at = {name: points[:, i] for i, name in enumerate(SMPL_JOINT_NAMES[:POINTS])}
    rest = {name: target.rest_positions[i] for i, name in enumerate(target.joint_names)}
    leg = _leg(at)
    if leg < 1e-3:
        raise BadInput("the points have legs without length")
    world = {"pelvis": _best(at, rest, "pelvis", ("left_hip", "right_hip", "spine1"))}
    chest = ("left_collar", "right_collar", "neck", "left_shoulder", "right_shoulder")
    world["spine3"] = _best(at, rest, "spine3", chest)
    for name, child, share in (("spine1", "spine2", 1 / 3), ("spine2", "spine3", 2 / 3)):
        between = slerp(world["pelvis"], world["spine3"], np.full(len(points), share))
        world[name] = _swung(between, rest[child] - rest[name], at[child] - at[name])
    world["neck"] = _swung(world["spine3"], rest["head"] - rest["neck"], at["head"] - at["neck"])
    world["head"] = world["neck"]
    for side in ("left", "right"):
        _fit_leg(world, at, rest, side)
        _fit_arm(world, at, rest, side)
    order = np.stack([world[name] for name in target.joint_names], axis=1)
    return Motion(target, at["pelvis"] * (_leg(rest) / leg), target.local_rotations(order), fps)


def _leg(at: dict[str, Array]) -> float:
    """Mean length of the left thigh plus shank."""
    thigh, shank = at["left_knee"] - at["left_hip"], at["left_ankle"] - at["left_knee"]
    return float((np.linalg.norm(thigh, axis=-1) + np.linalg.norm(shank, axis=-1)).mean())


def _best(at: dict[str, Array], rest: dict[str, Array], origin: str, ends: tuple[str, ...]) -> Array:
    """(T, 3, 3), the rotation that brings rest vectors closest to the points' (Kabsch)."""
    before = np.stack([rest[end] - rest[origin] for end in ends])
    after = np.stack([at[end] - at[origin] for end in ends], axis=1)
    u, _, vt = np.linalg.svd(np.einsum("tni,nj->tij", after, before))
    u[..., 2] *= np.linalg.det(u @ vt)[..., None]
    return u @ vt


def _swung(rotation: Array, bone: Array, wanted: Array) -> Array:
    """The rotation turned, without twist, until ``bone`` points along ``wanted``."""
    return vectors_to_rotmat(rotation @ bone, wanted) @ rotation


def _aimed(bone: Array, side: Array, bone_to: Array, side_to: Array) -> Array:
    """(T, 3, 3) that takes ``bone`` exactly, and ``side`` as nearly as it can, to the given directions."""
    return _basis(bone_to, side_to) @ np.swapaxes(_basis(bone, side), -1, -2)


def _basis(first: Array, second: Array) -> Array:
    x = first / np.maximum(np.linalg.norm(first, axis=-1, keepdims=True), 1e-9)
    y = second - x * np.sum(x * second, axis=-1, keepdims=True)
    y = y / np.maximum(np.linalg.norm(y, axis=-1, keepdims=True), 1e-9)
    return np.stack([x, y, np.cross(x, y)], axis=-1)


def _unit(vectors: Array) -> Array:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)


def _fit_leg(world: dict[str, Array], at: dict[str, Array], rest: dict[str, Array], side: str) -> None:
    hip, knee, ankle, toe = (f"{side}_{name}" for name in ("hip", "knee", "ankle", "foot"))
    thigh, shank, foot = at[knee] - at[hip], at[ankle] - at[knee], at[toe] - at[ankle]
    across = np.cross(_unit(thigh), _unit(shank)) + STRAIGHT * np.cross(-_unit(shank), _unit(foot))
    left = np.array([1.0, 0.0, 0.0])
    world[hip] = _aimed(rest[knee] - rest[hip], left, thigh, across)
    world[knee] = _aimed(rest[ankle] - rest[knee], left, shank, across)
    world[ankle] = _aimed(rest[toe] - rest[ankle], left, foot, np.cross(-shank, foot))
    world[toe] = world[ankle]


def _fit_arm(world: dict[str, Array], at: dict[str, Array], rest: dict[str, Array], side: str) -> None:
    collar, shoulder, elbow, wrist, hand = (f"{side}_{n}" for n in ("collar", "shoulder", "elbow", "wrist", "hand"))
    upper, fore = at[elbow] - at[shoulder], at[wrist] - at[elbow]
    world[collar] = _swung(world["spine3"], rest[shoulder] - rest[collar], at[shoulder] - at[collar])
    bend = np.cross(_unit(fore), _unit(upper)) * (1.0 if side == "left" else -1.0)
    hanging = _swung(world[collar], rest[elbow] - rest[shoulder], upper) @ UP
    world[shoulder] = _aimed(rest[elbow] - rest[shoulder], UP, upper, bend + STRAIGHT * hanging)
    world[elbow] = _aimed(rest[wrist] - rest[elbow], UP, fore, bend + STRAIGHT * hanging)
    world[wrist] = world[elbow]
    world[hand] = world[elbow]
