"""Tracks: where many people are on the ground over time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motion.core.errors import BadInput
from motion.core.route import Trajectory, checked_fps

Array = NDArray[np.floating]


@dataclass(frozen=True)
class Tracks:
    """Timed ground positions of A people; column t is at t / fps seconds.

    Attributes:
        positions: (A, T, 2) m; zero where not valid.
        valid: (A, T) bool, whether the person was seen then.
        fps: columns per second.
    """

    positions: Array
    valid: NDArray[np.bool_]
    fps: float

    def __post_init__(self) -> None:
        positions = np.asarray(self.positions, dtype=np.float64)
        valid = np.asarray(self.valid, dtype=bool)
        if positions.ndim != 3 or positions.shape[-1] != 2 or valid.shape != positions.shape[:2]:
            raise BadInput(f"tracks need positions (A, T, 2) and valid (A, T), got {positions.shape} and {valid.shape}")
        if not np.all(np.isfinite(positions[valid])):
            raise BadInput("valid positions of tracks must not be NaN or infinite")
        object.__setattr__(self, "positions", np.where(valid[..., None], positions, 0.0))
        object.__setattr__(self, "valid", valid)
        object.__setattr__(self, "fps", checked_fps(self.fps))

    @property
    def num_people(self) -> int:
        return self.positions.shape[0]

    def trajectory(self, person: int) -> Trajectory:
        """One person's way from the first to the last time seen; times in between without sight are bridged straight.

        Raises ``BadInput`` for a person never seen.
        """
        seen = np.flatnonzero(self.valid[person])
        if not seen.size:
            raise BadInput(f"person {person} is never seen")
        every = np.arange(seen[0], seen[-1] + 1)
        columns = [np.interp(every, seen, column) for column in self.positions[person, seen].T]
        return Trajectory(np.stack(columns, axis=-1), self.fps)
