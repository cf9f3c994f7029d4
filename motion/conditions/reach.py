"""Reach: a hand, a foot or the head at a place, in a direction, at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.conditions.checked import Load, array, entries, flag, moment, rotation, word
from motion.conditions.draft import Draft, Observed
from motion.core.errors import BadInput, UnknownName

Array = NDArray[np.floating]

#: What can reach, and the joint of each: a hand is where its wrist is, a foot where its ankle is.
JOINT_OF: dict[str, str] = {
    "left_hand": "left_wrist", "right_hand": "right_wrist", "left_foot": "left_ankle", "right_foot": "right_ankle",
    "head": "head",
}  # fmt: skip


@dataclass(frozen=True)
class Reach(Observed):
    """Have ``what`` (a name of ``JOINT_OF``) at a place and, or, turned in a direction at ``time``.

    Attributes:
        time: s.
        what: ``left_hand``, ``right_hand``, ``left_foot``, ``right_foot`` or ``head``.
        position: (3,) m in the world, of the joint of ``JOINT_OF``, or None for any.
        rotation: (3, 3), R_world_joint, or None for any.
        hard: whether the result must hit it exactly.
    """

    time: float
    what: str
    position: Array | None = None
    rotation: Array | None = None
    hard: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "time", moment("a reach's time", self.time))
        if word("what reaches", self.what) not in JOINT_OF:
            raise UnknownName("end of a limb", self.what, JOINT_OF)
        if self.position is None and self.rotation is None:
            raise BadInput("a reach needs a position, a rotation or both")
        if self.position is not None:
            object.__setattr__(self, "position", array("a reach's position", self.position, (3,)))
        if self.rotation is not None:
            object.__setattr__(self, "rotation", rotation("a reach's rotation", self.rotation, (3, 3)))
        object.__setattr__(self, "hard", flag("hard", self.hard))

    @property
    def joint(self) -> str:
        """Name of the joint."""
        return JOINT_OF[self.what]

    def span(self) -> tuple[float, float | None]:
        """The moment, twice."""
        return self.time, self.time

    def write(self, draft: Draft) -> None:
        """The joint's place. Its rotation in the world is no joint rotation before all of its parents are known."""
        if self.position is not None:
            draft.joint(draft.nearest(self.time), draft.skeleton.index(self.joint), self.position)

    def to_json(self) -> dict[str, Any]:
        """A JSON object from which ``from_json`` makes an equal reach."""
        data = {"kind": "reach", "time": self.time, "what": self.what, "hard": self.hard}
        places = {"position": self.position, "rotation": self.rotation}
        return {**data, **{name: value.tolist() for name, value in places.items() if value is not None}}

    @classmethod
    def from_json(cls, data: Any, load: Load | None = None) -> Reach:
        """A reach from a JSON object; raises ``BadInput`` or ``UnknownName``."""
        return cls(**entries("reach", data, ("time", "what"), ("position", "rotation", "hard")))
