"""The commands about places: what was understood of a scene, and routes through it."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from app.directions import place
from app.terminal import answer
from motion.core.errors import BadInput
from motion.formats.atomic import write_text
from scenes.heights import Agent
from scenes.report import report, to_text
from scenes.routing import PlannedRoute, plan_route
from scenes.scene import Scene, open_scene


def scene(options: argparse.Namespace) -> dict[str, Any]:
    """``stride scene``."""
    begun = time.perf_counter()
    opened = _opened(options)
    about = report(opened)
    about["seconds"] = round(time.perf_counter() - begun, 3)
    if not options.json:
        answer(*to_text(about))
    return about


def plan(options: argparse.Namespace) -> dict[str, Any]:
    """``stride plan``."""
    out = Path(options.out) if options.out else None
    if out and (out.suffix.lower() != ".json" or not out.parent.is_dir()):
        raise BadInput(f"a route is written to a .json file in a folder that is there, not to {options.out}")
    start, goal = (np.array(place(*one)) for one in ((options.start, "--from"), (options.goal, "--to")))
    route = plan_route(_opened(options), start, goal, speed=options.speed)
    data = route_json(route)
    if out:
        write_text(out, json.dumps(data, allow_nan=False, indent=1))
    if not options.json:
        answer(
            f"{route.route.length:.2f} m in {route.duration:.1f} s, never nearer than {route.clearance.min():.2f} m"
            " to a wall or an edge"
        )
        answer(*([str(out)] if out else [f"  {_spoken(point)}" for point in data["waypoints"]]))
    return {"files": [str(out)] if out else [], **data}


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


def _opened(options: argparse.Namespace) -> Scene:
    agent = Agent(options.radius, options.height, options.climb, options.slope)
    return open_scene(
        options.file, up=options.up, unit=options.unit, floor=options.floor, agent=agent, keep=not options.no_cache
    )


def _spoken(waypoint: dict[str, Any]) -> str:
    x, z = waypoint["position"]
    return f"{waypoint['time']:6.2f} s  {x:.2f},{z:.2f}"
