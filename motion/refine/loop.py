"""Clips that run on without end: the best cut is found, what is left of the jump is spread, the feet are cleaned.

A speed or a length that is asked for is met by the loop itself, after it is cut: no part of a clip goes at the mean
speed of all of it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.spatial.distance import cdist

from motion.core import BadInput, Motion
from motion.core.axes import UP, from_ground, ground, height
from motion.core.rotation import rotmat_to_rotvec, rotmat_to_yaw, rotvec_to_rotmat, slerp, yaw_to_rotmat
from motion.metrics.contacts import foot_contacts
from motion.metrics.physical import aligned_positions, mean_planar_speed
from motion.refine.foot_lock import lock_feet
from motion.refine.playback import played_at
from motion.refine.stride import FASTER, with_strides

Array = NDArray[np.floating]

#: A loop starts within this share of the clip and ends after that one; and is at least so many seconds long.
START = 0.35
END = 0.6
SHORTEST = 0.5
#: In a long clip so many starts are looked at.
MOST_STARTS = 600
#: Seconds by which a difference of speed counts against one of place when the cut is sought; of contacts, in metres;
#: and metres that a loop of no length would cost.
SPEED_WEIGHT = 0.15
CONTACT_WEIGHT = 0.05
LENGTH_WEIGHT = 0.08
#: Metres that a loop costs when its rounds last, or when it goes, twice as long or as fast as asked for.
DURATION_WEIGHT, PACE_WEIGHT = 0.6, 0.3
#: Seconds over which a way is smoothed before its length counts: the sway of the hips is no way.
SWAY = 0.2
#: m/s by which speeds are raised before they are compared.
STANDS = 0.5
#: The jump is closed in this many rounds: rotations add up only nearly.
ROUNDS = 3
#: Seconds over which the seam is smoothed once more, after the feet.
POLISH = 0.2


def looped(
    clip: Motion,
    seconds: float = 0.5,
    *,
    duration: float | None = None,
    speed: float | None = None,
    feet: bool = True,
) -> Motion:
    """The part of a clip that loops best, its last frame the first one again: same pose, height and speeds.

    Where the clip travels the loop travels on: seen from the root's place and heading the last frame is the first, and
    a walk keeps walking. Root path and heading themselves do not return (see ``in_place``).

    Args:
        clip: the motion, at any frame rate.
        seconds: over which the remaining difference is spread, on either side of the seam.
        duration: s that the loop is to last; as near as whole rounds of what loops come to it. None: the best part.
        speed: m/s, the loop's mean over the ground, met by longer or shorter steps. None: as it is.
        feet: whether standing feet are brought to rest.

    Raises:
        BadInput: a clip too short to loop, or no time to blend in.
    """
    shortest = max(8, round(SHORTEST * clip.fps)) + 1
    if clip.num_frames < shortest:
        raise BadInput(f"a loop needs {shortest / clip.fps:.2f} s or more, the clip has {clip.duration:.2f} s")
    if not 0 < seconds <= clip.duration:
        raise BadInput(f"a loop blends over more than 0 s and at most the clip's {clip.duration:.2f} s, got {seconds}")
    first, last = _best_cut(clip, shortest, duration, speed)
    cycle = clip.sliced(first, last + 1)
    for _ in range(ROUNDS):
        cycle = _closed(cycle, seconds)
    cycle = _ending_as_it_starts(cycle)
    if feet or speed is not None:
        cycle = _cleaned(cycle, speed, feet)
    if speed is not None:
        cycle = _going(cycle, speed)
    return cycle if duration is None else repeated(cycle, int(_rounds((cycle.num_frames - 1) / cycle.fps, duration)))


def sampled(cycle: Motion, frames: int, fps: float) -> Motion:
    """One round of a loop in ``frames`` steps of 1 / fps s, so in one frame more: as smooth at its seam as inside."""
    period = cycle.num_frames - 1
    three = repeated(cycle, 3)
    played = played_at(three, np.linspace(period, 2 * period, frames + 1), fps)
    return _placed(_ending_as_it_starts(played), cycle.root_position[0], cycle.joint_rotation[0, 0])


def repeated(cycle: Motion, times: int) -> Motion:
    """A loop run through ``times`` times, each round going on where the last one ended; T - 1 frames per round + 1."""
    rounds = [cycle]
    for _ in range(times - 1):
        last = rounds[-1]
        rounds.append(_placed(cycle, last.root_position[-1], last.joint_rotation[-1, 0]))
    keep = [one.sliced(0, one.num_frames - 1) for one in rounds[:-1]] + [rounds[-1]]
    contacts = None if cycle.contacts is None else np.concatenate([one.contacts for one in keep])
    return replace(
        cycle,
        root_position=np.concatenate([one.root_position for one in keep]),
        joint_rotation=np.concatenate([one.joint_rotation for one in keep]),
        contacts=contacts,
    )


def _cleaned(cycle: Motion, speed: float | None, feet: bool) -> Motion:
    """The loop at another speed, its feet at rest where they stand.

    It is cleaned in the middle of three rounds, where what was before and what comes after is the loop itself.
    """
    period = cycle.num_frames - 1
    three = repeated(cycle, 3)
    contacts = foot_contacts(three, floor=None, slack=1.25)
    if speed is not None:
        own = ground(three.root_position)
        three = _going(three, speed)
        three = with_strides(three, own) if feet else three
    three = lock_feet(three, contacts) if feet else three
    cleaned = _closed(three.sliced(period, 2 * period + 1), POLISH)
    return _placed(_ending_as_it_starts(cleaned), cycle.root_position[0], cycle.joint_rotation[0, 0])


def _going(clip: Motion, speed: float) -> Motion:
    """The clip whose way is as much longer or shorter, all of it alike, as it takes to go at ``speed`` m/s."""
    scale = min(speed / max(mean_planar_speed(clip), 1e-6), FASTER)
    start = ground(clip.root_position[:1])
    way = start + scale * (ground(clip.root_position) - start)
    return replace(clip, root_position=from_ground(way, height(clip.root_position)))


def _rounds(period: Array | float, duration: float) -> Array:
    """How many rounds of ``period`` s come nearest to ``duration`` s; at least one."""
    return np.maximum(1.0, np.round(duration / np.asarray(period)))


def _placed(clip: Motion, place: Array, facing: Array) -> Motion:
    """The clip moved over the ground and turned so that it starts at the ground part of ``place`` (3,), facing so."""
    turn = yaw_to_rotmat(rotmat_to_yaw(facing) - rotmat_to_yaw(clip.joint_rotation[0, 0]))
    start = from_ground(ground(clip.root_position[0]))
    root = (clip.root_position - start) @ turn.T + from_ground(ground(place))
    rotation = clip.joint_rotation.copy()
    rotation[:, 0] = turn @ rotation[:, 0]
    return replace(clip, root_position=root, joint_rotation=rotation)


def _ending_as_it_starts(cycle: Motion) -> Motion:
    """The clip whose last frame is the first, at the last one's place and heading."""
    start = cycle.sliced(0, 1)
    end = _placed(start, cycle.root_position[-1], cycle.joint_rotation[-1, 0])
    root, rotation = cycle.root_position.copy(), cycle.joint_rotation.copy()
    root[-1], rotation[-1] = end.root_position[0], end.joint_rotation[0]
    return replace(cycle, root_position=root, joint_rotation=rotation)


