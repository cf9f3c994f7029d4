"""Latent corridors: a frozen forecaster and a few hundred numbers learned from the first seconds in one place.

After Thakkar et al. (2024), who learn a prompt for each scene by gradients. Here the numbers weigh vectors: which way
somebody heads and moves, what the frozen network sees in them, and where in the place they are. They are a ridge
regression: learning takes milliseconds, more seconds may come at any time, and no earlier ones need be kept.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from motion.core.errors import BadFile, BadInput
from motion.core.tracks import Tracks
from motion.forecasting.forecaster import TrainedForecaster
from motion.forecasting.frames import Frame
from motion.forecasting.futures import Futures, Speed, Walkable, present
from motion.forecasting.inside import kept_inside
from motion.forecasting.model import Output
from motion.forecasting.windows import FUTURE, PAST, Windows, observed, windows_of
from motion.formats.atomic import write_text

Array = NDArray[np.floating]

#: Cells of the place along each side; so many numbers of the network's features are looked at; shapes over time.
CELLS, FEATURES, SHAPES = 6, 12, 2

#: Vectors that are weighed, and how many numbers are learned.
VECTORS = 2 * (3 + FEATURES) + 2 * CELLS * CELLS
NUMBERS = VECTORS * SHAPES

#: Pulls that are tried, the last of them lets hardly anything be learned; and people it takes to try them.
RIDGES, LEAST = (10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0, 30000.0), 30

#: Windows that are learned from at once, drawn evenly.
MOST = 1500

LARGEST_FILE = 2_000_000


@dataclass(frozen=True)
class Corridors:
    """What was learned of one place.

    Attributes:
        lower, upper: (2,) m, the corners of the place.
        weights: (VECTORS * SHAPES,) the learned numbers.
        normal, moment: the sums of the regression, from which more seconds go on.
        ridge: strength of the pull towards no change.
        people: how many windows were learned from.
    """

    lower: Array
    upper: Array
    weights: Array
    normal: Array
    moment: Array
    ridge: float = 30.0
    people: int = 0

    @classmethod
    def empty(cls, lower: Array, upper: Array, ridge: float = 30.0) -> Corridors:
        """Nothing learned: forecasts stay as they are."""
        return cls(lower, upper, np.zeros(NUMBERS), np.zeros((NUMBERS, NUMBERS)), np.zeros(NUMBERS), ridge)

    def updated(self, forecaster: TrainedForecaster, windows: Windows) -> Corridors:
        """More seconds of the same place taken in; nothing of the earlier ones is needed but the sums.

        People whose forecast was far off weigh less (an error counts as itself, not as its square).
        """
        if not len(windows):
            return self
        frame, output = forecaster.foretold(windows)
        design = self.design(frame, output, windows)
        error = windows.future.astype(np.float64) - frame.world(output.best).double().numpy()
        weight = 1.0 / np.maximum(np.linalg.norm(error - design @ self.weights, axis=-1), 0.1)
        columns = design.reshape(-1, NUMBERS).astype(np.float32)
        weighted = columns * np.repeat(weight.reshape(-1), 2)[:, None].astype(np.float32)
        normal, moment = self.normal + columns.T @ weighted, self.moment + weighted.T @ error.reshape(-1)
        more = replace(self, normal=normal, moment=moment, people=self.people + len(windows))
        return more.pulled(self.ridge)

    def pulled(self, ridge: float) -> Corridors:
        """The same seconds, with another strength of the pull towards no change."""
        weights = np.linalg.solve(self.normal + ridge * np.eye(NUMBERS), self.moment)
        return replace(self, weights=weights, ridge=ridge)

    def design(self, frame: Frame, output: Output, windows: Windows) -> Array:
        """(N, T, 2, NUMBERS): how each learned number moves each forecast point."""
        here = windows.past[:, -1].astype(np.float64)
        ahead = frame.turn[:, 0].double().numpy()
        aside = frame.turn[:, 1].double().numpy()
        step = np.linalg.norm(here - windows.past[:, -2], axis=-1)
        reach = np.linalg.norm(output.best[:, -1].double().numpy(), axis=-1)
        own = np.column_stack([np.ones(len(here)), step, reach / FUTURE, _thinned(output.features)])
        vectors = [own[..., None] * ahead[:, None], own[..., None] * aside[:, None]]
        halfway = frame.world(output.best)[:, FUTURE // 3].double().numpy()
        cells = self._cells(halfway)
        vectors += [cells[..., None] * np.array(axis) for axis in ((1.0, 0.0), (0.0, 1.0))]
        both = np.concatenate(vectors, axis=1)
        share = np.arange(1, FUTURE + 1) / FUTURE
        shapes = np.stack([share, share**2], axis=-1)
        table = both.transpose(0, 2, 1)[:, None, :, :, None] * shapes[None, :, None, None, :]
        return table.reshape(len(here), FUTURE, 2, NUMBERS)

    def _cells(self, places: Array) -> Array:
        """(N, CELLS²) of places (N, 2) m: how near each cell's middle is, bilinear."""
        size = np.maximum(self.upper - self.lower, 1e-6)
        where = np.clip((places - self.lower) / size, 0.0, 1.0) * (CELLS - 1)
        near = [np.maximum(0.0, 1.0 - np.abs(axis[:, None] - np.arange(CELLS))) for axis in where.T]
        return np.asarray((near[0][:, :, None] * near[1][:, None, :]).reshape(len(places), -1))

    def save(self, path: Path) -> None:
        """Write as JSON, in one step."""
        fields = ("lower", "upper", "weights", "moment")
        data: dict[str, Any] = {name: getattr(self, name).tolist() for name in fields}
        upper = self.normal[np.triu_indices(NUMBERS)]
        write_text(
            path, json.dumps({**data, "normal": upper.tolist(), "ridge": self.ridge, "people": self.people}) + "\n"
        )

    @classmethod
    def load(cls, path: Path) -> Corridors:
        """Read what ``save`` wrote; raises ``BadFile``."""
        try:
            if path.stat().st_size > LARGEST_FILE:
                raise BadFile(path, "is too large for corridors of one place")
            data = json.loads(path.read_text(encoding="utf-8"))
            arrays = {name: np.array(data[name], dtype=np.float64) for name in ("lower", "upper", "weights", "moment")}
            rows, columns = np.triu_indices(NUMBERS)
            normal = np.zeros((NUMBERS, NUMBERS))
            normal[rows, columns] = normal[columns, rows] = np.array(data["normal"], dtype=np.float64)
            ridge, people = float(data["ridge"]), int(data["people"])
        except OSError as error:
            raise BadFile(path, f"cannot be read ({error.strerror})") from error
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise BadFile(path, "must be what 'Corridors.save' writes") from error
        shapes = {"lower": (2,), "upper": (2,), "weights": (NUMBERS,), "moment": (NUMBERS,)}
        fits = all(array.shape == shapes[name] and np.all(np.isfinite(array)) for name, array in arrays.items())
        if not fits or not np.all(np.isfinite(normal)) or not 0 < ridge < np.inf:
            raise BadFile(path, "holds numbers that do not fit together")
        return cls(**arrays, normal=normal, ridge=ridge, people=people)


