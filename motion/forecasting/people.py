"""From dots to people: the timed places of one person as what a generator is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import BSpline, make_interp_spline, make_smoothing_spline
from scipy.ndimage import gaussian_filter1d

from motion.conditions import Text, Timeline, Waypoints
from motion.conditions.timeline import MAX_DURATION, MIN_DURATION
from motion.core.errors import BadInput
from motion.core.route import Waypoint

Array = NDArray[np.floating]

#: Tracks tremble; the way that people walk stays within so many metres of what was seen.
NEAR = 0.02

#: Seconds between the places that a generator is told, and frames per second in which ways are thought.
STEP, FINE = 0.2, 30.0

#: m/s: slower is standing (and so slow that one faces as before), faster is running; faster than people is nobody.
STANDS, FACES, RUNS, FASTEST = 0.2, 0.35, 2.2, 5.0

#: Nobody changes from standing to walking and back within so many seconds.
SHORTEST = 1.2

#: Seconds over which a heading is a mean: nobody turns at once.
TURNING = 0.25

SAID = {"stands": "a person stands", "walks": "a person walks", "runs": "a person runs"}


@dataclass(frozen=True)
class Way:
    """Where one person is when.

    Attributes:
        name: of the person.
        times: (N,) s, ascending, N >= 2.
        places: (N, 2) m.
    """

    name: str
    times: Array
    places: Array

    @property
    def start(self) -> float:
        """s."""
        return float(self.times[0])

    @property
    def duration(self) -> float:
        """s from the first to the last place."""
        return float(self.times[-1] - self.times[0])

    def reason_against(self) -> str | None:
        """Why nobody can be made to walk so, or None."""
        if len(self.times) < 2 or self.duration < MIN_DURATION:
            return f"was seen for less than {MIN_DURATION:g} s"
        if self.duration > MAX_DURATION:
            return f"was seen for more than {MAX_DURATION:g} s"
        speeds = np.linalg.norm(np.diff(self.places, axis=0), axis=-1) / np.diff(self.times)
        if speeds.max() > FASTEST:
            return f"moves at {speeds.max():.1f} m/s, which is no walking"
        return None

    def smooth(self) -> BSpline:
        """Places (..., 2) m at s since the start: the smoothest that stays within ``NEAR`` of what was seen."""
        times = self.times - self.start
        if len(times) < 5:
            return make_interp_spline(times, self.places, k=min(3, len(times) - 1))
        best = make_interp_spline(times, self.places, k=3)
        low, high = -6.0, 3.0
        for _ in range(14):
            middle = (low + high) / 2
            trial = make_smoothing_spline(times, self.places, lam=10.0**middle)
            if np.linalg.norm(trial(times) - self.places, axis=-1).max() <= NEAR:
                best, low = trial, middle
            else:
                high = middle
        return best


def timeline_of(way: Way, seed: int, facing: float = 0.0) -> Timeline:
    """What a generator is asked for so that somebody walks, stops and turns as the way does.

    Args:
        way: of at least a second.
        seed: of the sampling.
        facing: rad, where somebody looks who never moves.

    Raises:
        BadInput: nobody can walk so; see ``Way.reason_against``.
    """
    reason = way.reason_against()
    if reason:
        raise BadInput(f"person {way.name} {reason}")
    line = way.smooth()
    fine = np.linspace(0.0, way.duration, max(2, round(way.duration * FINE) + 1))
    velocity = np.gradient(line(fine), fine, axis=0)
    speed = gaussian_filter1d(np.linalg.norm(velocity, axis=-1), TURNING * FINE, mode="nearest")
    headings = _headings(velocity, speed, facing)
    times = np.linspace(0.0, way.duration, max(2, round(way.duration / STEP) + 1))
    points = tuple(
        Waypoint(place, float(time), float(np.interp(time, fine, headings)))
        for place, time in zip(line(times), times, strict=True)
    )
    return Timeline(way.duration + 1 / FINE, (*_texts(fine, speed), Waypoints(points)), seed)  # with its last place


def _headings(velocity: Array, speed: Array, facing: float) -> Array:
    """rad (T,): along the way; while somebody stands, as before, turning to where the next step goes."""
    moving = np.flatnonzero(speed > FACES)
    if not moving.size:
        return np.full(len(speed), facing)
    x, z = velocity.T
    known = np.unwrap(np.arctan2(x[moving], z[moving]))
    held = np.interp(np.arange(len(speed)), moving, known)
    return gaussian_filter1d(held, TURNING * FINE, mode="nearest")


def _texts(times: Array, speed: Array) -> tuple[Text, ...]:
    """What somebody does when: stands, walks or runs, each for long enough to be done."""
    what = np.where(speed < STANDS, 0, np.where(speed < RUNS, 1, 2))
    spans = _spans(what)
    while len(spans) > 1:
        lengths = [times[stop - 1] - times[start] for start, stop, _ in spans]
        worst = int(np.argmin(lengths))
        if lengths[worst] >= SHORTEST:
            break
        start, stop, _ = spans[worst]
        beside = [spans[near] for near in (worst - 1, worst + 1) if 0 <= near < len(spans)]
        what[start:stop] = max(beside, key=lambda span: span[1] - span[0])[2]
        spans = _spans(what)
    names = list(SAID.values())
    ends = [None if stop == len(times) else float(times[stop]) for _, stop, _ in spans]
    return tuple(
        Text(names[kind], float(times[start]), end) for (start, _, kind), end in zip(spans, ends, strict=True)
    )  # fmt: skip


def _spans(what: NDArray[np.integer]) -> list[tuple[int, int, int]]:
    """Start, stop and value of every run of equal values."""
    edges = np.flatnonzero(np.diff(what)) + 1
    bounds = [0, *edges.tolist(), len(what)]
    return [(start, stop, int(what[start])) for start, stop in pairwise(bounds)]
