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

from motion.representation.layout import GROUP_OF

Array = NDArray[np.floating]
Mask = NDArray[np.bool_]

#: How far a correction reaches, in control points.
REACH = 1.5

#: How much more a known frame is trusted than a prediction, as a ratio of variances.
TRUST = 300.0


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

    def within(self, start: int, stop: int) -> Seen:
        """The frames that depend on control points ``start`` to ``stop`` alone, which are counted from ``start``."""
        inside = (self.points[:, 0] >= start) & (self.points[:, 3] < stop)
        return Seen(self.points[inside] - start, self.weights[inside], self.features[inside], self.known[inside])


@dataclass(frozen=True)
class Tie:
    """For some of the features: a curve x (C, D) becomes ``x + gain @ (wanted - basis @ x)``.

    Attributes:
        columns: (D,) numbers of the features.
        basis: (N, C), evaluates the curve at N frames.
        gain: (C, N), what a frame's error changes of each control point.
        wanted: (N, D), the features there.
    """

    columns: NDArray[np.integer]
    basis: Array
    gain: Array
    wanted: Array


def ties(known: Mask, seen: Seen, placed: Callable[[Array], Array]) -> list[Tie]:
    """What frames tell of control points (C, G) that are not ``known``; one for all groups that are known alike.

    ``placed`` turns features into those that the curve is made of.
    """
    count = len(known)
    found = []
    alike = np.unique(np.concatenate([known, seen.known]), axis=1, return_inverse=True)[1].reshape(-1)
    for kind in np.unique(alike):
        group = int(np.flatnonzero(alike == kind)[0])
        free = ~known[:, group]
        tells = seen.known[:, group] & ((seen.weights > 1e-9) & free[seen.points]).any(axis=1)
        if not tells.any():
            continue
        basis = np.zeros((int(tells.sum()), count))
        np.put_along_axis(basis, seen.points[tells], seen.weights[tells], axis=1)
        columns = np.flatnonzero(np.isin(GROUP_OF, np.flatnonzero(alike == kind)))
        found.append(Tie(columns, basis, _gain(basis, free), placed(seen.features[tells])[:, columns]))
    return found


def _gain(basis: Array, free: Mask) -> Array:
    """(C, N): the least and smoothest change of the ``free`` control points that takes frames' errors away."""
    size = int(free.sum())
    places = np.flatnonzero(free)
    prior = np.eye(size)
    if size > 1:  # neighbours change alike
        first = np.diff(np.eye(size), axis=0)[np.diff(places) == 1]
        prior += REACH**2 * first.T @ first
    matrix = TRUST * basis[:, free].T @ basis[:, free] + prior
    gain = np.zeros((len(free), len(basis)))
    gain[free] = np.linalg.solve(matrix, TRUST * basis[:, free].T)
    return gain
