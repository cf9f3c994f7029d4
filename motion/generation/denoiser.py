"""The denoiser: a diffusion transformer with part-aware attention over spline control points.

Tokens are (time patch) x (body part). In each block a token attends across the parts of its patch, then across time
inside its part (rotary positions in seconds), then to the words of the prompt; an adaptive layer norm carries diffusion
time, prompt, speed and duration (part-wise attention after LMM, Zhang et al. 2024; adaLN-zero after DiT, Peebles and
Xie 2023).

Shape suffixes: B batch, C control points, N patches, P parts, G groups, W width, L words, F features.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from motion.generation.pace import Pace
from motion.networks.layers import Attention, SharedDropout, Standardised, embedding, fast_products, rotary, sinusoid
from motion.representation.layout import GROUPS_OF_PART, PARTS
from motion.representation.spline import KNOT_RATE

#: Numbers the network is told; a distilled one also the leap.
NUMBERS = ("time", "speed", "duration", "guidance")


@dataclass(frozen=True)
class DenoiserConfig:
    """Size of the network.

    Attributes:
        width: channels per token; a multiple of ``heads``.
        depth: number of blocks.
        heads: attention heads.
        patch: control points per token.
        max_controls: longest window in control points; a multiple of ``patch``.
        text_width: channels of the text encoder's token states.
        dropout: share of feed-forward activations dropped in training.
        leaps: whether it is told how far along the path from noise to motion its answer is to lead.
    """

    width: int = 160
    depth: int = 8
    heads: int = 4
    patch: int = 4
    max_controls: int = 64
    text_width: int = 384
    dropout: float = 0.1
    leaps: bool = False


@dataclass(frozen=True)
class Prompt:
    """What the network is told beside the noisy motion. A flag of 0 means: not told.

    Attributes:
        words_BLE: token states of the text.
        words_BL: bool, which words are there.
        sentence_BE: pooled text embedding; zeros mean none. Without words and sentence a row is unconditional.
        speed_B2: mean planar speed in m/s and its flag.
        duration_B2: seconds of motion and its flag.
        guidance_B2: the guidance whose result a distilled network is to give in one go, and its flag; None: not told.
        leap_B2: how far its answer is to lead, as a share of the path from noise to motion, and its flag.
    """

    words_BLE: Tensor
    words_BL: Tensor
    sentence_BE: Tensor
    speed_B2: Tensor
    duration_B2: Tensor
    guidance_B2: Tensor | None = None
    leap_B2: Tensor | None = None

    def without_text(self) -> Prompt:
        """The same prompt with the text taken away, for guidance."""
        return Prompt(
            torch.zeros_like(self.words_BLE),
            torch.zeros_like(self.words_BL),
            torch.zeros_like(self.sentence_BE),
            self.speed_B2,
            self.duration_B2,
            self.guidance_B2,
            self.leap_B2,
        )

    def leaping(self, guidance_B: Tensor, leap: float) -> Prompt:
        """The prompt with the guidance that a distilled network is to give, and how far at once."""
        told = torch.ones_like(guidance_B)
        leap_B = torch.full_like(guidance_B, leap)
        return replace(self, guidance_B2=torch.stack([guidance_B, told], 1), leap_B2=torch.stack([leap_B, told], 1))

    def with_and_without_text(self) -> Prompt:
        """A batch twice as large: the prompts, then the same without their text."""
        return Prompt.one_after_the_other([self, self.without_text()])

    def rows(self, chosen: slice) -> Prompt:
        """Some of the prompts."""
        return replace(self, **{name: value[chosen] for name, value in vars(self).items() if value is not None})

    @classmethod
    def one_after_the_other(cls, prompts: Sequence[Prompt]) -> Prompt:
        """One batch of several, which are told the same kinds of things; words are made up to the longest text."""
        longest = max(prompt.words_BL.shape[1] for prompt in prompts)
        prompts = [prompt.with_places(longest) for prompt in prompts]
        told = [name for name, value in vars(prompts[0]).items() if value is not None]
        return cls(**{name: torch.cat([getattr(prompt, name) for prompt in prompts]) for name in told})

    def with_places(self, count: int) -> Prompt:
        """The prompt with room for ``count`` words, that are not there."""
        more = count - self.words_BL.shape[1]
        if more == 0:
            return self
        words = F.pad(self.words_BLE, (0, 0, 0, more))
        return replace(self, words_BLE=words, words_BL=F.pad(self.words_BL, (0, more)))


class Block(nn.Module):
    """Across parts, across time, to the words, feed-forward; each gated by the condition."""

    def __init__(self, config: DenoiserConfig) -> None:
        super().__init__()
        width = config.width
        self.across_parts = Attention(width, config.heads)
        self.across_time = Attention(width, config.heads)
        self.to_words = Attention(width, config.heads, memory_width=width)
        self.feed = nn.Sequential(
            nn.Linear(width, 3 * width),
            nn.GELU(approximate="tanh"),
            SharedDropout(config.dropout),
            nn.Linear(3 * width, width),
        )
        self.modulation = nn.Linear(width, 10 * width)
        self.norm = nn.LayerNorm(width, elementwise_affine=False)
        nn.init.zeros_(self.modulation.weight)
        nn.init.zeros_(self.modulation.bias)

    def forward(self, x_BNPW: Tensor, condition_BW: Tensor, words: Words, time: Time) -> Tensor:
        patches, parts = x_BNPW.shape[1:3]
        modulation = self.modulation(condition_BW)[:, None, None].chunk(10, dim=-1)
        shift_p, scale_p, gate_p, shift_t, scale_t, gate_t, gate_w, shift_f, scale_f, gate_f = modulation

        h = torch.addcmul(shift_p, self.norm(x_BNPW), 1 + scale_p)
        x = torch.addcmul(x_BNPW, gate_p, self.across_parts(h))
        h = torch.addcmul(shift_t, self.norm(x), 1 + scale_t)
        h = self.across_time(h.transpose(1, 2), mask=time.mask, rotary=time.rotary)
        x = torch.addcmul(x, gate_t, h.transpose(1, 2))
        h = self.to_words(self.norm(x).flatten(1, 2), memory=words.states_BLW, mask=words.mask_B11L)
        x = torch.addcmul(x, gate_w, h.unflatten(1, (patches, parts)))
        h = torch.addcmul(shift_f, self.norm(x), 1 + scale_f)
        return torch.addcmul(x, gate_f, self.feed(h))


@dataclass(frozen=True)
class Words:
    """The prompt as the blocks see it: projected token states, the first of which stands for 'no text'."""

    states_BLW: Tensor
    mask_B11L: Tensor


@dataclass(frozen=True)
class Time:
    """Rotary tables over patches and the mask (B, 1, 1, 1, N) of the patches that are there."""

    rotary: tuple[Tensor, Tensor]
    mask: Tensor | None


class Denoiser(nn.Module):
    """Predicts the clean motion x_0 from the noisy x_t, what is known of it, and the prompt."""

    def __init__(self, config: DenoiserConfig) -> None:
        super().__init__()
        self.config = config
        width, patch = config.width, config.patch
        self.sizes = [part.size for part in PARTS.values()]
        # per part and control point: the noisy values, and for each of its groups a flag "this is known"
        inputs = [size + flags for size, flags in zip(self.sizes, GROUPS_OF_PART, strict=True)]
        self.embed = nn.ModuleList(nn.Linear(patch * size, width) for size in inputs)
        self.unembed = nn.ModuleList(nn.Linear(width, patch * size) for size in self.sizes)
        self.part_bias = nn.Parameter(torch.randn(len(self.sizes), width) * 0.02)
        self.words = Standardised(config.text_width, nn.Linear(config.text_width, width))
        self.no_text = nn.Parameter(torch.randn(width) * 0.02)
        self.sentence = Standardised(config.text_width, embedding(config.text_width, width))
        self.pace = Pace(config.text_width)
        numbers = (*NUMBERS, "leap") if config.leaps else NUMBERS
        self.numbers = nn.ModuleDict({name: embedding(64, width) for name in numbers})
        self.condition = nn.Sequential(nn.SiLU(), nn.Linear(width, width), nn.SiLU())
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.depth))
        self.norm = nn.LayerNorm(width)
        for parameter in self.unembed.parameters():
            nn.init.zeros_(parameter)
        for name in numbers[3:]:  # a teacher becomes its student unchanged
            *_, last = self.numbers[name].children()
            for parameter in last.parameters():
                nn.init.zeros_(parameter)

    def forward(
        self, x_t_BCF: Tensor, t_B: Tensor, known_BCG: Tensor, prompt: Prompt, lengths_B: Tensor | None = None
    ) -> Tensor:
        """Clean control points (B, C, F).

        Args:
            x_t_BCF: noisy normalised control points; known ones hold their clean values. C is a multiple of the patch.
            t_B: diffusion time, 0 = noise, 1 = clean.
            known_BCG: 1 where a control point of a group of ``GROUPS`` is given.
            prompt: text, speed, duration.
            lengths_B: control points that belong to each clip; None: all C.
        """
        patch = self.config.patch
        x_BNPW = self._tokens(x_t_BCF, known_BCG)
        condition_BW = self._condition(t_B, prompt)
        words = self._words(prompt)
        time = self._time(x_BNPW.shape[1], x_t_BCF.device, lengths_B)
        with fast_products(x_t_BCF.device):  # what goes in and comes out stays exact to the millimetre
            for block in self.blocks:
                x_BNPW = block(x_BNPW, condition_BW, words, time)
        x_BNPW = self.norm(x_BNPW)
        outputs = [
            layer(x_BNPW[:, :, i]).unflatten(-1, (patch, -1)).flatten(1, 2) for i, layer in enumerate(self.unembed)
        ]
        return torch.cat(outputs, dim=-1)

    def guided(
        self,
        x_t_BCF: Tensor,
        t_B: Tensor,
        known_BCG: Tensor,
        both: Prompt,
        lengths_B: Tensor | None,
        guidance: float | Tensor,
    ) -> Tensor:
        """Classifier-free guidance (Ho and Salimans 2022): away from what the network says without the text.

        Args as for ``forward``, but ``both`` is twice the batch: ``Prompt.with_and_without_text``. ``guidance`` is a
        number or (B, 1, 1).
        """
        lengths = None if lengths_B is None else lengths_B.repeat(2)
        pair = self(x_t_BCF.repeat(2, 1, 1), t_B.repeat(2), known_BCG.repeat(2, 1, 1), both, lengths).float()
        told, untold = pair.chunk(2)
        return untold + guidance * (told - untold)

    def _tokens(self, x_t_BCF: Tensor, known_BCG: Tensor) -> Tensor:
        patch = self.config.patch
        tokens = []
        values, flags = x_t_BCF.split(self.sizes, dim=-1), known_BCG.split(GROUPS_OF_PART, dim=-1)
        for embed, x, known in zip(self.embed, values, flags, strict=True):
            flagged = torch.cat([x, known], dim=-1)
            tokens.append(embed(flagged.unflatten(1, (-1, patch)).flatten(2)))
        x_BNPW = torch.stack(tokens, dim=2)
        return x_BNPW + self.part_bias.to(x_BNPW.dtype)  # under autocast the residual stream stays in bf16

    def _condition(self, t_B: Tensor, prompt: Prompt) -> Tensor:
        total = self.numbers["time"](sinusoid(t_B, 64, 4.0))
        has_sentence_B1 = prompt.sentence_BE.any(dim=1, keepdim=True)
        total = total + has_sentence_B1 * self.sentence(prompt.sentence_BE)
        told: dict[str, Tensor | None] = {"speed": prompt.speed_B2, "duration": prompt.duration_B2}
        told |= {"guidance": prompt.guidance_B2, "leap": prompt.leap_B2}
        for name, value_B2 in told.items():
            if value_B2 is None:
                continue
            total = total + value_B2[:, 1:] * self.numbers[name](sinusoid(value_B2[:, 0], 64, 20.0))
        return self.condition(total)

    def _words(self, prompt: Prompt) -> Words:
        batch = prompt.words_BLE.shape[0]
        states = torch.cat([self.no_text.expand(batch, 1, -1), self.words(prompt.words_BLE)], dim=1)
        always = torch.ones(batch, 1, dtype=torch.bool, device=states.device)
        mask = torch.cat([always, prompt.words_BL], dim=1)
        return Words(states, mask[:, None, None, :])

    def _time(self, patches: int, device: torch.device, lengths_B: Tensor | None) -> Time:
        seconds = torch.arange(patches, device=device) * (self.config.patch / KNOT_RATE)
        tables = rotary(seconds, self.config.width // self.config.heads // 2)
        mask = None
        if lengths_B is not None:
            starts = torch.arange(patches, device=device) * self.config.patch
            mask = (starts[None] < lengths_B[:, None])[:, None, None, None, :]
        return Time(tables, mask)
