"""Timeline: one generation problem, a duration, a list of small conditions and a seed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from motion.conditions.text import Text
from motion.core.errors import BadInput

#: What may be asked of a clip; each kind is a frozen class of its own file.
Condition = Text

MIN_DURATION = 1.0
MAX_DURATION = 30.0


@dataclass(frozen=True)
class Timeline:
    """What is asked for: ``duration`` in seconds, conditions in any order, and the seed that fixes the result."""

    duration: float
    conditions: tuple[Condition, ...]
    seed: int = 0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.duration) and MIN_DURATION <= self.duration <= MAX_DURATION):
            raise BadInput(f"duration must be {MIN_DURATION:g} to {MAX_DURATION:g} seconds, got {self.duration:g}")
        if not 0 <= self.seed < 2**63:
            raise BadInput(f"seed must be a whole number from 0 to 2^63 - 1, got {self.seed}")
        for condition in self.conditions:
            if condition.start >= self.duration:
                raise BadInput(f"a condition starts at {condition.start:g} s, after the clip's {self.duration:g} s")

    @property
    def texts(self) -> tuple[Text, ...]:
        """The text conditions, in order of their start."""
        return tuple(sorted((c for c in self.conditions if isinstance(c, Text)), key=lambda c: c.start))
