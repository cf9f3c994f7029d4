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


def sample_euler(denoise: Denoise, x: Tensor, steps: int, *, callback: StepCallback | None = None) -> Tensor:
    """Integrate the rectified flow dx/dt = (x_0 - x) / (1 - t) from noise ``x`` at t = 0 to data at t = 1.

    Liu et al. 2023, with the velocity written through the predicted clean data; the last step lands on it.
    """
    times = torch.linspace(0.0, 1.0, steps + 1).tolist()
    for t, t_next in pairwise(times):
        x_0 = denoise(x, t)
        x = x + (x_0 - x) * ((t_next - t) / (1.0 - t))
        if callback is not None:
            callback()
    return x


#: Samplers by name; all have one signature.
SAMPLERS: dict[str, Callable[..., Tensor]] = {"euler": sample_euler}
