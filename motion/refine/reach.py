"""Hands, feet and head brought to known places: limbs bend, and the trunk leans and sinks where they are too short."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from motion.core import Motion, Observation
from motion.core.axes import UP, from_ground, ground, height
from motion.core.rotation import rotmat_to_rotvec, rotvec_to_rotmat, vectors_to_rotmat
from motion.refine.banded import fading
from motion.refine.keys import turned_through
from motion.refine.limb_ik import LEAST_FLEXION, MOST_FLEXION, Limb, reach_end

Array = NDArray[np.floating]
Flags = NDArray[np.bool_]

SIDES = ("left", "right")
TRUNK = ("spine1", "spine2", "spine3")

#: Seconds in which half an offset is gone.
FADE = 0.2
#: Passes over the whole clip, and rounds of bending in each, each from where the last one led.
PASSES = 6
ROUNDS = 12
#: The most a joint of the trunk leans beyond what the clip does, in radians, and in one round.
MOST_LEAN = np.radians(30.0)
LEAN_STEP = np.radians(20.0)
#: The most the pelvis sinks, rises and moves aside for a target, in metres; aside only where its path is free.
DEEPEST = 0.35
HIGHEST = 0.03
ASIDE = 0.15
#: The pelvis follows by this share of what is still missing, each round, while the trunk leans.
SHARE = 0.3
#: A hand is placed by moving the wrist, at most this often, until it is this near, in metres.
TIP_ROUNDS = 12
TIP_ERROR = 0.0005
#: The trunk stops leaning once nothing misses more than this, in metres.
NEARLY = 1e-5
#: A limb reaches for its target once the trunk has brought it this near, in metres less than its length.
EASE = 0.02


def with_trunk(clip: Motion, asked: Observation, start: Motion | None = None) -> Motion:
    """The clip leaning and sinking where head, hands or feet could not reach their known places.

    Frames of which a rotation of the trunk, the root's height or its place are known keep it. The feet go with the
    pelvis: ``with_limbs`` puts them back.

    Args:
        clip: the motion.
        asked: known positions of single joints.
        start: from where the limits of leaning and sinking count; default: from the clip.
    """
    start = clip if start is None else start
    leant = clip
    for _ in range(PASSES):
        before, leant = leant, _nearer(leant, start, asked)
        if leant is before:
            break
    return leant


def _nearer(clip: Motion, start: Motion, asked: Observation) -> Motion:
    """The clip leaning and sinking further where it falls short, measured from ``start``; itself where it does not."""
    targets = _targets(clip, asked)
    frames = np.flatnonzero(np.any([known for known, _, _ in targets.values()], axis=0))
    if not len(frames):
        return clip
    few = _leaning(clip, start, asked, targets, frames)
    chain = [clip.skeleton.index(name) for name in (*TRUNK, "neck")]
    rotation, wanted, shift = clip.joint_rotation.copy(), clip.joint_rotation.copy(), np.zeros((clip.num_frames, 3))
    wanted[frames] = few.joint_rotation
    shift[frames] = few.root_position - clip.root_position[frames]
    known = _furthest(rotation[:, chain], wanted[:, chain], shift, targets["head"][0], clip.fps)
    if not known.any():
        return clip
    for joint in chain:
        held = known | asked.joint_rotation_known[:, joint]
        rotation[:, joint] = turned_through(rotation[:, joint], wanted[:, joint], held, FADE, clip.fps)
    lift = fading(known | asked.joint_position_known[:, 0], height(shift), FADE, clip.fps)
    aside = fading(known | asked.root_ground_known, ground(shift), FADE, clip.fps)
    return replace(clip, root_position=clip.root_position + from_ground(aside, lift), joint_rotation=rotation)


def _furthest(rotation: Array, wanted: Array, shift: Array, head: Flags, fps: float) -> Flags:
    """(T,) bool, frames that lean or move the most within ``FADE`` seconds, and all of the ``head``'s (T,) if any do.

    Smooth curves go through these alone: where many frames in a row are known, leaning for each would jolt. What is
    missing in between is left to the limbs and to the next pass.
    """
    turn = np.linalg.norm(rotmat_to_rotvec(np.swapaxes(rotation, -1, -2) @ wanted), axis=-1).sum(axis=1)
    size = turn + np.linalg.norm(shift, axis=-1)
    if size.max() < 10 * NEARLY:
        return np.zeros(len(size), bool)
    return head | (size > NEARLY) & (size >= maximum_filter1d(size, 2 * round(FADE * fps) + 1, mode="nearest"))


def with_limbs(clip: Motion, asked: Observation, kind: str, stay: Array | None = None) -> Motion:
    """The clip whose ``kind`` of limbs, ``"leg"`` or ``"arm"``, bend to their known places.

    Args:
        clip: the motion.
        asked: known positions of wrist or hand, ankle or foot.
        stay: (T, J, 3) m, where the ends are when nothing is asked of them; default: where they are in the clip.
    """
    for side in SIDES:
        limb = _limb(clip, kind, side)
        tip_alone = asked.joint_position_known[:, limb.tip] & ~asked.joint_position_known[:, limb.end]
        for _ in range(TIP_ROUNDS if tip_alone.any() else 1):  # a tip moves with its end's turn: come nearer in steps
            clip = _bent(clip, asked, limb, kind, stay)
            gap = clip.joint_positions()[tip_alone, limb.tip] - asked.joint_position[tip_alone, limb.tip]
            if np.all(np.linalg.norm(gap, axis=-1) < TIP_ERROR):
                break
            stay = None if stay is None else _with_end(stay, clip, limb)
    return clip


def _bent(clip: Motion, asked: Observation, limb: Limb, kind: str, stay: Array | None) -> Motion:
    rotations, positions = clip.in_world
    base = positions if stay is None else stay
    known, target = _end_target(asked, limb, positions)
    fixed = asked.joint_rotation_known[:, [limb.root, limb.middle]].all(axis=1) & ~known
    away = np.where(known[:, None], target - base[:, limb.end], 0.0)
    wanted = base[:, limb.end] + fading(known | fixed, away, FADE, clip.fps)
    moved = np.linalg.norm(wanted - positions[:, limb.end], axis=-1) > 1e-7
    if not moved.any():
        return clip
    bent = rotations.copy()
    new_root, new_middle = reach_end(limb, rotations, positions, wanted, limb.longest_reach(positions))
    bent[moved, limb.root], bent[moved, limb.middle] = new_root[moved], new_middle[moved]
    parents = clip.skeleton.parents
    local = clip.joint_rotation.copy()
    joints = [limb.root, limb.middle] + ([limb.end] if kind == "leg" else [])  # a foot keeps its direction, a hand not
    for joint in joints:
        local[moved, joint] = np.swapaxes(bent[moved, parents[joint]], -1, -2) @ bent[moved, joint]
    return _aimed(replace(clip, joint_rotation=local), asked, limb)


def _aimed(clip: Motion, asked: Observation, limb: Limb) -> Motion:
    """The end turned so that the tip points to its known place, where both are known and the end's turn is not."""
    known = asked.joint_position_known[:, limb.tip] & asked.joint_position_known[:, limb.end]
    known = known & ~asked.joint_rotation_known[:, limb.end]
    if not known.any():
        return clip
    rotations, positions = clip.in_world
    pointing = positions[known, limb.tip] - positions[known, limb.end]
    aim = vectors_to_rotmat(pointing, asked.joint_position[known, limb.tip] - positions[known, limb.end])
    wanted = clip.joint_rotation[:, limb.end].copy()
    wanted[known] = np.swapaxes(rotations[known, limb.middle], -1, -2) @ aim @ rotations[known, limb.end]
    held = known | asked.joint_rotation_known[:, limb.end]
    local = clip.joint_rotation.copy()
    local[:, limb.end] = turned_through(local[:, limb.end], wanted, held, FADE, clip.fps)
    return replace(clip, joint_rotation=local)


