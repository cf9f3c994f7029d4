"""Feet that stand still: foot-skate clean-up by smooth corrections and leg inverse kinematics.

For every foot the smallest and smoothest correction of ankle and toe is found that keeps what is in contact at rest
and on the floor: one banded least-squares problem in time, whose terms are the size of the correction, its jerk (so
that locks fade in and out without a jolt) and, during contact, the remaining speed. The legs then follow by two-bone
inverse kinematics; everything above the hips keeps its rotations.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from motion.core import BadInput, Motion
from motion.core.axes import UP, from_ground, ground, height
from motion.core.rotation import vectors_to_rotmat
from motion.metrics.contacts import SHORTEST, drop_short, foot_clearances, foot_contacts, standing_heights
from motion.metrics.physical import mean_jerk
from motion.refine.banded import BINDING, Banded
from motion.refine.limb_ik import Limb, reach_end

Array = NDArray[np.floating]
Flags = NDArray[np.bool_]

#: Seconds over which a correction comes and goes.
FADE = 0.1
#: Weight of a sliding foot against a displaced one, in seconds: longer than a step, so that contact wins. Where that
#: shakes the body, the next is tried.
HOLDS = (2.0, 0.6, 0.2)
#: The most by which the clip's mean jerk may grow, and the mean jerk in m/s^3 that is calm whatever it was before
#: (somebody who stands: 10; a recorded walk: 100 to 300).
JERK_GROWTH = 1.1
CALM = 25.0
#: Weight of height error in contact against displacement.
LEVEL = 60.0
#: Weight of ankle and toe being corrected alike.
RIGID = 3.0
#: A standing foot may hover this much, in metres, before it is lowered (recorded feet hover as much). One further from
#: the floor than ``LYING`` below or ``STEP`` above does not stand flat on it: its height is left alone.
HOVER = 0.008
LYING = -0.05
STEP = 0.12
#: Of recorded motion: how far a contact may move a foot, in metres.
FURTHEST = 0.15
#: Seconds over which the whole body's height is corrected, and the most it is lowered to let a leg reach, in metres.
SETTLE = 0.6
DEEPEST = 0.05


def lock_feet(
    clip: Motion,
    contacts: Flags | None = None,
    floor: float = 0.0,
    furthest: float = FURTHEST,
    protected: Flags | None = None,
    least: Array | None = None,
) -> Motion:
    """A copy of the clip whose feet neither slide nor sink while they stand.

    Args:
        clip: the motion, at any frame rate.
        contacts: (T, 4) bool in the order of ``Motion.contacts``; default: the clip's own, else detected.
        floor: height of the floor in metres.
        furthest: a contact that would move a foot further than this, in metres, is no contact: the foot is dragged on
            purpose.
        protected: (T,) bool, frames that stay exactly as they are; corrections fade to nothing towards them, and a
            foot that stands through one stands where it is there.
        least: (T, 4) m, how high above where it stands each joint is to be where it is not in contact; default: not
            below the floor.

    Returns:
        The clip with other legs and, where the height of the body was wrong or a leg too short, another root height;
        ``contacts`` holds the contacts used. Its ground path and upper body are untouched.
    """
    contacts = _checked_contacts(clip, contacts)
    least = np.zeros(contacts.shape) if least is None else least
    nothing_to_do = not contacts.any() and foot_clearances(clip).min() >= floor
    if nothing_to_do or clip.num_frames < 4:
        return replace(clip, contacts=contacts)
    protected = np.zeros(clip.num_frames, bool) if protected is None else np.asarray(protected, dtype=bool)
    if protected.shape != (clip.num_frames,):
        raise BadInput(f"protected must be ({clip.num_frames},), got {protected.shape}")
    calm = max(CALM, JERK_GROWTH * mean_jerk(clip))
    for hold in HOLDS:
        locked = _locked(clip, contacts, floor, hold, furthest, protected, least)
        if mean_jerk(locked) <= calm:
            break
    return locked


def _locked(
    clip: Motion, contacts: Flags, floor: float, hold: float, furthest: float, protected: Flags, least: Array
) -> Motion:
    legs = [Limb.leg(clip.skeleton, side) for side in ("left", "right")]
    standing = standing_heights(clip.skeleton) + floor
    rotations, positions = clip.skeleton.forward_kinematics(clip.root_position, clip.joint_rotation)
    positions = positions + _body_lift(legs, positions, contacts, standing, protected, clip.fps)[:, None, None] * UP

    targets = [
        _foot_targets(
            leg, positions, contacts[:, feet], standing[feet], hold, furthest, protected, least[:, feet], clip.fps
        )
        for leg, feet in zip(legs, (slice(0, 2), slice(2, 4)), strict=True)
    ]
    longest = [leg.longest_reach(positions) for leg in legs]
    down = crouch(legs, positions, targets, longest, clip.fps) * _away_from(protected, clip.fps)
    positions = positions - down[:, None, None] * UP
    local = with_feet_at(clip, legs, rotations, positions, targets, longest)
    root = np.where(protected[:, None], clip.root_position, positions[:, 0])
    local[protected] = clip.joint_rotation[protected]
    return replace(clip, root_position=root, joint_rotation=local, contacts=contacts)


def _away_from(protected: Flags, fps: float) -> Array:
    """(T,) 0 at protected frames, 1 away from them, smooth between."""
    if not protected.any():
        return np.ones(len(protected))
    reach = max(1, round(1.5 * FADE * fps))
    near = maximum_filter1d(protected.astype(float), 4 * reach + 1, mode="nearest")
    return 1 - gaussian_filter1d(near, reach / 2, mode="nearest")


def _checked_contacts(clip: Motion, contacts: Flags | None) -> Flags:
    contacts = clip.contacts if contacts is None else contacts
    if contacts is None:
        return foot_contacts(clip, floor=None, slack=1.25)
    contacts = np.asarray(contacts, dtype=bool)
    if contacts.shape != (clip.num_frames, 4):
        raise BadInput(f"contacts must be ({clip.num_frames}, 4), got {contacts.shape}")
    shortest = max(1, round(SHORTEST * clip.fps))
    return drop_short(~drop_short(~contacts, shortest, keep_ends=True), shortest, keep_ends=True)


def _body_lift(
    legs: list[Limb], positions: Array, contacts: Flags, standing: Array, protected: Flags, fps: float
) -> Array:
    """(T,) m, slow change of the body's height that brings the standing feet to the floor on average."""
    joints = [joint for leg in legs for joint in (leg.end, leg.tip)]
    clearance = height(positions[:, joints]) - standing
    counts = contacts & (clearance > LYING) & (clearance < STEP)
    lowest = np.where(counts, clearance, np.inf).min(axis=1)
    active = np.isfinite(lowest)
    error = np.where(active, lowest - np.clip(lowest, 0.0, HOVER), 0.0)
    matrix = Banded(len(error), 2)
    matrix.add_difference(2, np.full(len(error) - 2, (SETTLE * fps) ** 4))
    matrix.add_difference(0, active + 1e-3)
    matrix.add_difference(0, BINDING * matrix.bands.max() * protected)
    return matrix.solve(-error * active)


