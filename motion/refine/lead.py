"""A body led to where its hands and feet are to be: whoever is to touch a thing far off first has to go there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from motion.core import Motion, Observation
from motion.core.axes import ground

Array = NDArray[np.floating]
Flags = NDArray[np.bool_]

#: What a limb and the trunk bridge by themselves, in metres over the ground.
NEAR = 0.15

#: Rounds of leading: who goes another way turns, and the hand with it.
ROUNDS = 3


def led_to(clip: Motion, asked: Observation, along: Callable[[Observation], Motion]) -> Motion:
    """The clip whose way passes so near to the known places of single joints that limbs can do the rest.

    Frames whose place on the ground is known keep it, and so do frames in which nothing is far from its place. Where
    all is near, the clip comes back as it is.

    Args:
        clip: the motion on the way it goes so far: ``along(asked)``.
        asked: what is known; its T frames and J joints are the clip's.
        along: puts the motion on the way that an observation tells.
    """
    told = asked.joint_position_known.copy()
    told[:, 0] = False
    told[asked.root_ground_known] = False
    frames: Flags = np.any(told, axis=1)
    for _ in range(ROUNDS):
        gap = np.where(told[..., None], ground(asked.joint_position - clip.joint_positions()), 0.0)
        gap = gap.sum(axis=1) / np.maximum(told.sum(axis=1), 1)[:, None]
        far = np.linalg.norm(gap, axis=-1, keepdims=True)
        if far.max() <= NEAR:
            break
        here = ground(clip.root_position) + gap * np.maximum(0.0, 1.0 - NEAR / 2 / np.maximum(far, 1e-9)) * (far > NEAR)
        clip = along(
            replace(
                asked,
                root_ground=np.where(frames[:, None], here, asked.root_ground),
                root_ground_known=asked.root_ground_known | frames,
            )
        )
    return clip
