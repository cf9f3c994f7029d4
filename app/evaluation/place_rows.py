"""Rows about places alone: meshes understood, seconds to prepare them, routes, people crossing."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.evaluation.scene_trial import LEVEL, LIST, Findings, Prepared, SceneTrial
from motion.core.axes import from_ground, ground, height
from motion.core.errors import MotionError
from motion.evaluation.scorecard import Row
from scenes.crowd import Walker, gaps, plan_crowd
from scenes.files import read_mesh
from scenes.heights import Agent, find_spans
from scenes.mesh import Mesh, samples
from scenes.orientation import UNITS, UP_AXES, Orientation, understand
from scenes.reasons import NoRoute
from scenes.rooms import door_hall
from scenes.routing import PlannedRoute, plan_route
from scenes.scene import open_scene, prepare
from scenes.search import geodesic
from scenes.walkable import make_walkable

Array = NDArray[np.floating]

#: Seeds of what is drawn: ends of routes, axes and units.
_SEED = 50_000

#: Ways through each place, metres from which on the ratio to the shortest way means something.
_ROUTES, _LONG = 8, 1.0

#: Square metres somebody can walk on in a place that was understood; crammed scans have little more.
_WALKABLE = 0.25

#: Heights in metres above the floor between which things count for clearance, and metres between points on them.
_BODY, _POINTS = (0.3, 1.75), 0.04

#: Bodies may overlap by so much, in metres.
_DEEP = 0.05


def mesh_rows(trial: SceneTrial) -> Findings:
    """Every mesh with another axis up and in another unit: understood as it is meant, with ground to walk on."""
    rng, wrong, count = np.random.default_rng(_SEED), [], 0
    meshes: list[tuple[str, Mesh, str]] = []
    for number, path in enumerate(trial.files):
        trial.progress("understanding meshes", number / len(trial.files))
        try:
            meshes.append((path.stem, read_mesh(path)[0], path.suffix.lower()))
        except MotionError as error:
            count += 1
            wrong.append(f"{path.stem}: {error}")
    meshes += [(one.name, one.room.mesh, ".obj") for one in trial.drawn if one.room]
    for number, (name, mesh, suffix) in enumerate(meshes):
        trial.progress("scrambling meshes", number / len(meshes))
        count += 1
        up, unit = str(rng.choice(["+y", "+z"])), str(rng.choice(["m", "cm", "mm"]))
        problem = _scrambled(mesh, suffix, up, unit)
        if problem:
            wrong.append(f"{name} with {up} up in {unit}: {problem}")
    share = 1 - len(wrong) / max(count, 1)
    what = f"meshes of which a scene can be made without hand work, of {count}"
    return Findings([Row(what, share, 0.0, least=0.95, unit="%")], {"meshes": count, "wrong": wrong})


def _scrambled(mesh: Mesh, suffix: str, up: str, unit: str) -> str | None:
    """What goes wrong when a file has another axis up and another unit; None: nothing."""
    own = understand(mesh, suffix)
    level = own.applied(mesh)
    moved = level.moved(UP_AXES[up].T, 1 / UNITS[unit], np.zeros(3))
    found = understand(moved, ".obj")
    if (found.up, found.unit) != (up, unit):
        return f"taken for {found.up} up in {found.unit}"
    agent, mesh = Agent(cell=0.1), found.applied(moved)
    if not found.is_place:
        return None  # a ground is laid around it
    area = float(make_walkable(find_spans(mesh, agent), agent).sizes.max(initial=0.0))
    return None if area >= _WALKABLE else f"{area:.1f} m² to walk on"


def preparing_rows(trial: SceneTrial) -> Findings:
    """Seconds of one core to prepare a place, and to find it again."""
    places = trial.places
    rows = [
        Row(
            "preparing a room, the slowest",
            _worst([p.seconds for p in places if p.kind == "room"]),
            None,
            most=10,
            unit="s",
        )
    ]
    houses = [place.seconds for place in places if place.kind == "house"]
    if houses:
        rows.append(Row("preparing a house", max(houses), None, most=30, unit="s"))
    rows.append(Row("a prepared place again, the slowest", _worst([p.again for p in places]), None, most=0.3, unit="s"))
    return Findings(rows, {p.name: [round(p.seconds, 2), round(p.again, 3)] for p in places})


def route_rows(trial: SceneTrial) -> Findings:
    """Routes between places drawn at random: how long, how clear of things, how soon found."""
    ratios: list[float] = []
    clear: list[float] = []
    spent: list[float] = []
    details: dict[str, Any] = {}
    for number, place in enumerate(trial.places):
        trial.progress("planning routes", number / len(trial.places))
        one, near, seconds = _routes_in(place)
        ratios, clear, spent = ratios + one, clear + near, spent + seconds
        details[place.name] = {"routes": len(one), "ratio": _worst(one), "clearance_m": min(near, default=None)}
    rows = [
        Row(f"route by grid geodesic, the longest of {len(ratios)}", _worst(ratios), None, most=1.05),
        Row("root clearance to any surface, the least", min(clear, default=np.nan), None, least=0.2, unit="m"),
    ]
    level, about = _list_of_level(trial)
    spent += about.pop("spent", [])
    return Findings(
        [
            *rows,
            *level,
            Row("route query, the slowest, first ones included", 1000 * _worst(spent), None, most=30, unit="ms"),
        ],
        {**details, **about, "query_ms": [round(1000 * one, 1) for one in spent]},
    )


def _routes_in(place: Prepared) -> tuple[list[float], list[float], list[float]]:
    """Length by geodesic, clearance in m and seconds of some routes; the first query of the scene is the first."""
    scene, rng = place.scene, np.random.default_rng(_SEED)
    walkable = scene.walkable
    main = np.flatnonzero(walkable.areas == 0)
    surface = np.concatenate([points for points, _ in samples(scene.mesh.triangles, _POINTS)])
    ratios, clear, spent = [], [], []
    for start in rng.choice(main, 2):
        goals = rng.choice(main, _ROUTES // 2)
        for goal, least in zip(goals, geodesic(walkable, int(start), goals), strict=True):
            if least >= _LONG:
                ends = walkable.spans.place_of(np.array([start, goal])), walkable.spans.heights[[start, goal]]
                begun = time.process_time()
                route = plan_route(scene, *(from_ground(one, level) for one, level in zip(*ends, strict=True)))
                spent.append(time.process_time() - begun)
                ratios.append(route.route.length / float(least))
                clear.append(_clearance(surface, route))
    return ratios, clear, spent


def _clearance(surface: Array, route: PlannedRoute) -> float:
    """m over the ground from a route to the nearest of points (N, 3) at body height; nothing of the planner is used."""
    least = np.inf
    planar, up = ground(surface), height(surface)
    for floor in np.unique(np.round(route.heights, 1)):
        on = np.round(route.heights, 1) == floor
        things = planar[(up > floor + _BODY[0]) & (up < floor + _BODY[1])]
        for place in route.route.points[on]:
            least = min(least, float(np.linalg.norm(things - place, axis=-1).min(initial=np.inf)))
    return least


def _list_of_level(trial: SceneTrial) -> tuple[list[Row], dict[str, list[float]]]:
    """Routes of the reference list of Recast's level with stairs."""
    lists = list(trial.folder.rglob(LIST)) if trial.folder else []
    if not (lists and trial.named(LEVEL)):
        return [], {}
    trial.progress("planning the reference list", 0.0)
    path = trial.named(LEVEL)[0]
    open_scene(path, up="+y", unit="m")
    scene = open_scene(path, up="+y", unit="m")
    spent, found = [], 0
    for line in lists[0].read_text(encoding="utf-8").splitlines():
        if line.startswith("pf"):
            ends = scene.in_ours(np.array(line.split()[1:7], dtype=np.float64).reshape(2, 3))
            begun = time.process_time()
            with suppress(NoRoute):
                found += plan_route(scene, *ends) is not None
            spent.append(time.process_time() - begun)
    return [Row(f"nav_test: routes found, of {len(spent)}", found / len(spent), None, least=1.0, unit="%")], {
        "spent": spent
    }


