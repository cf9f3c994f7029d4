"""``stride train``: a preset, a training set, a folder; stopped and resumed as often as one likes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from motion.core.errors import BadInput, UnknownName
from motion.core.progress import Progress, silent
from motion.datasets.store import TrainingSet
from motion.training.distillation import Distiller
from motion.training.encoder_training import STEPS, train_encoder
from motion.training.mdm_training import MdmTrainer
from motion.training.presets import PRESETS
from motion.training.trainer import Trainer

#: What can be trained beside ``PRESETS``, the preset that needs a teacher, and the baseline.
EVALUATOR, FEW_STEPS, MDM = "evaluator", "few-steps", "mdm"


def train(
    preset: str,
    data: Path,
    out: Path,
    *,
    device: str = "auto",
    steps: int | None = None,
    seconds: float | None = None,
    teacher: str | None = None,
    start: str | None = None,
    progress: Progress = silent,
) -> Path:
    """Train ``preset`` on the training set in ``data``; returns the model folder inside ``out``.

    Args:
        preset: a name in ``PRESETS``, or ``evaluator`` for the encoder of sentences and movements.
        data: folder made by ``stride data build``.
        out: checkpoints, ``log.jsonl`` and the model folder; a run found there is resumed.
        device: ``auto``, ``cpu``, ``cuda``; the evaluator is trained on the CPU.
        steps: total steps instead of the preset's; the learning rate falls towards the last of them.
        seconds: stop (and save) after this long.
        teacher: of ``few-steps``: the model, or model folder, to be distilled.
        start: the model, or model folder, whose weights are trained on; of the same size. None: from nothing.
        progress: told the stage and the share done.

    Raises:
        UnknownName: no such preset. BadInput: a number outside its limits, or an option that is not the preset's.
        BadFile: a teacher or a checkpoint that cannot be read.
    """
    if steps is not None and steps < 1:
        raise BadInput(f"steps must be 1 or more, got {steps}")
    if preset not in {*PRESETS, EVALUATOR}:
        raise UnknownName("training preset", preset, [*PRESETS, EVALUATOR])
    if (preset == FEW_STEPS) != (teacher is not None):
        raise BadInput(f"--teacher NAME belongs to the preset {FEW_STEPS}, which needs it")
    if preset == EVALUATOR:
        if seconds is not None or device == "cuda":
            raise BadInput(f"{EVALUATOR} is trained in one go on the CPU; leave out --seconds and --device cuda")
        return train_encoder(data, out, steps=STEPS if steps is None else steps, start=start, progress=progress)
    if start is not None and preset in (FEW_STEPS, MDM):
        raise BadInput(f"--start does not belong to {preset}: {FEW_STEPS} start as their teacher, {MDM} from nothing")
    config = PRESETS[preset]()
    if steps is not None:
        config = replace(config, steps=steps)
    training = TrainingSet.open(data)
    trainer: Trainer
    if teacher is not None:
        trainer = Distiller(config, training, out, teacher=teacher, device=device, progress=progress)
    else:
        kind = MdmTrainer if preset == MDM else Trainer
        trainer = kind(config, training, out, start=start, device=device, progress=progress)
    out.mkdir(parents=True, exist_ok=True)
    trainer.resume()
    trainer.run(seconds=seconds, progress=progress)
    return out / config.name
