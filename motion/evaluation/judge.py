"""The judge of generated actions: a classifier trained on the real labelled clips of a training set."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from motion.core import BadFile, BadInput
from motion.core.progress import Progress, silent
from motion.datasets.store import TrainingSet
from motion.resources import sha256_of
from motion.understanding.classifier import (
    Classifier,
    load_classifier,
    train_classifier,
)
from motion.understanding.joints import RATE, sampled_positions

Array = NDArray[np.floating]

#: The source whose clips carry labels of what is done.
SOURCE = "bandai"

#: A content with fewer training clips than this has no validation clips of its own: some are held out here.
RARE = 20
#: Of a rare content every so manieth clip is held out; of one with this many clips or fewer, the last quarter of each.
EVERY = 7
FEW = 3


@dataclass(frozen=True)
class Examples:
    """Joint positions (T, 22, 3) at the classifier's rate, and their contents."""

    positions: list[Array]
    contents: list[str]

    def add(self, positions: Array, content: str) -> None:
        self.positions.append(positions)
        self.contents.append(content)


@dataclass(frozen=True)
class Judge:
    """A classifier with its accuracy on real clips it never saw: the validation split, and rare contents' held-out."""

    classifier: Classifier
    accuracy_val: float
    accuracy_rare: float


def labelled_rows(training: TrainingSet, split: str | None = None) -> list[int]:
    """Rows of the training set that carry a content; raises ``BadInput`` when there is none."""
    rows = [index for index in training.select(split, SOURCE) if training.rows[index]["content"]]
    if not rows:
        raise BadInput(f"{training.folder} holds no labelled clips; add them with: stride data build {SOURCE}")
    return rows


def judge_for(training: TrainingSet, *, steps: int = 500, progress: Progress = silent) -> Judge:
    """Train a judge, or take the one trained on this very training set before; about a minute on one core."""
    train, rare, val = examples(training)
    classifier = judge_once(training, "judge", train.positions, train.contents, steps=steps, progress=progress)
    return Judge(classifier, _accuracy(classifier, val), _accuracy(classifier, rare))


def judge_once(
    training: TrainingSet,
    kind: str,
    positions: list[Array],
    names: list[str],
    *,
    steps: int,
    progress: Progress = silent,
) -> Classifier:
    """A classifier trained on this, or the one of this ``kind`` trained on this very training set before."""
    cached = training.folder / f"{kind}-{sha256_of(training.folder / 'meta.json')[:12]}.safetensors"
    classifier = _kept(cached)
    if classifier is None:
        classifier = train_classifier(positions, names, steps=steps, progress=progress)
        try:
            classifier.save(cached)
        except OSError as error:
            logging.getLogger(__name__).warning("the judge cannot be kept for the next time: %s", error)
    return classifier


def _kept(path: Path) -> Classifier | None:
    """The judge trained before, or None; one that is damaged or of another version is trained anew."""
    try:
        return load_classifier(path) if path.is_file() else None
    except BadFile:
        return None


def examples(training: TrainingSet) -> tuple[Examples, Examples, Examples]:
    """What the judge learns from, what of the rare contents is held out, and the validation clips."""
    train, rare, val = Examples([], []), Examples([], []), Examples([], [])
    rows = labelled_rows(training)
    counts = Counter(training.rows[i]["content"] for i in rows if training.rows[i]["split"] == "train")
    seen: Counter[str] = Counter()
    for index in rows:
        content, positions = training.rows[index]["content"], sampled_positions(training.clip(index))
        if training.rows[index]["split"] != "train":
            val.add(positions, content)
            continue
        seen[content] += 1
        if counts[content] < RARE and counts[content] > FEW and seen[content] % EVERY == EVERY // 2:
            rare.add(positions, content)
        elif counts[content] <= FEW and len(positions) > 5 * RATE:
            cut = 3 * len(positions) // 4
            train.add(positions[:cut], content)
            rare.add(positions[min(cut, len(positions) - round(2 * RATE)) :], content)
        else:
            train.add(positions, content)
    return train, rare, val


def _accuracy(classifier: Classifier, held: Examples) -> float:
    return share_right(classifier.names_of_positions(held.positions), held.contents)


def share_right(found: Sequence[str], right: Sequence[str]) -> float:
    """Share of equal names; NaN of none."""
    return float(np.mean([a == b for a, b in zip(found, right, strict=True)])) if right else float("nan")