def _limb(clip: Motion, kind: str, side: str) -> Limb:
    return Limb.leg(clip.skeleton, side) if kind == "leg" else Limb.arm(clip.skeleton, side)


def _with_end(stay: Array, clip: Motion, limb: Limb) -> Array:
    """``stay`` with the limb's end where the clip has it."""
    result = stay.copy()
    result[:, limb.end] = clip.joint_positions()[:, limb.end]
    return result


def _end_target(asked: Observation, limb: Limb, positions: Array) -> tuple[Flags, Array]:
    """(T,) where something is asked of the limb's end, and (T, 3) m its place; from the tip's where that is known."""
    end, tip = asked.joint_position_known[:, limb.end], asked.joint_position_known[:, limb.tip]
    by_tip = asked.joint_position[:, limb.tip] - (positions[:, limb.tip] - positions[:, limb.end])
    return end | tip, np.where(end[:, None], asked.joint_position[:, limb.end], by_tip)


def _targets(clip: Motion, asked: Observation) -> dict[str, tuple[Flags, Array, Limb | None]]:
    """For the head and every limb: (T,) where a place is asked that rotations do not tell, (T, 3) m, and the limb."""
    positions = clip.joint_positions()
    head, trunk = clip.skeleton.index("head"), [clip.skeleton.index(name) for name in TRUNK]
    free = ~asked.joint_rotation_known[:, trunk].all(axis=1)
    result: dict[str, tuple[Flags, Array, Limb | None]] = {
        "head": (asked.joint_position_known[:, head] & free, asked.joint_position[:, head], None)
    }
    for kind in ("leg", "arm"):
        for side in SIDES:
            limb = _limb(clip, kind, side)
            known, target = _end_target(asked, limb, positions)
            known = known & free & ~asked.joint_rotation_known[:, [limb.root, limb.middle]].all(axis=1)
            result[f"{side} {kind}"] = (known, target, limb)
    return result


