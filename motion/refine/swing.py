"""Feet that clear the floor: how high a runner's toes swing at least, so that no foot is dragged along."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from motion.core import Motion
from motion.metrics.contacts import FOOT_JOINTS, spans
from motion.refine.stance import STRIDE, body_speed

Array = NDArray[np.floating]
Flags = NDArray[np.bool_]

#: Height of the toes above where they stand in metres, by the share of a swing that is over, of people who run at about
#: so many m/s: what nine of ten recorded swings are above (59 at 1.5 to 2.4 m/s, 292 at 2.4 to 3.4 m/s).
HEIGHTS = {
    2.0: (0.0, 0.045, 0.065, 0.084, 0.081, 0.066, 0.044, 0.028, 0.027, 0.019, 0.0),
    2.9: (0.0, 0.045, 0.105, 0.132, 0.127, 0.095, 0.068, 0.061, 0.058, 0.044, 0.0),
}

#: Shortest and longest swing, in seconds, from the toes' last contact to their next.
SWING = (0.2, 0.9)

#: m/s from which somebody may run, and at which all who fly run; share of the time in the air, likewise. Who walks has
#: a foot on the floor all the time, and toes that pass it closely.
RUNS = (1.2, 1.8)
FLIES = (0.02, 0.1)


def swing_clearance(clip: Motion, contacts: Flags) -> Array:
    """(T, 4) m, how high each of ``FOOT_JOINTS`` is to be at least above where it stands; 0 but for swinging toes.

    Args:
        clip: the motion, at any frame rate.
        contacts: (T, 4) bool, in the order of ``FOOT_JOINTS``.
    """
    least = np.zeros(contacts.shape)
    if clip.num_frames < 4:
        return least
    speed, runs = _running(clip, contacts)
    slow, fast = HEIGHTS
    faster = _ramp(speed, slow, fast)
    for column in (FOOT_JOINTS.index(f"{side}_foot") for side in ("left", "right")):
        edges = [edge for span in spans(contacts[:, column]) for edge in span]
        for start, stop in zip(edges[1:-1:2], edges[2::2], strict=True):
            if SWING[0] <= (stop - start) / clip.fps <= SWING[1]:
                swing = slice(start, stop)
                share = (np.arange(start, stop) - start + 0.5) / (stop - start)
                low, high = (np.interp(share, np.linspace(0.0, 1.0, len(one)), one) for one in HEIGHTS.values())
                least[swing, column] = runs[swing] * (low + faster[swing] * (high - low))
    return least


def _running(clip: Motion, contacts: Flags) -> tuple[Array, Array]:
    """(T,) m/s over the ground, and (T,) 0 where somebody walks or stands, 1 where they run."""
    speed = body_speed(clip)
    flight = gaussian_filter1d((~contacts.any(axis=1)).astype(float), STRIDE * clip.fps, mode="nearest")
    return speed, _ramp(speed, *RUNS) * _ramp(flight, *FLIES)


def _ramp(values: Array, low: float, high: float) -> Array:
    return np.clip((values - low) / (high - low), 0.0, 1.0)
