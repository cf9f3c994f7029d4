"""Recipes: JSON there and back, limits, and the request that they come to."""

from __future__ import annotations

import math
from typing import Any

import pytest

from app.page.examples import EXAMPLES
from app.page.recipe import CLIP_SECONDS, MAX_ROWS, Recipe
from app.timeline import timeline_of
from motion.body import default_body
from motion.conditions import Text
from motion.core.errors import MotionError

WALK = {"prompts": [{"text": "a person walks", "seconds": 4}]}


def test_it_goes_to_json_and_back() -> None:
    recipe = Recipe.from_json({**WALK, "seed": 7, "variations": 3, "speed": 1.5, "steps": 10, "path": [[0, 1], [2, 3]],
                               "loop": True})  # fmt: skip
    assert Recipe.from_json(recipe.to_json()) == recipe
    request = recipe.to_request(["clip.glb"])
    assert (request.prompt, request.duration, request.seed, request.samples) == ("a person walks", 4.0, 7, 3)
    assert (request.speed, request.steps, request.path, request.loop) == (1.5, 10, ((0.0, 1.0), (2.0, 3.0)), True)


def test_sentences_follow_one_another() -> None:
    rows = [
        {"text": "a person walks", "seconds": 2},
        {"text": "a person bows"},
        {"text": "a person waves", "seconds": 1.5},
    ]
    request = Recipe.from_json({"prompts": rows}).to_request(["clip.glb"])
    timeline = timeline_of(request, default_body().skeleton())
    spans = [(one.prompt, *one.span()) for one in timeline.conditions if isinstance(one, Text)]
    assert spans == [("a person walks", 0.0, 2.0), ("a person bows", 2.0, 5.0), ("a person waves", 5.0, 6.5)]
    assert timeline.duration == 6.5


def test_one_sentence_without_seconds_lasts_as_long_as_its_path() -> None:
    rows = [{"text": "a person walks"}]
    assert Recipe.from_json({"prompts": rows}).to_request(["a.glb"]).duration == CLIP_SECONDS
    request = Recipe.from_json({"prompts": rows, "path": [[0, 0], [0, 12]]}).to_request(["a.glb"])
    assert timeline_of(request, default_body().skeleton()).duration > 8


def test_a_single_place_is_walked_to_from_the_middle() -> None:
    assert Recipe.from_json({**WALK, "path": [[1, 2]]}).to_request(["a.glb"]).path == ((0.0, 0.0), (1.0, 2.0))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ([], "JSON object"),
        ({}, "say what the person does"),
        ({"prompts": [{"text": "  "}]}, "empty"),
        ({"prompts": [{"text": "x" * 501}]}, "characters"),
        ({"prompts": [{"text": "a"}] * (MAX_ROWS + 1)}, "sentences"),
        ({"prompts": "walk"}, "say what"),
        ({**WALK, "variations": 9}, "variations"),
        ({**WALK, "variations": True}, "variations"),
        ({**WALK, "seed": 1.5}, "whole"),
        ({**WALK, "speed": math.nan}, "speed"),
        ({**WALK, "speed": 60}, "0 to 6"),
        ({**WALK, "steps": 3}, "steps"),
        ({**WALK, "path": [[0, math.inf]]}, "path"),
        ({**WALK, "path": [[0, 0, 0]]}, r"\[x, z\]"),
        ({**WALK, "loop": "yes"}, "loop"),
        ({**WALK, "edit": "/etc/passwd"}, "edit"),
        ({**WALK, "keyframes": "a.json"}, "keyframes"),
        ({**WALK, "model": "../.."}, "model"),
    ],
)
def test_what_does_not_belong_is_refused_in_one_line(wrong: Any, words: str) -> None:
    with pytest.raises(MotionError, match=words) as caught:
        Recipe.from_json(wrong)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["title"])
def test_every_example_can_be_made(example: dict[str, Any]) -> None:
    request = Recipe.from_json(example["recipe"]).to_request(["clip.glb"])
    assert timeline_of(request, default_body().skeleton()).duration >= 1
