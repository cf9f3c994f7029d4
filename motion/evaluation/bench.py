"""``stride bench generation``: ours beside baselines under equal conditions, quality and speed in one run.

Every contender answers the captions of the validation clips. The same evaluator, trained on train clips alone, judges
them all; times are medians on this machine, and ratios are against ours in the same run.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode

from motion.baselines.floors import NearestRecording, StandingStill
from motion.baselines.mdm import mdm_sampler
from motion.conditions import Text, Timeline
from motion.core import Motion
from motion.core.progress import Progress, silent
from motion.datasets.store import TrainingSet
from motion.evaluation.best_of import CANDIDATES, Picked, single_and_best
from motion.evaluation.sampling import FPS, Sampler, sampler_of
from motion.evaluation.text_motion_rows import Described, described, scores
from motion.generation import Generator, generate
from motion.metrics.physical import physical_report
from motion.understanding.encoder import TextMotionEncoder

SEED = 30_000

#: Seconds of the clips that are timed, how many at once, and how often.
TIMED_SECONDS, BATCH, TIMES = 10.0, 4, 20


@dataclass(frozen=True)
class Line:
    """One contender's numbers; a half width of a 95 % interval where the name says so."""

    name: str
    r_precision_1: float
    r_precision_3: float
    fid: float
    fid_half: float
    mm_distance: float
    diversity: float
    foot_skate_ratio: float
    median_jerk_m_s3: float
    seconds: float | None = None


@dataclass(frozen=True)
class Bench:
    """All lines, the best of four beside a single clip, and the speed of ours against this machine's at best."""

    lines: tuple[Line, ...]
    speed: dict[str, float]
    picked: tuple[Picked, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "lines": [asdict(line) for line in self.lines],
            "best_of": [asdict(one) for one in self.picked],
            "speed": self.speed,
        }

    def to_text(self) -> str:
        """A table for a terminal."""
        head = ("", "R@1", "R@3", "FID", "MM-dist", "Div", "skate", "jerk", "s / clip", "x ours")
        own = next((line.seconds for line in self.lines if line.seconds is not None), None)
        cells = [head, *(_cells(line, own) for line in self.lines)]
        widths = [max(len(row[k]) for row in cells) for k in range(len(head))]
        text = ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in cells]
        text += [f"{one.what}: single {one.single:.4g}, best of {CANDIDATES} {one.best:.4g}" for one in self.picked]
        return "\n".join([*text, *(f"{name}: {value:.4g}" for name, value in self.speed.items())])


def _cells(line: Line, own: float | None) -> tuple[str, ...]:
    seconds = times = "-"
    if line.seconds is not None and own is not None:
        seconds, times = f"{line.seconds:.3f}", f"{line.seconds / own:.1f}"
    return (
        line.name, f"{line.r_precision_1:.3f}", f"{line.r_precision_3:.3f}", f"{line.fid:.3f}±{line.fid_half:.3f}",
        f"{line.mm_distance:.3f}", f"{line.diversity:.3f}", f"{100 * line.foot_skate_ratio:.1f} %",
        f"{line.median_jerk_m_s3:.1f}", seconds, times,
    )  # fmt: skip


def bench_generation(
    training: TrainingSet,
    encoder: TextMotionEncoder,
    generator: Generator,
    *,
    teacher: Generator | None = None,
    mdm: Generator | None = None,
    progress: Progress = silent,
) -> Bench:
    """Real clips, ours in 4, 2, 1 and 10 steps, the teacher, MDM, the nearest recording and standing still.

    Seconds are those of a clip of ``TIMED_SECONDS``, made ``BATCH`` at once by every contender.
    """
    real = described(training, "val")
    reference = [one.clip for one in real]
    train = [one.clip for one in described(training, "train", len(real))]  # what FID says of real data
    lines = [_line("real, validation", reference, real, encoder, train)]
    contenders: dict[str, tuple[Sampler, bool]] = {
        f"ours, {steps} step{'s' * (steps > 1)}": (sampler_of(generator, steps=steps, seed=SEED), True)
        for steps in (4, 2, 1, 10)
    }
    if teacher is not None:
        contenders["teacher, 10 steps"] = (sampler_of(teacher, steps=10, seed=SEED), True)
    if mdm is not None:
        contenders["MDM, 50 steps"] = (mdm_sampler(mdm, seed=SEED, fps=FPS), True)
    contenders["nearest recording"] = (NearestRecording(training), False)
    contenders["standing still"] = (StandingStill(training), False)
    for name, (sampler, timed) in contenders.items():
        made = []
        for number, one in enumerate(real):
            progress(name, number / len(real))
            made += sampler(one.text, max(1.0, round(one.clip.duration, 1)), 1)
        seconds = seconds_of(sampler, 3 if "MDM" in name else TIMES) if timed else None
        lines.append(_line(name, made, real, encoder, reference, seconds))
    asked = [(one.text, max(1.0, round(one.clip.duration, 1))) for one in real]
    picked = single_and_best(asked, sampler_of(generator, steps=4, seed=SEED), encoder, progress=progress)
    return Bench(tuple(lines), against_floor(generator), picked)


def _line(
    name: str,
    clips: Sequence[Motion],
    real: Sequence[Described],
    encoder: TextMotionEncoder,
    reference: Sequence[Motion],
    seconds: float | None = None,
) -> Line:
    found = scores(encoder, clips, [one.text for one in real], reference)
    reports = [physical_report(clip) for clip in clips]
    return Line(
        name,
        float(found.r_precision.mean[0]),
        float(found.r_precision.mean[2]),
        float(found.fid.mean),
        float(found.fid.half_width),
        float(found.mm_distance.mean),
        float(found.diversity.mean),
        statistics.fmean(report.foot_skate_ratio for report in reports),
        statistics.median(report.median_jerk_m_s3 for report in reports),
        seconds,
    )


def seconds_of(sampler: Sampler, times: int) -> float:
    """Median seconds a clip of ``TIMED_SECONDS``, ``BATCH`` made at once, after some that warm up."""
    found = []
    for _ in range(times + 1):
        begin = time.perf_counter()
        sampler("a person walks forward", TIMED_SECONDS, BATCH)
        found.append((time.perf_counter() - begin) / BATCH)
    return statistics.median(found[1:])


def against_floor(generator: Generator, steps: int = 4) -> dict[str, float]:
    """What sampling one clip costs in operations, and the time they would take at this machine's best matmul rate."""
    timeline = Timeline(TIMED_SECONDS, (Text("a person walks forward"),), SEED)
    generate(timeline, generator, steps=steps)
    with FlopCounterMode(display=False) as counter:
        seconds = generate(timeline, generator, steps=steps)[0].seconds["sample"]
    seconds = min(seconds, *(generate(timeline, generator, steps=steps)[0].seconds["sample"] for _ in range(5)))
    rate = matmul_rate()
    floor = counter.get_total_flops() / rate
    return {
        "gigaflop of sampling": counter.get_total_flops() / 1e9,
        "best matmul rate of this machine, GFLOP/s": rate / 1e9,
        "floor, s": floor,
        "sampling, s": seconds,
        "achieved share of the floor": floor / seconds,
    }


def matmul_rate(size: int = 768, times: int = 20) -> float:
    """Operations per second of the fastest of several large matrix products, in the precision sampling uses."""
    a, b = torch.randn(size, size), torch.randn(size, size)
    found = []
    for _ in range(times):
        begin = time.perf_counter()
        a @ b
        found.append(time.perf_counter() - begin)
    return float(2 * size**3 / np.min(found))
