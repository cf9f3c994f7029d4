"""A body pushed out of things: arms are taken in, the trunk leans away, the hips step aside; smoothly in time.

Each joint turns by the torque of what pushes, Jacobian transposed (Wolovich and Elliott 1984), and every correction is
smoothed over time; what is still inside after that is pushed again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, gaussian_filter1d

from motion.core import Motion, Place, Skeleton
from motion.core.axes import UP, ground
from motion.core.rotation import rotvec_to_rotmat
from motion.refine.foot_lock import with_feet_at
from motion.refine.outline import Indices, Outline

Array = NDArray[np.floating]
Flags = NDArray[np.bool_]

#: Metres that the surface keeps from things, and from the border of the ground that one can stand on.
KEEPS, ROOM = 0.02, 0.07

#: Seconds over which corrections come and go; rounds at most.
SMOOTH, ROUNDS = 0.13, 14

#: rad that each joint is turned at most, and its part in getting out of the way.
ARMS = {"collar": (0.25, 0.3), "shoulder": (1.1, 1.0), "elbow": (0.9, 0.6)}
TRUNK = {"spine1": (0.3, 0.4), "spine2": (0.3, 0.4), "spine3": (0.3, 0.4), "neck": (0.3, 0.3)}

#: Metres that the hips step aside at most, and in the clip's last frames, so that it ends where it is to end.
ASIDE, AT_END = 0.12, 0.045


@dataclass
class _Corrections:
    """What has been turned and moved so far, before smoothing: rotation vectors (T, J, 3) rad, hips (T, 3) m."""

    turned: Array
    moved: Array


def pushed_out(clip: Motion, place: Place, outline: Outline, fixed: Flags) -> Motion:
    """The clip with its surface out of things, where joints may give way.

    Args:
        clip: at its place.
        place: with its distances.
        outline: the points of the body that are looked at.
        fixed: (T, J) bool, joints that must stay where and as they are.
    """
    most, share = _limits(clip.skeleton)
    corrections = _Corrections(np.zeros((*clip.joint_rotation.shape[:2], 3)), np.zeros_like(clip.root_position))
    frames = _close(_pushed_by(outline.points(clip), place)[0], clip.fps)
    if not frames.any() or clip.num_frames < 2:
        return clip
    free = _free(fixed, clip.skeleton, clip.fps)
    result = clip
    for _ in range(ROUNDS):
        some = replace(
            result,
            root_position=result.root_position[frames],
            joint_rotation=result.joint_rotation[frames],
            contacts=None,
        )
        points = outline.points(some)
        depth, away = _pushed_by(points, place)
        if depth.max() <= 0.3 * KEEPS:
            break
        rotations, positions = some.skeleton.forward_kinematics(some.root_position, some.joint_rotation)
        turned = _torques(some.skeleton, outline.joint, points, positions, depth, away) * share[:, None]
        parents = np.maximum(some.skeleton.parents, 0)
        local = np.swapaxes(rotations[:, parents], -1, -2) @ turned[..., None]
        corrections.turned[frames] += local[..., 0]
        corrections.moved[frames] += _aside(some.skeleton, outline.joint, depth, away)
        result = _corrected(clip, outline, corrections, most, free)
    return result


def _pushed_by(points: Array, place: Place) -> tuple[Array, Array]:
    """How far points (..., N, 3) m are pushed, (..., N) m, 0 for those that are free, and in which direction."""
    depth = np.maximum(KEEPS - place.field.distance(points), 0.0)
    away = np.zeros(points.shape)
    inside = depth > 0
    away[inside] = place.field.gradient(points[inside])
    if place.room is not None:
        beyond = np.maximum(ROOM - place.room.distance(points), 0.0)
        more = beyond > depth
        depth = np.where(more, beyond, depth)
        away[more] = place.room.gradient(points[more])
    return depth, away / np.maximum(np.linalg.norm(away, axis=-1, keepdims=True), 1e-6)


def _close(depth: Array, fps: float) -> Flags:
    """(T,) bool, frames in which a point is pushed, or soon or just was: smoothing reaches there."""
    pushed = np.asarray((depth > 0).any(axis=1))
    found: Flags = binary_dilation(pushed, iterations=max(1, round(3 * SMOOTH * fps)))
    return found


def _limits(skeleton: Skeleton) -> tuple[Array, Array]:
    """(J,) rad that each joint turns at most, and its part."""
    most, share = np.zeros(skeleton.num_joints), np.zeros(skeleton.num_joints)
    sided = {f"{side}_{name}": pair for side in ("left", "right") for name, pair in ARMS.items()}
    for name, pair in (*sided.items(), *TRUNK.items()):
        most[skeleton.index(name)], share[skeleton.index(name)] = pair
    return most, share


def _torques(skeleton: Skeleton, joint: Indices, points: Array, positions: Array, depth: Array, away: Array) -> Array:
    """(T, J, 3) rad in the world: how each joint turns to bring the points that it carries out."""
    result = np.zeros((len(points), skeleton.num_joints, 3))
    for number in range(1, skeleton.num_joints):
        carried = np.isin(joint, _beyond(skeleton, number))
        pushed = depth[:, carried]
        if not pushed.any():
            continue
        lever = np.cross(points[:, carried] - positions[:, number, None], away[:, carried])
        weight = pushed[..., None]
        square = (weight[..., 0] * (lever**2).sum(axis=-1)).sum(axis=1)
        # as if each point moved alone by its depth; deep points count more
        result[:, number] = (weight * pushed[..., None] * lever).sum(axis=1) / np.maximum(square, 1e-6)[:, None]
    size = np.linalg.norm(result, axis=-1, keepdims=True)
    return result * np.minimum(1.0, 0.3 / np.maximum(size, 1e-9))


def _beyond(skeleton: Skeleton, joint: int) -> list[int]:
    """The joint and all that hang on it."""
    found = [joint]
    for child in range(joint + 1, skeleton.num_joints):
        if skeleton.parents[child] in found:
            found.append(child)
    return found


def _aside(skeleton: Skeleton, joint: Indices, depth: Array, away: Array) -> Array:
    """(T, 3) m by which the hips step aside for what of hips, legs, trunk and head is pushed; arms do not count."""
    arms = [number for side in ("left", "right") for number in _beyond(skeleton, skeleton.index(f"{side}_shoulder"))]
    body = ~np.isin(joint, arms)
    weight = depth[:, body, None]
    mean = (weight * weight * away[:, body]).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-9)
    moved: Array = 0.5 * mean * (1 - UP)
    return moved


def _free(fixed: Flags, skeleton: Skeleton, fps: float) -> Array:
    """(T, J + 1) 0 where a joint, or in the last column the hips, must not move, 1 far from it, smooth between."""
    held = np.zeros((len(fixed), skeleton.num_joints + 1), bool)
    for number in range(skeleton.num_joints):
        held[:, number] = fixed[:, _beyond(skeleton, number)].any(axis=1)
    held[:, -1] = fixed.any(axis=1)
    reach = max(1, round(2 * SMOOTH * fps))
    near = binary_dilation(held, structure=np.ones((2 * reach + 1, 1), bool))
    return 1.0 - np.maximum(gaussian_filter1d(near.astype(float), reach / 3, axis=0, mode="nearest"), held)


def _corrected(clip: Motion, outline: Outline, corrections: _Corrections, most: Array, free: Array) -> Motion:
    """The clip with its corrections smoothed and limited; feet stay where they are."""
    smooth = SMOOTH * clip.fps
    turned = gaussian_filter1d(corrections.turned, smooth, axis=0, mode="nearest")
    size = np.linalg.norm(turned, axis=-1, keepdims=True)
    turned = turned * np.minimum(1.0, most[:, None] / np.maximum(size, 1e-9)) * free[:, :-1, None]
    moved = gaussian_filter1d(corrections.moved, smooth, axis=0, mode="nearest")
    left = np.minimum(np.arange(clip.num_frames)[::-1] / clip.fps, 1.0)
    limit = AT_END + (ASIDE - AT_END) * left
    size = np.linalg.norm(ground(moved), axis=-1)
    moved = moved * (np.minimum(1.0, limit / np.maximum(size, 1e-9)) * free[:, -1])[:, None]
    changed = replace(
        clip,
        root_position=clip.root_position + moved,
        joint_rotation=rotvec_to_rotmat(turned) @ clip.joint_rotation,
    )
    if not moved.any():
        return changed
    legs = [sole.leg for sole in outline.feet]
    stood = clip.joint_positions()
    rotations, positions = changed.skeleton.forward_kinematics(changed.root_position, changed.joint_rotation)
    targets: list[Array] = [stood[:, [leg.end, leg.tip]] for leg in legs]
    longest = [leg.longest_reach(positions) for leg in legs]
    return replace(changed, joint_rotation=with_feet_at(changed, legs, rotations, positions, targets, longest))
