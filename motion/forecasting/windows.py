"""Windows: stretches of tracks cut into what was seen and what came after, one row per person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from motion.core.tracks import Tracks

Array = NDArray[np.floating]

#: Columns that are seen and columns that are foretold, at 2.5 a second: 3.2 s and 4.8 s.
PAST, FUTURE = 8, 12

#: How many people around a person are looked at, the nearest first.
AROUND = 6


@dataclass(frozen=True)
class Windows:
    """N people, each in a window of time; the people of one window stand together.

    Attributes:
        past: (N, PAST, 2) m, zero where not seen.
        seen: (N, PAST) bool.
        future: (N, FUTURE, 2) m.
        around: (N, AROUND, PAST, 2) m, the nearest people seen in the last column of the past.
        around_seen: (N, AROUND, PAST) bool; nobody is there where it is nowhere true.
        window: (N,) int, the same for people of one window, increasing.
        per_metre: (N,) how many units of the data's own (pixels of a video) make a metre; 1 for metres.
    """

    past: Array
    seen: NDArray[np.bool_]
    future: Array
    around: Array
    around_seen: NDArray[np.bool_]
    window: NDArray[np.int64]
    per_metre: Array

    def __len__(self) -> int:
        return len(self.past)

    def __getitem__(self, rows: NDArray[np.integer] | NDArray[np.bool_] | slice) -> Windows:
        return Windows(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


def joined(parts: Sequence[Windows]) -> Windows:
    """All rows of several sets; their windows stay apart."""
    offsets = np.cumsum([0] + [1 + int(part.window.max(initial=-1)) for part in parts[:-1]])
    columns = {field.name: np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Windows)}
    columns["window"] = np.concatenate([part.window + offset for part, offset in zip(parts, offsets, strict=True)])
    return Windows(**columns)


def windows_of(tracks: Tracks, *, at_least: int = 2, stride: int = 1, per_metre: float = 1.0) -> Windows:
    """Every window of ``PAST + FUTURE`` columns; a person counts who is seen in all of them.

    Args:
        tracks: columns as far apart as the protocol says.
        at_least: windows with fewer such people are left out: 2 is rule A of the literature, 1 is rule B.
        stride: columns from one window to the next.
        per_metre: see ``Windows``.
    """
    length = PAST + FUTURE
    rows: list[tuple[int, int]] = []
    for first in range(0, tracks.positions.shape[1] - length + 1, stride):
        whole = np.flatnonzero(tracks.valid[:, first : first + length].all(axis=1))
        if len(whole) >= at_least:
            rows += [(int(person), first) for person in whole]
    if not rows:
        return _empty()
    person, first = np.array(rows).T
    columns = first[:, None] + np.arange(length)
    positions = tracks.positions[person[:, None], columns]
    around, around_seen = _around(tracks, person, first + PAST - 1)
    return Windows(
        past=positions[:, :PAST].astype(np.float32),
        seen=np.ones((len(person), PAST), bool),
        future=positions[:, PAST:].astype(np.float32),
        around=around,
        around_seen=around_seen,
        window=np.unique(first, return_inverse=True)[1].astype(np.int64),
        per_metre=np.full(len(person), per_metre, np.float32),
    )


def observed(tracks: Tracks, who: NDArray[np.integer]) -> Windows:
    """One row for each person of ``who``, seen in the last column of ``tracks``; their future is all zeros."""
    missing = max(0, PAST - tracks.positions.shape[1])
    if missing:
        tracks = Tracks(
            np.pad(tracks.positions, ((0, 0), (missing, 0), (0, 0))),
            np.pad(tracks.valid, ((0, 0), (missing, 0))),
            tracks.fps,
        )
    tracks = Tracks(tracks.positions[:, -PAST:], tracks.valid[:, -PAST:], tracks.fps)
    positions = bridged(tracks)
    around, around_seen = _around(tracks, np.asarray(who), np.full(len(who), PAST - 1), positions)
    return Windows(
        past=positions[who].astype(np.float32),
        seen=tracks.valid[who],
        future=np.zeros((len(who), FUTURE, 2), np.float32),
        around=around,
        around_seen=around_seen,
        window=np.zeros(len(who), np.int64),
        per_metre=np.ones(len(who), np.float32),
    )


def alone(past: Array) -> Windows:
    """Windows of people with nobody around, of whom the past (N, PAST, 2) m is known."""
    return replace(
        _empty(),
        past=past.astype(np.float32),
        seen=np.ones((len(past), PAST), bool),
        future=np.zeros((len(past), FUTURE, 2), np.float32),
        around=np.zeros((len(past), AROUND, PAST, 2), np.float32),
        around_seen=np.zeros((len(past), AROUND, PAST), bool),
        window=np.zeros(len(past), np.int64),
        per_metre=np.ones(len(past), np.float32),
    )


def bridged(tracks: Tracks) -> Array:
    """(A, T, 2) m: positions with gaps bridged straight; before the first and after the last sight they stand."""
    positions = tracks.positions.copy()
    for person in np.flatnonzero(~tracks.valid.all(axis=1) & tracks.valid.any(axis=1)):
        seen = np.flatnonzero(tracks.valid[person])
        every = np.arange(positions.shape[1])
        positions[person] = np.stack([np.interp(every, seen, axis) for axis in positions[person, seen].T], axis=-1)
    return positions


def stretched(tracks: Tracks, factor: float, phase: float = 0.0) -> Tracks:
    """``tracks`` with columns ``factor`` times as far apart, from column ``phase`` on, bridged straight in between.

    People who walk at another rate of columns than the one written on the file: recordings differ in just this.
    """
    times = np.arange(phase, tracks.positions.shape[1] - 1 + 1e-9, factor)
    before = np.minimum(times.astype(int), tracks.positions.shape[1] - 1)
    after = np.minimum(before + 1, tracks.positions.shape[1] - 1)
    share = (times - before)[:, None]
    positions = tracks.positions[:, before] * (1 - share) + tracks.positions[:, after] * share
    valid = tracks.valid[:, before] & (tracks.valid[:, after] | (share[:, 0] < 1e-9))
    return Tracks(positions, valid, tracks.fps)


def _around(
    tracks: Tracks, person: NDArray[np.integer], last: NDArray[np.integer], positions: Array | None = None
) -> tuple[Array, NDArray[np.bool_]]:
    positions = tracks.positions if positions is None else positions
    around = np.zeros((len(person), AROUND, PAST, 2), np.float32)
    around_seen = np.zeros((len(person), AROUND, PAST), bool)
    for column in np.unique(last):
        there = np.flatnonzero(tracks.valid[:, column])
        rows = np.flatnonzero(last == column)
        span = slice(column - PAST + 1, column + 1)
        apart = np.linalg.norm(positions[person[rows], column][:, None] - positions[there, column][None], axis=-1)
        apart[person[rows][:, None] == there[None]] = np.inf
        nearest = np.argsort(apart, axis=1)[:, :AROUND]
        others = there[nearest]
        count = others.shape[1]
        exists = np.isfinite(np.take_along_axis(apart, nearest, axis=1))
        around[rows, :count] = positions[others][:, :, span] * exists[..., None, None]
        around_seen[rows, :count] = tracks.valid[others][:, :, span] & exists[..., None]
    return around, around_seen


def _empty() -> Windows:
    return Windows(
        np.zeros((0, PAST, 2), np.float32), np.zeros((0, PAST), bool), np.zeros((0, FUTURE, 2), np.float32),
        np.zeros((0, AROUND, PAST, 2), np.float32), np.zeros((0, AROUND, PAST), bool), np.zeros(0, np.int64),
        np.zeros(0, np.float32),
    )  # fmt: skip
