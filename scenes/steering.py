"""What walkers do of themselves, before they avoid collisions: follow, keep right, and go around those who stay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
Mask = NDArray[np.bool_]

#: Seconds between two who walk one behind the other.
_BEHIND = 0.6

#: m/s below which somebody stands, and metres before somebody who stays at which one begins to go around.
_STANDS, _AROUND = 0.15, 2.0

#: Metres within which people who come the other way make one keep right.
_MEETS = 4.0


@dataclass(frozen=True)
class Neighbours:
    """Everybody as everybody sees them.

    Attributes:
        away: (A, A, 2) m from each person to each.
        velocity: (A, 2) m/s.
        beside: (A, A) whether somebody else is on the same floor.
        stays: (A,) who has arrived or has not set out yet.
        person: m, half of what people keep between their middles.
    """

    away: Array
    velocity: Array
    beside: Mask
    stays: Mask
    person: float

    def ahead(self, direction: Array) -> tuple[Array, Array]:
        """How far ahead and how far to the right (A, A) m others are of people who look along ``direction`` (A, 2)."""
        along = np.einsum("abk,ak->ab", self.away, direction)
        return along, np.einsum("abk,ak->ab", self.away, right_of(direction))


def right_of(vectors: Array) -> Array:
    """Ground vectors (..., 2) turned a quarter to a walker's right."""
    x, z = np.moveaxis(vectors, -1, 0)
    return np.stack([-z, x], axis=-1)


def following(seen: Neighbours, direction: Array) -> Array:
    """m/s (A,) at which people do not walk into those who walk before them; infinite where nobody does."""
    ahead, aside = seen.ahead(direction)
    same = np.einsum("bk,ak->ab", seen.velocity, direction) > _STANDS
    follows = seen.beside & same & (ahead > 0) & (np.abs(aside) < 1.2 * seen.person)
    return np.where(follows, np.maximum(ahead - 2 * seen.person, 0.0) / _BEHIND, np.inf).min(axis=1)


def meeting(seen: Neighbours, direction: Array) -> Mask:
    """(A,) whether somebody who does not go the same way is near before each person."""
    ahead, _ = seen.ahead(direction)
    other = np.einsum("bk,ak->ab", seen.velocity, direction) < 2 * _STANDS
    return np.any(seen.beside & other & (ahead > 0) & (np.linalg.norm(seen.away, axis=-1) < _MEETS), axis=1)


def around(seen: Neighbours, direction: Array, distance: Array, free: Mask) -> Array:
    """Directions (A, 2) past the nearest person who stays in the way, on the side where there is less to go.

    Args:
        seen: the others.
        direction: (A, 2) in which people would go.
        distance: (A,) m to where they would go.
        free: (A, 2) whether there is room to the left and to the right of them.
    """
    ahead, aside = seen.ahead(direction)
    apart = np.linalg.norm(seen.away, axis=-1)
    room = 2.1 * seen.person
    blocks = seen.beside & seen.stays & (ahead > 0) & (np.abs(aside) < room)
    blocks = blocks & (ahead < np.minimum(_AROUND, distance + 0.5 * room)[:, None])
    nearest = np.argmin(np.where(blocks, apart, np.inf), axis=1)
    rows = np.arange(len(direction))
    apart, aside = apart[rows, nearest], aside[rows, nearest]
    left, right = free.T
    side = np.where((aside > 0.02) & left | ~right, -1.0, 1.0)  # who stands to the right is passed on the left
    bearing = np.arcsin(np.clip(aside / np.maximum(apart, 1e-6), -1.0, 1.0))
    angle = bearing + side * np.arcsin(np.clip(room / np.maximum(apart, 1e-6), 0.0, 1.0))
    turned = np.cos(angle)[:, None] * direction + np.sin(angle)[:, None] * right_of(direction)
    return np.where(np.any(blocks, axis=1)[:, None], turned, direction)
