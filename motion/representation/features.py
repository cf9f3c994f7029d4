"""Motion <-> features: one vector per frame, and whole-curve operations on them (placing, turning, mirroring)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import from_ground, ground, height
from motion.core.clip import Motion
from motion.core.rotation import rotmat_to_sixd, rotmat_to_yaw, sixd_to_rotmat, yaw_to_rotmat
from motion.core.skeleton import Skeleton
from motion.representation.layout import LIMBS, NUM_FEATURES, PARTS, ROOT

Array = NDArray[np.floating]


def motion_to_features(clip: Motion, contacts: NDArray[np.bool_]) -> Array:
    """Features (T, NUM_FEATURES) of a clip of the SMPL skeleton; ``contacts`` (T, 4) as in ``Motion.contacts``."""
    skeleton = clip.skeleton
    rotations, positions = clip.in_world
    yaw = np.unwrap(rotmat_to_yaw(rotations[:, 0]))
    R_frame_world = np.swapaxes(yaw_to_rotmat(yaw), -1, -2)[:, None]
    below_pelvis = from_ground(ground(clip.root_position))[:, None]
    local_rotations = rotmat_to_sixd(R_frame_world @ rotations)
    local_positions = (R_frame_world @ (positions - below_pelvis)[..., None])[..., 0]

    features = np.empty((clip.num_frames, NUM_FEATURES))
    features[:, ROOT["ground"]] = ground(clip.root_position)
    features[:, ROOT["height"]] = height(clip.root_position)[:, None]
    features[:, ROOT["heading"]] = np.stack([np.cos(yaw), np.sin(yaw)], axis=-1)
    features[:, ROOT["rotation"]] = local_rotations[:, 0]
    features[:, ROOT["speed"]] = planar_speed(ground(clip.root_position), clip.fps)[:, None]
    for part in LIMBS:
        joints = [skeleton.index(name) for name in part.joints]
        features[:, part.rotations] = local_rotations[:, joints].reshape(clip.num_frames, -1)
        features[:, part.positions] = local_positions[:, joints].reshape(clip.num_frames, -1)
    features[:, PARTS["left_leg"].contacts] = contacts[:, :2]
    features[:, PARTS["right_leg"].contacts] = contacts[:, 2:]
    return features


def features_to_motion(features: Array, skeleton: Skeleton, fps: float) -> Motion:
    """The clip of features (T, NUM_FEATURES) at ``fps``; only root and rotations are used, wrists carry the hands."""
    frames = len(features)
    heading = features[:, ROOT["heading"]]
    R_world_frame = yaw_to_rotmat(np.arctan2(heading[:, 1], heading[:, 0]))
    rotations = np.tile(np.eye(3), (frames, skeleton.num_joints, 1, 1))
    rotations[:, 0] = sixd_to_rotmat(features[:, ROOT["rotation"]])
    for part in LIMBS:
        joints = [skeleton.index(name) for name in part.joints]
        rotations[:, joints] = sixd_to_rotmat(features[:, part.rotations].reshape(frames, len(joints), 6))
    for side in ("left", "right"):
        rotations[:, skeleton.index(f"{side}_hand")] = rotations[:, skeleton.index(f"{side}_wrist")]
    local = skeleton.local_rotations(R_world_frame[:, None] @ rotations)
    root = from_ground(features[:, ROOT["ground"]], features[:, ROOT["height"]][:, 0])
    contacts = np.concatenate([features[:, PARTS[f"{side}_leg"].contacts] for side in ("left", "right")], axis=1)
    return Motion(skeleton, root, local, fps, contacts=contacts > 0.5)


def planar_speed(planar: Array, fps: float) -> Array:
    """Speed in m/s over a centred half second, so that single steps do not show in it."""
    frames = len(planar)
    reach = max(1, round(0.25 * fps))
    low = np.maximum(np.arange(frames) - reach, 0)
    high = np.minimum(np.arange(frames) + reach, frames - 1)
    return np.linalg.norm(planar[high] - planar[low], axis=-1) * fps / np.maximum(high - low, 1)


def placed(controls: Array, origin: Array, yaw: float) -> Array:
    """The same curve moved and turned on the ground: ``origin`` (2,) and heading ``yaw`` become the world's zero.

    Control points (C, NUM_FEATURES) transform like the curve itself, because a B-spline is affine in them.
    """
    c, s = np.cos(-yaw), np.sin(-yaw)
    result = controls.copy()
    x, z = (controls[:, ROOT["ground"]] - origin).T
    result[:, ROOT["ground"]] = np.stack([c * x + s * z, -s * x + c * z], axis=-1)
    cos, sin = controls[:, ROOT["heading"]].T
    result[:, ROOT["heading"]] = np.stack([cos * c - sin * s, sin * c + cos * s], axis=-1)
    return result


@lru_cache(maxsize=1)
def mirror() -> tuple[NDArray[np.integer], Array]:
    """``order`` and ``sign`` (NUM_FEATURES,): ``features[..., order] * sign`` is the mirror image (x to -x)."""
    order, sign = np.arange(NUM_FEATURES), np.ones(NUM_FEATURES)
    flip_position = np.array([-1.0, 1.0, 1.0])
    # R' = F R F with F = diag(-1, 1, 1); on the first two columns, row by row
    flip_rotation = np.array([1.0, -1.0, -1.0, 1.0, -1.0, 1.0])
    sign[ROOT["ground"]] = [-1.0, 1.0]
    sign[ROOT["heading"]] = [1.0, -1.0]
    sign[ROOT["rotation"]] = flip_rotation
    for part in LIMBS:
        other = PARTS[_other_side(part.name)]
        order[part.features] = np.arange(other.start, other.start + other.size)
        sign[part.rotations] = np.tile(flip_rotation, len(part.joints))
        sign[part.positions] = np.tile(flip_position, len(part.joints))
    return order, sign


def _other_side(name: str) -> str:
    if name.startswith("left_"):
        return "right_" + name[len("left_") :]
    return "left_" + name[len("right_") :] if name.startswith("right_") else name
