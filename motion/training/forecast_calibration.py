"""Calibration across scenes: how sure a forecaster may be in a place where it was not trained.

On held-out windows of the scenes it was trained in, a forecaster looks surer than it may be elsewhere. What the
forecasters that leave out the *other* scenes say of those scenes tells how sure it may be; the scene that a fold itself
leaves out is never looked at. (Those other forecasters did see it in training. What flows back, through 14 factors, is
their error on their own left-out scene; no single future is changed by it.)
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from motion.core.progress import Progress, silent
from motion.forecasting.calibration import Calibration, fitted, widened
from motion.forecasting.checkpoint import load_forecaster, recalibrated
from motion.forecasting.forecaster import TrainedForecaster
from motion.forecasting.model import Output
from motion.forecasting.protocol import SCENES, test_windows
from motion.forecasting.together import scene_samples
from motion.forecasting.windows import Windows
from motion.metrics.futures import best_scene

#: People of each scene that spreads and probabilities are fitted on, and windows for the pull of scenes.
PEOPLE, SCENES_OF_EACH = 400, 60

#: Pulls that are tried.
STRENGTHS = tuple(float(x) for x in np.arange(0.0, 0.61, 0.05).round(2))


def calibrate_across(tracks: Path, folder: Path, *, progress: Progress = silent) -> None:
    """Calibrate ``folder/forecaster-SCENE`` of all five scenes and ``forecaster-all`` by the scenes each did not see.

    The forecaster of all scenes is calibrated by what the five say of theirs.
    """
    folders = {scene: folder / f"forecaster-{scene}" for scene in SCENES}
    raw = {scene: replace(load_forecaster(str(path)), calibration=Calibration()) for scene, path in folders.items()}
    windows = {scene: test_windows(tracks, scene) for scene in SCENES}
    told = {}
    for count, scene in enumerate(SCENES):
        progress("calibrate", count / len(SCENES))
        told[scene] = _told(raw[scene], windows[scene]), _pull_errors(raw[scene], windows[scene])
    for fold in (*SCENES, "all"):
        others = [told[scene] for scene in SCENES if scene != fold]
        output, future = _pooled([one for one, _ in others])
        some = slice(None, None, 4)
        calibration = widened(fitted(output, future), Output(*[field[some] for field in output]), future[some])
        strength = STRENGTHS[int(np.argmin(np.sum([errors for _, errors in others], axis=0)))]
        recalibrated(folder / f"forecaster-{fold}", replace(calibration, scene=strength))


def _told(forecaster: TrainedForecaster, windows: Windows) -> tuple[Output, torch.Tensor]:
    """What is said of a few people, evenly drawn, and what they did, in their own frames."""
    rows = windows[np.linspace(0, len(windows) - 1, PEOPLE).astype(int)]  # few people are drawn more than once
    frame, output = forecaster.foretold(rows)
    return output, frame.own(torch.from_numpy(rows.future))


def _pooled(parts: list[tuple[Output, torch.Tensor]]) -> tuple[Output, torch.Tensor]:
    outputs = [output for output, _ in parts]
    return Output(*[torch.cat(field) for field in zip(*outputs, strict=True)]), torch.cat([own for _, own in parts])


def _pull_errors(forecaster: TrainedForecaster, windows: Windows) -> np.ndarray:
    """(STRENGTHS,) errors of the best scene of twenty, relative to the least."""
    first = np.flatnonzero(np.diff(windows.window, prepend=-1))
    ends = np.append(first[1:], len(windows))
    chosen = np.unique(np.linspace(0, len(first) - 1, SCENES_OF_EACH).astype(int))
    errors = np.zeros(len(STRENGTHS))
    for start, end in zip(first[chosen], ends[chosen], strict=True):
        rows = windows[int(start) : int(end)]
        frame, output = forecaster.foretold(rows)
        positions, best = frame.world(output.futures).numpy(), frame.world(output.best).numpy()
        for index, strength in enumerate(STRENGTHS):
            mean, last = best_scene(scene_samples(positions, best, strength), rows.future)
            errors[index] += float(mean.sum() + 0.5 * last.sum())
    return np.asarray(errors / errors.min())
