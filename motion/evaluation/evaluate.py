"""Judge a model: one table of generated motion beside real motion, the same seeds every time."""

from __future__ import annotations

import subprocess
import sys
import time
from os import PathLike

from motion.core import BadInput
from motion.core.progress import Progress, silent
from motion.datasets.store import TrainingSet
from motion.evaluation.judge import judge_for
from motion.evaluation.judged_rows import VARIANTS, judge_motion
from motion.evaluation.part_judges import part_judges_for
from motion.evaluation.prompts import LABEL_PROMPTS
from motion.evaluation.sampling import Sampler, sampler_of
from motion.evaluation.scorecard import Evaluation, Row
from motion.evaluation.text_motion_rows import text_motion_rows
from motion.evaluation.unseen_rows import unseen_rows
from motion.generation import Generator
from motion.generation.pipeline import MAX_STEPS
from motion.understanding.encoder import load_encoder

SEED = 20_000


def evaluate(
    data_folder: str | PathLike[str],
    generator: Generator,
    *,
    model: str = "stride-nc",
    seeds: int = 4,
    steps: int | None = None,
    progress: Progress = silent,
) -> Evaluation:
    """Generate, measure and compare; under ten minutes on two cores.

    Args:
        data_folder: a training set with the labelled clips of ``stride data build bandai``; the judges are kept in it.
        generator: the model to judge.
        model: its name or folder; a fresh process loads it to measure the memory it takes.
        seeds: clips per prompt.
        steps: sampling steps; None: as many as the model is made for.
        progress: told the stage and its share done.

    Raises:
        BadFile, BadInput: the folder is no training set or holds no labelled clips, or ``seeds`` is not 1 to 16,
            or ``steps`` not 1 to 100.
    """
    if not 1 <= seeds <= VARIANTS:
        raise BadInput(f"seeds must be 1 to {VARIANTS}, got {seeds}")
    if steps is not None and not 1 <= steps <= MAX_STEPS:
        raise BadInput(f"steps must be 1 to {MAX_STEPS}, got {steps}")
    training, encoder = TrainingSet.open(data_folder), load_encoder()
    judge, parts = judge_for(training, progress=progress), part_judges_for(training, progress=progress)
    steps = generator.steps if steps is None else steps
    sampler = sampler_of(generator, steps=steps, seed=SEED)
    rows, details = judge_motion(training, judge, sampler, seeds=seeds, progress=progress)
    more, unseen = unseen_rows(training, judge, parts, sampler, encoder, generator.known, progress=progress)
    rows += more + text_motion_rows(training, encoder, sampler, progress=progress)
    progress("time and memory", 0.0)
    rows += [
        Row(f"seconds for a 6-s clip, {steps} steps, warm", seconds_for_a_clip(sampler), most=2.0, unit="s"),
        Row("peak memory of one generation", peak_memory_gb(model), most=1.5, unit="GB"),
    ]
    progress("time and memory", 1.0)
    return Evaluation(tuple(rows), details | unseen)


def seconds_for_a_clip(sampler: Sampler) -> float:
    """Seconds of wall time for one 6-second clip, the better of three after one that warms up."""
    seconds = []
    for _ in range(4):
        start = time.perf_counter()
        sampler(LABEL_PROMPTS["walk"], 6.0, 1)
        seconds.append(time.perf_counter() - start)
    return min(seconds[1:])


#: Loads a model, makes one clip and prints the most memory it held, in GB (ru_maxrss: kB, on macOS bytes).
_MEMORY_SCRIPT = """
import resource, sys
from motion.conditions import Text, Timeline
from motion.generation import generate, load_generator
generate(Timeline(6.0, (Text("a person walks forward."),), 1), load_generator(sys.argv[1]), samples=1)
unit = 1e9 if sys.platform == "darwin" else 1e6
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit)
"""


def peak_memory_gb(model: str) -> float:
    """GB that a fresh process holds at most while it generates with a model; NaN where the system does not tell."""
    child = subprocess.run([sys.executable, "-c", _MEMORY_SCRIPT, model], capture_output=True, text=True, check=False)
    try:
        return float(child.stdout.split()[-1])
    except (IndexError, ValueError):
        return float("nan")
