"""Optimal reciprocal collision avoidance: which velocities are safe for each of many discs, and the best of them.

Van den Berg, Guy, Lin and Manocha 2011, "Reciprocal n-body collision avoidance": for each pair a half-plane of
velocities that keeps both apart for a while if both keep to theirs; among all half-planes the velocity that is nearest
to the preferred one. Everything is done for all walkers at once; what each one sees is padded to the same number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

Array = NDArray[np.floating]
Mask = NDArray[np.bool_]

#: Metres per second by which a half-plane counts as kept although rounding says no.
_SLACK = 1e-7


@dataclass(frozen=True)
class HalfPlanes:
    """Velocities v with ``normals @ v >= offsets`` are safe.

    Attributes:
        normals: (A, M, 2) unit vectors; zero where there is none.
        offsets: (A, M) m/s.
        hard: (M,) whether each is about something that does not move; those are kept even when not all can be.
    """

    normals: Array
    offsets: Array
    hard: Mask

    def __add__(self, other: HalfPlanes) -> HalfPlanes:
        return HalfPlanes(
            np.concatenate([self.normals, other.normals], axis=1),
            np.concatenate([self.offsets, other.offsets], axis=1),
            np.concatenate([self.hard, other.hard]),
        )


def half_planes(
    away: Array, velocity: Array, other: Array, reach: Array, share: Array, there: Mask, *, horizon: float, step: float,
    hard: bool = False,
) -> HalfPlanes:  # fmt: skip
    """What each of A discs keeps to because of M others.

    Args:
        away: (A, M, 2) m from each disc to the others.
        velocity: (A, 2) m/s of the discs.
        other: (A, M, 2) m/s of the others.
        reach: (A, M) m, sum of both radii.
        share: (A, M) which part of the change this disc takes; both shares of a pair make 1.
        there: (A, M) whether there is somebody.
        horizon: s for which a collision is avoided.
        step: s until the next decision; discs that overlap part within it.
        hard: whether these others never move.
    """
    relative = velocity[:, None] - other
    apart = np.maximum(np.linalg.norm(away, axis=-1), 1e-6)
    overlap = apart <= reach
    until = np.where(overlap, step, horizon)
    tip = relative - away / until[..., None]  # from the middle of the cone's round end
    length = np.maximum(np.linalg.norm(tip, axis=-1), 1e-9)
    along = np.einsum("amk,amk->am", tip, away)
    round_end = overlap | ((along < 0) & (along**2 > (reach * length) ** 2))
    circle = tip / length[..., None]
    leg = np.sqrt(np.maximum(apart**2 - reach**2, 0.0))
    side = np.where(_cross(away, tip) > 0, 1.0, -1.0)
    along_leg = (leg[..., None] * away + (side * reach)[..., None] * _left(away)) / apart[..., None] ** 2
    normals = np.where(round_end[..., None], circle, side[..., None] * _left(along_leg))
    to_edge = np.where(round_end, reach / until - length, -np.einsum("amk,amk->am", normals, relative))
    offsets = np.einsum("amk,ak->am", normals, velocity) + share * to_edge
    return HalfPlanes(
        np.where(there[..., None], normals, 0.0), np.where(there, offsets, -1.0), np.full(away.shape[1], hard)
    )


def best_velocities(preferred: Array, centre: Array, reach: Array, planes: HalfPlanes) -> tuple[Array, Mask]:
    """The safe velocities (A, 2) nearest to the preferred ones (A, 2) m/s, and whether (A,) there are any.

    Within ``reach`` (A,) m/s of ``centre`` (A, 2): what can be reached until the next decision. The optimum is the
    preferred velocity, or lies on one boundary next to it, or where two boundaries meet: all of these are looked at.
    """
    points = np.concatenate(
        [
            _pulled_in(preferred, centre, reach)[:, None],
            _on_lines(preferred, planes),
            _lines_meet(planes),
            _lines_meet_circle(centre, reach, planes),
        ],
        axis=1,
    )
    kept = np.linalg.norm(points - centre[:, None], axis=-1) <= reach[:, None] + 1e-9
    for plane in range(planes.offsets.shape[1]):
        normal = planes.normals[:, plane]
        kept &= np.einsum("ack,ak->ac", points, normal) >= planes.offsets[:, plane, None] - _SLACK
    cost = np.where(kept, np.linalg.norm(points - preferred[:, None], axis=-1), np.inf)
    chosen = np.argmin(cost, axis=1)
    return points[np.arange(len(points)), chosen], np.isfinite(cost.min(axis=1))


def least_bad_velocity(centre: Array, reach: float, planes: HalfPlanes, walker: int) -> Array:
    """The velocity (2,) that breaks the half-planes of one walker the least where not all can be kept.

    A linear programme in three unknowns; what does not move counts ten times.
    """
    normals, offsets = planes.normals[walker], planes.offsets[walker]
    real = np.any(normals != 0, axis=-1)
    weight = np.where(planes.hard, 0.1, 1.0)[real]
    found = linprog(
        [0.0, 0.0, 1.0],
        A_ub=-np.concatenate([normals[real], weight[:, None]], axis=1),
        b_ub=-offsets[real],
        bounds=[*((float(middle) - reach, float(middle) + reach) for middle in centre), (0.0, None)],
        method="highs",
    )
    return found.x[:2] if found.success else np.zeros(2)


def _pulled_in(points: Array, centre: Array, reach: Array) -> Array:
    """Points (A, 2), those outside of the circles moved onto them."""
    away = points - centre
    length = np.maximum(np.linalg.norm(away, axis=-1), 1e-12)
    return centre + away * np.minimum(1.0, reach / length)[:, None]


def _on_lines(points: Array, planes: HalfPlanes) -> Array:
    """(A, M, 2) the point of each boundary that is nearest to points (A, 2)."""
    missing = planes.offsets - np.einsum("amk,ak->am", planes.normals, points)
    return points[:, None] + missing[..., None] * planes.normals


def _lines_meet(planes: HalfPlanes) -> Array:
    """(A, M (M - 1) / 2, 2) where two boundaries meet; far away where they do not."""
    one, two = np.triu_indices(planes.offsets.shape[1], 1)
    first, second = planes.normals[:, one], planes.normals[:, two]
    turn = _cross(first, second)
    b, c = planes.offsets[:, one], planes.offsets[:, two]
    meet = -b[..., None] * _left(second) + c[..., None] * _left(first)
    return np.where(np.abs(turn)[..., None] > 1e-9, meet / np.where(turn == 0, 1.0, turn)[..., None], 1e9)


def _lines_meet_circle(centre: Array, reach: Array, planes: HalfPlanes) -> Array:
    """(A, 2 M, 2) where boundaries meet the circle; far away where they do not."""
    foot = _on_lines(centre, planes)
    square = reach[:, None] ** 2 - np.sum((foot - centre[:, None]) ** 2, axis=-1)
    half = np.sqrt(np.maximum(square, 0.0))[..., None] * _left(planes.normals)
    both = np.concatenate([foot + half, foot - half], axis=1)
    return np.where(np.tile(square >= 0, 2)[..., None], both, 1e9)


def _left(vectors: Array) -> Array:
    """Vectors (..., 2) turned a quarter."""
    first, second = np.moveaxis(vectors, -1, 0)
    return np.stack([-second, first], axis=-1)


def _cross(one: Array, two: Array) -> Array:
    """(...) the area between vectors (..., 2)."""
    return np.einsum("...k,...k->...", _left(one), two)
