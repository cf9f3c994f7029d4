"""How people walk and run at a speed: the bands of cadence and step length of recorded steps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from motion.core import Motion
from motion.datasets.store import TrainingSet
from motion.metrics.control import gait
from motion.metrics.physical import mean_planar_speed

#: Labels and words of clips in which somebody goes somewhere, forward.
LABELS = re.compile(r"(walk|walk-turn-.*|run|dash|jog.*)$")
WORDS = re.compile(r"\b(walk|run|jog|sprint|dash)", re.IGNORECASE)
NOT_WORDS = re.compile(r"\b(back|sideways|sneak|stair|climb|turn)", re.IGNORECASE)

#: Long recordings are looked at in pieces of so many seconds, the shortest of all so long.
PIECE, SHORTEST = 4.0, 1.5

#: Pieces count for a speed they differ from by less than this share; of more than ``MOST`` the nearest; of fewer than
#: ``FEWEST`` in that range the nearest ``FEWEST`` of any speed.
NEAR, FEWEST, MOST = 0.12, 20, 80

#: Shares of the recordings below and above the band.
BAND = (5.0, 95.0)


@dataclass(frozen=True)
class GaitBand:
    """What 90 % of recorded gaits at about one speed keep within: steps per second, metres per step."""

    cadence: tuple[float, float]
    step_length: tuple[float, float]
    pieces: int


def gait_bands(training: TrainingSet, speeds: tuple[float, ...]) -> dict[float, GaitBand]:
    """The band at each speed in m/s; no entry where the set has no steps to compare with."""
    pieces = list(_pieces(training))
    own = np.array([speed for speed, _ in pieces])
    bands = {}
    for speed in speeds:
        away = np.abs(own / speed - 1)
        order = np.argsort(away, kind="stable")
        count = int(np.clip((away < NEAR).sum(), FEWEST, MOST))
        gaits = [gait(pieces[place][1]) for place in order[:count]]
        steps = np.array([(one.cadence, one.step_length) for one in gaits if one.cadence > 0]).reshape(-1, 2)
        if len(steps):
            (low, short), (high, long) = np.percentile(steps, BAND, axis=0)
            bands[speed] = GaitBand((float(low), float(high)), (float(short), float(long)), len(steps))
    return bands


def _pieces(training: TrainingSet) -> Iterator[tuple[float, Motion]]:
    """Speed in m/s and clip of every piece of a recording in which somebody goes forward."""
    for index, row in enumerate(training.rows):
        captions = " ".join(caption["text"] for caption in row["captions"])
        said = WORDS.search(captions) and not NOT_WORDS.search(captions)
        if not (LABELS.match(row["content"]) if row["content"] else said):
            continue
        clip = training.clip(index)
        parts = max(1, round(clip.duration / PIECE))
        edges = np.linspace(0, clip.num_frames, parts + 1).astype(int)
        for start, stop in pairwise(edges):
            if stop - start >= SHORTEST * clip.fps:
                piece = clip.sliced(start, stop)
                yield mean_planar_speed(piece), piece
