"""What a clip is held to while it is sampled: what is known of it, window by window, and how fast it is to go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from motion.conditions import Speed, Timeline
from motion.conditions.speed import speeds_at
from motion.core.skeleton import Skeleton
from motion.generation.windows import Window, moved_to, start_of
from motion.metrics.contacts import spans
from motion.representation.features import placed
from motion.representation.given import Given, given, start_of_given
from motion.representation.layout import GROUP_OF, GROUPS, NUM_FEATURES, ROOT
from motion.representation.normalisation import Statistics
from motion.representation.spline import KNOT_RATE
from motion.representation.ties import Seen, Tie, ties

Array = NDArray[np.floating]
Mask = NDArray[np.bool_]

#: Ground place (2,) and heading of a window's first moment: the network sees it at the origin, facing +Z.
Frame = tuple[Array, float]

_PATH = list(GROUPS).index("path")

#: A path is stretched or shrunk at most so much in one step to go at the speed asked for.
STRETCH = 2.0

#: Seconds between two known postures from which on there are as many ways from the one to the other as anywhere.
WIDE = 4.0

#: m/s below which a prediction stands, and has no way to stretch.
STANDS = 0.05


@dataclass(frozen=True)
class Steering:
    """What is known of a clip in the world (None: nothing), where it starts, and the speeds asked for."""

    known: Given | None
    start: Frame
    speeds: tuple[Speed, ...]

    @classmethod
    def of(cls, timeline: Timeline, fps: float, skeleton: Skeleton) -> Steering:
        """What the timeline's conditions come to."""
        observation = timeline.observe(fps, skeleton)
        known = given(observation, fps, skeleton)
        start = start_of_given(observation, fps)
        return cls(known if known.anything else None, start, timeline.speeds)

    def frames(self, begun: Array) -> list[Frame]:
        """The frame of each sample's window that begins with control points (G, K, F); K may be 0."""
        return [start_of(one) if len(one) else self.start for one in begun]

    def speed(self, window: Window) -> float | None:
        """Mean m/s asked for in a window, by a speed or by places known from end to end of most of it; None: any."""
        times = np.clip((np.arange(window.start, window.stop) - 1) / KNOT_RATE, 0.0, None)
        asked = speeds_at(self.speeds, times)
        if np.isfinite(asked).any():
            return float(np.nanmean(asked))
        if self.known is None:
            return None
        known = np.flatnonzero(self.known.known[window.start : window.stop, _PATH])
        if len(known) == 0 or known[-1] - known[0] < (window.stop - window.start) / 2:
            return None
        speeds = self.known.values[window.start + known, ROOT["speed"]][:, 0]
        return float(np.interp(np.arange(known[0], known[-1] + 1), known, speeds).mean())

    def held(self, window: Window, padded: int, begun: Array, statistics: Statistics) -> Held:
        """What the group is held to in a window of ``padded`` control points that begins with ``begun`` (G, K, F)."""
        size = len(begun)
        known = np.zeros((size, padded, len(GROUPS)), bool)
        values = np.zeros((size, padded, NUM_FEATURES))
        frames = self.frames(begun)
        for k, frame in enumerate(frames):
            if self.known is not None:
                # the last control point may lie after the last frame, of which nothing is known
                asked = self.known.known[window.start : window.stop]
                there = placed(self.known.values[window.start : window.stop], *frame)
                known[k, : len(asked)] = asked
                values[k, : len(asked)] = statistics.normalise(there)
            if window.given:
                known[k, : window.given] = True
                values[k, : window.given] = statistics.normalise(placed(begun[k], *frame))
        bound = [self._tied(known[k], window, frame, statistics) for k, frame in enumerate(frames)]
        free = ~known[..., _PATH].any()
        times = (np.arange(window.start, window.start + padded - 1) - 0.5) / KNOT_RATE
        speeds = (
            speeds_at(self.speeds, np.clip(times, 0.0, None)) if free or window.given else np.full(padded - 1, np.nan)
        )
        return Held(
            torch.tensor(values, dtype=torch.float32),
            torch.tensor(known, dtype=torch.float32),
            torch.tensor(speeds, dtype=torch.float32) if np.isfinite(speeds).any() else None,
            window.given,
            frames,
            tuple(Bent.of(alike) for alike in zip(*bound, strict=True)),
            torch.tensor(spread_of(known[0]), dtype=torch.float32)[:, None],
        )

    def _tied(self, known: Mask, window: Window, frame: Frame, statistics: Statistics) -> list[Tie]:
        """What known frames and the window before tell of the window's control points (C, G) that are not known."""
        seen = Seen.nothing() if self.known is None else self.known.seen.within(window.start, window.stop)

        def there(features: Array) -> Array:
            return statistics.normalise(placed(features, *frame))

        return ties(known, seen, there, window.given)


