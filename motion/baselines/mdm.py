"""The motion diffusion model (MDM, Tevet et al. 2023): a transformer encoder over frames, told the pooled sentence.

Written from the paper to be compared with under equal conditions: our features and clips, our losses and trainer, no
curves, no parts, no words. It predicts the clean frames, and is sampled in 50 steps with guidance.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

from motion.core import Motion
from motion.generation.checkpoint import Generator
from motion.generation.denoiser import Denoiser, DenoiserConfig, Prompt
from motion.generation.pace import Pace
from motion.generation.samplers import Noise, sample_ancestral
from motion.networks.layers import EncoderBlock, Standardised, embedding, sinusoid
from motion.networks.text_encoder import text_encoder
from motion.representation.features import features_to_motion
from motion.representation.layout import NUM_FEATURES

#: Frames per second.
FRAME_RATE = 20.0

#: Sampling steps and strength of guidance, as in its paper.
STEPS, GUIDANCE = 50, 2.5


class FrameDenoiser(Denoiser):
    """Clean frames (B, T, F) of noisy ones; has the face of ``Denoiser``, but one token a frame and no parts inside.

    What is known of a clip, its speed and its duration it is not told.
    """

    def __init__(self, config: DenoiserConfig) -> None:
        nn.Module.__init__(self)
        self.config = config
        width = config.width
        self.embed = nn.Linear(NUM_FEATURES, width)  # type: ignore[assignment]
        self.unembed = nn.Linear(width, NUM_FEATURES)  # type: ignore[assignment]
        self.words = Standardised(config.text_width, nn.Identity())
        self.sentence = Standardised(config.text_width, embedding(config.text_width, width))
        self.pace = Pace(config.text_width)
        self.time = embedding(64, width)
        self.encoder = nn.ModuleList(EncoderBlock(width, config.heads, config.dropout) for _ in range(config.depth))
        self.norm = nn.LayerNorm(width)

    def forward(
        self, x_t_BCF: Tensor, t_B: Tensor, known_BCG: Tensor, prompt: Prompt, lengths_B: Tensor | None = None
    ) -> Tensor:
        frames = x_t_BCF.shape[1]
        told_B1 = prompt.sentence_BE.any(dim=1, keepdim=True)
        condition = self.time(sinusoid(t_B, 64, 4.0)) + told_B1 * self.sentence(prompt.sentence_BE)
        tokens = torch.cat([condition[:, None], self.embed(x_t_BCF)], dim=1)
        place = sinusoid(torch.arange(frames + 1, device=x_t_BCF.device), self.config.width, 1000.0)
        lengths_B = torch.full((len(tokens),), frames, device=tokens.device) if lengths_B is None else lengths_B
        there = torch.arange(frames + 1, device=tokens.device)[None] <= lengths_B[:, None]
        hidden = tokens + place.to(tokens.dtype)
        for block in self.encoder:
            hidden = block(hidden, there)
        return self.unembed(self.norm(hidden[:, 1:]))


def mdm_sampler(
    generator: Generator, *, seed: int, fps: float, steps: int = STEPS, guidance: float = GUIDANCE
) -> Callable[[str, float, int], list[Motion]]:
    """A function from prompt, duration in seconds and number of samples to clips at ``fps``, for the comparison.

    The noise depends on ``seed``, prompt and duration. The clips come as the network makes them: cleaning up feet is
    ours. Of a clip longer than those it was trained on it makes all frames at once, too.
    """

    @torch.inference_mode()
    def sample(prompt: str, duration: float, samples: int) -> list[Motion]:
        encoded = text_encoder().encode([prompt])
        frames = round(duration * FRAME_RATE) + 1
        told = Prompt(
            encoded.words.expand(samples, -1, -1),
            encoded.mask.expand(samples, -1),
            encoded.sentence.expand(samples, -1),
            torch.zeros(samples, 2),
            torch.zeros(samples, 2),
        )
        both, known = told.with_and_without_text(), torch.zeros(samples, frames, 0)

        def denoise(x: Tensor, t: float) -> Tensor:
            return generator.denoiser.guided(x, torch.full((samples,), t), known, both, None, guidance)

        noise = Noise(seed + zlib.crc32(f"{prompt} {duration:g}".encode()), range(samples))
        x_0 = sample_ancestral(denoise, noise.normal(frames, NUM_FEATURES), steps, noise=noise)
        rows = generator.statistics.restore(x_0.double().numpy())
        clips = [features_to_motion(row, generator.skeleton, FRAME_RATE) for row in rows]
        count = max(1, round(duration * fps))
        return [clip.sampled_at(np.arange(count) / fps, fps) for clip in clips]

    return sample
