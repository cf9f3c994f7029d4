"""Futures in files: JSON with everything, CSV a row per step, GeoJSON a line per future."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.forecasting.futures import Futures
from motion.forecasting.track_files.plain import quoted
from motion.forecasting.track_files.sightings import Sightings, from_rows, laid_out
from motion.forecasting.track_files.simulators import feature, way_on_earth

Array = NDArray[np.floating]

#: Places are written to a tenth of a millimetre, probabilities to six digits.
PLACES, SHARES = 4, 6


def futures_json(futures: Futures, seen: Sightings, about: dict[str, Any]) -> dict[str, Any]:
    """Everything as one JSON object, in the plan of the source; ``about`` says how it was made."""
    people = people_json(futures, seen.flat)
    return {
        "form": "stride-forecast", "units": "m, s", "plan": seen.flat,
        "start": round(futures.start, 6), "fps": futures.fps, "times": futures.times.round(6).tolist(),
        **about,
        "joint": None if futures.joint is None else futures.joint.round(SHARES).tolist(),
        "people": [{"id": name, "seen": _seen(seen, name), **person} for name, person in people.items()],
    }  # fmt: skip


def people_json(futures: Futures, flat: str) -> dict[str, dict[str, Any]]:
    """Of each person: the best forecast, and all futures with their probabilities."""
    positions = laid_out(futures.positions, flat).round(PLACES) + 0.0  # no minus zeros
    best = laid_out(futures.best, flat).round(PLACES) + 0.0
    return {
        name: {
            "best": best[row].tolist(),
            "probabilities": futures.probabilities[row].round(SHARES).tolist(),
            "futures": positions[row].tolist(),
        }
        for row, name in enumerate(futures.ids)
    }


def _seen(seen: Sightings, name: str) -> list[list[float]]:
    """[time, x, y] of each sight."""
    rows = seen.person == seen.ids.index(name)
    return (np.column_stack([seen.time[rows], seen.written[rows]]).round(PLACES) + 0.0).tolist()


def write_json(futures: Futures, seen: Sightings, about: dict[str, Any]) -> str:
    """The text of ``futures_json``."""
    return json.dumps(futures_json(futures, seen, about), allow_nan=False) + "\n"


def write_csv(futures: Futures, seen: Sightings, about: dict[str, Any]) -> str:
    """``time,id,future,probability,x,y``; the best forecast is called ``best`` and has no probability."""
    lines = [f"time,id,future,probability,x,{seen.flat[1]}"]
    for name, person in people_json(futures, seen.flat).items():
        ways = [("best", "", person["best"])]
        ways += [
            (str(number), f"{share:g}", way)
            for number, (share, way) in enumerate(zip(person["probabilities"], person["futures"], strict=True), start=1)
        ]
        for called, share, way in ways:
            for time, (x, other) in zip(futures.times, way, strict=True):
                lines.append(f"{time:.6g},{quoted(name)},{called},{share},{x:.4f},{other:.4f}")
    return "\n".join(lines) + "\n"


def write_geojson(futures: Futures, seen: Sightings, about: dict[str, Any]) -> str:
    """A line per future; ``about["origin"]`` is latitude and longitude of the place 0,0."""
    origin = about.get("origin") or (0.0, 0.0)
    times = futures.times.round(4).tolist()
    features = []
    for row, name in enumerate(futures.ids):
        rows = seen.person == seen.ids.index(name)
        features.append(feature(way_on_earth(seen.position[rows], origin), {"id": name, "kind": "seen"}))
        best = way_on_earth(futures.best[row], origin)
        features.append(feature(best, {"id": name, "kind": "best", "times": times}))
        for number, (share, way) in enumerate(
            zip(futures.probabilities[row], futures.positions[row], strict=True), start=1
        ):
            told = {"id": name, "kind": "future", "number": number, "probability": round(float(share), SHARES)}
            features.append(feature(way_on_earth(way, origin), told))
    return json.dumps({"type": "FeatureCollection", "features": features}, allow_nan=False) + "\n"


#: What a forecast is written as, by suffix; pictures are drawn by ``fan``.
FUTURE_FILES: dict[str, Callable[[Futures, Sightings, dict[str, Any]], str]] = {
    ".json": write_json,
    ".csv": write_csv,
    ".geojson": write_geojson,
}


def as_sightings(futures: Futures, seen: Sightings) -> Sightings:
    """What was seen, and the best forecast as if it had been seen: for forms of tracks."""
    people = np.repeat([seen.ids.index(name) for name in futures.ids], futures.best.shape[1])
    times = np.tile(futures.times, len(futures.ids))
    return from_rows(
        np.concatenate([seen.person, people.astype(seen.person.dtype)]),
        np.concatenate([seen.time, times]),
        np.concatenate([seen.position, futures.best.reshape(-1, 2)]),
        seen.ids,
        seen,
    )
