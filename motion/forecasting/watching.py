"""From sightings to what a forecaster is shown: the last seconds before a moment, at its rate, and a live stream."""

from __future__ import annotations

import json
import math
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.core.errors import BadFile, BadInput
from motion.core.tracks import Tracks
from motion.forecasting.futures import FPS, Forecaster, Futures, Speed, Walkable, present
from motion.forecasting.track_files.cameras import trajnet_entry
from motion.forecasting.track_files.plain import NAMES
from motion.forecasting.track_files.sightings import SAME_TIME, Sightings, from_rows, laid_out
from motion.forecasting.track_files.tables import MAX_LINE, is_number

Array = NDArray[np.floating]

#: Seconds before the moment of a forecast that are looked at.
HISTORY_S = 6.0

#: Most people at one moment of a stream.
MAX_PEOPLE = 10_000

STREAM = Path("-")


@dataclass(frozen=True)
class Watched:
    """What a forecaster is shown, and the sightings it comes from.

    Attributes:
        seen: the last seconds of those who are in ``tracks``, row by row.
        tracks: at ``FPS``; the last column is at ``now``.
        now: s, on the clock of the file.
        notes: what a user should know of it, a sentence each.
    """

    seen: Sightings
    tracks: Tracks
    now: float
    notes: tuple[str, ...]

    @classmethod
    def of(cls, sightings: Sightings, now: float) -> Watched:
        """The ``HISTORY_S`` before ``now``; raises ``BadInput`` when nobody is there at that time."""
        seen = sightings.between(now - HISTORY_S, now)
        begin = max(now - HISTORY_S, seen.begin)
        tracks = seen.tracks(begin, now, FPS)
        here = present(tracks)
        if not len(here):
            raise BadInput(f"nobody is there at {now:g} s; the last before it was seen at {seen.end:g} s")
        return cls(seen, tracks, now, _notes(seen, tracks, here))

    def forecast(
        self, forecaster: Forecaster, *, horizon: float, samples: int, seed: int, speed: Speed | None = None,
        walkable: Walkable | None = None,
    ) -> Futures:  # fmt: skip
        """Futures under the names and the clock of the file; see ``Forecaster.forecast``."""
        futures = forecaster.forecast(
            self.tracks, horizon=horizon, samples=samples, seed=seed, speed=speed, walkable=walkable
        )
        return futures.named([self.seen.ids[row] for row in present(self.tracks)], self.now)


def _notes(seen: Sightings, tracks: Tracks, here: NDArray[np.intp]) -> tuple[str, ...]:
    notes = []
    if seen.step and abs(seen.step - 1 / FPS) > 0.01 / FPS:
        notes.append(f"people were seen every {seen.step:.3g} s; resampled to every {1 / FPS:g} s")
    columns = tracks.valid[here].sum(axis=1)
    once, short = int((columns == 1).sum()), int(((columns > 1) & (columns < 8)).sum())
    if once:
        notes.append(f"{once} of {len(here)} people were seen at one step only: which way they walk is not known")
    if short:
        notes.append(f"{short} of {len(here)} people were seen for less than {7 / FPS:g} s")
    return tuple(notes)


