"""Steps: a foot that stands all the while but must stand elsewhere at the next key lifts off instead of sliding."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from motion.core import Motion, Observation
from motion.core.axes import UP, ground
from motion.refine.limb_ik import Limb
from motion.refine.reach import SIDES, with_limbs

Array = NDArray[np.floating]
Flags = NDArray[np.bool_]

#: A foot steps when its places in two keys are further apart than this, in metres.
APART = 0.03
#: Seconds a step takes, at most and at least, and how high ankle and toes are lifted, in metres.
LONGEST = 0.4
SHORTEST = 0.2
LIFT = 0.08


def with_steps(clip: Motion, contacts: Flags, protected: Flags) -> tuple[Motion, Flags]:
    """The clip with a step between any two protected frames (T,) between which a standing foot would have to slide.

    Left and right step one after the other.

    Returns:
        The clip with feet lifted, and the contacts (T, 4) without these steps. Places on the ground do not change:
        that the foot stands before and after is left to ``foot_lock``.
    """
    positions = clip.joint_positions()
    contacts, raised = contacts.copy(), positions.copy()
    steps = {side: _needed(clip, side, positions, contacts, protected) for side in SIDES}
    for column, side in enumerate(SIDES):
        limb, other = Limb.leg(clip.skeleton, side), SIDES[1 - column]
        for start, stop in steps[side]:
            both = any(a < stop and start < b for a, b in steps[other])
            length = min(LONGEST * clip.fps, (0.45 if both else 0.9) * (stop - start - 1))
            if length < SHORTEST * clip.fps:
                continue
            middle = start + (stop - start) * ((1 + column) / 3 if both else 0.5)
            share = (np.arange(clip.num_frames) - middle) / length + 0.5
            inside = (share > 0) & (share < 1)
            swing = np.where(inside, 64 * (share * (1 - share)) ** 3, 0.0)
            raised[:, limb.end] += LIFT * swing[:, None] * UP
            contacts[inside, 2 * column : 2 * column + 2] = False
    nothing = Observation.nothing(clip.num_frames, clip.skeleton.num_joints)
    return with_limbs(clip, nothing, "leg", stay=raised), contacts


def _needed(clip: Motion, side: str, positions: Array, contacts: Flags, protected: Flags) -> list[tuple[int, int]]:
    """Neighbouring protected frames between which this foot always stands, and at places that are apart."""
    limb, column = Limb.leg(clip.skeleton, side), 2 * SIDES.index(side)
    stands = np.any(contacts[:, column : column + 2], axis=1)
    places = ground(positions[:, [limb.end, limb.tip]])
    return [
        (int(a), int(b))
        for a, b in pairwise(np.flatnonzero(protected & stands))
        if b - a > 1 and stands[a : b + 1].all() and np.linalg.norm(places[b] - places[a], axis=-1).max() > APART
    ]
