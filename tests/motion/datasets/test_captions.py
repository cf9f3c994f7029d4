import re

import pytest

from motion.datasets.captions import (
    CONTENTS,
    HDM05,
    STYLES,
    bandai_captions,
    content_paraphrases,
    hdm05_captions,
    progressive,
    sentence,
    third_person,
)

SIDES = {"left": {"right"}, "right": {"left"}, "both": set()}


@pytest.mark.parametrize(
    ("verb", "third", "ing"),
    [("wave", "waves", "waving"), ("run", "runs", "running"), ("dash", "dashes", "dashing"), ("lie", "lies", "lying"),
     ("carry", "carries", "carrying"), ("go", "goes", "going"), ("punch", "punches", "punching"),
     ("squat", "squats", "squatting"), ("veer", "veers", "veering"), ("bow", "bows", "bowing"),
     ("stay", "stays", "staying")],
)  # fmt: skip
def test_verbs(verb: str, third: str, ing: str) -> None:
    assert third_person(verb) == third
    assert progressive(verb) == ing


def test_sentences() -> None:
    phrase = "*walk forward, then *raise their left hand"
    assert sentence(phrase, "plain") == "a person walks forward, then raises their left hand"
    assert sentence(phrase, "progressive", "someone") == "someone is walking forward, then raising their left hand"
    assert sentence(phrase, "order") == "walk forward, then raise your left hand"
    assert sentence(phrase, "gerund") == "walking forward, then raising their left hand"


@pytest.mark.parametrize("content", CONTENTS)
def test_no_phrase_names_the_other_side_or_way(content: str) -> None:
    side = next((side for side in ("left", "right", "both") if side in content.split("-")), None)
    for phrase in CONTENTS[content]:
        words = set(re.findall(r"[a-z]+", phrase))
        assert "*" in phrase
        if side in ("left", "right"):
            assert not words & SIDES[side]
            assert side in words
        if side == "both":
            assert words & {"both", "two"} or {"left", "right"} <= words or words & {"hands", "arms"}


def test_phrases_are_not_shared_between_contents() -> None:
    owners: dict[str, str] = {}
    for content, phrases in CONTENTS.items():
        assert len(set(phrases)) == len(phrases) >= 5
        for phrase in phrases:
            assert content.startswith("dance") or phrase not in owners, (phrase, owners.get(phrase))
            owners[phrase] = content


def test_paraphrases_are_many_different_and_repeatable() -> None:
    first = content_paraphrases("raise-up-left-hand", "angry", "clip 1")
    assert first == content_paraphrases("raise-up-left-hand", "angry", "clip 1")
    assert first != content_paraphrases("raise-up-left-hand", "angry", "clip 2")
    assert len(set(first)) == len(first) == 14
    assert all("left" in text and "*" not in text for text in first)
    every = {text for i in range(100) for text in content_paraphrases("raise-up-left-hand", "angry", str(i))}
    assert len(every) > 100


def test_unknown_contents_have_no_paraphrases_but_a_caption() -> None:
    assert content_paraphrases("juggle", "angry", "x") == []
    assert bandai_captions("walk-back", "sad")[0].startswith("a person walks backward sad")
    assert "juggle" in bandai_captions("juggle", "angry")[0]


def test_every_hdm05_class_and_style_has_words() -> None:
    for content, phrases in HDM05.items():
        texts = hdm05_captions(content)
        assert len(set(texts)) == len(texts) == 3 * len(phrases)
    assert not any("right" in text for text in hdm05_captions("kickLFront1Reps"))
    assert not any("left" in text for text in hdm05_captions("grabHighR"))
    assert any("cartwheel l hand" in text for text in hdm05_captions("cartwheelLHand1Reps"))
    assert all(STYLES.values())
