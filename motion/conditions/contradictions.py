"""Whether conditions contradict each other: two keys at one moment, two places at once or nearly so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motion.conditions.act import Act
from motion.conditions.keep import Keep
from motion.conditions.path import Path
from motion.conditions.pose import Pose
from motion.conditions.prefix import Prefix
from motion.conditions.reach import Reach
from motion.conditions.reachable import AGREE, LOOK_FPS, SPRINT, at_place, bodies, chain_length, plain
from motion.conditions.timeline import Timeline
from motion.conditions.waypoints import Waypoints
from motion.core.axes import ground
from motion.core.skeleton import Skeleton

Array = NDArray[np.floating]

#: Two keys less than this many seconds apart are at the same moment.
SAME = 0.5 / LOOK_FPS


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
                f"reach of the {plain(condition.what)}", np.array([condition.time]), ground(condition.position)[None],
                reach,
            )  # fmt: skip
        elif isinstance(condition, Prefix | Keep | Act):
            seen = condition.observe(timeline.duration, LOOK_FPS, skeleton)
            frames = np.flatnonzero(seen.root_ground_known)
            yield _Trace("kept clip", frames / LOOK_FPS, seen.root_ground[frames])


def leaps(timeline: Timeline, skeleton: Skeleton) -> Iterator[str]:
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
                f"a {traces[owner[i]].name} is at {at_place(places[i])} at {times[i]:.2f} s and a "
                f"{traces[owner[i + 1]].name} at {at_place(places[i + 1])} at {times[i + 1]:.2f} s; nobody can be at "
                f"both, the nearest possible for the later one is {at_place(nearest)}"
            )


def keys_contradict(timeline: Timeline, skeleton: Skeleton) -> Iterator[str]:
    keys = sorted((c for c in timeline.conditions if isinstance(c, Pose | Reach)), key=lambda key: key.time)
    for i, first in enumerate(keys):
        for second in keys[i + 1 :]:
            if second.time - first.time > SAME:
                break
            if _contradict(first, second, skeleton):
                yield (
                    f"two keys at {first.time:g} s contradict each other ({_named(first)} and {_named(second)}); leave "
                    f"one out, or put it {2 * SAME:.2f} s or more away"
                )


def _contradict(first: Pose | Reach, second: Pose | Reach, skeleton: Skeleton) -> bool:
    if isinstance(first, Reach) and isinstance(second, Reach):
        both = [(first.position, second.position), (first.rotation, second.rotation)]
        return first.what == second.what and any(
            a is not None and b is not None and np.abs(a - b).max() > AGREE for a, b in both
        )
    if isinstance(first, Pose) and isinstance(second, Pose):
        one, other = (bodies(pose, skeleton, first.placed and second.placed) for pose in (first, second))
        return bool(np.linalg.norm(one - other, axis=-1).max() > AGREE)
    pose, reach = (first, second) if isinstance(first, Pose) else (second, first)
    assert isinstance(pose, Pose)
    assert isinstance(reach, Reach)
    if not pose.placed or reach.position is None:
        return False
    joint = bodies(pose, skeleton, True)[skeleton.index(reach.joint)]
    return bool(np.linalg.norm(joint - reach.position) > AGREE)


def _named(key: Pose | Reach) -> str:
    return "a pose" if isinstance(key, Pose) else f"a reach of the {plain(key.what)}"
