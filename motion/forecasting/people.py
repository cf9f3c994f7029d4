"""From dots to people: the timed places of one person as what a generator is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import BSpline, make_interp_spline, make_smoothing_spline
from scipy.ndimage import gaussian_filter1d

from motion.conditions import Condition, Pose, Text, Timeline, Waypoints
from motion.conditions.timeline import MAX_DURATION, MIN_DURATION
from motion.core.axes import UP, height
from motion.core.errors import BadInput
from motion.core.rotation import rotvec_to_rotmat
from motion.core.route import Waypoint
from motion.core.skeleton import Skeleton

Array = NDArray[np.floating]

#: Tracks tremble; the way that people walk stays within so many metres of what was seen.
NEAR = 0.02

#: Seconds between the places that a generator is told, and frames per second in which ways are thought.
STEP, FINE = 0.2, 30.0

#: m/s: slower, and one faces as before; faster is running; faster than people is nobody.
FACES, RUNS, FASTEST = 0.35, 2.2, 5.0

#: Somebody stands who stays within so many metres for so many seconds; nobody runs for less either.
STILL, SHORTEST = 0.08, 1.2

#: Seconds between postures that are held while standing, the most of them, and seconds to come and to go.
HOLD, MOST_HELD, ARRIVE = 0.5, 300, 0.5

#: Turns in degrees of the left arm's joints from the T-pose to standing at ease; the right arm's are mirrored.
AT_EASE = {"collar": (0.0, 0.0, -8.0), "shoulder": (0.0, 0.0, -66.0), "elbow": (0.0, -15.0, 0.0)}

#: Seconds over which a heading is a mean: nobody turns at once.
TURNING = 0.25

#: What the generator is told; those who stand are known by their postures, for standing was hardly recorded.
SAID = ("a person walks", "a person runs")


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


def timeline_of(way: Way, skeleton: Skeleton, seed: int, facing: float = 0.0) -> Timeline:
    """What a generator is asked for so that somebody walks, stops and turns as the way does.

    Args:
        way: of at least a second.
        skeleton: SMPL's, of whom it is to be.
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
    places = line(times)
    points = tuple(
        Waypoint(place, float(time), float(np.interp(time, fine, headings)))
        for place, time in zip(places, times, strict=True)
    )
    asked: tuple[Condition, ...] = (*_texts(fine, speed), Waypoints(points), *_stands(times, places, skeleton))
    return Timeline(way.duration + 1 / FINE, asked, seed)  # one frame more: it ends at the last place


def standing(skeleton: Skeleton) -> Array:
    """(J, 3, 3) R_parent_joint of somebody who stands at ease: SMPL's T-pose with the arms down."""
    rotation = np.tile(np.eye(3), (skeleton.num_joints, 1, 1))
    for name, turn in AT_EASE.items():
        for side, sign in (("left", 1.0), ("right", -1.0)):
            rotation[skeleton.index(f"{side}_{name}")] = rotvec_to_rotmat(np.deg2rad(sign * np.array(turn)))
    return rotation


def _stands(times: Array, places: Array, skeleton: Skeleton) -> list[Pose]:
    """Poses that are held while somebody stays at one place."""
    spans = _stays(times, places)
    total = sum(end - begin for begin, end in spans)
    every = max(HOLD, total / MOST_HELD)
    rotation, root = standing(skeleton), UP * height(skeleton.rest_positions[0])
    held = []
    for begin, end in spans:
        # whoever comes or goes needs a step for it
        begin, end = begin + (ARRIVE if begin > 0 else 0.0), end - (ARRIVE if end < times[-1] else 0.0)
        count = max(1, round((end - begin) / every) + 1)
        held += [Pose(float(time), rotation, root) for time in np.linspace(begin, end, count)]
    return held


def _stays(times: Array, places: Array) -> list[tuple[float, float]]:
    """Begin and end in s of every stay of at least ``SHORTEST`` within ``STILL`` metres."""
    stays, first = [], 0
    while first < len(times):
        low = high = places[first]
        last = first
        while last + 1 < len(times):
            low, high = np.minimum(low, places[last + 1]), np.maximum(high, places[last + 1])
            if np.linalg.norm(high - low) > STILL:
                break
            last += 1
        if times[last] - times[first] >= SHORTEST:
            stays.append((float(times[first]), float(times[last])))
            first = last
        first += 1
    return stays


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
    """When somebody walks and when somebody runs, each for long enough to be done."""
    what = (speed > RUNS).astype(np.intp)
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
    ends = [None if stop == len(times) else float(times[stop]) for _, stop, _ in spans]
    return tuple(
        Text(SAID[kind], float(times[start]), end) for (start, _, kind), end in zip(spans, ends, strict=True)
    )  # fmt: skip


def _spans(what: NDArray[np.integer]) -> list[tuple[int, int, int]]:
    """Start, stop and value of every run of equal values."""
    edges = np.flatnonzero(np.diff(what)) + 1
    bounds = [0, *edges.tolist(), len(what)]
    return [(start, stop, int(what[start])) for start, stop in pairwise(bounds)]
