"""The training corpus: every clip as spline control points in one array, and what may be drawn from it.

A *take* is a span of one clip with captions. Short takes are also joined end to end with a take of the same label that
starts as the first one ends, so that the network learns to repeat an action when more time is asked for.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from motion.core.errors import BadInput
from motion.core.progress import Progress, silent
from motion.datasets.store import TrainingSet
from motion.generation.windows import at_origin, moved_to, start_of
from motion.metrics.contacts import foot_contacts
from motion.representation.features import mirror, motion_to_features
from motion.representation.layout import LIMBS
from motion.representation.normalisation import Statistics, statistics_of
from motion.representation.spline import KNOT_RATE, fit

Array = NDArray[np.floating]

#: Labels are drawn in proportion to (number of takes) ** BALANCE: rare actions are seen far more often than they occur.
BALANCE = 0.15

#: The same for a source whose takes have captions but no labels; they count as one group.
BALANCE_UNLABELLED = 0.45

#: Takes shorter than this many seconds are also joined with another one.
JOIN_BELOW = 3.4

#: Two takes are joined when no joint is further apart, in metres, between the end of one and the start of the other.
JOIN_DISTANCE = 0.15

#: Control points over which the two blend.
JOIN_BLEND = 4


@dataclass(frozen=True)
class Take:
    """Control points ``start`` to ``stop`` of the corpus, with the ids of the captions that describe them."""

    start: int
    stop: int
    captions: tuple[int, ...]
    label: str
    labelled: bool
    clip_id: str

    @property
    def length(self) -> int:
        return self.stop - self.start


@dataclass(frozen=True)
class Corpus:
    """All control points (N, NUM_FEATURES), the takes in them, the caption texts, and how often a take is drawn."""

    controls: NDArray[np.float32]
    takes: tuple[Take, ...]
    texts: tuple[str, ...]
    mirrored_text: NDArray[np.integer]
    weights: Array
    statistics: Statistics


def mirrored_caption(text: str) -> str:
    """The caption of the mirror image: left and right, clockwise and counterclockwise exchanged."""
    swap = {"left": "right", "right": "left", "clockwise": "counterclockwise", "counterclockwise": "clockwise"}
    swap |= {"counter-clockwise": "clockwise", "rightwards": "leftwards", "leftwards": "rightwards"}

    def exchange(match: re.Match[str]) -> str:
        word = swap[match[0].lower()]
        return word.capitalize() if match[0][0].isupper() else word

    pattern = r"\b(" + "|".join(sorted(swap, key=len, reverse=True)) + r")\b"
    return re.sub(pattern, exchange, text, flags=re.IGNORECASE)


class _Builder:
    """Collects control points, takes and captions."""

    def __init__(self) -> None:
        self.controls: list[Array] = []
        self.total = 0
        self.takes: list[Take] = []
        self.texts: dict[str, int] = {}

    def text(self, text: str) -> int:
        return self.texts.setdefault(text, len(self.texts))

    def add(self, controls: Array) -> int:
        """Append control points; returns where they start."""
        start = self.total
        self.controls.append(controls.astype(np.float32))
        self.total += len(controls)
        return start


def _spans(row: dict, duration: float) -> Iterator[tuple[float, float, list[str]]]:
    """The distinct spans of a clip that have captions."""
    spans: dict[tuple[float, float], list[str]] = defaultdict(list)
    for caption in row["captions"]:
        start = caption.get("start_s") or 0.0
        end = min(caption.get("end_s") or duration, duration)
        # spans that differ by a blink are one
        key = next((k for k in spans if abs(k[0] - start) < 0.2 and abs(k[1] - end) < 0.2), (start, end))
        spans[key].append(caption["text"])
    for (start, end), texts in spans.items():
        yield start, end, texts


def build_corpus(
    data: TrainingSet, split: str, *, sources: tuple[str, ...] = (), join: bool = True, progress: Progress = silent
) -> Corpus:
    """Fit every clip of ``split`` from ``sources`` (empty: all) and list its takes."""
    builder = _Builder()
    chosen = [i for i in data.select(split=split) if not sources or data.rows[i]["source"] in sources]
    if not chosen:
        raise BadInput(f"the training set has no {split} clips of {', '.join(sources) or 'any source'}")
    for done, i in enumerate(chosen):
        row, clip = data.rows[i], data.clip(i)
        controls = fit(motion_to_features(clip, foot_contacts(clip)), clip.fps)
        first = builder.add(controls)
        for start, end, texts in _spans(row, clip.duration):
            low = int(start * KNOT_RATE)
            high = min(int(np.ceil(end * KNOT_RATE)) + 3, len(controls))
            if high - low >= 8:
                captions = tuple(builder.text(text) for text in texts)
                label, labelled = row["content"] or row["source"], row["content"] is not None
                builder.takes.append(Take(first + low, first + high, captions, label, labelled, row["id"]))
        progress("fit clips", (done + 1) / len(chosen))
    if join:
        _join_takes(builder)
    controls = np.concatenate(builder.controls)
    order, sign = mirror()
    sample = controls[:: max(1, len(controls) // 200_000)]
    statistics = statistics_of(np.concatenate([sample, sample[:, order] * sign]))
    mirrored = [builder.text(mirrored_caption(text)) for text in list(builder.texts)]
    mirrored += range(len(mirrored), len(builder.texts))
    takes = tuple(builder.takes)
    return Corpus(controls, takes, tuple(builder.texts), np.array(mirrored), _weights(takes), statistics)


def _weights(takes: tuple[Take, ...]) -> Array:
    counts = Counter(take.label for take in takes)
    exponents = {take.label: BALANCE if take.labelled else BALANCE_UNLABELLED for take in takes}
    weights = np.array([counts[take.label] ** (exponents[take.label] - 1.0) for take in takes])
    return weights / weights.sum()


def _joint_positions(controls: Array) -> Array:
    return np.concatenate([controls[part.positions] for part in LIMBS]).reshape(-1, 3)


def join(first: Array, second: Array) -> Array:
    """One curve out of two: ``second`` is placed where ``first`` ends, and they blend over a few control points."""
    second = moved_to(at_origin(second), *start_of(first[-3 - JOIN_BLEND :]))
    overlap = JOIN_BLEND + 3
    share = np.linspace(0, 1, overlap)[:, None]
    share = share * share * (3 - 2 * share)
    blend = first[-overlap:] * (1 - share) + second[:overlap] * share
    return np.concatenate([first[:-overlap], blend, second[overlap:]])


def _join_takes(builder: _Builder) -> None:
    """Add one joined take for every short take that has a partner of its label to continue with."""
    random = np.random.default_rng(0)
    controls = np.concatenate(builder.controls)
    by_captions: dict[tuple[int, ...], list[Take]] = defaultdict(list)
    for take in builder.takes:
        if take.length < JOIN_BELOW * KNOT_RATE + 3:
            by_captions[take.captions].append(take)
    for takes in by_captions.values():
        starts = np.stack([_joint_positions(controls[take.start + 1]) for take in takes])
        for take in takes:
            end = _joint_positions(controls[take.stop - 2])
            distance = np.linalg.norm(starts - end, axis=-1).max(axis=-1)
            partners = np.flatnonzero(distance < JOIN_DISTANCE)
            if len(partners) == 0 or take.length < 2 * (JOIN_BLEND + 3):
                continue
            partner = takes[int(random.choice(partners))]
            if partner.length < 2 * (JOIN_BLEND + 3):
                continue
            joined = join(controls[take.start : take.stop], controls[partner.start : partner.stop])
            start = builder.add(joined)
            clip_id = f"{take.clip_id}+{partner.clip_id}"
            builder.takes.append(replace(take, start=start, stop=start + len(joined), clip_id=clip_id))
