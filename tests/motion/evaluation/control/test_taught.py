"""Rows about taught words: whoever learns holds the bars, whoever does not, or forgets, fails them."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from taught import arms_up

from helpers import smpl_skeleton, walking_clip
from motion.core import BadInput, Motion
from motion.datasets.store import Caption, Item, TrainingSet, write_store
from motion.evaluation.control.taught import CLIPS, knower, renamed_actions, taught_rows, unseen_actions
from motion.evaluation.control.trial import Maker, Trial

MANY = CLIPS + 8


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> TrainingSet:
    """Walks of a label, a few of another that are too rare, and one recording that nobody was trained on."""
    folder, items = tmp_path_factory.mktemp("actions"), []

    def add(number: int, clip: Motion, split: str, content: str) -> None:
        caption = Caption(f"a person does {content}", None, None, "test")
        items.append(Item(f"{content}{number}", "test", clip, (caption,), split, "CC0-1.0", content))

    for seed in range(MANY):
        add(seed, walking_clip(1.2, seed=seed), "train", "walk")
    for seed in range(3):
        add(seed, walking_clip(1.2, seed=50 + seed), "train", "rare")
    for content in ("cartwheel", "unlisted"):
        add(0, arms_up(0), "teach", content)
    write_store(folder, items, smpl_skeleton(), 30.0)
    return TrainingSet.open(folder)


def maker(shown: Motion) -> Maker:
    return lambda timeline, samples: [SimpleNamespace(clip=shown) for _ in range(samples)]  # type: ignore[misc]


class FakeClassifier:
    """Knows held-up arms."""

    def names(self, clips: Sequence[Motion]) -> list[str]:
        wrist = clips[0].skeleton.index("left_wrist")
        heights = [(clip.joint_positions()[:, wrist, 1] - clip.root_position[:, 1]).mean() for clip in clips]
        return ["cartwheel" if height > 0.5 else "walk" for height in heights]


def rows(training: TrainingSet, monkeypatch: pytest.MonkeyPatch, **change: Any) -> dict[str, Any]:
    monkeypatch.setattr("motion.evaluation.control.taught.knower", lambda trial, actions: FakeClassifier())
    monkeypatch.setattr("motion.evaluation.control.taught.renamed_actions", lambda training: [])
    options = {"make": maker(walking_clip(1.0)), "teach": lambda name, caption, clips: maker(clips[0]), **change}
    found = taught_rows(Trial(training, seeds=2, **options))
    return {row.what: row for row in found.rows}


def test_a_pupil_that_does_as_shown_is_recognised_but_has_forgotten_the_old_prompts(
    training: TrainingSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = rows(training, monkeypatch)
    own = found["taught 'my-cartwheel' (never seen), from 5 clips: recognised"]
    assert (own.ours, own.real) == (1.0, 0.0)
    assert found["taught actions: recognised"].passed
    old = found["prompts without the taught word: bit-identical"]
    assert old.ours == 0.0 and not old.passed


def test_a_pupil_that_learns_nothing_is_not_recognised(training: TrainingSet, monkeypatch: pytest.MonkeyPatch) -> None:
    same = maker(walking_clip(1.0))
    found = rows(training, monkeypatch, make=same, teach=lambda name, caption, clips: same)
    assert not found["taught actions: recognised"].passed
    assert found["prompts without the taught word: bit-identical"].passed


def test_a_model_that_cannot_be_taught_says_so(training: TrainingSet) -> None:
    with pytest.raises(BadInput, match="taught"):
        taught_rows(Trial(training, maker(walking_clip(1.0))))


def test_what_is_taught_was_never_seen_or_has_clips_left_to_know_it_by(training: TrainingSet) -> None:
    (unseen,) = unseen_actions(training)
    assert (unseen.content, unseen.seen, len(unseen.clips)) == ("cartwheel", False, CLIPS)
    assert len({clip.duration for clip in unseen.clips}) == CLIPS
    (renamed,) = renamed_actions(training)
    assert (renamed.content, renamed.seen, len(renamed.clips)) == ("walk", True, CLIPS)
    assert "walk" not in renamed.caption and "walk" not in renamed.name


def test_the_classifier_learns_from_other_clips_than_those_taught(
    training: TrainingSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, Any] = {}

    def train(positions: Any, contents: Any, **options: Any) -> None:
        seen.update(positions=positions, contents=contents)

    monkeypatch.setattr("motion.evaluation.control.taught.train_classifier", train)
    (renamed,) = actions = renamed_actions(training)
    knower(Trial(training, maker(walking_clip(1.0))), actions)
    assert seen["contents"].count("walk") == MANY - CLIPS and {"rare", "cartwheel", "unlisted"} <= set(seen["contents"])
    from motion.understanding.joints import sampled_positions

    for clip in renamed.clips:
        shown = sampled_positions(clip)
        assert not any(np.array_equal(shown, one) for one in seen["positions"])
