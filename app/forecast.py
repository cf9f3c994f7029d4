"""``stride forecast``: tracks in, futures out, as files, pictures, a stream of lines or walking people."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from app.forecast_place import at_home
from app.forecast_speed import Pace, paced, read_pace
from app.terminal import Stages, answer, warn
from motion.core.errors import BadInput, UnknownName
from motion.forecasting.constant_velocity import ConstantVelocity
from motion.forecasting.fan import PICTURES
from motion.forecasting.future_files import FUTURE_FILES, as_sightings, futures_json, people_json
from motion.forecasting.futures import Forecaster, Futures, Walkable, present
from motion.forecasting.maps import read_map
from motion.forecasting.track_files import FORMS, Reading, read_homography, read_sightings, write_sightings
from motion.forecasting.track_files.sightings import Sightings
from motion.forecasting.watching import Stream, Watched
from motion.formats.atomic import require_place, write_text
from motion.resources import assets_folder

HORIZON = 4.8

BASELINE = "constant-velocity"
SHIPPED = "forecaster-all"


def forecast(options: argparse.Namespace) -> dict[str, Any]:
    """``stride forecast``."""
    _require_sense(options)
    pace = read_pace(options.speed)
    if options.tracks == "-":
        return _live(options, pace)
    began = time.perf_counter()
    sightings = read_sightings(options.tracks, _reading(options))
    if options.recorded:
        return _recorded(options, sightings)
    watched = Watched.of(sightings, sightings.end if options.at is None else options.at)
    read = time.perf_counter()
    walkable = _walkable(options, sightings.flat)
    forecaster, about = opened(options.forecaster)
    forecaster = at_home(options, forecaster, about, _reading(options))
    placed = time.perf_counter()
    futures = paced(watched, forecaster, pace, **_asked(options), walkable=walkable)
    foretold = time.perf_counter()
    notes = [*sightings.notes, *watched.notes, *about.pop("notes")]
    told = {"forecaster": about, "notes": notes, "speed": options.speed, "origin": _origin(options)}
    files = [str(_written(out, options, futures, watched.seen, told, walkable)) for out in options.out]
    seconds = {"read": read - began, "forecast": foretold - placed, "write": time.perf_counter() - foretold}
    result: dict[str, Any] = {
        "files": files, "people": len(futures.ids), "samples": options.samples, "start_s": futures.start,
        "horizon_s": futures.best.shape[1] / futures.fps, "form": sightings.form, "forecaster": about, "notes": notes,
        "seconds": seconds,
    }  # fmt: skip
    if walkable is not None:
        result["off_the_map"] = float(1 - np.mean(walkable(futures.positions)))
    if options.animate:
        from app.forecast_people import ways_of_futures

        result |= _animated(options, ways_of_futures(watched, futures, options.future))
    if not files and not options.animate:
        result["forecast"] = futures_json(futures, watched.seen, told)
    _say(options, result, notes, futures, watched.seen)
    return result


def opened(name: str | None) -> tuple[Forecaster, dict[str, Any]]:
    """A forecaster by name or folder, and what is known of it; None: the best that is shipped."""
    trained = find_spec("motion.forecasting.checkpoint") is not None
    notes = []
    if name is None and not (trained and (assets_folder() / "models" / SHIPPED).is_dir()):
        name, notes = BASELINE, ["no trained forecaster is installed: everybody goes straight on"]
    if name == BASELINE:
        return ConstantVelocity(), {"name": BASELINE, "notes": notes}
    if not trained:
        raise UnknownName("forecaster", str(name), [BASELINE])
    loaded = importlib.import_module("motion.forecasting.checkpoint").load_forecaster(name or SHIPPED)
    return loaded, {**loaded.info, "notes": notes}


def _require_sense(options: argparse.Namespace) -> None:
    """Refuse what cannot be before any file is read."""
    if options.form is not None and options.form not in FORMS:
        raise UnknownName("form of tracks", options.form, FORMS)
    for out in options.out:
        known = {**FUTURE_FILES, **PICTURES}
        if options.form is None and options.recorded and Path(out).suffix.lower() not in PICTURES:
            raise BadInput("recorded tracks are written in a form of tracks: say which with --as, such as --as csv")
        if options.form is None and Path(out).suffix.lower() not in known:
            raise UnknownName("file suffix of a forecast", Path(out).suffix or out, known)
        require_place(out)
    if options.recorded and not (options.animate or options.form):
        raise BadInput("--recorded does nothing alone: give --animate OUT.glb, or --as FORM and --out FILE")
    if options.animate:
        if Path(options.animate).suffix.lower() != ".glb":
            raise BadInput(f"--animate writes a .glb, not {options.animate}")
        require_place(options.animate)
    if options.form is not None and not options.out:
        raise BadInput("--as says the form of --out FILE; give one")
    if options.tracks == "-":
        for name, given in (("--out", options.out), ("--animate", options.animate), ("--recorded", options.recorded),
                            ("--at", options.at is not None), ("--homography", options.homography),
                            ("--scale", options.scale)):  # fmt: skip
            if given:
                raise BadInput(f"{name} needs a file of tracks; a stream is answered on stdout")
    if options.map is not None and options.map_homography is None:
        raise BadInput("--map needs --map-homography FILE, which takes its pixels to metres")
    if options.map is not None and options.scene is not None:
        raise BadInput("the place is a --scene or a --map; give one of them")


def _reading(options: argparse.Namespace) -> Reading:
    homography = None if options.homography is None else read_homography(options.homography)
    return Reading(options.fps, homography, options.scale)


def _asked(options: argparse.Namespace) -> dict[str, Any]:
    """Horizon, samples and seed as a forecaster takes them."""
    if not 0 <= options.seed < 2**63:
        raise BadInput(f"seed must be a whole number from 0 to 2^63 - 1, got {options.seed}")
    horizon = HORIZON if options.horizon is None else options.horizon
    return {"horizon": horizon, "samples": options.samples, "seed": options.seed}


def _origin(options: argparse.Namespace) -> tuple[float, float] | None:
    if options.origin is None:
        return None
    try:
        latitude, longitude = (float(word) for word in options.origin.split(","))
    except ValueError:
        raise BadInput(f"--origin takes latitude,longitude in degrees, got {options.origin[:40]!r}") from None
    return latitude, longitude


def _walkable(options: argparse.Namespace, flat: str) -> Walkable | None:
    """Where one can stand: by a mesh, by a map, or None for everywhere."""
    if options.map is not None:
        return read_map(options.map, read_homography(options.map_homography), flat)
    if options.scene is None:
        return None
    from scenes.scene import open_scene

    ground = open_scene(options.scene).walkable

    def walkable(points: np.ndarray) -> np.ndarray:
        cells = ground.at(np.asarray(points, dtype=np.float64), 0.0)
        return (cells >= 0) & (ground.areas[cells] >= 0)

    return walkable


def _written(
    out: str, options: argparse.Namespace, futures: Futures, seen: Sightings, told: dict[str, Any],
    walkable: Walkable | None,
) -> Path:  # fmt: skip
    """One file of a forecast."""
    path, suffix = Path(out), Path(out).suffix.lower()
    if suffix in PICTURES:
        name = Path(options.tracks).stem
        PICTURES[suffix](futures, seen, path, walkable, f"{name}, {futures.start:g} s, {told['forecaster']['name']}")
        return path
    if options.form is not None:
        return write_sightings(as_sightings(futures, seen), path, options.form)
    return write_text(path, FUTURE_FILES[suffix](futures, seen, told))


def _recorded(options: argparse.Namespace, sightings: Sightings) -> dict[str, Any]:
    """``--recorded``: the tracks themselves, from ``--at`` for ``--horizon`` seconds."""
    begin = sightings.begin if options.at is None else options.at
    seen = sightings.between(begin, sightings.end if options.horizon is None else begin + options.horizon)
    if any(Path(out).suffix.lower() in PICTURES for out in options.out):
        raise BadInput("a picture is drawn of a forecast; leave --recorded or the picture out")
    files = [str(write_sightings(seen, out, options.form)) for out in options.out]
    result = {"files": files, "people": len(seen.ids), "form": sightings.form, "notes": list(sightings.notes)}
    if options.animate:
        from app.forecast_people import ways_of_record

        result |= _animated(options, ways_of_record(seen))
    _say(options, result, list(sightings.notes))
    return result


def _animated(options: argparse.Namespace, ways: Sequence[Any]) -> dict[str, Any]:
    from app.forecast_people import animate

    with Stages() as stages:
        return animate(
            ways, options.animate, model=options.model, seed=options.seed, most=options.most,
            one_each=options.one_each, progress=stages,
        )  # fmt: skip


def _live(options: argparse.Namespace, pace: Pace) -> dict[str, Any]:
    """``stride forecast -``: one line of JSON for each step that comes in."""
    asked, walkable = _asked(options), _walkable(options, "xy")
    forecaster, about = opened(options.forecaster)
    forecaster = at_home(options, forecaster, about, _reading(options))
    for note in about["notes"]:
        warn(note)
    steps = 0
    for watched in Stream(options.fps).steps(sys.stdin):
        there = {watched.seen.ids[row] for row in present(watched.tracks)}
        here = {name: speed for name, speed in pace.of.items() if name in there}
        futures = paced(watched, forecaster, replace(pace, of=here), **asked, walkable=walkable)
        people = [{"id": name, **person} for name, person in people_json(futures, watched.seen.flat).items()]
        told = {"time": futures.start, "fps": futures.fps, "people": people}
        try:
            sys.stdout.write(json.dumps(told, allow_nan=False, separators=(",", ":")) + "\n")
            sys.stdout.flush()
        except BrokenPipeError:  # nobody listens any more
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            break
        steps += 1
    return {"steps": steps}


def _say(
    options: argparse.Namespace, result: dict[str, Any], notes: list[str], futures: Futures | None = None,
    seen: Sightings | None = None,
) -> None:  # fmt: skip
    """In words, without ``--json``."""
    for note in notes:
        warn(note)
    if options.json:
        return
    if futures is not None and seen is not None and "forecast" in result:
        for name, person in people_json(futures, seen.flat).items():
            x, y = person["best"][-1]
            answer(f"{name}: at {x:.2f},{y:.2f} in {result['horizon_s']:g} s")
    answer(*[*result["files"], *result.get("people_files", [])])
    for line in result.get("animated", []):
        answer(line)
