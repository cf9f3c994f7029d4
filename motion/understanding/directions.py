"""Which hand rises, which way the body turns and goes: geometry that needs no training.

Measured on Bandai-Namco's labelled clips: a raised or waving wrist peaks at most 7 cm below its shoulder and the other
stays 20 cm or more below; turns are 75 to 110 degrees and everything else turns less than 45.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from motion.core import Motion
from motion.core.axes import ground, height
from motion.core.rotation import rotmat_to_yaw

#: A wrist that comes higher than this below its shoulder is raised, in metres.
RAISED = 0.13
#: The least change of heading that is a turn, in radians.
TURN = np.radians(45.0)
#: The least displacement that is a direction, in metres.
AWAY = 0.3


@dataclass(frozen=True)
class Direction:
    """What a clip does, seen from its first heading.

    Attributes:
        hands: the raised ones: ``"left"``, ``"right"``, ``"both"`` or ``""``.
        turn: net change of heading in radians, positive to the left.
        leftward: m, displacement to the left.
        forward: m, displacement forward.
    """

    hands: str
    turn: float
    leftward: float
    forward: float

    def agrees_with(self, name: str) -> bool:
        """Whether the clip does what a content's name says, such as ``wave-left-hand`` or ``walk-turn-right``.

        Contents that name neither hand nor direction are always agreed with; ``named(name)`` tells which do.
        """
        for word, holds in self._claims().items():
            if name.endswith(word):
                return holds
        return True

    def _claims(self) -> dict[str, bool]:
        return {
            "left-hand": self.hands == "left",
            "right-hand": self.hands == "right",
            "both-hands": self.hands == "both",
            "turn-left": self.turn > TURN,
            "turn-right": self.turn < -TURN,
            "walk-left": self.leftward > AWAY,
            "walk-right": self.leftward < -AWAY,
            "walk-back": self.forward < -AWAY,
        }


def named(name: str) -> bool:
    """Whether a content's name names a hand or a direction."""
    return any(name.endswith(word) for word in Direction("", 0.0, 0.0, 0.0)._claims())


def directions(clip: Motion) -> Direction:
    """Raised hands, turn and displacement of a clip on SMPL's joints."""
    points = clip.joint_positions()
    raised = {}
    for side in ("left", "right"):
        wrist, shoulder = (points[:, clip.skeleton.index(f"{side}_{joint}")] for joint in ("wrist", "shoulder"))
        raised[side] = bool(np.max(height(wrist) - height(shoulder)) > -RAISED)
    yaw = np.unwrap(rotmat_to_yaw(clip.joint_rotation[:, 0]))
    moment = max(1, round(0.3 * clip.fps))
    first, last = np.median(yaw[:moment]), np.median(yaw[-moment:])
    x, z = ground(points[-1, 0] - points[0, 0])
    return Direction(
        hands="both" if all(raised.values()) else next((side for side, up in raised.items() if up), ""),
        turn=float(last - first),
        leftward=float(x * np.cos(first) - z * np.sin(first)),
        forward=float(x * np.sin(first) + z * np.cos(first)),
    )
