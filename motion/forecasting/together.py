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
    low, high = positions.min(axis=(1, 2)), positions.max(axis=(1, 2))
    able = np.all((low[one] <= high[other] + near) & (low[other] <= high[one] + near), axis=-1)
    one, other, least = one[able], other[able], least[able]
    positions = positions.astype(np.float64)
    for push in range(PUSHES):
        between = positions[one] - positions[other]
        square = np.einsum("pktd,pktd->pkt", between, between)
        close = square < np.square(least)[:, None, None]
        if not close.any():
            break
        _give_way(positions, between, np.sqrt(square), close, one, other, least)
        if push == 0:  # nobody is pushed farther than this in all
            able = square.min(axis=(1, 2)) < (3 * near) ** 2
            one, other, least = one[able], other[able], least[able]
    return positions


def _give_way(
    positions: Array, between: Array, apart: Array, close: NDArray[np.bool_], one: NDArray[np.intp],
    other: NDArray[np.intp], least: Array,
) -> None:  # fmt: skip
    """Move both of each close pair, in place, half of it in the steps beside."""
    pair, sample, step = np.nonzero(close)
    distance = apart[pair, sample, step][:, None]
    aside = np.array([1.0, 0.0])  # of two in one place nobody knows who goes which way
    side = np.where(distance > 1e-6, between[pair, sample, step] / np.maximum(distance, 1e-6), aside)
    push = 0.55 * (least[pair][:, None] - distance) * side
    moved = np.zeros_like(positions)
    np.add.at(moved, (one[pair], sample, step), push)
    np.add.at(moved, (other[pair], sample, step), -push)
    eased = np.zeros_like(moved)
    eased[:, :, 1:] += 0.5 * moved[:, :, :-1]
    eased[:, :, :-1] += 0.5 * moved[:, :, 1:]
    positions += np.where(moved != 0, moved, eased)
