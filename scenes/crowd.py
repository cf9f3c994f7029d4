"""Several people through one scene: routes in time on which nobody runs into anybody.

Everybody's way is planned alone (``routing``), then all walk it at once: who would collide within the next seconds
gives way (``orca``), passages too narrow for two are gone through one after the other (``passages``). What comes out
are routes with times, like those of one person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import ground
from motion.core.errors import BadInput
from motion.core.progress import Progress, silent
from motion.core.route import Route, Trajectory
from scenes.marching import STEP, Manners, March
from scenes.pacing import WALK
from scenes.reasons import NoRoute
from scenes.routing import PlannedRoute, plan_route
from scenes.scene import Scene
from scenes.smoothing import cells_at
from scenes.walkable import MAX_CLEARANCE

Array = NDArray[np.floating]

#: Metres from a person's middle to where the body ends: two people touch at twice that.
BODY = 0.25

#: Most people at once, and positions a second of what comes out.
MAX_PEOPLE, FPS = 40, 30.0

#: Metres by which two bodies may overlap in the result, as two people that squeeze past each other do.
_SQUEEZE = 0.02

#: What is tried one after the other until everybody arrives: people who stand make way or not, and who starts later.
_MANNERS = tuple(
    Manners(yields, delay, seed) for seed in range(2) for delay in (0.0, 1.5, 4.0) for yields in (False, True)
)


@dataclass(frozen=True)
class Walker:
    """One of several people.

    Attributes:
        start, goal: (2,) m on the ground, or (3,) m with the height of the floor.
        speed: m/s where the way is straight and level.
        heading: rad, direction to face in the end, or None.
    """

    start: Array
    goal: Array
    speed: float = WALK
    heading: float | None = None


def plan_crowd(scene: Scene, walkers: Sequence[Walker], *, progress: Progress = silent) -> tuple[PlannedRoute, ...]:
    """The ways of several people who set out together, in the order of ``walkers``, on one clock.

    Points are evenly spaced in time, ``FPS`` a second; a way ends when its walker has arrived, who then stays there.

    Raises:
        NoRoute: somebody cannot get there at all, or people block each other's way.
        BadInput: nobody, too many, two at one place, or a place or a speed outside its limits.
    """
    if not 1 <= len(walkers) <= MAX_PEOPLE:
        raise BadInput(f"1 to {MAX_PEOPLE} people walk at once, got {len(walkers)}")
    alone = []
    for number, one in enumerate(walkers):
        progress("planning ways", number / len(walkers))
        try:
            alone.append(plan_route(scene, one.start, one.goal, speed=one.speed, heading=one.heading))
        except (NoRoute, BadInput) as error:
            raise type(error)(f"person {number + 1}: {_told(error)}") from None
    for end, name in ((0, "start"), (-1, "goal")):
        _check_apart(np.stack([route.points[end] for route in alone]), name)
    late: tuple[int, ...] = ()
    for manners in _MANNERS:
        march = March(scene.walkable, alone, [one.speed for one in walkers], manners)
        march.walk(progress)
        if march.has_ended:
            routes = tuple(_finished(scene, march, who) for who in range(len(alone)))
            if nearest_gap(routes) >= -_SQUEEZE:
                return routes
        else:
            late = march.late
    who = " and ".join(str(number + 1) for number in late[:4]) or "some"
    raise NoRoute(f"people block each other's way: {who} cannot get through; move their starts or goals apart")


def trajectories(routes: Sequence[PlannedRoute], fps: float = FPS) -> tuple[Trajectory, ...]:
    """Everybody's place at every frame, all as long as the longest: who has arrived stays there."""
    times = np.arange(int(max(route.duration for route in routes) * fps + 1e-6) + 1) / fps
    return tuple(
        Trajectory(np.stack([np.interp(times, route.times, x) for x in route.route.points.T], axis=-1), fps)
        for route in routes
    )


def gaps(routes: Sequence[PlannedRoute], fps: float = FPS) -> Array:
    """(T,) m between the bodies of the two people who are nearest to each other; below zero they overlap.

    Bodies are upright, ``BODY`` wide to each side; people on different floors are not near. Infinite for one person.
    """
    times = np.arange(int(max(route.duration for route in routes) * fps + 1e-6) + 1) / fps
    places = np.stack(
        [np.stack([np.interp(times, one.times, x) for x in one.points.T], axis=-1) for one in routes]
    )  # (A, T, 3)
    nearest = np.full(len(times), np.inf)
    for one, other in combinations(places, 2):
        apart = np.linalg.norm(ground(one - other), axis=-1)
        level = np.abs((one - other) @ np.array([0.0, 1.0, 0.0])) < 1.5
        nearest = np.minimum(nearest, np.where(level, apart - 2 * BODY, np.inf))
    return nearest


def nearest_gap(routes: Sequence[PlannedRoute]) -> float:
    """The least of ``gaps`` over time, m."""
    return float(gaps(routes).min(initial=np.inf))


def _check_apart(places: Array, name: str) -> None:
    """Raise ``BadInput`` when two people are at one place (A, 3)."""
    for (i, one), (k, other) in combinations(enumerate(places), 2):
        apart = float(np.linalg.norm(one - other))
        if apart < 2 * BODY:
            raise BadInput(
                f"people {i + 1} and {k + 1} have their {name} {apart:.2f} m apart; {2 * BODY:g} m are needed"
            )


def _finished(scene: Scene, march: March, who: int) -> PlannedRoute:
    """What somebody did, at ``FPS``, smooth and ending on the mark."""
    times, places = march.smoothed(who, FPS)
    heights = np.interp(times, STEP * np.arange(len(march.heights)), march.heights[:, who])
    cells = cells_at(scene.walkable, places, heights)
    heights = np.where(cells >= 0, scene.walkable.spans.heights[cells], heights)
    apart = np.linalg.norm(places - scene.walkable.borders[cells], axis=-1)
    clearance = np.where(cells >= 0, np.minimum(apart, MAX_CLEARANCE), 0.0)
    return PlannedRoute(Route(places), heights, times, clearance, march.routes[who].heading)


def _told(error: NoRoute | BadInput) -> str:
    return str(error).removeprefix("no route: ")
