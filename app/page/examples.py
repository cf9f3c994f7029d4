"""Recipes to begin with: a click fills in everything, and Generate gives the same clip everywhere."""

from __future__ import annotations

from typing import Any

EXAMPLES: tuple[dict[str, Any], ...] = (
    {"title": "Walk and wave", "recipe": {"prompts": [{"text": "a person walks forward and waves", "seconds": 5}], "seed": 1}},
    {"title": "Run a curve", "recipe": {"prompts": [{"text": "a person runs", "seconds": None}], "speed": 2.6, "seed": 3,
                                        "path": [[0, 0], [0, 3], [2, 5], [5, 5]]}},
    {"title": "Walk loop, in place", "recipe": {"prompts": [{"text": "a person walks", "seconds": 5}], "loop": True,
                                                "in_place": True, "seed": 2}},
    {"title": "Kick, four takes", "recipe": {"prompts": [{"text": "a person kicks with the right leg", "seconds": 3}],
                                             "variations": 4, "seed": 7}},
    {"title": "Walk, bow, wave", "recipe": {"prompts": [{"text": "a person walks forward", "seconds": 3},
                                                        {"text": "a person bows", "seconds": 3},
                                                        {"text": "a person waves", "seconds": 3}], "seed": 4}},
    {"title": "Dance", "recipe": {"prompts": [{"text": "someone dances happily", "seconds": 6}], "variations": 2,
                                  "seed": 5}},
)  # fmt: skip
