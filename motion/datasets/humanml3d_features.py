"""A clip as HumanML3D's 263 numbers a frame at 20 fps, and back to joint positions.

    root yaw velocity 1 (half the angle, to the right), root velocity on the ground 2, root height 1,
    positions of 21 joints 63, rotations of 21 joints 126 (6-D, first two columns one after the other),
    velocities of 22 joints 66, contacts of left_ankle, left_foot, right_ankle, right_foot 4

Positions and velocities are those of our forward kinematics, in metres and metres a frame, turned into the root's
heading; positions count from the point of the floor under the root. As in the original (Guo et al. 2022, their notebook
motion_representation) the heading is that of hips and shoulders, smoothed over a second.

**The rotations are not the clip's own.** The original has none of SMPL's either: it derives them from the positions, as
the smallest rotation of each bone from an axis-aligned figure with hanging arms. They are made in the same way here, so
that an evaluator sees what it was trained on; they lack the twist of every limb and cannot be given to an SMPL body.

What does differ from files of the data set: bone lengths are the clip's own unless ``lengths`` gives theirs (all of
HumanML3D has the lengths of one person); and in the one frame where a heading crosses straight back the yaw velocity
keeps its sign, which theirs loses.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from motion.core.axes import FORWARD, UP, from_ground, ground, height
from motion.core.clip import Motion
from motion.core.errors import BadInput
from motion.core.rotation import vectors_to_rotmat, yaw_to_rotmat
from motion.core.skeleton import SMPL_JOINT_NAMES, SMPL_PARENTS
from motion.formats.atomic import atomic_path

Array = NDArray[np.floating]

FPS = 20.0
#: SMPL's joints without the hands.
POINTS = 22
#: The groups of a frame's numbers, in their order.
_SIZES = {
    "yaw_velocity": 1, "root_velocity": 2, "root_height": 1, "positions": 63, "rotations": 126, "velocities": 66,
    "contacts": 4,
}  # fmt: skip
_STARTS = np.cumsum([0, *_SIZES.values()])
LAYOUT = {name: slice(int(a), int(b)) for name, a, b in zip(_SIZES, _STARTS, _STARTS[1:], strict=False)}
WIDTH = int(_STARTS[-1])

#: A foot joint that moves less than this in a frame, squared and in m^2, is in contact.
CONTACT = 0.002
#: Standard deviation of the heading's smoothing, in frames.
SMOOTHING = 20.0

_NAMES = SMPL_JOINT_NAMES[:POINTS]
_FEET = [_NAMES.index(name) for name in ("left_ankle", "left_foot", "right_ankle", "right_foot")]
_LEFT = np.cross(UP, FORWARD)
#: Bones whose rotation counts from the heading; that of the others counts from their parent's.
_FIRST = {"left_hip", "right_hip", "spine1", "left_collar", "right_collar"}


def features_from_clip(clip: Motion, *, lengths: Array | None = None) -> Array:
    """(T - 1, 263) of a clip of SMPL's joints, whatever its frame rate; T frames of it are seen at 20 fps.

    ``lengths`` (22,) m are the bones of HumanML3D's person, ``bone_lengths`` of a frame of any of its files.
    Raises ``BadInput`` for another skeleton and for a clip shorter than two frames.
    """
    points = points_from_clip(clip)
    return features_from_points(points if lengths is None else with_bone_lengths(points, lengths))


def points_from_clip(clip: Motion) -> Array:
    """(T, 22, 3) m of a clip of SMPL's joints at 20 fps; raises ``BadInput`` for another skeleton."""
    if clip.skeleton.joint_names[:POINTS] != _NAMES:
        raise BadInput("HumanML3D's features need a clip on SMPL's joints; retarget it to SMPL first")
    return clip.resampled(FPS).joint_positions()[:, :POINTS]


def features_from_points(points: Array) -> Array:
    """(T - 1, 263) of world positions (T, 22, 3) m of SMPL's joints at 20 fps, wherever they are and face."""
    if points.ndim != 3 or points.shape[1:] != (POINTS, 3) or len(points) < 2:
        raise BadInput(f"HumanML3D's features need points (T, {POINTS}, 3), T 2 or more at 20 fps, got {points.shape}")
    if np.linalg.norm(_bones(points), axis=-1)[:, 1:].min() < 1e-6:
        raise BadInput("HumanML3D's features need bones of some length, got joints at the same place")
    points = placed(points)
    yaw = np.unwrap(_headings(points, SMOOTHING))
    to_local = yaw_to_rotmat(-yaw)
    steps = np.diff(points, axis=0)
    local = np.einsum("tij,tkj->tki", to_local, points - from_ground(ground(points[:, :1])))
    features = np.empty((len(points) - 1, WIDTH))
    features[:, LAYOUT["yaw_velocity"]] = -0.5 * np.diff(yaw)[:, None]
    features[:, LAYOUT["root_velocity"]] = ground(np.einsum("tij,tj->ti", to_local[1:], steps[:, 0]))
    features[:, LAYOUT["root_height"]] = height(points[:-1, 0])[:, None]
    features[:, LAYOUT["positions"]] = local[:-1, 1:].reshape(len(steps), -1)
    features[:, LAYOUT["rotations"]] = _rotations(points[:-1], to_local[:-1]).reshape(len(steps), -1)
    features[:, LAYOUT["velocities"]] = np.einsum("tij,tkj->tki", to_local[:-1], steps).reshape(len(steps), -1)
    features[:, LAYOUT["contacts"]] = np.sum(steps[:, _FEET] ** 2, axis=-1) < CONTACT
    return features


