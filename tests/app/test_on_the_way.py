"""Prompts of who sits or lies down, for the way there."""

from __future__ import annotations

import pytest

from app.on_the_way import on_the_way


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("a person walks", "a person walks"),
        ("a person walks and sits down", "a person walks"),
        ("an old man sits down sadly", "an old man walks sadly"),
        ("she walks to the window, then lies down on the old bed", "she walks to the window"),
        ("someone runs and sits on the sofa", "someone runs"),
        ("Sit down!", "walks!"),
        ("sits", "walks"),
        ("a person believes and visits", "a person believes and visits"),
    ],
)
def test_nobody_sits_on_the_way(prompt: str, said: str) -> None:
    assert on_the_way(prompt) == said
