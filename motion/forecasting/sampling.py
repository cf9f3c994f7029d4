"""Samples of the mixture that the network foretells: its heads, fewer of them, or draws around them."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from motion.forecasting.model import Output

Array = NDArray[np.floating]


def drawn(output: Output, samples: int, random: np.random.Generator) -> tuple[torch.Tensor, Array]:
    """``samples`` futures (N, samples, T, 2) m in each person's frame and their probabilities (N, samples).

    As many as there are heads: the heads. Fewer: those that leave the least of the mixture far off. More: the heads,
    and draws around them, each off in one direction by as many standard deviations in every step: lines stay smooth.
    """
    probabilities = output.logits.softmax(-1).double().numpy()
    heads = probabilities.shape[1]
    if samples == heads:
        return output.futures, probabilities
    if samples < heads:
        return _fewer(output.futures, probabilities, samples)
    extra = samples - heads
    rows = np.arange(len(probabilities))[:, None]
    cumulative = probabilities.cumsum(axis=1)
    pick = (random.random((len(rows), extra, 1)) > cumulative[:, None]).sum(axis=-1).clip(max=heads - 1)
    off = torch.from_numpy(random.standard_normal((len(rows), extra, 1, 2))).to(output.futures.dtype)
    around = output.futures[rows, pick] + off * output.spread[rows, pick]
    shared = np.ones_like(probabilities)
    np.add.at(shared, (np.broadcast_to(rows, pick.shape), pick), 1.0)
    share = probabilities / shared
    weights = np.concatenate([share, np.take_along_axis(share, pick, axis=1)], axis=1)
    return torch.cat([output.futures, around], dim=1), weights


def _fewer(futures: torch.Tensor, probabilities: Array, samples: int) -> tuple[torch.Tensor, Array]:
    """Heads chosen one after another, each where it shortens the expected way to the nearest chosen one most."""
    apart = torch.cdist(futures.flatten(2), futures.flatten(2)).double().numpy()
    people = np.arange(len(futures))
    nearest = np.full(probabilities.shape, np.inf)
    chosen = np.zeros((len(futures), samples), np.intp)
    for count in range(samples):
        cost = (np.minimum(nearest[:, None], apart) * probabilities[:, None]).sum(axis=-1)
        for before in range(count):
            cost[people, chosen[:, before]] = np.inf
        chosen[:, count] = cost.argmin(axis=1)
        nearest = np.minimum(nearest, apart[people, chosen[:, count]])
    to_chosen = apart[people[:, None], chosen]
    owner = to_chosen.argmin(axis=1)
    weights = np.zeros((len(futures), samples))
    np.add.at(weights, (np.broadcast_to(people[:, None], owner.shape), owner), probabilities)
    return futures[torch.from_numpy(people[:, None]), torch.from_numpy(chosen)], weights
