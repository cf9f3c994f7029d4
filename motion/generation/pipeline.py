"""From a timeline to clips: encode the words, sample control points window by window, make motion of them, clean up."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

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
from motion.generation.dialogue import GROUP, Dialogue, Question, hold
from motion.generation.finishing import WORKING_FPS, finished, frames_of, hard_part
from motion.generation.samplers import Noise, ancestral, leaps
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

    A sample's noise depends on the timeline's seed and the sample's index only, and what it is computed beside changes
    nothing (``dialogue``): the same seed gives the same clip, to the bit, whatever the number of samples.

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
    order = Order(timeline, samples, steps, guidance, fps, feet, place)
    (made,) = generate_together([order], generator, progress)
    if isinstance(made, Exception):
        raise made
    return made


@dataclass(frozen=True)
class Order:
    """What ``generate`` is asked for, by the same names."""

    timeline: Timeline
    samples: int = 1
    steps: int | None = None
    guidance: float | None = None
    fps: float = WORKING_FPS
    feet: str = "auto"
    place: Place | None = None


def generate_together(
    orders: Sequence[Order], generator: Generator, progress: Progress = silent
) -> list[list[Generated] | Exception]:
    """The clips of many orders, each the same to the bit as alone; orders of like length share the forwards.

    Returns:
        The clips of each order, or what is wrong with it.
    """
    progress("text", 0.0)
    prepared = [_caught(_Prepared.of, order, generator) for order in orders]
    good = [one for one in prepared if isinstance(one, _Prepared)]
    groups = [(one, first) for one in good for first in range(0, one.order.samples, GROUP)]
    done, total = 0, sum(len(one.windows) * one.steps for one, _ in groups)

    def step_done() -> None:
        nonlocal done
        done += 1
        progress("sample", done / total)

    began = time.perf_counter()
    found = hold([_sample_group(one, generator, first) for one, first in groups], step_done)
    each = (time.perf_counter() - began) / max(1, sum(one.order.samples for one in good))
    sampled: dict[int, list[Array | Exception]] = {id(one): [] for one in good}
    for (one, _), controls in zip(groups, found, strict=True):
        sampled[id(one)].append(controls)
    results: list[list[Generated] | Exception] = []
    for number, one in enumerate(prepared):
        made = one if isinstance(one, Exception) else _caught(_refined, one, generator, sampled[id(one)], each)
        results.append(made)
        progress("refine", (number + 1) / len(prepared))
    return results


def _caught(function: Callable[..., Any], *arguments: Any) -> Any:
    """What the function returns, or what it raises."""
    try:
        return function(*arguments)
    except Exception as error:
        return error


@dataclass(frozen=True)
class _Prepared:
    """An order with all that is known before anything is sampled."""

    order: Order
    timeline: Timeline
    steps: int
    guidance: float
    steering: Steering
    said: Spoken
    windows: list[Window]
    around: Surroundings | None
    seconds: float

    @classmethod
    def of(cls, order: Order, generator: Generator) -> _Prepared:
        """Raises ``BadInput`` for what cannot be."""
        guidance = GUIDANCE if order.guidance is None else order.guidance
        steps = generator.steps if order.steps is None else order.steps
        _check(order.samples, steps, guidance, order.fps)
        began = time.perf_counter()
        check(order.timeline, generator.skeleton)
        last = (frames_of(order.timeline.duration, order.fps) - 1) / order.fps
        timeline = order.timeline.ending_at(last)
        steering = Steering.of(timeline, WORKING_FPS, generator.skeleton)
        texts = tuple(part for text in timeline.texts for part in taken_apart(text, generator.known))
        said = spoken(texts, generator)
        cuts = [moment for text in texts if not text.parts for moment in text.span() if moment]
        windows = split(num_controls(timeline.duration), generator.denoiser.config.max_controls, cuts)
        around = None if order.place is None else _surroundings(order.place, generator)
        seconds = time.perf_counter() - began
        return cls(order, timeline, steps, guidance, steering, said, windows, around, seconds)


def _surroundings(place: Place, generator: Generator) -> Surroundings:
    return Surroundings(place, generator.skeleton, spheres_of(default_body().skin()), generator.statistics)


def _refined(one: _Prepared, generator: Generator, sampled: list[Array | Exception], each: float) -> list[Generated]:
    """The clips of an order's groups of control points, of which one took ``each`` s to sample."""
    hard = hard_part(one.timeline, generator.skeleton)
    results: list[Generated] = []
    for controls_GCF in sampled:
        if isinstance(controls_GCF, Exception):
            raise controls_GCF
        for controls in controls_GCF[: one.order.samples - len(results)]:
            began = time.perf_counter()
            clip, report = finished(
                controls, one.timeline, hard, generator.skeleton, one.order.fps, one.order.feet, one.order.place
            )
            seconds = {"text": one.seconds, "sample": each, "refine": time.perf_counter() - began}
            results.append(Generated(clip, seconds, report))
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


