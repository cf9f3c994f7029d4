"""What every row about control needs: clips made on request, real clips to ask for, and the numbers that come back."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.conditions import Condition, Timeline
from motion.conditions.possible import problems
from motion.core import Motion
from motion.core.progress import Progress, silent
from motion.datasets.store import TrainingSet
from motion.evaluation.sampling import FPS
from motion.evaluation.scorecard import Row
from motion.evaluation.text_motion_rows import Described, described
from motion.generation.pipeline import Generated

Array = NDArray[np.floating]

#: Makes clips of a timeline, at ``FPS``: as many as asked for, which differ by their noise.
Maker = Callable[[Timeline, int], list[Generated]]

#: Teaches the model a word: a name, a caption, clips; makes clips of a timeline with the word known.
Teacher = Callable[[str, str, Sequence[Motion]], Maker]

#: The noise of all that is judged here begins with this number.
SEED = 40_000

#: Real clips that each kind of control is tried on.
CLIPS = 6


@dataclass(frozen=True)
class Findings:
    """Rows of one kind of control, and the single numbers behind them as plain data."""

    rows: list[Row]
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Trial:
    """One evaluation of control.

    Attributes:
        training: the set whose real clips are asked for and compared with.
        make: the model that is judged.
        seeds: clips made of everything that is asked.
        progress: told the stage and its share done.
        clips: real clips that each kind of control is tried on.
        teach: teaches the model a word; None where it cannot be taught.
    """

    training: TrainingSet
    make: Maker
    seeds: int = 5
    progress: Progress = silent
    clips: int = CLIPS
    teach: Teacher | None = None

    @cached_property
    def _real(self) -> list[Described]:
        """All described validation clips, at ``FPS``; read once."""
        return [Described(one.clip.resampled(FPS), one.text) for one in described(self.training, "val")]

    def made(self, what: str, duration: float, *conditions: Condition, samples: int | None = None) -> list[Generated]:
        """Clips of the conditions; the same ``what`` and duration have the same noise, however they are controlled."""
        seed = SEED + zlib.crc32(f"{what} {duration:g}".encode())
        return self.make(Timeline(duration, conditions, seed), self.seeds if samples is None else samples)

    def motions(self, what: str, duration: float, *conditions: Condition, samples: int | None = None) -> list[Motion]:
        """The clips of ``made`` alone."""
        return [one.clip for one in self.made(what, duration, *conditions, samples=samples)]

    def real(self, seconds: float, times: int = 1) -> list[Described]:
        """``clips * times`` validation clips of at least so many seconds, spread evenly over all, at ``FPS``."""
        long = [one for one in self._real if one.clip.num_frames > round(seconds * FPS)]
        places = np.linspace(0, len(long), min(times * self.clips, len(long)), endpoint=False).astype(int)
        return [long[place] for place in places]

    def possible(self, duration: float, *conditions: Condition) -> bool:
        """Whether the conditions would be accepted: what a real clip does may break a limit, and is then not asked."""
        return not problems(Timeline(duration, conditions), self.training.skeleton)


def mean(values: Sequence[float] | Array) -> float:
    """The mean; NaN of nothing, so that a bar over nothing fails."""
    return float(np.mean(values)) if len(values) else float("nan")


def worst(values: Sequence[float] | Array) -> float:
    """The largest; NaN of nothing."""
    return float(np.max(values)) if len(values) else float("nan")


def plain(values: Sequence[float] | Array, digits: int = 4) -> list[float | None]:
    """Rounded numbers for JSON; None for what could not be measured."""
    return [round(float(value), digits) if np.isfinite(value) else None for value in values]
