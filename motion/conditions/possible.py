"""Whether what is asked for is possible at all: said before any work, in one line, with the nearest possible."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np

from motion.conditions.contradictions import keys_contradict, leaps
from motion.conditions.path import Path
from motion.conditions.pose import Pose
from motion.conditions.prefix import Prefix
from motion.conditions.reach import Reach
from motion.conditions.reachable import AGREE, SPRINT, out_of_reach, poses_below
from motion.conditions.speed import Speed, distances_at, speeds_at
from motion.conditions.timeline import Timeline
from motion.conditions.waypoints import Waypoints
from motion.core.errors import BadInput
from motion.core.skeleton import Skeleton

#: What a person can run over a longer way, in m/s, and how long a short way is, in metres.
RUN, SHORT = 3.5, 20.0

#: How fast people change their speed, in m/s^2, and turn, in rad/s.
HASTE, SPIN = 8.0, 4 * np.pi

#: A way between waypoints is as much shorter and longer than straight lines when a speed beside their times is right.
LESS, MORE = 0.9, 1.5

#: Most poses and reaches of one timeline.
MAX_KEYS = 500


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
        if isinstance(condition, Speed) and condition.times is not None and condition.times[-1] > end:
            yield (
                f"a speed of {condition.values[-1]:g} m/s is asked for at {condition.times[-1]:g} s, past the clip's "
                f"end; the latest possible is {end:g} s, or a clip of {condition.times[-1]:g} s"
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


def _too_sudden(timeline: Timeline, skeleton: Skeleton) -> Iterator[str]:
    """A speed that changes, or a heading that turns, faster than people do."""
    for condition in timeline.conditions:
        if isinstance(condition, Speed) and condition.times is not None:
            for (start, v), (end, w) in pairwise(zip(condition.times, condition.values, strict=True)):
                if abs(w - v) > HASTE * (end - start) + AGREE:
                    yield (
                        f"a speed is to change from {v:g} to {w:g} m/s in {end - start:.2g} s "
                        f"({abs(w - v) / (end - start):.0f} m/s^2); at most {HASTE:g} m/s^2 are possible: "
                        f"{abs(w - v) / HASTE:.2f} s for it"
                    )
        elif isinstance(condition, Waypoints):
            times = condition.times(timeline.duration, timeline.speeds)
            faced = [
                (float(time), point.heading)
                for time, point in zip(times, condition.waypoints, strict=True)
                if point.heading is not None
            ]
            for (start, before), (end, after) in pairwise(faced):
                turn = abs((after - before + np.pi) % (2 * np.pi) - np.pi)
                if turn > SPIN * (end - start) + AGREE:
                    yield (
                        f"a turn by {np.degrees(turn):.0f} degrees between waypoints at {start:.2f} and {end:.2f} s is "
                        f"too fast; at most {np.degrees(SPIN):.0f} degrees a second are possible: {turn / SPIN:.2f} s "
                        "for it"
                    )


def _speed_against_times(timeline: Timeline, skeleton: Skeleton) -> Iterator[str]:
    """A speed beside waypoints that all have their times, and with them a speed of their own."""
    for condition in timeline.conditions:
        if not isinstance(condition, Waypoints) or len(condition.waypoints) < 2:
            continue
        if any(point.time is None for point in condition.waypoints):
            continue
        times = condition.times(timeline.duration, timeline.speeds)
        if not np.all(np.isfinite(speeds_at(timeline.speeds, times))):
            continue
        length = float(np.linalg.norm(np.diff(condition.positions, axis=0), axis=-1).sum())
        gone = float(distances_at(timeline.speeds, float(times[0]), times)[-1])
        if not LESS * length - AGREE <= gone <= MORE * length + AGREE:
            seconds = float(times[-1] - times[0])
            yield (
                f"waypoints {length:.1f} m apart in {seconds:.1f} s are {length / seconds:.2f} m/s and a speed of "
                f"{gone / seconds:.2f} m/s is asked for; leave the speed or the times out, or ask for "
                f"{length / seconds:.2f} m/s"
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
                    f"waypoint {number + 1} is {apart:.1f} m from waypoint {number}, {seconds:.2g} s later ("
                    f"{apart / max(seconds, 1e-9):.1f} m/s); at most {limit:g} m/s are possible: {apart / limit:.1f} s "
                    f"for it, or {limit * seconds:.1f} m"
                )


def _fastest(length: float) -> float:
    return SPRINT if length <= SHORT else RUN


#: What is looked for, in this order.
SEARCHES: tuple[Callable[[Timeline, Skeleton], Iterator[str]], ...] = (
    _too_many, _too_late, _too_sudden, _paths_too_fast, _waypoints_too_far, _speed_against_times, out_of_reach,
    keys_contradict, poses_below, leaps,
)  # fmt: skip
