"""The same movement played otherwise: on the spot, or in another time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from motion.core import BadInput, Motion, Trajectory
from motion.core.axes import UP, ground, height
from motion.core.rotation import quat_xyzw_to_rotmat, rotmat_to_quat_xyzw

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
    """The clip in ``duration`` seconds at the same frame rate: all of it, contacts too, faster or slower alike.

    First and last pose and the path stay, and what rests keeps resting.

    Raises:
        BadInput: a duration further than ``MOST_STRETCH`` from the clip's, or of less than two frames.
    """
    check_stretch(clip.duration, duration, clip.fps)
    count = round(duration * clip.fps)
    if clip.num_frames < 2 or count == clip.num_frames:
        return clip
    return played_at(clip, np.linspace(0, clip.num_frames - 1, count), clip.fps)


def check_stretch(made: float, duration: float, fps: float) -> None:
    """Raises ``BadInput`` when a clip that lasts ``made`` s cannot be retimed to ``duration`` s."""
    least, most = max(made / MOST_STRETCH, 2 / fps), made * MOST_STRETCH
    if not least <= duration <= most:
        raise BadInput(f"a clip of {made:.2f} s can be retimed to {least:.2f} to {most:.2f} s, got {duration:g}")


def played_at(clip: Motion, frame: Array, fps: float) -> Motion:
    """The clip at ``frame`` (N,), fractions of its frames, as frames of a clip at ``fps``: smooth in between."""
    every = np.arange(clip.num_frames)
    root = CubicSpline(every, clip.root_position)(frame)
    quaternion = CubicSpline(every, _continuous(rotmat_to_quat_xyzw(clip.joint_rotation)))(frame)
    contacts = None if clip.contacts is None else clip.contacts[np.round(frame).astype(int)]
    return replace(clip, root_position=root, joint_rotation=quat_xyzw_to_rotmat(quaternion), fps=fps, contacts=contacts)


def _continuous(quaternion: Array) -> Array:
    """Unit quaternions (T, J, 4) whose sign never jumps from frame to frame."""
    flips = np.sum(quaternion[1:] * quaternion[:-1], axis=-1) < 0
    sign = np.where(np.cumsum(flips, axis=0) % 2 == 1, -1.0, 1.0)
    return np.concatenate([quaternion[:1], quaternion[1:] * sign[..., None]])
