"""A clip put into a place: its feet onto the floor there, and out of things whatever is in them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from motion.core import Motion, Observation, Place
from motion.refine.on_floor import onto_floor
from motion.refine.outline import Outline
from motion.refine.push_out import pushed_out

Array = NDArray[np.floating]


def put_into(clip: Motion, place: Place, outline: Outline, asked: Observation, feet: str = "auto") -> Motion:
    """The clip in a place.

    Args:
        clip: made for a floor at height 0; its way over the ground is the place's.
        place: the distances and the floor.
        outline: of the clip's body.
        asked: what must hold: joints that are known stay, whatever they are in.
        feet: ``never``: they are raised to the floor and left alone.
    """
    raised = onto_floor(clip, place, outline.feet, steps=feet != "never")
    fixed = asked.joint_position_known | asked.joint_rotation_known
    return pushed_out(raised, place, outline, fixed)
