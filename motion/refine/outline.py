"""Outline: the few points of a body's surface that are looked at to keep it out of things."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from motion.core import Motion, Skin
from motion.refine.soles import Sole, soles, spread

Array = NDArray[np.floating]
Indices = NDArray[np.integer]

#: Points of the surface that are looked at, the feet's apart.
POINTS = 420

#: Joints whose skin is on the floor when one stands: soles have their own way.
FEET = ("left_ankle", "left_foot", "right_ankle", "right_foot")


@dataclass(frozen=True)
class Outline:
    """Of one body.

    Attributes:
        feet: the left and the right sole.
        skin: N points of the rest as a skin without faces.
        joint: (N,) the joint that each point follows most.
    """

    feet: tuple[Sole, Sole]
    skin: Skin
    joint: Indices

    @classmethod
    def of(cls, skin: Skin) -> Outline:
        """The outline of a body."""
        joint = np.argmax(skin.weights, axis=1)
        feet = [skin.skeleton.index(name) for name in FEET]
        rest = np.flatnonzero(~np.isin(joint, feet))
        some = spread(skin.vertices[rest], rest, POINTS)
        points = replace(skin, vertices=skin.vertices[some], weights=skin.weights[some], faces=np.zeros((0, 3), int))
        return cls(soles(skin), points, joint[some])

    def points(self, clip: Motion) -> Array:
        """(T, N, 3) m."""
        return self.skin.deform(clip.root_position, clip.joint_rotation)
