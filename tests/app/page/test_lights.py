"""The traffic lights: what is asked beside what came, and nothing about what was not asked."""

from __future__ import annotations

import pytest

from app.page.lights import lights

PLAIN = {"realised_speed": 1.2, "requested_duration_s": 5.0, "realised_duration_s": 5.0, "foot_skate_ratio": 0.1}


def light(name: str, report: dict[str, float | None]) -> dict[str, str] | None:
    return next((one for one in lights(report) if one["name"] == name), None)


@pytest.mark.parametrize(("got", "state"), [(1.05, "good"), (1.2, "fair"), (2.0, "poor"), (0.5, "poor")])
def test_speed_asked_and_realised(got: float, state: str) -> None:
    told = light("Speed", {"requested_speed": 1.0, "realised_speed": got})
    assert told and (told["state"], told["asked"], told["value"]) == (state, "1.00 m/s", f"{got:.2f} m/s")


@pytest.mark.parametrize(("error", "state"), [(0.05, "good"), (0.2, "fair"), (0.6, "poor")])
def test_path(error: float, state: str) -> None:
    told = light("On the path", {**PLAIN, "path_error_m": error})
    assert told and told["state"] == state and told["value"] == f"{100 * error:.1f} cm off"


def test_what_was_not_asked_is_left_out() -> None:
    assert {one["name"] for one in lights({**PLAIN, "path_error_m": None})} == {"Speed", "Duration", "Feet stay put"}
    assert lights({}) == []
