"""Path: a line drawn over the ground that the person follows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.conditions.checked import Load, array, entries, moment, number, sequence, span, word
from motion.conditions.draft import Draft, Observed
from motion.conditions.speed import Speed, ascending, distances_at, speeds_at
from motion.core.errors import BadInput
from motion.core.route import Route

Array = NDArray[np.floating]

#: Most points of a drawn line.
MAX_POINTS = 10_000

#: Radius in metres at which corners are rounded, and pieces of straight line in one.
CORNER_RADIUS, CORNER_PIECES = 0.3, 16

#: Headings along a path are a mean over this many seconds: nobody turns at once.
TURNING = 0.4

#: Seconds between the moments at which a path is followed.
_STEP = 0.02


@dataclass(frozen=True)
class Path(Observed):
    """Be on this line from ``start`` to ``end`` seconds (None: to the end of the clip, or until it is walked).

    How fast: at the ``times`` of the points; else at the timeline's speed; else evenly from ``start`` to ``end``.

    Attributes:
        points: (N, 2) m on the ground, N >= 2; corners are rounded so that a person can walk them.
        start, end: s.
        facing: ``along`` the line, ``free``, or a fixed heading in radians.
        times: (N,) s at which to be at each point, ascending, or None; the first and last are then start and end.
    """

    points: Array
    start: float = 0.0
    end: float | None = None
    facing: str | float = "along"
    times: Array | None = None

    def __post_init__(self) -> None:
        sequence("a path's points", self.points, MAX_POINTS)
        points = array("a path's points", self.points, (None, 2))
        if len(points) < 2 or Route(points).length < 0.01:
            raise BadInput("a path needs two or more points that are apart, such as '0,0; 0,3'")
        object.__setattr__(self, "points", points)
        object.__setattr__(self, "facing", _facing(self.facing))
        start, end = span("path", self.start, self.end)
        if self.times is not None:
            sequence("a path's times", self.times, MAX_POINTS)
            times = array("a path's times", self.times, (None,))
            if len(times) != len(points) or not ascending(list(times)):
                raise BadInput("a path's times must be one for each point, each later than the one before")
            if (start, end) not in ((0.0, None), (times[0], times[-1])):
                raise BadInput("a path has either a start and end or times of its own")
            object.__setattr__(self, "times", times)
            start, end = moment("a path's first time", float(times[0])), moment("a path's last time", float(times[-1]))
        object.__setattr__(self, "start", start)
        object.__setattr__(self, "end", end)

    def span(self) -> tuple[float, float | None]:
        """Start and end in seconds."""
        return self.start, self.end

    @cached_property
    def route(self) -> Route:
        """The line with its corners rounded."""
        return rounded(self.points, CORNER_RADIUS)

    def followed(self, duration: float, speeds: tuple[Speed, ...] = ()) -> tuple[Array, Array]:
        """Times (N,) s, dense, and the distance (N,) m along the route at each; it ends when the line does."""
        end = duration if self.end is None else min(self.end, duration)
        times = np.append(np.arange(self.start, end - 1e-9, _STEP), max(end, self.start))
        if self.times is not None:
            marks = distances_of(self.points, self.route)
            return times, np.interp(times, self.times, marks)
        if not np.any(np.isfinite(speeds_at(speeds, times))):
            last = duration if self.end is None else self.end
            return times, self.route.length * (times - self.start) / max(last - self.start, 1e-9)
        gone = distances_at(speeds, self.start, times)
        if gone[-1] > self.route.length:
            arrival = float(np.interp(self.route.length, gone, times))
            gone = np.append(gone[times < arrival - 1e-9], self.route.length)
            times = np.append(times[times < arrival - 1e-9], arrival)
        return times, gone

    def write(self, draft: Draft) -> None:
        """The root's place at every frame of the span, and its heading unless it is free."""
        times, gone = self.followed(draft.duration, draft.speeds)
        frames = draft.during(times[0], times[-1])
        if not len(frames):
            return
        here = np.interp(draft.times[frames], times, gone)
        draft.place(frames, self.route.point_at(here))
        if self.facing == "along":
            draft.face(frames, headings_along(self.route, times, gone, draft.times[frames]))
        elif not isinstance(self.facing, str):
            draft.face(frames, np.full(len(frames), self.facing))

    def to_json(self) -> dict[str, Any]:
        """A JSON object from which ``from_json`` makes an equal path."""
        data: dict[str, Any] = {"kind": "path", "points": self.points.tolist(), "facing": self.facing}
        if self.times is not None:
            return {**data, "times": self.times.tolist()}
        return {**data, "start": self.start, "end": self.end}

    @classmethod
    def from_json(cls, data: Any, load: Load | None = None) -> Path:
        """A path from a JSON object; raises ``BadInput`` or ``UnknownName``."""
        return cls(**entries("path", data, ("points",), ("start", "end", "facing", "times")))


