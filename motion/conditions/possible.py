"""Whether what is asked for is possible at all: said before any work, in one line, with the nearest possible."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from motion.conditions.keep import Keep
from motion.conditions.path import Path
from motion.conditions.pose import Pose
from motion.conditions.prefix import Prefix
from motion.conditions.reach import Reach
from motion.conditions.speed import speeds_at
from motion.conditions.timeline import Timeline
from motion.conditions.waypoints import Waypoints
from motion.core.axes import from_ground, ground, height
from motion.core.errors import BadInput
from motion.core.observation import Observation
from motion.core.skeleton import Skeleton

Array = NDArray[np.floating]

#: What a person can run over a short way and over a longer one, in m/s, and how long a short way is, in metres.
SPRINT, RUN, SHORT = 7.0, 3.5, 20.0

#: Most poses and reaches of one timeline.
MAX_KEYS = 500

#: Metres by which two conditions may differ about the same thing, and by which a joint may be below the floor.
AGREE, BELOW = 0.05, 0.03

#: Metres that a jump lifts the pelvis above where it is when standing.
JUMP = 0.5

#: Rate of the frames at which what is known is looked at, and the time in which two keys are at the same moment.
_FPS = 30.0
_SAME = 0.5 / _FPS


def check(timeline: Timeline, skeleton: Skeleton) -> None:
    """Raises ``BadInput`` with one line if something of the timeline is impossible."""
    found = problems(timeline, skeleton)
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise BadInput(found[0] + more)


def problems(timeline: Timeline, skeleton: Skeleton) -> list[str]:
    """What is impossible, one line each: what is wrong, and the nearest possible."""
    return [line for search in SEARCHES for line in search(timeline, skeleton)]


def _too_many(timeline: Timeline, skeleton: Skeleton) -> Iterator[str]:
    keys = sum(isinstance(condition, Pose | Reach) for condition in timeline.conditions)
    if keys > MAX_KEYS:
        yield f"{keys} keys are too many for one clip; at most {MAX_KEYS} are possible"


def _too_late(timeline: Timeline, skeleton: Skeleton) -> Iterator[str]:
    end = timeline.duration
    for condition in timeline.conditions:
        if isinstance(condition, Waypoints):
            for number, waypoint in enumerate(condition.waypoints, start=1):
                if waypoint.time is not None and waypoint.time > end:
                    yield (
                        f"waypoint {number} is at {waypoint.time:g} s, past the clip's end; the latest possible is "
                        f"{end:g} s, or a clip of {waypoint.time:g} s"
                    )
        if isinstance(condition, Path) and condition.end is not None and condition.end > end:
            yield (
                f"a path ends at {condition.end:g} s, past the clip's end; the latest possible is {end:g} s, or a "
                f"clip of {condition.end:g} s"
            )
        if isinstance(condition, Prefix) and condition.length >= end:
            yield (
                f"the clip that is continued fills all {end:g} s; ask for more than {condition.length:g} s, or "
                f"continue from less of it"
            )


def _paths_too_fast(timeline: Timeline, skeleton: Skeleton) -> Iterator[str]:
    for path in timeline.conditions:
        if not isinstance(path, Path) or (path.end or 0.0) > timeline.duration:
            continue
        length = path.route.length
        times, gone = path.followed(timeline.duration, timeline.speeds)
        seconds = max(float(times[-1] - times[0]), 1e-9)
        if path.times is not None:
            fastest = float(np.max(np.diff(gone) / np.maximum(np.diff(times), 1e-9), initial=0.0))
            if fastest > SPRINT:
                yield f"a path's times ask for {fastest:.1f} m/s; at most {SPRINT:g} m/s are possible"
        elif np.any(np.isfinite(speeds_at(timeline.speeds, times))):
            if gone[-1] < length - max(AGREE, 0.02 * length):
                speed = gone[-1] / seconds
                yield (
                    f"a path of {length:.1f} m cannot be walked in {seconds:.1f} s at {speed:.2f} m/s; nearest are "
                    f"{seconds * length / max(gone[-1], 0.01):.1f} s, or {length / seconds:.2f} m/s"
                )
        elif length / seconds > _fastest(length):
            limit = _fastest(length)
            yield (
                f"a path of {length:.1f} m in {seconds:.1f} s is {length / seconds:.1f} m/s; at most {limit:g} m/s are "
                f"possible: {length / limit:.1f} s for it, or {limit * seconds:.1f} m of it"
            )


def _waypoints_too_far(timeline: Timeline, skeleton: Skeleton) -> Iterator[str]:
    for condition in timeline.conditions:
        if not isinstance(condition, Waypoints) or len(condition.waypoints) < 2:
            continue
        times = condition.times(timeline.duration, timeline.speeds)
        if times[-1] > timeline.duration + 1e-6 and condition.waypoints[-1].time is None:
            yield (
                f"the last waypoint is reached at {times[-1]:.1f} s only; ask for a clip of that length, for more "
                "speed, or for fewer waypoints"
            )
            continue
        for number, (before, after) in enumerate(pairwise(range(len(times))), start=1):
            apart = float(np.linalg.norm(condition.positions[after] - condition.positions[before]))
            seconds = float(times[after] - times[before])
            limit = _fastest(apart)
            if apart > limit * seconds + AGREE:
                yield (
                    f"waypoint {number + 1} is {apart:.1f} m from waypoint {number}, {seconds:.2g} s later "
                    f"({apart / max(seconds, 1e-9):.1f} m/s); at most {limit:g} m/s are possible: {apart / limit:.1f} s "
                    f"for it, or {limit * seconds:.1f} m"
                )


def _fastest(length: float) -> float:
    return SPRINT if length <= SHORT else RUN


@dataclass(frozen=True)
class _Trace:
    """Where one condition wants the person: places (N, 2) m at times (N,) s, give or take ``slack`` m."""

    name: str
    times: Array
    places: Array
    slack: float = 0.0


def _traces(timeline: Timeline, skeleton: Skeleton) -> Iterator[_Trace]:
    for condition in timeline.conditions:
        if isinstance(condition, Path):
            times, gone = condition.followed(timeline.duration, timeline.speeds)
            yield _Trace("path", times, condition.route.point_at(gone))
        elif isinstance(condition, Waypoints):
            times = condition.times(timeline.duration, timeline.speeds)
            yield _Trace("waypoint", times, condition.positions)
        elif isinstance(condition, Pose) and condition.placed:
            yield _Trace("pose", np.array([condition.time]), ground(condition.root_position)[None])
        elif isinstance(condition, Reach) and condition.position is not None:
            reach = chain_length(condition.joint, skeleton)
            yield _Trace(
                f"reach of the {_plain(condition.what)}", np.array([condition.time]), ground(condition.position)[None],
                reach,
            )  # fmt: skip
        elif isinstance(condition, Prefix | Keep):
            seen = condition.observe(timeline.duration, _FPS, skeleton)
            frames = np.flatnonzero(seen.root_ground_known)
            yield _Trace("kept clip", frames / _FPS, seen.root_ground[frames])


def _leaps(timeline: Timeline, skeleton: Skeleton) -> Iterator[str]:
    """Two conditions want the person at places that are too far apart for the time between them."""
    traces = [trace for trace in _traces(timeline, skeleton) if len(trace.times)]
    if len(traces) < 2:
        return
    times = np.concatenate([trace.times for trace in traces])
    places = np.concatenate([trace.places for trace in traces])
    owner = np.concatenate([np.full(len(trace.times), number) for number, trace in enumerate(traces)])
    slack = np.array([trace.slack for trace in traces])[owner]
    order = np.argsort(times, kind="stable")
    times, places, owner, slack = times[order], places[order], owner[order], slack[order]
    apart = np.linalg.norm(np.diff(places, axis=0), axis=-1)
    possible = SPRINT * np.diff(times) + slack[1:] + slack[:-1] + AGREE
    told: set[tuple[int, int]] = set()
    alike = (slack[1:] > 0) == (slack[:-1] > 0)  # how far hands are from the pelvis is looked at elsewhere
    for i in np.flatnonzero((apart > possible) & (owner[1:] != owner[:-1]) & alike):
        pair = (min(owner[i], owner[i + 1]), max(owner[i], owner[i + 1]))
        if pair not in told:
            told.add(pair)
            share = float(possible[i] / apart[i])
            nearest = places[i] + share * (places[i + 1] - places[i])
            yield (
                f"a {traces[owner[i]].name} is at {_at(places[i])} at {times[i]:.2f} s and a "
                f"{traces[owner[i + 1]].name} at {_at(places[i + 1])} at {times[i + 1]:.2f} s; nobody can be at both, "
                f"the nearest possible for the later one is {_at(nearest)}"
            )


def _keys_contradict(timeline: Timeline, skeleton: Skeleton) -> Iterator[str]:
    keys = sorted((c for c in timeline.conditions if isinstance(c, Pose | Reach)), key=lambda key: key.time)
    for i, first in enumerate(keys):
        for second in keys[i + 1 :]:
            if second.time - first.time > _SAME:
                break
            if _contradict(first, second, skeleton):
                yield (
                    f"two keys at {first.time:g} s contradict each other ({_named(first)} and {_named(second)}); leave "
                    f"one out, or put it {2 * _SAME:.2f} s or more away"
                )


def _contradict(first: Pose | Reach, second: Pose | Reach, skeleton: Skeleton) -> bool:
    if isinstance(first, Reach) and isinstance(second, Reach):
        both = [(first.position, second.position), (first.rotation, second.rotation)]
        return first.what == second.what and any(
            a is not None and b is not None and np.abs(a - b).max() > AGREE for a, b in both
        )
    if isinstance(first, Pose) and isinstance(second, Pose):
        one, other = (_bodies(pose, skeleton, first.placed and second.placed) for pose in (first, second))
        return bool(np.linalg.norm(one - other, axis=-1).max() > AGREE)
    pose, reach = (first, second) if isinstance(first, Pose) else (second, first)
    assert isinstance(pose, Pose)
    assert isinstance(reach, Reach)
    if not pose.placed or reach.position is None:
        return False
    joint = _bodies(pose, skeleton, True)[skeleton.index(reach.joint)]
    return bool(np.linalg.norm(joint - reach.position) > AGREE)


def _bodies(pose: Pose, skeleton: Skeleton, placed: bool) -> Array:
    """(J, 3) m, the joints of a pose; not ``placed``: above the origin, facing +Z as far as its lateral axis tells."""
    rotation, root = pose.joint_rotation.copy(), pose.root_position
    if not placed:
        lateral = ground(rotation[0, :, 0])
        c, s = lateral / max(float(np.linalg.norm(lateral)), 1e-9)
        rotation[0] = np.array([[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]]) @ rotation[0]
        root = from_ground(np.zeros(2), height(root))
    return skeleton.forward_kinematics(root, rotation)[1]


def _out_of_reach(timeline: Timeline, skeleton: Skeleton) -> Iterator[str]:
    if not any(isinstance(condition, Reach) for condition in timeline.conditions):
        return
    known = timeline.observe(_FPS, skeleton)
    for reach in timeline.conditions:
        if not isinstance(reach, Reach) or reach.position is None:
            continue
        if height(reach.position) < -BELOW:
            yield (
                f"the {_plain(reach.what)} is to be {-height(reach.position):.2f} m below the floor at {reach.time:g} s;"
                f" the nearest possible is {_at(from_ground(ground(reach.position)))}"
            )
            continue
        length = chain_length(reach.joint, skeleton)
        pelvis = _nearest_pelvis(reach, known, skeleton)
        apart = float(np.linalg.norm(reach.position - pelvis))
        if apart > length + AGREE:
            nearest = pelvis + (reach.position - pelvis) * length / apart
            yield (
                f"the {_plain(reach.what)} is to be {apart:.1f} m from the pelvis at {reach.time:g} s and reaches "
                f"{length:.2f} m; the nearest possible is {_at(nearest)}"
            )


def _nearest_pelvis(reach: Reach, known: Observation, skeleton: Skeleton) -> Array:
    """(3,) m, the place nearest to the target where the pelvis can be at its time."""
    assert reach.position is not None
    target, frame = reach.position, round(reach.time * _FPS)
    standing = abs(float(height(skeleton.rest_offsets[[skeleton.index(n) for n in _LEG]]).sum())) + 0.1
    tall = float(np.clip(height(target), 0.0, standing + JUMP))
    if known.joint_position_known[frame, 0]:
        tall = float(height(known.joint_position[frame, 0]))
    place = ground(target)
    frames = np.flatnonzero(known.root_ground_known)
    if len(frames):
        nearest = frames[np.argmin(np.abs(frames - frame))]
        away = place - known.root_ground[nearest]
        free = SPRINT * abs(nearest - frame) / _FPS
        place = known.root_ground[nearest] + away * min(1.0, free / max(float(np.linalg.norm(away)), 1e-9))
    return from_ground(place, tall)


#: What a pelvis stands on.
_LEG = ("left_hip", "left_knee", "left_ankle", "left_foot")


def chain_length(joint: str, skeleton: Skeleton) -> float:
    """Metres from the pelvis to a joint when everything between them is stretched."""
    number, length = skeleton.index(joint), 0.0
    while number > 0:
        length += float(np.linalg.norm(skeleton.rest_offsets[number]))
        number = int(skeleton.parents[number])
    return length


def _poses_below(timeline: Timeline, skeleton: Skeleton) -> Iterator[str]:
    for pose in timeline.conditions:
        if isinstance(pose, Pose) and len(pose.joint_rotation) == skeleton.num_joints:
            lowest = float(height(_bodies(pose, skeleton, True)).min())
            if lowest < -0.1:
                yield (
                    f"a pose at {pose.time:g} s is {-lowest:.2f} m below the floor; the nearest possible has the pelvis "
                    f"at {height(pose.root_position) - lowest:.2f} m"
                )


def _plain(what: str) -> str:
    return what.replace("_", " ")


def _named(key: Pose | Reach) -> str:
    return "a pose" if isinstance(key, Pose) else f"a reach of the {_plain(key.what)}"


def _at(place: Array) -> str:
    return "(" + ", ".join(f"{x:.2f}" for x in place) + ")"


#: What is looked for, in this order.
SEARCHES: tuple[Callable[[Timeline, Skeleton], Iterator[str]], ...] = (
    _too_many, _too_late, _paths_too_fast, _waypoints_too_far, _out_of_reach, _keys_contradict, _poses_below, _leaps,
)  # fmt: skip
