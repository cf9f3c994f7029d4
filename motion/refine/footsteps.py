"""Footsteps: where and when each foot stands, as a clip has it, or made up where the body glides or climbs stairs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from motion.core import Motion
from motion.core.axes import UP, from_ground, ground, height
from motion.core.rotation import rotmat_to_yaw, yaw_to_rotmat
from motion.metrics.contacts import spans, standing_heights
from motion.refine.limb_ik import Limb

Array = NDArray[np.floating]
Flags = NDArray[np.bool_]
Spans = tuple[tuple[int, int], ...]

#: Length of a step in metres of somebody who hardly moves, and by how much it grows with each m/s (Grieve 1968).
SHORT_STEP, PER_SPEED = 0.3, 0.26

#: Metres of way that a radian of turning on the spot is worth, and m/s below which one turns so.
TURNING, SPOT = 0.4, 0.35

#: Share of the time between two steps in which both feet stand; the least time between two steps, in seconds.
DOUBLE, LEAST = 0.18, 0.36

#: Of a long step: how high a foot swings in metres, how far the heel rises before and the toes land, in radians.
LIFT, HEEL_UP, TOES_UP = 0.07, 0.55, 0.25

#: A step is long from so many metres on.
LONG = 0.6


@dataclass(frozen=True)
class Footsteps:
    """One foot's.

    Attributes:
        targets: (T, 2, 3) m, ankle and toe on a flat floor at height 0.
        stances: first frame and frame after the last of each time it stands.
    """

    targets: Array
    stances: Spans


def planted(clip: Motion, legs: tuple[Limb, Limb], contacts: Flags) -> tuple[tuple[Footsteps, Footsteps], float]:
    """The footsteps of a clip with feet that stand quite still, and the most by which one is moved for that, in metres.

    Args:
        clip: on a flat floor.
        legs: left and right.
        contacts: (T, 4) bool.
    """
    stands = _without_gaps(np.stack([contacts[:, :2].any(axis=1), contacts[:, 2:].any(axis=1)], axis=1))
    positions = clip.joint_positions()
    found, most = [], 0.0
    for side, leg in enumerate(legs):
        targets = positions[:, [leg.end, leg.tip]].copy()
        stances = tuple(spans(stands[:, side]))
        moved = np.zeros((len(targets), 2))
        for start, stop in stances:
            toe = ground(targets[start:stop, 1])
            moved[start:stop] = np.median(toe, axis=0) - toe
            most = max(most, float(np.linalg.norm(moved[start:stop], axis=-1).max()))
        for (_, left), (lands, _) in pairwise(stances):
            share = eased(np.arange(1, lands - left + 1) / (lands - left + 1))[:, None]
            moved[left:lands] = moved[left - 1] + share * (moved[lands] - moved[left - 1])
        found.append(Footsteps(targets + from_ground(moved)[:, None], stances))
    return (found[0], found[1]), most


def _without_gaps(stands: Flags) -> Flags:
    """(T, 2) bool with short times in which no foot stands shared between the one before and the one after."""
    stands = stands.copy()
    for start, stop in spans(np.asarray(~stands.any(axis=1))):
        if start == 0 or stop == len(stands):
            continue
        middle = (start + stop) // 2
        stands[start:middle] |= stands[start - 1]
        stands[middle:stop] |= stands[stop]
    return stands


def made_up(clip: Motion, legs: tuple[Limb, Limb], passes: Array) -> tuple[Footsteps, Footsteps]:
    """Footsteps of somebody who goes where the clip's hips go and faces where they face.

    Args:
        clip: whose hips are followed.
        legs: left and right.
        passes: (N,) s, ascending, at which the hips are over places where a foot is to stand, such as treads.
    """
    path = ground(clip.root_position)
    yaw = gaussian_filter1d(np.unwrap(rotmat_to_yaw(clip.joint_rotation[:, 0])), 0.15 * clip.fps, mode="nearest")
    times = _step_times(path, yaw, clip.fps, passes)
    first = 1 if _leads(clip, legs) else 0
    stands = [_at(clip, leg, path, yaw, times[side ^ first :: 2]) for side, leg in enumerate(legs)]
    edges = _edges(times, clip.duration)
    return tuple(  # type: ignore[return-value]
        _walked(clip, leg, stands[side], edges[side ^ first :: 2]) for side, leg in enumerate(legs)
    )


def _leads(clip: Motion, legs: tuple[Limb, Limb]) -> bool:
    """Whether the left foot is further ahead in the first frame, so that the right one goes first."""
    positions = clip.joint_positions()[0]
    ahead = yaw_to_rotmat(rotmat_to_yaw(clip.joint_rotation[0, 0]))[:, 2]
    return bool((positions[legs[0].end] - positions[legs[1].end]) @ ahead < 0)


def _step_times(path: Array, yaw: Array, fps: float, passes: Array) -> Array:
    """(N,) s at which the hips are over each footstep; the first two and the last two are those one stands with."""
    velocity = np.gradient(gaussian_filter1d(path, 0.1 * fps, axis=0, mode="nearest"), 1 / fps, axis=0)
    speed = np.linalg.norm(velocity, axis=-1)
    turning = np.abs(np.gradient(yaw, 1 / fps)) * TURNING * (speed < SPOT)
    steps = (speed + turning) / (SHORT_STEP + PER_SPEED * speed) / fps
    gone = np.concatenate([[0.0], np.cumsum((steps[1:] + steps[:-1]) / 2)])
    frames = np.arange(len(path)) / fps
    begins = float(np.interp(0.02, gone, frames)) if gone[-1] > 0.02 else 0.0
    ends = float(np.interp(gone[-1] - 0.02, gone, frames))
    marks = np.concatenate([[begins], passes[(passes > begins + LEAST) & (passes < ends - LEAST)], [ends]])
    times = [begins - LEAST, begins]
    for one, other in pairwise(marks):
        count = max(1, round(float(np.interp(other, frames, gone) - np.interp(one, frames, gone))))
        count = max(1, min(count, int((other - one) / LEAST)))
        at = np.interp(one, frames, gone) + (np.arange(1, count + 1) / count) * (
            np.interp(other, frames, gone) - np.interp(one, frames, gone)
        )
        times += [*np.interp(at[:-1], gone, frames).tolist(), float(other)]
    return np.array([*times, times[-1] + LEAST])


def _edges(times: Array, duration: float) -> list[tuple[float, float]]:
    """When each footstep is landed on and left, in seconds; the first two and the last two go on beyond the clip."""
    middles = (times[1:] + times[:-1]) / 2
    both = DOUBLE / 2 * np.diff(times)
    lands = np.concatenate([[-1.0], middles - both])
    leaves = np.concatenate([middles + both, [np.inf]])
    lands[:2], leaves[-2:] = -1.0, duration + 1.0
    return list(zip(lands.tolist(), leaves.tolist(), strict=True))


def _at(clip: Motion, leg: Limb, path: Array, yaw: Array, times: Array) -> Array:
    """(N, 2, 3) m, ankle and toe of a foot that stands as in the rest pose below the hips at times (N,) s."""
    frames = np.arange(len(path)) / clip.fps
    rest = clip.skeleton.rest_positions
    feet = rest[[leg.end, leg.tip]] - from_ground(ground(rest[0]))
    names = ("left_ankle", "left_foot", "right_ankle", "right_foot")
    stands = dict(zip(names, standing_heights(clip.skeleton), strict=True))
    heights = np.array([stands[clip.skeleton.joint_names[joint]] for joint in (leg.end, leg.tip)])
    places = np.stack([np.interp(times, frames, column) for column in path.T], axis=-1)
    turned = np.einsum("nij,kj->nki", yaw_to_rotmat(np.interp(times, frames, yaw)), feet)
    return from_ground(ground(turned) + places[:, None], np.broadcast_to(heights, (len(times), 2)))


def _walked(clip: Motion, leg: Limb, stands: Array, edges: list[tuple[float, float]]) -> Footsteps:
    """One foot that stands at (N, 2, 3) m between its ``edges`` and swings from each to the next."""
    frames = np.arange(clip.num_frames) / clip.fps
    targets = np.empty((clip.num_frames, 2, 3))
    targets[:] = stands[0]
    pitch = np.zeros(clip.num_frames)
    stances = []
    for number, (lands, leaves) in enumerate(edges):
        here = (frames >= lands) & (frames <= leaves)
        targets[here] = stands[number]
        stances += [(int(found[0]), int(found[-1]) + 1)] if len(found := np.flatnonzero(here)) else []
        if number + 1 == len(edges):
            break
        after, swings = stands[number + 1], (frames > leaves) & (frames < edges[number + 1][0])
        length = min(float(np.linalg.norm(ground(after - stands[number]).mean(axis=0))) / LONG, 1.0)
        share = (frames - leaves) / max(edges[number + 1][0] - leaves, 1e-6)
        along = eased(share[swings])[:, None, None]
        rises = LIFT * (0.5 + 0.5 * length) * np.sin(np.pi * share[swings]) ** 2
        targets[swings] = stands[number] + along * (after - stands[number]) + rises[:, None, None] * UP
        pitch += length * _rolled(frames, leaves, edges[number + 1][0])
    return Footsteps(_pitched(targets, pitch), tuple(stances))


def _rolled(frames: Array, leaves: float, lands: float) -> Array:
    """(T,) rad by which a foot is pitched around one swing: the heel rises before it, the toes land last."""
    at = (leaves - 0.22, leaves, leaves + 0.45 * (lands - leaves), lands, lands + 0.12)
    angles = (0.0, HEEL_UP, 0.1, -TOES_UP, 0.0)
    rolled: Array = gaussian_filter1d(np.interp(frames, at, angles), 1.0, mode="nearest")
    return rolled


def _pitched(targets: Array, pitch: Array) -> Array:
    """Ankle and toe (T, 2, 3) m pitched by (T,) rad: heel up about the toe, toes up about the ankle."""
    foot = targets[:, 1] - targets[:, 0]
    ahead = ground(foot) / np.maximum(np.linalg.norm(ground(foot), axis=-1, keepdims=True), 1e-6)
    flat, up = np.sum(ground(foot) * ahead, axis=-1), height(foot)
    cosine, sine = np.cos(-pitch), np.sin(-pitch)
    turned = from_ground(ahead * (cosine * flat - sine * up)[:, None], sine * flat + cosine * up)
    heel = (pitch > 0)[:, None]
    ankle = np.where(heel, targets[:, 1] - turned, targets[:, 0])
    toe = np.where(heel, targets[:, 1], targets[:, 0] + turned)
    return np.stack([ankle, toe], axis=1)


def eased(share: Array) -> Array:
    """0 to 1 as hands and feet go from rest to rest: minimum jerk (Flash and Hogan 1985)."""
    return share**3 * (10 - 15 * share + 6 * share**2)
