"""Forecasters judged on windows of recorded tracks: the best of twenty, the one, the scene, and how sure they are."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from motion.forecasting.calibration import coverage
from motion.forecasting.constant_velocity import ConstantVelocity
from motion.forecasting.forecaster import TrainedForecaster
from motion.forecasting.frames import Frame
from motion.forecasting.futures import FPS
from motion.forecasting.model import Output
from motion.forecasting.objectives import log_density
from motion.forecasting.together import kept_apart, scene_samples
from motion.forecasting.windows import FUTURE, Windows
from motion.metrics.futures import best_of, best_scene, collision_share, one_of

Array = NDArray[np.floating]

SAMPLES = 20

#: People of a test set whose density is worked out, drawn evenly, and how many of them at once.
SURE, CHUNK = 400, 200


class Contender(Protocol):
    """Twenty futures (N, K, T, 2) m and one (N, T, 2) m of every row of windows."""

    def foretell(self, windows: Windows) -> tuple[Array, Array]: ...

    def scene(self, positions: Array, best: Array, here: Array) -> Array:
        """Of the people (A) of one window: samples (A, K, T, 2) m that belong together."""
        ...


@dataclass(frozen=True)
class StraightOn:
    """Constant velocity; with ``how``, twenty of them with a random angle and speed each."""

    how: ConstantVelocity | None = None
    seed: int = 0

    def foretell(self, windows: Windows) -> tuple[Array, Array]:
        here = windows.past[:, -1].astype(np.float64)
        step = here - windows.past[:, -2]
        best = here[:, None] + step[:, None] * np.arange(1, FUTURE + 1)[:, None]
        if self.how is None:
            return best[:, None], best
        random = np.random.default_rng(self.seed)
        turn = self.how.angle * random.standard_normal((len(windows), SAMPLES))
        factor = np.exp(self.how.log_speed * random.standard_normal((len(windows), SAMPLES)))
        cos, sin = factor * np.cos(turn), factor * np.sin(turn)
        way = (best - here[:, None])[:, None]
        turned = np.stack(
            [
                cos[..., None] * way[..., 0] - sin[..., None] * way[..., 1],
                sin[..., None] * way[..., 0] + cos[..., None] * way[..., 1],
            ],
            axis=-1,
        )
        return here[:, None, None] + turned, best

    def scene(self, positions: Array, best: Array, here: Array) -> Array:
        return positions


@dataclass(frozen=True)
class Trained:
    """A trained forecaster as a contender."""

    forecaster: TrainedForecaster

    def foretell(self, windows: Windows) -> tuple[Array, Array]:
        frame, output = self.forecaster.foretold(windows)
        return frame.world(output.futures).double().numpy(), frame.world(output.best).double().numpy()

    def scene(self, positions: Array, best: Array, here: Array) -> Array:
        return kept_apart(scene_samples(positions, best, self.forecaster.calibration.scene), here)


@dataclass(frozen=True)
class Scores:
    """Of one contender on one test set; in metres, or in the data's own unit. Shares from 0 to 1."""

    people: int
    min_ade: float
    min_fde: float
    ade: float
    fde: float
    jade: float
    jfde: float
    collisions: float
    nll: float | None = None
    inside_50: float | None = None
    inside_90: float | None = None
    microseconds: float | None = None

    def to_json(self) -> dict[str, float | int | None]:
        return asdict(self)


def scores_of(contender: Contender, windows: Windows) -> Scores:
    """All scores of a contender on test windows."""
    started = time.process_time()  # of the processor: others may use it too
    positions, best = contender.foretell(windows)
    seconds = time.process_time() - started
    truth, unit = windows.future.astype(np.float64), windows.per_metre.astype(np.float64)
    errors = (*best_of(positions, truth), *one_of(best, truth))
    min_ade, min_fde, ade, fde = (float((error * unit).mean()) for error in errors)
    (jade, jfde), collisions = _of_scenes(contender, windows, positions, best)
    own = _of_densities(contender.forecaster, windows) if isinstance(contender, Trained) else {}
    return Scores(
        len(windows), min_ade, min_fde, ade, fde, jade, jfde, collisions,
        nll=own.get("nll"), inside_50=own.get("inside_50"), inside_90=own.get("inside_90"),
        microseconds=1e6 * seconds / len(windows),
    )  # fmt: skip


def _of_scenes(
    contender: Contender, windows: Windows, positions: Array, best: Array
) -> tuple[tuple[float, float], float]:
    truth, here = windows.future.astype(np.float64), windows.past[:, -1].astype(np.float64)
    joint, collisions = [], []
    for rows in scenes(windows):
        together = contender.scene(positions[rows], best[rows], here[rows])
        joint.append(np.stack(best_scene(together, truth[rows])) * windows.per_metre[rows])
        collisions.append(collision_share(together))
    jade, jfde = np.concatenate(joint, axis=1).mean(axis=1)
    return (float(jade), float(jfde)), float(np.mean(collisions))


def _of_densities(forecaster: TrainedForecaster, windows: Windows) -> dict[str, float]:
    nats, inside = [], {0.5: [], 0.9: []}  # type: tuple[list[Array], dict[float, list[Array]]]
    for frame, output, future in chunks(forecaster, windows):
        nats.append(-log_density(output, frame.own(future)).mean(-1).numpy())
        for share, held in coverage(output, frame.own(future), (0.5, 0.9)).items():
            inside[share].append(held.float().mean(-1).numpy())
    return {
        "nll": float(np.concatenate(nats).mean()),
        "inside_50": float(np.concatenate(inside[0.5]).mean()),
        "inside_90": float(np.concatenate(inside[0.9]).mean()),
    }


def chunks(forecaster: TrainedForecaster, windows: Windows) -> list[tuple[Frame, Output, torch.Tensor]]:
    """What is foretold of up to ``SURE`` rows, drawn evenly, in parts; and their futures (N, T, 2)."""
    rows = np.unique(np.linspace(0, len(windows) - 1, min(len(windows), SURE)).astype(int))
    parts = [windows[rows[start : start + CHUNK]] for start in range(0, len(rows), CHUNK)]
    return [(*forecaster.foretold(part), torch.from_numpy(part.future)) for part in parts]


def scenes(windows: Windows) -> list[slice]:
    """The rows of each window."""
    first = np.flatnonzero(np.diff(windows.window, prepend=-1))
    return [slice(a, b) for a, b in zip(first, [*first[1:], len(windows)], strict=True)]


def scene_seconds(forecaster: TrainedForecaster, windows: Windows, people: int = 50, times: int = 20) -> float:
    """Median seconds, of the processor, of one forecast of the scene of ``people`` people, samples together."""
    from motion.core.tracks import Tracks

    rows = windows[:people]
    tracks = Tracks(rows.past, rows.seen, FPS)
    taken = []
    for _ in range(times):
        started = time.process_time()
        forecaster.together().forecast(tracks, horizon=FUTURE / FPS, samples=SAMPLES, seed=0)
        taken.append(time.process_time() - started)
    return float(np.median(taken))
