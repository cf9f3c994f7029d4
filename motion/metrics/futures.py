"""Numbers about forecasts of many people: how near the best, the one and the scene are; whether people collide."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]

#: Two people whose middles are this near, m, have collided (as Conditional Speed GAN counts).
COLLISION_M = 0.10


def best_of(positions: Array, truth: Array) -> tuple[Array, Array]:
    """Of each person the mean error and the last error (A,) m of the nearest sample, the two chosen apart.

    ``positions`` (A, K, T, 2) m, ``truth`` (A, T, 2) m. Known as minADE and minFDE; they reward spread.
    """
    error = np.linalg.norm(positions - truth[:, None], axis=-1)
    return error.mean(axis=-1).min(axis=1), error[..., -1].min(axis=1)


def one_of(best: Array, truth: Array) -> tuple[Array, Array]:
    """Of each person the mean and the last error (A,) m of a single forecast (A, T, 2) m."""
    error = np.linalg.norm(best - truth, axis=-1)
    return error.mean(axis=-1), error[..., -1]


def best_scene(positions: Array, truth: Array) -> tuple[Array, Array]:
    """As ``best_of`` where one sample is chosen for all people of a scene together: (A,) m each. JADE and JFDE."""
    error = np.linalg.norm(positions - truth[:, None], axis=-1)
    mean, last = error.mean(axis=-1), error[..., -1]
    return mean[:, np.argmin(mean.sum(axis=0))], last[:, np.argmin(last.sum(axis=0))]


def collision_share(positions: Array, near: float = COLLISION_M) -> float:
    """Share of (person, sample, step) with somebody else of the same sample within ``near`` m; (A, K, T, 2) m."""
    people = len(positions)
    if people < 2:
        return 0.0
    one, other = np.triu_indices(people, 1)
    low, high = positions.min(axis=(1, 2)), positions.max(axis=(1, 2))
    meet = np.all((low[one] <= high[other] + near) & (low[other] <= high[one] + near), axis=-1)
    hit = np.zeros(positions.shape[:-1], bool)
    for first, second in zip(one[meet], other[meet], strict=True):
        between = positions[first] - positions[second]
        close = np.einsum("ktd,ktd->kt", between, between) <= near**2
        hit[first] |= close
        hit[second] |= close
    return float(hit.mean())


def speeds_of(here: Array, positions: Array, fps: float) -> Array:
    """(..., T) m/s of positions (..., T, 2) m that go out from ``here`` (..., 2) m."""
    path = np.concatenate([here[..., None, :], positions], axis=-2)
    return np.linalg.norm(np.diff(path, axis=-2), axis=-1) * fps
