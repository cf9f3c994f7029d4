"""Clips made out of recorded ones: what is exchanged, what stays, what is never made, and how it is told."""

import re

import numpy as np
import pytest

from helpers import random_clip, smpl_skeleton, walking_clip
from motion.datasets.store import Caption, Item, TrainingSet, write_store
from motion.representation.layout import PARTS
from motion.training.composed_captions import _fields, in_turn, together
from motion.training.composition import as_seen, exchange_arms, pairs
from motion.training.corpus import SHARE, build_corpus, mirrored_caption
from motion.training.held_out import HELD_OUT_MIXTURES, HELD_OUT_STYLES
from motion.training.joining import join


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder, items = tmp_path_factory.mktemp("set"), []
    actions = [("walk", "normal"), ("wave-left-hand", "happy"), ("walk", "youthful"), ("bow", "sad")]
    for i, (content, style) in enumerate(actions * 3):
        clip = walking_clip(2.5 + 0.2 * i, seed=i)
        caption = Caption(f"{content} {style}", 0.0, clip.duration, "test")
        items.append(Item(f"{content}{i}", "test", clip, (caption,), "train", "CC0-1.0", content, style))
    write_store(folder, items, smpl_skeleton(), 30.0)
    return build_corpus(TrainingSet.open(folder), "train")


def test_only_the_named_arm_is_exchanged():
    legs, arms = walking_clip(4.0, seed=1), random_clip(45, seed=2)
    made = exchange_arms(legs, arms, ("left_arm",), np.random.default_rng(0))
    left = [made.skeleton.index(name) for name in PARTS["left_arm"].joints]
    others = [j for j in range(made.skeleton.num_joints) if j not in left]
    assert np.array_equal(made.root_position, legs.root_position)
    assert np.array_equal(made.joint_rotation[:, others], legs.joint_rotation[:, others])
    as_gesture = [
        start
        for start in range(made.num_frames - 45)
        if np.allclose(made.joint_rotation[start + 15 : start + 30, left], arms.joint_rotation[15:30, left], atol=1e-9)
    ]
    assert len(as_gesture) == 1  # the whole middle of the gesture is there, in one place
    start = as_gesture[0]
    assert np.array_equal(made.joint_rotation[:start, left], legs.joint_rotation[:start, left])


def test_arms_pass_from_one_clip_to_the_other_without_a_jump():
    legs = walking_clip(4.0, seed=1)
    arms = walking_clip(1.5, seed=1).mirrored()  # the arms swing the other way
    made = exchange_arms(legs, arms, ("left_arm", "right_arm"), np.random.default_rng(3))
    step = np.linalg.norm(np.diff(made.joint_positions(), axis=0), axis=-1).max()
    usual = np.linalg.norm(np.diff(legs.joint_positions(), axis=0), axis=-1).max()
    assert step < 3 * usual


def test_a_long_gesture_is_cut_around_its_middle():
    legs, arms = walking_clip(2.0, seed=1), random_clip(200, seed=2)
    made = exchange_arms(legs, arms, ("right_arm",), np.random.default_rng(0))
    wrist = made.skeleton.index("right_wrist")
    assert made.num_frames == 60
    assert np.allclose(made.joint_rotation[:, wrist], arms.joint_rotation[70:130, wrist], atol=1e-9)


def test_what_is_held_out_is_never_composed_and_closed_under_mirroring(corpus):
    composed = {as_seen(*pair) for pair in pairs()}
    assert ("run", "wave-both-hands") in composed and ("run", "bye") not in pairs()
    assert not {as_seen(*mixture) for mixture in HELD_OUT_MIXTURES} & composed
    assert len(HELD_OUT_MIXTURES) >= 10 and len(HELD_OUT_STYLES) >= 5
    for first, second in HELD_OUT_MIXTURES:
        assert (mirrored_caption(first), mirrored_caption(second)) in HELD_OUT_MIXTURES
    for content, style in HELD_OUT_STYLES:
        assert (mirrored_caption(content), style) in HELD_OUT_STYLES
    assert "walk youthful" not in corpus.texts and "walk normal" in corpus.texts


def test_made_takes_have_their_share_of_the_draws(corpus):
    for kind, share in SHARE.items():
        made = [weight for take, weight in zip(corpus.takes, corpus.weights, strict=True) if take.made == kind]
        assert made and sum(made) == pytest.approx(share)
    labels = {take.label for take in corpus.takes if take.made == "together"}
    assert labels == {"walk+wave-left-hand"}
    assert all(take.length <= 64 for take in corpus.takes if take.made == "in turn")


@pytest.mark.parametrize("seed", range(20))
def test_captions_are_whole_sentences(seed):
    random = np.random.default_rng(seed)
    for first, second in (("run", "punch"), ("walk-left", "raise-up-right-hand"), ("wave-left-hand", "bye")):
        texts = together(first, "sad", second, random) + in_turn(first, second, random)
        assert len(texts) == 16
        for text in texts:
            assert not re.search(r"[{}*]|  ", text)
            assert len(text.split()) >= 3
    assert together("run", "sad", "punch", np.random.default_rng(seed)) == together(
        "run", "sad", "punch", np.random.default_rng(seed)
    )


def test_captions_tell_both_actions_and_their_sides():
    random = np.random.default_rng(0)
    texts = [text for _ in range(40) for text in together("walk-left", "normal", "raise-up-right-hand", random)]
    assert all("left" in text.lower() for text in texts)
    tells_hand = [bool(re.search(r"\bright\b", text.lower())) for text in texts]
    assert 0.7 < np.mean(tells_hand) < 1
    assert len(set(texts)) > 300
    assert any("with the right" in text for text in texts)


@pytest.mark.parametrize(
    ("form", "told"),
    [("{s} {A}, then {they} {B2}", "he walks, then he turns"), ("{Bg} after {Ag}", "turning after walking"),
     ("make {o} {a} and {b}", "make him walk and turn"), ("{s} {Ap} and {Bp}", "he walked and turned")],
)  # fmt: skip
def test_both_actions_agree_with_the_subject(form, told):
    assert form.format(**_fields("*walk", "*turn", "he")) == told
    assert "they turn" in "then {they} {B2}".format(**_fields("*walk", "*turn", "someone"))


def test_what_contradicts_a_second_action_is_not_said():
    random = np.random.default_rng(1)
    for _ in range(30):
        for text in together("wave-left-hand", None, "raise-up-right-hand", random):
            assert not re.search(r"\b(only|not|alone|single)\b", text.lower().split(". ")[-1]), text


def test_joined_curves_go_on_from_where_the_first_one_ends(corpus):
    takes = [take for take in corpus.takes if take.label == "walk" and not take.made]
    first, second = (corpus.controls[take.start : take.stop] for take in takes[:2])
    joined = join(first, second)
    assert np.allclose(joined[: len(first) - 7], first[:-7])
    step = np.linalg.norm(np.diff(joined[:, :2], axis=0), axis=-1)
    assert step.max() < 2 * np.linalg.norm(np.diff(first[:, :2], axis=0), axis=-1).max()
