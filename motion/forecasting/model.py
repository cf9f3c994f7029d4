"""The network: a person's last steps and the people around, to weighted futures and one best forecast.

Winner-takes-all (Guzman-Rivera et al., 2012): K heads, of which only the one nearest to what happened is trained,
spread over what may happen. A head of its own says the one best forecast; another, trained without touching the rest,
how probable each head is and how far off it may be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from motion.forecasting.windows import FUTURE, PAST

#: Numbers that tell of one person's past: positions, steps, whether seen.
PERSON = PAST * 2 + (PAST - 1) * 2 + PAST

#: Standard deviations are kept between these, m.
SMALLEST_M, LARGEST_M = 0.01, 10.0


@dataclass(frozen=True)
class ForecastConfig:
    """Size of the network.

    Attributes:
        heads: K, how many futures.
        width: of the layers that read a person and write futures.
        depth: how many residual blocks.
        neighbour: width of the layers that read the people around.
    """

    heads: int = 20
    width: int = 192
    depth: int = 2
    neighbour: int = 64
    dropout: float = 0.0


class Output(NamedTuple):
    """In each person's own frame: futures (N, K, T, 2) m, logits (N, K), spread (N, K, T, 2) m along and across, best
    (N, T, 2) m, and the features (N, width) they were made of."""

    futures: Tensor
    logits: Tensor
    spread: Tensor
    best: Tensor
    features: Tensor


class Block(nn.Module):
    """A residual block of two layers."""

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, width), nn.GELU(), nn.Linear(width, width), nn.Dropout(dropout)
        )

    def forward(self, x: Tensor) -> Tensor:
        return x + self.layers(x)


class ForecastNetwork(nn.Module):
    """See the module."""

    def __init__(self, config: ForecastConfig) -> None:
        super().__init__()
        self.config = config
        width, near = config.width, config.neighbour
        self.person = nn.Sequential(nn.Linear(PERSON, width), nn.GELU())
        self.other = nn.Linear(PERSON, near)
        self.asked = nn.Linear(width, near, bias=False)
        self.relation = nn.Sequential(nn.GELU(), nn.Linear(near, near), nn.GELU())
        self.together = nn.Linear(width + near, width)
        self.blocks = nn.Sequential(*[Block(width, config.dropout) for _ in range(config.depth)], nn.LayerNorm(width))
        self.futures = nn.Linear(width, config.heads * FUTURE * 2)
        self.best_blocks = nn.Sequential(Block(width, config.dropout), nn.LayerNorm(width))
        self.best = nn.Linear(width, FUTURE * 2)
        self.trust = nn.Sequential(nn.Linear(width, width // 2), nn.GELU())
        self.logits = nn.Linear(width // 2, config.heads)
        self.spread = nn.Linear(width // 2, FUTURE * 2)
        self.spread_of_head = nn.Parameter(torch.zeros(config.heads, FUTURE, 2))

    def forward(self, person: Tensor, around: Tensor, nobody: Tensor) -> Output:
        """``person`` (N, PERSON), ``around`` (N, M, PERSON) and ``nobody`` (N, M) bool, true where no one is."""
        own = self.person(person)
        relation = self.relation(self.other(around) + self.asked(own)[:, None])
        pooled = relation.masked_fill(nobody[..., None], 0.0).amax(dim=1)
        together = self.together(torch.cat([own, pooled], dim=-1))
        features = self.blocks(together)
        weight = torch.arange(1, FUTURE + 1, dtype=person.dtype, device=person.device)[:, None] / FUTURE
        straight = straight_on(person)
        futures = self.futures(features).unflatten(-1, (self.config.heads, FUTURE, 2)) * weight * 2
        best = self.best(self.best_blocks(together)).unflatten(-1, (FUTURE, 2)) * weight * 2
        trust = self.trust(features.detach())
        spread = self.spread(trust).unflatten(-1, (FUTURE, 2))[:, None] + self.spread_of_head
        spread = (spread - 1.5).exp().clamp(SMALLEST_M, LARGEST_M)
        return Output(futures + straight[:, None], self.logits(trust), spread, best + straight, features)


def straight_on(person: Tensor) -> Tensor:
    """(N, T, 2) m: the last step (m) of each person's past repeated."""
    step = person[:, PAST * 2 + (PAST - 2) * 2 : PAST * 2 + (PAST - 1) * 2]
    return step[:, None] * torch.arange(1, FUTURE + 1, dtype=person.dtype, device=person.device)[:, None]
