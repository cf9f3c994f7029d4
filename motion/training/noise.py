"""What training adds to what it learns from: noise on the motion, and blur on the prompt."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from motion.generation.denoiser import Prompt
from motion.representation.layout import GROUP_OF

#: Share of words left out in training, and noise on the sentence relative to its spread over the captions.
DROP_WORD, SHAKE = 0.15, 0.4


def blurred(prompt: Prompt, scale: Tensor, blur: float = 1.0) -> Prompt:
    """The prompt with words missing and its sentence shaken, so that other wordings are understood, too.

    A tenth of the samples each keep only the words or only the sentence; ``scale`` (384,) is the sentences' spread.
    ``blur`` scales how many words go and how much is shaken.
    """
    rows, words = prompt.words_BL.shape
    device = scale.device
    choice = torch.rand(rows, 1, device=device)
    words_BL = prompt.words_BL & (torch.rand(rows, words, device=device) > DROP_WORD * blur) & (choice > 0.1)
    shaken = prompt.sentence_BE + SHAKE * blur * scale * torch.randn_like(prompt.sentence_BE)
    keep = (choice < 0.9) & prompt.sentence_BE.any(dim=1, keepdim=True)
    return replace(prompt, words_BL=words_BL, sentence_BE=shaken * keep)


def noised(x_0: Tensor, t_B: Tensor, known_BCG: Tensor, noise: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """The rectified-flow mix (1 - t) noise + t x_0, with what is known clean; and the known flags per feature."""
    t = t_B[:, None, None]
    flags = known_BCG[..., list(GROUP_OF)]
    mixed = (1 - t) * (torch.randn_like(x_0) if noise is None else noise) + t * x_0
    return torch.where(flags.bool(), x_0, mixed), flags