def _sample_group(one: _Prepared, generator: Generator, first: int) -> Dialogue[Array]:
    """Control points (GROUP, C, NUM_FEATURES), in metres, of the samples from number ``first`` on.

    Only of the samples that were ordered: what stands in the rows of the others means nothing.
    """
    noise = Noise(one.timeline.seed, range(first, first + GROUP))
    count = min(GROUP, one.order.samples - first)
    haste = noise.uniform()
    controls = np.zeros((GROUP, 0, NUM_FEATURES))
    for window in one.windows:
        padded = window.padded(generator.denoiser.config.patch)
        begun = controls[:, window.start : window.start + window.given]
        asked = told(one.said, window, padded, generator.denoiser, haste, one.steering.speed(window))
        held = one.steering.held(window, padded, begun, generator.statistics)
        sampling = _Sampling(generator, asked, held, window, count, one.steps, one.guidance, one.around)
        part = held.in_world((yield from sampling.sampled(noise)))
        part[:, : window.given] = begun
        controls = np.concatenate([controls[:, : window.start], part], axis=1)
    return controls


@dataclass(frozen=True)
class _Sampling:
    """One window of a group of which the first ``count`` samples are wanted."""

    generator: Generator
    asked: Told
    held: Held
    window: Window
    count: int
    steps: int
    guidance: float
    around: Surroundings | None = None

    def sampled(self, noise: Noise) -> Dialogue[Array]:
        """Control points (GROUP, C, F), in metres, that start at the origin."""
        statistics, spread = self.generator.statistics, self.held.spread
        x = spread * noise.normal(self.held.known.shape[1], NUM_FEATURES)
        if self.generator.distilled:
            walk = leaps(TEMPERATURE * x, self.steps)
        else:
            walk = ancestral(TEMPERATURE * x, self.steps, noise=noise, temperature=TEMPERATURE * spread)
        noisy = next(walk)
        while True:
            x_0 = yield from self.denoised(*noisy)
            try:
                noisy = walk.send(x_0)
            except StopIteration as end:
                x_0 = end.value
                return statistics.restore(x_0[:, : self.window.stop - self.window.start].double().numpy())

    def denoised(self, x: Tensor, t: float) -> Dialogue[Tensor]:
        """Clean control points (GROUP, C, F) of noisy ones, held to what was asked."""
        inside = (torch.arange(x.shape[1]) < self.window.stop - self.window.start)[None, :, None]
        x = self.held.imposed(x) * inside
        answers = yield self.questions(x, t)
        x_0 = x.repeat(self.asked.tracks, 1, 1)
        for k, answer in enumerate(answers):
            x_0[k * GROUP : k * GROUP + self.count] = answer
        x_0 = self.held.met(self.held.at_speed(self.asked.laid_together(x_0), self.generator.statistics))
        if self.around is None or t < FROM:
            return x_0
        return self.held.met(self.around.avoided(x_0, self.held.frames, (~self.held.is_known) * inside))

    def questions(self, x: Tensor, t: float) -> list[Question]:
        """Every prompt to its network, of the samples that are wanted."""
        count, distilled = self.count, self.generator.distilled
        x, known = x[:count], self.held.known[:count]
        lengths = torch.full((count,), self.window.stop - self.window.start)
        questions = []
        for denoiser, prompt in self.asked.of_first(count):
            if distilled:  # it gives at once what many steps with guidance lead to
                leap = max(1.0 / self.steps, 1.0 / FEW_STEPS)
                prompt = prompt.leaping(torch.full((count,), self.guidance), leap)
            questions.append(Question(denoiser, x, t, known, prompt, lengths, None if distilled else self.guidance))
        return questions
