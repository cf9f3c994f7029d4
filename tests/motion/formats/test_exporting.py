"""An export that is not what was meant is none: it is told, and nothing is left behind."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from characters import foreign, rig_of, written

from helpers import box_skin, random_clip, walking_clip
from motion.body import default_body
from motion.core.clip import Motion
from motion.core.errors import BadFile
from motion.formats import exporting, load
from motion.formats.exporting import export, export_rig
from motion.formats.presets import PRESETS
from motion.formats.rig import Posed, Rig, open_rig
from motion.rigging.character import put_on

SUFFIXES = [".fbx", ".glb", ".bvh", ".npz"]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("kind", ["walk", "wild", "one frame"])
def test_every_export_is_read_again(tmp_path: Path, suffix: str, kind: str) -> None:
    clip = {"walk": walking_clip(0.5), "wild": random_clip(15), "one frame": walking_clip(1 / 30)}[kind]
    options: list[dict[str, Any]] = [{}, {"root_motion": "in-place", "t_pose": True}, {"root_motion": "root"}]
    presets = [None] if suffix == ".npz" else [None, *(PRESETS["unreal"].with_options(**one) for one in options)]
    for preset in presets:
        path = export(clip, tmp_path / f"a{suffix}", skin=box_skin(), provenance={"seed": 1}, preset=preset)
        assert load(path).num_frames == clip.num_frames + (preset is not None and preset.t_pose)
    assert [one.name for one in tmp_path.iterdir()] == [f"a{suffix}"]


def late(clip: Motion, **_: Any) -> Motion:
    return clip.sliced(0, clip.num_frames - 1)


def elsewhere(clip: Motion, **_: Any) -> Motion:
    return replace(clip, root_position=clip.root_position + [0.0, 0.002, 0.0])


def slow(clip: Motion, **_: Any) -> Motion:
    return replace(clip, fps=clip.fps / 2)


@pytest.mark.parametrize(("fault", "says"), [(late, "frames"), (elsewhere, "mm off"), (slow, "fps")])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_is_not_what_was_meant_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, fault: Any, says: str
) -> None:
    save = exporting.save
    monkeypatch.setattr(exporting, "save", lambda clip, path, **options: save(fault(clip), path, **options))
    (tmp_path / f"a{suffix}").write_bytes(b"what was there before")
    with pytest.raises(BadFile, match=says) as told:
        export(walking_clip(0.5), tmp_path / f"a{suffix}")
    assert f"a{suffix}" in str(told.value) and ".stride" not in str(told.value).split(":")[0]
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"what was there before"]


def test_a_file_that_cannot_be_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "save", lambda clip, path, **options: Path(path).write_bytes(b"no clip"))
    for suffix, says in ((".glb", "read again"), (".png", "")):
        if says:
            with pytest.raises(BadFile, match=says):
                export(walking_clip(0.5), tmp_path / f"a{suffix}")
    monkeypatch.setattr(exporting, "save", lambda clip, path, **options: Path(path).write_bytes(b""))
    with pytest.raises(BadFile, match="empty"):
        export(walking_clip(0.5), tmp_path / "a.png")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", [".fbx", ".glb", ".bvh"])
def test_a_character_that_moves_wrongly_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    rig = open_rig(written(rig_of(foreign("unreal"), 1), tmp_path / f"them{suffix}"))
    posed = put_on(walking_clip(0.5), rig).posed
    write = exporting.write_rig

    def wrong(rig: Rig, posed: Posed, path: Path, provenance: Any) -> None:
        turn = posed.rotation.copy()
        knee = rig.names.index("calf_l")
        turn[:, knee] = turn[:, knee] @ np.diag([1.0, -1.0, -1.0])
        write(rig, replace(posed, rotation=turn), path, provenance)

    monkeypatch.setattr(exporting, "write_rig", wrong)
    with pytest.raises(BadFile, match="mm off"):
        export_rig(rig, posed, tmp_path / f"moved{suffix}")
    assert not (tmp_path / f"moved{suffix}").exists()


def test_ten_seconds_with_a_body_take_less_than_one(tmp_path: Path) -> None:
    """Written, read again and judged: seconds of the processor, for the machine may be busy with other things."""
    body = default_body()
    clip, skin = walking_clip(10.0, skeleton=body.skeleton()), body.skin()
    export(walking_clip(0.1, skeleton=body.skeleton()), tmp_path / "a.fbx", skin=skin)  # everything is imported
    begin = time.process_time()
    export(clip, tmp_path / "a.fbx", skin=skin, provenance={"prompt": "walk"})
    assert time.process_time() - begin < 1.0
    assert (tmp_path / "a.fbx").stat().st_size < 3_000_000
