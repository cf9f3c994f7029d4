"""stride scene and stride plan: what they say, and how they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

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
