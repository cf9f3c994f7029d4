"""A clip played within another exactly as it is; what comes before and after is led to it and away from it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import UP
from motion.core.clip import Motion
from motion.core.rotation import rotmat_to_rotvec, rotvec_to_rotmat

Array = NDArray[np.floating]

#: Seconds over which the clip around comes to what is played.
FADE = 0.35


def acted(clip: Motion, act: Motion, start: float, floor: float = 0.0) -> Motion:
    """The clip that from ``start`` s on does what another shows, whose heights count from ``floor`` m.

    The frames before and after are moved and turned by what is missing at the borders, less and less away from them.
    """
    times = np.arange(clip.num_frames) / clip.fps - start
    last = (act.num_frames - 1) / act.fps
    inside = np.flatnonzero((times >= -1e-6) & (times <= last + 1e-6))
    if not len(inside):
        return clip
    played = act.sampled_at(times[inside], clip.fps)
    root = played.root_position + floor * UP
    position, rotation = clip.root_position.copy(), clip.joint_rotation.copy()
    contacts = None if clip.contacts is None else clip.contacts.copy()
    for border, row in ((inside[0], 0), (inside[-1], -1)):
        outside = np.arange(inside[0]) if row == 0 else np.arange(inside[-1] + 1, clip.num_frames)
        share = _faded(np.abs(outside - border) / clip.fps)
        missing = root[row] - clip.root_position[border]
        turn = rotmat_to_rotvec(np.swapaxes(clip.joint_rotation[border], -1, -2) @ played.joint_rotation[row])
        position[outside] += share[:, None] * missing
        rotation[outside] = rotation[outside] @ rotvec_to_rotmat(share[:, None, None] * turn)
    position[inside], rotation[inside] = root, played.joint_rotation
    if contacts is not None and played.contacts is not None:
        contacts[inside] = played.contacts
    return replace(clip, root_position=position, joint_rotation=rotation, contacts=contacts)


def _faded(seconds: Array) -> Array:
    """1 at a border to 0 ``FADE`` s away from it, smoothly."""
    x = np.clip(1.0 - seconds / FADE, 0.0, 1.0)
    return x**3 * (10 - 15 * x + 6 * x**2)