def points_from_features(features: Array) -> Array:
    """(T, 22, 3) m from HumanML3D's (T, 263), as its ``recover_from_ric``: velocities are summed from the first frame.

    Its yaw is half the angle of a quaternion (cos yaw, 0, sin yaw, 0) that takes the world to the root's heading.
    """
    half = np.concatenate([[0.0], np.cumsum(features[:-1, LAYOUT["yaw_velocity"]])])
    to_world = yaw_to_rotmat(-2.0 * half)
    steps = from_ground(features[:, LAYOUT["root_velocity"]])[:-1]
    path = np.concatenate([np.zeros((1, 3)), np.cumsum(np.einsum("tij,tj->ti", to_world[1:], steps), axis=0)])
    root = from_ground(ground(path), features[:, LAYOUT["root_height"]][:, 0])
    local = features[:, LAYOUT["positions"]].reshape(-1, POINTS - 1, 3)
    others = np.einsum("tij,tkj->tki", to_world, local) + path[:, None]
    return np.concatenate([root[:, None], others], axis=1)


def save_features(features: Array, path: Path) -> None:
    """Write features as the data set does: a float32 ``.npy``; read back by ``datasets.humanml3d.read_points``."""
    with atomic_path(path) as temporary, temporary.open("wb") as file:
        np.save(file, features.astype(np.float32), allow_pickle=False)


def placed(points: Array) -> Array:
    """Positions (T, 22, 3) moved and turned: lowest joint on the floor, first root above the origin, facing +Z."""
    points = points - from_ground(ground(points[0, 0]), height(points).min())
    return points @ yaw_to_rotmat(_headings(points[:1])[0])  # row vectors: the inverse of the rotation


def bone_lengths(frame: Array) -> Array:
    """(22,) m, distance of each joint in (22, 3) from its parent; 0 for the root."""
    return np.linalg.norm(_bones(frame), axis=-1)


def with_bone_lengths(points: Array, lengths: Array) -> Array:
    """Positions (T, 22, 3) with bones of other lengths (22,) in the same directions; the path is scaled by the leg."""
    leg = [_NAMES.index("right_knee"), _NAMES.index("right_ankle")]
    bones = _bones(points)
    bones = bones * (lengths / np.maximum(np.linalg.norm(bones, axis=-1), 1e-9))[..., None]
    result = np.empty_like(points)
    result[:, 0] = points[:, 0] * (lengths[leg].sum() / bone_lengths(points[0])[leg].sum())
    for joint in range(1, POINTS):
        result[:, joint] = result[:, SMPL_PARENTS[joint]] + bones[:, joint]
    return result


def _bones(points: Array) -> Array:
    """(..., 22, 3) from each joint's parent to the joint; zero for the root."""
    return points - points[..., [0, *SMPL_PARENTS[1:POINTS]], :]


def _headings(points: Array, smoothing: float = 0.0) -> Array:
    """(T,) rad, where hips and shoulders of (T, 22, 3) face; positive to the left."""
    hips, shoulders = (
        points[:, _NAMES.index(f"right_{name}")] - points[:, _NAMES.index(f"left_{name}")]
        for name in ("hip", "shoulder")
    )
    across = hips + shoulders
    forward = np.cross(UP, across / np.maximum(np.linalg.norm(across, axis=-1, keepdims=True), 1e-9))
    if smoothing > 0:
        forward = gaussian_filter1d(forward, smoothing, axis=0, mode="nearest")
    x, z = ground(forward).T
    return np.arctan2(x, z)


def _rotations(points: Array, to_local: Array) -> Array:
    """(T, 21, 6): the smallest rotation that brings each bone from where it rests, relative to the bone before it.

    The first bone of a chain is told relative to ``to_local`` (T, 3, 3), the rotation from the world to the heading:
    one expects its inverse, but this is what the data set holds.
    """
    rest = np.stack([_rest_direction(name) for name in _NAMES[1:]])
    world = vectors_to_rotmat(rest, _bones(points)[:, 1:])
    parents = [None if name in _FIRST else SMPL_PARENTS[joint] - 1 for joint, name in enumerate(_NAMES[1:], start=1)]
    before = np.stack([to_local if parent is None else world[:, parent] for parent in parents], axis=1)
    local = np.swapaxes(before, -1, -2) @ world
    return np.swapaxes(local, -1, -2)[..., :2, :].reshape(len(points), POINTS - 1, 6)


def _rest_direction(name: str) -> Array:
    """Where the bone that ends in a joint points in the original's figure."""
    side, _, part = name.rpartition("_")
    if part in {"hip", "collar"}:
        return _LEFT if side == "left" else -_LEFT
    if part in {"foot", "head"}:
        return FORWARD
    return UP if part in {"spine1", "spine2", "spine3", "neck"} else -UP
