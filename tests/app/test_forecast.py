"""stride forecast: files, a stream, people; and how it refuses."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest

from app import cli
from motion.formats.check_glb import check_glb
from motion.formats.gltf import read_gltf
from scene_meshes import room, write_obj
from scenes import scene as scene_module

STRAIGHT = ["--forecaster", "constant-velocity"]


@pytest.fixture
def tracks(tmp_path: Path) -> Path:
    """Two people: one walks along x at 1 m/s, one stands."""
    path = tmp_path / "tracks.txt"
    rows = [f"{10 * k}\t{person}\t{x}\t{y}" for k in range(10) for person, x, y in ((1, 0.4 * k, 0), (2, 2, 2))]
    path.write_text("\n".join(rows))
    return path


def answered(words: list[str], capsys: pytest.CaptureFixture[str]) -> dict:
    assert cli.main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_file_of_each_kind(tracks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outs = [str(tmp_path / f"out{suffix}") for suffix in (".json", ".csv", ".geojson", ".png", ".gif")]
    words = ["forecast", str(tracks), "--samples", "4", *STRAIGHT, *(word for out in outs for word in ("--out", out))]
    answer = answered(words, capsys)
    assert answer["files"] == outs and all(Path(out).stat().st_size for out in outs)
    assert (answer["people"], answer["samples"], answer["start_s"], answer["horizon_s"]) == (2, 4, 3.6, 4.8)
    assert any("taken for 0.4 s" in note for note in answer["notes"])
    people = json.loads(Path(outs[0]).read_text())["people"]
    np.testing.assert_allclose(people[0]["best"][-1], [8.4, 0.0], atol=1e-3)


def test_without_a_file_the_forecast_is_the_answer(tracks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = answered(["forecast", str(tracks), "--horizon", "2", "--at", "2", *STRAIGHT], capsys)
    assert answer["forecast"]["start"] == 2.0 and len(answer["forecast"]["people"][0]["futures"]) == 20
    assert cli.main(["forecast", str(tracks), *STRAIGHT]) == 0
    assert "1: at 8.40,0.00 in 4.8 s" in capsys.readouterr().out


@pytest.mark.parametrize(("speed", "metres"), [("0", 0.0), ("1.5", 7.2), ("slow", 2.4), ("fast", 7.68)])
def test_a_speed_is_kept(tracks: Path, speed: str, metres: float, capsys: pytest.CaptureFixture[str]) -> None:
    people = answered(["forecast", str(tracks), "--speed", speed, *STRAIGHT], capsys)["forecast"]["people"]
    for way in [people[0]["best"], *people[0]["futures"]]:
        assert np.linalg.norm(np.array(way[-1]) - [3.6, 0]) == pytest.approx(metres, abs=1e-3)


def test_a_speed_over_time_and_of_some(tracks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["forecast", str(tracks), *STRAIGHT, "--speed"]
    people = answered([*words, "0@0; 1@4"], capsys)["forecast"]["people"]
    steps = np.linalg.norm(np.diff([[3.6, 0], *people[0]["futures"][3]], axis=0), axis=-1)
    np.testing.assert_allclose(steps / 0.4, np.minimum(np.arange(1, 13) / 10, 1.0), atol=1e-3)
    people = answered([*words, "2=1.5"], capsys)["forecast"]["people"]
    assert people[0]["best"][-1] == [8.4, 0.0]  # as before
    assert np.linalg.norm(np.array(people[1]["best"][-1]) - 2) == pytest.approx(7.2, abs=1e-3)


def test_tracks_in_another_form(tracks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "a.ndjson"
    answered(["forecast", str(tracks), "--as", "trajnet", "--out", str(out), *STRAIGHT], capsys)
    assert len(out.read_text().splitlines()) == 1 + 2 * (10 + 12)
    answered(["forecast", str(tracks), "--recorded", "--as", "csv", "--out", str(tmp_path / "b.csv")], capsys)
    assert len((tmp_path / "b.csv").read_text().splitlines()) == 1 + 2 * 10


def test_people_keep_to_the_scene(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(scene_module, "MAX_SAMPLES", 40_000)
    scene = write_obj(tmp_path / "room.obj", room())
    path = tmp_path / "a.csv"
    path.write_text("time,id,x,z\n" + "".join(f"{0.4 * k},a,{-1.7 + 0.4 * k},1\n" for k in range(3)))
    words = ["forecast", str(path), "--scene", str(scene), *STRAIGHT]
    inside = answered(words, capsys)
    ends = [way[-1][0] for way in inside["forecast"]["people"][0]["futures"]]
    assert inside["off_the_map"] == 0.0 and max(ends) < 2.8
    free = answered(["forecast", str(path), *STRAIGHT], capsys)
    assert max(way[-1][0] for way in free["forecast"]["people"][0]["futures"]) > 3.0


def test_a_stream_is_answered_step_by_step(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("time,id,x,y\n0,a,0,0\n0.4,a,0.5,0\n0.4,b,1,1\n0.8,a,1,0\n"))
    assert cli.main(["forecast", "-", "--samples", "2", "--horizon", "0.8", *STRAIGHT]) == 0
    steps = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [step["time"] for step in steps] == [0, 0.4, 0.8]
    assert [[person["id"] for person in step["people"]] for step in steps] == [["a"], ["a", "b"], ["a"]]
    assert steps[-1]["people"][0]["best"] == [[1.5, 0.0], [2.0, 0.0]]


BAD: dict[str, tuple[list[str], str]] = {
    "no file": (["none.txt"], "no such file"),
    "suffix": (["TRACKS", "--out", "a.xyz"], "unknown file suffix"),
    "form": (["TRACKS", "--as", "carl", "--out", "a"], "did you mean 'carla'"),
    "form alone": (["TRACKS", "--as", "csv"], "--out FILE"),
    "speed": (["TRACKS", "--speed", "9"], "0 to 6 m/s"),
    "speed of nobody": (["TRACKS", "--speed", "77=1"], "'77', who is not there; there are 1, 2"),
    "speed backwards": (["TRACKS", "--speed", "1@3; 2@1"], "seconds from now"),
    "speed at no time": (["TRACKS", "--speed", "1@nan"], "seconds"),
    "speed nan": (["TRACKS", "--speed", "nan"], "0 to 6 m/s"),
    "horizon": (["TRACKS", "--horizon", "1000"], "0.4 to 60 s"),
    "samples": (["TRACKS", "--samples", "0"], "1 to 1000 samples"),
    "moment": (["TRACKS", "--at", "99"], "people are seen from 0 to 3.6 s"),
    "seed": (["TRACKS", "--seed", "-1"], "seed"),
    "recorded": (["TRACKS", "--recorded"], "does nothing alone"),
    "animate": (["TRACKS", "--animate", "a.fbx"], "writes a .glb"),
    "stream out": (["-", "--out", "a.json"], "needs a file"),
    "map": (["TRACKS", "--map", "a.png"], "--map-homography"),
    "origin": (["TRACKS", "--origin", "here"], "latitude,longitude"),
    "forecaster": (["TRACKS", "--forecaster", "nonsense"], "nonsense"),
    "homography": (["TRACKS", "--homography", "TRACKS"], "nine numbers"),
    "future": (["TRACKS", "--animate", "a.glb", "--future", "21"], "number from 1 to 20"),
    "most": (["TRACKS", "--animate", "a.glb", "--most", "0"], "--most"),
}


@pytest.mark.parametrize("case", sorted(BAD))
def test_bad_input_is_one_line_and_exit_code_2(
    tracks: Path, case: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words, why = BAD[case]
    monkeypatch.chdir(tracks.parent)
    words = [str(tracks) if word == "TRACKS" else word for word in words]
    if "--forecaster" not in words:
        words += STRAIGHT
    assert cli.main(["forecast", *words]) == 2
    said = capsys.readouterr()
    (line,) = [line for line in said.err.splitlines() if not line.startswith("stride: note: ")]
    assert why in line and not said.out
    assert [file.name for file in tracks.parent.iterdir()] == ["tracks.txt"]


@pytest.mark.slow
def test_dots_become_people_who_walk_their_ways(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = tmp_path / "tracks.csv", tmp_path / "crowd.glb"
    rows = [f"{0.4 * k:.1f},a,{0.45 * k},0" for k in range(8)] + [f"{0.4 * k:.1f},b,2,2" for k in range(2, 8)]
    rows += [f"{0.4 * k:.1f},cyclist,{4 * k},5" for k in range(8)]
    path.write_text("\n".join(["time,id,x,y", *rows]))
    answer = answered(["forecast", str(path), "--recorded", "--animate", str(out)], capsys)
    assert answer["path_error_m"] <= 0.03 and [one["id"] for one in answer["walkers"]] == ["a", "b"]
    assert "no walking" in answer["left_out"]["cyclist"]
    assert answer["walkers"][1]["foot_skate_ratio"] < 0.1, "who stands stands still"
    assert all(item.ok for item in check_glb(out))
    assert [one["name"] for one in read_gltf(out).document["asset"]["extras"]["people"]] == ["a", "b"]
    words = ["forecast", str(path), "--horizon", "1.2", "--most", "1", "--one-each", "--animate", str(out), *STRAIGHT]
    answer = answered(words, capsys)
    assert [Path(file).name for file in answer["people_files"]] == ["crowd-a.glb"]
    assert answer["walkers"][0]["path_error_m"] <= 0.03