def _leaning(
    clip: Motion,
    start: Motion,
    asked: Observation,
    targets: dict[str, tuple[Flags, Array, Limb | None]],
    frames: NDArray[np.integer],
) -> Motion:
    """The poses of ``frames`` (K) with the trunk bent and the pelvis moved towards its targets."""
    skeleton = clip.skeleton
    few, start = (
        replace(one, root_position=one.root_position[frames], joint_rotation=one.joint_rotation[frames], contacts=None)
        for one in (clip, start)
    )
    spine, head = skeleton.index(TRUNK[0]), skeleton.index("head")
    free_height = ~asked.joint_position_known[frames, 0]
    free_place = ~asked.root_ground_known[frames, None]
    for _ in range(ROUNDS):
        positions = few.joint_positions()
        shift, short = np.zeros((len(frames), 3)), False
        for known, target, limb in targets.values():
            here, aim = known[frames, None], target[frames]
            joint = head if limb is None else limb.root
            gap = here * (aim - positions[:, head] if limb is None else _short(limb, positions, aim))
            if np.linalg.norm(gap, axis=-1).max() < NEARLY:
                continue
            short = True
            if limb is None or limb.hinge @ UP:  # the trunk carries head and arms
                lever = positions[:, joint] - positions[:, spine]
                turn = rotmat_to_rotvec(vectors_to_rotmat(lever, lever + gap))
                chain = TRUNK if limb else (*TRUNK, "neck")
                few = _leaned(few, start, turn, chain, asked.joint_rotation_known[frames])
                gap = SHARE * gap
            shift = np.where(_size(gap) > _size(shift), gap, shift)
        if not short:
            break
        before = few.root_position - start.root_position
        moved = before + shift
        rise = np.where(free_height, np.clip(height(moved), -DEEPEST, HIGHEST), height(before))
        near = ground(moved) * np.minimum(1.0, ASIDE / np.maximum(_size(ground(moved)), 1e-9))
        aside = np.where(free_place, near, ground(before))
        few = replace(few, root_position=start.root_position + from_ground(aside, rise))
    return few


def _short(limb: Limb, positions: Array, target: Array) -> Array:
    """(K, 3) m, how the limb's root must move for the target to be in reach, neither too far nor too near."""
    gap = target - positions[:, limb.root]
    distance = np.maximum(_size(gap), 1e-6)
    longest, shortest = limb.reach(LEAST_FLEXION) - EASE, limb.reach(MOST_FLEXION) + EASE
    return gap * (1 - np.clip(1.0, shortest / distance, longest / distance))


def _size(vectors: Array) -> Array:
    """(..., 1) lengths of vectors (..., N)."""
    return np.linalg.norm(vectors, axis=-1, keepdims=True)


def _leaned(few: Motion, start: Motion, turn: Array, chain: tuple[str, ...], fixed: Flags) -> Motion:
    """Poses (K) whose chain of joints shares a turn (K, 3) in the world, none beyond ``MOST_LEAN`` from the start."""
    angle = np.linalg.norm(turn, axis=-1, keepdims=True)
    share = rotvec_to_rotmat(turn * np.minimum(1.0, LEAN_STEP / np.maximum(angle, 1e-9)) / len(chain))
    local = few.joint_rotation.copy()
    for name in chain:
        joint = few.skeleton.index(name)
        world = few.skeleton.forward_kinematics(few.root_position, local)[0][:, few.skeleton.parents[joint]]
        turned = np.swapaxes(world, -1, -2) @ share @ world @ local[:, joint]
        beyond = rotmat_to_rotvec(np.swapaxes(start.joint_rotation[:, joint], -1, -2) @ turned)
        size = np.linalg.norm(beyond, axis=-1, keepdims=True)
        limited = rotvec_to_rotmat(beyond * np.minimum(1.0, MOST_LEAN / np.maximum(size, 1e-9)))
        turned = start.joint_rotation[:, joint] @ limited
        local[:, joint] = np.where(fixed[:, joint, None, None], local[:, joint], turned)
    return replace(few, joint_rotation=local)
