"""``stride bench forecasting``: the whole table on ETH, UCY and the Stanford Drone Dataset, and what stands beside it.

The best of twenty rewards spread, so the single forecast, the best scene, the surprise, the calibration and the
collisions are printed beside it, always.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from motion.core.progress import Progress, silent
from motion.evaluation.futures import Contender, Scores, StraightOn, Trained, scene_seconds, scores_of
from motion.evaluation.published_forecasts import ROWS
from motion.evaluation.walkable import off_the_map
from motion.forecasting.checkpoint import load_forecaster
from motion.forecasting.constant_velocity import ConstantVelocity
from motion.forecasting.forecaster import TrainedForecaster
from motion.forecasting.futures import FPS
from motion.forecasting.protocol import SCENES, read_true_rate, test_windows
from motion.forecasting.speed import retimed
from motion.forecasting.windows import Windows, windows_of
from motion.metrics.futures import speeds_of

#: m/s, the speeds that are asked for.
SPEEDS = (0.0, 0.4, 1.0, 1.6)

#: People of a scene who are asked to walk at a speed.
TIMED = 300

OURS, STRAIGHT, RANDOM = "stride", "constant velocity", "constant velocity, random angle and speed"
MEAN = "mean"


@dataclass(frozen=True)
class ForecastTable:
    """Scores by protocol, contender and scene, and the checks beside them.

    Attributes:
        scores: ``scores[protocol][contender][scene]``; the scene ``mean`` is the unweighted mean of the five.
        speed: mean absolute error, m/s, by scene and speed asked for.
        off_map: share of points of the samples off the walkable map by scene: without the map, and with it.
        scene_milliseconds: one scene of 50 people, twenty samples.
    """

    scores: dict[str, dict[str, dict[str, Scores]]]
    speed: dict[str, dict[str, float]]
    off_map: dict[str, tuple[float, float]]
    scene_milliseconds: float

    def to_json(self) -> dict[str, Any]:
        return {
            "scores": {
                protocol: {who: {scene: one.to_json() for scene, one in row.items()} for who, row in rows.items()}
                for protocol, rows in self.scores.items()
            },
            "speed": self.speed,
            "off_map": {scene: {"without": a, "with": b} for scene, (a, b) in self.off_map.items()},
            "scene_milliseconds": self.scene_milliseconds,
            "published": [asdict(row) for row in ROWS],
        }

    def to_text(self) -> str:
        lines = []
        for protocol, rows in self.scores.items():
            lines.append(
                f"\n{protocol}: best of 20 ADE/FDE | single ADE/FDE | best scene ADE/FDE | collisions | nats | "
                "in 50/90 %"
            )
            for who, row in rows.items():
                lines += [f"  {who:44s} {scene:6s} {_line(one)}" for scene, one in row.items()]
        lines.append("\nas published, or measured from the authors' weights where it says so: mean of five, best of 20")
        for theirs in ROWS:
            sdd = f"; SDD {theirs.sdd[0]:.2f}/{theirs.sdd[1]:.2f} px" if theirs.sdd else ""
            origin = "measured" if theirs.measured else "published"
            lines.append(f"  {theirs.name:44s} {theirs.ade:.3f}/{theirs.fde:.3f}{sdd} ({origin}; {theirs.protocol})")
        lines.append("\nspeed asked for, m/s: mean absolute error of every step")
        for scene, errors in self.speed.items():
            lines.append(f"  {scene:6s} " + "  ".join(f"{asked}: {error:.4f}" for asked, error in errors.items()))
        if self.off_map:
            lines.append("\npoints of the samples off the walkable map: without it -> with it")
            lines += [f"  {scene:6s} {100 * a:.2f} % -> {100 * b:.2f} %" for scene, (a, b) in self.off_map.items()]
        lines.append(f"\na scene of 50 people, 20 samples: {self.scene_milliseconds:.1f} ms")
        return "\n".join(lines)


def bench_forecasting(tracks: Path, *, models: str = "forecaster", progress: Progress = silent) -> ForecastTable:
    """The table; ``models`` is the prefix of the forecasters' names, or of their folders, before ``-eth`` and so on."""
    forecasters = {scene: load_forecaster(f"{models}-{scene}") for scene in (*SCENES, "sdd")}
    contenders: dict[str, dict[str, Contender]] = {
        STRAIGHT: dict.fromkeys((*SCENES, "sdd"), StraightOn()),
        RANDOM: dict.fromkeys((*SCENES, "sdd"), StraightOn(ConstantVelocity())),
        OURS: {scene: Trained(forecaster) for scene, forecaster in forecasters.items()},
    }
    sets: dict[str, dict[str, Windows]] = {
        "ETH/UCY, rule A": {scene: test_windows(tracks, scene) for scene in SCENES},
        "ETH/UCY, rule B": {scene: test_windows(tracks, scene, at_least=1) for scene in SCENES},
    }
    sets["ETH/UCY, rule A, ETH at its true rate"] = {
        **sets["ETH/UCY, rule A"],
        "eth": windows_of(read_true_rate(tracks / "ETH" / "seq_eth" / "obsmat.txt")),
    }
    sets["Stanford Drone Dataset, pixels"] = {"sdd": test_windows(tracks, "sdd")}
    scores: dict[str, dict[str, dict[str, Scores]]] = {}
    known: dict[tuple[str, str, int], Scores] = {}
    for count, (protocol, scenes) in enumerate(sets.items()):
        progress("bench", count / len(sets))
        scores[protocol] = {}
        for who, each in contenders.items():
            row = {}
            for scene, windows in scenes.items():
                key = (who, scene, len(windows))
                known[key] = known.get(key) or scores_of(each[scene], windows)
                row[scene] = known[key]
            scores[protocol][who] = row if len(row) == 1 else {**row, MEAN: mean_of(row)}
    ours = sets["ETH/UCY, rule A"]
    return ForecastTable(
        scores=scores,
        speed={scene: speed_errors(forecasters[scene], ours[scene]) for scene in SCENES},
        off_map=off_the_map(tracks, forecasters, ours),
        scene_milliseconds=1e3 * scene_seconds(forecasters["univ"], ours["univ"]),
    )