def _best_cut(clip: Motion, shortest: int, duration: float | None, speed: float | None) -> tuple[int, int]:
    """First and last frame of the part whose ends are most alike in pose, speed and contacts, the longer the better.

    Parts of which whole rounds last ``duration`` s, and that go at ``speed`` m/s, are preferred.
    """
    points = aligned_positions(clip, per_frame=True)
    frames = len(points)
    moving = np.gradient(points, 1 / clip.fps, axis=0)
    travel = np.gradient(ground(clip.root_position), 1 / clip.fps, axis=0)
    yaw = np.unwrap(rotmat_to_yaw(clip.joint_rotation[:, 0]))
    travel = np.einsum("tij,tj->ti", np.swapaxes(yaw_to_rotmat(yaw), -1, -2), from_ground(travel))
    joints = points.shape[1]
    parts = [points, SPEED_WEIGHT * (moving + travel[:, None])]
    look = np.concatenate([part.reshape(frames, -1) for part in parts], axis=1) / np.sqrt(joints)
    contacts = foot_contacts(clip, floor=None).astype(float)
    look = np.concatenate([look, CONTACT_WEIGHT * contacts], axis=1)
    starts = np.arange(0, max(1, int(START * frames)), 1 + int(START * frames) // MOST_STARTS)
    earliest = END if duration is None else START  # short rounds come nearer to a duration than long ones
    ends = np.arange(min(int(earliest * frames), frames - 1), frames)
    cost = cdist(look[starts], look[ends])
    length = ends[None] - starts[:, None]
    cost = cost + LENGTH_WEIGHT * (1 - length / frames) + np.where(length + 1 < shortest, 1e3, 0.0)
    cost = cost + _off(clip, starts, ends, duration, speed)
    start, end = np.unravel_index(np.argmin(cost), cost.shape)
    return int(starts[start]), int(ends[end])


def _off(
    clip: Motion, starts: NDArray[np.integer], ends: NDArray[np.integer], duration: float | None, speed: float | None
) -> Array:
    """(S, E) m, what it costs that parts from ``starts`` (S) to ``ends`` (E) do not last or go as is asked."""
    period = np.maximum(ends[None] - starts[:, None], 1) / clip.fps
    off = np.zeros(period.shape)
    if duration is not None:
        off += DURATION_WEIGHT * np.abs(_rounds(period, duration) * period / duration - 1)
    if speed is not None:
        way = gaussian_filter1d(ground(clip.root_position), SWAY * clip.fps, axis=0, mode="nearest")
        gone = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(way, axis=0), axis=-1))])
        goes = (gone[ends][None] - gone[starts][:, None]) / period
        off += PACE_WEIGHT * np.abs(np.log2((goes + STANDS) / (speed + STANDS)))
    return off


