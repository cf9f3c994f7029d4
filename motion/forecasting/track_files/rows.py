"""From the rows of a file to sightings: clock, unit, plan; what is wrong is refused, what can be repaired is said."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from motion.core.errors import BadFile, BadInput
from motion.core.route import checked_fps
from motion.forecasting.track_files.sightings import Sightings, laid_out, usual_step

Array = NDArray[np.floating]

#: Benchmarks of this field sample every 0.4 s, whatever their frames are called.
BENCHMARK_STEP = 0.4

#: Places further from the origin than this are no metres, in metres.
FURTHEST = 1e8

#: The same person at one time within so many metres is one sight that was written twice.
SAME_PLACE = 1e-3


@dataclass(frozen=True)
class Rows:
    """What a form's reader finds, in the order of the file.

    Attributes:
        when: (N,) frames, or s where ``frames_per_s`` is 1.
        who: (N,) numbers or names.
        where: (N, 2) in the file's plan and unit.
        frames_per_s: None where the form never tells: then a step is ``BENCHMARK_STEP``; 0 where it should have told.
        pixels: whether ``where`` is in pixels.
        flat: see ``Sightings``.
        notes: what was left out.
    """

    when: Array
    who: NDArray
    where: Array
    frames_per_s: float | None = None
    pixels: bool = False
    flat: str = "xy"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """What the user says about a file.

    Attributes:
        fps: frames per second of the file's frame numbers, or None.
        homography: (3, 3) that takes (column, row, 1) of a picture to metres, or None.
        scale: metres per pixel, or None.
    """

    fps: float | None = None
    homography: Array | None = None
    scale: float | None = None

    def __post_init__(self) -> None:
        if self.fps is not None:
            checked_fps(self.fps)
        if self.scale is not None and not 0 < self.scale < FURTHEST:
            raise BadInput(f"a scale is metres per pixel and above 0, such as 0.03; got {self.scale:g}")
        if self.scale is not None and self.homography is not None:
            raise BadInput("pixels become metres by a homography or by a scale; give one of them")


def sightings_of(rows: Rows, path: Path, form: str, reading: Reading) -> Sightings:
    """Checked and sorted; raises ``BadFile`` for what cannot be repaired."""
    if not len(rows.when):
        raise BadFile(path, "holds no positions of people")
    if rows.who.dtype.kind == "f" and not np.all(np.isfinite(rows.who)):
        raise BadFile(path, f"row {int(np.argmax(~np.isfinite(rows.who))) + 1} has an id that is no number")
    names, person = _named(rows.who)
    where, flat, notes = _in_metres(rows, path, reading)
    _require_numbers(path, rows.when, where)
    order = np.lexsort((rows.when, person))
    backwards = np.unique(person[1:][(np.diff(person) == 0) & (np.diff(rows.when) < 0)])
    if len(backwards):
        notes.append(f"time ran backwards in the rows of {_some(names, backwards)}: they were sorted")
    person, when, where = person[order], rows.when[order], where[order]
    twice = (np.diff(person) == 0) & (np.diff(when) == 0)
    if twice.any():
        _require_same(path, names, person, when, where, twice)
        notes.append(f"{int(twice.sum())} rows stood there twice and count once")
        keep = np.append(True, ~twice)
        person, when, where = person[keep], when[keep], where[keep]
    step = usual_step(person, when)
    rate, said = _frame_rate(rows, path, step, reading)
    ground = laid_out(where, flat)
    return Sightings(
        person, when / rate, ground, names, step / rate, rate, form, flat, (*rows.notes, *notes, *said)
    )  # fmt: skip


def _named(who: NDArray) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """Names, in their natural order, and the index of each row's; whole numbers are written as such."""
    found, person = np.unique(who, return_inverse=True)
    if found.dtype.kind in "fiu":
        return tuple(f"{value:.0f}" if value == round(value) else f"{value:g}" for value in found.tolist()), person
    return tuple(str(value) for value in found), person


def _in_metres(rows: Rows, path: Path, reading: Reading) -> tuple[Array, str, list[str]]:
    """Places in metres, their plan, and what was done for it."""
    if reading.homography is not None:
        flat, places = "xy", _projected(rows.where, reading.homography, path)
        return places, flat, ["pixels were taken to metres by the homography"]
    if reading.scale is not None:
        return rows.where * reading.scale, "xz", [f"a pixel was taken for {reading.scale:g} m"]
    if rows.pixels:
        raise BadFile(
            path, "its positions are pixels; give --homography FILE (3 x 3, picture to metres) or --scale METRES"
        )
    return rows.where, rows.flat, []


def _projected(pixels: Array, homography: Array, path: Path) -> Array:
    points = np.concatenate([pixels, np.ones((len(pixels), 1))], axis=1) @ homography.T
    plane, depth = points[:, :2], points[:, 2:]
    if np.any(np.abs(depth) < 1e-12):
        raise BadFile(path, "some of its pixels lie on the horizon of the homography; is it the right way round?")
    return plane / depth


def _require_numbers(path: Path, when: Array, where: Array) -> None:
    bad = ~(np.isfinite(when) & np.all(np.isfinite(where), axis=1) & np.all(np.abs(where) < FURTHEST, axis=1))
    if bad.any():
        raise BadFile(path, f"row {int(np.argmax(bad)) + 1} holds a time or place that is no number, or out of bounds")


def _require_same(
    path: Path, names: tuple[str, ...], person: NDArray[np.intp], when: Array, where: Array, twice: NDArray[np.bool_]
) -> None:
    """Refuse one person at two places at a time."""
    apart = np.linalg.norm(np.diff(where, axis=0), axis=-1)
    worst = int(np.argmax(np.where(twice, apart, -1.0)))
    if apart[worst] > SAME_PLACE:
        (a, b), (c, d) = where[worst], where[worst + 1]
        raise BadFile(
            path,
            f"person {names[person[worst]]} is at two places at {when[worst]:g}: {a:.2f},{b:.2f} and {c:.2f},{d:.2f}; "
            "ids must be unique at each time",
        )


def _frame_rate(rows: Rows, path: Path, step: float, reading: Reading) -> tuple[float, list[str]]:
    """Frames per second, and what was assumed."""
    if reading.fps is not None:
        return reading.fps, []
    if rows.frames_per_s == 0:
        raise BadFile(path, "does not tell its frames per second; give --fps")
    if rows.frames_per_s is not None:
        return rows.frames_per_s, []
    step = step or 1.0
    return step / BENCHMARK_STEP, [
        f"a step of {step:g} frames was taken for {BENCHMARK_STEP:g} s; --fps says otherwise"
    ]


def _some(names: tuple[str, ...], indices: NDArray[np.integer]) -> str:
    """The first few names, and how many more."""
    more = f" and {len(indices) - 3} more" if len(indices) > 3 else ""
    return f"{'people' if len(indices) > 1 else 'person'} {', '.join(names[index] for index in indices[:3])}{more}"
