"""A folder of clips converted: all that can be, the others told, and the exit code says so."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
from pathlib import Path
from typing import Any

import pytest
from characters import foreign, rig_of, written

from app import cli, folders
from helpers import walking_clip
from motion.formats import load, save
from motion.formats.rig import open_rig


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    folder = tmp_path / "clips"
    (folder / "more").mkdir(parents=True)
    for number in range(4):
        save(walking_clip(0.3, seed=number), folder / ("more" if number % 2 else "") / f"c{number}.bvh")
    save(walking_clip(0.2), folder / "c0.npz")
    (folder / "notes.txt").write_text("no clip")
    return folder


def test_all_are_converted(tmp_path: Path, clips: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["convert", str(clips), str(tmp_path / "out"), "--to", "fbx", "--preset", "unity", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    made = {str(Path(name).relative_to(tmp_path / "out")) for name in told["files"]}
    assert made == {"c0.bvh.fbx", "c0.npz.fbx", "c2.fbx", "more/c1.fbx", "more/c3.fbx"} and told["failed"] == {}
    assert "Hips" in load(tmp_path / "out" / "c2.fbx").skeleton.joint_names


def test_a_bad_file_is_told_and_the_others_are_made(
    tmp_path: Path, clips: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (clips / "bad.fbx").write_bytes(b"no clip")
    assert cli.main(["convert", str(clips), str(tmp_path / "out")]) == 2
    said = capsys.readouterr()
    assert "5 of 6" in said.out and f"left out {clips / 'bad.fbx'}: is not a binary FBX file" in said.out
    assert len(list((tmp_path / "out").rglob("*.glb"))) == 5


def test_onto_a_character(tmp_path: Path, clips: Path) -> None:
    them = written(rig_of(foreign("mixamo"), 1), tmp_path / "them.glb")
    assert cli.main(["convert", str(clips), str(tmp_path / "out"), "--rig", str(them)]) == 0
    assert open_rig(tmp_path / "out" / "c2.glb").names == open_rig(them).names


def test_what_is_wrong_with_all_of_them_is_told_once(
    tmp_path: Path, clips: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (
        ["--to", "docx"],
        ["--preset", "unitty"],
        ["--rig", "nobody.fbx"],
        ["--to", "npz", "--preset", "unity"],
    ):
        assert cli.main(["convert", str(clips), str(tmp_path / "out"), *words]) == 2
        assert len(capsys.readouterr().err.strip().splitlines()) == 1
    (tmp_path / "empty").mkdir()
    assert cli.main(["convert", str(tmp_path / "empty"), str(tmp_path / "out")]) == 2
    assert "holds no clips" in capsys.readouterr().err


def dies(path: Path, made: Path) -> str | None:
    """Converts nothing; one file kills its process."""
    if path.name == "killer.bvh":
        os._exit(1)
    return None


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="patches what a process forks")
def test_a_file_that_kills_its_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "_convert", dies)
    monkeypatch.setattr(folders, "_prepare", lambda *_: None)
    context = multiprocessing.get_context("fork")
    monkeypatch.setattr(multiprocessing, "get_context", lambda _: context)
    pairs = [(tmp_path / f"{name}.bvh", tmp_path / f"{name}.glb") for name in ("a", "b", "killer", "c", "d")]
    options: Any = argparse.Namespace()
    told = {path.stem: why for path, _, why in folders.converted(options, ".glb", pairs)}
    assert told.pop("killer") and told == dict.fromkeys("abcd")
