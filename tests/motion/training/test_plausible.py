"""Composed takes that do not fit their captions go; all recorded ones stay."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from helpers import smpl_skeleton
from motion.training import plausible
from motion.training.corpus import SHARE, Corpus, Take, weights_of
from motion.training.plausible import without_implausible


class Encoder:
    """A take's one number is its cosine with every caption."""

    def positions(self, movements: list[Any]) -> Any:
        return np.array([[float(rows[0, 0]), 0.0] for rows in movements])

    def texts(self, texts: list[str]) -> Any:
        return np.tile([1.0, 0.0], (len(texts), 1))


def corpus_of(recorded: list[float], made: list[tuple[str, float]]) -> Corpus:
    fits = [*recorded, *(fit for _, fit in made)]
    kinds = [*("" for _ in recorded), *(kind for kind, _ in made)]
    takes = tuple(
        Take(i, i + 1, (i,), kind or f"label{i % 2}", True, f"clip{i}", made=kind) for i, kind in enumerate(kinds)
    )
    texts = tuple(f"text {i}" for i in range(len(fits)))
    controls = np.array(fits, dtype=np.float32)[:, None]
    nothing: Any = SimpleNamespace()
    return Corpus(controls, takes, texts, np.arange(len(fits)), weights_of(takes), nothing)


@pytest.fixture(autouse=True)
def plain_movements(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plausible, "movement", lambda controls, skeleton: controls)


def test_what_fits_worse_than_nearly_all_recorded_takes_is_dropped() -> None:
    recorded = list(np.linspace(0.0, 1.0, 101))  # a twentieth of them fit worse than 0.05
    corpus = corpus_of(recorded, [("together", 0.9), ("together", 0.01), ("in turn", 0.06), ("in turn", 0.04)])
    encoder: Any = Encoder()
    kept = without_implausible(corpus, encoder, smpl_skeleton())
    assert [take.clip_id for take in kept.corpus.takes if take.made] == ["clip101", "clip103"]
    assert [take for take in kept.corpus.takes if not take.made] == list(corpus.takes[:101])
    assert kept.before == {"together": 2, "in turn": 2} and kept.after == {"together": 1, "in turn": 1}
    assert kept.corpus.texts == corpus.texts
    together = [w for w, take in zip(kept.corpus.weights, kept.corpus.takes, strict=True) if take.made == "together"]
    assert sum(together) == pytest.approx(SHARE["together"]) and sum(kept.corpus.weights) == pytest.approx(1.0)


def test_without_composed_takes_nothing_changes() -> None:
    corpus = corpus_of([0.1, 0.9], [])
    encoder: Any = Encoder()
    kept = without_implausible(corpus, encoder, smpl_skeleton())
    assert kept.corpus.takes == corpus.takes and kept.before == kept.after == {}
    np.testing.assert_allclose(kept.corpus.weights, corpus.weights)
