"""A clip carried along another path: where the root is known it goes there, and the body turns as its way turns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from motion.core import Motion, Observation
from motion.core.axes import from_ground, ground
from motion.core.rotation import rotmat_to_yaw, yaw_to_rotmat
from motion.refine.banded import Banded, fading, lasting

Array = NDArray[np.floating]
Flags = NDArray[np.bool_]

#: Seconds over which the path's offset bends between two known places.
BEND = 0.8
#: Seconds in which half an offset of the heading is gone.
TURN = 0.5
#: Directions of the path are taken over about this many seconds; below this speed in m/s it has none.
STRIDE = 0.25
SLOW = 0.3


def on_path(clip: Motion, asked: Observation) -> Motion:
    """The clip moved and turned about the pelvis so that root_ground and heading are met where known; no joint bends.

    Where the heading is not known, the body turns by the angle between its old way and its new one (Gleicher, Motion
    path editing, 2001); where the path is not known either, offsets change as slowly as can be.
    """
    old = ground(clip.root_position)
    known = asked.root_ground_known
    new = np.where(known[:, None], asked.root_ground, old + lasting(known, asked.root_ground - old, BEND, clip.fps))
    yaw = rotmat_to_yaw(clip.joint_rotation[:, 0])
    turn = _turn_of_way(old, new, clip.fps) if known.any() else np.zeros(clip.num_frames)
    facing, where = asked.heading, asked.heading_known
    turn = turn + fading(where, _unwrapped(where, facing - yaw - turn), TURN, clip.fps)
    rotation = clip.joint_rotation.copy()
    rotation[:, 0] = yaw_to_rotmat(turn) @ rotation[:, 0]
    return replace(clip, root_position=clip.root_position + from_ground(new - old), joint_rotation=rotation)


def _unwrapped(known: Flags, angle: Array) -> Array:
    """Angles (T,) rad, the first known within half a turn, each next within half a turn of the one before."""
    result = np.zeros(len(angle))
    first = (angle[known][:1] + np.pi) % (2 * np.pi) - np.pi
    result[known] = np.unwrap(np.concatenate([first, angle[known][1:]]))
    return result


def _turn_of_way(old: Array, new: Array, fps: float) -> Array:
    """(T,) rad, smooth; the angle from the direction of one path (T, 2) to that of another, held where either rests."""
    if len(old) < 4 or np.allclose(old, new, atol=1e-9):
        return np.zeros(len(old))
    before, after = (_velocity(path, fps) for path in (old, new))
    speed = np.minimum(np.linalg.norm(before, axis=-1), np.linalg.norm(after, axis=-1))
    moving = speed > SLOW
    if not moving.any():
        return np.zeros(len(old))
    heading = [np.arctan2(*np.moveaxis(velocity, -1, 0)) for velocity in (before, after)]
    angle = _unwrapped(moving, heading[1] - heading[0])
    matrix = Banded(len(old), 3)
    matrix.add_difference(0, np.where(moving, speed, 0.0))
    matrix.add_difference(1, np.full(len(old) - 1, 1e-3))
    matrix.add_difference(3, np.full(len(old) - 3, (STRIDE * fps) ** 6))
    return matrix.solve(np.where(moving, speed, 0.0) * angle)


def _velocity(path: Array, fps: float) -> Array:
    return gaussian_filter1d(np.gradient(path, 1 / fps, axis=0), STRIDE * fps, axis=0, mode="nearest")
