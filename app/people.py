"""Several people through one scene: who goes where, as a file says it, and their routes for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.directions import place, read_json
from motion.conditions.checked import array, entries, number, sequence
from motion.core.errors import BadFile, BadInput, MotionError
from scenes.crowd import BODY, FPS, MAX_PEOPLE, Walker, nearest_gap
from scenes.pacing import WALK
from scenes.routing import PlannedRoute


def read_people(path: str) -> tuple[Walker, ...]:
    """People of a JSON file: a list of objects with ``from``, ``to`` and, if wanted, ``speed`` and ``heading``.

    Raises:
        BadFile: no JSON, or not such a list; says which person is wrong.
    """
    try:
        return people_of(read_json(Path(path), "people"))
    except BadFile:
        raise
    except MotionError as error:
        raise BadFile(path, str(error)) from error


def people_of(data: Any) -> tuple[Walker, ...]:
    """People of JSON data; raises ``BadInput`` or ``UnknownName``, naming the person."""
    listed = sequence("people", data, MAX_PEOPLE)
    if not listed:
        raise BadInput('people must be a list with somebody in it, such as [{"from": [0, 0], "to": [3, 1]}]')
    return tuple(_walker(one, f"person {number + 1}") for number, one in enumerate(listed))


def _walker(data: Any, who: str) -> Walker:
    known = entries(who, data, ("from", "to"), ("speed", "heading"))
    heading = known.get("heading")
    return Walker(
        _place(known["from"], f"{who}'s 'from'"),
        _place(known["to"], f"{who}'s 'to'"),
        number(f"{who}'s speed", known.get("speed", WALK), 0.1, 6.0, "m/s"),
        None if heading is None else number(f"{who}'s heading", heading, -100.0, 100.0, "rad"),
    )


def _place(value: Any, name: str) -> Any:
    """(2,) or (3,) m of a list of numbers, or of ``x,z`` as it is typed."""
    if isinstance(value, str):
        return array(name, place(value, name), (None,))
    listed = array(name, sequence(name, value, 3), (None,))
    if len(listed) not in (2, 3):
        raise BadInput(f"{name} must be [x, z] or [x, y, z] in metres, got {len(listed)} numbers")
    return listed


def crowd_json(routes: Sequence[PlannedRoute]) -> dict[str, Any]:
    """The routes of several people on one clock, and how near they get to each other."""
    gap = nearest_gap(routes)
    return {
        "people": len(routes), "fps": FPS, "duration_s": round(max(route.duration for route in routes), 3),
        "body_radius_m": BODY, "least_gap_m": round(gap, 3) if len(routes) > 1 else None,
        "routes": [route_json(route) for route in routes],
    }  # fmt: skip


def route_json(route: PlannedRoute) -> dict[str, Any]:
    """A route for other programs: metres, seconds, Y up."""
    return {
        "length_m": round(route.route.length, 4), "duration_s": round(route.duration, 3),
        "least_clearance_m": round(float(route.clearance.min()), 3),
        "waypoints": [
            {"position": way.position.round(4).tolist(), "time": round(way.time or 0.0, 4), "heading": way.heading}
            for way in route.waypoints()
        ],
        "points": route.points.round(4).tolist(), "times": route.times.round(4).tolist(),
    }  # fmt: skip
