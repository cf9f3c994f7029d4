"""Smooth curves by banded least squares: corrections that come and go, and pass exactly through what is known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solveh_banded

Array = NDArray[np.floating]
Flags = NDArray[np.bool_]

#: How much more than all other terms a value weighs that must be met.
BINDING = 1e7


class Banded:
    """A symmetric positive banded matrix made of weighted squared differences, and its solution."""

    def __init__(self, size: int, width: int) -> None:
        self.bands = np.zeros((width + 1, size))  # lower form: bands[k, i] = A[i + k, i]

    def add_difference(self, order: int, weights: Array, stride: int = 1) -> None:
        """Add sum_i weights[i] * (order-th difference of x at i, over neighbours ``stride`` apart)^2."""
        coefficients = np.array([1.0])
        for _ in range(order):
            coefficients = np.convolve(coefficients, [1.0, -1.0])
        for first, a in enumerate(coefficients):
            for second in range(first, order + 1):
                place = slice(first * stride, first * stride + len(weights))
                self.bands[(second - first) * stride, place] += weights * a * coefficients[second]

    def solve(self, right: Array) -> Array:
        """x with A x = right (N,) or (N, M)."""
        return solveh_banded(self.bands, right, lower=True, check_finite=False)


def fading(known: Flags, values: Array, seconds: float, fps: float) -> Array:
    """Offsets through known ones that go to zero away from them, without overshoot.

    The curve of least sum of (1 + s d/dt)^3 x, squared: interpolation with the Matern 5/2 kernel (Rasmussen, Williams
    2006, eq. 4.17), of continuous jerk. Known frames close to each other blend into each other.

    Args:
        known: (T,) bool.
        values: (T, ...), read where known.
        seconds: half the offset is gone after this long, 95 % after 2.5 times as long.
        fps: frames per second.
    """
    reach = seconds / 2.32
    return _through(known, values, [(reach * fps) ** (2 * order) * share for order, share in enumerate((1, 3, 3, 1))])


def lasting(known: Flags, values: Array, seconds: float, fps: float) -> Array:
    """Offsets through known ones that change as slowly as can be between them, and stay before and after.

    As ``fading``, of the velocity's (1 + s d/dt)^2: straight lines whose corners are rounded over about ``seconds``.
    """
    reach = seconds / 2
    shares = (0.0, 1.0, 2.0 * (reach * fps) ** 2, (reach * fps) ** 4)
    return _through(known, values, list(shares))


def _through(known: Flags, values: Array, weights: list[float]) -> Array:
    """(T, ...) the curve through ``values`` where ``known`` of least weighted squared differences of order 0, 1, ..."""
    frames = len(known)
    flat = np.where(known[:, None], np.asarray(values, dtype=float).reshape(frames, -1), 0.0)
    if known.any() and not known.all():
        matrix = Banded(frames, len(weights) - 1)
        for order, weight in enumerate(weights[:frames]):
            matrix.add_difference(order, np.full(frames - order, weight))
        binding = BINDING * matrix.bands.max()
        matrix.add_difference(0, binding * known)
        flat = np.where(known[:, None], flat, matrix.solve(binding * flat))
    return flat.reshape(np.shape(values))
