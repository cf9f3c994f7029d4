"""Longer and shorter steps: a body that goes faster or slower than its feet do steps further or less far."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from motion.core import Motion, Observation
from motion.core.axes import from_ground, ground
from motion.refine.limb_ik import Limb
from motion.refine.reach import SIDES, with_limbs

Array = NDArray[np.floating]

#: Seconds over which speeds are taken: about a step, so that a stride is scaled as a whole.
STEP = 0.3

#: Seconds of the way that count as one piece of it when its length is told (``metrics.physical.mean_planar_speed``).
CHORD = 0.2

#: Steps become at most so much shorter and longer.
SCALES = (0.1, 1.7)

#: A way is made at most so much longer to go at a speed: somebody who stands has none to go.
FASTER = 2.5

#: m/s by which speeds are raised before they are compared: of somebody who stands nothing is scaled.
STANDS = 0.15


def at_speed(way: Array, speeds: Array, fps: float) -> Array:
    """A way over the ground (T, 2) m gone at other speeds, in its own rhythm and along its own line.

    Args:
        way: where somebody is.
        speeds: (T,) m/s, mean speed asked for around each frame; NaN: as it is. All that is asked at one speed is
            scaled as one.
        fps: frames per second.
    """
    if len(way) < 4:
        return way
    own = np.linalg.norm(_velocity(way, fps), axis=-1)
    asked = np.isfinite(speeds)
    if asked.any():
        own = own * _chords(way, fps)[asked].mean() / max(float(own[asked].mean()), 1e-6)
    factor = np.ones(len(way))
    for speed in np.unique(speeds[asked]):
        span = speeds == speed
        factor[span] = np.clip(speed / max(float(own[span].mean()), 1e-6), 0.0, FASTER)
    steps = np.diff(way, axis=0) * ((factor[1:] + factor[:-1]) / 2)[:, None]
    return way[0] + np.concatenate([np.zeros((1, 2)), np.cumsum(steps, axis=0)])


def with_strides(clip: Motion, own_way: Array) -> Motion:
    """The clip whose feet are moved, seen from the root, as much further along its way as the way is longer.

    What rests on the floor while the body goes its own way then rests while it goes the clip's: a foot that stands
    moves back under the body as fast as that moves forward.

    Args:
        clip: the motion, its root already where it is to be.
        own_way: (T, 2) m, the ground path on which the clip's feet rest while they stand.
    """
    if clip.num_frames < 4:
        return clip
    before, after = (_velocity(way, clip.fps) for way in (own_way, ground(clip.root_position)))
    speed, wanted = np.linalg.norm(before, axis=-1), np.linalg.norm(after, axis=-1)
    factor = np.clip((wanted + STANDS) / (speed + STANDS), *SCALES)
    along = after / np.maximum(wanted, 1e-6)[:, None]
    positions = clip.joint_positions()
    feet = positions.copy()
    for side in SIDES:
        limb = Limb.leg(clip.skeleton, side)
        ahead = np.sum(ground(positions[:, limb.end] - positions[:, 0]) * along, axis=-1)
        shift = from_ground(((factor - 1.0) * ahead)[:, None] * along)
        feet[:, [limb.end, limb.tip]] += shift[:, None]
    nothing = Observation.nothing(clip.num_frames, clip.skeleton.num_joints)
    return with_limbs(clip, nothing, "leg", stay=feet)


def _chords(way: Array, fps: float) -> Array:
    """(T,) m/s over ``CHORD`` s around each frame: as a speed over the ground is told and reported."""
    frame, reach = np.arange(len(way)), max(1, round(CHORD / 2 * fps))
    before, after = np.maximum(frame - reach, 0), np.minimum(frame + reach, len(way) - 1)
    return np.linalg.norm(way[after] - way[before], axis=-1) * fps / (after - before)


def _velocity(way: Array, fps: float) -> Array:
    """(T, 2) m/s, without the sway of single steps."""
    return gaussian_filter1d(np.gradient(way, 1 / fps, axis=0), STEP * fps, axis=0, mode="nearest")
