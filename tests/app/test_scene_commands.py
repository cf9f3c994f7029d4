"""stride scene and stride plan: what they say, and how they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from app import cli
from scene_meshes import room, write_obj
from scenes import scene as scene_module


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(scene_module, "MAX_SAMPLES", 40_000)
    return write_obj(tmp_path / "room.obj", room())


def test_scene_says_what_it_understood(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["scene", str(file)]) == 0
    said = capsys.readouterr().out
    assert "up axis +y, unit m" in said and "walkable: " in said
    assert cli.main(["scene", str(file), "--json", "--unit", "ft"]) == 0
    about = json.loads(capsys.readouterr().out)
    assert (about["up"], about["unit"]) == ("+y", "ft")
    assert {"size_m", "floor_in_file_m", "objects", "walkable_m2", "areas", "seconds"} <= about.keys()


def test_plan_writes_a_route(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "route.json"
    words = ["plan", str(file), "--from=-1,-1.5", "--to", "1,-1.5", "--out", str(out), "--json"]
    assert cli.main(words) == 0
    answer = json.loads(capsys.readouterr().out)
    route = json.loads(out.read_text(encoding="utf-8"))
    assert answer == {"files": [str(out)], **route}
    assert route["points"][0] == [-1.0, 0.0, -1.5]
    assert route["waypoints"][-1]["position"] == [1.0, -1.5]
    assert route["least_clearance_m"] >= 0.2


BAD: dict[str, tuple[list[str], str]] = {
    "no way": (["plan", "FILE", "--from=-2.4,0", "--to=1,1"], "start is inside 'sofa'"),
    "no place": (["plan", "FILE", "--from=a,b", "--to=1,1"], "--from takes x,z"),
    "nan": (["plan", "FILE", "--from=nan,0", "--to=1,1"], "--from takes x,z"),
    "wrong file": (["plan", "FILE", "--from=1,1", "--to=2,1", "--out=a.txt"], ".json"),
    "agent": (["scene", "FILE", "--radius=9"], "nearest: 2"),
    "axis": (["scene", "FILE", "--up=w"], "unknown up axis"),
    "missing": (["scene", "none.obj"], "no such file"),
    "suffix": (["scene", "none.fbx"], "scenes are read from"),
}


@pytest.mark.parametrize("case", sorted(BAD))
def test_bad_input_is_one_line_and_exit_code_2(file: Path, case: str, capsys: pytest.CaptureFixture[str]) -> None:
    words, why = BAD[case]
    assert cli.main([str(file) if word == "FILE" else word for word in words]) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1 and why in said.err


PEOPLE = [{"from": [-1, -1.5], "to": [1, -1.5]}, {"from": "1,-0.9", "to": [-1, -0.9], "speed": 1.0, "heading": 0}]


def test_plan_takes_several_people_and_draws_them(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people, out, picture = tmp_path / "people.json", tmp_path / "routes.json", tmp_path / "plan.png"
    people.write_text(json.dumps(PEOPLE), encoding="utf-8")
    words = ["plan", str(file), "--people", str(people), "--out", str(out), "--picture", str(picture)]
    assert cli.main([*words, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    routes = json.loads(out.read_text(encoding="utf-8"))
    assert answer == {"files": [str(out), str(picture)], **routes}
    assert routes["people"] == 2 and routes["least_gap_m"] > -0.05
    single = {"length_m", "duration_s", "least_clearance_m", "waypoints", "points", "times"}
    assert all(route.keys() == single for route in routes["routes"])
    first, last = routes["routes"][1]["waypoints"][0], routes["routes"][1]["waypoints"][-1]
    assert first["position"] == pytest.approx([1.0, -0.9], abs=0.05) and last["heading"] == 0
    with Image.open(picture) as drawn:
        assert drawn.format == "PNG" and max(drawn.size) >= 1000


def test_plan_draws_one_route(file: Path, tmp_path: Path) -> None:
    words = ["plan", str(file), "--from=-1,-1.5", "--to", "1,-1.5", "--picture", str(tmp_path / "plan.png")]
    assert cli.main(words) == 0
    assert (tmp_path / "plan.png").stat().st_size > 5000


BAD_PEOPLE: dict[str, tuple[str, str]] = {
    "no list": ('{"from": [0, 0]}', "people must be a list"),
    "nobody": ("[]", "with somebody in it"),
    "no json": ("[", "is no JSON"),
    "nan": ('[{"from": [NaN, 0], "to": [1, 1]}]', "NaN is no number"),
    "missing": ('[{"from": [0, 0]}]', "a person 1 needs 'to'"),
    "unknown": ('[{"from": [0, 0], "to": [1, 1], "sped": 1}]', "'sped' (did you mean 'speed'?)"),
    "speed": ('[{"from": [0, 0], "to": [1, 1], "speed": 60}]', "person 1's speed must be 0.1 to 6 m/s"),
    "place": ('[{"from": [0], "to": [1, 1]}]', "person 1's 'from' must be [x, z] or [x, y, z]"),
    "too many": (json.dumps([PEOPLE[0]] * 41), "at most 40 entries"),
    "both": (json.dumps(PEOPLE), "leave out --from"),
}


@pytest.mark.parametrize("case", sorted(BAD_PEOPLE))
def test_bad_people_are_one_line(file: Path, tmp_path: Path, case: str, capsys: pytest.CaptureFixture[str]) -> None:
    text, why = BAD_PEOPLE[case]
    people = tmp_path / "people.json"
    people.write_text(text, encoding="utf-8")
    more = ["--from=0,0"] if case == "both" else []
    assert cli.main(["plan", str(file), "--people", str(people), *more]) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1 and why in said.err


def test_plan_needs_to_know_whose_way(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["plan", str(file), "--from=0,0"]) == 2
    assert "--people" in capsys.readouterr().err