@dataclass
class Stream:
    """The last seconds of a stream of lines, each who is where when; a step ends when a later time begins.

    Lines are ``time,id,x,y`` with or without a header, Social GAN's ``frame id x y``, TrajNet++'s tracks, or JSON with
    ``time``, ``id``, ``x`` and ``y``. An empty line ends a step at once.

    Attributes:
        fps: frames per second where lines count frames; None: they tell seconds.
    """

    fps: float | None = None
    flat: str = "xy"
    _columns: dict[str, int] = field(default_factory=dict)
    _people: dict[str, deque[tuple[float, float, float]]] = field(default_factory=dict)
    _now: float = -math.inf
    _open: dict[str, tuple[float, float]] = field(default_factory=dict)

    def steps(self, lines: Iterable[str]) -> Iterator[Watched]:
        """One ``Watched`` a step; raises ``BadFile`` naming the line that is wrong."""
        for number, line in enumerate(lines, start=1):
            if len(line) > MAX_LINE:
                raise BadFile(STREAM, f"line {number} has more than {MAX_LINE} characters")
            if not line.strip():
                yield from self._ended()
                continue
            if line.lstrip().startswith("#") or self._is_header(line):
                continue
            time, name, x, other = self._row(line, number)
            if time < self._now - SAME_TIME or (time <= self._now + SAME_TIME and not self._open):
                raise BadFile(STREAM, f"line {number}: time runs backwards, from {self._now:g} to {time:g} s")
            if time > self._now + SAME_TIME:
                yield from self._ended()
                self._now = time
            if name in self._open:
                raise BadFile(STREAM, f"line {number}: person {name[:40]} is there twice at {time:g} s")
            if len(self._open) >= MAX_PEOPLE:
                raise BadFile(STREAM, f"line {number}: more than {MAX_PEOPLE} people at {time:g} s")
            self._open[name] = (x, other)
        yield from self._ended()

    def _ended(self) -> Iterator[Watched]:
        """Take in the step that is open, forget what is long ago."""
        if not self._open:
            return
        for name, place in self._open.items():
            self._people.setdefault(name, deque()).append((self._now, *place))
        self._open = {}
        for name in list(self._people):
            seen = self._people[name]
            while seen and seen[0][0] < self._now - HISTORY_S - SAME_TIME:
                seen.popleft()
            if not seen:
                del self._people[name]
        rows = np.array([row for seen in self._people.values() for row in seen])
        person = np.repeat(np.arange(len(self._people)), [len(seen) for seen in self._people.values()])
        places = laid_out(rows[:, 1:], self.flat)
        yield Watched.of(from_rows(person, rows[:, 0], places, tuple(self._people)), self._now)

    def _is_header(self, line: str) -> bool:
        """Whether it names columns; they are kept."""
        cells = [cell.strip().strip('"').lower() for cell in _cells(line)]
        if self._columns or line.lstrip().startswith("{") or any(is_number(cell) for cell in cells):
            return False
        found = {name: cells.index(o) for name, others in NAMES.items() for o in others if o in cells}
        if "x" in found and "id" in found and ("time" in found or "frame" in found) and ("y" in found or "z" in found):
            self.flat = "xy" if "y" in found else "xz"
            self._columns = found
            if "time" in found:
                self.fps = None
            return True
        return False

    def _row(self, line: str, number: int) -> tuple[float, str, float, float]:
        """Time in s, name, and place of one line."""
        if line.lstrip().startswith("{"):
            when, name, x, other = self._object(line, number)
        else:
            cells = _cells(line)
            found = self._columns or {"time": 0, "id": 1, "x": 2, "y": 3}
            order = [found.get("time", found.get("frame", 0)), found["id"], found["x"], found[self.flat[1]]]
            if self.fps is None and ("time" not in found or not (self._columns or _separated(line))):
                raise BadInput(
                    "these lines count frames; say how many there are a second with --fps (25: ten are 0.4 s)"
                )
            if max(order) >= len(cells):
                raise BadFile(STREAM, f"line {number} has {len(cells)} columns; a line is time,id,x,y")
            when, name, x, other = (cells[column].strip() for column in order)
            name = name.strip('"')
        values = [float(value) if is_number(str(value)) else math.nan for value in (when, x, other)]
        if not all(math.isfinite(value) and abs(value) < 1e12 for value in values):
            raise BadFile(
                STREAM, f"line {number}: time, x and y should be numbers, got {when!s:.20}, {x!s:.20}, {other!s:.20}"
            )
        return values[0] / (self.fps or 1.0), _name(str(name)), values[1], values[2]

    def _object(self, line: str, number: int) -> tuple[Any, Any, Any, Any]:
        try:
            data = json.loads(line)
        except (ValueError, RecursionError):
            raise BadFile(STREAM, f"line {number} is no JSON") from None
        if isinstance(data, dict) and "track" in data:
            _, entry = trajnet_entry(line, f"line {number}", STREAM)
            if self.fps is None:
                raise BadInput("TrajNet++ lines count frames; say how many there are a second with --fps")
            return entry["f"], entry["p"], entry["x"], entry["y"]
        if not isinstance(data, dict) or not {"time", "id", "x"} <= data.keys() or not {"y", "z"} & data.keys():
            raise BadFile(STREAM, f"line {number} should be an object with time, id, x and y")
        self.flat = "xy" if "y" in data else "xz"
        return data["time"], data["id"], data["x"], data[self.flat[1]]


def _name(word: str) -> str:
    """A name as files are read: whole numbers are written as such."""
    number = float(word) if is_number(word) else math.nan
    return f"{number:.0f}" if math.isfinite(number) and number == round(number) else word


def _cells(line: str) -> list[str]:
    return line.strip().split(_separated(line))


def _separated(line: str) -> str | None:
    """What stands between columns; None for blanks, as in Social GAN's text, which counts frames."""
    return next((sign for sign in ",;" if sign in line), None)
