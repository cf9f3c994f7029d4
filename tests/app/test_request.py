"""Request and Result: JSON in and out, and what is refused."""

from __future__ import annotations

import argparse
import json
from dataclasses import fields
from typing import Any

import pytest

from app.arguments import generate
from app.request import Request, Result, Sample
from motion.core import BadInput, UnknownName

FULL: dict[str, Any] = {
    "prompt": "a person waves", "out": ["a.glb", "a.bvh"], "duration": 4, "seed": 7, "samples": 2, "pick": "best",
    "budget": 2.0, "steps": 4,
    "guidance": 2.5, "fps": 24.0, "body": "mine", "model": "stride-nc",
}  # fmt: skip


def test_a_request_survives_json() -> None:
    request = Request.from_json(json.loads(json.dumps(FULL)))
    assert request.to_json() == FULL
    assert Request.from_json(json.loads(json.dumps(request.to_json()))) == request


def test_the_defaults_of_the_command_line_are_those_of_the_request() -> None:
    parser = argparse.ArgumentParser()
    generate(parser)
    options = vars(parser.parse_args(["hello", "--out", "a.glb"]))
    assert Request(**{entry.name: options[entry.name] for entry in fields(Request)}) == Request("hello", ("a.glb",))


@pytest.mark.parametrize(
    "change",
    [
        {"out": []}, {"out": "a.glb"}, {"out": ["a.glb", "a.glb"]}, {"out": [3]}, {"prompt": 5}, {"seed": 1.5},
        {"seed": True}, {"duration": "long"}, {"duration": float("nan")}, {"samples": 0}, {"samples": 1000},
        {"pick": "worst"}, {"budget": -1}, {"steps": 3}, {"guidance": -1}, {"guidance": float("inf")}, {"fps": 0},
        {"fps": 1e6}, {"model": None}, {"body": 1},
    ],
)  # fmt: skip
def test_a_bad_field_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match=next(iter(change))):
        Request.from_json({**FULL, **change})


def test_unknown_and_missing_fields_are_named() -> None:
    with pytest.raises(UnknownName, match="did you mean 'prompt'"):
        Request.from_json({**FULL, "promt": "x"})
    with pytest.raises(BadInput, match="needs prompt and out"):
        Request.from_json({})


def test_a_result_survives_json_and_averages_its_samples() -> None:
    samples = (
        Sample(("a_0.glb",), {"foot_skate_ratio": 0.1, "path_error_m": None, "nearest_training_caption": "walk"}),
        Sample(("a_1.glb",), {"foot_skate_ratio": 0.3, "path_error_m": None, "nearest_training_caption": "run"}),
    )
    result = Result(60, 30.0, 2.0, {"text": 0.1}, {"name": "m", "sha256": "0", "licence": "x"}, 3, samples)
    assert Result.from_json(json.loads(json.dumps(result.to_json()))) == result
    assert result.files == ("a_0.glb", "a_1.glb")
    assert result.report == {
        "foot_skate_ratio": pytest.approx(0.2), "path_error_m": None, "nearest_training_caption": "walk",
    }  # fmt: skip
