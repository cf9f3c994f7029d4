"""From a timeline to clips: encode the words, sample control points window by window, make motion of them, clean up."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from motion.conditions import Text, Timeline
from motion.conditions.possible import check
from motion.core.clip import MAX_FPS, Motion
from motion.core.errors import BadInput
from motion.core.progress import Progress, silent
from motion.generation.checkpoint import Generator
from motion.generation.clauses import taken_apart
from motion.generation.denoiser import Denoiser
from motion.generation.finishing import WORKING_FPS, finished, frames_of, hard_part
from motion.generation.samplers import Denoise, Noise, StepCallback, sample_ancestral, sample_consistency
from motion.generation.steering import Held, Steering
from motion.generation.told import Told, told
from motion.generation.windows import Window, split
from motion.networks.text_encoder import Encoded, text_encoder
from motion.representation.layout import NUM_FEATURES
from motion.representation.spline import num_controls

Array = NDArray[np.floating]

#: Default strength of classifier-free guidance (Ho and Salimans 2022).
GUIDANCE = 3.5

#: Spread of the noise relative to the one trained with; a little more makes samples of one prompt differ more.
TEMPERATURE = 1.22

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
    feet: str = "auto",
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
        feet: ``auto``, ``always`` or ``never``: how sliding feet are cleaned.
        progress: told stage names and shares; may raise ``Cancelled``.

    Raises:
        BadInput: an argument outside its limits.
    """
    guidance = GUIDANCE if guidance is None else guidance
    _check(samples, steps, guidance, fps)
    began = time.perf_counter()
    progress("text", 0.0)
    check(timeline, generator.skeleton)
    timeline = timeline.ending_at((frames_of(timeline.duration, fps) - 1) / fps)
    steering = Steering.of(timeline, WORKING_FPS, generator.skeleton)
    hard = hard_part(timeline, generator.skeleton)
    texts = tuple(part for text in timeline.texts for part in taken_apart(text, generator.known))
    encoded = text_encoder().encode([text.prompt for text in texts] or [""])
    text_seconds = time.perf_counter() - began

    results: list[Generated] = []
    done = 0
    cuts = [moment for text in texts if not text.parts for moment in text.span() if moment]
    windows = split(num_controls(timeline.duration), generator.denoiser.config.max_controls, cuts)
    groups = range(0, samples, GROUP)
    total = len(groups) * len(windows) * steps
    for first in groups:
        began = time.perf_counter()

        def step_done() -> None:
            nonlocal done
            done += 1
            progress("sample", done / total)

        sampling = _Sampling(steps, guidance, step_done)
        controls_GCF = _sample_group(texts, timeline.seed, steering, generator, encoded, windows, first, sampling)
        sampled = (time.perf_counter() - began) / min(GROUP, samples - first)
        for controls in controls_GCF[: samples - first]:
            began = time.perf_counter()
            clip, report = finished(controls, timeline, hard, generator.skeleton, fps, feet)
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
    steering: Steering,
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
        padded = window.padded(generator.denoiser.config.patch)
        begun = controls[:, window.start : window.start + window.given]
        asked = told(texts, encoded, window, padded, generator.denoiser, haste, steering.speed(window))
        held = steering.held(window, padded, begun, generator.statistics)
        part = held.in_world(_sample_window(generator, asked, held, window, noise, sampling))
        part[:, : window.given] = begun
        controls = np.concatenate([controls[:, : window.start], part], axis=1)
    return controls


def _sample_window(
    generator: Generator, asked: Told, held: Held, window: Window, noise: Noise, sampling: _Sampling
) -> Array:
    """Control points (GROUP, C, F) of one window, in metres, that starts at the origin."""
    denoiser, statistics = generator.denoiser, generator.statistics
    count, padded = window.stop - window.start, held.known.shape[1]
    inside = (torch.arange(padded) < count)[None, :, None]
    predict = _distilled if generator.distilled else _guided
    predicted = predict(denoiser, asked, held.known, torch.full((GROUP,), count), sampling.guidance)

    def denoise(x: Tensor, t: float) -> Tensor:
        return held.met(held.at_speed(predicted(held.imposed(x) * inside, t), statistics))

    sample = sample_consistency if generator.distilled else sample_ancestral
    temperature = TEMPERATURE * held.spread
    x = temperature * noise.normal(padded, NUM_FEATURES)
    x_0 = sample(denoise, x, sampling.steps, noise=noise, temperature=temperature, callback=sampling.step_done)
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
