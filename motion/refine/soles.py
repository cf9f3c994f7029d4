"""Soles: points of a body's feet, where they are in a clip, and toes and heels lifted out of the floor."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from motion.core import Motion, Skin
from motion.core.axes import FORWARD, height
from motion.core.rotation import rotvec_to_rotmat
from motion.refine.limb_ik import Limb

Array = NDArray[np.floating]

#: A vertex of a foot is of its sole when it is no higher than this in the rest pose, in metres; so many are looked at.
THICK, POINTS = 0.03, 60

#: rad by which toes bend up at most against the foot.
TOES_BEND = np.radians(60.0)


@dataclass(frozen=True)
class Sole:
    """Points of one foot.

    Attributes:
        leg: its joints.
        skin: the N points as a skin without faces.
        toes: (N,) share of each that moves with the toes.
        reach: m from the ball of the foot to the tip of the toes.
    """

    leg: Limb
    skin: Skin
    toes: Array
    reach: float

    @classmethod
    def of(cls, skin: Skin, side: str) -> Sole:
        """The sole on ``side``, ``"left"`` or ``"right"``."""
        leg = Limb.leg(skin.skeleton, side)
        share = skin.weights[:, [leg.end, leg.tip]].sum(axis=1)
        of_foot = np.flatnonzero(share > 0.9)
        rest = skin.vertices[of_foot]
        low = of_foot[height(rest) <= height(rest).min() + THICK]
        low = spread(skin.vertices[low], low, POINTS)
        points = replace(skin, vertices=skin.vertices[low], weights=skin.weights[low], faces=np.zeros((0, 3), int))
        ball = skin.skeleton.rest_positions[leg.tip]
        reach = float(
            np.linalg.norm(points.vertices - ball, axis=-1)[points.weights[:, leg.tip] > 0.5].max(initial=0.05)
        )
        return cls(leg, points, points.weights[:, leg.tip], reach)

    def points(self, clip: Motion) -> Array:
        """(T, N, 3) m."""
        return self.skin.deform(clip.root_position, clip.joint_rotation)


def soles(skin: Skin) -> tuple[Sole, Sole]:
    """The left and the right sole."""
    return Sole.of(skin, "left"), Sole.of(skin, "right")


def with_toes_bent(clip: Motion, sole: Sole, sunk: Array) -> Motion:
    """The clip with the toes of one foot bent up where they are ``sunk`` (T, N) m into what is below them."""
    of_toes = sole.toes > 0.7
    if not of_toes.any():
        return clip
    depth = np.maximum(sunk[:, of_toes], 0.0).max(axis=1)
    angle = np.minimum(np.arcsin(np.minimum(depth / sole.reach, 0.9)), TOES_BEND)
    if not angle.any():
        return clip
    local = clip.joint_rotation.copy()
    local[:, sole.leg.tip] = local[:, sole.leg.tip] @ rotvec_to_rotmat(-angle[:, None] * sole.leg.hinge)
    return replace(clip, joint_rotation=local)


def spread(points: Array, numbers: NDArray[np.integer], count: int) -> NDArray[np.integer]:
    """``count`` of ``numbers`` (N,) whose points (N, 3) are far from each other: the farthest next (Gonzalez 1985)."""
    chosen = [int(np.argmax(points @ FORWARD))]
    away = np.full(len(points), np.inf)
    for _ in range(min(count, len(points)) - 1):
        away = np.minimum(away, np.linalg.norm(points - points[chosen[-1]], axis=-1))
        chosen.append(int(np.argmax(away)))
    return numbers[chosen]
