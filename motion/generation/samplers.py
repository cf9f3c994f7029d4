"""Samplers: plain functions from noise to motion, given a denoiser ``(x_t, t) -> x_0``."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor

#: Predicts clean data from noisy data (B, ...) at diffusion time t (0 = noise, 1 = clean).
Denoise = Callable[[Tensor, float], Tensor]

#: Called after each step; may raise to stop.
StepCallback = Callable[[], None]


def sample_euler(
    denoise: Denoise, x: Tensor, steps: int, *, random: torch.Generator, callback: StepCallback | None = None
) -> Tensor:
    """Integrate the rectified flow dx/dt = (x_0 - x) / (1 - t) from noise ``x`` at t = 0 to data at t = 1.

    Liu et al. 2023, with the velocity written through the predicted clean data; the last step lands on it.
    Nothing is drawn from ``random``.
    """
    for t, t_next in pairwise(torch.linspace(0.0, 1.0, steps + 1).tolist()):
        x_0 = denoise(x, t)
        x = x + (x_0 - x) * ((t_next - t) / (1.0 - t))
        if callback is not None:
            callback()
    return x


def sample_ancestral(
    denoise: Denoise,
    x: Tensor,
    steps: int,
    *,
    random: torch.Generator,
    temperature: float = 1.0,
    callback: StepCallback | None = None,
) -> Tensor:
    """Sample step by step from p(x_next | x, x_0) of the same path: part of the noise is drawn afresh each time.

    Ho et al. 2020, for x_t = t x_0 + (1 - t) noise. Against ``sample_euler`` at ten steps, samples of one prompt differ
    more and feet slide less: fresh noise lets later steps mend what earlier ones got wrong. ``temperature`` scales it.
    """
    for t, t_next in pairwise(torch.linspace(0.0, 1.0, steps + 1).tolist()):
        x_0 = denoise(x, t)
        kept = t / t_next * (1.0 - t_next) / (1.0 - t)  # correlation of the noise in x_next with that in x
        noise = (x - t * x_0) / (1.0 - t)
        fresh = temperature * torch.randn(x.shape, generator=random)
        x = t_next * x_0 + (1.0 - t_next) * (kept * noise + (1.0 - kept**2) ** 0.5 * fresh)
        if callback is not None:
            callback()
    return x


#: Samplers by name; all have one signature.
SAMPLERS: dict[str, Callable[..., Tensor]] = {"euler": sample_euler, "ancestral": sample_ancestral}
