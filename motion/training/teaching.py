"""A new word for a frozen model, learnt from a few clips: embeddings and a small adapter, in minutes on two cores.

The loss is the denoiser's own. A distilled model is taught the same way: told some guidance, it is to give the clip.
Where the text is left out the clip is to come, too, so that guidance, which goes away from the answer without the text,
finds little to go away from and does not exaggerate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.func import functional_call

from motion.core.clip import Motion
from motion.core.errors import BadInput
from motion.core.progress import Progress, silent
from motion.generation.checkpoint import Generator
from motion.generation.lesson import Lesson, adaptable
from motion.generation.pace import LEVELS
from motion.generation.taught_word import TaughtWord
from motion.metrics.contacts import foot_contacts
from motion.networks.text_encoder import text_encoder
from motion.representation.features import motion_to_features
from motion.representation.layout import ROOT
from motion.representation.spline import KNOT_RATE, fit
from motion.training.batches import Batch, Batches
from motion.training.corpus import CONTROLS, Corpus, Take
from motion.training.distillation import LEAST_GUIDANCE, MOST_GUIDANCE, drawn_leap
from motion.training.joining import repeated
from motion.training.losses import Losses, MotionLoss
from motion.training.noise import blurred, noised

Array = NDArray[np.floating]

#: Clips that a word may be learnt from.
FEWEST, MOST = 3, 10

#: Seconds of a clip: shorter is no action, longer is several.
SHORTEST, LONGEST = 0.6, 60.0

#: Token states that stand for the word.
STATES = 4

#: Bytes, at most, of what one model learns; the adapter's rank is what fits in, and at most ``MAX_RANK``.
MAX_BYTES, MAX_RANK = 460_000, 8

#: Tempos in which every clip is seen.
TEMPOS = (0.88, 1.0, 1.13)

#: What is said in training; the word's meaning stands in the braces.
SENTENCES = (
    "{}", "a person {}", "a person does {}", "someone does the {}", "a man performs a {}", "a woman is doing {} here",
    "he does one {}", "the {} again",
)  # fmt: skip

#: Spread of the noise: samples are drawn with more than the model was trained with.
NOISE = (1.0, 1.25)

#: Learning rate of the embeddings, which have about the size of one.
EMBEDDING_RATE = 0.01


@dataclass(frozen=True)
class Effort:
    """How long a word is learnt: optimiser steps, control points in a batch, and the learning rate."""

    steps: int = 300
    controls_per_batch: int = 640
    learning_rate: float = 4e-3


def teach(
    name: str,
    caption: str,
    clips: Sequence[Motion],
    generators: Sequence[Generator],
    *,
    mirror: bool = False,
    seed: int = 0,
    effort: Effort | None = None,
    progress: Progress = silent,
) -> TaughtWord:
    """Learn a word from clips on the models' skeleton; the models stay as they are.

    Args:
        name: how it is said in prompts.
        caption: a sentence that says what the clips show.
        clips: 3 to 10 of them, on the floor, as ``motion.datasets.own_clips`` reads them.
        generators: the models that are to know the word.
        mirror: whether the mirrored action is the same word.
        seed: of everything.
        effort: how long; None for as long as the shipped models need.
        progress: told how far it is; may raise ``Cancelled``.

    Raises:
        BadInput: too few or too many clips, or a clip that is too short or too long.
    """
    word = TaughtWord(name, caption, _seconds(clips), len(clips), {})
    lessons = {}
    for number, generator in enumerate(generators):

        def told(stage: str, share: float, number: int = number) -> None:
            progress(stage, (number + share) / len(generators))

        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            learnt = _learn(word, clips, generator, mirror, seed, effort or Effort(), told)
        lessons[generator.info["sha256"]] = learnt
    return replace(word, lessons=lessons)


def _seconds(clips: Sequence[Motion]) -> float:
    if not FEWEST <= len(clips) <= MOST:
        raise BadInput(f"a word is learnt from {FEWEST} to {MOST} clips, got {len(clips)}")
    for clip in clips:
        if not SHORTEST <= clip.duration <= LONGEST:
            raise BadInput(f"a clip must last {SHORTEST:g} to {LONGEST:g} s, and one has {clip.duration:.2f} s")
    return float(np.median([clip.duration for clip in clips]))


def _learn(
    word: TaughtWord,
    clips: Sequence[Motion],
    generator: Generator,
    mirror: bool,
    seed: int,
    effort: Effort,
    progress: Progress,
) -> Lesson:
    batches = _batches(word, clips, generator, mirror, seed, effort)
    lesson = _blank(word, generator, _speeds(clips))
    embeddings: list[Tensor] = [lesson.states.requires_grad_(), lesson.shift.requires_grad_()]
    factors = [factor.requires_grad_() for pair in lesson.factors.values() for factor in pair]
    rates = [effort.learning_rate, EMBEDDING_RATE]
    groups = [{"params": own, "lr": rate} for own, rate in zip((factors, embeddings), rates, strict=True)]
    optimiser = torch.optim.AdamW(groups, betas=(0.9, 0.99), weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rates, total_steps=effort.steps, pct_start=0.1)
    loss = MotionLoss(generator.skeleton, batches.mean, batches.scale, rate=KNOT_RATE)
    for step in range(effort.steps):
        losses = _losses(lesson, generator, batches[step], loss)
        optimiser.zero_grad()
        losses.total.backward()
        torch.nn.utils.clip_grad_norm_([*factors, *embeddings], 1.0)
        optimiser.step()
        schedule.step()
        progress("teach", (step + 1) / effort.steps)
    return lesson.rounded()


def _losses(lesson: Lesson, generator: Generator, batch: Batch, loss: MotionLoss) -> Losses:
    denoiser, x_0, size = generator.denoiser, batch.x_0, len(batch.x_0)
    leap = drawn_leap() if generator.distilled else 0.0
    t_B = torch.rand(size) ** 1.5
    t_B = (t_B / leap).floor() * leap if leap else t_B  # a distilled model answers where its leaps begin
    position = torch.arange(x_0.shape[1])
    valid = (position[None] < batch.lengths[:, None]).float()
    spread = NOISE[0] + (NOISE[1] - NOISE[0]) * torch.rand(size, 1, 1)
    x_t, flags = noised(x_0, t_B, batch.known, spread * torch.randn_like(x_0))
    prompt = blurred(lesson.said(batch.prompt), denoiser.sentence.scale)
    if generator.distilled:
        prompt = prompt.leaping(LEAST_GUIDANCE + (MOST_GUIDANCE - LEAST_GUIDANCE) * torch.rand(size), leap)
    frozen = {name: value.detach() for name, value in denoiser.named_parameters()}
    arguments = (x_t * valid[..., None], t_B, batch.known, prompt, batch.lengths)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        predicted = functional_call(denoiser, frozen | lesson.weights(denoiser), arguments)
    predicted = torch.where(flags.bool(), x_0, predicted.float())
    return loss(predicted, x_0, valid, t_B)


def _blank(word: TaughtWord, generator: Generator, speeds: Tensor) -> Lesson:
    """A lesson that changes nothing yet: states like the caption's words, an adapter of zeros."""
    encoded = text_encoder().encode([word.caption])
    tokens = encoded.words[0][encoded.mask[0]]
    states = tokens[torch.linspace(0, len(tokens) - 1, STATES).round().long()].clone()
    layers = adaptable(generator.denoiser)
    numbers = sum(sum(layer.weight.shape) for layer in layers.values())
    rank = int(np.clip((MAX_BYTES // 2 - (STATES + 1) * states.shape[1]) // numbers, 1, MAX_RANK))
    factors = {
        name: (torch.randn(rank, layer.in_features) * layer.in_features**-0.5, torch.zeros(layer.out_features, rank))
        for name, layer in layers.items()
    }
    return Lesson(states, torch.zeros(states.shape[1]), speeds, factors)


def _batches(
    word: TaughtWord, clips: Sequence[Motion], generator: Generator, mirror: bool, seed: int, effort: Effort
) -> Batches:
    config = generator.denoiser.config
    texts = tuple(sentence.format(word.explained(word.name)) for sentence in SENTENCES)
    return Batches(
        _corpus(clips, texts, generator),
        text_encoder().encode_many(texts),
        statistics=generator.statistics,
        patch=config.patch,
        max_controls=config.max_controls,
        controls_per_batch=effort.controls_per_batch,
        seed=seed,
        device=torch.device("cpu"),
        flipped=0.5 if mirror else 0.0,
    )


def _corpus(clips: Sequence[Motion], texts: tuple[str, ...], generator: Generator) -> Corpus:
    """Every clip in some tempos, and again with one after the other where the pose allows it."""
    rows: list[Array] = []
    takes: list[Take] = []
    captions = tuple(range(len(texts)))

    def add(controls: Array, clip_id: str) -> None:
        start = takes[-1].stop if takes else 0
        rows.append(controls)
        takes.append(Take(start, start + len(controls), captions, "taught", True, clip_id))

    for number, clip in enumerate(clips):
        for tempo in TEMPOS:
            add(_controls(replace(clip, fps=clip.fps * tempo)), str(number))
    for joined, first, _ in list(repeated(np.concatenate(rows), takes)):
        add(joined, takes[first].clip_id)
    weights = np.full(len(takes), 1 / len(takes))
    controls = np.concatenate(rows).astype(np.float32)
    mirrored = np.arange(len(texts))
    return Corpus(controls, tuple(takes), texts, mirrored, weights, generator.statistics, CONTROLS)


def _controls(clip: Motion) -> Array:
    return fit(motion_to_features(clip, foot_contacts(clip)), clip.fps)


def _speeds(clips: Sequence[Motion]) -> Tensor:
    """Quantiles of the clips' mean speeds, in their tempos."""
    means = [_controls(clip)[:, ROOT["speed"].start].mean() * tempo for clip in clips for tempo in TEMPOS]
    return torch.tensor(np.quantile(means, (np.arange(LEVELS) + 0.5) / LEVELS), dtype=torch.float32)
