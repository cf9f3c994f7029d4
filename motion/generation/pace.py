"""How fast people do what a sentence says: a small network from the sentence to the quantiles of the speed over ground.

When nobody asks for a speed, one is drawn from here and told to the denoiser. Guidance makes the samples of one prompt
alike; drawn first, their speeds keep the spread of the recordings.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

#: Quantiles that are predicted, at (i + 1/2) / LEVELS.
LEVELS = 16


class Pace(nn.Module):
    """Quantiles (B, LEVELS) of the mean planar speed in m/s, rising, for standardised sentence embeddings (B, 384)."""

    levels: Tensor

    def __init__(self, text_width: int, width: int = 128) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(text_width, width), nn.SiLU(), nn.Linear(width, LEVELS))
        self.register_buffer("levels", (torch.arange(LEVELS) + 0.5) / LEVELS, persistent=False)

    def forward(self, sentence_BE: Tensor) -> Tensor:
        raw = self.layers(sentence_BE)
        return torch.cat([raw[:, :1], raw[:, :1] + F.softplus(raw[:, 1:]).cumsum(dim=1)], dim=1)

    def loss(self, sentence_BE: Tensor, speed_B: Tensor) -> Tensor:
        """Pinball loss (B,) (Koenker and Bassett 1978), whose minimum the quantiles are."""
        error = speed_B[:, None] - self(sentence_BE)
        return torch.maximum(self.levels * error, (self.levels - 1) * error).mean(dim=1)

    def draw(self, sentence_BE: Tensor, share_B: Tensor) -> Tensor:
        """The speeds (B,) that shares (B,) of the recordings stay below; at least 0."""
        return self.drawn(self(sentence_BE), share_B)

    @staticmethod
    def drawn(quantiles_BQ: Tensor, share_B: Tensor) -> Tensor:
        """The same of quantiles that are known."""
        levels = quantiles_BQ.shape[1]
        place_B = (share_B * levels - 0.5).clamp(0.0, levels - 1.0)
        low_B = place_B.long().clamp(max=levels - 2)
        below, above = (quantiles_BQ.gather(1, index[:, None])[:, 0] for index in (low_B, low_B + 1))
        return torch.lerp(below, above, place_B - low_B).clamp(min=0.0)