@dataclass(frozen=True)
class Bent:
    """The ties of a group's samples to the same frames: of D ``columns``, ``wanted`` (G, N, D) of the curve."""

    columns: Tensor
    basis: Tensor
    gain: Tensor
    wanted: Tensor

    @classmethod
    def of(cls, alike: Sequence[Tie]) -> Bent:
        """From one tie of each sample."""
        first = alike[0]
        numbers = (first.basis, first.gain, np.stack([tie.wanted for tie in alike]))
        basis, gain, wanted = (torch.tensor(one, dtype=torch.float32) for one in numbers)
        return cls(torch.tensor(first.columns), basis, gain, wanted)

    def bend(self, x: Tensor) -> None:
        """Change clean control points (G, C, F) in place so that their curve meets the frames."""
        own = x[..., self.columns]
        x[..., self.columns] = own + self.gain @ (self.wanted - self.basis @ own)


@dataclass(frozen=True)
class Held:
    """Normalised known values (G, C, F), the flags of what is known (G, C, groups), and m/s (C - 1,) asked for.

    ``begun`` control points were there before; ``frames`` says where in the world each sample's window lies; ``bent``
    is what known frames tell of control points that are not known; ``spread`` (C, 1) is as of ``spread_of``.
    """

    values: Tensor
    known: Tensor
    speeds: Tensor | None
    begun: int
    frames: list[Frame]
    bent: tuple[Bent, ...]
    spread: Tensor

    @cached_property
    def is_known(self) -> Tensor:
        """Which features are known (G, C, F), bool."""
        return self.known[..., list(GROUP_OF)].bool()

    def imposed(self, x: Tensor) -> Tensor:
        """Noisy or clean control points (G, C, F) with what is known put in its place."""
        return torch.where(self.is_known, self.values, x)

    def met(self, x_0: Tensor) -> Tensor:
        """Clean control points (G, C, F) with what is known put in its place, and bent to meet known frames beside."""
        x_0 = self.imposed(x_0)
        for one in self.bent:
            one.bend(x_0)
        return x_0

    def at_speed(self, x_0: Tensor, statistics: Statistics) -> Tensor:
        """Clean control points whose way over the ground is stretched, span by span, to the speed asked for."""
        if self.speeds is None:
            return x_0
        scale = torch.tensor(statistics.scale[ROOT["ground"]], dtype=x_0.dtype)
        steps = x_0[..., ROOT["ground"]].diff(dim=1)
        goes = (steps * scale).norm(dim=-1) * KNOT_RATE
        asked = self.speeds.isfinite()
        wanted = self.speeds.nan_to_num()
        # one factor for all that is asked at the same speed: steps keep their rhythm
        factor = torch.ones_like(goes)
        for speed in wanted[asked].unique():
            span = asked & (wanted == speed)
            mean = goes[:, span].mean(dim=1, keepdim=True).clamp(min=STANDS)
            factor[:, span] = (speed / mean).clamp(1.0 / STRETCH, STRETCH)
        factor[:, : max(0, self.begun - 1)] = 1.0
        ground = torch.cat([x_0[:, :1, ROOT["ground"]], steps * factor[..., None]], dim=1).cumsum(dim=1)
        x_0 = x_0.clone()
        x_0[..., ROOT["ground"]] = ground
        return x_0

    def in_world(self, controls: Array) -> Array:
        """Control points (G, C, F) of the window, in metres, moved to where it lies in the world."""
        return np.stack([moved_to(one, *frame) for one, frame in zip(controls, self.frames, strict=True)])


def spread_of(known: Mask) -> Array:
    """The noise (C,) that control points (C, G) are made of, relative to all: less where little is open.

    Whoever fills a gap between two known postures wants the likely way across, and the shorter the gap is the less
    there are others: of two samples the mean is nearer to the truth than either.
    """
    loose: Mask = np.any(~known, axis=1)
    spread = np.ones(len(known))
    for start, stop in spans(loose):
        if start > 0 and stop < len(known):
            spread[start:stop] = min(1.0, (stop - start) / KNOT_RATE / WIDE)
    return spread
