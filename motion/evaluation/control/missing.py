"""Rows about what is missing of a clip: its middle beside straight interpolation, its future beside standing still."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.conditions import Keep, Prefix, Text
from motion.core import Motion
from motion.evaluation.control.trial import Findings, Trial, mean, plain
from motion.evaluation.sampling import FPS
from motion.evaluation.scorecard import Row
from motion.metrics.control import HORIZONS_MS, prediction_errors

Array = NDArray[np.floating]

#: Seconds taken out of the middle of clips, and what is known on either side at least.
GAPS, SIDE = (0.5, 1.0, 2.0), 0.5

#: So many times as many clips as of other controls: some hold still, where straight lines and freezing are perfect.
MORE = 3

#: Futures that are guessed, the seconds of past that are seen at most, and the futures that have a bar.
GUESSES, PAST = 10, 2.0
BARS = {400: 0.55, 1000: 0.60}


def between_rows(trial: Trial) -> Findings:
    """Joint errors in what is filled in, against positions interpolated in straight lines and rotations spherically."""
    details: dict[str, Any] = {}
    ratios: list[float] = []
    rows: list[Row] = []
    for number, gap in enumerate(GAPS):
        trial.progress("between", number / len(GAPS))
        ours, straight = [], []
        for one in trial.real(gap + 2 * SIDE, MORE):
            first = (one.clip.num_frames - round(gap * FPS)) // 2 - 1
            last = first + round(gap * FPS) + 1
            edit = Keep(one.clip, first / FPS, last / FPS)
            clips = trial.motions(one.text, one.clip.duration, Text(one.text), edit)
            inside = slice(first + 1, last)
            ours += [_error(clip, one.clip, inside) for clip in clips]
            straight += [_error(interpolated(one.clip, first, last), one.clip, inside)] * len(clips)
        rows.append(Row(f"in-between of {gap:g} s: joint error", mean(ours), mean(straight), unit="m"))
        ratios.append(mean(ours) / max(mean(straight), 1e-9))
        details[f"{gap:g} s"] = {"ours_m": plain(ours), "interpolated_m": plain(straight)}
        details[f"{gap:g} s"]["ratio"] = plain([ratios[-1]])
    trial.progress("between", 1.0)
    rows.append(Row("in-between: error beside interpolation's, mean", mean(ratios), 1.0, most=0.6, unit="x"))
    return Findings(rows, details)


def interpolated(clip: Motion, first: int, last: int) -> Motion:
    """The clip with the frames between two others made of these two."""
    ends = replace(clip.sliced(0, 2), root_position=clip.root_position[[first, last]])
    ends = replace(ends, joint_rotation=clip.joint_rotation[[first, last]], fps=clip.fps / (last - first))
    middle = ends.sampled_at(np.arange(last - first + 1) / clip.fps, clip.fps)
    root, rotation = clip.root_position.copy(), clip.joint_rotation.copy()
    root[first : last + 1], rotation[first : last + 1] = middle.root_position, middle.joint_rotation
    return replace(clip, root_position=root, joint_rotation=rotation)


def _error(clip: Motion, truth: Motion, frames: slice) -> float:
    away = clip.joint_positions()[frames] - truth.joint_positions()[frames]
    return float(np.linalg.norm(away, axis=-1).mean())


def prediction_rows(trial: Trial) -> Findings:
    """How far the best of some futures is from what came, beside a person who freezes; no words are given."""
    best: dict[int, list[float]] = defaultdict(list)
    first: dict[int, list[float]] = defaultdict(list)
    still: dict[int, list[float]] = defaultdict(list)
    future = max(HORIZONS_MS) / 1000
    real = trial.real(2 * future + 0.2, MORE)
    for number, one in enumerate(real):
        trial.progress("prediction", number / len(real))
        seen = min(one.clip.num_frames // 2, one.clip.num_frames - round(future * FPS) - 1)
        past = one.clip.sliced(max(0, seen - round(PAST * FPS)), seen + 1)
        truth = one.clip.sliced(seen, seen + round(future * FPS) + 1)
        begin = past.num_frames - 1
        seconds = (begin + truth.num_frames + 2) / FPS
        clips = trial.motions(f"prediction {number}", seconds, Prefix(past, PAST), samples=GUESSES)
        errors = [prediction_errors(clip.sliced(begin, clip.num_frames), truth) for clip in clips]
        frozen = prediction_errors(truth.sampled_at(np.zeros(truth.num_frames), FPS), truth)
        for horizon in frozen:
            best[horizon].append(min(error[horizon] for error in errors))
            first[horizon].append(mean([error[horizon] for error in errors]))
            still[horizon].append(frozen[horizon])
    trial.progress("prediction", 1.0)
    rows = []
    for horizon in HORIZONS_MS:
        ours, theirs = 1000 * mean(best[horizon]), 1000 * mean(still[horizon])
        rows.append(Row(f"prediction: MPJPE at {horizon} ms, best of {GUESSES}", ours, theirs, unit="mm"))
    for horizon, bar in BARS.items():
        ratio = mean(best[horizon]) / max(mean(still[horizon]), 1e-9)
        rows.append(Row(f"prediction: MPJPE at {horizon} ms beside zero velocity's", ratio, 1.0, most=bar, unit="x"))
    told = {"best_m": best, "mean_of_guesses_m": first, "zero_velocity_m": still}
    return Findings(rows, {name: {str(h): plain(v) for h, v in values.items()} for name, values in told.items()})
