"""Loop: the end runs into the beginning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from motion.conditions.checked import Load, entries


@dataclass(frozen=True)
class Loop:
    """The clip repeats without a seam: same posture and velocities at both ends, the way over the ground apart."""

    def span(self) -> tuple[float, float | None]:
        """All of the clip."""
        return 0.0, None

    def to_json(self) -> dict[str, Any]:
        """A JSON object from which ``from_json`` makes an equal loop."""
        return {"kind": "loop"}

    @classmethod
    def from_json(cls, data: Any, load: Load | None = None) -> Loop:
        """A loop from a JSON object; raises ``BadInput`` or ``UnknownName``."""
        entries("loop", data, ())
        return cls()
