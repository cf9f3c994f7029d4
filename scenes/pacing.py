"""When a walker is where on a line: speed from what is asked, the bends, the stairs, and starting and stopping."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]

#: Usual walking speed in m/s.
WALK = 1.3

#: m/s² that people accept sideways in bends, and along the way.
SIDEWAYS, ALONG = 1.2, 1.2

#: How much slopes slow down: speed falls to 1/e on one of 1 / SLOPES m per m.
SLOPES = 1.6

#: m/s below which nobody goes in the middle of a way, and at its ends.
_SLOWEST, _ENDS = 0.25, 0.2


def paced(points: Array, heights: Array, speed: float) -> Array:
    """(N,) s at which each point (N, 2) of a line is passed; ``heights`` (N,) m is the ground under them.

    No faster than the bend allows (v² = a r), slower on stairs and ramps, and speeding up and down gently.
    """
    steps = np.linalg.norm(np.diff(points, axis=0), axis=-1)
    limit = np.minimum(speed, _bends(points, steps))
    limit = np.maximum(limit * _climbing(steps, heights), min(_SLOWEST, speed))
    limit[[0, -1]] = np.minimum(limit[[0, -1]], _ENDS)
    for order in (range(1, len(limit)), range(len(limit) - 2, -1, -1)):
        before = -1 if order.step > 0 else 1
        for here in order:
            reached = np.sqrt(limit[here + before] ** 2 + 2 * ALONG * steps[min(here, here + before)])
            limit[here] = min(limit[here], reached)
    return np.concatenate([[0.0], np.cumsum(2 * steps / (limit[1:] + limit[:-1]))])


def _bends(points: Array, steps: Array) -> Array:
    """(N,) m/s that the bend at each point allows; the direction is looked at over half a metre."""
    if len(steps) < 3:
        return np.full(len(points), np.inf)
    reach = max(int(0.25 / max(float(steps.mean()), 1e-6)), 1)
    before = points - points[np.maximum(np.arange(len(points)) - reach, 0)]
    after = points[np.minimum(np.arange(len(points)) + reach, len(points) - 1)] - points
    turned = np.arctan2(before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0], np.einsum("ni,ni->n", before, after))
    length = (np.linalg.norm(before, axis=-1) + np.linalg.norm(after, axis=-1)) / 2
    bend = np.abs(turned) / np.maximum(length, 1e-6)
    return np.sqrt(SIDEWAYS / np.maximum(bend, 1e-6))


def _climbing(steps: Array, heights: Array) -> Array:
    """(N,) share of the level speed, by the slope over one metre: about 0.5 m/s on stairs (Fujiyama and Tyler 2010)."""
    gone = np.concatenate([[0.0], np.cumsum(steps)])
    rise = np.interp(gone + 0.5, gone, heights) - np.interp(gone - 0.5, gone, heights)
    run = np.minimum(gone + 0.5, gone[-1]) - np.maximum(gone - 0.5, 0.0)
    share: Array = np.exp(-SLOPES * np.abs(rise) / np.maximum(run, 0.1))
    return share
