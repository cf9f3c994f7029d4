"""The commands about places: what was understood of a scene, and routes through it."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from app.directions import place
from app.people import crowd_json, read_people, route_json
from app.terminal import Stages, answer
from motion.core.errors import BadInput
from motion.formats.atomic import atomic_path, write_text
from scenes.crowd import plan_crowd
from scenes.heights import Agent
from scenes.pacing import WALK
from scenes.picture import top_view
from scenes.report import report, to_text
from scenes.routing import plan_route
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
    out = _written(options.out, ".json", "a route")
    picture = _written(options.picture, ".png", "a picture")
    if options.people:
        if options.start or options.goal or options.speed != WALK:
            raise BadInput(
                "with --people, starts, goals and speeds are in its file; leave out --from, --to and --speed"
            )
        walkers = read_people(options.people)
        opened = _opened(options)
        with Stages() as stages:
            routes = plan_crowd(opened, walkers, progress=stages)
        data = crowd_json(routes)
    else:
        if not (options.start and options.goal):
            raise BadInput("--from and --to say where a route leads, such as --from 0,0 --to 3,1.5; or --people FILE")
        start, goal = (np.array(place(*one)) for one in ((options.start, "--from"), (options.goal, "--to")))
        opened = _opened(options)
        routes = (plan_route(opened, start, goal, speed=options.speed),)
        data = route_json(routes[0])
    if out:
        write_text(out, json.dumps(data, allow_nan=False, indent=1))
    if picture:
        with atomic_path(picture) as temporary:
            top_view(opened, routes).save(temporary, format="PNG", optimize=True)
    files = [str(file) for file in (out, picture) if file]
    if not options.json:
        answer(*(_crowd_spoken(data) if options.people else _route_spoken(data, waypoints=not files)), *files)
    return {"files": files, **data}


def _written(name: str | None, suffix: str, what: str) -> Path | None:
    """Where something is to be written, if it can be, before any work is done."""
    path = Path(name) if name else None
    if path and (path.suffix.lower() != suffix or not path.parent.is_dir()):
        raise BadInput(f"{what} is written to a {suffix} file in a folder that is there, not to {name}")
    return path


def _route_spoken(data: dict[str, Any], waypoints: bool) -> list[str]:
    """A route in words."""
    clear = data["least_clearance_m"]
    line = f"{data['length_m']:.2f} m in {data['duration_s']:.1f} s, never nearer than {clear:.2f} m"
    points = [f"  {_spoken(point)}" for point in data["waypoints"]] if waypoints else []
    return [f"{line} to a wall or an edge", *points]


def _crowd_spoken(data: dict[str, Any]) -> list[str]:
    """The routes of several people in words, a line each."""
    gap = "" if data["least_gap_m"] is None else f", bodies never nearer than {data['least_gap_m']:.2f} m"
    lines = [
        f"  {number}: {one['length_m']:.2f} m in {one['duration_s']:.1f} s"
        for number, one in enumerate(data["routes"], 1)
    ]
    return [f"{data['people']} people, all there after {data['duration_s']:.1f} s{gap}", *lines]


def _opened(options: argparse.Namespace) -> Scene:
    agent = Agent(options.radius, options.height, options.climb, options.slope)
    return open_scene(
        options.file, up=options.up, unit=options.unit, floor=options.floor, agent=agent, keep=not options.no_cache
    )


def _spoken(waypoint: dict[str, Any]) -> str:
    x, z = waypoint["position"]
    return f"{waypoint['time']:6.2f} s  {x:.2f},{z:.2f}"
