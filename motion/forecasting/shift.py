"""Forecasting under a shift of style: what all environments share, and a few numbers that are each one's own.

After GCRL (Shirahmad Gale Bagi et al., 2023): two people cross a circle, and environments differ in how much room they
leave each other. Training sees some, another is tried, then learned from a few small batches. Here the shared part is a
network that is trained with and without knowing the environment; its own part scales and shifts the features (FiLM,
Perez et al., 2018).

Environments that were never recorded are made of recorded ones: a scene enlarged in space *and* slowed down as much has
the same speeds, but more room between people.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from motion.forecasting.frames import Frame, own_frame, told
from motion.forecasting.model import PERSON, Block, straight_on
from motion.forecasting.windows import FUTURE, PAST

Array = NDArray[np.floating]

#: Mean displacement per person is what is trained, plus this times the square, which steadies the end.
SQUARE = 0.5


@dataclass(frozen=True)
class StyleTraining:
    """How the network for styles is trained; chosen on environments .2 and .4, that training leaves out.

    Attributes:
        enlarged: factors of space and time are drawn between these.
        unknown: share of the people whose environment the network is not told.
    """

    width: int = 192
    depth: int = 3
    steps: int = 3000
    batch: int = 384
    learning_rate: float = 2e-3
    enlarged: tuple[float, float] = (0.7, 1.7)
    unknown: float = 0.6
    seed: int = 0


class StyleNetwork(nn.Module):
    """The pasts of two people, and where the middle of the place is, to the future of the first in their frame."""

    def __init__(self, width: int, depth: int, environments: int) -> None:
        super().__init__()
        self.reads = nn.Linear(2 * PERSON + 2, width)
        self.blocks = nn.ModuleList([Block(width, 0.0) for _ in range(depth)])
        self.own = nn.Parameter(torch.zeros(environments, depth, 2, width))
        self.writes = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, FUTURE * 2))

    def forward(self, first: Tensor, second: Tensor, middle: Tensor, style: Tensor) -> Tensor:
        """``first``, ``second`` (N, PERSON), ``middle`` (N, 2) m, ``style`` (N, depth, 2, width); (N, T, 2) m."""
        x = self.reads(torch.cat([first, second, middle], dim=-1))
        for index, block in enumerate(self.blocks):
            x = block(x) * (1 + style[:, index, 0]) + style[:, index, 1]
        weight = torch.arange(1, FUTURE + 1, dtype=x.dtype)[:, None] / FUTURE
        return self.writes(x).unflatten(-1, (FUTURE, 2)) * weight + straight_on(first)


@dataclass
class StyleForecaster:
    """A trained network and the style of where it is used; zeros: unknown."""

    network: StyleNetwork
    style: Tensor

    @torch.no_grad()
    def forecast(self, scenes: Array) -> Array:
        """One future (N, 2, FUTURE, 2) m of both people of scenes (N, 2, at least PAST, 2) m."""
        inputs, frame, _ = _seen(as_pairs(scenes))
        local = self.network(*inputs, self.style.expand(len(inputs[0]), *self.style.shape))
        return frame.world(local).numpy().reshape(-1, 2, FUTURE, 2)


def train_style(environments: list[Array], how: StyleTraining | None = None) -> StyleForecaster:
    """Train on scenes (N, 2, PAST + FUTURE, 2) m of each environment; all that is random comes of ``how.seed``."""
    how = how or StyleTraining()
    torch.manual_seed(how.seed)
    random = torch.Generator().manual_seed(how.seed)
    pairs = torch.cat([as_pairs(scenes) for scenes in environments])
    label = torch.cat([torch.full((2 * len(scenes),), index) for index, scenes in enumerate(environments)])
    network = StyleNetwork(how.width, how.depth, len(environments))
    _fit(network, list(network.parameters()), pairs, label, how, random, how.steps, how.learning_rate)
    return StyleForecaster(network, torch.zeros_like(network.own[0]))


def adapt_style(
    forecaster: StyleForecaster, scenes: Array, steps: int = 150, learning_rate: float = 5e-4, seed: int = 0
) -> StyleForecaster:
    """Learn another environment from a few scenes: its own part, and gently the last of what is shared."""
    how = StyleTraining(steps=steps, batch=min(256, 2 * len(scenes)), enlarged=(0.9, 1.1), unknown=0.0)
    known = forecaster.network
    network = StyleNetwork(known.reads.out_features, len(known.blocks), 1)
    network.load_state_dict({**known.state_dict(), "own": forecaster.style[None]})
    pairs, random = as_pairs(scenes), torch.Generator().manual_seed(seed)
    _fit(
        network,
        list(network.parameters()),
        pairs,
        torch.zeros(len(pairs), dtype=torch.long),
        how,
        random,
        steps,
        learning_rate,
    )
    return StyleForecaster(network, network.own[0].detach())


def as_pairs(scenes: Array) -> Tensor:
    """(2 N, 2, T, 2): everybody once as the first, with the other one."""
    both = torch.from_numpy(np.ascontiguousarray(scenes, dtype=np.float32))
    return torch.stack([both, both.flip(1)], dim=1).flatten(0, 1)


def enlarged(pairs: Tensor, factor: Tensor, start: Tensor) -> Tensor:
    """Scenes (N, 2, T, 2) ``factor`` (N,) times as large and slow, cut out from column ``start`` (N,) on.

    A factor below one needs more columns than there are: such scenes are only made smaller, and so are slower.
    """
    columns = pairs.shape[2]
    slow = factor.clamp(min=1.0)
    latest = (columns - 1) * (1 - 1 / slow)
    times = (start * latest)[:, None] + torch.arange(columns) / slow[:, None]
    before = times.floor().clamp(0, columns - 2).long()
    share = (times - before)[:, None, :, None]
    index = before[:, None, :, None].expand(-1, 2, -1, 2)
    between = pairs.gather(2, index) * (1 - share) + pairs.gather(2, index + 1) * share
    return between * factor[:, None, None, None]


def _seen(pairs: Tensor) -> tuple[tuple[Tensor, Tensor, Tensor], Frame, Tensor]:
    past = pairs[:, :, :PAST]
    frame = own_frame(past[:, 0])
    local = frame.own(past)
    seen = torch.ones(local.shape[:-1], dtype=torch.bool)
    both = told(local, seen)
    middle = frame.own(torch.zeros_like(past[:, 0, -1]))
    return (both[:, 0], both[:, 1], middle), frame, frame.own(pairs[:, 0, PAST:])


def _fit(
    network: StyleNetwork, parameters: list[nn.Parameter], pairs: Tensor, label: Tensor, how: StyleTraining,
    random: torch.Generator, steps: int, learning_rate: float,
) -> None:  # fmt: skip
    optimiser = torch.optim.AdamW(parameters, lr=learning_rate, weight_decay=0.01, fused=True)
    average = {name: value.clone() for name, value in network.state_dict().items()}
    low, high = (math.log(factor) for factor in how.enlarged)
    for step in range(steps):
        rows = torch.randint(len(pairs), (how.batch,), generator=random)
        factor = (low + (high - low) * torch.rand(how.batch, generator=random)).exp()
        factor = torch.where(torch.rand(how.batch, generator=random) < 1 / 3, 1.0, factor)
        batch = enlarged(pairs[rows], factor, torch.rand(how.batch, generator=random))
        mirror = torch.where(torch.rand(how.batch, generator=random) < 1 / 2, -1.0, 1.0)
        batch = batch * torch.stack([torch.ones_like(mirror), mirror], dim=-1)[:, None, None]
        inputs, _, future = _seen(batch)
        told_of = (torch.rand(how.batch, generator=random) >= how.unknown) & (factor == 1)
        told_of |= torch.tensor(how.unknown == 0)
        style = network.own[label[rows]] * told_of[:, None, None, None]
        error = (network(*inputs, style) - future).square().sum(-1)
        loss = (error + 1e-6).sqrt().mean() + SQUARE * error.mean()
        for group in optimiser.param_groups:
            group["lr"] = learning_rate * min(1.0, (step + 1) / 50) * 0.5 * (1 + math.cos(math.pi * step / steps))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        decay = min(0.995, step / (step + 10))
        with torch.no_grad():
            for name, value in network.state_dict().items():
                average[name].lerp_(value, 1 - decay)
    network.load_state_dict(average)
    network.eval()
