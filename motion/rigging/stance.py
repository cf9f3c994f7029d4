"""A character put into another one's rest pose: an A becomes a T, legs apart or in mid-step come to stand.

Each limb is swung, without twist, until it points where the other's points; soles stay flat, the trunk is as it is.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import UP, ground, height
from motion.core.rotation import vectors_to_rotmat, yaw_to_rotmat
from motion.core.skeleton import Skeleton
from motion.metrics.contacts import FOOT_JOINT_HEIGHT
from motion.rigging.people import Person

Array = NDArray[np.floating]

#: Limb bones whose direction becomes the other's: joint -> the joint at the other end.
SWUNG = {"shoulder": "elbow", "elbow": "wrist", "hip": "knee", "knee": "ankle"}
#: A hand that rests bent by more than this (rad) against the other's is straightened; people differ by less.
BENT = np.radians(20.0)
#: A foot that rests steeper than the other's by more (rad) does not stand on its sole; high heels are less steep.
ON_TIPTOE = np.radians(40.0)


def stands_like(person: Person, model: Person) -> Person:
    """The person, whose skeleton rests as the model's does; ``turns`` tells what that took."""
    ours, theirs = person.skeleton, model.skeleton
    swings, flat = _swings(theirs, ours)
    turns = np.stack([swings[name] for name in ours.joint_names])
    parents = ours.parents
    offsets = np.where(
        parents[:, None] >= 0, np.einsum("jab,jb->ja", turns[parents], ours.rest_offsets), ours.rest_offsets
    )
    moved = Skeleton(ours.joint_names, parents, offsets)
    sides = ("left", "right")
    before, after = (
        np.array(
            [[height(one.rest_positions[one.index(f"{side}_{part}")]) for part in ("ankle", "foot")] for side in sides]
        )
        for one in (ours, moved)
    )
    ankle, ball = after.mean(axis=0)
    stand = before[:, 0].min() if flat else FOOT_JOINT_HEIGHT + ankle - ball  # of feet that are lifted the lower one
    offsets[0] += UP * (stand - ankle)
    return replace(person, skeleton=Skeleton(ours.joint_names, parents, offsets), turns=turns)


def _swings(model: Skeleton, own: Skeleton) -> tuple[dict[str, Array], bool]:
    """Role -> (3, 3) that takes its rest pose to the model's; whether both feet rest on their soles."""
    there, here = model.rest_positions, own.rest_positions
    both = set(model.joint_names) & set(own.joint_names)
    swings: dict[str, Array] = {name: np.eye(3) for name in own.joint_names}
    flat = True

    def directions(start: str, end: str) -> tuple[Array, Array]:
        """The model's direction, and the own one."""
        return (there[model.index(end)] - there[model.index(start)], here[own.index(end)] - here[own.index(start)])

    for side in ("left", "right"):
        for chain in (("shoulder", "elbow", "wrist", "hand"), ("hip", "knee")):
            swing: Array = np.eye(3)
            for part in chain:
                name, end = f"{side}_{part}", f"{side}_{SWUNG.get(part, 'hand')}"
                if {name, end} <= both and name != end:
                    wanted, is_now = directions(name, end)
                    if part in SWUNG or _angle(swing @ is_now, wanted) > BENT:
                        swing = vectors_to_rotmat(swing @ is_now, wanted) @ swing
                swings[name] = swing
        foot = (f"{side}_ankle", f"{side}_foot")
        wanted, is_now = directions(*foot)
        a, b = ground(wanted), ground(is_now)
        turn: Array = yaw_to_rotmat(np.arctan2(a[0], a[1]) - np.arctan2(b[0], b[1]))
        if _angle(turn @ is_now, wanted) > ON_TIPTOE:
            turn, flat = vectors_to_rotmat(is_now, wanted), False
        swings |= dict.fromkeys(foot, turn)
    return swings, flat


def _angle(a: Array, b: Array) -> float:
    return float(np.arctan2(np.linalg.norm(np.cross(a, b)), a @ b))
