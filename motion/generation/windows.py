"""Long clips: windows of the trained length, each continuing the one before from shared control points.

Neighbouring windows share ``OVERLAP`` control points, which the later one is given as known. The curve through the seam
is then one spline: as smooth there as anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from motion.representation.features import placed
from motion.representation.layout import ROOT
from motion.representation.spline import KNOT_RATE

Array = NDArray[np.floating]

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


def split(count: int, longest: int) -> list[Window]:
    """Windows of at most ``longest`` control points, of about equal length, that cover ``count`` of them."""
    if count <= longest:
        return [Window(0, count, 0)]
    number = int(np.ceil((count - OVERLAP) / (longest - OVERLAP)))
    ends = np.linspace(OVERLAP, count, number + 1).round().astype(int)
    spans = pairwise(int(end) for end in ends)
    return [Window(max(0, low - OVERLAP), high, OVERLAP if low > OVERLAP else 0) for low, high in spans]


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
