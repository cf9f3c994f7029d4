"""What the network is told for a window: one prompt, or several that share the window's time and body parts.

Several prompts are answered side by side from the same noisy motion, and their answers laid together at every step,
each where it was asked for (multi-track timelines after STMC, Petrovich et al. 2024).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from motion.conditions import Text
from motion.generation.denoiser import Denoiser, Prompt
from motion.generation.spoken import Spoken
from motion.generation.windows import Window
from motion.representation.layout import PARTS
from motion.representation.spline import KNOT_RATE

Array = NDArray[np.floating]

#: Seconds over which one prompt passes into the next.
FADE = 0.5

#: The number of the part that carries the body over the ground.
_ROOT = list(PARTS).index("root")

#: The number of the part that each feature belongs to.
_PART_OF = [number for number, part in enumerate(PARTS.values()) for _ in range(part.size)]


@dataclass(frozen=True)
class Told:
    """Prompts of a group of G samples, one after the other (K * G rows), and what each of the K decides.

    ``share_KCF`` says how much of every control point and feature a prompt decides; None: one prompt decides all.
    ``denoisers`` are the networks that answer them.
    """

    prompt: Prompt
    denoisers: tuple[Denoiser, ...]
    share_KCF: Tensor | None = None

    @property
    def tracks(self) -> int:
        """How many prompts there are."""
        return len(self.denoisers)

    def of_first(self, count: int) -> Iterator[tuple[Denoiser, Prompt]]:
        """Each network with what it is told of the first ``count`` samples of the group."""
        size = len(self.prompt.words_BL) // self.tracks
        for k, denoiser in enumerate(self.denoisers):
            yield denoiser, self.prompt.rows(slice(k * size, k * size + count))

    def laid_together(self, x_0: Tensor) -> Tensor:
        """One motion (G, C, F) of the prompts' answers (K * G, C, F)."""
        if self.share_KCF is None:
            return x_0
        return (x_0.unflatten(0, (self.tracks, -1)) * self.share_KCF[:, None]).sum(dim=0)


def told(
    spoken: Spoken,
    window: Window,
    padded: int,
    denoiser: Denoiser,
    haste: Tensor,
    asked_speed: float | None = None,
) -> Told:
    """What a group is told for a window of ``padded`` control points: texts, duration, and a speed for each sample.

    The speed is ``asked_speed``, else the one that a share ``haste`` (G,) of the recordings of the sentence that moves
    the root stay below: the speed at which people do such a thing.
    """
    texts = spoken.texts
    times = (window.start + np.arange(padded) - 1) / KNOT_RATE
    shares = shares_of(texts, times, _mover(texts, window))
    asked = [k for k in range(len(shares)) if shares[k].any()]
    seconds = (window.stop - window.start - 3) / KNOT_RATE
    mover = asked[int(np.argmax(shares[asked, :, _ROOT].sum(axis=1)))]
    speed = torch.zeros(len(haste), 2)
    if asked_speed is not None:
        speed = torch.tensor([[asked_speed, 1.0]]).expand(len(haste), -1)
    elif mover < len(texts):
        speed = torch.stack([spoken.speed(mover, haste), torch.ones(len(haste))], dim=1)
    spoken_of = [k for k in asked if k < len(texts)]
    prompts = [spoken.prompt(k, seconds, speed) for k in spoken_of]
    denoisers = [spoken.denoisers[k] for k in spoken_of]
    if len(spoken_of) < len(asked):  # the rest is decided without words
        prompts.append(spoken.prompt(0, seconds, speed).without_text())
        denoisers.append(denoiser)
    if len(asked) == 1:
        return Told(prompts[0], tuple(denoisers))
    share = torch.tensor(shares[asked], dtype=torch.float32)[..., _PART_OF]
    return Told(Prompt.one_after_the_other(prompts), tuple(denoisers), share)


def _mover(texts: tuple[Text, ...], window: Window) -> int | None:
    """The text for the whole body that covers most of the window."""
    start, stop = window.seconds()
    covered = [
        min(stop, np.inf if text.end is None else text.end) - max(start, text.start) if not text.parts else 0.0
        for text in texts
    ]
    return int(np.argmax(covered)) if covered and max(covered) > 0 else None


def shares_of(texts: tuple[Text, ...], times: Array, mover: int | None) -> Array:
    """How much each text decides (K + 1, C, P) of control points at ``times`` and of parts; the last row is no text.

    Of the texts without parts ``mover`` alone counts, all the time: two ways over the ground cannot be mixed, the body
    would jump from the one to the other. A text with parts comes before it; where only texts with parts are, that of
    the root decides the rest.
    """
    partial = np.array([bool(text.parts) for text in texts])[:, None, None]
    covers = np.array([[not text.parts or part in text.parts for part in PARTS] for text in texts])
    covers = covers.reshape(len(texts), 1, len(PARTS))
    inside = np.array(
        [_hat(times, text) if text.parts else np.full(len(times), k == mover) for k, text in enumerate(texts)]
    )
    inside = inside.reshape(len(texts), len(times), 1).astype(float)
    by_part = np.where(partial, inside * covers, 0.0)
    left = 1.0 - by_part.sum(axis=0).clip(max=1.0)  # (C, P): what no text with parts decides
    by_part /= by_part.sum(axis=0).clip(min=1.0)
    whole = np.where(partial, 0.0, inside * covers)
    # where no text speaks of the whole body, the one that moves the root does
    roots = np.where(partial, inside, 0.0) * covers[..., [_ROOT]]
    whole = np.where(whole.sum(axis=0) > 0, whole, roots * np.ones(len(PARTS)))
    shares = by_part + whole / whole.sum(axis=0).clip(min=1.0) * left
    return np.concatenate([shares, 1.0 - shares.sum(axis=0, keepdims=True)]).clip(0.0, 1.0).round(6)


def _hat(times: Array, text: Text) -> Array:
    """1 inside the text's span, passing to 0 over ``FADE`` around its ends; one from the start has none there."""
    rise = np.ones(len(times)) if text.start <= 0 else np.clip((times - text.start) / FADE + 0.5, 0, 1)
    return rise if text.end is None else rise * np.clip((text.end - times) / FADE + 0.5, 0, 1)
