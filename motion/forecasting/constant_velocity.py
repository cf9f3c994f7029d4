"""ConstantVelocity: everybody goes on as in the last step. The baseline, and what is left when nothing is learned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motion.core.tracks import Tracks
from motion.forecasting.futures import Futures, Speed, Walkable, checked, present

Array = NDArray[np.floating]

#: Somebody slower than this faces no way that could be told from the track.
STANDING_M_S = 0.05


@dataclass(frozen=True)
class ConstantVelocity:
    """Straight on, as fast as in the last step; samples turn by a random angle and change speed by a random factor.

    Schoeller et al., "What the Constant Velocity Model Can Teach Us", add an angle alone (25 degrees); with a factor on
    the speed too, twenty samples come much nearer to what people do.

    Attributes:
        angle: rad, standard deviation of the turn.
        log_speed: standard deviation of the logarithm of the factor.
    """

    angle: float = np.deg2rad(20.0)
    log_speed: float = 0.3

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
        """See ``Forecaster``; works at the rate of the tracks. Where the walkable ground ends people stop."""
        steps, speeds = checked(tracks, horizon, samples, speed)
        who = present(tracks)
        here = tracks.positions[who, -1] if len(who) else np.zeros((0, 2))
        random = np.random.default_rng(seed)
        turn = self.angle * random.standard_normal((len(who), samples))
        faster = np.exp(self.log_speed * random.standard_normal((len(who), samples)))
        anywhere = random.uniform(-np.pi, np.pi, (len(who), samples))

        heading, pace, faces = _last_step(tracks, who)
        if speeds is None:
            speeds = np.repeat(pace[:, None], steps, axis=1)
        else:
            faster = np.ones_like(faster)  # a speed that is asked for is kept
        ways = np.where(faces[:, None], heading[:, None] + turn, anywhere)
        along = np.cumsum(speeds, axis=1) / tracks.fps
        positions = here[:, None, None] + (along[:, None] * faster[..., None])[..., None] * _direction(ways)[:, :, None]
        best = here[:, None] + along[..., None] * _direction(heading)[:, None]
        if walkable is not None:
            positions = _stopped(positions, here[:, None], walkable)
            best = _stopped(best, here, walkable)
        even = np.full(samples, 1.0 / samples)
        return Futures(
            positions=positions,
            probabilities=np.tile(even, (len(who), 1)),
            best=best,
            joint=even,
            fps=tracks.fps,
            start=(tracks.positions.shape[1] - 1) / tracks.fps,
            ids=tuple(str(row) for row in who),
        )


def _last_step(tracks: Tracks, who: NDArray[np.intp]) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Heading (A,) rad, pace (A,) m/s and whether a heading is known (A,), of the last two sights of each person.

    Somebody who stands faces where the last step led that was one.
    """
    heading, pace, faces = np.zeros(len(who)), np.zeros(len(who)), np.zeros(len(who), bool)
    for row, person in enumerate(who):
        seen = np.flatnonzero(tracks.valid[person])
        if len(seen) == 1:
            continue
        velocity = np.diff(tracks.positions[person, seen], axis=0) * (tracks.fps / np.diff(seen))[:, None]
        paces = np.linalg.norm(velocity, axis=-1)
        pace[row] = paces[-1]
        moving = np.flatnonzero(paces > STANDING_M_S)
        if moving.size:
            x, z = velocity[moving[-1]]
            heading[row], faces[row] = np.arctan2(x, z), True
    return heading, pace, faces


def _direction(heading: Array) -> Array:
    """Unit vectors (..., 2) on the ground of headings (...): 0 is +Z, positive turns to +X."""
    return np.stack([np.sin(heading), np.cos(heading)], axis=-1)


def _stopped(positions: Array, here: Array, walkable: Walkable) -> Array:
    """``positions`` (..., T, 2) m, held from where one would leave the ground that can be walked on.

    Whoever stands outside of it already is left alone: there the map is wrong, or does not reach.
    """
    fine = np.asarray(walkable(positions), bool) | ~np.asarray(walkable(here), bool)[..., None]
    kept = np.where(np.logical_and.accumulate(fine, axis=-1), np.arange(1, positions.shape[-2] + 1), 0)
    last = np.maximum.accumulate(kept, axis=-1)
    start = np.broadcast_to(here, positions[..., 0, :].shape)[..., None, :]
    return np.take_along_axis(np.concatenate([start, positions], axis=-2), last[..., None], axis=-2)
