"""``stride train forecaster``: a folder of tracks and a fold to the folder of a forecaster."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch

from motion.core.errors import BadInput, UnknownName
from motion.core.progress import Progress, silent
from motion.forecasting.calibration import Calibration, fitted
from motion.forecasting.checkpoint import save_forecaster
from motion.forecasting.forecaster import TrainedForecaster
from motion.forecasting.protocol import FOLDS, training_windows, validation_windows
from motion.forecasting.together import scene_samples
from motion.forecasting.training import ForecastTrainer, ForecastTraining, Rows, judged
from motion.forecasting.windows import Windows
from motion.metrics.futures import best_scene
from motion.training.forecast_calibration import STRENGTHS, calibrate_across

#: ``--fold every``: all of them, one after another, and then calibrated across scenes.
EVERY = "every"

#: People of the held-out windows that the calibration is fitted on.
FITTED_ON = 1600

LICENCES = {"sdd": "CC-BY-NC-SA-3.0"}
LICENCE = "research only: ETH states no licence, UCY is free with credit"


def train_forecaster(
    tracks: Path,
    fold: str,
    out: Path,
    *,
    steps: int | None = None,
    seconds: float | None = None,
    seed: int = 0,
    progress: Progress = silent,
) -> Path:
    """Train on every recording but the fold's test; returns the folder ``out/forecaster-FOLD``.

    Args:
        tracks: folder of recorded tracks; ``motion.forecasting.protocol`` says what lies where.
        fold: a scene to leave out, ``all``, ``sdd``, or ``every``: those one after another, calibrated across scenes.
        out: checkpoint, ``log.jsonl`` and the result; a run found there is resumed.
        steps: optimiser steps in all instead of the preset's.
        seconds: stop and save after this long.

    Raises:
        UnknownName: no such fold. BadInput: a number outside its limits. BadFile: a recording missing or damaged.
    """
    if fold not in (*FOLDS, EVERY):
        raise UnknownName("fold", fold, (*FOLDS, EVERY))
    if steps is not None and steps < 1:
        raise BadInput(f"steps must be 1 or more, got {steps}")
    if fold == EVERY:
        if seconds is not None:
            raise BadInput("--seconds stops one fold; name it")
        for one in FOLDS:
            train_forecaster(tracks, one, out, steps=steps, seed=seed, progress=progress)
        calibrate_across(tracks, out, progress=progress)
        return out
    config = replace(ForecastTraining(), seed=seed)
    config = config if steps is None else replace(config, steps=steps)
    plain, stretched = training_windows(tracks, fold)
    held_out = validation_windows(tracks, fold)
    trainer = ForecastTrainer(config, plain, stretched, held_out, out / f"state-{fold}")
    trainer.resume()
    weights = trainer.run(seconds=seconds or float("inf"), progress=progress)
    return finished(trainer, weights, held_out, out / f"forecaster-{fold}", fold)


def finished(
    trainer: ForecastTrainer, weights: dict[str, torch.Tensor], held_out: Windows, folder: Path, fold: str
) -> Path:
    """Calibrate the weights on held-out windows and write the folder."""
    trainer.average.load_state_dict({key: value.half().float() for key, value in weights.items()})  # as they are read
    forecaster = TrainedForecaster(trainer.average.eval())
    calibration = calibrated(forecaster, held_out)
    numbers = judged(trainer.average, Rows(held_out))
    save_forecaster(
        folder, weights, trainer.config.network, calibration,
        name=f"forecaster-{fold}", licence=LICENCES.get(fold, LICENCE),
        training={
            "fold": fold, "steps": trainer.step, "seconds": round(trainer.seconds),
            "windows": len(trainer.plain), "validation": {key: round(value, 4) for key, value in numbers.items()},
            "settings": {k: v for k, v in asdict(trainer.config).items() if k != "network"},
        },
    )  # fmt: skip
    return folder


def calibrated(forecaster: TrainedForecaster, held_out: Windows) -> Calibration:
    """Spreads and probabilities by least surprise, the pull of scenes by the least error of the best scene."""
    rows = np.unique(np.linspace(0, len(held_out) - 1, FITTED_ON).astype(int))
    frame, output = forecaster.foretold(held_out[rows])
    calibration = fitted(output, frame.own(torch.from_numpy(held_out[rows].future)))
    frame, output = forecaster.foretold(held_out)
    positions, best = frame.world(output.futures).numpy(), frame.world(output.best).numpy()
    first = np.flatnonzero(np.diff(held_out.window, prepend=-1))
    scenes = [slice(a, b) for a, b in zip(first, [*first[1:], len(held_out)], strict=True)]
    errors = []
    for strength in STRENGTHS:
        each = [
            best_scene(scene_samples(positions[rows], best[rows], strength), held_out.future[rows]) for rows in scenes
        ]
        mean, last = np.concatenate([np.stack(one) for one in each], axis=1).mean(axis=1)
        errors.append(mean + 0.5 * last)
    return replace(calibration, scene=STRENGTHS[int(np.argmin(errors))])
