"""Futures kept on the ground that can be walked on: turned or shortened as little as will do."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from motion.forecasting.futures import Walkable

Array = NDArray[np.floating]

#: Turns, rad, and factors of length that are tried; a radian costs as much as losing this share of the length.
TURNS = np.deg2rad([0, 8, -8, 16, -16, 25, -25, 35, -35, 50, -50, 70, -70])
LENGTHS = np.array([1.0, 0.85, 0.7, 0.5, 0.3, 0.0])
COST_OF_RADIAN = 0.6


def kept_inside(positions: Array, here: Array, walkable: Walkable) -> Array:
    """Futures (A, K, T, 2) m changed where they leave the walkable ground; ``here`` (A, 2) m.

    Whoever stands outside of it already is left alone: there the map is wrong, or does not reach.
    """
    if not len(positions):
        return positions
    standing = np.asarray(walkable(here), bool)
    off = ~np.asarray(walkable(positions), bool).all(axis=-1) & standing[:, None]
    person, sample = np.nonzero(off)
    if not len(person):
        return positions
    origin = here[person][:, None]
    way = positions[person, sample] - origin
    out, settled = positions[person, sample], np.zeros(len(person), bool)
    for turn, length in _from_least():
        rest = np.flatnonzero(~settled)
        if not len(rest):
            break
        cos, sin = length * np.cos(turn), length * np.sin(turn)
        tried = way[rest] @ np.array([[cos, sin], [-sin, cos]]) + origin[rest]
        fine = np.asarray(walkable(tried), bool).all(axis=-1)
        out[rest[fine]], settled[rest[fine]] = tried[fine], True
    changed = positions.copy()
    changed[person, sample] = out
    return changed


def _from_least() -> list[tuple[float, float]]:
    every = [(float(turn), float(length)) for turn in TURNS for length in LENGTHS]
    return sorted(every, key=lambda one: COST_OF_RADIAN * abs(one[0]) + (1 - one[1]))
