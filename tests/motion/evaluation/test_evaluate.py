from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from helpers import smpl_skeleton, walking_clip
from motion.core import BadInput, Motion
from motion.core.rotation import rotvec_to_rotmat
from motion.datasets.store import Item, TrainingSet, write_store
from motion.evaluation.evaluate import evaluate
from motion.evaluation.judge import Judge, judge_for
from motion.evaluation.judged_rows import judge_motion, usual_duration
from motion.evaluation.prompts import LABEL_PROMPTS, PARAPHRASES
from motion.understanding import classifier

CONTENTS = ("walk", "raise-up-left-hand", "raise-up-right-hand")


def example(content: str, seed: int, seconds: float = 2.5) -> Motion:
    """A small stand-in for a recorded clip of the content."""
    if content == "walk":
        return walking_clip(seconds, seed=seed)
    skeleton, frames = smpl_skeleton(), round(seconds * 30)
    side, sign = ("left", 1.0) if "left" in content else ("right", -1.0)
    rotvec = np.zeros((frames, 24, 3))
    rotvec[:, skeleton.index("left_shoulder"), 2] = -1.3
    rotvec[:, skeleton.index("right_shoulder"), 2] = 1.3
    height = 2.2 + 0.1 * np.random.default_rng(seed).normal()
    rotvec[:, skeleton.index(f"{side}_shoulder"), 2] += sign * height * np.sin(np.linspace(0, np.pi, frames))
    return Motion(skeleton, np.tile([0.0, 0.93, 0.0], (frames, 1)), rotvec_to_rotmat(rotvec), 30.0)


def write_examples(folder: Path, labelled: bool = True) -> TrainingSet:
    items = [
        Item(f"{content}-{seed}", "bandai", example(content, seed), (), "val" if seed > 3 else "train", "none", content)
        for content in CONTENTS
        for seed in range(6)
    ]
    if not labelled:
        items = [replace(item, content=None) for item in items]
    write_store(folder, items, smpl_skeleton(), 30.0)
    return TrainingSet.open(folder)


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> tuple[TrainingSet, Judge]:
    training = write_examples(tmp_path_factory.mktemp("set"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(classifier, "BATCH", 12)
        return training, judge_for(training, steps=60)


def test_real_motion_given_out_as_generated_holds_every_bar_but_copies_do_not_vary(judged: tuple[TrainingSet, Judge]):
    training, judge = judged
    assert judge.accuracy_val == 1.0
    asked: list[tuple[str, float, int]] = []

    def sampler(prompt: str, duration: float, samples: int) -> list[Motion]:
        asked.append((prompt, duration, samples))
        content = next(c for c in CONTENTS if prompt in (LABEL_PROMPTS[c], PARAPHRASES[c]))
        return [example(content, 0, duration) for _ in range(samples)]

    rows, details = judge_motion(training, judge, sampler, seeds=2)
    table = {row.what: row for row in rows}
    assert len(asked) == 2 * len(CONTENTS)
    assert {duration for _, duration, _ in asked} == {2.5}
    assert sorted(samples for *_, samples in asked) == [2, 2, 2, 2, 16, 16]
    assert table["recognised, prompts in other words"].ours == 1.0
    assert table["named hand or direction right"].ours == 1.0
    assert table["jerk, median"].passed
    assert table["variety of 16 seeds, walk"].ours == 0.0
    assert not table["variety of 16 seeds, walk"].passed
    assert details["seen_as"]["label"]["walk"] == ["walk", "walk"]


def test_the_wrong_hand_is_noticed(judged: tuple[TrainingSet, Judge]):
    training, judge = judged

    def sampler(prompt: str, duration: float, samples: int) -> list[Motion]:
        side = "right" if "left" in prompt else "left"
        return [example(f"raise-up-{side}-hand", seed, duration) for seed in range(samples)]

    rows, details = judge_motion(training, judge, sampler, seeds=1)
    assert next(row for row in rows if row.what == "named hand or direction right").ours == 0.0
    assert details["wrong_hand_or_direction"] == ["raise-up-left-hand", "raise-up-right-hand"]


def test_the_judge_is_kept_beside_the_data(tmp_path: Path):
    training = write_examples(tmp_path)
    first = judge_for(training, steps=1)
    kept = list(tmp_path.glob("judge-*.safetensors"))
    assert len(kept) == 1
    again = judge_for(training, steps=5, progress=lambda *_: pytest.fail("trained again"))
    points = [np.zeros((10, 22, 3), dtype=np.float32)]
    np.testing.assert_array_equal(first.classifier.probabilities(points), again.classifier.probabilities(points))


def test_a_set_without_labels_cannot_judge(tmp_path: Path):
    with pytest.raises(BadInput, match="no labelled clips"):
        judge_for(write_examples(tmp_path, labelled=False))


def test_durations_are_usual_ones_within_limits():
    assert usual_duration([walking_clip(s) for s in (3.0, 3.4, 9.0)]) == 3.4
    assert usual_duration([walking_clip(0.8)]) == 2.0
    assert usual_duration([walking_clip(9.0)]) == 6.0


@pytest.mark.parametrize(("wrong", "says"), [({"seeds": 100}, "1 to 16"), ({"steps": 0}, "1 to 100")])
def test_numbers_outside_their_limits_are_refused(tmp_path: Path, wrong: dict[str, int], says: str):
    with pytest.raises(BadInput, match=says):
        evaluate(tmp_path, None, **wrong)  # type: ignore[arg-type]  # refused before anything is loaded
