"""Judges of parts: each sees its part alone; together they recognise a mixture composed of real clips."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from helpers import random_clip, smpl_skeleton, walking_clip
from motion.core import Motion
from motion.core.rotation import rotvec_to_rotmat
from motion.datasets.store import Item, TrainingSet, write_store
from motion.evaluation.part_judges import PartJudges, only_arms, only_legs, part_judges_for, real_mixtures
from motion.training.composition import exchange_arms
from motion.understanding import classifier
from motion.understanding.joints import sampled_positions

ARMS = ("left_arm", "right_arm")
MIXTURE = ("walk", "raise-up-both-hands")


def raised(seed: int, seconds: float = 2.5, lean: float = 0.0) -> Motion:
    """Somebody stands and raises both hands."""
    skeleton, frames = smpl_skeleton(), round(seconds * 30)
    rotvec = np.zeros((frames, 24, 3))
    for side, sign in (("left", 1.0), ("right", -1.0)):
        lift = (2.3 + 0.1 * np.random.default_rng(seed).normal()) * np.sin(np.linspace(0, np.pi, frames))
        rotvec[:, skeleton.index(f"{side}_shoulder"), 2] = sign * (lift - 1.3)
    rotvec[:, skeleton.index("spine2"), 0] = lean
    return Motion(skeleton, np.tile([0.0, 0.93, 0.0], (frames, 1)), rotvec_to_rotmat(rotvec), 30.0)


def leaning(clip: Motion, angle: float) -> Motion:
    rotation = clip.joint_rotation.copy()
    rotation[:, clip.skeleton.index("spine2")] = rotvec_to_rotmat(np.array([angle, 0.0, 0.0]))
    return replace(clip, joint_rotation=rotation)


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> TrainingSet:
    folder, items = tmp_path_factory.mktemp("set"), []
    for seed in range(12):
        style, lean = ("old", 0.8) if seed % 2 else ("normal", 0.0)
        for content, clip in (
            ("walk", leaning(walking_clip(2.5, seed=seed), lean)), (MIXTURE[1], raised(seed, lean=lean)),
        ):  # fmt: skip
            split = "val" if seed > 9 else "train"
            items.append(Item(f"{content}-{seed}", "bandai", clip, (), split, "none", content, style))
    write_store(folder, items, smpl_skeleton(), 30.0)
    return TrainingSet.open(folder)


@pytest.fixture(scope="module")
def judges(training: TrainingSet) -> PartJudges:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(classifier, "BATCH", 12)
        return part_judges_for(training, steps=60)


def test_the_judge_of_legs_sees_no_arms_and_the_other_way_round() -> None:
    legs, skeleton = walking_clip(2.5, seed=1), smpl_skeleton()
    mixed = exchange_arms(legs, random_clip(75, seed=2), ARMS, np.random.default_rng(0))
    before, after = sampled_positions(legs), sampled_positions(mixed)
    assert not np.allclose(before, after)
    np.testing.assert_array_equal(only_legs(before, skeleton), only_legs(after, skeleton))
    assert not np.allclose(only_arms(before, skeleton), only_arms(after, skeleton))
    rotation = legs.joint_rotation.copy()
    for name in ("left_hip", "right_knee", "left_ankle"):
        rotation[:, skeleton.index(name)] = rotvec_to_rotmat(np.array([0.7, 0.0, 0.0]))
    elsewhere = replace(legs, joint_rotation=rotation, root_position=2.0 * legs.root_position)
    moved = sampled_positions(elsewhere)
    np.testing.assert_allclose(only_arms(before, skeleton), only_arms(moved, skeleton), atol=1e-5)
    assert not np.allclose(only_legs(before, skeleton), only_legs(moved, skeleton))


def test_held_out_mixtures_are_composed_of_clips_of_both(training: TrainingSet) -> None:
    made = real_mixtures(training)
    assert list(made) == [MIXTURE]  # of the others there are no clips
    assert len(made[MIXTURE]) == 4
    wrist = smpl_skeleton().index("left_wrist")
    for clip in made[MIXTURE]:
        points = clip.joint_positions()
        assert np.linalg.norm(points[-1, 0] - points[0, 0]) > 1.0  # it walks
        assert (points[:, wrist, 1] - points[:, 0, 1]).max() > 0.6  # and a hand goes up


def test_a_mixture_needs_its_legs_and_its_arms(training: TrainingSet, judges: PartJudges) -> None:
    assert judges.accuracy_mixtures > 0.7 and judges.accuracy_style == 1.0
    walk, stand = walking_clip(2.5, seed=40), raised(40)
    mixed = exchange_arms(walk, stand, ARMS, np.random.default_rng(0))
    assert judges.mixtures_right([mixed, walk, stand], MIXTURE) == [True, False, False]
    assert judges.styles([leaning(walk, 0.8), walk]) == ["elderly", "normal"]  # old is told as elderly


def test_the_judges_are_kept_beside_the_data(training: TrainingSet, judges: PartJudges) -> None:
    again = part_judges_for(training, progress=lambda *_: pytest.fail("trained again"))
    points = [np.zeros((10, 22, 3), dtype=np.float32)]
    for kind in ("legs", "arms", "style"):
        first, second = getattr(judges, kind), getattr(again, kind)
        np.testing.assert_array_equal(first.probabilities(points), second.probabilities(points))
