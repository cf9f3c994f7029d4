"""Prefix: the end of a clip that the result starts with and goes on from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from motion.conditions.checked import MAX_TIME, Load, entries, loaded, number
from motion.conditions.draft import Draft, Observed
from motion.core.clip import Motion
from motion.core.errors import BadInput


@dataclass(frozen=True)
class Prefix(Observed):
    """Begin with the last ``seconds`` of ``clip``, at the places where they happened.

    Attributes:
        clip: what is continued.
        seconds: how much of its end; all of it if it is shorter.
        file: where the clip came from; JSON names it.
    """

    clip: Motion
    seconds: float = 1.0
    file: str | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.clip, Motion):
            raise BadInput("a prefix needs a clip")
        object.__setattr__(self, "seconds", number("a prefix's seconds", self.seconds, 0.0, MAX_TIME, "s"))

    @property
    def length(self) -> float:
        """Seconds from the first frame used to the clip's last; the result goes on from there."""
        return min(self.seconds, (self.clip.num_frames - 1) / self.clip.fps)

    def span(self) -> tuple[float, float | None]:
        """From 0 s to where the clip's last frame is."""
        return 0.0, self.length

    def write(self, draft: Draft) -> None:
        """Everything, at the frames of the clip's end."""
        frames = draft.during(0.0, self.length)
        begin = (self.clip.num_frames - 1) / self.clip.fps - self.length
        draft.pose(frames, self.clip.sampled_at(begin + draft.times[frames], draft.fps), placed=True)

    def to_json(self) -> dict[str, Any]:
        """A JSON object from which ``from_json`` makes an equal prefix; needs ``file``."""
        if self.file is None:
            raise BadInput("a prefix in JSON names its clip's file; save the clip first")
        return {"kind": "prefix", "clip": self.file, "seconds": self.seconds}

    @classmethod
    def from_json(cls, data: Any, load: Load | None = None) -> Prefix:
        """A prefix from a JSON object, its clip read by ``load``; raises ``BadInput`` or ``UnknownName``."""
        given = entries("prefix", data, ("clip",), ("seconds",))
        return cls(loaded("prefix", given["clip"], load), given.get("seconds", 1.0), given["clip"])
