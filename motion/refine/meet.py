"""The closing projection: what is known of a clip is met exactly, and the feet are cleaned again around it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from motion.core import BadInput, Motion, Observation
from motion.core.axes import from_ground, ground, height
from motion.core.rotation import rotmat_to_rotvec, rotmat_to_yaw, yaw_to_rotmat
from motion.metrics.contacts import foot_clearances, foot_contacts
from motion.refine.foot_lock import lock_feet
from motion.refine.keys import completed, through_keys
from motion.refine.path import on_path
from motion.refine.reach import with_limbs, with_trunk
from motion.refine.steps import with_steps
from motion.refine.swing import swing_clearance

Array = NDArray[np.floating]
Flags = NDArray[np.bool_]

#: How feet are cleaned: ``auto`` leaves alone what is dragged far on purpose, ``always`` holds whatever touches.
FEET = ("auto", "always", "never")
FURTHEST = {"auto": 0.3, "always": np.inf}
#: A joint that comes to lie higher than this above where it stands, in metres, is no longer in contact.
LIFTED = 0.1
LEG = ("hip", "knee", "ankle")


def meet(
    clip: Motion, asked: Observation, feet: str = "auto", kept: Flags | None = None
) -> tuple[Motion, dict[str, float]]:
    """The clip changed as little and as smoothly as possible so that all that is known of it holds.

    In this order: the path and the heading, whole-body keys (known rotations and the root's height), the trunk and the
    legs for what is asked of head, hands and feet, the standing feet, and last the arms, which move no foot.

    Args:
        clip: the motion, at any frame rate.
        asked: what must hold; its T frames and J joints are the clip's. Single joints that can be placed without known
            rotations are head, wrists, hands, ankles and feet; others only show in the errors.
        feet: ``"auto"``, ``"always"`` or ``"never"``: how sliding feet are cleaned (see ``FEET``). Never in frames that
            tell something of the legs.
        kept: (T,) bool, frames that stay bit-identical; the rest comes to them smoothly. Default: none.

    Returns:
        The clip and the largest error of what was asked: of ``path_m``, ``heading_rad``, ``rotation_rad`` and
        ``joint_m``, those that were asked for.

    Raises:
        BadInput: an unknown way to treat feet, or numbers of frames or joints that are not the clip's.
    """
    kept = np.zeros(clip.num_frames, bool) if kept is None else np.asarray(kept, dtype=bool)
    _check(clip, asked, feet, kept)
    whole = completed(asked, clip, kept)
    contacts = foot_contacts(clip, floor=None, slack=1.25) if clip.contacts is None else clip.contacts
    moved = on_path(through_keys(on_path(clip, whole), whole), whole)
    placed = with_limbs(with_trunk(moved, whole), whole, "leg", stay=moved.joint_positions())
    if feet != "never":
        contacts = contacts & (foot_clearances(placed) < LIFTED)
        protected = _of_legs(clip, whole)
        placed, contacts = with_steps(placed, contacts, protected)
        least = swing_clearance(placed, contacts)
        placed = lock_feet(placed, contacts, furthest=FURTHEST[feet], protected=protected, least=least)
    # The feet may have changed the body's height: once more, from where they stand now.
    leant = with_limbs(with_trunk(placed, whole, start=moved), whole, "leg", stay=placed.joint_positions())
    placed = with_limbs(leant, whole, "arm")
    met = _exact(placed, clip, whole, kept)
    return met, errors(met, asked)


def errors(clip: Motion, asked: Observation) -> dict[str, float]:
    """The largest difference from each kind of known value, named as ``meet`` names them.

    Where the place is not known, the root's position counts by its height, and where the heading is not, its rotation
    by its tilt.
    """
    positions, yaw = clip.joint_positions(), rotmat_to_yaw(clip.joint_rotation[:, 0])
    place, turn = asked.joint_position_known, asked.joint_rotation_known
    wanted, wanted_rotation = asked.joint_position.copy(), asked.joint_rotation.copy()
    floats, tilts = place[:, 0] & ~asked.root_ground_known, turn[:, 0] & ~asked.heading_known
    wanted[floats, 0] = from_ground(ground(positions[floats, 0]), height(wanted[floats, 0]))
    other = rotmat_to_yaw(wanted_rotation[tilts, 0])
    wanted_rotation[tilts, 0] = yaw_to_rotmat(yaw[tilts] - other) @ wanted_rotation[tilts, 0]
    relative = np.swapaxes(clip.joint_rotation[turn], -1, -2) @ wanted_rotation[turn]
    away = (yaw - asked.heading + np.pi) % (2 * np.pi) - np.pi
    path = ground(positions[:, 0]) - asked.root_ground
    found = {
        "path_m": np.linalg.norm(path[asked.root_ground_known], axis=-1),
        "heading_rad": np.abs(away[asked.heading_known]),
        "rotation_rad": np.linalg.norm(rotmat_to_rotvec(relative), axis=-1),
        "joint_m": np.linalg.norm((positions - wanted)[place], axis=-1),
    }
    return {name: float(error.max()) for name, error in found.items() if error.size}


def _of_legs(clip: Motion, asked: Observation) -> Flags:
    """(T,) bool, frames that tell where the feet are, or how high the body is."""
    legs = [clip.skeleton.index(f"{side}_{name}") for side in ("left", "right") for name in (*LEG, "foot")]
    told = asked.joint_rotation_known[:, legs] | asked.joint_position_known[:, legs]
    return told.any(axis=1) | asked.joint_position_known[:, 0]


def _exact(placed: Motion, clip: Motion, asked: Observation, kept: Flags) -> Motion:
    """What is known, to the last bit where it can be: rotations, the root's path, frames that are kept."""
    rotation = np.where(asked.joint_rotation_known[..., None, None], asked.joint_rotation, placed.joint_rotation)
    rotation[kept] = clip.joint_rotation[kept]
    root = np.where(kept[:, None], clip.root_position, placed.root_position)
    contacts = placed.contacts
    if contacts is not None and clip.contacts is not None:
        contacts = np.where(kept[:, None], clip.contacts, contacts)
    return replace(placed, root_position=root, joint_rotation=rotation, contacts=contacts)


def _check(clip: Motion, asked: Observation, feet: str, kept: Flags) -> None:
    if feet not in FEET:
        raise BadInput(f"feet must be one of {', '.join(FEET)}, got {feet!r}")
    if asked.joint_position_known.shape != (clip.num_frames, clip.skeleton.num_joints):
        raise BadInput(
            f"what is asked must be of {clip.num_frames} frames and {clip.skeleton.num_joints} joints like the clip, "
            f"got {asked.joint_position_known.shape}"
        )
    if kept.shape != (clip.num_frames,):
        raise BadInput(f"kept must be ({clip.num_frames},), got {kept.shape}")
