"""Request: JSON in and out, and what is refused."""

from __future__ import annotations

import argparse
import json
from dataclasses import fields
from typing import Any

import pytest

from app import request
from app.arguments import generate
from app.commands import request_of
from app.request import WITHOUT_PROMPT, Request
from motion.core import BadInput, UnknownName
from motion.refine.meet import FEET

FULL: dict[str, Any] = {
    "prompt": "a person waves", "out": ["a.glb", "a.bvh"], "duration": 4, "seed": 7, "samples": 2, "pick": "best",
    "budget": 2.0, "steps": 4,
    "guidance": 2.5, "fps": 24.0, "body": "mine", "model": "stride-nc",
    "texts": ["walks@0-2", {"kind": "text", "prompt": "waves"}], "parts": ["left_arm: waves"], "speed": 1.2,
    "retime": 3.0,
    "path": [[0.0, 0.0], [0.0, 3.0]], "facing": 1.5, "waypoints": [[0.0, 0.0], [1.0, 2.0, 3.0]], "keyframes": "k.json",
    "start_from": "a.npz", "edit": "b.npz", "edit_span": "1-2", "edit_parts": ["arms"],
    "conditions": [{"kind": "loop"}], "loop": True, "in_place": True, "mirror": True, "feet": "never",
    "scene": "room.glb", "start": [0.0, 1.0], "goal": [2.0, 0.5, 3.0], "goal_heading": 1.5, "scene_up": "+z",
    "scene_unit": "cm", "scene_floor": 0.1, "preset": "unreal", "root_motion": "hips", "t_pose": True,
}  # fmt: skip


def test_a_request_survives_json() -> None:
    asked = Request.from_json(json.loads(json.dumps(FULL)))
    assert asked.to_json() == FULL
    assert Request.from_json(json.loads(json.dumps(asked.to_json()))) == asked


def test_speeds_at_times_and_waypoints_with_headings_survive_json() -> None:
    speeds, places = [[0.8, 0.0], [1.0, 2.0, 4.0]], [[0.0, 0.0], [1.0, 2.0, None, 1.5], [1.0, 4.0, 5.0, -1.5]]
    asked = Request.from_json({**FULL, "speed": speeds, "waypoints": places})
    assert (asked.to_json()["speed"], asked.to_json()["waypoints"]) == (speeds, places)


def test_the_defaults_of_the_command_line_are_those_of_the_request() -> None:
    parser = argparse.ArgumentParser()
    generate(parser)
    options = parser.parse_args(["hello", "--out", "a.glb"])
    assert {entry.name for entry in fields(Request)} - set(vars(options)) == {"conditions"}
    assert request_of(options) == Request("hello", ("a.glb",))


@pytest.mark.parametrize(
    "change",
    [
        {"out": []}, {"out": "a.glb"}, {"out": ["a.glb", "a.glb"]}, {"out": [3]}, {"prompt": 5}, {"seed": 1.5},
        {"seed": True}, {"duration": "long"}, {"duration": float("nan")}, {"samples": 0}, {"samples": 1000},
        {"pick": "worst"}, {"budget": -1}, {"steps": 3}, {"guidance": -1}, {"guidance": float("inf")}, {"fps": 0},
        {"fps": 1e6}, {"model": None}, {"body": 1}, {"speed": "fast"}, {"speed": float("nan")},
        {"speed": [[1.0]]}, {"speed": [1.0, 2.0]},
        {"speed": [[1.0, None]]}, {"speed": {"value": 1}}, {"speed": True}, {"retime": "short"}, {"retime": True},
        {"waypoints": [[0, None, 1, 1]]}, {"waypoints": [[0, 0, 1, None]]}, {"waypoints": [[0, 0, 1, 2, 3]]},
        {"texts": "walks"},
        {"texts": [3]}, {"parts": [None]}, {"path": "0,0; 0,3"}, {"path": [[0, 0, 0]]}, {"path": [[0, float("inf")]]},
        {"path": [["0", "1"]]}, {"path": [[0, 0]] * 20_000}, {"waypoints": [[0]]}, {"waypoints": [[0, 0, None]]},
        {"facing": float("nan")}, {"keyframes": 1}, {"start_from": ["a"]}, {"edit": None}, {"edit_span": 2.0},
        {"edit_parts": "arms"}, {"conditions": {}}, {"loop": 1}, {"in_place": "yes"}, {"mirror": None},
        {"feet": "often"}, {"preset": 3}, {"root_motion": 3}, {"t_pose": 1},
    ],
)  # fmt: skip
def test_a_bad_field_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match=next(iter(change))):
        Request.from_json({**FULL, **change})


def test_unknown_and_missing_fields_are_named() -> None:
    with pytest.raises(UnknownName, match="did you mean 'unreal'"):
        Request.from_json({**FULL, "preset": "unrael"})
    with pytest.raises(UnknownName, match="unknown root motion 'feet'"):
        Request.from_json({**FULL, "root_motion": "feet"})
    with pytest.raises(UnknownName, match="did you mean 'prompt'"):
        Request.from_json({**FULL, "promt": "x"})
    with pytest.raises(BadInput, match="needs out"):
        Request.from_json({"prompt": "x"})
    with pytest.raises(BadInput, match="JSON object"):
        Request.from_json(["x"])  # type: ignore[arg-type]


def test_what_belongs_to_something_else_is_not_taken_alone() -> None:
    for change, needs in (({"path": []}, "path must be given"), ({"edit": None}, "edit must name its file")):
        with pytest.raises(BadInput, match=needs):
            Request.from_json({**FULL, **change})


def test_without_a_prompt_something_else_must_say_what_happens() -> None:
    with pytest.raises(BadInput, match="prompt is needed"):
        Request.from_json({"out": ["a.glb"], "speed": 1.2, "path": [[0, 0], [0, 3]]})
    for name in WITHOUT_PROMPT:
        assert Request.from_json({"out": ["a.glb"], name: FULL[name]}).prompt is None


def test_what_may_be_chosen_is_what_there_is_below() -> None:
    assert request.FEET == FEET
