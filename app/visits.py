"""Sitting and lying in a scene: walk up, turn, sit down, stay, stand up, walk on, as conditions of one clip."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.places import Going, conditions_of, place_of
from app.request import MAX_STAY
from motion.body import default_body
from motion.conditions import Act, Condition, Path, Waypoints
from motion.core import BadInput, DistanceField, Motion
from motion.core.axes import UP, height
from motion.refine.resting import Rest
from motion.refine.seating import Figure, drawn_up, lying, seated, turning
from motion.refine.settling import backwards, joined, lain_down, sat_down, stayed, stood_up
from motion.refine.surface import Surface

if TYPE_CHECKING:
    from scenes.routing import PlannedRoute
    from scenes.scene import Scene
    from scenes.seats import Seat

Array = NDArray[np.floating]

#: Frames per second of what is done at a seat: those at which clips are finished.
FPS = 30.0

#: Seconds that one stays where nothing else is asked.
STAY = 3.0

#: Seconds between walking and standing before the seat: some, and one for so many radians to turn.
_STEP, _TURNS = 0.7, 2.0

#: Metres around a seat and a bed that are looked at finely, and how finely.
_AROUND_SEAT, _AROUND_BED = (0.8, 0.025), (1.2, 0.035)


@cache
def figure() -> Figure:
    """The shipped body and what it feels with."""
    return Figure(Surface.of(default_body().skin()))


def visiting(
    scene: Scene, start: Array, seat: Seat, *, stay: float | None = None, goal: Array | None = None,
    speed: float | None = None, heading: float | None = None, seed: int = 0,
) -> Going:  # fmt: skip
    """Somebody goes to a seat or bed, sits or lies down, stays, and gets up and goes on if there is a goal.

    Args:
        scene: where.
        start: (2,) or (3,) m, where one begins.
        seat: of the scene; on a bed one lies.
        stay: s that one stays.
        goal: (2,) or (3,) m, where one goes afterwards; None: the clip ends at the seat.
        speed: m/s.
        heading: rad, to face at the goal.
        seed: of what one does while one stays.

    Raises:
        NoSeat: one cannot get there, and why.
        NoRoute: one cannot get to the goal.
        BadInput: a stay that is none.
    """
    from scenes.pacing import WALK
    from scenes.routing import plan_route

    stay = STAY if stay is None else stay
    if not 0.0 <= stay <= MAX_STAY:
        raise BadInput(f"a stay lasts 0 to {MAX_STAY:g} seconds, got {stay:g}")
    speed = WALK if speed is None else speed
    there, begin = _way_there(scene, start, seat, speed)
    away = None if goal is None else plan_route(scene, seat.approach, goal, speed=speed, heading=heading)
    (clip, rest), floor = done_at(scene, seat, stay, away is not None, seed), float(height(seat.approach))
    lowered = replace(clip, root_position=clip.root_position - floor * UP)
    begins = 0.0 if there is None else there.duration + _STEP + _turn(_arriving(there), seat.side) / _TURNS
    act = Act(lowered, round(begins * FPS) / FPS, floor, rest)
    conditions: tuple[Condition, ...] = (act,)
    if there is not None:
        conditions = Path(there.route.points, times=there.times), act
    end = act.end + 1.0 / FPS
    if away is not None:
        leaves = act.end + _STEP / 2 + _turn(seat.side, _leaving(away)) / _TURNS
        later, takes = conditions_of(away)
        conditions += tuple(_later(one, leaves) for one in later)
        end = leaves + takes
    ways = [begin[None], *(route.points for route in (there, away) if route is not None)]
    place = place_of(scene, np.concatenate(ways))
    return Going(place, away or there, conditions, end, seat, stays=away is None)


def done_at(scene: Scene, seat: Seat, stay: float, rises: bool, seed: int = 0) -> tuple[Motion, float]:
    """What somebody does at a seat or bed from standing before it on, where it is; and s when half the stay is over."""
    from scenes.closeup import close_up
    from scenes.seat_choice import on_edge

    facing, floor = seat.side, float(height(seat.approach))
    reach = _AROUND_BED if seat.kind == "bed" else _AROUND_SEAT
    field = close_up(scene, seat.position, seat.height + 0.15, 1.1, *reach)
    edge = on_edge(seat) if seat.kind == "bed" else seat
    rest = seated(figure(), field, edge.position, facing, floor, edge.edge, edge.back)
    pieces = [sat_down(figure(), field, rest, facing, floor, FPS)]
    staying = 2 if seat.kind == "bed" else 1
    if seat.kind == "bed":
        down = lain_down(figure(), field, [rest, *_between(field, seat, edge, rest)], FPS)
        pieces += [down, stayed(down, stay, seed), *([backwards(down)] if rises else [])]
    else:
        pieces.append(stayed(pieces[0], stay, seed))
    resting = (sum(one.num_frames for one in pieces[:staying]) + pieces[staying].num_frames / 2) / FPS
    return joined([*pieces, *([stood_up(figure(), field, rest, facing, floor, FPS)] if rises else [])]), resting


def _between(field: DistanceField, bed: Seat, edge: Seat, rest: Rest) -> list[Rest]:
    """The key postures of lying down after that of sitting on the edge."""
    half = edge.position + 0.4 * (bed.position - edge.position)
    middle = bed.side + 0.5 * _turned(bed.side, bed.facing)
    return [
        turning(figure(), field, half, middle),
        drawn_up(figure(), field, bed.position, bed.facing),
        lying(figure(), field, bed.position, bed.facing),
    ]


def _way_there(scene: Scene, start: Array, seat: Seat, speed: float) -> tuple[PlannedRoute | None, Array]:
    """The way to where one stands before a seat, None where one is there already; and (3,) m where one begins."""
    from scenes.reasons import NoRoute, standing
    from scenes.routing import SAME_PLACE, plan_route
    from scenes.seat_choice import NoSeat, spoken

    cell, _ = standing(scene, start, "start")
    begin = scene.walkable.points[cell]
    if np.linalg.norm(begin - seat.approach) < max(SAME_PLACE, 0.15):
        return None, begin
    try:
        route = plan_route(scene, start, seat.approach, speed=speed)
    except NoRoute as error:
        raise NoSeat(f"{spoken(seat)} cannot be reached: {error}") from None
    return route, route.points[0]


def _later(condition: Condition, seconds: float) -> Condition:
    """A way that begins so much later."""
    if isinstance(condition, Path):
        assert condition.times is not None
        return Path(condition.points, times=condition.times + seconds)
    assert isinstance(condition, Waypoints)
    return Waypoints(tuple(replace(one, time=(one.time or 0.0) + seconds) for one in condition.waypoints))


def _arriving(route: PlannedRoute) -> float:
    """rad, the direction in which one arrives."""
    line = route.route
    return float(np.arctan2(*(line.points[-1] - line.point_at(max(line.length - 0.3, 0.0)))))


def _leaving(route: PlannedRoute) -> float:
    """rad, the direction in which one sets off."""
    line = route.route
    return float(np.arctan2(*(line.point_at(min(0.3, line.length)) - line.points[0])))


def _turned(start: float, end: float) -> float:
    """rad from one direction to another, the shorter way."""
    return float((end - start + np.pi) % (2 * np.pi) - np.pi)


def _turn(start: float, end: float) -> float:
    return abs(_turned(start, end))
