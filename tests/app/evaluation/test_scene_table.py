"""stride evaluate scenes: rows that measure, bars that can be missed, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from app import cli
from app.evaluation import place_rows
from app.evaluation.place_rows import crossings, crowd_rows, mesh_rows, route_rows
from app.evaluation.scene_table import KINDS, evaluate_scenes
from app.evaluation.scene_trial import SceneTrial
from motion.core.errors import BadFile, BadInput, UnknownName
from motion.generation import Generator
from scene_meshes import room, write_obj
from scenes import cache
from scenes import scene as scene_module
from scenes.routing import PlannedRoute


def no_model() -> Generator:
    raise AssertionError("rows about places need no model")


@pytest.fixture
def trial(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SceneTrial:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "mine"))
    monkeypatch.setattr(scene_module, "MAX_SAMPLES", 20_000)
    folder = tmp_path / "scenes"
    folder.mkdir()
    write_obj(folder / "room.obj", room())
    (folder / "broken.obj").write_text("v 0 0 0\n", encoding="utf-8")
    return SceneTrial(no_model, folder, rooms=1)


def test_every_mesh_counts_the_broken_ones_too(trial: SceneTrial) -> None:
    found = mesh_rows(trial)
    assert found.details["meshes"] == 3
    assert found.rows[0].ours == pytest.approx(2 / 3) and not found.rows[0].passed
    assert "broken" in found.details["wrong"][0]
    assert not cache.folder().exists(), "the user's own cache is left alone"


def test_routes_are_measured_against_the_mesh(trial: SceneTrial, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {row.what.split(",")[0]: row for row in route_rows(trial).rows}
    assert rows["route by grid geodesic"].passed and 0.9 < rows["route by grid geodesic"].ours < 1.05
    assert rows["root clearance to any surface"].passed

    def through_walls(scene: object, start: np.ndarray, goal: np.ndarray) -> PlannedRoute:
        found = plan_route(scene, start, goal)
        return PlannedRoute(type(found.route)(found.route.points * 1.4), found.heights, found.times, found.clearance)

    plan_route = place_rows.plan_route
    monkeypatch.setattr(place_rows, "plan_route", through_walls)
    rows = {row.what.split(",")[0]: row for row in route_rows(trial).rows}
    assert not rows["route by grid geodesic"].passed and not rows["root clearance to any surface"].passed


def test_collisions_of_people_are_counted(trial: SceneTrial, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place_rows, "crossings", lambda: [crossings()[1]])

    def alone(scene: object, walkers: list) -> list[PlannedRoute]:
        return [place_rows.plan_route(scene, one.start, one.goal) for one in walkers]

    monkeypatch.setattr(place_rows, "plan_crowd", alone)
    deep, arrived, _ = crowd_rows(trial).rows
    assert deep.ours > 5 and not deep.passed and arrived.ours == 1.0


def test_the_command_prints_rows_with_bars(capsys: pytest.CaptureFixture[str], trial: SceneTrial) -> None:
    words = ["evaluate", "scenes", "--only", "preparing", "--seeds", "1", "--json"]
    assert cli.main(words) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["model"] is None and answer["passed"]
    assert [row["most"] for row in answer["rows"]] == [10, 0.3]
    assert {"what", "ours", "DIMOS", "least", "most", "unit", "passed"} == answer["rows"][0].keys()


def test_what_is_wrong_is_said() -> None:
    with pytest.raises(UnknownName, match="known: crowd, meshes"):
        evaluate_scenes(no_model, only=["dancing"])
    with pytest.raises(BadInput, match="rooms"):
        evaluate_scenes(no_model, rooms=0)
    with pytest.raises(BadFile, match="no such folder"):
        evaluate_scenes(no_model, scenes="nowhere")
    assert list(KINDS)[-2:] == ["walking", "resting"]


def test_scenes_belong_to_scenes(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["evaluate", "control", "--scenes", "x"]) == 2
    assert "stride evaluate scenes --scenes DIR" in capsys.readouterr().err
