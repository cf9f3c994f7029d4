"""Long clips: windows of the trained length, each continuing the one before from shared control points.

Neighbouring windows share ``OVERLAP`` control points, which the later one is given as known. The curve through the seam
is then one spline: as smooth there as anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from motion.representation.features import placed
from motion.representation.layout import ROOT
from motion.representation.spline import KNOT_RATE

Array = NDArray[np.floating]

#: Control points, at least, from one cut to the next.
SHORTEST = 10

#: Control points that two windows share: about a second of what came before.
OVERLAP = 12


@dataclass(frozen=True)
class Window:
    """Control points ``start`` to ``stop`` of a clip; the first ``given`` of them are known from the window before."""

    start: int
    stop: int
    given: int

    def padded(self, patch: int) -> int:
        """Its control points, made up to whole patches."""
        return -(-(self.stop - self.start) // patch) * patch

    def seconds(self) -> tuple[float, float]:
        """The span the window's own control points cover."""
        return (self.start + self.given) / KNOT_RATE, (self.stop - 3) / KNOT_RATE


def split(count: int, longest: int, cuts: Sequence[float] = ()) -> list[Window]:
    """Windows of at most ``longest`` control points that cover ``count`` of them, of about equal length between cuts.

    ``cuts`` are seconds at which a window is to end, such as where another prompt begins; one too near to the one
    before, or to an end, is passed over.
    """
    bounds = [OVERLAP]
    for cut in sorted(round(second * KNOT_RATE) + 2 for second in cuts):
        if bounds[-1] + SHORTEST <= cut <= count - SHORTEST:
            bounds.append(cut)
    if count <= longest and len(bounds) == 1:
        return [Window(0, count, 0)]
    windows = []
    for low, high in pairwise([*bounds, count]):
        number = int(np.ceil((high - low) / (longest - OVERLAP)))
        ends = np.linspace(low, high, number + 1).round().astype(int)
        windows += [Window(a - OVERLAP, b, OVERLAP if a > OVERLAP else 0) for a, b in pairwise(ends.tolist())]
    return windows


def start_of(controls: Array) -> tuple[Array, float]:
    """Ground position (2,) and heading of a curve's first moment."""
    first = (controls[0] + 4 * controls[1] + controls[2]) / 6
    cos, sin = first[ROOT["heading"]]
    return first[ROOT["ground"]], float(np.arctan2(sin, cos))


def at_origin(controls: Array) -> Array:
    """The curve moved and turned to start at the origin, facing +Z."""
    return placed(controls, *start_of(controls))


def moved_to(controls: Array, ground: Array, yaw: float) -> Array:
    """A curve that starts at the origin facing +Z, moved to start at ``ground`` with heading ``yaw``."""
    result = placed(controls, np.zeros(2), -yaw)
    result[:, ROOT["ground"]] += ground
    return result