def _closed(cycle: Motion, seconds: float) -> Motion:
    """The clip whose ends were bent towards each other: local rotations, root height and tilt, speed over ground."""
    yaw = rotmat_to_yaw(cycle.joint_rotation[:, 0])
    local = cycle.joint_rotation.copy()
    local[:, 0] = np.swapaxes(yaw_to_rotmat(yaw), -1, -2) @ local[:, 0]
    middle = slerp(local[-1], local[0], np.full(len(local[0]), 0.5))
    near = rotmat_to_rotvec(np.swapaxes(middle, -1, -2) @ local)  # read at the seam alone, where it is small
    shape = near.shape
    local = local @ rotvec_to_rotmat(_closing(near.reshape(shape[0], -1), True, seconds, cycle.fps).reshape(shape))
    lift = _closing(height(cycle.root_position)[:, None], True, seconds, cycle.fps)

    steps = np.diff(from_ground(ground(cycle.root_position)), axis=0)
    steps = ground(np.einsum("tij,tj->ti", np.swapaxes(yaw_to_rotmat(yaw[:-1]), -1, -2), steps))
    turns = np.diff(np.unwrap(yaw))
    travel = np.concatenate([steps, turns[:, None]], axis=1)
    travel = travel + _closing(travel, False, seconds, cycle.fps)
    yaw = yaw[0] + np.concatenate([[0.0], np.cumsum(travel[:, -1])])
    steps = np.einsum("tij,tj->ti", yaw_to_rotmat(yaw[:-1]), from_ground(travel[:, :-1]))
    root = cycle.root_position[0] * (1 - UP) + np.concatenate([np.zeros((1, 3)), np.cumsum(steps, axis=0)])
    local[:, 0] = yaw_to_rotmat(yaw) @ local[:, 0]
    heights = (height(cycle.root_position) + lift[:, 0])[:, None] * UP
    return replace(cycle, root_position=root + heights, joint_rotation=local)


def _closing(values: Array, meets: bool, seconds: float, fps: float) -> Array:
    """Corrections (N, D) of values (N, D) that make them run on smoothly from the last frame to the first.

    The smallest and smoothest ones (as ``banded.fading``) with the least jerk of the corrected values across the seam.

    Args:
        meets: the last value is to equal the first; else the first follows the last as the next one.
    """
    frames = len(values)
    side = min(frames // 2, round(2 * seconds * fps) + 3)
    around = np.concatenate([np.arange(frames - side, frames), np.arange(side)])  # the seam is in the middle
    reach = seconds / 4.64 * fps
    inside = [_differences(side, order) * np.sqrt(share) * reach**order for order, share in enumerate((1, 3, 3, 1))]
    matrix = np.concatenate([np.kron(np.eye(2), rows) for rows in inside])
    wanted = np.zeros((len(matrix), values.shape[1]))
    # Frames around the seam; where the ends are to be one frame, only one of the two counts.
    line = np.delete(np.arange(2 * side), side) if meets else np.arange(2 * side)
    across = _differences(len(line), 3)[side - 3 : side - 1 if meets else side] * 30 * reach**3
    seam = np.zeros((len(across), 2 * side))
    seam[:, line] = across
    rows, goals = [matrix, seam], [wanted, -seam @ values[around]]
    if meets:
        equal = np.zeros((1, 2 * side))
        equal[0, side - 1], equal[0, side] = 1e4 * reach**3, -1e4 * reach**3
        rows.append(equal)
        goals.append(-equal @ values[around])
    still = np.zeros((2, 2 * side))
    still[0, 0], still[1, -1] = 1e3, 1e3
    solved = np.linalg.lstsq(np.concatenate([*rows, still]), np.concatenate([*goals, 0 * still @ values[around]]))[0]
    result = np.zeros_like(values)
    np.add.at(result, around, solved)
    return result


def _differences(count: int, order: int) -> Array:
    """(count - order, count) matrix of differences of this order."""
    return np.diff(np.eye(count), n=order, axis=0)
