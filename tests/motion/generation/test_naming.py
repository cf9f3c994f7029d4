"""What a word may be called, and where it is heard."""

from __future__ import annotations

import pytest

from motion.core.errors import BadInput
from motion.generation.naming import PLAIN, checked_name, said


@pytest.mark.parametrize("name", ["a", "../up", "ünder", "1st", "x" * 33, "person", "left"])
def test_names_that_cannot_be_said_or_are_needed_are_refused(name: str) -> None:
    with pytest.raises(BadInput):
        checked_name(name)


def test_names_are_lower_case() -> None:
    assert checked_name("My-Kick_2") == "my-kick_2" and checked_name(" Jumping  jack") == "jumping-jack"
    assert all(word == word.lower() for word in PLAIN)


@pytest.mark.parametrize("prompt", ["jumping-jack", "two Jumping Jacks!", "a jumping_jack"])
def test_a_dash_may_be_said_as_a_blank(prompt: str) -> None:
    assert said("jumping-jack").search(prompt)


@pytest.mark.parametrize("prompt", ["jumpingjack", "jumping over jack", "a jumping-jack-knife"])
def test_other_words_are_not_heard(prompt: str) -> None:
    assert not said("jumping-jack").search(prompt)
