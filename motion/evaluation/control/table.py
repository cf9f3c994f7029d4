"""``stride evaluate control``: every control of the table, or some of them, asked of a model and measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from os import PathLike
from typing import Any

from motion.conditions import Timeline
from motion.core import BadInput, Motion
from motion.core.errors import UnknownName
from motion.core.progress import Progress, silent
from motion.datasets.store import TrainingSet
from motion.evaluation.control.at_keys import edit_rows, key_rows, reach_rows
from motion.evaluation.control.in_time import loop_rows, timeline_rows, together_rows
from motion.evaluation.control.missing import between_rows, prediction_rows
from motion.evaluation.control.over_ground import path_rows, speed_rows, waypoint_rows
from motion.evaluation.control.taught import taught_rows
from motion.evaluation.control.trial import CLIPS, Findings, Maker, Teacher, Trial
from motion.evaluation.sampling import FPS
from motion.evaluation.scorecard import Evaluation, Row
from motion.generation import Generator, generate
from motion.generation.pipeline import MAX_SAMPLES, MAX_STEPS, Generated
from motion.generation.vocabulary import with_words
from motion.training.teaching import teach

#: The kinds of control, in the order of the table.
KINDS: dict[str, Callable[[Trial], Findings]] = {
    "speed": speed_rows, "path": path_rows, "waypoints": waypoint_rows, "keys": key_rows, "reach": reach_rows,
    "between": between_rows, "prediction": prediction_rows, "edit": edit_rows, "loop": loop_rows,
    "timeline": timeline_rows, "all": together_rows, "teach": taught_rows,
}  # fmt: skip

SEEDS = 5


def evaluate_control(
    data_folder: str | PathLike[str],
    generator: Generator,
    *,
    only: Sequence[str] = (),
    seeds: int = SEEDS,
    steps: int | None = None,
    clips: int = CLIPS,
    progress: Progress = silent,
) -> Evaluation:
    """Ask for every control and measure whether it was met; minutes on two cores.

    Args:
        data_folder: a training set; its validation clips are asked for, its locomotion is compared with.
        generator: the model to judge.
        only: names of ``KINDS``; none means all.
        seeds: clips made of everything that is asked.
        steps: sampling steps; None: as many as the model is made for.
        clips: validation clips that each control is tried on.
        progress: told the stage and its share done.

    Raises:
        BadFile, BadInput, UnknownName: the folder is no training set, a number is outside its limits, or a kind of
            control is not known.
    """
    for name in only:
        if name not in KINDS:
            raise UnknownName("kind of control", name, KINDS)
    if not 1 <= seeds <= MAX_SAMPLES:
        raise BadInput(f"seeds must be 1 to {MAX_SAMPLES}, got {seeds}")
    steps = generator.steps if steps is None else steps
    if not 1 <= steps <= MAX_STEPS:
        raise BadInput(f"steps must be 1 to {MAX_STEPS}, got {steps}")
    maker, teacher = maker_of(generator, steps), teacher_of(generator, steps, progress)
    trial = Trial(TrainingSet.open(data_folder), maker, seeds, progress, clips, teacher)
    return judged(trial, only)


def judged(trial: Trial, only: Sequence[str] = ()) -> Evaluation:
    """The table of some kinds of control, or of all."""
    rows: list[Row] = []
    details: dict[str, Any] = {"seeds": trial.seeds, "clips": trial.clips}
    for name, kind in KINDS.items():
        if not only or name in only:
            found = kind(trial)
            rows += found.rows
            details[name] = found.details
    return Evaluation(tuple(rows), details, beside="uncontrolled")


def maker_of(generator: Generator, steps: int) -> Maker:
    """Clips by our pipeline, at ``FPS``."""

    def make(timeline: Timeline, samples: int) -> list[Generated]:
        return generate(timeline, generator, samples=samples, steps=steps, fps=FPS)

    return make


def teacher_of(generator: Generator, steps: int, progress: Progress = silent) -> Teacher:
    """Words taught by our recipe, and clips by our pipeline."""

    def taught(name: str, caption: str, clips: Sequence[Motion]) -> Maker:
        word = teach(name, caption, clips, [generator], progress=progress)
        return maker_of(with_words(generator, [word]), steps)

    return taught
