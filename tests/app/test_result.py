"""Result: JSON in and out, and the means of several samples."""

from __future__ import annotations

import json

import pytest

from app.result import Result, Sample


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
