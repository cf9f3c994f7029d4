"""Futures of a whole scene: samples of different people that belong together, and keep off each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]

#: People are kept this far apart, m, unless they already stand nearer.
APART_M = 0.2

#: How often pairs are pushed apart.
PUSHES = 4


def pull(people: int, strength: float) -> float:
    """How much of its spread each person's sample keeps among ``people`` in one scene.

    One of twenty samples may hit what one person does; that all of twenty people hit at once happens by being near the
    middle. ``strength`` 0 keeps everything; it is fitted on held-out windows.
    """
    return float(max(people, 1) ** -strength)


def scene_samples(positions: Array, best: Array, strength: float) -> Array:
    """Samples (A, K, T, 2) m drawn towards ``best`` (A, T, 2) m by how many people there are."""
    middle = best[:, None]
    return middle + pull(len(positions), strength) * (positions - middle)


def scene_probabilities(probabilities: Array) -> Array:
    """(K,) of the scenes, from those of each person's samples (A, K): their geometric mean."""
    if not len(probabilities):
        return np.full(probabilities.shape[1], 1.0 / probabilities.shape[1])
    mean = np.exp(np.log(np.maximum(probabilities, 1e-12)).mean(axis=0))
    return np.asarray(mean / mean.sum())


def kept_apart(positions: Array, here: Array, near: float = APART_M) -> Array:
    """Scenes (A, K, T, 2) m in which no two people come closer than ``near`` m, or than they are ``here`` (A, 2) m.

    Both give way by half, a little already in the steps around.
    """
    people = len(positions)
    if people < 2:
        return positions
    one, other = np.triu_indices(people, 1)
    least = np.minimum(near, np.linalg.norm(here[one] - here[other], axis=-1))
    reach = np.abs(positions).max() and np.linalg.norm(positions - here[:, None, None], axis=-1).max(axis=(1, 2))
    able = np.linalg.norm(here[one] - here[other], axis=-1) < reach[one] + reach[other] + near
    one, other, least = one[able], other[able], least[able]
    positions = positions.copy()
    for _ in range(PUSHES):
        between = positions[one] - positions[other]
        apart = np.linalg.norm(between, axis=-1)
        close = apart < least[:, None, None]
        if not close.any():
            break
        pair, sample, step = np.nonzero(close)
        away = between[pair, sample, step]
        distance = apart[pair, sample, step]
        side = np.where(distance[:, None] > 1e-6, away / np.maximum(distance, 1e-6)[:, None], np.array([1.0, 0.0]))
        push = 0.55 * (least[pair] - distance)[:, None] * side
        moved = np.zeros_like(positions)
        np.add.at(moved, (one[pair], sample, step), push)
        np.add.at(moved, (other[pair], sample, step), -push)
        eased = 0.5 * np.pad(moved, ((0, 0), (0, 0), (1, 1), (0, 0)))
        positions += np.where(moved != 0, moved, eased[:, :, 2:] + eased[:, :, :-2])
    return positions
