"""Act: something that is done exactly as a clip shows it, from some moment on, such as sitting on a certain chair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from motion.conditions.checked import MAX_PLACE, Load, entries, loaded, moment, number
from motion.conditions.draft import Draft, Observed
from motion.core.clip import Motion
from motion.core.errors import BadInput


@dataclass(frozen=True)
class Act(Observed):
    """Do what ``clip`` shows from ``start`` s on, at the places where it happens.

    Attributes:
        clip: what is done; its heights count from the floor.
        start: s.
        floor: m, height of that floor in the place where the clip is made.
        rest: s after its start in the middle of its rest; what is measured of it is measured then.
        file: where the clip came from; JSON names it.
    """

    clip: Motion
    start: float = 0.0
    floor: float = 0.0
    rest: float = 0.0
    file: str | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.clip, Motion):
            raise BadInput("an act must be a clip")
        object.__setattr__(self, "start", moment("an act's start", self.start))
        object.__setattr__(self, "rest", moment("an act's rest", self.rest))
        object.__setattr__(self, "floor", number("an act's floor", self.floor, -MAX_PLACE, MAX_PLACE, "m"))

    @property
    def rests(self) -> float:
        """s, when it is at rest."""
        return self.start + self.rest

    @property
    def end(self) -> float:
        """s, when its last frame is."""
        return self.start + (self.clip.num_frames - 1) / self.clip.fps

    def span(self) -> tuple[float, float | None]:
        """Start and end in seconds."""
        return self.start, self.end

    def write(self, draft: Draft) -> None:
        """Every frame of it."""
        frames = draft.during(self.start, self.end)
        if len(frames):
            draft.pose(frames, self.clip.sampled_at(draft.times[frames] - self.start, draft.fps), placed=True)

    def to_json(self) -> dict[str, Any]:
        """A JSON object from which ``from_json`` makes an equal act; needs ``file``."""
        if self.file is None:
            raise BadInput("an act in JSON names its clip's file; save the clip first")
        return {"kind": "act", "clip": self.file, "start": self.start, "floor": self.floor, "rest": self.rest}

    @classmethod
    def from_json(cls, data: Any, load: Load | None = None) -> Act:
        """An act from a JSON object, its clip read by ``load``; raises ``BadInput`` or ``UnknownName``."""
        given = entries("act", data, ("clip",), ("start", "floor", "rest"))
        return cls(loaded("act", given.pop("clip"), load), file=data["clip"], **given)
