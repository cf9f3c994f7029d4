"""The field's metrics of text and motion, of generated clips beside real ones, by the encoder trained here."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motion.core import Motion
from motion.core.progress import Progress, silent
from motion.datasets.store import TrainingSet
from motion.evaluation.sampling import Sampler
from motion.evaluation.scorecard import Row
from motion.metrics.text_motion import (
    Interval,
    diversity,
    frechet_distance,
    mm_distance,
    multimodality,
    r_precision,
    with_interval,
)
from motion.networks.text_encoder import text_encoder
from motion.understanding.encoder import TextMotionEncoder

Array = NDArray[np.floating]

log = logging.getLogger(__name__)

#: Share of the clips that a repetition of a measurement of the whole set takes.
SUBSET = 0.9

#: Clips below which nothing is measured: FID needs more than an embedding has numbers in each repetition.
FEWEST = 80

#: Texts and samples of each by which MultiModality is measured.
TEXTS, SAMPLES = 12, 8

#: Longest span of a clip that is asked for, in seconds.
LONGEST = 6.0


@dataclass(frozen=True)
class Described:
    """A real clip and one sentence that describes it."""

    clip: Motion
    text: str


@dataclass(frozen=True)
class Scores:
    """R-precision at 1, 2, 3, FID, MM-distance, Diversity, each with its interval over 20 repetitions."""

    r_precision: Interval
    fid: Interval
    mm_distance: Interval
    diversity: Interval


def described(training: TrainingSet, split: str, count: int | None = None) -> list[Described]:
    """Clips of a split, each with one of its captions, cut to what the caption describes; ``count`` spread evenly."""
    random = np.random.default_rng(0)
    rows = training.select(split)
    if count is not None:
        rows = [rows[int(i)] for i in np.linspace(0, len(rows), min(count, len(rows)), endpoint=False)]
    found = []
    for index in rows:
        captions, clip = training.rows[index]["captions"], training.clip(index)
        if not captions:
            continue
        caption = captions[int(random.integers(len(captions)))]
        start = round((caption.get("start_s") or 0.0) * clip.fps)
        stop = min(round((caption.get("end_s") or clip.duration) * clip.fps), start + round(LONGEST * clip.fps))
        if stop - start >= clip.fps:
            found.append(Described(clip.sliced(start, min(stop, clip.num_frames)), caption["text"]))
    return found


def scores(
    encoder: TextMotionEncoder, clips: Sequence[Motion], texts: Sequence[str], reference: Sequence[Motion]
) -> Scores:
    """Of clips and the texts they were made for; ``reference`` is what FID compares with."""
    movements, words, others = encoder.clips(clips), encoder.texts(texts), encoder.clips(reference)
    sentences = text_encoder().encode_many(texts).sentence.numpy()
    sentences = (sentences - sentences.mean(axis=0)) / (sentences.std(axis=0) + 1e-6)

    def part(rng: np.random.Generator, count: int) -> NDArray[np.integer]:
        return rng.permutation(count)[: max(2, round(SUBSET * count))]

    def fid(rng: np.random.Generator) -> float:
        return frechet_distance(others[part(rng, len(others))], movements[part(rng, len(movements))])

    def distance(rng: np.random.Generator) -> float:
        chosen = part(rng, len(movements))
        return mm_distance(words[chosen], movements[chosen])

    return Scores(
        with_interval(lambda rng: r_precision(words, movements, rng=rng, sentences=sentences)),
        with_interval(fid),
        with_interval(distance),
        with_interval(lambda rng: diversity(movements, rng=rng)),
    )


def text_motion_rows(
    training: TrainingSet, encoder: TextMotionEncoder, sampler: Sampler, *, progress: Progress = silent
) -> list[Row]:
    """Clips generated for the validation captions beside the validation clips themselves.

    The real column's FID is that of as many training clips, whose captions tell about the same. A set of which too few
    validation clips tell anything gets no such rows: the metrics have no meaning there.
    """
    real = described(training, "val")
    train = described(training, "train", len(real))
    if min(len(real), len(train)) < FEWEST:
        log.warning("no metrics of text and motion: they need %d described validation clips or more", FEWEST)
        return []
    texts, clips = [one.text for one in real], []
    for number, one in enumerate(real):
        progress("validation captions", number / len(real))
        clips += sampler(one.text, max(1.0, round(one.clip.duration, 1)), 1)
    validation = [one.clip for one in real]
    ours = scores(encoder, clips, texts, validation)
    theirs = scores(encoder, validation, texts, [one.clip for one in train])
    many = []
    for number, text in enumerate(texts[:: max(1, len(texts) // TEXTS)][:TEXTS]):
        progress("multimodality", number / TEXTS)
        many.append(encoder.clips(sampler(text, 4.0, SAMPLES)))
    spread = with_interval(lambda rng: multimodality(np.stack(many), rng=rng))
    rows = [
        Row(f"R-precision@{k + 1}", float(ours.r_precision.mean[k]), float(theirs.r_precision.mean[k]))
        for k in range(3)
    ]
    return [
        *rows,
        Row("FID", float(ours.fid.mean), float(theirs.fid.mean)),
        Row("MM-distance", float(ours.mm_distance.mean), float(theirs.mm_distance.mean)),
        Row("Diversity", float(ours.diversity.mean), float(theirs.diversity.mean)),
        Row("MultiModality", float(spread.mean)),
    ]