def mean_of(row: Mapping[str, Scores]) -> Scores:
    """The unweighted mean over scenes; people are added up."""
    columns = [one.to_json() for one in row.values()]
    mean: dict[str, Any] = {}
    for key in columns[0]:
        values = [column[key] for column in columns]
        mean[key] = None if None in values else float(np.mean([v for v in values if v is not None]))
    mean["people"] = sum(one.people for one in row.values())
    return Scores(**mean)


def speed_errors(forecaster: TrainedForecaster, windows: Windows) -> dict[str, float]:
    """Mean absolute error, m/s, of the speed in every step of every sample, by the speed asked for.

    Of at most ``TIMED`` people, drawn evenly.
    """
    windows = windows[np.unique(np.linspace(0, len(windows) - 1, min(len(windows), TIMED)).astype(int))]
    positions, _ = Trained(forecaster).foretell(windows)
    here = windows.past[:, -1].astype(np.float64)
    way = here - windows.past[:, 0]
    length = np.linalg.norm(way, axis=-1, keepdims=True)
    headings = np.where(length > 0.1, way / np.maximum(length, 1e-9), 0.0)
    errors = {}
    for asked in SPEEDS:
        speeds = np.full(positions.shape[::2][:1] + positions.shape[2:3], asked)
        walked = retimed(positions, here, speeds, headings, FPS)
        samples = np.repeat(here[:, None], positions.shape[1], axis=1)
        errors[f"{asked:g}"] = float(np.abs(speeds_of(samples, walked, FPS) - asked).mean())
    return errors


def _line(one: Scores) -> str:
    text = (
        f"{one.min_ade:.3f}/{one.min_fde:.3f} | {one.ade:.3f}/{one.fde:.3f} | {one.jade:.3f}/{one.jfde:.3f} | "
        f"{100 * one.collisions:.3f} %"
    )
    if one.nll is None or one.inside_50 is None or one.inside_90 is None:
        return text
    inside = f"{100 * one.inside_50:.0f}/{100 * one.inside_90:.0f} %"
    return f"{text} | {one.nll:.2f} | {inside} | {one.microseconds:.0f} us a person"
