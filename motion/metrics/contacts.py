"""Which feet stand on the floor: height and speed below thresholds, with hysteresis."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from motion.core import Motion, Skeleton
from motion.core.axes import height

Array = NDArray[np.floating]
Flags = NDArray[np.bool_]

#: The joints whose contact with the floor is tracked, in the order of ``Motion.contacts``.
FOOT_JOINTS: tuple[str, ...] = ("left_ankle", "left_foot", "right_ankle", "right_foot")

#: Height of the foot joint (the ball of the foot) above the sole of the shipped body, in metres; for skeletons whose
#: rest pose does not stand on the floor (SMPL's own files put the origin near the chest).
FOOT_JOINT_HEIGHT = 0.016

#: A foot comes to stand below the first pair of (height above standing in m, speed in m/s) and leaves above the second.
LAND = (0.04, 0.35)
LEAVE = (0.06, 0.60)

#: Spans shorter than this are no contact, gaps shorter than this are no step, in seconds.
SHORTEST = 0.08


def standing_heights(skeleton: Skeleton) -> Array:
    """(4,) m, height of each of ``FOOT_JOINTS`` above the floor when the person stands in the rest pose."""
    rest = height(skeleton.rest_positions)
    feet = np.array([skeleton.index(name) for name in FOOT_JOINTS])
    lowest = rest[feet].min()
    stands = 0.0 < lowest < 0.1
    return rest[feet] + (0.0 if stands else FOOT_JOINT_HEIGHT - lowest)


def foot_positions(clip: Motion) -> Array:
    """(T, 4, 3) m, world positions of ``FOOT_JOINTS``."""
    return clip.joint_positions()[:, [clip.skeleton.index(name) for name in FOOT_JOINTS]]


def foot_clearances(clip: Motion) -> Array:
    """(T, 4) m, height of each of ``FOOT_JOINTS`` above where it is when standing; negative below the floor."""
    return height(foot_positions(clip)) - standing_heights(clip.skeleton)


def speeds(points: Array, fps: float) -> Array:
    """(T, ...) m/s, speed of points (T, ..., 3) by central differences over about 0.1 s."""
    if len(points) < 2:
        return np.zeros(points.shape[:-1])
    reach = max(1, round(0.05 * fps))
    frame = np.arange(len(points))
    before, after = np.maximum(frame - reach, 0), np.minimum(frame + reach, len(points) - 1)
    seconds = ((after - before) / fps).reshape(-1, *[1] * (points.ndim - 2))
    return np.linalg.norm(points[after] - points[before], axis=-1) / seconds


def foot_contacts(clip: Motion, floor: float | None = 0.0, slack: float | Array = 1.0) -> Flags:
    """(T, 4) bool, whether each of ``FOOT_JOINTS`` stands on the floor.

    A joint that comes below ``LAND`` is in contact for as long as it stays below ``LEAVE``; spans and gaps shorter
    than ``SHORTEST`` are dropped and closed.

    Args:
        clip: the motion, at any frame rate.
        slack: factor on the speeds, above 1 to find the contacts of feet that slide; one, or (T, 1).
        floor: height of the floor in metres; None takes the clip's own: the lowest the feet come (2nd percentile).
    """
    points = foot_positions(clip)
    clearance = height(points) - standing_heights(clip.skeleton)
    if floor is None:
        floor = float(np.percentile(clearance.min(axis=1), 2))
    clearance = clearance - floor
    speed = speeds(points, clip.fps)
    contact = hysteresis(
        (clearance < LAND[0]) & (speed < slack * LAND[1]),
        (clearance < LEAVE[0]) & (speed < slack * LEAVE[1]),
    )
    shortest = max(1, round(SHORTEST * clip.fps))
    return drop_short(~drop_short(~contact, shortest, keep_ends=True), shortest, keep_ends=True)


def hysteresis(strong: Flags, weak: Flags) -> Flags:
    """Runs of ``weak`` (T, N) along time that hold at least one ``strong``."""
    weak = weak | strong
    run = np.cumsum(weak & ~np.roll(weak, 1, axis=0), axis=0)  # roll may start the first run at 0: still its own number
    kept = np.zeros_like(weak)
    for column in range(weak.shape[1]):
        held = np.unique(run[strong[:, column], column])
        kept[:, column] = weak[:, column] & np.isin(run[:, column], held)
    return kept


def drop_short(flags: Flags, shortest: int, keep_ends: bool = False) -> Flags:
    """Clear runs of True along time in (T, N) that are shorter than ``shortest`` frames.

    With ``keep_ends`` a run that touches the clip's first or last frame stays: it may be longer than what is seen.
    """
    result = flags.copy()
    for column in range(flags.shape[1]):
        for start, stop in spans(flags[:, column]):
            at_end = start == 0 or stop == len(flags)
            if stop - start < shortest and not (keep_ends and at_end):
                result[start:stop, column] = False
    return result


def spans(flags: Flags) -> list[tuple[int, int]]:
    """Runs of True in (T,) as (first frame, frame after the last)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]
