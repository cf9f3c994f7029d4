"""What the heads of the forecaster are trained for."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from motion.forecasting.model import Output

#: Share of the loss that every head gets, so that none is left behind.
EVERY_HEAD = 0.01

#: Degrees of freedom of the heads' distribution: few, long tails.
FREEDOM = 2.0


def winners(futures: Tensor, future: Tensor, per_metre: Tensor, few: int) -> Tensor:
    """Winner-takes-all: mean displacement of the ``few`` nearest heads of each person, and the same of the last step.

    The two winners are chosen apart, for so are they scored. ``few`` falls from K to 1 (EWTA, Makansi et al., 2019).

    Args:
        futures: (N, K, T, 2) m. future: (N, T, 2) m.
        per_metre: (N,) weight of each person's metres.
    """
    error = (futures - future[:, None]).norm(dim=-1) * per_metre[:, None, None]
    mean, last = error.mean(dim=-1), error[..., -1]
    nearest = [each.topk(few, dim=1, largest=False).values.mean() for each in (mean, last)]
    return nearest[0] + 0.5 * nearest[1] + EVERY_HEAD * mean.mean()


def displacement(best: Tensor, future: Tensor, per_metre: Tensor) -> Tensor:
    """Mean displacement of one forecast (N, T, 2) m."""
    return ((best - future).norm(dim=-1) * per_metre[:, None]).mean()


def log_density(output: Output, future: Tensor) -> Tensor:
    """(N, T) log density per square metre of ``future`` (N, T, 2) m under the mixture of the heads, step by step.

    Each head is a bivariate Student's t: many are foretold to a hand's width, and a few do something else altogether.
    """
    apart = (future[:, None] - output.futures) / output.spread
    tail = torch.log1p(apart.square().sum(-1) / FREEDOM) * (FREEDOM + 2) / 2
    log = -tail - output.spread.log().sum(-1) - math.log(2 * math.pi)
    return torch.logsumexp(log + output.logits.log_softmax(-1)[..., None], dim=1)


def surprise(output: Output, future: Tensor) -> Tensor:
    """Mean negative log density; the futures themselves are left as they are."""
    return -log_density(output._replace(futures=output.futures.detach()), future).mean()
