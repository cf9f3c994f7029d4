"""Calibration: how far off the futures are said to be, set right on held-out windows after training."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from motion.forecasting.model import Output
from motion.forecasting.objectives import FREEDOM, log_density
from motion.forecasting.windows import FUTURE

#: Draws of each person's mixture that tell how much of it is denser than a place.
DRAWS = 100

#: Factors that are tried for regions to hold what they say.
WIDER = (1.0, 1.25, 1.5, 1.8)


@dataclass(frozen=True)
class Calibration:
    """What is fitted after training.

    Attributes:
        spread: (T,) factor on the standard deviations of each step.
        temperature: by which logits are divided.
        scene: how quickly samples of a scene are drawn to the middle as it fills; see ``together.pull``.
    """

    spread: tuple[float, ...] = (1.0,) * FUTURE
    temperature: float = 1.0
    scene: float = 0.0

    def applied(self, output: Output) -> Output:
        """The same futures with other probabilities and spreads."""
        factor = torch.tensor(self.spread, dtype=output.spread.dtype, device=output.spread.device)
        return output._replace(logits=output.logits / self.temperature, spread=output.spread * factor[:, None])


def fitted(output: Output, future: Tensor) -> Calibration:
    """The factors of least surprise on held-out people; ``future`` (N, T, 2) m in their own frames."""
    best, least = Calibration(), float("inf")
    for temperature in (0.7, 1.0, 1.4, 2.0):
        factors = np.geomspace(0.4, 3.2, 13)
        table = np.stack(
            [
                -log_density(Calibration((float(f),) * FUTURE, temperature).applied(output), future).mean(0).numpy()
                for f in factors
            ]
        )
        found = Calibration(tuple(round(float(f), 3) for f in factors[table.argmin(axis=0)]), temperature)
        surprise = float(table.min(axis=0).mean())
        if surprise < least:
            best, least = found, surprise
    return best


def widened(calibration: Calibration, output: Output, future: Tensor) -> Calibration:
    """Spreads times the factor with which the regions of 50 and of 90 % hold the most nearly so many people.

    Least surprise alone leaves them too small: where nobody was recorded before, people differ all together.
    """
    off = []
    for factor in WIDER:
        wider = replace(calibration, spread=tuple(round(factor * x, 3) for x in calibration.spread))
        held = coverage(wider.applied(output), future, (0.5, 0.9))
        off.append((sum(abs(float(inside.float().mean()) - share) for share, inside in held.items()), wider))
    return min(off, key=lambda one: one[0])[1]


def coverage(output: Output, future: Tensor, shares: tuple[float, ...], seed: int = 0) -> dict[float, Tensor]:
    """Of each share the (N, T) bool whether what happened lies in the densest region that holds this share.

    The region of a mixture has no formula: it is where the density is above that of the least dense of this share of
    its own draws.
    """
    random = torch.Generator().manual_seed(seed)
    people, _, steps = output.futures.shape[:3]
    head = torch.multinomial(output.logits.softmax(-1), DRAWS, replacement=True, generator=random)
    rows = torch.arange(people)[:, None]
    noise = torch.randn((people, DRAWS, steps, 2), generator=random)
    squares = torch.randn((people, DRAWS, 1, int(FREEDOM)), generator=random).square().sum(-1, keepdim=True)
    noise = noise * (FREEDOM / squares).sqrt()
    draws = output.futures[rows, head] + noise * output.spread[rows, head]
    density = torch.stack([log_density(output, draws[:, draw]) for draw in range(DRAWS)], dim=1)
    own = log_density(output, future)
    denser = (density > own[:, None]).float().mean(dim=1)
    return {share: denser <= share for share in shares}