@dataclass(frozen=True)
class AdaptedForecaster:
    """A forecaster in one place that it has learned about; every future moves by what was learned of its person."""

    forecaster: TrainedForecaster
    corridors: Corridors

    def forecast(
        self,
        tracks: Tracks,
        *,
        horizon: float,
        samples: int,
        seed: int,
        speed: Speed | None = None,
        walkable: Walkable | None = None,
    ) -> Futures:
        """See ``Forecaster``; beyond 4.8 s the change stays what it is there."""
        who = present(tracks)
        if speed is not None or not len(who):  # a speed that is asked for is kept
            return self.forecaster.forecast(
                tracks, horizon=horizon, samples=samples, seed=seed, speed=speed, walkable=walkable
            )
        plain = self.forecaster.forecast(tracks, horizon=horizon, samples=samples, seed=seed)
        moves: Array = self.moves(observed(tracks, who))
        steps = plain.best.shape[1]
        moves = np.concatenate([moves, np.repeat(moves[:, -1:], max(0, steps - FUTURE), axis=1)], axis=1)[:, :steps]
        positions: Array = plain.positions + moves[:, None]
        best: Array = plain.best + moves
        if walkable is not None:
            here = tracks.positions[who, -1]
            positions, best = kept_inside(positions, here, walkable), kept_inside(best[:, None], here, walkable)[:, 0]
        return replace(plain, positions=positions, best=best)

    def moves(self, windows: Windows) -> Array:
        """(N, T, 2) m, by how much the forecasts of each row move."""
        frame, output = self.forecaster.foretold(windows)
        return np.asarray(self.corridors.design(frame, output, windows) @ self.corridors.weights)


def adapted(forecaster: TrainedForecaster, observed_tracks: Tracks) -> AdaptedForecaster:
    """Learn a place from tracks seen there, 2.5 columns a second; raises ``BadInput`` when they are too short.

    How far the numbers are trusted is tried out on the place itself: learned from the first part, judged on the last.
    """
    windows = windows_of(observed_tracks, at_least=1, stride=2)
    windows = windows[np.unique(np.linspace(0, len(windows) - 1, min(len(windows), MOST)).astype(int))]
    if not len(windows):
        raise BadInput("nobody is seen for 8 s on end in the tracks to learn the place from; give a longer recording")
    places = observed_tracks.positions[observed_tracks.valid]
    empty = Corridors.empty(places.min(axis=0), places.max(axis=0))
    ridge = _trusted(forecaster, empty, windows)
    return AdaptedForecaster(forecaster, empty.updated(forecaster, windows).pulled(ridge))


def _trusted(forecaster: TrainedForecaster, empty: Corridors, windows: Windows) -> float:
    """The pull that serves the last third best when learned from what ends before it begins."""
    last = windows.window >= np.quantile(windows.window, 0.7)
    before = windows.window + PAST + FUTURE < windows.window[last].min()
    if before.sum() < LEAST or last.sum() < LEAST:
        return RIDGES[-1]
    known = empty.updated(forecaster, windows[before])
    frame, output = forecaster.foretold(windows[last])
    error = windows[last].future - frame.world(output.best).double().numpy()
    design = empty.design(frame, output, windows[last])
    left = [float(np.linalg.norm(error - design @ known.pulled(ridge).weights, axis=-1).mean()) for ridge in RIDGES]
    return RIDGES[int(np.argmin(left))]


def _thinned(features: torch.Tensor) -> Array:
    """(N, FEATURES) of the network's features (N, width): sums with fixed signs, each of unit size."""
    width = features.shape[1]
    signs = np.random.default_rng(0).choice([-1.0, 1.0], (width, FEATURES)) / np.sqrt(width)
    return np.asarray(features.double().numpy() @ signs)
