"""Sightings: who was seen where and when, a row each, as files hold it; and the tracks cut out of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from motion.core.errors import BadInput
from motion.core.tracks import Tracks

Array = NDArray[np.floating]

#: Longest time without sight that is bridged by a straight line, in seconds.
MAX_GAP = 2.0

#: Somebody last seen so long ago (s) still counts as present: cameras do not see all people at one moment.
STALE = 0.2

#: Most people x columns of tracks.
MAX_CELLS = 20_000_000

#: Times that differ by less, in seconds, are one moment.
SAME_TIME = 1e-6


@dataclass(frozen=True)
class Sightings:
    """N rows, sorted by person and then by time.

    Attributes:
        person: (N,) index into ``ids``.
        time: (N,) s, on the clock of the file.
        position: (N, 2) m on the ground (x, z).
        ids: names of the people.
        step: s between sights of one person, most often.
        frames_per_s: of the numbers that the file counts time in; 1 where it tells seconds.
        form: the name of the file's form.
        flat: how the file lays out the ground: ``xy`` seen from above with y upwards, or ``xz`` as we do.
        notes: what was assumed or repaired, a sentence each.
    """

    person: NDArray[np.integer]
    time: Array
    position: Array
    ids: tuple[str, ...]
    step: float
    frames_per_s: float = 1.0
    form: str = "csv"
    flat: str = "xy"
    notes: tuple[str, ...] = ()

    @property
    def begin(self) -> float:
        """s, the first sight."""
        return float(self.time.min())

    @property
    def end(self) -> float:
        """s, the last sight."""
        return float(self.time.max())

    @property
    def written(self) -> Array:
        """(N, 2) m, the positions as the file lays them out."""
        return laid_out(self.position, self.flat)

    def between(self, begin: float, end: float) -> Sightings:
        """The rows of these seconds, of the people who have any; raises ``BadInput`` when there are none."""
        rows = (self.time >= begin - SAME_TIME) & (self.time <= end + SAME_TIME)
        if not rows.any():
            raise BadInput(
                f"nobody is seen between {begin:g} and {end:g} s; people are seen from {self.begin:g} to {self.end:g} s"
            )
        there, person = np.unique(self.person[rows], return_inverse=True)
        ids = tuple(self.ids[index] for index in there)
        return replace(self, person=person, time=self.time[rows], position=self.position[rows], ids=ids)

    def tracks(self, begin: float, end: float, fps: float) -> Tracks:
        """Tracks of all people whose last column is at ``end`` s and whose first is at ``begin`` s or just before.

        Between two sights people go straight; times without sight for more than ``MAX_GAP`` stay invalid.
        Raises ``BadInput`` when that is too much to hold.
        """
        count = int(np.ceil((end - begin) * fps - SAME_TIME)) + 1
        if count * len(self.ids) > MAX_CELLS:
            raise BadInput(
                f"{len(self.ids)} people over {end - begin:g} s are too much to hold at {fps:g} positions a second; "
                f"ask for {MAX_CELLS / len(self.ids) / fps:.0f} s"
            )
        columns = end - np.arange(count - 1, -1, -1) / fps
        positions, valid = np.zeros((len(self.ids), count, 2)), np.zeros((len(self.ids), count), bool)
        starts = np.searchsorted(self.person, np.arange(len(self.ids) + 1))
        for index, (first, last) in enumerate(pairwise(starts)):
            positions[index], valid[index] = _at(columns, self.time[first:last], self.position[first:last])
        return Tracks(positions, valid, fps)


def _at(columns: Array, times: Array, places: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Where one person is at times (T,) s: places (T, 2) and whether that is known (T,)."""
    after = np.searchsorted(times, columns + SAME_TIME)  # sights up to and at each column
    before = np.clip(after - 1, 0, len(times) - 1)
    following = np.clip(after, 0, len(times) - 1)
    exact = (after > 0) & (np.abs(times[before] - columns) <= SAME_TIME)
    gap = times[following] - times[before]
    inside = (after > 0) & (after < len(times)) & (gap <= MAX_GAP)
    late = (after == len(times)) & (columns - times[-1] <= STALE)
    share = np.where(inside, (columns - times[before]) / np.where(gap > 0, gap, 1.0), 0.0)
    found = places[before] + share[:, None] * (places[following] - places[before])
    if len(times) > 1 and times[-1] - times[-2] <= MAX_GAP:
        velocity = (places[-1] - places[-2]) / (times[-1] - times[-2])
        found = np.where((late & ~exact)[:, None], places[-1] + (columns - times[-1])[:, None] * velocity, found)
    found[exact] = places[before][exact]
    return found, exact | inside | late


def laid_out(ground: Array, flat: str) -> Array:
    """Ground positions (..., 2) as a file with that plan holds them, and the other way round.

    A plan ``xy`` is seen from above with y upwards, so z, which comes towards whoever looks down, is -y.
    """
    return ground * np.array([1.0, -1.0 if flat == "xy" else 1.0])


def from_rows(
    person: NDArray[np.integer], time: Array, position: Array, ids: tuple[str, ...], about: Sightings | None = None
) -> Sightings:
    """Sorted sightings of rows in any order, in the form and plan of others; positions on the ground."""
    order = np.lexsort((time, person))
    made = Sightings(person[order], time[order], position[order], ids, step=usual_step(person[order], time[order]))
    if about is None:
        return made
    return replace(made, frames_per_s=about.frames_per_s, form=about.form, flat=about.flat)


def usual_step(person: NDArray[np.integer], time: Array) -> float:
    """The most frequent difference between neighbouring times of one person; 0 when nobody was seen twice."""
    apart = np.diff(time)[np.diff(person) == 0]
    apart = apart[apart > 0]
    if not apart.size:
        return 0.0
    values, counts = np.unique(np.round(apart, 4), return_counts=True)
    return float(values[np.argmax(counts)])
