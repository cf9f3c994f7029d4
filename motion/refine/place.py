"""A clip put into a place: its feet onto the floor there, and out of things whatever is in them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from motion.core import Motion, Observation, Place
from motion.core.axes import UP, ground
from motion.refine.on_floor import onto_floor
from motion.refine.outline import Outline
from motion.refine.push_out import pushed_out
from motion.refine.reach import with_limbs

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
    fixed = asked.joint_position_known | asked.joint_rotation_known
    legs = [joint for sole in outline.feet for joint in (sole.leg.root, sole.leg.middle, sole.leg.end, sole.leg.tip)]
    raised = onto_floor(clip, place, outline.feet, steps=feet != "never" and not fixed[:, legs].any())
    if asked.joint_position_known.any():  # their heights are told from the floor where the person is
        floor = place.along(ground(clip.root_position))[:, None, None] * UP
        here = np.where(asked.joint_position_known[..., None], asked.joint_position + floor, 0.0)
        raised = with_limbs(raised, replace(asked, joint_position=here), "arm")
    return pushed_out(raised, place, outline, fixed)
