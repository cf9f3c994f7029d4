"""Metrics of text and motion with an evaluator that knows: best for real clips, worst for one clip for all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers import smpl_skeleton, walking_clip
from motion.core import Motion
from motion.datasets.store import Caption, Item, TrainingSet, write_store
from motion.evaluation.text_motion_rows import LONGEST, described, text_motion_rows


def walked(training: TrainingSet, text: str) -> Motion:
    """The validation clip of a caption."""
    (row,) = [i for i in training.select("val") if training.rows[i]["captions"][0]["text"] == text]
    return training.clip(row)


def test_real_clips_given_out_as_generated_measure_as_real_ones(numbered: TrainingSet, encoder: Any) -> None:
    asked: list[tuple[str, float, int]] = []

    def sampler(prompt: str, duration: float, samples: int) -> list[Motion]:
        asked.append((prompt, duration, samples))
        return [walked(numbered, prompt)] * samples

    table = {row.what: row for row in text_motion_rows(numbered, encoder, sampler)}
    for what in ("R-precision@1", "R-precision@3"):
        assert (table[what].ours, table[what].real) == (1.0, 1.0)
    assert table["MM-distance"].ours == table["MM-distance"].real == pytest.approx(0.0, abs=1e-9)
    assert table["FID"].ours < 0.05
    assert table["Diversity"].ours == table["Diversity"].real
    assert table["MultiModality"].ours == 0.0
    assert {duration for _, duration, samples in asked if samples == 1} == {1.2}


def test_one_clip_for_every_caption_is_noticed(numbered: TrainingSet, encoder: Any) -> None:
    same = walked(numbered, "walk number 0")
    table = {row.what: row for row in text_motion_rows(numbered, encoder, lambda p, d, samples: [same] * samples)}
    assert table["R-precision@1"].ours < 0.2 and table["R-precision@1"].real == 1.0
    assert table["FID"].ours > 10 * table["FID"].real
    assert table["MM-distance"].ours > 0.5 and table["Diversity"].ours == 0.0


def test_of_too_few_clips_no_metrics_are_told(
    numbered: TrainingSet, encoder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("motion.evaluation.text_motion_rows.FEWEST", 41)
    assert text_motion_rows(numbered, encoder, lambda *_: pytest.fail("nothing is to be made")) == []


def test_clips_are_cut_to_what_their_captions_tell(tmp_path: Path) -> None:
    clip = walking_clip(9.0)
    captions = {
        "span": (Caption("a", 1.0, 3.5, "test"),),
        "whole": (Caption("b", None, None, "test"),),
        "blink": (Caption("c", 1.0, 1.5, "test"),),
        "mute": (),
    }
    items = [Item(name, "test", clip, told, "val", "CC0-1.0") for name, told in captions.items()]
    write_store(tmp_path, items, smpl_skeleton(), 30.0)
    span, whole = described(TrainingSet.open(tmp_path), "val")
    assert (span.text, whole.text) == ("a", "b")
    assert span.clip.num_frames == 75
    np.testing.assert_allclose(span.clip.root_position[0], clip.root_position[30], atol=1e-5)
    assert whole.clip.num_frames == round(30 * LONGEST)


def test_a_count_is_spread_over_the_whole_split(numbered: TrainingSet) -> None:
    assert [one.text for one in described(numbered, "train", 4)] == [f"walk number {n}" for n in (0, 10, 20, 30)]
