"""Samplers: plain functions from noise to motion, given a denoiser ``(x_t, t) -> x_0``."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from itertools import pairwise

import torch
from torch import Tensor

#: Predicts clean data from noisy data (B, ...) at diffusion time t (0 = noise, 1 = clean).
Denoise = Callable[[Tensor, float], Tensor]

#: Called after each step; may raise to stop.
StepCallback = Callable[[], None]

#: A sampler that gives noisy data and its diffusion time, takes clean data for them, and returns what it sampled.
Walk = Generator[tuple[Tensor, float], Tensor, Tensor]


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


def ancestral(x: Tensor, steps: int, *, noise: Noise, temperature: float | Tensor = 1.0) -> Walk:
    """Sample step by step from p(x_next | x, x_0) of the same path: part of the noise is drawn afresh each time.

    Ho et al. 2020, for x_t = t x_0 + (1 - t) noise. Against ten Euler steps of the flow, samples of one
    prompt differ more and feet slide less: fresh noise lets later steps mend what earlier ones got wrong.
    ``temperature`` scales it, as a whole or for each number of a sample.
    """
    for t, t_next in pairwise(torch.linspace(0.0, 1.0, steps + 1).tolist()):
        x_0 = yield x, t
        kept = t / t_next * (1.0 - t_next) / (1.0 - t)  # correlation of the noise in x_next with that in x
        old = (x - t * x_0) / (1.0 - t)
        fresh = temperature * noise.normal(*x.shape[1:])
        x = t_next * x_0 + (1.0 - t_next) * (kept * old + (1.0 - kept**2) ** 0.5 * fresh)
    return x


def leaps(x: Tensor, steps: int) -> Walk:
    """Straight leaps of equal length towards what the network says (Euler's method): for one that learnt the leaps."""
    for t, t_next in pairwise(torch.linspace(0.0, 1.0, steps + 1).tolist()):
        x = torch.lerp(x, (yield x, t), (t_next - t) / (1.0 - t))
    return x


def sample_ancestral(
    denoise: Denoise,
    x: Tensor,
    steps: int,
    *,
    noise: Noise,
    temperature: float | Tensor = 1.0,
    callback: StepCallback | None = None,
) -> Tensor:
    """``ancestral`` with a denoiser that answers at once."""
    return _walked(ancestral(x, steps, noise=noise, temperature=temperature), denoise, callback)


def sample_leaps(denoise: Denoise, x: Tensor, steps: int, *, callback: StepCallback | None = None) -> Tensor:
    """``leaps`` with a denoiser that answers at once."""
    return _walked(leaps(x, steps), denoise, callback)


def _walked(walk: Walk, denoise: Denoise, callback: StepCallback | None) -> Tensor:
    noisy = next(walk)
    while True:
        x_0 = denoise(*noisy)
        try:
            noisy = walk.send(x_0)
        except StopIteration as end:
            result: Tensor = end.value
            return result
        finally:
            if callback is not None:
                callback()
