"""What stands while somebody runs: short contacts that a network is not sure of, found against the body's speed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from motion.core import Motion
from motion.core.axes import ground
from motion.metrics.contacts import foot_contacts

Array = NDArray[np.floating]
Flags = NDArray[np.bool_]

#: A foot on the floor stands, or is meant to, when it moves slower than so much of the body's speed: a swinging foot is
#: faster than the body. In units of ``foot_contacts``' slack, per m/s of the body.
SLOWER = 0.7
#: The slack below which generated feet are not looked at: they slide more than recorded ones.
SLACK = 1.25
#: m/s from which a body runs: below, contacts are long, and the network is sure of them.
RUNS = 1.5
#: Seconds over which the body's speed is averaged: about a stride.
STRIDE = 0.4


def body_speed(clip: Motion) -> Array:
    """(T,) m/s over the ground, without the rhythm of single steps."""
    if clip.num_frames < 2:
        return np.zeros(clip.num_frames)
    velocity = np.gradient(ground(clip.root_position), 1 / clip.fps, axis=0)
    return np.linalg.norm(gaussian_filter1d(velocity, STRIDE * clip.fps, axis=0, mode="nearest"), axis=-1)


def with_stances(clip: Motion) -> Motion:
    """The clip with contacts: its own, else detected; and, where it runs, of whatever foot on the floor lags behind."""
    own = foot_contacts(clip, floor=None, slack=SLACK) if clip.contacts is None else clip.contacts
    speed = body_speed(clip)
    if not (speed > RUNS).any():
        return replace(clip, contacts=own)
    lagging = foot_contacts(clip, floor=None, slack=np.maximum(SLACK, SLOWER * speed)[:, None])
    return replace(clip, contacts=own | (lagging & (speed > RUNS)[:, None]))
