"""One's own character from the command line: shown, corrected, converted onto, generated onto."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from characters import foreign, rig_of, written

from app import cli
from app.request import Request
from app.studio import make
from helpers import walking_clip
from motion.body import default_body
from motion.formats import FORMATS, load, save
from motion.formats.rig import open_rig


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return save(
        walking_clip(0.5, skeleton=default_body().skeleton()), tmp_path / "clip.npz", provenance={"prompt": "go"}
    )


@pytest.fixture
def them(tmp_path: Path) -> Path:
    return written(rig_of(foreign("unreal"), 3), tmp_path / "them.fbx")


def answered(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert cli.main([*words, "--json"]) == 0, capsys.readouterr().err
    return dict(json.loads(capsys.readouterr().out))


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert cli.main(list(words)) == 2
    said = capsys.readouterr().err.strip()
    assert len(said.splitlines()) == 1
    return said


@pytest.mark.parametrize("suffix", [".fbx", ".glb", ".bvh"])
def test_convert_onto_a_character(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], clip: Path, them: Path, suffix: str
) -> None:
    out = tmp_path / f"out{suffix}"
    told = answered(capsys, "convert", str(clip), str(out), "--rig", str(them))
    assert told["rig"]["unmapped"] == ["root"] and told["rig"]["foot_slide_after_cm_s"] >= 0
    assert set(open_rig(out).names) == set(open_rig(them).names)
    record = FORMATS[suffix].provenance
    assert record is None or record(out) == {"prompt": "go"}


def test_a_mapping_is_shown_corrected_and_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], clip: Path, them: Path
) -> None:
    path = tmp_path / "map.json"
    assert answered(capsys, "rig", str(them), "--out", str(path))["confidence"]["left_hip"] == 1.0
    told = json.loads(path.read_text())
    told["bones"]["left_hand"] = None
    path.write_text(json.dumps(told))
    found = answered(capsys, "convert", str(clip), str(tmp_path / "o.glb"), "--rig", str(them), "--mapping", str(path))
    assert found["rig"]["unmapped"] == ["root", "middle_01_l"]
    assert cli.main(["rig", str(them), "--mapping", str(path)]) == 0
    assert "thigh_l" in capsys.readouterr().out


def test_who_is_unsure_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str], clip: Path) -> None:
    odd = written(rig_of(foreign("odd"), 3), tmp_path / "odd.glb")
    assert cli.main(["convert", str(clip), str(tmp_path / "o.glb"), "--rig", str(odd)]) == 0
    said = capsys.readouterr()
    assert "not sure of" in said.err and "Keule.1" in said.err
    assert "bones mapped" in said.out


def test_what_cannot_be_is_refused_before_any_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], clip: Path, them: Path
) -> None:
    out = str(tmp_path / "o.fbx")
    assert "--preset" in refused(capsys, "convert", str(clip), out, "--rig", str(them), "--preset", "unity")
    assert "--rig" in refused(capsys, "convert", str(clip), out, "--mapping", str(clip))
    assert ".fbx" in refused(capsys, "convert", str(clip), str(tmp_path / "o.npz"), "--rig", str(them))
    assert "no such file" in refused(capsys, "convert", str(clip), out, "--rig", str(tmp_path / "nobody.fbx"))
    assert "character file" in refused(capsys, "rig", str(clip))
    assert not (tmp_path / "o.fbx").exists()


def test_generate_onto_a_character(tmp_path: Path, walker: list[dict[str, Any]], them: Path) -> None:
    out = tuple(str(tmp_path / name) for name in ("a.fbx", "a.npz"))
    result = make(Request("a person walks", out=out, rig=str(them), root_motion="hips", t_pose=True))
    assert result.rig is not None and result.rig["mapped"] == 26
    moved = load(out[0])
    assert moved.num_frames == load(out[1]).num_frames + 1
    assert open_rig(out[0]).names == open_rig(them).names
    record = FORMATS[".fbx"].provenance
    assert record is not None
    told = record(out[0])
    assert told is not None and told["rig"] == str(them) and {"prompt", "seed", "generator"} <= told.keys()
    assert {"name", "sha256", "licence"} <= told["model"].keys()
    assert np.isfinite(moved.root_position).all()
