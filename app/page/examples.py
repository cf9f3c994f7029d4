"""Recipes to begin with: a click fills in everything, and Generate gives the same clip everywhere."""

from __future__ import annotations

from typing import Any


def _one(title: str, *sentences: tuple[str, float | None], **more: Any) -> dict[str, Any]:
    return {"title": title, "recipe": {"prompts": [{"text": text, "seconds": s} for text, s in sentences], **more}}


EXAMPLES: tuple[dict[str, Any], ...] = (
    _one("Walk and wave", ("a person walks forward and waves", 5), seed=1),
    _one("Run a curve", ("a person runs", None), speed=2.6, seed=3, path=[[0, 0], [0, 3], [2, 5], [5, 5]]),
    _one("Walk loop, in place", ("a person walks", 5), loop=True, in_place=True, seed=2),
    _one("Kick, four takes", ("a person kicks with the right leg", 3), variations=4, seed=7),
    _one("Walk, bow, wave", ("a person walks forward", 3), ("a person bows", 3), ("a person waves", 3), seed=4),
    _one("Dance", ("someone dances happily", 6), variations=2, seed=5),
)
