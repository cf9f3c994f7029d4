"""Ties: control points that are not known themselves, but of which known frames tell something.

Where a stretch of known frames ends, its last frames depend on control points that reach into what is unknown. A
predicted curve is bent there so that it passes through the frames, as little and as smoothly as can be: the mean of a
Gaussian process whose prior is the prediction (Rasmussen and Williams 2006, eq. 2.38, in its precision form).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motion.representation.layout import GROUP_OF, GROUPS, NUM_FEATURES

Array = NDArray[np.floating]
Mask = NDArray[np.bool_]

#: How far a correction reaches, in control points.
REACH = 1.5

#: How much more a known frame is trusted than a prediction, as a ratio of variances.
TRUST = 300.0

#: How much a third difference weighs where a curve goes on from another, and the control points in which that fades.
#: Without, whoever has the hands up would have them down a tenth of a second into the next prompt.
EASE = 10.0
EASING = 8


@dataclass(frozen=True)
class Seen:
    """Frames of which something is known.

    Attributes:
        points, weights: (T, 4), the control points each depends on and how much, as of ``local_basis``.
        features: (T, NUM_FEATURES), of what is known.
        known: (T, G), which groups of each frame are known.
    """

    points: NDArray[np.integer]
    weights: Array
    features: Array
    known: Mask

    @classmethod
    def nothing(cls) -> Seen:
        """No frames."""
        known = np.zeros((0, len(GROUPS)), bool)
        return cls(np.zeros((0, 4), int), np.zeros((0, 4)), np.zeros((0, NUM_FEATURES)), known)

    def within(self, start: int, stop: int) -> Seen:
        """The frames that depend on control points ``start`` to ``stop`` alone, which are counted from ``start``."""
        inside = (self.points[:, 0] >= start) & (self.points[:, 3] < stop)
        return Seen(self.points[inside] - start, self.weights[inside], self.features[inside], self.known[inside])


@dataclass(frozen=True)
class Tie:
    """For some of the features: a curve x (C, D) becomes ``x + gain @ (wanted - basis @ x)``.

    Attributes:
        columns: (D,) numbers of the features.
        basis: (N, C), N weighted values of the curve: at a frame, or a third difference.
        gain: (C, N), what an error in each changes of each control point.
        wanted: (N, D), what they are to be.
    """

    columns: NDArray[np.integer]
    basis: Array
    gain: Array
    wanted: Array


def ties(known: Mask, seen: Seen, placed: Callable[[Array], Array], begun: int = 0) -> list[Tie]:
    """What frames tell of control points (C, G) that are not ``known``; one for all groups that are known alike.

    Args:
        known: which control points need no tie.
        seen: the frames.
        placed: turns features into those that the curve is made of.
        begun: control points that are of the curve which this one goes on from: it does so without a jerk.
    """
    eased = _eased(begun, len(known))
    found = []
    alike = np.unique(np.concatenate([known, seen.known]), axis=1, return_inverse=True)[1].reshape(-1)
    for kind in np.unique(alike):
        group = int(np.flatnonzero(alike == kind)[0])
        free = ~known[:, group]
        tells = seen.known[:, group] & ((seen.weights > 1e-9) & free[seen.points]).any(axis=1)
        easing = eased[(eased[:, free] != 0).any(axis=1)]
        if not tells.any() and not len(easing):
            continue
        frames = np.zeros((int(tells.sum()), len(known)))
        np.put_along_axis(frames, seen.points[tells], seen.weights[tells], axis=1)
        columns = np.flatnonzero(np.isin(GROUP_OF, np.flatnonzero(alike == kind)))
        basis = np.concatenate([TRUST**0.5 * frames, easing])
        wanted = TRUST**0.5 * placed(seen.features[tells])[:, columns]
        wanted = np.concatenate([wanted, np.zeros((len(easing), len(columns)))])
        found.append(Tie(columns, basis, _gain(basis, free), wanted))
    return found


def _eased(begun: int, count: int) -> Array:
    """(N, C) the weighted third differences, from the first that depends on what was not ``begun`` on; none without."""
    first = max(0, begun - 3)
    size = min(EASING, count - 3 - first) if begun else 0
    eased = np.zeros((size, count))
    weights = (EASE**0.5) * (1.0 - np.arange(size) / EASING)
    for row, weight in enumerate(weights):
        eased[row, first + row : first + row + 4] = weight * np.array([-1.0, 3.0, -3.0, 1.0])
    return eased


def _gain(basis: Array, free: Mask) -> Array:
    """(C, N): the least and smoothest change of the ``free`` control points that takes errors away."""
    size = int(free.sum())
    places = np.flatnonzero(free)
    prior = np.eye(size)
    if size > 1:  # neighbours change alike
        first = np.diff(np.eye(size), axis=0)[np.diff(places) == 1]
        prior += REACH**2 * first.T @ first
    matrix = basis[:, free].T @ basis[:, free] + prior
    gain = np.zeros((len(free), len(basis)))
    gain[free] = np.linalg.solve(matrix, basis[:, free].T)
    return gain
