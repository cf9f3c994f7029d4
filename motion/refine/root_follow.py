"""A body that goes where its feet push it: slides of standing feet are taken out of the path, not out of the legs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from motion.core import Motion
from motion.core.axes import from_ground, ground
from motion.metrics.contacts import foot_contacts, foot_positions
from motion.refine.banded import lasting

#: Seconds over which slides are averaged: about a quarter of a step, so that the body does not jolt.
SMOOTH = 0.15

#: Seconds over which the correction turns at a known place.
SETTLE = 0.5

#: Contacts so few, as a share of one foot's, that they hardly count: where nothing stands the path is left alone.
HARDLY = 0.05


def follow_feet(
    clip: Motion, contacts: NDArray[np.bool_] | None = None, known: NDArray[np.bool_] | None = None
) -> Motion:
    """A copy of the clip whose path is changed so that the feet, on average, rest while they stand.

    The planar velocity of what is in contact, averaged over joints and a short while, is taken from the root's. Poses,
    heading and height stay; the place at the end, and with it the mean speed, changes by as much as the feet slid.

    Args:
        clip: the motion, at any frame rate.
        contacts: (T, 4) bool in the order of ``Motion.contacts``; default: the clip's own, else detected.
        known: (T,) bool, frames whose place on the ground is given: the path is not moved there, and what the feet
            slid between two of them is shared out evenly. Default: none.
    """
    contacts = clip.contacts if contacts is None else contacts
    if contacts is None:
        contacts = foot_contacts(clip, floor=None, slack=1.25)
    if clip.num_frames < 4 or not contacts.any():
        return clip
    stands = (contacts[1:] & contacts[:-1]).astype(float)
    slides = np.diff(ground(foot_positions(clip)), axis=0)
    sigma = SMOOTH * clip.fps
    total = gaussian_filter1d((stands[..., None] * slides).sum(axis=1), sigma, axis=0, mode="nearest")
    count = gaussian_filter1d(stands.sum(axis=1), sigma, mode="nearest")
    drift = np.concatenate([np.zeros((1, 2)), np.cumsum(total / (count + HARDLY)[:, None], axis=0)])
    if known is not None and known.any():
        drift = np.where(known[:, None], 0.0, drift - lasting(known, drift, SETTLE, clip.fps))
    return replace(clip, root_position=clip.root_position - from_ground(drift))
