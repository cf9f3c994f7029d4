"""``stride train``: a preset, a training set, a folder; stopped and resumed as often as one likes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from motion.core.errors import BadInput, UnknownName
from motion.core.progress import Progress, silent
from motion.datasets.store import TrainingSet
from motion.training.presets import PRESETS
from motion.training.trainer import Trainer


def train(
    preset: str,
    data: Path,
    out: Path,
    *,
    device: str = "auto",
    steps: int | None = None,
    seconds: float | None = None,
    progress: Progress = silent,
) -> Path:
    """Train ``preset`` on the training set in ``data``; returns the model folder inside ``out``.

    Args:
        preset: a name in ``PRESETS``.
        data: folder made by ``stride data build``.
        out: checkpoints, ``log.jsonl`` and the model folder; a run found there is resumed.
        device: ``auto``, ``cpu``, ``cuda``.
        steps: total steps instead of the preset's; the learning rate falls towards the last of them.
        seconds: stop (and save) after this long.
        progress: told the stage and the share done.

    Raises:
        UnknownName: no such preset. BadInput: a number outside its limits.
    """
    if preset not in PRESETS:
        raise UnknownName("training preset", preset, PRESETS)
    config = PRESETS[preset]()
    if steps is not None:
        if steps < 1:
            raise BadInput(f"steps must be 1 or more, got {steps}")
        config = replace(config, steps=steps)
    trainer = Trainer(config, TrainingSet.open(data), out, device=device, progress=progress)
    out.mkdir(parents=True, exist_ok=True)
    trainer.resume()
    trainer.run(seconds=seconds, progress=progress)
    return out / config.name