def _foot_targets(
    leg: Limb,
    positions: Array,
    contacts: Flags,
    standing: Array,
    hold: float,
    furthest: float,
    protected: Flags,
    least: Array,
    fps: float,
) -> Array:
    """(T, 2, 3) m, where ankle and toe should be."""
    points = positions[:, [leg.end, leg.tip]]
    planar = _planar_correction(ground(points), contacts, hold, protected, fps)
    dragged = np.linalg.norm(planar, axis=-1) > furthest
    if dragged.any():
        planar = _planar_correction(ground(points), contacts & ~dragged, hold, protected, fps)
    clearance = height(points) - standing
    target = points + from_ground(planar, _height_correction(clearance, contacts, protected, least, fps))
    # Ankle and toe were corrected apart: restore the foot's length, moving the joint that does not stand.
    length = np.linalg.norm(points[:, 1] - points[:, 0], axis=-1, keepdims=True)
    along = target[:, 1] - target[:, 0]
    excess = along * (1 - length / np.maximum(np.linalg.norm(along, axis=-1, keepdims=True), 1e-9))
    stands = gaussian_filter1d(contacts.astype(float), 0.3 * FADE * fps, axis=0, mode="nearest") + 0.05
    toe_share = (stands[:, :1] / stands.sum(axis=1, keepdims=True)) ** 2
    toe_share = toe_share / (toe_share + (stands[:, 1:] / stands.sum(axis=1, keepdims=True)) ** 2)
    target[:, 0] += (1 - toe_share) * excess
    target[:, 1] -= toe_share * excess
    return target


