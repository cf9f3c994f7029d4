"""What training does to windows: other speeds, mirrored, noisy, short, with people around left out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from motion.forecasting.frames import Batch


@dataclass(frozen=True)
class Augmentation:
    """How much of each.

    Attributes:
        log_scale: standard deviation of the logarithm of the factor on all distances.
        noise_m: largest standard deviation of the noise on what is seen, and ``noise_share`` of the people get it.
        short_share: of the people whose first sights are hidden.
        alone_share: of the people around who are left out.
        jitter: rad, standard deviation of the error of the heading.
    """

    log_scale: float = 0.3
    noise_m: float = 0.03
    noise_share: float = 0.3
    short_share: float = 0.08
    alone_share: float = 0.15
    jitter: float = 0.12


def augmented(batch: Batch, how: Augmentation, random: torch.Generator) -> tuple[Batch, Tensor]:
    """The batch changed at random, and the jitter (N,) rad of the headings."""
    people = len(batch.past)

    def uniform(*shape: int) -> Tensor:
        return torch.rand(shape, generator=random)

    def normal(*shape: int) -> Tensor:
        return torch.randn(shape, generator=random)

    origin = batch.past[:, -1]
    scale = (how.log_scale * normal(people)).exp().clamp(0.4, 2.5)
    mirror = torch.where(uniform(people) < 0.5, -1.0, 1.0)
    factor = torch.stack([scale, scale * mirror], dim=-1)
    turn = 2 * torch.pi * uniform(people)  # nothing but who stands still has a heading left to see this
    cos, sin = turn.cos(), turn.sin()
    matrix = torch.stack([torch.stack([cos, -sin], -1), torch.stack([sin, cos], -1)], -2) * factor[:, None]

    past = (batch.past - origin[:, None]) @ matrix.mT
    future = (batch.future - origin[:, None]) @ matrix.mT
    around = ((batch.around - origin[:, None, None]).flatten(1, 2) @ matrix.mT).view_as(batch.around)
    noise = how.noise_m * uniform(people) * (uniform(people) < how.noise_share)
    past = past + noise[:, None, None] * normal(*past.shape)

    first = torch.where(uniform(people) < how.short_share, (uniform(people) * past.shape[1]).long(), 0)
    seen = batch.seen & (torch.arange(past.shape[1]) >= first[:, None])
    kept = uniform(people, around.shape[1]) >= how.alone_share
    changed = replace(
        batch, past=past, seen=seen, future=future, around=around, around_seen=batch.around_seen & kept[..., None]
    )
    return changed, how.jitter * normal(people)
