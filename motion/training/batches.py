"""Batches drawn from a corpus that lives on the device; batch k depends on the seed and k alone.

Takes of similar length share a batch, and a batch has a fixed number of control points, so little is padded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from motion.generation.denoiser import Prompt
from motion.networks.text_encoder import TextLibrary
from motion.representation.features import mirror
from motion.representation.layout import GROUPS, ROOT
from motion.representation.normalisation import Statistics
from motion.training.corpus import Corpus

#: Share of samples for which the text, the speed, the duration is not told.
DROP_TEXT, DROP_SPEED, DROP_DURATION = 0.1, 0.3, 0.1

#: Share of samples of which something is known, in one of ``PATTERNS``.
MASKED = 0.3

#: Share of samples of which left and right are exchanged.
FLIPPED = 0.5

#: The numbers of the groups.
GROUP = {name: number for number, name in enumerate(GROUPS)}


@dataclass(frozen=True)
class Batch:
    """Normalised clean control points (B, C, F), what of them is known (B, C, G), lengths (B,), speeds (B,) in m/s, and
    the prompt."""

    x_0: Tensor
    known: Tensor
    lengths: Tensor
    speeds: Tensor
    prompt: Prompt


@dataclass(frozen=True)
class _Draw:
    """What was drawn for a batch: where each sample starts, its length, its text, and the coins that were tossed."""

    starts: np.ndarray
    lengths: np.ndarray
    texts: np.ndarray
    flips: np.ndarray
    drops: np.ndarray
    known: np.ndarray


class Batches:
    """``batches[k]`` is the k-th batch of ``controls_per_batch`` control points."""

    def __init__(
        self,
        corpus: Corpus,
        library: TextLibrary,
        *,
        statistics: Statistics,
        patch: int,
        max_controls: int,
        controls_per_batch: int,
        seed: int,
        device: torch.device,
        rank: int = 0,
        world: int = 1,
        masked: float = MASKED,
        flipped: float = FLIPPED,
    ) -> None:
        self.masked, self.flipped = masked, flipped
        self.patch, self.seed, self.device = patch, seed, device
        self.rank, self.world = rank, world
        self.takes, self.grid = corpus.takes, corpus.grid
        self.controls = torch.tensor(corpus.controls, device=device)
        self.mean = torch.tensor(statistics.mean, dtype=torch.float32, device=device)
        self.scale = torch.tensor(statistics.scale, dtype=torch.float32, device=device)
        order, sign = mirror()
        self.order = torch.tensor(order, device=device)
        self.sign = torch.tensor(sign, dtype=torch.float32, device=device)
        self.encoded = library.to(device)
        self.mirrored_text = corpus.mirrored_text
        self._make_buckets(corpus, max_controls, controls_per_batch)

    def _make_buckets(self, corpus: Corpus, max_controls: int, controls_per_batch: int) -> None:
        step = 2 * self.patch
        lengths = np.array([min(take.length, max_controls) for take in corpus.takes])
        padded = np.maximum(np.ceil(lengths / step).astype(int) * step, 2 * step)
        self.buckets: list[tuple[int, int, np.ndarray, np.ndarray]] = []
        chances = []
        for length in np.unique(padded):
            members = np.flatnonzero(padded == length)
            weight = corpus.weights[members]
            size = max(self.world, controls_per_batch // int(length) // self.world * self.world)
            self.buckets.append((int(length), size, members, weight / weight.sum()))
            chances.append(weight.sum() / size)
        self.chances = np.array(chances) / np.sum(chances)

    def __getitem__(self, step: int) -> Batch:
        random = np.random.default_rng([self.seed, step])
        length, size, members, weights = self.buckets[random.choice(len(self.buckets), p=self.chances)]
        chosen = random.choice(members, size=size, p=weights)
        places, captions = random.random(size), random.random(size)
        flips, drops = random.random(size) < self.flipped, random.random((size, 3))
        known = np.stack([_known(random, length, self.masked) for _ in range(size)])
        mine = range(self.rank, size, self.world)
        takes = [self.takes[chosen[i]] for i in mine]
        lengths = [min(take.length, length) for take in takes]
        starts = [
            take.start + int(places[i] * (take.length - used + 1))
            for i, take, used in zip(mine, takes, lengths, strict=True)
        ]
        texts = [take.captions[int(captions[i] * len(take.captions))] for i, take in zip(mine, takes, strict=True)]
        texts = [int(self.mirrored_text[t]) if flips[i] else t for i, t in zip(mine, texts, strict=True)]
        draw = _Draw(np.array(starts), np.array(lengths), np.array(texts), flips[mine], drops[mine], known[mine])
        return self._assemble(length, draw)

    def _assemble(self, length: int, draw: _Draw) -> Batch:
        device = self.device
        lengths_B = torch.tensor(draw.lengths, device=device)
        position = torch.arange(length, device=device)[None].minimum(lengths_B[:, None] - 1)
        controls = self.controls[torch.tensor(draw.starts, device=device)[:, None] + position]
        flips_B11 = torch.tensor(draw.flips, device=device)[:, None, None]
        controls = torch.where(flips_B11, controls[..., self.order] * self.sign, controls)
        controls = placed_at_start(controls, curve=self.grid.curve)
        valid = (torch.arange(length, device=device)[None] < lengths_B[:, None])[..., None]
        speed = (controls[..., ROOT["speed"]] * valid).sum((1, 2)) / lengths_B
        x_0 = (controls - self.mean) / self.scale * valid
        told = torch.tensor(draw.drops, device=device) >= torch.tensor(
            [DROP_TEXT, DROP_SPEED, DROP_DURATION], device=device
        )
        texts = self.encoded[torch.tensor(draw.texts, device=device)]
        has_text = told[:, 0]
        seconds = (lengths_B - self.grid.more) / self.grid.rate
        prompt = Prompt(
            words_BLE=texts.words * has_text[:, None, None],
            words_BL=texts.mask & has_text[:, None],
            sentence_BE=texts.sentence * has_text[:, None],
            speed_B2=torch.stack([speed, told[:, 1].float()], dim=1),
            duration_B2=torch.stack([seconds, told[:, 2].float()], dim=1),
        )
        known = torch.tensor(draw.known, dtype=torch.float32, device=device) * valid
        return Batch(x_0, known, lengths_B, speed, prompt)


def placed_at_start(controls_BCF: Tensor, *, curve: bool = True) -> Tensor:
    """The curves (or frames) moved and turned so that each starts at the origin, facing +Z."""
    first = controls_BCF[:, 0]
    if curve:
        first = (first + 4 * controls_BCF[:, 1] + controls_BCF[:, 2]) / 6
    heading = torch.nn.functional.normalize(first[:, ROOT["heading"]], dim=-1)
    c, s = heading[:, :1], -heading[:, 1:]
    result = controls_BCF.clone()
    x, z = (controls_BCF[..., ROOT["ground"]] - first[:, None, ROOT["ground"]]).unbind(-1)
    result[..., ROOT["ground"]] = torch.stack([c * x + s * z, -s * x + c * z], dim=-1)
    cos, sin = controls_BCF[..., ROOT["heading"]].unbind(-1)
    result[..., ROOT["heading"]] = torch.stack([cos * c - sin * s, sin * c + cos * s], dim=-1)
    return result


def _known(random: np.random.Generator, length: int, masked: float) -> np.ndarray:
    """What is given of one sample (C, G): mostly nothing, else one of the patterns users ask for."""
    if random.random() >= masked:
        return np.zeros((length, len(GROUPS)))
    return PATTERNS[random.choice(list(PATTERNS), p=CHANCES)](random, length).astype(np.float64)


def _blocks(random: np.random.Generator, length: int) -> np.ndarray:
    """Random blocks of groups and time (after LMM)."""
    shown = random.random((int(np.ceil(length / 4)), len(GROUPS))) > random.random()
    return np.repeat(shown, 4, axis=0)[:length]


def _prefix(random: np.random.Generator, length: int) -> np.ndarray:
    """A beginning to continue."""
    known = np.zeros((length, len(GROUPS)), dtype=bool)
    known[: random.integers(4, max(5, length // 2))] = True
    return known


def _keys(random: np.random.Generator, length: int) -> np.ndarray:
    """Whole poses at a few moments, the ends often among them."""
    known = np.zeros((length, len(GROUPS)), dtype=bool)
    moments = random.integers(0, length - 3, size=random.integers(1, 7))
    ends = np.array([0, length - 4])[random.random(2) < 0.5]
    for moment in (*moments, *ends):
        known[moment : moment + 4] = True
    return known


def _parts(random: np.random.Generator, length: int) -> np.ndarray:
    """Some groups for the whole time."""
    return np.broadcast_to(random.random(len(GROUPS)) < 0.5, (length, len(GROUPS))).copy()


def _path(random: np.random.Generator, length: int) -> np.ndarray:
    """A path, dense or at some moments, half the time with the heading, now and then after a beginning."""
    known = _prefix(random, length) if random.random() < 0.2 else np.zeros((length, len(GROUPS)), dtype=bool)
    moments = random.random(length) < random.choice([1.0, 1.0, 0.2, 0.05])
    known[moments, GROUP["path"]] = True
    known[moments, GROUP["heading"]] |= random.random() < 0.5
    return known


#: What may be known of a sample, and how often each, of those of which something is.
PATTERNS: dict[str, Callable[[np.random.Generator, int], np.ndarray]] = {
    "blocks": _blocks, "prefix": _prefix, "keys": _keys, "parts": _parts, "path": _path,
}  # fmt: skip
CHANCES = (0.15, 0.2, 0.2, 0.15, 0.3)
