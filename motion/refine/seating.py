"""Key postures of somebody who sits or lies on something, fitted to its field of distances."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import UP, from_ground, height
from motion.core.field import DistanceField
from motion.refine.postures import DRAWN_UP, LYING, SEATED, TURNING, Posture
from motion.refine.resting import Contact, Pin, Rest, Sole, Wanted, flat, settled
from motion.refine.surface import Surface

Array = NDArray[np.floating]
Flags = NDArray[np.bool_]

SIDES = ("left", "right")

#: The pelvis joint is about so high over what one sits on and what one lies on, in metres.
_SITS, _LIES = 0.17, 0.12

#: Ankles of who sits are so far ahead of the seat's edge, and so far apart from the middle, in metres.
_FEET_AHEAD, _FEET_ASIDE = 0.11, 0.11

#: Wrists of who sits: metres ahead of the pelvis, to the side of it, above the seat.
_WRISTS = (0.27, 0.17, 0.2)

#: A back nearer than this behind the pelvis is leaned on, in metres.
_LEANS = 0.22


@dataclass(frozen=True)
class Figure:
    """A body's skin and the regions of it that touch things."""

    surface: Surface

    @cached_property
    def buttocks(self) -> Flags:
        return self._behind("pelvis", "left_hip", "right_hip", "spine1") & self.surface.below("pelvis", -0.05, 0.22)

    @cached_property
    def back(self) -> Flags:
        return self._behind("spine1", "spine2", "spine3", "left_collar", "right_collar")

    @cached_property
    def head(self) -> Flags:
        return self._behind("head")

    def thigh(self, side: str) -> Flags:
        """The middle of the back of a thigh."""
        return self._behind(f"{side}_hip") & self.surface.below(f"{side}_hip", 0.12, 0.3)

    def heel(self, side: str) -> Flags:
        """The back of the sole, and of the heel."""
        return self._of_foot(side) & (self._ahead_of_ankle(side) < 0.03)

    def ball(self, side: str) -> Flags:
        """The front of the sole."""
        return self._of_foot(side) & (self._ahead_of_ankle(side) > 0.06)

    def hand(self, side: str) -> Flags:
        return self.surface.of_joints(f"{side}_wrist", f"{side}_hand")

    @property
    def legs(self) -> Flags:
        return self.surface.of_joints(*(f"{side}_{joint}" for side in SIDES for joint in ("hip", "knee")))

    def _behind(self, *joints: str) -> Flags:
        forward = self.surface.normals @ np.array([0.0, 0.0, 1.0])
        return self.surface.of_joints(*joints) & (forward < -0.2)

    def _of_foot(self, side: str) -> Flags:
        return self.surface.of_joints(f"{side}_ankle", f"{side}_foot") & (height(self.surface.points) < 0.05)

    def _ahead_of_ankle(self, side: str) -> Array:
        skeleton = self.surface.skeleton
        ankle = skeleton.rest_positions[skeleton.index(f"{side}_ankle")]
        return (self.surface.points - ankle) @ np.array([0.0, 0.0, 1.0])


def directions(facing: float) -> tuple[Array, Array]:
    """Unit vectors (3,) to the left of somebody who faces ``facing`` rad, and ahead."""
    sine, cosine = np.sin(facing), np.cos(facing)
    return from_ground(np.array([cosine, -sine])), from_ground(np.array([sine, cosine]))


def seated(
    figure: Figure, field: DistanceField, place: Array, facing: float, floor: float, edge: float, back: float | None
) -> Rest:
    """Somebody who sits.

    Args:
        figure: who.
        field: what there is, as fine as possible around the seat.
        place: (3,) m on the seat, under the pelvis.
        facing: rad, where one looks.
        floor: m, height of the floor under the feet.
        edge: m from ``place`` to the seat's front edge.
        back: m from ``place`` back to what one may lean on, or None.
    """
    skeleton = figure.surface.skeleton
    left, ahead = directions(facing)
    pins = [Pin(0, place, flat(1.0))]
    contacts, soles = [Contact(figure.buttocks, 4.0)], []
    for side, way in zip(SIDES, (1, -1), strict=True):
        ankle = place + (edge + _FEET_AHEAD) * ahead + _FEET_ASIDE * way * left
        pins.append(Pin(skeleton.index(f"{side}_ankle"), ankle, flat(0.05)))
        forward, aside, above = _WRISTS
        wrist = place + forward * ahead + aside * way * left + above * UP
        pins.append(Pin(skeleton.index(f"{side}_wrist"), wrist, np.full(3, 0.15)))
        contacts.append(Contact(figure.thigh(side), 0.1, 0.0))
        soles += [Sole(figure.heel(side), floor, 1.2), Sole(figure.ball(side), floor, 0.8)]
    if back is not None and back < _LEANS:
        contacts.append(Contact(figure.back, 0.12, 0.0))
    soft = figure.buttocks | figure.thigh("left") | figure.thigh("right") | figure.back
    return settled(
        figure.surface, field, SEATED, facing, place + _SITS * UP,
        Wanted(tuple(contacts), tuple(soles), tuple(pins), soft),
    )  # fmt: skip


def lying(figure: Figure, field: DistanceField, place: Array, facing: float) -> Rest:
    """Somebody who lies on the back.

    Args:
        figure: who.
        field: what there is, as fine as possible around the bed.
        place: (3,) m on the bed, under the pelvis.
        facing: rad, where the feet point.
    """
    skeleton = figure.surface.skeleton
    left, ahead = directions(facing)
    contacts = [Contact(figure.buttocks, 3.0), Contact(figure.back, 2.0), Contact(figure.head, 1.0, -0.002)]
    pins = [Pin(0, place, flat(1.0))]
    for side, way in zip(SIDES, (1, -1), strict=True):
        contacts += [Contact(figure.heel(side), 1.0, 0.0), Contact(figure.hand(side), 0.3, 0.0)]
        pins.append(Pin(skeleton.index(f"{side}_ankle"), place + 0.1 * way * left + 0.85 * ahead, flat(0.01)))
    return _on_bed(figure, field, LYING, place, facing, contacts, pins)


def drawn_up(figure: Figure, field: DistanceField, place: Array, facing: float) -> Rest:
    """Somebody who lies on the back, the feet drawn up; arguments as of ``lying``."""
    contacts = [Contact(figure.buttocks, 3.0), Contact(figure.back, 2.0), Contact(figure.head, 0.5)]
    for side in SIDES:
        contacts += [Contact(figure.heel(side), 1.0, 0.0), Contact(figure.hand(side), 0.3, 0.0)]
    return _on_bed(figure, field, DRAWN_UP, place, facing, contacts, [Pin(0, place, flat(1.0))])


def turning(figure: Figure, field: DistanceField, place: Array, facing: float) -> Rest:
    """Somebody on a bed between sitting at its edge and lying, legs lifted; arguments as of ``lying``."""
    contacts = [Contact(figure.buttocks, 3.0), *(Contact(figure.hand(side), 0.3, 0.0) for side in SIDES)]
    return _on_bed(figure, field, TURNING, place, facing, contacts, [Pin(0, place, flat(1.0))])


def _on_bed(
    figure: Figure, field: DistanceField, posture: Posture, place: Array, facing: float, contacts: list[Contact],
    pins: list[Pin],
) -> Rest:  # fmt: skip
    soft = figure.buttocks | figure.back | figure.head | figure.legs
    wanted = Wanted(tuple(contacts), (), tuple(pins), soft)
    return settled(figure.surface, field, posture, facing, place + _LIES * UP, wanted)
