"""Arms that are calm where one thing passes into the next: sudden turns are spread over a longer while."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from motion.core import Motion
from motion.core.body_parts import LIMB_JOINTS
from motion.core.rotation import rotmat_to_rotvec, rotvec_to_rotmat

Array = NDArray[np.floating]

#: Seconds before and after a moment within which turns are spread, and over how many (a standard deviation).
BEFORE, AFTER = 0.3, 0.9
SPREAD = 0.08

#: Joints that may be calmed: legs stand on the floor, and the trunk carries everything.
CALMED = tuple(joint for side in ("left", "right") for joint in LIMB_JOINTS[f"{side}_arm"])


def calmed(clip: Motion, moments: Sequence[float]) -> Motion:
    """The clip whose arms turn more evenly around some moments, in s; elsewhere it stays as it is.

    The angular velocity in the world is averaged, and what is then lacking of the whole turn is shared out smoothly. No
    mean of rotations is taken: half way between two opposite ones it would spin.
    """
    if not moments:
        return clip
    rotations = clip.in_world[0].copy()
    joints = [clip.skeleton.index(name) for name in (*CALMED, "left_hand", "right_hand")]
    for moment in moments:
        first = max(0, round((moment - BEFORE) * clip.fps))
        last = min(clip.num_frames - 1, round((moment + AFTER) * clip.fps))
        if last - first >= 4:
            span = slice(first, last + 1)
            rotations[span, joints] = _evened(rotations[span, joints], SPREAD * clip.fps)
    local = clip.skeleton.local_rotations(rotations)
    rotation = clip.joint_rotation.copy()
    rotation[:, joints] = local[:, joints]
    return replace(clip, joint_rotation=rotation)


def _evened(rotations: Array, sigma: float) -> Array:
    """Rotations (T, J, 3, 3) from the same first to the same last ones, the angular velocity averaged over frames."""
    turns = rotmat_to_rotvec(np.swapaxes(rotations[:-1], -1, -2) @ rotations[1:])
    even = rotvec_to_rotmat(gaussian_filter1d(turns, sigma, axis=0, mode="nearest"))
    result = rotations.copy()
    for frame in range(len(even)):
        result[frame + 1] = result[frame] @ even[frame]
    lacking = rotmat_to_rotvec(np.swapaxes(result[-1], -1, -2) @ rotations[-1])
    share = np.linspace(0.0, 1.0, len(rotations))
    share = share**3 * (10.0 - 15.0 * share + 6.0 * share**2)
    result = result @ rotvec_to_rotmat(share[:, None, None] * lacking)
    result[-1] = rotations[-1]
    return result
