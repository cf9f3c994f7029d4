"""Samplers: plain functions from noise to motion, given a denoiser ``(x_t, t) -> x_0``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

import torch
from torch import Tensor

#: Predicts clean data from noisy data (B, ...) at diffusion time t (0 = noise, 1 = clean).
Denoise = Callable[[Tensor, float], Tensor]

#: Called after each step; may raise to stop.
StepCallback = Callable[[], None]


class Noise:
    """Random numbers of a group of samples; each sample's own depend on the seed and its number alone."""

    def __init__(self, seed: int, numbers: Iterable[int]) -> None:
        self.generators = [torch.Generator().manual_seed((seed * 1_000_003 + number) % 2**63) for number in numbers]

    def normal(self, *shape: int) -> Tensor:
        """Standard normal numbers (B, *shape)."""
        return torch.stack([torch.randn(shape, generator=generator) for generator in self.generators])

    def uniform(self) -> Tensor:
        """One number (B,) between 0 and 1 for each sample."""
        return torch.stack([torch.rand((), generator=generator) for generator in self.generators])


def sample_ancestral(
    denoise: Denoise,
    x: Tensor,
    steps: int,
    *,
    noise: Noise,
    temperature: float | Tensor = 1.0,
    callback: StepCallback | None = None,
) -> Tensor:
    """Sample step by step from p(x_next | x, x_0) of the same path: part of the noise is drawn afresh each time.

    Ho et al. 2020, for x_t = t x_0 + (1 - t) noise. Against ten Euler steps of the flow, samples of one
    prompt differ more and feet slide less: fresh noise lets later steps mend what earlier ones got wrong.
    ``temperature`` scales it, as a whole or for each number of a sample.
    """
    for t, t_next in pairwise(torch.linspace(0.0, 1.0, steps + 1).tolist()):
        x_0 = denoise(x, t)
        kept = t / t_next * (1.0 - t_next) / (1.0 - t)  # correlation of the noise in x_next with that in x
        old = (x - t * x_0) / (1.0 - t)
        fresh = temperature * noise.normal(*x.shape[1:])
        x = t_next * x_0 + (1.0 - t_next) * (kept * old + (1.0 - kept**2) ** 0.5 * fresh)
        if callback is not None:
            callback()
    return x


def sample_leaps(denoise: Denoise, x: Tensor, steps: int, *, callback: StepCallback | None = None) -> Tensor:
    """Straight leaps of equal length towards what the network says (Euler's method): for one that learnt the leaps."""
    for t, t_next in pairwise(torch.linspace(0.0, 1.0, steps + 1).tolist()):
        x = torch.lerp(x, denoise(x, t), (t_next - t) / (1.0 - t))
        if callback is not None:
            callback()
    return x
