"""Place: what somebody who makes a clip knows of where it happens."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motion.core.errors import BadInput
from motion.core.field import DistanceField

Array = NDArray[np.floating]

#: Heights (...) m of the floor at ground positions (..., 2) m, of the storey next to heights (...) m; NaN: no floor.
Floor = Callable[[Array, Array], Array]

#: A floor further than this above or below the one before, in metres, is another storey: nobody is there at once.
STOREY = 1.0


@dataclass(frozen=True)
class Place:
    """A place, in metres, Y up.

    Attributes:
        field: how far everything is.
        floor: how high one stands where; given with a height, because storeys lie above each other.
        level: m, height of the floor where the person begins.
        room: how far it is, over the ground, to where nobody can stand; negative there. Alike at all heights. None: as
            the field says alone.
    """

    field: DistanceField
    floor: Floor
    level: float = 0.0
    room: DistanceField | None = None

    def __post_init__(self) -> None:
        if not math.isfinite(self.level):
            raise BadInput(f"the height of a floor must be a finite number of metres, got {self.level}")

    def along(self, places: Array) -> Array:
        """Heights (T,) m of the floor under somebody who goes over ground positions (T, 2) m, from ``level`` on.

        Each is on the storey of the one before; where there is no floor, it is as high as the one before.
        """
        heights = np.empty(len(places))
        level = self.level
        for number, place in enumerate(np.asarray(places, dtype=np.float64)):
            found = float(self.floor(place[None], np.array([level]))[0])
            level = found if abs(found - level) <= STOREY else level  # NaN is never near
            heights[number] = level
        return heights

    def under(self, places: Array, near: Array) -> Array:
        """Heights (...) m of the floor at ground positions (..., 2) m on the storey next to ``near`` (...); else it."""
        near = np.broadcast_to(near, places.shape[:-1])
        found = self.floor(places, near)
        return np.where(np.abs(found - near) <= STOREY, found, near)
