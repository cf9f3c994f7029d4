"""What simulators read and write: JuPedSim and PedPy text, SUMO's people, CARLA's walkers, GeoJSON for maps."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.core.errors import BadFile, BadInput
from motion.forecasting.track_files.plain import frames_per_s, rows_by_frame
from motion.forecasting.track_files.rows import Rows
from motion.forecasting.track_files.sightings import Sightings
from motion.forecasting.track_files.tables import Head, number_table

Array = NDArray[np.floating]

#: Metres per degree of latitude on WGS 84, on average.
METRES_PER_DEGREE = 111_320.0

_RATE = re.compile(r"framerate\s*[:=]?\s*([-+0-9.eE]+)", re.IGNORECASE)
_ELEMENT = re.compile(r"<(timestep|person)\b([^<>]*)>")
_ATTRIBUTE = re.compile(r"(\w+)\s*=\s*\"([^\"]*)\"")
_CENTIMETRES = re.compile(r"(\bx\s*/\s*cm\b|\bx\s*\[in cm\]|\bunit\s*:\s*cm\b)", re.IGNORECASE)


def is_jupedsim(head: Head) -> bool:
    """Comments that begin with #, then rows of at least four numbers."""
    return bool(head.comments) and head.numbers >= 4 and head.delimiter is None


def read_jupedsim(head: Head) -> Rows:
    """``ID FR X Y ...`` with the rate, and whether it is centimetres, in the comments."""
    comments = "\n".join(head.comments)
    found = _RATE.search(comments)
    try:
        rate = float(found.group(1)) if found else 0.0
    except ValueError:
        raise BadFile(head.path, f"its frame rate should be a number, is {found and found.group(1)!r}") from None
    if found and not 0 < rate < 1e5:
        raise BadFile(head.path, f"its frame rate should be above 0, is {rate:g}")
    table = number_table(head, (0, 1, 2, 3))
    who, when, where = table[:, 0], table[:, 1], table[:, 2:]
    centimetres = bool(_CENTIMETRES.search(comments))
    notes = ("centimetres were taken to metres",) if centimetres else ()
    return Rows(when, who, where * (0.01 if centimetres else 1.0), rate, notes=notes)


def write_jupedsim(sightings: Sightings) -> str:
    """Metres; PedPy and JuPedSim's own tools read it."""
    rate = frames_per_s(sightings)
    order, frames, numbers = rows_by_frame(sightings, rate)
    lines = [f"# framerate: {rate:.6g}", "# ID FR X/m Y/m Z/m"]
    for frame, number, (x, y) in zip(frames, numbers, sightings.written[order].tolist(), strict=True):
        lines.append(f"{number} {frame} {x:.6f} {y:.6f} 0")
    return "\n".join(lines) + "\n"


def is_sumo(head: Head) -> bool:
    """SUMO's floating car data, in XML."""
    return head.lines[0].startswith("<") and any("<fcd-export" in line for line in head.lines)


def read_sumo(head: Head) -> Rows:
    """The ``person`` elements of every ``timestep``; read as text, one after the other, so nothing is expanded."""
    when, who, where = [], [], []
    time = None
    with head.path.open(encoding="utf-8-sig", errors="replace") as file:
        for line in file:
            for kind, content in _ELEMENT.findall(line):
                about = dict(_ATTRIBUTE.findall(content))
                try:
                    if kind == "timestep":
                        time = float(about["time"])
                    elif time is not None:
                        where.append((float(about["x"]), float(about["y"])))
                        when.append(time)
                        who.append(about["id"])
                except (KeyError, ValueError):
                    raise BadFile(head.path, f"a {kind} lacks its numbers: {content.strip()[:60]!r}") from None
    return Rows(np.array(when), np.array(who, str), np.array(where).reshape(-1, 2), 1.0)


def write_carla(sightings: Sightings) -> str:
    """Walkers with timed locations and speeds in m/s: metres, left-handed, x forward, y right, z up, as in CARLA."""
    walkers = []
    for index, name in enumerate(sightings.ids):
        rows = sightings.person == index
        times, places = sightings.time[rows], sightings.position[rows]
        steps = np.linalg.norm(np.diff(places, axis=0), axis=-1) / np.diff(times) if rows.sum() > 1 else np.zeros(0)
        speeds = np.append(steps, steps[-1:] if len(steps) else 0.0)
        walkers.append({"id": name, "waypoints": [
            {"time": round(float(time), 4), "location": {"x": round(x, 4), "y": round(z, 4), "z": 0.0},
             "speed": round(float(speed), 4)}
            for time, (x, z), speed in zip(times, places.tolist(), speeds, strict=True)
        ]})  # fmt: skip
    return json.dumps({"form": "carla-walkers", "units": "m, s, m/s", "walkers": walkers}, indent=1)


def way_on_earth(ground: Array, origin: tuple[float, float]) -> list[list[float]]:
    """[longitude, latitude] (N, 2) of ground positions (N, 2), x to the east, z to the south of ``origin``.

    ``origin`` is (latitude, longitude) in degrees of the point 0,0; the earth is flat for a few kilometres around it.
    """
    latitude, longitude = origin
    if not (abs(latitude) < 89 and abs(longitude) <= 180):
        raise BadInput(
            f"an origin is latitude,longitude in degrees, such as 52.52,13.405; got {latitude:g},{longitude:g}"
        )
    east, south = ground.T
    longitudes = longitude + east / (METRES_PER_DEGREE * np.cos(np.deg2rad(latitude)))
    return np.stack([longitudes, latitude - south / METRES_PER_DEGREE], axis=-1).round(9).tolist()


def feature(line: list[list[float]], about: dict[str, Any]) -> dict[str, Any]:
    """A GeoJSON feature: a line, or a point where there is one place only."""
    kind, where = ("LineString", line) if len(line) > 1 else ("Point", line[0])
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": where}, "properties": about}


def write_geojson(sightings: Sightings, origin: tuple[float, float] = (0.0, 0.0)) -> str:
    """A line per person with the times of its points."""
    features = []
    for index, name in enumerate(sightings.ids):
        rows = sightings.person == index
        about = {"id": name, "times": sightings.time[rows].round(4).tolist()}
        features.append(feature(way_on_earth(sightings.position[rows], origin), about))
    return json.dumps({"type": "FeatureCollection", "features": features})
