"""Futures: where people may walk next; and Forecaster: whatever foretells them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from motion.core.errors import BadInput
from motion.core.route import checked_fps
from motion.core.tracks import Tracks

Array = NDArray[np.floating]

#: Tells of ground positions (..., 2) m whether somebody can stand there: (...) bool.
Walkable = Callable[[Array], NDArray[np.bool_]]

#: A target speed in m/s: one for all, or broadcast to (A, T): per person ``[:, None]``, per step ``[None]``, or both.
Speed = float | Array

#: Steps per second at which people are forecast; other tracks are resampled to it first.
FPS = 2.5

LONGEST_S = 60.0
MOST_SAMPLES = 1000
FASTEST_M_S = 6.0


@dataclass(frozen=True)
class Futures:
    """K weighted futures of A people over T steps; step t is at ``start + (t + 1) / fps`` seconds.

    Attributes:
        positions: (A, K, T, 2) m; sample k of all people belongs together where ``joint`` is given.
        probabilities: (A, K) of each future of each person, every row sums to 1.
        best: (A, T, 2) m, the one forecast to take when only one is wanted; it need not be among the samples.
        joint: (K,) probabilities of the samples as futures of the whole scene, or None where they are not that.
        fps: steps per second.
        start: s, when the last column of the tracks was.
        ids: (A,) names of the people.
    """

    positions: Array
    probabilities: Array
    best: Array
    joint: Array | None
    fps: float
    start: float
    ids: tuple[str, ...]

    def __post_init__(self) -> None:
        for name in ("positions", "probabilities", "best"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=np.float64))
        shape = self.positions.shape
        if len(shape) != 4 or shape[-1] != 2:
            raise BadInput(f"futures need positions (A, K, T, 2), got {shape}")
        people, samples, steps = shape[:3]
        if self.best.shape != (people, steps, 2) or len(self.ids) != people:
            raise BadInput(f"futures of {people} people and {steps} steps need best {(people, steps, 2)}, an id each")
        if self.probabilities.shape != (people, samples) or not _sum_to_one(self.probabilities):
            raise BadInput(f"futures need probabilities {(people, samples)} that sum to 1 for each person")
        if self.joint is not None:
            object.__setattr__(self, "joint", np.asarray(self.joint, dtype=np.float64))
            if np.shape(self.joint) != (samples,) or not _sum_to_one(np.asarray(self.joint)):
                raise BadInput(f"futures need joint probabilities {(samples,)} that sum to 1")
        if not (np.all(np.isfinite(self.positions)) and np.all(np.isfinite(self.best)) and math.isfinite(self.start)):
            raise BadInput("futures must not contain NaN or infinite numbers")
        object.__setattr__(self, "fps", checked_fps(self.fps))

    @property
    def times(self) -> Array:
        """(T,) s."""
        return self.start + (1 + np.arange(self.best.shape[1])) / self.fps

    @property
    def most_probable(self) -> Array:
        """(A, T, 2) m: of each person the sample with the highest probability."""
        return self.positions[np.arange(len(self.ids)), np.argmax(self.probabilities, axis=1)]

    def named(self, ids: Sequence[str], start: float) -> Futures:
        """The same under the names and the clock of the file that the tracks came from."""
        return replace(self, ids=tuple(ids), start=start)


class Forecaster(Protocol):
    """Foretells where people walk."""

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
        """Futures of the people that are seen in the last column of ``tracks``: those of ``present(tracks)``, in order.

        Args:
            tracks: what was seen, 2.5 columns a second unless the forecaster says otherwise; gaps are allowed, and a
                single column is enough. People not seen in the last column are only neighbours.
            horizon: s to look ahead, rounded to whole steps.
            samples: K, how many futures of each person.
            seed: the same seed and tracks give the same futures.
            speed: m/s to walk at, for the people of ``present(tracks)``; None: as they like.
            walkable: where one can stand; None: everywhere.

        Raises ``BadInput`` for what ``checked`` refuses. ``ids`` of the result are the rows of ``tracks`` in words.
        """
        ...


def present(tracks: Tracks) -> NDArray[np.intp]:
    """The rows (A,) of the people seen in the last column, whom a forecast is about."""
    return np.flatnonzero(tracks.valid[:, -1]) if tracks.valid.shape[1] else np.zeros(0, np.intp)


def checked(tracks: Tracks, horizon: float, samples: int, speed: Speed | None) -> tuple[int, Array | None]:
    """How many steps are asked for, and the speeds (A, T) m/s of the people present; raises ``BadInput``."""
    if not (math.isfinite(horizon) and 1 / tracks.fps <= horizon <= LONGEST_S):
        raise BadInput(f"a forecast looks {1 / tracks.fps:g} to {LONGEST_S:g} s ahead, got {horizon}")
    if not 1 <= samples <= MOST_SAMPLES:
        raise BadInput(f"a forecast has 1 to {MOST_SAMPLES} samples, got {samples}")
    steps = max(1, round(horizon * tracks.fps))
    if speed is None:
        return steps, None
    shape = (len(present(tracks)), steps)
    try:
        speeds = np.broadcast_to(np.asarray(speed, dtype=np.float64), shape)
    except ValueError:
        raise BadInput(f"speeds must be one number, or fit people x steps {shape}, got {np.shape(speed)}") from None
    if not np.all((speeds >= 0) & (speeds <= FASTEST_M_S)):
        raise BadInput(f"people walk at 0 to {FASTEST_M_S:g} m/s, got speeds outside of that")
    return steps, speeds


def _sum_to_one(probabilities: Array) -> bool:
    return bool(np.all(probabilities >= 0) and np.allclose(probabilities.sum(axis=-1), 1.0, atol=1e-6))
