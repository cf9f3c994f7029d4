"""Ways over the ground: a waypoint, a route (where) and a trajectory (where and when)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motion.core.errors import BadInput

Array = NDArray[np.floating]


def ground_points(points: Array, name: str, at_least: int) -> Array:
    """``points`` as float64 (N, 2), finite, N >= ``at_least``; raises ``BadInput`` naming what they are."""
    points = np.asarray(points, dtype=np.float64)
    if points.ndim != 2 or points.shape[-1] != 2 or len(points) < at_least:
        raise BadInput(f"{name} must be (N, 2) ground positions (x, z) with N >= {at_least}, got {points.shape}")
    if not np.all(np.isfinite(points)):
        raise BadInput(f"{name} must not contain NaN or infinite numbers")
    return points


@dataclass(frozen=True)
class Waypoint:
    """A place to pass.

    Attributes:
        position: (2,) m, on the ground.
        time: s at which to be there, or None for whenever the way leads there.
        heading: rad, direction to face there (0 faces +Z, positive turns left), or None for any.
    """

    position: Array
    time: float | None = None
    heading: float | None = None

    def __post_init__(self) -> None:
        position = ground_points(np.asarray(self.position, dtype=np.float64)[None], "a waypoint's position", 1)[0]
        object.__setattr__(self, "position", position)
        if self.time is not None and not (math.isfinite(self.time) and self.time >= 0):
            raise BadInput(f"a waypoint's time must be 0 s or later, got {self.time}")
        if self.heading is not None and not math.isfinite(self.heading):
            raise BadInput(f"a waypoint's heading must be a finite angle in radians, got {self.heading}")


@dataclass(frozen=True)
class Route:
    """A line over the ground without times.

    Attributes:
        points: (N, 2) m, N >= 2, joined by straight pieces.
    """

    points: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", ground_points(self.points, "a route's points", 2))

    @property
    def distances(self) -> Array:
        """(N,) m, distance along the route at which each point lies."""
        steps = np.linalg.norm(np.diff(self.points, axis=0), axis=-1)
        return np.concatenate([[0.0], np.cumsum(steps)])

    @property
    def length(self) -> float:
        """Metres from the first point to the last."""
        return float(self.distances[-1])

    def point_at(self, distance: Array | float) -> Array:
        """Positions (..., 2) m at distances (...) m along the route, clamped to its ends."""
        return _interpolated(np.asarray(distance, dtype=np.float64), self.distances, self.points)


@dataclass(frozen=True)
class Trajectory:
    """Where somebody is on the ground over time; position t is at t / fps seconds.

    Attributes:
        positions: (T, 2) m.
        fps: positions per second.
    """

    positions: Array
    fps: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "positions", ground_points(self.positions, "a trajectory's positions", 1))
        object.__setattr__(self, "fps", checked_fps(self.fps))

    @property
    def times(self) -> Array:
        """(T,) s."""
        return np.arange(len(self.positions)) / self.fps

    @property
    def speeds(self) -> Array:
        """(T - 1,) m/s between neighbouring positions."""
        return np.linalg.norm(np.diff(self.positions, axis=0), axis=-1) * self.fps

    def position_at(self, time: Array | float) -> Array:
        """Positions (..., 2) m at times (...) s, clamped to the ends."""
        return _interpolated(np.asarray(time, dtype=np.float64), self.times, self.positions)


def checked_fps(fps: float) -> float:
    """``fps`` as a float; raises ``BadInput`` unless it is finite and above zero."""
    if not (math.isfinite(fps) and fps > 0):
        raise BadInput(f"fps must be above 0, got {fps}")
    return float(fps)


def _interpolated(at: Array, knots: Array, points: Array) -> Array:
    """Linear between ``points`` (N, 2) given at ascending ``knots`` (N,), clamped; (..., 2) for ``at`` (...)."""
    return np.stack([np.interp(at, knots, column) for column in points.T], axis=-1)
