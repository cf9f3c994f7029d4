"""From a timeline to clips: encode the words, sample control points window by window, make motion of them, clean up."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from motion.conditions import Text, Timeline
from motion.core.clip import MAX_FPS, Motion
from motion.core.errors import BadInput
from motion.core.progress import Progress, silent
from motion.generation.checkpoint import Generator
from motion.generation.clauses import taken_apart
from motion.generation.denoiser import Denoiser
from motion.generation.samplers import Denoise, Noise, StepCallback, sample_ancestral, sample_consistency
from motion.generation.told import Told, told
from motion.generation.windows import Window, at_origin, moved_to, split, start_of
from motion.metrics.physical import foot_skate_ratio
from motion.networks.text_encoder import Encoded, text_encoder
from motion.refine.foot_lock import lock_feet
from motion.refine.root_follow import follow_feet
from motion.representation.features import features_to_motion
from motion.representation.layout import GROUP_OF, GROUPS, NUM_FEATURES
from motion.representation.spline import evaluate, num_controls

Array = NDArray[np.floating]

#: Frame rate at which feet are cleaned up; other rates are resampled from it.
WORKING_FPS = 30.0

#: Default strength of classifier-free guidance (Ho and Salimans 2022).
GUIDANCE = 3.5

#: Spread of the noise relative to the one trained with; a little more makes samples of one prompt differ more.
TEMPERATURE = 1.25

#: How far the foot lock may move a foot, in metres: generated feet slide further than recorded ones.
FURTHEST = 0.3

#: Samples in one forward; the rounding of a matrix product depends on its size, so the size is always this.
GROUP = 4

MAX_STEPS, MAX_SAMPLES, MAX_GUIDANCE = 100, 64, 20.0


@dataclass(frozen=True)
class Generated:
    """One sample: the clip, seconds spent per stage, and what the clean-up changed."""

    clip: Motion
    seconds: dict[str, float]
    report: dict[str, float]


def generate(
    timeline: Timeline,
    generator: Generator,
    *,
    samples: int = 1,
    steps: int = 10,
    guidance: float | None = None,
    fps: float = WORKING_FPS,
    progress: Progress = silent,
) -> list[Generated]:
    """Make ``samples`` clips of what the timeline asks for.

    A sample's noise depends on the timeline's seed and the sample's index only, and samples are computed in groups of
    ``GROUP``, the last one filled up: the same seed gives the same clip, to the bit, whatever the number of samples.

    Args:
        timeline: duration, conditions and seed.
        generator: the trained model, from ``load_generator``.
        samples: how many clips, 1 to 64.
        steps: sampling steps; more is better and slower.
        guidance: how strongly the text is followed; 1 is no guidance, None the default.
        fps: frame rate of the clips.
        progress: told stage names and shares; may raise ``Cancelled``.

    Raises:
        BadInput: an argument outside its limits.
    """
    guidance = GUIDANCE if guidance is None else guidance
    _check(samples, steps, guidance, fps)
    began = time.perf_counter()
    progress("text", 0.0)
    texts = tuple(part for text in timeline.texts for part in taken_apart(text, generator.known))
    encoded = text_encoder().encode([text.prompt for text in texts] or [""])
    text_seconds = time.perf_counter() - began

    results: list[Generated] = []
    done = 0
    windows = split(num_controls(timeline.duration), generator.denoiser.config.max_controls)
    groups = range(0, samples, GROUP)
    total = len(groups) * len(windows) * steps
    for first in groups:
        began = time.perf_counter()

        def step_done() -> None:
            nonlocal done
            done += 1
            progress("sample", done / total)

        sampling = _Sampling(steps, guidance, step_done)
        controls_GCF = _sample_group(texts, timeline.seed, generator, encoded, windows, first, sampling)
        sampled = (time.perf_counter() - began) / min(GROUP, samples - first)
        for controls in controls_GCF[: samples - first]:
            began = time.perf_counter()
            clip, report = _finish(controls, generator, timeline.duration, fps)
            seconds = {"text": text_seconds, "sample": sampled, "refine": time.perf_counter() - began}
            results.append(Generated(clip, seconds, report))
            progress("refine", len(results) / samples)
    return results


def _check(samples: int, steps: int, guidance: float, fps: float) -> None:
    if not 1 <= samples <= MAX_SAMPLES:
        raise BadInput(f"samples must be 1 to {MAX_SAMPLES}, got {samples}")
    if not 1 <= steps <= MAX_STEPS:
        raise BadInput(f"steps must be 1 to {MAX_STEPS}, got {steps}")
    if not 0.0 <= guidance <= MAX_GUIDANCE:
        raise BadInput(f"guidance must be 0 to {MAX_GUIDANCE:g}, got {guidance:g}")
    if not 1.0 <= fps <= MAX_FPS:
        raise BadInput(f"fps must be 1 to {MAX_FPS:g}, got {fps:g}")


@dataclass(frozen=True)
class _Sampling:
    """How to sample, and whom to tell after each step."""

    steps: int
    guidance: float
    step_done: StepCallback


@torch.inference_mode()
def _sample_group(
    texts: tuple[Text, ...],
    seed: int,
    generator: Generator,
    encoded: Encoded,
    windows: list[Window],
    first: int,
    sampling: _Sampling,
) -> Array:
    """Control points (GROUP, C, NUM_FEATURES), in metres, of the samples from number ``first`` on."""
    noise = Noise(seed, range(first, first + GROUP))
    haste = noise.uniform()
    controls = np.zeros((GROUP, 0, NUM_FEATURES))
    for window in windows:
        given = controls[:, window.start : window.start + window.given]
        padded = window.padded(generator.denoiser.config.patch)
        asked = told(texts, encoded, window, padded, generator.denoiser, haste)
        part = _sample_window(generator, asked, window, given, noise, sampling)
        if window.given:
            part = np.stack([moved_to(one, *start_of(begun)) for one, begun in zip(part, given, strict=True)])
            part[:, : window.given] = given
        controls = np.concatenate([controls[:, : window.start], part], axis=1)
    return controls


def _sample_window(
    generator: Generator,
    asked: Told,
    window: Window,
    given: Array,
    noise: Noise,
    sampling: _Sampling,
) -> Array:
    """Control points (GROUP, C, F) of one window that starts at the origin; the first ``given.shape[1]`` follow it."""
    denoiser, statistics = generator.denoiser, generator.statistics
    count = window.stop - window.start
    padded = window.padded(denoiser.config.patch)
    known = torch.zeros(GROUP, padded, len(GROUPS))
    values = torch.zeros(GROUP, padded, NUM_FEATURES)
    if window.given:
        known[:, : window.given] = 1.0
        begun = np.stack([statistics.normalise(at_origin(one)) for one in given])
        values[:, : window.given] = torch.tensor(begun, dtype=torch.float32)
    is_known = known[..., list(GROUP_OF)].bool()
    inside = (torch.arange(padded) < count)[None, :, None]
    predict = _distilled if generator.distilled else _guided
    predicted = predict(denoiser, asked, known, torch.full((GROUP,), count), sampling.guidance)

    def denoise(x: Tensor, t: float) -> Tensor:
        return torch.where(is_known, values, predicted(torch.where(is_known, values, x) * inside, t))

    sample = sample_consistency if generator.distilled else sample_ancestral
    x = TEMPERATURE * noise.normal(padded, NUM_FEATURES)
    x_0 = sample(denoise, x, sampling.steps, noise=noise, temperature=TEMPERATURE, callback=sampling.step_done)
    return statistics.restore(x_0[:, :count].double().numpy())


def _guided(denoiser: Denoiser, asked: Told, known: Tensor, lengths: Tensor, guidance: float) -> Denoise:
    """A network that was not distilled answers with and without the text, each time."""
    both = asked.prompt.with_and_without_text()
    known, lengths = asked.repeated(known), asked.repeated(lengths)

    def predict(x: Tensor, t: float) -> Tensor:
        x = asked.repeated(x)
        return asked.laid_together(denoiser.guided(x, torch.full((len(x),), t), known, both, lengths, guidance))

    return predict


def _distilled(denoiser: Denoiser, asked: Told, known: Tensor, lengths: Tensor, guidance: float) -> Denoise:
    """A distilled network gives what guidance leads to in one go."""
    prompt = asked.prompt.guided(torch.full((len(asked.prompt.words_BL),), guidance))
    known, lengths = asked.repeated(known), asked.repeated(lengths)

    def predict(x: Tensor, t: float) -> Tensor:
        x = asked.repeated(x)
        return asked.laid_together(denoiser(x, torch.full((len(x),), t), known, prompt, lengths))

    return predict


def _finish(controls: Array, generator: Generator, duration: float, fps: float) -> tuple[Motion, dict[str, float]]:
    """The clip of sampled control points at ``fps``, with its feet cleaned up."""
    frames = int(np.floor(duration * WORKING_FPS + 1e-6)) + 1
    features = evaluate(controls, np.arange(frames) / WORKING_FPS)
    raw = features_to_motion(features, generator.skeleton, WORKING_FPS)
    clip = lock_feet(follow_feet(raw), furthest=FURTHEST)
    report = {"foot_skate_ratio_before": foot_skate_ratio(raw), "foot_skate_ratio": foot_skate_ratio(clip)}
    count = max(1, round(duration * fps))
    return clip.sampled_at(np.arange(count) / fps, fps), report
