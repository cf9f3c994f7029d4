"""Normalisation of features: zero mean, unit scale, per feature but with floors per kind of feature."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motion.core.errors import BadInput
from motion.representation.layout import LIMBS, NUM_FEATURES, ROOT

Array = NDArray[np.floating]

#: Ground positions are scaled alike in x and z, so that turning a clip does not change its scale.
GROUND_SCALE = 1.5

#: A feature that hardly varies is scaled by this share of the mean scale of its kind, not blown up to unit variance.
FLOOR_SHARE = 0.4


@dataclass(frozen=True)
class Statistics:
    """Mean and scale (NUM_FEATURES,) of the features: normalised = (features - mean) / scale."""

    mean: Array
    scale: Array

    def __post_init__(self) -> None:
        if self.mean.shape != (NUM_FEATURES,) or self.scale.shape != (NUM_FEATURES,):
            raise BadInput(f"statistics need mean and scale of {NUM_FEATURES} features, got {self.mean.shape}")
        if not np.all(self.scale > 0):
            raise BadInput("statistics need scales above 0")

    def normalise(self, features: Array) -> Array:
        return (features - self.mean) / self.scale

    def restore(self, normalised: Array) -> Array:
        return normalised * self.scale + self.mean


def statistics_of(features: Array) -> Statistics:
    """Statistics of features (N, NUM_FEATURES) pooled over all clips and their mirror images."""
    mean, scale = features.mean(axis=0), features.std(axis=0)
    for name in ("ground", "heading"):
        mean[ROOT[name]] = 0.0
    scale[ROOT["ground"]] = GROUND_SCALE
    scale[ROOT["heading"]] = 0.7
    scale[ROOT["rotation"]] = _floored(scale[ROOT["rotation"]])
    for part in LIMBS:
        scale[part.rotations] = _floored(scale[part.rotations])
        scale[part.positions] = _floored(scale[part.positions])
        scale[part.contacts] = 0.5
    return Statistics(mean, np.maximum(scale, 1e-3))


def _floored(scale: Array) -> Array:
    return np.maximum(scale, FLOOR_SHARE * scale.mean())
