"""A joint of its own for the way over the ground, as game engines read it: ``root`` goes and turns, the pelvis bobs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import UP, from_ground, ground, height
from motion.core.clip import Motion
from motion.core.rotation import rotmat_to_yaw, yaw_to_rotmat

Array = NDArray[np.floating]

#: What the joint is called.
ROOT_JOINT = "root"

#: Where the way over the ground can be: on the pelvis, or on a joint of its own above it.
ROOT_MOTION = ("hips", "root")


def carried(clip: Motion) -> tuple[Array, Array, Motion]:
    """The root's place (T, 3) m on the floor, its heading (T, 3, 3), and the clip as it is seen from there."""
    turn = yaw_to_rotmat(rotmat_to_yaw(clip.joint_rotation[:, 0]))
    rotation = clip.joint_rotation.copy()
    rotation[:, 0] = np.swapaxes(turn, -1, -2) @ rotation[:, 0]
    seen = replace(clip, root_position=height(clip.root_position)[:, None] * UP, joint_rotation=rotation)
    return from_ground(ground(clip.root_position)), turn, seen
