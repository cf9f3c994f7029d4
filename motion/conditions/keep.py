"""Keep: an existing clip of which everything stays but a range of time, some body parts, or both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.conditions.checked import Load, entries, loaded, span
from motion.conditions.draft import Draft, Observed
from motion.conditions.text import checked_parts
from motion.core.body_parts import BODY_PARTS, joints_of_part
from motion.core.clip import Motion
from motion.core.errors import BadInput


@dataclass(frozen=True)
class Keep(Observed):
    """Make anew only ``parts`` (none named: all of the body) from ``start`` to ``end`` s of ``clip``.

    Attributes:
        clip: what is edited.
        start, end: s, the range made anew; None: to the end of the clip.
        parts: names of ``BODY_PARTS`` made anew.
        file: where the clip came from; JSON names it.
    """

    clip: Motion
    start: float = 0.0
    end: float | None = None
    parts: tuple[str, ...] = ()
    file: str | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.clip, Motion):
            raise BadInput("a clip that is to be edited must be a clip")
        start, end = span("range that is made anew", self.start, self.end)
        object.__setattr__(self, "start", start)
        object.__setattr__(self, "end", end)
        object.__setattr__(self, "parts", checked_parts("the parts made anew", self.parts))
        if not self.parts and not start and end is None:
            raise BadInput("an edit needs a range of time or body parts that are made anew; else nothing is kept")

    def span(self) -> tuple[float, float | None]:
        """The range made anew."""
        return self.start, self.end

    def kept(self, times: NDArray[np.floating], joint_names: tuple[str, ...]) -> NDArray[np.bool_]:
        """(T, J) bool, which joints stay as they are at times (T,) s; the ends of the range stay."""
        end = np.inf if self.end is None else self.end
        anew = (times > self.start + 1e-6) & (times < end - 1e-6) if self.start else times < end - 1e-6
        joints = np.zeros(len(joint_names), bool)
        for part in self.parts or BODY_PARTS:
            joints[list(joints_of_part(part, joint_names))] = True
        return ~(anew[:, None] & joints)

    def write(self, draft: Draft) -> None:
        """What is kept, as far as the clip goes."""
        frames = draft.during(0.0, (self.clip.num_frames - 1) / self.clip.fps)
        clip = self.clip.sampled_at(draft.times[frames], draft.fps)
        kept = self.kept(draft.times[frames], draft.skeleton.joint_names)
        for joints in np.unique(kept, axis=0):
            alike = np.flatnonzero((kept == joints).all(axis=1))
            few = Motion(clip.skeleton, clip.root_position[alike], clip.joint_rotation[alike], clip.fps)
            draft.pose(frames[alike], few, placed=True, joints=joints)

    def to_json(self) -> dict[str, Any]:
        """A JSON object from which ``from_json`` makes an equal edit; needs ``file``."""
        if self.file is None:
            raise BadInput("an edit in JSON names its clip's file; save the clip first")
        return {"kind": "keep", "clip": self.file, "start": self.start, "end": self.end, "parts": list(self.parts)}

    @classmethod
    def from_json(cls, data: Any, load: Load | None = None) -> Keep:
        """An edit from a JSON object, its clip read by ``load``; raises ``BadInput`` or ``UnknownName``."""
        given = entries("keep", data, ("clip",), ("start", "end", "parts"))
        return cls(loaded("keep", given.pop("clip"), load), file=data["clip"], **given)