def _smooth_correction(protected: Flags, fps: float) -> Banded:
    """The terms every correction has: size, jerk, ankle moving like toe, and nothing where protected."""
    frames = len(protected)
    matrix = Banded(2 * frames, 6)
    matrix.add_difference(0, np.ones(2 * frames))
    matrix.add_difference(3, np.full(2 * (frames - 3), (FADE * fps) ** 6), stride=2)
    matrix.add_difference(1, np.where(np.arange(2 * frames - 1) % 2 == 0, RIGID, 0.0))
    matrix.add_difference(0, BINDING * matrix.bands.max() * np.repeat(protected, 2))
    return matrix


def _planar_correction(planar: Array, contacts: Flags, hold: float, protected: Flags, fps: float) -> Array:
    """(T, 2, 2) m, ground-plane corrections of ankle and toe that bring both to rest in contact."""
    frames = len(planar)
    matrix = _smooth_correction(protected, fps)
    held = (hold * fps) ** 2 * (contacts[1:] & contacts[:-1]).reshape(-1)
    matrix.add_difference(1, held, stride=2)
    slide = held[:, None] * np.diff(planar, axis=0).reshape(-1, 2)
    right = np.zeros((2 * frames, 2))
    right[:-2] += slide
    right[2:] -= slide
    return matrix.solve(right).reshape(frames, 2, 2)


def _height_correction(clearance: Array, contacts: Flags, protected: Flags, least: Array, fps: float) -> Array:
    """(T, 2) m, upward corrections of ankle and toe: on the floor in contact, else never below ``least`` (T, 2) m."""
    least = np.where(contacts, 0.0, least)
    frames = len(clearance)
    upright = clearance > LYING
    active = contacts & upright & (clearance < STEP)
    for _ in range(3):  # what sinks after a solve is held at its least height in the next
        matrix = _smooth_correction(protected, fps)
        matrix.add_difference(0, LEVEL * active.reshape(-1))
        wanted = np.clip(clearance, least, np.maximum(least, HOVER)) - clearance
        correction = matrix.solve(LEVEL * (active * wanted).reshape(-1)).reshape(frames, 2)
        sunk = (clearance + correction < least - 0.001) & upright & ~active & ~protected[:, None]
        if not sunk.any():
            break
        active = active | sunk
    return correction


def crouch(
    legs: list[Limb], positions: Array, targets: list[Array], longest: list[Array], fps: float, deepest: float = DEEPEST
) -> Array:
    """(T,) m, how far the body comes down so that the legs reach their targets; smooth, at most ``deepest``."""
    needed = np.zeros(len(positions))
    for leg, target, limit in zip(legs, targets, longest, strict=True):
        gap = positions[:, leg.root] - target[:, 0]
        aside = np.sum(ground(gap) ** 2, axis=-1)
        needed = np.maximum(needed, height(gap) - np.sqrt(np.maximum(limit**2 - aside, 0.0)))
    reach = max(1, round(1.5 * FADE * fps))
    ahead = maximum_filter1d(np.clip(needed, 0.0, deepest), 2 * reach + 1, mode="nearest")
    return gaussian_filter1d(ahead, reach / 2, mode="nearest")


def with_feet_at(
    clip: Motion, legs: list[Limb], rotations: Array, positions: Array, targets: list[Array], longest: list[Array]
) -> Array:
    """R_parent_joint (T, J, 3, 3) of the clip with each ankle and foot at its target (T, 2, 3) m.

    Args:
        clip: whose other joints stay.
        legs: which.
        rotations, positions: R_world_joint (T, J, 3, 3) and places (T, J, 3) m from which the legs are bent.
        targets, longest: of each leg, as of ``reach_end``.
    """
    for leg, target, limit in zip(legs, targets, longest, strict=True):
        rotations = _with_foot_at(leg, rotations, positions, target, limit)
    legs_only = [joint for leg in legs for joint in (leg.root, leg.middle, leg.end)]
    local = clip.joint_rotation.copy()
    parents = np.swapaxes(rotations[:, clip.skeleton.parents[legs_only]], -1, -2)
    local[:, legs_only] = parents @ rotations[:, legs_only]
    return local


def _with_foot_at(leg: Limb, rotations: Array, positions: Array, target: Array, longest: Array) -> Array:
    """R_world_joint (T, J, 3, 3) with the leg's ankle at ``target[:, 0]`` and its foot pointing to ``target[:, 1]``."""
    result = rotations.copy()
    foot = positions[:, leg.tip] - positions[:, leg.end]
    result[:, leg.root], result[:, leg.middle] = reach_end(leg, rotations, positions, target[:, 0], longest)
    result[:, leg.end] = vectors_to_rotmat(foot, target[:, 1] - target[:, 0]) @ rotations[:, leg.end]
    return result
