"""The same movement played otherwise: on the spot, or in another time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from motion.core import BadInput, Motion, Trajectory
from motion.core.axes import UP, ground, height
from motion.core.rotation import quat_xyzw_to_rotmat, rotmat_to_quat_xyzw
from motion.metrics.contacts import foot_contacts
from motion.refine.foot_lock import lock_feet

Array = NDArray[np.floating]

#: A clip is played at most this many times faster or slower.
MOST_STRETCH = 4.0


def in_place(clip: Motion) -> tuple[Motion, Trajectory]:
    """The clip on the spot, above the origin, and the way over the ground that was taken out of it.

    Heights, heading and pose stay. Adding the way's positions (T, 2) to the root's gives the clip back.
    """
    on_spot = replace(clip, root_position=height(clip.root_position)[:, None] * UP)
    return on_spot, Trajectory(ground(clip.root_position), clip.fps)


def retimed(clip: Motion, duration: float) -> Motion:
    """The clip in ``duration`` seconds at the same frame rate: first and last pose and the path stay, feet are cleaned.

    Raises:
        BadInput: a duration further than ``MOST_STRETCH`` from the clip's, or of less than two frames.
    """
    least = max(clip.duration / MOST_STRETCH, 2 / clip.fps)
    most = clip.duration * MOST_STRETCH
    if not least <= duration <= most:
        raise BadInput(f"a clip of {clip.duration:.2f} s can be retimed to {least:.2f} to {most:.2f} s, got {duration}")
    count = round(duration * clip.fps)
    frame = np.linspace(0, clip.num_frames - 1, count)
    if clip.num_frames < 2 or count == clip.num_frames:
        return clip
    contacts = foot_contacts(clip, floor=None, slack=1.25) if clip.contacts is None else clip.contacts
    contacts = contacts[np.round(frame).astype(int)]
    every = np.arange(clip.num_frames)
    root = CubicSpline(every, clip.root_position)(frame)
    quaternion = CubicSpline(every, _continuous(rotmat_to_quat_xyzw(clip.joint_rotation)))(frame)
    played = replace(clip, root_position=root, joint_rotation=quat_xyzw_to_rotmat(quaternion), contacts=contacts)
    return lock_feet(played, contacts)


def _continuous(quaternion: Array) -> Array:
    """Unit quaternions (T, J, 4) whose sign never jumps from frame to frame."""
    flips = np.sum(quaternion[1:] * quaternion[:-1], axis=-1) < 0
    sign = np.where(np.cumsum(flips, axis=0) % 2 == 1, -1.0, 1.0)
    return np.concatenate([quaternion[:1], quaternion[1:] * sign[..., None]])
