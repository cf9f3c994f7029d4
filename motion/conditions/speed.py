"""Speed: how fast the person moves over the ground, constant or as a curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.conditions.checked import Load, entries, moment, number, sequence, span
from motion.conditions.draft import Draft, Observed
from motion.core.errors import BadInput

Array = NDArray[np.floating]

#: Fastest speed that can be asked for, in m/s.
MAX_SPEED = 6.0

#: Most points of a curve.
MAX_POINTS = 1000


@dataclass(frozen=True)
class Speed(Observed):
    """Planar speed in m/s from ``start`` to ``end`` seconds (None: to the end of the clip).

    Attributes:
        values: m/s, 0 to 6; one for a constant speed.
        times: s from the clip's start, ascending, one for each of several values; straight lines between them, the
            first and the last value before and after. None for a constant speed.
    """

    values: tuple[float, ...]
    times: tuple[float, ...] | None = None
    start: float = 0.0
    end: float | None = None

    def __post_init__(self) -> None:
        values = sequence("a speed's values", self.values, MAX_POINTS)
        checked = tuple(number("a speed", value, 0.0, MAX_SPEED, "m/s") for value in values)
        object.__setattr__(self, "values", checked)
        if self.times is None and len(checked) != 1:
            raise BadInput(f"a speed without times has one value, got {len(checked)}")
        if self.times is not None:
            times = tuple(moment("a speed's time", time) for time in sequence("times", self.times, MAX_POINTS))
            if not checked or len(times) != len(checked) or not ascending(times):
                raise BadInput("a speed needs one time for each value, each later than the one before")
            object.__setattr__(self, "times", times)
        start, end = span("speed", self.start, self.end)
        object.__setattr__(self, "start", start)
        object.__setattr__(self, "end", end)

    @classmethod
    def constant(cls, value: float, start: float = 0.0, end: float | None = None) -> Speed:
        """The same speed all the time."""
        return cls((value,), None, start, end)

    def span(self) -> tuple[float, float | None]:
        """Start and end in seconds."""
        return self.start, self.end

    def at(self, time: Array | float) -> Array:
        """m/s (...) at times (...) s, whether inside the span or not."""
        time = np.asarray(time, dtype=np.float64)
        return np.full(time.shape, self.values[0]) if self.times is None else np.interp(time, self.times, self.values)

    def write(self, draft: Draft) -> None:
        """Nothing: a speed is no place. It times the ways over the ground, and the network is told it apart."""

    def to_json(self) -> dict[str, Any]:
        """A JSON object from which ``from_json`` makes an equal speed."""
        curve = {"value": self.values[0]} if self.times is None else {"times": self.times, "values": self.values}
        return {"kind": "speed", **{k: v if isinstance(v, float) else list(v) for k, v in curve.items()},
                "start": self.start, "end": self.end}  # fmt: skip

    @classmethod
    def from_json(cls, data: Any, load: Load | None = None) -> Speed:
        """A speed from a JSON object; raises ``BadInput`` or ``UnknownName``."""
        given = entries("speed", data, (), ("value", "values", "times", "start", "end"))
        if "value" in given:
            if "values" in given or "times" in given:
                raise BadInput("a speed has either a 'value' or 'values' at 'times'")
            given["values"] = (given.pop("value"),)
        elif not {"values", "times"} <= given.keys():
            raise BadInput("a speed needs a 'value', or 'values' at 'times'")
        return cls(**given)


def speeds_at(speeds: Sequence[Speed], times: Array) -> Array:
    """m/s (N,) asked for at times (N,) s; NaN where nothing is asked, the later of two where both hold."""
    asked = np.full(np.shape(times), np.nan)
    for speed in speeds:
        start, end = speed.start, np.inf if speed.end is None else speed.end
        inside = (times >= start) & (times <= end)
        asked[inside] = speed.at(times)[inside]
    return asked


def distances_at(speeds: Sequence[Speed], start: float, times: Array) -> Array:
    """m (N,) gone since ``start`` at ascending times (N,) s; where nothing is asked, the speed next to it holds on."""
    fine = np.arange(start, max(float(times[-1]), start) + 0.02, 0.01)
    asked = speeds_at(speeds, fine)
    known = np.isfinite(asked)
    asked = np.interp(fine, fine[known], asked[known])
    gone = np.concatenate([[0.0], np.cumsum((asked[1:] + asked[:-1]) / 2 * np.diff(fine))])
    return np.interp(times, fine, gone)


def ascending(times: Sequence[float]) -> bool:
    """Whether each time comes after the one before."""
    return all(later > earlier for earlier, later in pairwise(times))
