"""Timeline: one generation problem, a duration, a list of small conditions and a seed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from motion.conditions.checked import Load, entries, number
from motion.conditions.draft import Draft, Observed
from motion.conditions.kinds import CONDITIONS, MAX_CONDITIONS, Condition, conditions_from_json
from motion.conditions.pose import Pose
from motion.conditions.reach import Reach
from motion.conditions.speed import Speed
from motion.conditions.text import Text
from motion.core.errors import BadInput
from motion.core.observation import Observation
from motion.core.skeleton import Skeleton

MIN_DURATION = 1.0
MAX_DURATION = 600.0


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
        if len(self.conditions) > MAX_CONDITIONS:
            raise BadInput(f"a timeline may hold at most {MAX_CONDITIONS} conditions, got {len(self.conditions)}")
        for condition in self.conditions:
            start, end = condition.span()
            if start > self.duration or (start == self.duration and start != end):
                raise BadInput(
                    f"a {type(condition).__name__.lower()} is asked for at {start:g} s, after the clip's "
                    f"{self.duration:g} s; ask for it earlier or for a longer clip"
                )

    @property
    def texts(self) -> tuple[Text, ...]:
        """The text conditions, in order of their start."""
        return tuple(sorted((c for c in self.conditions if isinstance(c, Text)), key=lambda c: c.start))

    @property
    def speeds(self) -> tuple[Speed, ...]:
        """The speed conditions; see ``speeds_at``."""
        return tuple(c for c in self.conditions if isinstance(c, Speed))

    def observe(self, fps: float, skeleton: Skeleton) -> Observation:
        """What all conditions make known, at frames 0 to ``duration`` * ``fps``.

        Like the conditions' own observations merged in the order of ``CONDITIONS``, but that speeds time the ways.
        """
        draft = Draft(self.duration, fps, skeleton, self.speeds)
        kinds = list(CONDITIONS.values())
        for condition in sorted(self.conditions, key=lambda condition: kinds.index(type(condition))):
            if isinstance(condition, Observed):
                condition.write(draft)
        return draft.observation()

    def ending_at(self, last: float) -> Timeline:
        """The same for a clip whose last frame is at ``last`` s: poses and reaches after it are asked for in it."""
        conditions = tuple(
            replace(one, time=last) if isinstance(one, Pose | Reach) and one.time > last else one
            for one in self.conditions
        )
        return replace(self, conditions=conditions)

    def to_json(self) -> dict[str, Any]:
        """A JSON object from which ``from_json`` makes an equal timeline; clips are named by their files."""
        conditions = [condition.to_json() for condition in self.conditions]
        return {"duration": self.duration, "seed": self.seed, "conditions": conditions}

    @classmethod
    def from_json(cls, data: Any, load: Load | None = None) -> Timeline:
        """A timeline from a JSON object; ``load`` reads the clips it names. Raises ``MotionError``."""
        given = entries("timeline", data, ("duration", "conditions"), ("seed",))
        if isinstance(given["conditions"], Mapping):
            raise BadInput("a timeline's conditions must be a list")
        seed = given.get("seed", 0)
        if isinstance(seed, bool) or not isinstance(seed, int):
            raise BadInput(f"seed must be a whole number, got {seed!r:.60}")
        duration = number("duration", given["duration"], MIN_DURATION, MAX_DURATION, "seconds")
        return cls(duration, conditions_from_json(given["conditions"], load), seed)
