"""From a timeline to clips: encode the words, sample control points window by window, make motion of them, clean up."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from motion.body import default_body
from motion.conditions import Timeline
from motion.conditions.possible import check
from motion.core.clip import MAX_FPS, Motion
from motion.core.errors import BadInput
from motion.core.place import Place
from motion.core.progress import Progress, silent
from motion.generation.checkpoint import FEW_STEPS, Generator
from motion.generation.clauses import taken_apart
from motion.generation.denoiser import Denoiser, Prompt
from motion.generation.finishing import WORKING_FPS, finished, frames_of, hard_part
from motion.generation.samplers import Denoise, Noise, StepCallback, sample_ancestral, sample_leaps
from motion.generation.spoken import Spoken, spoken
from motion.generation.steering import Held, Steering
from motion.generation.surroundings import FROM, Surroundings, spheres_of
from motion.generation.told import Told, told
from motion.generation.windows import Window, split
from motion.representation.layout import NUM_FEATURES
from motion.representation.spline import num_controls

Array = NDArray[np.floating]

#: Default strength of classifier-free guidance (Ho and Salimans 2022).
GUIDANCE = 3.5

#: Spread of the noise relative to the one trained with; a little more makes samples of one prompt differ more.
TEMPERATURE = 1.22

#: The same for a distilled model, which draws noise once: with 1.0 the samples of one prompt differ too little.
LEAP_TEMPERATURE = 1.2

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
    steps: int | None = None,
    guidance: float | None = None,
    fps: float = WORKING_FPS,
    feet: str = "auto",
    place: Place | None = None,
    progress: Progress = silent,
) -> list[Generated]:
    """Make ``samples`` clips of what the timeline asks for.

    A sample's noise depends on the timeline's seed and the sample's index only, and samples are computed in groups of
    ``GROUP``, the last one filled up: the same seed gives the same clip, to the bit, whatever the number of samples.

    Args:
        timeline: duration, conditions and seed.
        generator: the trained model, from ``load_generator``.
        samples: how many clips, 1 to 64.
        steps: sampling steps; None: as many as the model is made for.
        guidance: how strongly the text is followed; 1 is no guidance, None the default.
        fps: frame rate of the clips.
        feet: ``auto``, ``always`` or ``never``: how sliding feet are cleaned.
        place: where it happens: what the body keeps out of, and the floor its feet stand on; None: an empty plane at
            height 0. Heights in conditions count from the floor where the person is.
        progress: told stage names and shares; may raise ``Cancelled``.

    Raises:
        BadInput: an argument outside its limits.
    """
    guidance = GUIDANCE if guidance is None else guidance
    steps = generator.steps if steps is None else steps
    _check(samples, steps, guidance, fps)
    began = time.perf_counter()
    progress("text", 0.0)
    check(timeline, generator.skeleton)
    timeline = timeline.ending_at((frames_of(timeline.duration, fps) - 1) / fps)
    steering = Steering.of(timeline, WORKING_FPS, generator.skeleton)
    around = None if place is None else _surroundings(place, generator)
    hard = hard_part(timeline, generator.skeleton)
    texts = tuple(part for text in timeline.texts for part in taken_apart(text, generator.known))
    said = spoken(texts, generator)
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

        sampling = _Sampling(steps, guidance, step_done, around)
        controls_GCF = _sample_group(said, timeline.seed, steering, generator, windows, first, sampling)
        sampled = (time.perf_counter() - began) / min(GROUP, samples - first)
        for controls in controls_GCF[: samples - first]:
            began = time.perf_counter()
            clip, report = finished(controls, timeline, hard, generator.skeleton, fps, feet, place)
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


def _surroundings(place: Place, generator: Generator) -> Surroundings:
    return Surroundings(place, generator.skeleton, spheres_of(default_body().skin()), generator.statistics)


@dataclass(frozen=True)
class _Sampling:
    """How to sample, and whom to tell after each step."""

    steps: int
    guidance: float
    step_done: StepCallback
    around: Surroundings | None = None


@torch.inference_mode()
def _sample_group(
    said: Spoken,
    seed: int,
    steering: Steering,
    generator: Generator,
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
        asked = told(said, window, padded, generator.denoiser, haste, steering.speed(window))
        held = steering.held(window, padded, begun, generator.statistics)
        part = held.in_world(_sample_window(generator, asked, held, window, noise, sampling))
        part[:, : window.given] = begun
        controls = np.concatenate([controls[:, : window.start], part], axis=1)
    return controls


def _sample_window(
    generator: Generator, asked: Told, held: Held, window: Window, noise: Noise, sampling: _Sampling
) -> Array:
    """Control points (GROUP, C, F) of one window, in metres, that starts at the origin."""
    statistics = generator.statistics
    count, padded = window.stop - window.start, held.known.shape[1]
    inside = (torch.arange(padded) < count)[None, :, None]
    predicted = _predictor(generator, asked, held.known, torch.full((GROUP,), count), sampling)

    def denoise(x: Tensor, t: float) -> Tensor:
        x_0 = held.met(held.at_speed(predicted(held.imposed(x) * inside, t), statistics))
        if sampling.around is None or t < FROM:
            return x_0
        return held.met(sampling.around.avoided(x_0, held.frames, (~held.is_known) * inside))

    x, steps, callback = held.spread * noise.normal(padded, NUM_FEATURES), sampling.steps, sampling.step_done
    if generator.distilled:
        x_0 = sample_leaps(denoise, LEAP_TEMPERATURE * x, steps, callback=callback)
    else:
        spread = TEMPERATURE * held.spread
        x_0 = sample_ancestral(denoise, TEMPERATURE * x, steps, noise=noise, temperature=spread, callback=callback)
    return statistics.restore(x_0[:, :count].double().numpy())


def _predictor(generator: Generator, asked: Told, known: Tensor, lengths: Tensor, sampling: _Sampling) -> Denoise:
    """Every prompt answered by its network, and the answers laid together."""
    answer = _leaping if generator.distilled else _guided
    known, lengths = asked.repeated(known), asked.repeated(lengths)
    answers = [
        (rows, answer(denoiser, asked.prompt.rows(rows), known[rows], lengths[rows], sampling))
        for denoiser, rows in asked.runs()
    ]

    def predict(x: Tensor, t: float) -> Tensor:
        x = asked.repeated(x)
        return asked.laid_together(torch.cat([predicted(x[rows], t) for rows, predicted in answers]))

    return predict


def _guided(denoiser: Denoiser, prompt: Prompt, known: Tensor, lengths: Tensor, sampling: _Sampling) -> Denoise:
    """A network that was not distilled answers with and without the text, each time."""
    both, guidance = prompt.with_and_without_text(), sampling.guidance
    return lambda x, t: denoiser.guided(x, torch.full((len(x),), t), known, both, lengths, guidance)


def _leaping(denoiser: Denoiser, prompt: Prompt, known: Tensor, lengths: Tensor, sampling: _Sampling) -> Denoise:
    """A distilled network gives at once what many steps with guidance lead to."""
    leap = max(1.0 / sampling.steps, 1.0 / FEW_STEPS)
    prompt = prompt.leaping(torch.full((len(lengths),), sampling.guidance), leap)
    return lambda x, t: denoiser(x, torch.full((len(x),), t), known, prompt, lengths)
