"""Loop: the end runs into the beginning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from motion.conditions.checked import MAX_TIME, Load, entries, number

#: Shortest loop, in seconds.
SHORTEST = 0.5


@dataclass(frozen=True)
class Loop:
    """The clip repeats without a seam: same posture and velocities at both ends, the way over the ground apart.

    Attributes:
        seconds: how long the loop is to be; as near as whole rounds of what loops come to it. None: as the part of the
            clip that loops best.
    """

    seconds: float | None = None

    def __post_init__(self) -> None:
        if self.seconds is not None:
            object.__setattr__(self, "seconds", number("a loop's seconds", self.seconds, SHORTEST, MAX_TIME, "s"))

    def span(self) -> tuple[float, float | None]:
        """All of the clip."""
        return 0.0, None

    def to_json(self) -> dict[str, Any]:
        """A JSON object from which ``from_json`` makes an equal loop."""
        return {"kind": "loop", "seconds": self.seconds}

    @classmethod
    def from_json(cls, data: Any, load: Load | None = None) -> Loop:
        """A loop from a JSON object; raises ``BadInput`` or ``UnknownName``."""
        return cls(**entries("loop", data, (), ("seconds",)))
