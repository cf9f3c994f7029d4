"""Latent corridors judged: learned from the first seconds of a scene, tried on the rest of it and of another one."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from motion.core.progress import Progress, silent
from motion.core.tracks import Tracks
from motion.forecasting.checkpoint import load_forecaster
from motion.forecasting.corridors import AdaptedForecaster, Corridors, adapted
from motion.forecasting.forecaster import TrainedForecaster
from motion.forecasting.futures import FPS
from motion.forecasting.protocol import read_rows, tracks_of_rows
from motion.forecasting.track_files import read_sightings
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


#: One recording of each left-out scene.
RECORDINGS = {
    "eth": "biwi_eth", "hotel": "biwi_hotel", "univ": "students003", "zara1": "crowds_zara01", "zara2": "crowds_zara02",
}  # fmt: skip
WILDTRACK = "Wild-Track"


def bench_corridors(tracks: Path, *, models: str = "forecaster", progress: Progress = silent) -> list[CorridorRow]:
    """ETH and UCY, each with the forecaster that left it out, and WildTrack with that of all scenes, where it is."""
    progress("bench", 0.0)
    forecasters = {scene: load_forecaster(f"{models}-{scene}") for scene in RECORDINGS}
    scenes = {
        scene: tracks_of_rows(read_rows(tracks / "datasets" / scene / "test" / f"{name}.txt"))
        for scene, name in RECORDINGS.items()
    }
    folder = tracks / WILDTRACK / "annotations_positions"
    if folder.is_dir():
        seen = read_sightings(folder)
        scenes[WILDTRACK] = seen.tracks(seen.begin, seen.end, FPS)
        forecasters[WILDTRACK] = load_forecaster(f"{models}-all")
    return corridor_rows(forecasters, scenes)


def corridor_text(rows: list[CorridorRow]) -> str:
    """The rows as lines of text."""
    lines = ["scene, seconds learned from: people learned from / tried on, ADE of the best forecast frozen -> adapted"]
    for row in rows:
        other = (
            "" if row.shuffled is None else f"; with another scene's: {100 * (row.shuffled / row.frozen - 1):+.1f} %"
        )
        lines.append(
            f"  {row.scene:10s} {row.observed_s:4d} s: {row.learned_from:4d} / {row.tried_on:5d}, {row.frozen:.3f} -> "
            f"{row.corridors:.3f} m ({100 * row.change:+.1f} %{other}; learned in {row.seconds:.1f} s)"
        )
    return "\n".join(lines)
