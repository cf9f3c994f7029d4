"""Footholds: where on an uneven floor a standing foot finds support, and how far it is moved and raised for that."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motion.core import Place
from motion.core.axes import ground

Array = NDArray[np.floating]

#: A standing foot is moved along itself by at most this many metres, in such steps, to find support.
FURTHEST, STEP = 0.16, 0.02

#: Floor within this many metres of the highest under a foot carries it; one is carried well that is so to this share.
CARRIES, SHARE = 0.025, 0.75

#: Metres of floor that is no plane, below which a foot lies on a slope.
EVEN = 0.012

#: What a metre of moving costs, and what a foot without any support does.
_MOVING, _HANGING = 1.0, 1.0


@dataclass(frozen=True)
class Foothold:
    """A foot's support.

    Attributes:
        shift: (2,) m over the ground.
        height: m of the floor at ``around``.
        slope: (2,) m per m along x and z.
        around: (2,) m.
    """

    shift: Array
    height: float
    slope: Array
    around: Array

    def raised(self, places: Array) -> Array:
        """Heights (...) m of the support below ground positions (..., 2)."""
        lift: Array = self.height + (places - self.around) @ self.slope
        return lift


def find_foothold(place: Place, sole: Array, along: Array, near: float) -> Foothold:
    """Where a foot stands.

    Args:
        place: with the floor.
        sole: (N, 3) m, points of the foot as it stands on a flat floor.
        along: (2,) unit vector from heel to toe.
        near: m, height of the floor on which the person is.
    """
    points = ground(sole)
    middle = points.mean(axis=0)
    best, least = None, np.inf
    for amount in sorted(np.arange(-FURTHEST, FURTHEST + 1e-9, STEP), key=abs):
        if least <= _MOVING * abs(amount):
            break
        shift = amount * along
        floor = place.under(points + shift, np.full(len(points), near))
        slope, off = _plane(points - middle, floor)
        if off <= EVEN:
            found, cost = Foothold(shift, float(floor.mean()), slope, middle + shift), _MOVING * abs(amount)
        else:
            top = float(floor.max())
            carried = float((floor > top - CARRIES).mean())
            cost = _MOVING * abs(amount) + _HANGING * max(0.0, SHARE - carried)
            found = Foothold(shift, top, np.zeros(2), middle + shift)
        if cost < least - 1e-9:
            best, least = found, cost
    assert best is not None
    return best


def _plane(places: Array, heights: Array) -> tuple[Array, float]:
    """The slope (2,) of the plane through heights (N,) at places (N, 2), and how far the worst is off it, in metres."""
    matrix = np.concatenate([places, np.ones((len(places), 1))], axis=1)
    solution, *_ = np.linalg.lstsq(matrix, heights, rcond=None)
    return solution[:2], float(np.abs(matrix @ solution - heights).max())
