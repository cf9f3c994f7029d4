"""TrainedForecaster: the network behind the protocol ``Forecaster``."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import torch
from numpy.typing import NDArray

from motion.core.errors import BadInput
from motion.core.tracks import Tracks
from motion.forecasting.calibration import Calibration
from motion.forecasting.frames import Batch, Frame, filled, own_frame, read
from motion.forecasting.futures import FPS, Futures, Speed, Walkable, checked, present
from motion.forecasting.inside import kept_inside
from motion.forecasting.model import ForecastNetwork, Output
from motion.forecasting.rollout import rolled_out
from motion.forecasting.sampling import drawn
from motion.forecasting.speed import likeliness, retimed
from motion.forecasting.together import kept_apart, scene_probabilities, scene_samples
from motion.forecasting.windows import FUTURE, Windows, observed

Array = NDArray[np.floating]


@dataclass(frozen=True)
class TrainedForecaster:
    """A trained network with all that is needed to make futures of its output.

    Attributes:
        network: in evaluation mode.
        calibration: fitted after training.
        info: name, sha256 of the weights, licence.
        jointly: samples belong together, one scene each: fewer collisions, less spread the more people there are. Off,
            each person's samples spread as far as that person may go, and ``Futures.joint`` is None.
    """

    network: ForecastNetwork
    calibration: Calibration = field(default_factory=Calibration)
    info: dict[str, str] = field(default_factory=dict)
    jointly: bool = False

    def together(self) -> TrainedForecaster:
        """The same, whose samples are futures of the scene."""
        return replace(self, jointly=True)

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
        """See ``Forecaster``; ``tracks`` have 2.5 columns a second.

        Beyond 4.8 s every future goes on as the best forecast of what it has become, alone.
        """
        steps, speeds = checked(tracks, horizon, samples, speed)
        if abs(tracks.fps - FPS) > 1e-6:
            raise BadInput(f"the forecaster reads {FPS:g} columns a second, got {tracks.fps:g}; resample the tracks")
        who = present(tracks)
        here = tracks.positions[who, -1] if len(who) else np.zeros((0, 2))
        windows = observed(tracks, who)
        frame, output = self.foretold(windows)
        random = np.random.default_rng(seed)
        local, probabilities = drawn(output, samples, random)
        positions, best = _in_world(frame, local), _in_world(frame, output.best)
        if steps > FUTURE:
            positions = rolled_out(self.foretold, positions, steps)
            best = rolled_out(self.foretold, best[:, None], steps)[:, 0]
        positions, best = positions[:, :, :steps], best[:, :steps]
        if speeds is not None:
            probabilities = probabilities * likeliness(positions, here, speeds, FPS)
            headings = _headings(frame, windows)
            positions = retimed(positions, here, speeds, headings, FPS)
            best = retimed(best[:, None], here, speeds, headings, FPS)[:, 0]
        elif self.jointly:
            positions = scene_samples(positions, best, self.calibration.scene)
        if self.jointly and speeds is None:
            positions = kept_apart(positions, here)
        if walkable is not None:
            positions = kept_inside(positions, here, walkable)
            best = kept_inside(best[:, None], here, walkable)[:, 0]
        probabilities = probabilities / probabilities.sum(axis=1, keepdims=True)
        return Futures(
            positions=positions,
            probabilities=probabilities,
            best=best,
            joint=scene_probabilities(probabilities) if self.jointly else None,
            fps=FPS,
            start=(tracks.positions.shape[1] - 1) / tracks.fps,
            ids=tuple(str(row) for row in who),
        )

    @torch.no_grad()
    def foretold(self, windows: Windows) -> tuple[Frame, Output]:
        """The frame of each row and what the calibrated network says of it, in that frame."""
        batch = as_batch(windows)
        frame, inputs = read(batch)
        return frame, self.calibration.applied(self.network(*inputs))


def as_batch(windows: Windows) -> Batch:
    """Windows as tensors."""
    names = ("past", "seen", "future", "around", "around_seen")
    return Batch(**{name: torch.from_numpy(np.ascontiguousarray(getattr(windows, name))) for name in names})


def _in_world(frame: Frame, points: torch.Tensor) -> Array:
    return frame.world(points).double().numpy()


def _headings(frame: Frame, windows: Windows) -> Array:
    """(A, 2) unit vectors; zeros of who has not moved."""
    past = filled(torch.from_numpy(windows.past), torch.from_numpy(windows.seen))
    way = own_frame(past).turn[:, 0].double().numpy()
    moved = np.linalg.norm(np.diff(past.numpy(), axis=1), axis=-1).sum(axis=1) > 0.1
    return np.asarray(way * moved[:, None])
