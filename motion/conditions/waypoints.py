"""Waypoints: places to pass, some at given times and with given headings, and the smooth way through them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from motion.conditions.checked import Load, array, entries, moment, number, sequence
from motion.conditions.draft import Draft, Observed
from motion.conditions.speed import Speed, ascending, distances_at, speeds_at
from motion.core.errors import BadInput
from motion.core.route import Waypoint

Array = NDArray[np.floating]

#: Most waypoints of one way.
MAX_WAYPOINTS = 1000

#: The way is known this many seconds before and after each waypoint: long enough to tell how fast it is passed.
AROUND = 0.1

#: Between untimed waypoints at one place this many metres are counted, so that each has a time of its own.
_LEAST = 0.05


@dataclass(frozen=True)
class Waypoints(Observed):
    """Pass these places in their order.

    Times that are not given follow from the distances: between timed waypoints evenly; after the last timed one at the
    timeline's speed, or evenly to the end of the clip. The first waypoint without a time is at 0 s.
    """

    waypoints: tuple[Waypoint, ...]

    def __post_init__(self) -> None:
        waypoints = tuple(sequence("waypoints", self.waypoints, MAX_WAYPOINTS))
        if not waypoints or not all(isinstance(waypoint, Waypoint) for waypoint in waypoints):
            raise BadInput("waypoints must be one or more places")
        object.__setattr__(self, "waypoints", waypoints)
        for waypoint in waypoints:
            array("a waypoint", waypoint.position, (2,))
        given = [moment("a waypoint's time", point.time) for point in waypoints if point.time is not None]
        if not ascending(given):
            raise BadInput(f"each waypoint's time must be later than the one before, got {given} s")
        first = waypoints[0].time
        if len(waypoints) > 1 and first is None and given and given[0] <= 0:
            raise BadInput("a waypoint at 0 s cannot come after another; leave the first one's time out or give it 0 s")

    def span(self) -> tuple[float, float | None]:
        """Time of the first and last waypoint; None where the last has none of its own."""
        first, last = self.waypoints[0].time, self.waypoints[-1].time
        return first or 0.0, last if last is None or last > (first or 0.0) else None

    @property
    def positions(self) -> Array:
        """(N, 2) m."""
        return np.stack([waypoint.position for waypoint in self.waypoints])

    def times(self, duration: float, speeds: tuple[Speed, ...] = ()) -> Array:
        """(N,) s at which each is passed, ascending if the given times fit into ``duration``."""
        given = [waypoint.time for waypoint in self.waypoints]
        given[0] = given[0] or 0.0
        apart = np.linalg.norm(np.diff(self.positions, axis=0), axis=-1)
        gone = np.concatenate([[0.0], np.cumsum(np.maximum(apart, _LEAST))])
        timed = [number for number, time in enumerate(given) if time is not None]
        marks, times = gone[timed], np.array([given[number] for number in timed], dtype=np.float64)
        last = timed[-1]
        if last < len(given) - 1:
            end = _arrival(gone[-1] - gone[last], times[-1], duration, speeds)
            marks, times = np.append(marks, gone[-1]), np.append(times, end)
        return np.interp(gone, marks, times)

    def way(self, duration: float, speeds: tuple[Speed, ...] = ()) -> CubicSpline:
        """Places (..., 2) m at times (...) s: the twice differentiable way of least acceleration through all."""
        times = self.times(duration, speeds)
        if len(times) == 1:
            times, places = np.array([times[0], times[0] + 1.0]), np.repeat(self.positions, 2, axis=0)
            return CubicSpline(times, places, bc_type="natural")
        return CubicSpline(times, self.positions, bc_type="natural")

    def write(self, draft: Draft) -> None:
        """The root's place around each waypoint's time, and its heading at those that have one."""
        times = self.times(draft.duration, draft.speeds)
        way = self.way(draft.duration, draft.speeds)
        around = max(AROUND, 1.0 / draft.fps)
        for waypoint, time in zip(self.waypoints, times, strict=True):
            reach = around if len(times) > 1 else 0.5 / draft.fps
            frames = draft.during(time - reach, time + reach)
            frames = frames if len(frames) else np.array([draft.nearest(time)])
            if time > draft.duration + 1e-6:
                continue
            draft.place(frames, way(draft.times[frames]))
            if waypoint.heading is not None:
                draft.face(draft.nearest(time), np.array(waypoint.heading))

    def to_json(self) -> dict[str, Any]:
        """A JSON object from which ``from_json`` makes equal waypoints."""
        return {"kind": "waypoints", "waypoints": [
            {"position": point.position.tolist(), "time": point.time, "heading": point.heading}
            for point in self.waypoints
        ]}  # fmt: skip

    @classmethod
    def from_json(cls, data: Any, load: Load | None = None) -> Waypoints:
        """Waypoints from a JSON object; raises ``BadInput`` or ``UnknownName``."""
        listed = entries("way", data, ("waypoints",))["waypoints"]
        return cls(tuple(_waypoint(entry) for entry in sequence("waypoints", listed, MAX_WAYPOINTS)))


def _waypoint(data: Any) -> Waypoint:
    given = entries("waypoint", data, ("position",), ("time", "heading"))
    time, heading = given.get("time"), given.get("heading")
    return Waypoint(
        array("a waypoint's position", given["position"], (2,)),
        None if time is None else moment("a waypoint's time", time),
        None if heading is None else number("a waypoint's heading", heading, -100.0, 100.0, "rad"),
    )


def _arrival(length: float, start: float, duration: float, speeds: tuple[Speed, ...]) -> float:
    """When the last waypoint is reached, ``length`` m after ``start`` s: as the speeds say, else at the clip's end."""
    times = np.arange(start, max(duration, start) + 0.03, 0.02)  # two or more
    if np.any(np.isfinite(speeds_at(speeds, times))):
        gone = distances_at(speeds, start, times)
        if gone[-1] >= length:
            return float(np.interp(length, gone, times))
        held = max(float(gone[-1] - gone[-2]) / 0.02, 0.01)  # too late for this clip: as if it went on so
        return float(times[-1] + (length - gone[-1]) / held)
    return max(duration, start + 0.02)
