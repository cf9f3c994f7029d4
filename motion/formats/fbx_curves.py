"""Keys of an FBX animation curve and its values at any time: held, straight, or cubic between two keys."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motion.formats.fbx_binary import FbxNode
from motion.formats.fbx_objects import TICKS

Array = NDArray[np.floating]

#: Flags of a key: how the curve leaves it, and whether its tangents were set by hand.
HELD, STRAIGHT, CUBIC = 2, 4, 8
_BY_HAND = 0x400 | 0x800
#: Times closer than this (s) are one.
SAME_TIME = 1e-6


@dataclass(frozen=True)
class Curve:
    """One number over time.

    Attributes:
        times: (K,) s, rising.
        values: (K,)
        flags: (K,) how it goes on from each key.
        slopes: (K, 2) per second: leaving the key, and arriving at the next one.
    """

    times: Array
    values: Array
    flags: NDArray[np.integer]
    slopes: Array

    def sampled(self, at: Array) -> Array:
        """(T,) values at the times (T,) in seconds, held before the first and after the last key."""
        low = np.clip(np.searchsorted(self.times, at + SAME_TIME, side="right") - 1, 0, len(self.times) - 1)
        high = np.minimum(low + 1, len(self.times) - 1)
        step = np.where(high > low, self.times[high] - self.times[low], 1.0)
        share = np.clip((at - self.times[low]) / step, 0.0, 1.0)
        start, end = self.values[low], self.values[high]
        value = start + share * (end - start)
        cubic = (self.flags[low] & CUBIC) > 0
        if np.any(cubic):
            leave, arrive = self.slopes[low].T * step
            value = np.where(cubic, _hermite(share, start, leave, end, arrive), value)
        return np.where((self.flags[low] & HELD) > 0, start, value)


def _hermite(s: Array, start: Array, leave: Array, end: Array, arrive: Array) -> Array:
    s2, s3 = s * s, s * s * s
    return (2 * s3 - 3 * s2 + 1) * start + (s3 - 2 * s2 + s) * leave + (3 * s2 - 2 * s3) * end + (s3 - s2) * arrive


def read_curve(node: FbxNode) -> Curve | None:
    """The curve of an AnimationCurve node, or None when it has no keys. Raises ``BadFile``."""
    file = node.file
    times, values = node.value("KeyTime"), node.value("KeyValueFloat")
    if not isinstance(times, np.ndarray) or not isinstance(values, np.ndarray) or not times.size:
        return None
    if times.shape != values.shape or times.dtype.kind != "i":
        raise file.damaged(f"a curve has {values.size} values for {times.size} keys")
    if not np.all(np.isfinite(values)):
        raise file.damaged("a key is NaN or infinite")
    if np.any(np.diff(times.astype(np.float64)) <= 0):
        raise file.damaged("the key times of a curve do not rise")
    seconds = times / TICKS
    flags, slopes = _attributes(node, len(times))
    return Curve(seconds, values.astype(np.float64), flags, _smooth(seconds, values.astype(np.float64), flags, slopes))


def _attributes(node: FbxNode, count: int) -> tuple[NDArray[np.integer], Array]:
    """Flags (K,) and slopes (K, 2) of every key; they are stored once for each run of equal ones."""
    flags, data, runs = (node.value(f"KeyAttr{name}") for name in ("Flags", "DataFloat", "RefCount"))
    lines = np.full(count, STRAIGHT), np.zeros((count, 2))
    if not all(isinstance(one, np.ndarray) for one in (flags, data, runs)):
        return lines
    if np.any(runs < 0) or int(runs.sum()) != count or len(flags) != len(runs) or len(data) != 4 * len(runs):
        return lines
    slopes = data.astype(np.float64).reshape(-1, 4)[:, :2]
    return np.repeat(flags.astype(np.int64), runs), np.repeat(np.where(np.isfinite(slopes), slopes, 0.0), runs, axis=0)


def _smooth(times: Array, values: Array, flags: NDArray[np.integer], slopes: Array) -> Array:
    """The slopes, where they were not set by hand those from the key before to the key after, level at the ends."""
    if len(times) < 2:
        return slopes
    level = np.zeros(len(times))
    level[1:-1] = (values[2:] - values[:-2]) / (times[2:] - times[:-2])
    own = np.stack([level, np.append(level[1:], 0.0)], axis=-1)
    return np.where(((flags & _BY_HAND) > 0)[:, None], slopes, own)
