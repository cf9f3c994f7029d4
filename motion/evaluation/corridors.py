"""Latent corridors judged: learned from the first seconds of a scene, tried on the rest of it and of another one."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from motion.core.tracks import Tracks
from motion.forecasting.corridors import AdaptedForecaster, Corridors, adapted
from motion.forecasting.forecaster import TrainedForecaster
from motion.forecasting.windows import Windows, windows_of
from motion.metrics.futures import one_of

#: Seconds of a scene that are learned from.
OBSERVED_S = (30, 60, 120)

#: Columns from one window that is tried to the next.
STRIDE = 3

#: A scene must leave this many people to be tried on.
LEAST = 50


@dataclass(frozen=True)
class CorridorRow:
    """One scene after so many seconds; ADE of the best forecast in metres, on what comes after.

    Attributes:
        learned_from, tried_on: people.
        frozen, corridors, shuffled: ADE without, with, and with what was learned elsewhere.
        seconds: of learning.
    """

    scene: str
    observed_s: int
    learned_from: int
    tried_on: int
    frozen: float
    corridors: float
    shuffled: float | None
    seconds: float

    @property
    def change(self) -> float:
        """Relative; less is better."""
        return self.corridors / self.frozen - 1.0


def corridor_rows(forecasters: Mapping[str, TrainedForecaster], scenes: Mapping[str, Tracks]) -> list[CorridorRow]:
    """A row for each scene and time; ``scenes`` are tracks at 2.5 columns a second, each with its frozen forecaster."""
    rows = []
    for seconds in OBSERVED_S:
        learned: dict[str, tuple[AdaptedForecaster, float]] = {}
        for scene, tracks in scenes.items():
            early, late = parted(tracks, seconds)
            if len(windows_of(late, at_least=1, stride=STRIDE)) >= LEAST and len(windows_of(early, at_least=1)):
                started = time.perf_counter()
                learned[scene] = adapted(forecasters[scene], early), time.perf_counter() - started
        names = list(learned)
        for place, scene in enumerate(names):
            known, taken = learned[scene]
            rest = windows_of(parted(scenes[scene], seconds)[1], at_least=1, stride=STRIDE)
            other = learned[names[(place + 1) % len(names)]][0].corridors if len(names) > 1 else None
            frozen = AdaptedForecaster(known.forecaster, replace(known.corridors, weights=0 * known.corridors.weights))
            shuffled = None if other is None else ade(_elsewhere(known, other), rest)
            errors = ade(frozen, rest), ade(known, rest), shuffled
            rows.append(CorridorRow(scene, seconds, known.corridors.people, len(rest), *errors, seconds=taken))
    return rows


def parted(tracks: Tracks, seconds: float) -> tuple[Tracks, Tracks]:
    """The columns before and from ``seconds`` on."""
    cut = round(seconds * tracks.fps)
    halves = [(tracks.positions[:, part], tracks.valid[:, part]) for part in (slice(cut), slice(cut, None))]
    return Tracks(*halves[0], tracks.fps), Tracks(*halves[1], tracks.fps)


def ade(forecaster: AdaptedForecaster, windows: Windows) -> float:
    """Mean error, m, of the best forecasts."""
    frame, output = forecaster.forecaster.foretold(windows)
    best = frame.world(output.best).double().numpy() + forecaster.moves(windows)
    return float(np.mean(one_of(best, windows.future)[0]))


def _elsewhere(forecaster: AdaptedForecaster, other: Corridors) -> AdaptedForecaster:
    own = forecaster.corridors
    return replace(forecaster, corridors=replace(other, lower=own.lower, upper=own.upper))
