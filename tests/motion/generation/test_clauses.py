"""A sentence about legs and arms comes apart; any other stays whole."""

from __future__ import annotations

import pytest

from motion.conditions import Text
from motion.generation.clauses import taken_apart
from motion.generation.known import Known, known_phrases

LEGS = ("root", "torso", "left_leg", "right_leg")
LEFT, RIGHT, BOTH = ("left_arm",), ("right_arm",), ("left_arm", "right_arm")
PHRASES = {
    "walk forward": LEGS, "run": LEGS, "walk and turn left": LEGS, "wave with the left hand": LEFT,
    "wave the right hand": RIGHT, "raise both hands": BOTH, "bow politely": (), "kick a ball": (),
}  # fmt: skip


@pytest.fixture(scope="module")
def known() -> Known:
    return known_phrases(list(PHRASES), list(PHRASES.values()))


@pytest.mark.parametrize(
    ("prompt", "legs", "arms", "parts"),
    [
        ("a person runs while waving the left hand", "a person runs", "waving the left hand", LEFT),
        ("raise both hands as you walk forward", "you walk forward", "raise both hands", BOTH),
        ("she walks and turns left, waving her right hand", "she walks and turns left", "waving her right hand", RIGHT),
    ],
)  # fmt: skip
def test_legs_and_arms_come_apart(known: Known, prompt: str, legs: str, arms: str, parts: tuple[str, ...]) -> None:
    assert taken_apart(Text(prompt, 1.0, 4.0), known) == (Text(legs, 1.0, 4.0), Text(arms, 1.0, 4.0, parts))


@pytest.mark.parametrize(
    "prompt",
    [
        "a person walks and turns left",
        "run, then wave the left hand",
        "wave the left hand before you walk",
        "bow politely and raise both hands",
        "walk forward and play the cello with zeal",
        "walk",
    ],
)
def test_what_is_about_one_thing_or_one_after_the_other_stays_whole(known: Known, prompt: str) -> None:
    assert taken_apart(Text(prompt), known) == (Text(prompt),)
    assert taken_apart(Text("run while waving the left hand"), None) == (Text("run while waving the left hand"),)
