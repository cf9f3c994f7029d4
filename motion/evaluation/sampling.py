"""How a model is asked for the clips that are judged: every prompt with noise of its own, the same every time."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from motion.conditions import Text, Timeline
from motion.core import Motion
from motion.generation import Generator, generate

#: Makes ``samples`` clips of a prompt and a duration in seconds that differ by seed.
Sampler = Callable[[str, float, int], list[Motion]]

FPS = 30.0


def sampler_of(generator: Generator, *, steps: int, seed: int) -> Sampler:
    """Clips by our pipeline, at ``FPS``.

    The seed differs from prompt to prompt: with one for all, the clips of a whole set would begin with the same noise
    and be drawn equally fast, and would differ less than those a user sees.
    """

    def sample(prompt: str, duration: float, samples: int) -> list[Motion]:
        own = seed + zlib.crc32(f"{prompt} {duration:g}".encode())
        timeline = Timeline(duration, (Text(prompt),), own)
        return [made.clip for made in generate(timeline, generator, samples=samples, steps=steps, fps=FPS)]

    return sample
