"""Layers that several networks are made of."""

from __future__ import annotations

import math
from contextlib import AbstractContextManager, nullcontext
from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def sinusoid(x_B: Tensor, width: int, longest: float) -> Tensor:
    """Sine and cosine features (B, width) of numbers of magnitude 0 to ``longest``."""
    frequencies = torch.exp(torch.linspace(math.log(1.0 / longest), math.log(100.0 / longest), width // 2))
    angles = 2 * math.pi * x_B.float()[:, None] * frequencies.to(x_B.device)
    return torch.cat([angles.cos(), angles.sin()], dim=-1)


def embedding(inputs: int, width: int) -> nn.Module:
    """Two layers from ``inputs`` numbers to ``width``."""
    return nn.Sequential(nn.Linear(inputs, width), nn.SiLU(), nn.Linear(width, width))


class Standardised(nn.Module):
    """A layer whose inputs are first scaled to zero mean and unit spread over the training captions.

    Sentences about motion lie close together in the encoder's space (left and right have a cosine of 0.98); without
    this the network would spend its time on what they have in common.
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, width: int, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("scale", torch.ones(width))

    def set_statistics(self, samples: Tensor) -> None:
        """Take mean and spread from samples (N, width)."""
        self.mean.copy_(samples.mean(dim=0))
        self.scale.copy_(samples.std(dim=0, correction=0).clamp(min=1e-2))

    def standardised(self, x: Tensor) -> Tensor:
        """The inputs, scaled."""
        return ((x - self.mean) / self.scale).clamp(-6, 6)

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(self.standardised(x))


def fast_products(device: torch.device) -> AbstractContextManager[object]:
    """Inside it matrix products are taken in bf16 where a CPU has instructions for it: it saves a fifth of the time."""
    if device.type == "cpu" and _multiplies_bf16():
        return torch.autocast("cpu", dtype=torch.bfloat16)
    return nullcontext()


@cache
def _multiplies_bf16() -> bool:
    capabilities = torch.cpu.get_capabilities()
    return any(capabilities.get(name) for name in ("avx512_bf16", "amx_bf16"))


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotary embedding (Su et al. 2021) of (..., N, head width)."""
    a, b = x.chunk(2, dim=-1)
    cos, sin = cos.to(x.dtype), sin.to(x.dtype)
    return torch.cat([a * cos - b * sin, b * cos + a * sin], dim=-1)


def rotary(seconds_N: Tensor, half: int) -> tuple[Tensor, Tensor]:
    """Tables (N, half) for ``rotate`` at moments in seconds; wavelengths from half a second to half a minute."""
    rates = torch.exp(torch.linspace(math.log(4 * math.pi), math.log(math.pi / 15), half, device=seconds_N.device))
    angles = seconds_N[:, None] * rates
    return angles.cos(), angles.sin()


class Attention(nn.Module):
    """Multi-head attention of tokens (..., N, W) to themselves or to a ``memory`` (..., L, M)."""

    def __init__(self, width: int, heads: int, memory_width: int | None = None) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key_value = nn.Linear(memory_width or width, 2 * width)
        self.out = nn.Linear(width, width)

    def _split(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (self.heads, -1)).transpose(-2, -3)

    def forward(
        self,
        x: Tensor,
        memory: Tensor | None = None,
        mask: Tensor | None = None,
        rotary: tuple[Tensor, Tensor] | None = None,
    ) -> Tensor:
        q = self._split(self.query(x))
        k, v = (self._split(y) for y in self.key_value(x if memory is None else memory).chunk(2, dim=-1))
        if rotary is not None:
            q, k = rotate(q, *rotary), rotate(k, *rotary)
        attend = _attend if x.is_cpu else F.scaled_dot_product_attention
        return self.out(attend(q, k, v, mask).transpose(-2, -3).flatten(-2))


def _attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None) -> Tensor:
    """Attention as plain matrix products: with so few tokens twice as fast on a CPU as the fused kernel."""
    score = q * q.shape[-1] ** -0.5 @ k.transpose(-1, -2)
    if mask is not None:
        score = score.masked_fill(~mask, -torch.inf)
    return score.softmax(dim=-1) @ v


class SharedDropout(nn.Module):
    """Dropout of whole channels: what is dropped is the same at every token of a sample, and cheap to draw."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.share == 0:
            return x
        shape = (len(x), *(1,) * (x.ndim - 2), x.shape[-1])
        kept = torch.rand(shape, device=x.device) >= self.share
        return x * (kept / (1 - self.share)).to(x.dtype)


class EncoderBlock(nn.Module):
    """Attention and feed-forward, each on normalised inputs and added to what came in."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.attention = Attention(width, heads)
        self.feed = nn.Sequential(
            nn.Linear(width, 3 * width),
            nn.GELU(approximate="tanh"),
            SharedDropout(dropout),
            nn.Linear(3 * width, width),
        )
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(2))

    def forward(self, x_BNW: Tensor, mask_BN: Tensor, tables: tuple[Tensor, Tensor] | None = None) -> Tensor:
        x = x_BNW + self.attention(self.norms[0](x_BNW), mask=mask_BN[:, None, None], rotary=tables)
        return x + self.feed(self.norms[1](x))