def crowd_rows(trial: SceneTrial) -> Findings:
    """Eight people through one door of 0.9 m: from one side, in step, and from both sides at once."""
    scene = prepare(door_hall(), Orientation("+y", "m", 0.0, True), Agent(), "hall")
    deep, arrived, lasts, nearest, asked = 0, 0, [], [], 0
    for number, walkers in enumerate(crossings()):
        trial.progress("people crossing", number / len(crossings()))
        asked += len(walkers)
        try:
            routes = plan_crowd(scene, walkers)
        except NoRoute:
            continue
        between = gaps(routes)
        deep += int((between < -_DEEP).sum())
        arrived += len(routes)
        lasts.append(max(route.duration for route in routes))
        nearest.append(float(between.min()))
    rows = [
        Row("8 people through one door: frames deeper than 5 cm", deep if arrived else np.nan, None, most=0),
        Row("8 people through one door: share who arrive", arrived / asked, None, least=1.0, unit="%"),
        Row("8 people through one door: the last one after", _worst(lasts), None, unit="s"),
    ]
    return Findings(rows, {"nearest_m": nearest, "seconds": lasts})


def crossings() -> list[list[Walker]]:
    """People to go through the door of ``door_hall``: all from one side, exactly alike, from both sides."""
    rows = np.linspace(-2.8, 2.8, 8)
    angles = np.linspace(-1.2, 1.2, 8)
    arc = 2.5 * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    one_side = [
        Walker(np.array([-3.0 + 0.8 * (k % 2), z]), np.array([3.0 + 0.8 * (k % 2), z])) for k, z in enumerate(rows)
    ]
    alike = [Walker(point * [-1, 1], point) for point in arc]
    sides = [
        Walker(np.array([side * 2.5, z]), np.array([-side * 2.5, z]))
        for side in (-1, 1)
        for z in (-1.5, -0.5, 0.5, 1.5)
    ]
    return [one_side, alike, sides]


def _worst(values: Sequence[float]) -> float:
    return float(max(values)) if values else float("nan")
