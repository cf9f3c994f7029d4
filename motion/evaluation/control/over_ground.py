"""Rows about where and how fast: speeds, drawn paths, timed waypoints; the same prompts left alone beside."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.conditions import Path, Speed, Text, Waypoints
from motion.conditions.path import rounded
from motion.core import Motion
from motion.core.axes import ground
from motion.core.route import Waypoint
from motion.evaluation.control.gaits import gait_bands
from motion.evaluation.control.trial import Findings, Trial, mean, plain, worst
from motion.evaluation.sampling import FPS
from motion.evaluation.scorecard import Row
from motion.metrics.control import gait, path_error
from motion.metrics.physical import foot_skate_ratio, mean_planar_speed

Array = NDArray[np.floating]

WALK, RUN = Text("a person walks forward."), Text("a person runs forward.")

#: Speeds that are asked for, in m/s; from this one on with the words of running.
SPEEDS, RUNNING = (0.6, 1.0, 1.4, 2.0, 3.0), 2.0
SPEED_SECONDS = 5.0

#: m/s at which paths and waypoints are walked, and how near to a waypoint counts, in metres.
PACE, NEAR = 1.2, 0.05

#: Metres between waypoints, and of the way through them.
SPACINGS, WAY = (1.0, 2.0, 3.0), 9.0


def speed_rows(trial: Trial) -> Findings:
    """The speed that came out, and whether people step so at that speed."""
    bands = gait_bands(trial.training, SPEEDS)
    off: list[float] = []
    off_free: list[float] = []
    fits: list[tuple[bool, bool]] = []
    details: dict[str, Any] = {}
    for number, speed in enumerate(SPEEDS):
        trial.progress("speed", number / len(SPEEDS))
        words = RUN if speed >= RUNNING else WALK
        clips = trial.motions(words.prompt, SPEED_SECONDS, words, Speed.constant(speed))
        free = trial.motions(words.prompt, SPEED_SECONDS, words)
        realised, left = ([mean_planar_speed(clip) for clip in group] for group in (clips, free))
        off += [abs(one - speed) for one in realised]
        off_free += [abs(one - speed) for one in left]
        gaits = [gait(clip) for clip in clips]
        cadence, length = [one.cadence for one in gaits], [one.step_length for one in gaits]
        details[f"{speed:g}"] = {
            "realised": plain(realised), "cadence": plain(cadence), "step_length": plain(length),
            "foot_skate": plain([foot_skate_ratio(clip) for clip in clips]), "uncontrolled": plain(left),
        }  # fmt: skip
        if speed in bands:
            band = bands[speed]
            fits.append((_within(cadence, band.cadence), _within(length, band.step_length)))
            details[f"{speed:g}"]["band"] = asdict(band)
    trial.progress("speed", 1.0)
    told = "of clips at that speed, share of speeds"
    rows = [
        Row("speed: error of the mean speed", mean(off), mean(off_free), most=0.08, unit="m/s"),
        Row(f"speed: cadence in the 5-95 % band {told}", mean([fit for fit, _ in fits]), least=1.0, unit="%"),
        Row(f"speed: step length in the 5-95 % band {told}", mean([fit for _, fit in fits]), least=1.0, unit="%"),
    ]
    return Findings(rows, details)


def _within(values: list[float], band: tuple[float, float]) -> bool:
    """Whether the median lies in the band: single clips of real people leave it, too."""
    return bool(band[0] <= np.median(values) <= band[1])


def path_rows(trial: Trial) -> Findings:
    """How far the root is from drawn paths, and how feet slide on them beside walks of the same length left alone."""
    details: dict[str, Any] = {}
    every: list[Array] = []
    every_free: list[Array] = []
    drawn = drawn_paths()
    for number, (name, points) in enumerate(drawn.items()):
        trial.progress("path", number / len(drawn))
        path = Path(points)
        seconds = round(path.route.length / PACE, 1)
        clips = trial.motions(WALK.prompt, seconds, WALK, path)
        free = trial.motions(WALK.prompt, seconds, WALK)
        own, left = (np.array([_on_path(clip, path, seconds) for clip in group]) for group in (clips, free))
        every, every_free = [*every, own], [*every_free, left]
        details[name] = {
            "seconds": seconds, "mean_m": plain(own.T[0], 5), "max_m": plain(own.T[1], 5),
            "foot_skate": plain(own.T[2]), "foot_skate_uncontrolled": plain(left.T[2]),
        }  # fmt: skip
    trial.progress("path", 1.0)
    (off, most, skate), (off_free, most_free, skate_free) = (np.concatenate(e).T for e in (every, every_free))
    rows = [
        Row("path: mean error", mean(off), mean(off_free), most=0.01, unit="m"),
        Row("path: largest error", worst(most), worst(most_free), most=0.03, unit="m"),
        Row("path: foot skate ratio", mean(skate), mean(skate_free), most=mean(skate_free) + 0.03, unit="%"),
    ]
    return Findings(rows, details)


def _on_path(clip: Motion, path: Path, seconds: float) -> tuple[float, float, float]:
    """Mean and largest distance in metres from where the path wants the root, frame by frame; foot skate ratio."""
    asked = path.observe(seconds, clip.fps, clip.skeleton)
    frames = slice(0, clip.num_frames)
    return *path_error(clip, asked.root_ground[frames], asked.root_ground_known[frames]), foot_skate_ratio(clip)


def drawn_paths() -> dict[str, Array]:
    """Points (N, 2) m of the paths of the table; all begin at the origin and lead along +Z."""
    turn = np.linspace(0.0, 2 * math.pi, 97)
    circle = 1.5 * np.stack([1 - np.cos(turn), np.sin(turn)], axis=1)
    half = circle[: len(circle) // 2 + 1]
    back = half[-1] + (half * [1, -1])  # after half a circle to the left, one to the right
    other = circle * [-1, 1]
    square = np.array([[0.0, 0.0], [0.0, 1.5], [3.0, 1.5], [3.0, -1.5], [0.0, -1.5], [0.0, 0.0]])
    return {
        "straight": np.array([[0.0, 0.0], [0.0, 6.0]]),
        "circle": circle,
        "S": np.concatenate([half, back[1:]]),
        "figure 8": np.concatenate([circle, other[1:]]),
        "square": rounded(square, 0.6).points,
    }


def waypoint_rows(trial: Trial) -> Findings:
    """The share of timed waypoints at which the root is near enough, at their times."""
    hits: list[bool] = []
    hits_free: list[bool] = []
    details: dict[str, Any] = {}
    for number, spacing in enumerate(SPACINGS):
        trial.progress("waypoints", number / len(SPACINGS))
        places = winding(spacing)
        times = spacing / PACE * np.arange(len(places))
        points = tuple(Waypoint(place, float(time)) for place, time in zip(places, times, strict=True))
        seconds = math.ceil(10 * (times[-1] + 1 / FPS)) / 10
        clips = trial.motions(WALK.prompt, seconds, WALK, Waypoints(points))
        free = trial.motions(WALK.prompt, seconds, WALK)
        away, away_free = (_off_points(group, places, times) for group in (clips, free))
        hits += list(away <= NEAR)
        hits_free += list(away_free <= NEAR)
        skate = [foot_skate_ratio(clip) for clip in clips]
        details[f"every {spacing:g} m"] = {
            "mean_m": mean(away), "max_m": worst(away), "foot_skate": plain(skate), "speed": PACE,
            "foot_skate_uncontrolled": plain([foot_skate_ratio(clip) for clip in free]),
        }  # fmt: skip
    trial.progress("waypoints", 1.0)
    return Findings([Row("waypoints: within 5 cm at its time", mean(hits), mean(hits_free), 0.99, unit="%")], details)


def _off_points(clips: list[Motion], places: Array, times: Array) -> Array:
    """(K * N,) m, distance of K clips' roots from N places at their times."""
    there = [ground(clip.sampled_at(times, clip.fps).root_position) for clip in clips]
    return np.concatenate([np.linalg.norm(one - places, axis=-1) for one in there])


def winding(spacing: float) -> Array:
    """Places (N, 2) m that far apart on a way that turns left and right by up to 40 degrees."""
    count = round(WAY / spacing)
    headings = np.deg2rad(40.0) * np.sin(np.arange(count) * spacing)
    steps = spacing * np.stack([np.sin(headings), np.cos(headings)], axis=1)
    return np.concatenate([np.zeros((1, 2)), np.cumsum(steps, axis=0)])
