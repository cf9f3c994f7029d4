"""Routes: from here to there in a scene as a person would walk, or the reason why one cannot."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import from_ground
from motion.core.errors import BadInput
from motion.core.route import Route, Trajectory, Waypoint
from scenes.pacing import WALK, paced
from scenes.reasons import NoRoute, nearest_reachable, standing
from scenes.scene import Scene
from scenes.smoothing import cells_at, smoothed
from scenes.walkable import MAX_CLEARANCE

Array = NDArray[np.floating]

#: Metres from the start within which the goal is already reached.
SAME_PLACE = 0.05


@dataclass(frozen=True)
class PlannedRoute:
    """A way through a scene with times.

    Attributes:
        route: the line over the ground.
        heights: (N,) m of the ground under each of its points.
        times: (N,) s at each of them, the first 0.
        clearance: (N,) m to the nearest wall or edge from each of them, at most 1.
        heading: rad at the end, or None for as one arrives.
    """

    route: Route
    heights: Array
    times: Array
    clearance: Array
    heading: float | None = None

    @property
    def duration(self) -> float:
        """Seconds."""
        return float(self.times[-1])

    @property
    def points(self) -> Array:
        """(N, 3) m."""
        return from_ground(self.route.points, self.heights)

    def waypoints(self, every: float = 0.5) -> tuple[Waypoint, ...]:
        """Where to be about ``every`` so many seconds, and at the end."""
        count = max(round(self.duration / every), 1)
        times = np.linspace(0.0, self.duration, count + 1)
        places = np.stack([np.interp(times, self.times, column) for column in self.route.points.T], axis=-1)
        headings = [None] * count + [self.heading]
        return tuple(Waypoint(*one) for one in zip(places, times.tolist(), headings, strict=True))

    def trajectory(self, fps: float) -> Trajectory:
        """The place at every frame."""
        times = np.arange(int(self.duration * fps + 1e-6) + 1) / fps
        return Trajectory(np.stack([np.interp(times, self.times, x) for x in self.route.points.T], axis=-1), fps)


def plan_route(
    scene: Scene, start: Array, goal: Array, *, speed: float = WALK, heading: float | None = None
) -> PlannedRoute:
    """The way a person walks from ``start`` to ``goal``.

    Args:
        scene: where.
        start: (2,) m on the ground, the lowest floor there is meant; or (3,) with the height of the floor.
        goal: likewise.
        speed: m/s where the way is straight and level.
        heading: rad, direction to face in the end.

    Raises:
        NoRoute: with the reason, and the nearest point that can be reached.
        BadInput: positions or speed that are no numbers or outside their limits.
    """
    if not (math.isfinite(speed) and 0.1 <= speed <= 6.0):
        raise BadInput(f"the speed must be 0.1 to 6 m/s, got {speed}")
    walkable = scene.walkable
    if not len(walkable.free):
        raise NoRoute("nothing in this scene is walkable for this agent")
    first, start = standing(scene, start, "start")
    last, goal = standing(scene, goal, "goal", first)
    cells = scene.search.cells(first, last)
    if cells is None:
        a, b = (
            f"area {walkable.areas[cell] + 1} ({walkable.sizes[walkable.areas[cell]]:.1f} m²)" for cell in (first, last)
        )
        nearest = nearest_reachable(scene, first, from_ground(goal, walkable.spans.heights[last]))
        raise NoRoute(f"no connection between {a} of the start and {b} of the goal", nearest)
    if np.linalg.norm(goal - start) < SAME_PLACE:
        raise NoRoute("start and goal are the same place")
    points, heights = smoothed(walkable, cells, start, goal)
    borders = walkable.borders[cells_at(walkable, points, heights)]
    clearance = np.minimum(np.linalg.norm(points - borders, axis=-1), MAX_CLEARANCE)
    return PlannedRoute(Route(points), heights, paced(points, heights, speed), clearance, heading)