def _facing(facing: object) -> str | float:
    if not isinstance(facing, str):
        return number("a path's facing", facing, -100.0, 100.0, "rad, or 'along' or 'free'")
    if word("facing", facing) not in ("along", "free"):
        raise BadInput(f"a path's facing must be 'along', 'free' or an angle in radians, got {facing!r:.60}")
    return facing


def rounded(points: Array, radius: float) -> Route:
    """The line (N, 2) with each corner replaced by an arc of ``radius`` m, smaller at short sides and sharp turns."""
    apart = np.linalg.norm(np.diff(points, axis=0), axis=-1) > 1e-6
    points = points[np.concatenate([[True], apart])]
    sides = np.diff(points, axis=0)
    lengths = np.linalg.norm(sides, axis=-1)
    directions = sides / lengths[:, None]
    line = [points[:1]]
    for corner, before, after, u, v in zip(
        points[1:-1], lengths, lengths[1:], directions, directions[1:], strict=False
    ):
        half_turn = np.arccos(np.clip(u @ v, -1.0, 1.0)) / 2
        cut = np.tan(half_turn) if half_turn < np.pi / 4 else np.sin(2 * half_turn)  # the way back turns on the spot
        reach = min(radius * cut, before / 2, after / 2)
        line.append(_arc(corner - reach * u, corner, corner + reach * v, float(np.cos(half_turn))))
    return Route(np.concatenate([*line, points[-1:]]))


def _arc(start: Array, corner: Array, end: Array, weight: float) -> Array:
    """Points on the circle that touches both sides of a corner: a rational quadratic Bezier curve of that weight."""
    s = np.linspace(0.0, 1.0, CORNER_PIECES + 1)[:, None]
    a, b, c = (1 - s) ** 2, 2 * weight * s * (1 - s), s**2
    return (a * start + b * corner + c * end) / (a + b + c)


def distances_of(points: Array, route: Route) -> Array:
    """m along a rounded route at which it passes each of the drawn points (N, 2), in their order."""
    moves = np.concatenate([[True], np.linalg.norm(np.diff(points, axis=0), axis=-1) > 1e-6])
    if not moves.all():  # somebody stands still on the way
        return distances_of(points[moves], route)[np.cumsum(moves) - 1]
    drawn = Route(points).distances
    corners = np.arange(1, len(points) - 1)
    if len(route.points) != 2 + len(corners) * (CORNER_PIECES + 1):  # some points coincide: share the length out
        return drawn / drawn[-1] * route.length
    middles = route.distances[1 + (corners - 1) * (CORNER_PIECES + 1) + CORNER_PIECES // 2]
    return np.concatenate([[0.0], middles, [route.length]])


def headings_along(route: Route, times: Array, gone: Array, at: Array) -> Array:
    """rad (M,) at times ``at`` (M,) s, facing along a route followed as ``gone`` (N,) m at ``times`` (N,) s."""
    sides = np.diff(route.points, axis=0)
    long = np.linalg.norm(sides, axis=-1) > 1e-9
    yaw, ends = np.unwrap(np.arctan2(*sides[long].T)), route.distances[1:][long]
    reach = np.minimum(TURNING / 2, np.minimum(at - times[0], times[-1] - at))
    moments = at[:, None] + reach[:, None] * np.linspace(-1.0, 1.0, 21)
    piece = np.searchsorted(ends, np.interp(moments, times, gone) - 1e-9)
    return yaw[np.minimum(piece, len(yaw) - 1)].mean(axis=1)
