"""The training corpus: every clip as spline control points in one array, and what may be drawn from it.

A *take* is a span of one clip with captions. More takes are made out of the recorded ones: short ones repeated, two in
turn (``joining``), and the arms of one on the legs of another (``composition``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from motion.core.clip import Motion
from motion.core.errors import BadInput
from motion.core.progress import Progress, silent
from motion.datasets.captions import CONTENTS, plain_orders
from motion.datasets.grammar import mirrored_caption
from motion.datasets.store import TrainingSet
from motion.metrics.contacts import foot_contacts
from motion.representation.features import mirror, motion_to_features
from motion.representation.normalisation import Statistics, statistics_of
from motion.representation.spline import KNOT_RATE, evaluate, fit
from motion.training.composition import PER_PAIR, compositions, pairs, parts_of
from motion.training.held_out import HELD_OUT_STYLES
from motion.training.joining import in_turn, repeated

Array = NDArray[np.floating]

#: Labels are drawn in proportion to (number of takes) ** BALANCE: rare actions are seen far more often than they occur.
BALANCE = -0.1

#: The same for a source whose takes have captions but no labels; they count as one group.
BALANCE_UNLABELLED = 0.45

#: How much more often labels are drawn whose takes come in several styles: there is more to learn of them.
STYLED = 1.5

#: Share of draws that are takes composed of two at the same time, and of two in turn.
SHARE = {"together": 0.25, "in turn": 0.05}


@dataclass(frozen=True)
class Grid:
    """What the rows of a corpus are: control points of curves, or frames; and how many there are per second."""

    rate: float
    curve: bool

    @property
    def more(self) -> int:
        """Rows beyond one per interval."""
        return 3 if self.curve else 1


CONTROLS = Grid(KNOT_RATE, curve=True)


@dataclass(frozen=True)
class Take:
    """Rows ``start`` to ``stop`` of the corpus, with the ids of the captions that describe them.

    ``made`` names how it was made out of two different ones (a key of ``SHARE``); it is empty for one that was recorded
    or repeated.
    """

    start: int
    stop: int
    captions: tuple[int, ...]
    label: str
    labelled: bool
    clip_id: str
    style: str | None = None
    made: str = ""

    @property
    def length(self) -> int:
        return self.stop - self.start


@dataclass(frozen=True)
class Corpus:
    """All rows (N, NUM_FEATURES), the takes in them, the caption texts, and how often a take is drawn."""

    controls: NDArray[np.float32]
    takes: tuple[Take, ...]
    texts: tuple[str, ...]
    mirrored_text: NDArray[np.integer]
    weights: Array
    statistics: Statistics
    grid: Grid = CONTROLS

    def deeds(self) -> list[tuple[str, tuple[str, ...]]]:
        """What the recordings show, in plain words, and the body parts that each is about (none: all of it).

        Phrases for the labels, captions where there is no label.
        """
        recorded = [take for take in self.takes if not take.made]
        labels = sorted({take.label for take in recorded if take.labelled})
        captions = [self.texts[i] for take in recorded if not take.labelled for i in take.captions]
        phrases = [(text, parts_of(label)) for label in labels for text in plain_orders(label)]
        return phrases + [(text, ()) for text in captions]


def as_frames(corpus: Corpus, rate: float) -> Corpus:
    """The same takes as frames of their curves, ``rate`` per second, for networks that know nothing of curves."""
    rows: list[Array] = []
    takes: list[Take] = []
    start = 0
    for take in corpus.takes:
        seconds = (take.length - CONTROLS.more) / CONTROLS.rate
        times = np.arange(0.0, seconds + 1e-6, 1.0 / rate)
        rows.append(evaluate(corpus.controls[take.start : take.stop], times).astype(np.float32))
        takes.append(replace(take, start=start, stop=start + len(times)))
        start += len(times)
    return replace(corpus, controls=np.concatenate(rows), takes=tuple(takes), grid=Grid(rate, curve=False))


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
    data: TrainingSet, split: str, *, sources: tuple[str, ...] = (), more: bool = True, progress: Progress = silent
) -> Corpus:
    """Fit every clip of ``split`` from ``sources`` (empty: all) and list its takes, ``more`` of them made of these."""
    builder = _Builder()
    chosen = [i for i in data.select(split=split) if not sources or data.rows[i]["source"] in sources]
    chosen = [i for i in chosen if (data.rows[i]["content"], data.rows[i]["style"]) not in HELD_OUT_STYLES]
    if not chosen:
        raise BadInput(f"the training set has no {split} clips of {', '.join(sources) or 'any source'}")
    for done, i in enumerate(chosen):
        _add_clip(builder, data.rows[i], data.clip(i))
        progress("fit clips", (done + 1) / len(chosen))
    if more:
        _add_made(builder, data, chosen, progress)
    controls = np.concatenate(builder.controls)
    order, sign = mirror()
    sample = controls[:: max(1, len(controls) // 200_000)]
    statistics = statistics_of(np.concatenate([sample, sample[:, order] * sign]))
    mirrored = [builder.text(mirrored_caption(text)) for text in list(builder.texts)]
    mirrored += range(len(mirrored), len(builder.texts))
    takes = tuple(builder.takes)
    return Corpus(controls, takes, tuple(builder.texts), np.array(mirrored), weights_of(takes), statistics)


def _controls(clip: Motion) -> Array:
    return fit(motion_to_features(clip, foot_contacts(clip)), clip.fps)


def _add_clip(builder: _Builder, row: dict, clip: Motion) -> None:
    controls = _controls(clip)
    first = builder.add(controls)
    for start, end, texts in _spans(row, clip.duration):
        low = int(start * KNOT_RATE)
        high = min(int(np.ceil(end * KNOT_RATE)) + 3, len(controls))
        if high - low >= 8:
            captions = tuple(builder.text(text) for text in texts)
            label, labelled = row["content"] or row["source"], row["content"] is not None
            builder.takes.append(Take(first + low, first + high, captions, label, labelled, row["id"], row["style"]))


def _add_made(builder: _Builder, data: TrainingSet, rows: list[int], progress: Progress) -> None:
    recorded, controls = tuple(builder.takes), np.concatenate(builder.controls)
    for joined, first, second in repeated(controls, recorded):
        start = builder.add(joined)
        clip_id = f"{recorded[first].clip_id}+{recorded[second].clip_id}"
        builder.takes.append(replace(recorded[first], start=start, stop=start + len(joined), clip_id=clip_id))
    for made, label, captions, clip_id in in_turn(controls, [take for take in recorded if take.label in CONTENTS]):
        _add_composed(builder, made, "in turn", label, captions, clip_id)
    for done, composed in enumerate(compositions(data, rows)):
        made = _controls(composed.clip)
        _add_composed(builder, made, "together", composed.label, composed.captions, composed.clip_id)
        progress("compose clips", (done + 1) / (PER_PAIR * len(pairs())))


def _add_composed(
    builder: _Builder, controls: Array, made: str, label: str, captions: tuple[str, ...], clip_id: str
) -> None:
    start = builder.add(controls)
    ids = tuple(builder.text(text) for text in captions)
    builder.takes.append(Take(start, start + len(controls), ids, label, True, clip_id, made=made))


def weights_of(takes: tuple[Take, ...]) -> Array:
    """How often each take is drawn: recorded ones by label, made ones together as often as ``SHARE`` says."""
    made = np.array([take.made for take in takes])
    counts = Counter(take.label for take in takes)
    styles: dict[str, set[str | None]] = defaultdict(set)
    for take in takes:
        styles[take.label].add(take.style)
    exponents = {take.label: BALANCE if take.labelled else BALANCE_UNLABELLED for take in takes}
    weights = np.array([counts[take.label] ** (exponents[take.label] - 1.0) for take in takes])
    weights *= [STYLED if len(styles[take.label]) > 1 else 1.0 for take in takes]
    for kind in set(made):
        of_kind = made == kind
        weights[of_kind] *= SHARE.get(kind, 1 - sum(SHARE.values())) / weights[of_kind].sum()
    return weights / weights.sum()
