"""Clips and characters of ours, judged by readers that are not: three.js, the Khronos validator, and Blender.

three.js and the validator come from npm (``npm install three@0.187.0 gltf-validator@2.0.0-dev.3.10`` at the root of the
repository). Blender takes a gigabyte: its tests run where STRIDE_BPY names a Python that has ``bpy`` 4.5.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from characters import foreign, rig_of, written

from helpers import box_skin, walking_clip
from motion.core.clip import Motion
from motion.formats import load, save
from motion.formats.exporting import export_rig
from motion.formats.presets import chosen
from motion.formats.rig import open_rig
from motion.rigging.character import put_on

ROOT = Path(__file__).resolve().parents[3]
TESTS = ROOT / "tests"


def module(name: str) -> Path | None:
    """A package of npm: env NODE_MODULES, or node_modules at the root of the repository."""
    places = [Path(p) / name for p in (os.environ.get("NODE_MODULES", ""), ROOT / "node_modules") if p]
    return next((place for place in places if place.is_dir()), None)


needs_three = pytest.mark.skipif(
    shutil.which("node") is None or module("three") is None, reason="needs node and three (npm install three@0.187.0)"
)
needs_validator = pytest.mark.skipif(
    shutil.which("node") is None or module("gltf-validator") is None,
    reason="needs node and gltf-validator (npm install gltf-validator@2.0.0-dev.3.10)",
)
needs_bpy = pytest.mark.skipif("STRIDE_BPY" not in os.environ, reason="needs STRIDE_BPY, a Python that has bpy")

#: Metres: three.js computes in single precision, and in .bvh six digits are kept.
LIMIT = 1e-3
FRAMES = [0, 7, 15, 28]


def in_three(path: Path, clip_fps: float) -> dict[str, Any]:
    """What three.js finds."""
    times = path.with_suffix(".json")
    times.write_text(json.dumps([frame / clip_fps for frame in FRAMES]))
    command = ["node", str(TESTS / "three_facts.mjs"), str(module("three")), str(path), str(times)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(json.loads(done.stdout))


def plain(name: str) -> str:
    """A name as three.js has it."""
    return re.sub(r"[\[\].:/]", "", name.replace(" ", "_"))


def places(found: dict[str, Any], names: list[str], unit: float) -> np.ndarray:
    """(frames, bones, 3) m."""
    known = [plain(name) for name in found["names"]]
    return unit * np.array(found["places"])[:, [known.index(plain(name)) for name in names]]


@needs_three
@pytest.mark.parametrize("preset", [None, "unreal", "mixamo", "godot"])
@pytest.mark.parametrize("suffix", [".fbx", ".glb", ".bvh"])
def test_three_sees_our_clips(tmp_path: Path, suffix: str, preset: str | None) -> None:
    if (suffix, preset) == (".bvh", "mixamo"):
        pytest.skip("three's BVHLoader plays no bone with a colon in its name")
    clip, used = walking_clip(1.0), chosen(preset)
    skin = box_skin()
    save(clip, tmp_path / f"a{suffix}", skin=skin, preset=used)
    found = in_three(tmp_path / f"a{suffix}", clip.fps)
    names = [used.bones[j] if used else j for j in clip.skeleton.joint_names]
    unit = 1.0 if suffix == ".glb" else 0.01
    assert np.abs(places(found, names, unit) - clip.joint_positions()[FRAMES]).max() < LIMIT
    assert found["duration"] == pytest.approx(29 / 30, abs=1e-5)
    if suffix != ".bvh":
        assert len(found["surfaces"][0]) == 1
        wanted = skin.deform(clip.root_position[FRAMES], clip.joint_rotation[FRAMES])
        surface = unit * np.array([of_frame[0] for of_frame in found["surfaces"]])
        # three.js keeps a corner for every face of an .fbx, so points are looked for rather than counted
        for is_at, should_be in zip(surface, wanted, strict=True):
            gaps = np.linalg.norm(is_at[:, None] - should_be[None], axis=-1)
            assert max(gaps.min(axis=0).max(), gaps.min(axis=1).max()) < LIMIT


@pytest.fixture(params=[("mixamo", ".fbx"), ("unreal", ".fbx"), ("odd", ".glb"), ("unreal", ".glb"), ("odd", ".bvh")],
                ids=lambda one: "".join(one))  # fmt: skip
def character(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, np.ndarray, tuple[str, ...]]:
    """A foreign character with a clip in its own format: the file, where its bones should be, and their names."""
    kind, suffix = request.param
    rig = open_rig(written(rig_of(foreign(kind, 0.9), 21), tmp_path / f"them{suffix}"))
    worn = put_on(walking_clip(1.0), rig)
    return export_rig(rig, worn.posed, tmp_path / f"moved{suffix}"), worn.posed.position, rig.names


@needs_three
def test_three_sees_characters(character: tuple[Path, np.ndarray, tuple[str, ...]]) -> None:
    path, wanted, names = character
    found = in_three(path, 30.0)
    unit = 1.0 if path.suffix == ".glb" else 0.01
    assert np.abs(places(found, list(names), unit) - wanted[FRAMES]).max() < LIMIT
    assert len(found["animations"]) == 1 and found["duration"] == pytest.approx(29 / 30, abs=1e-5)


VALIDATE = """
const validator = require(process.argv[1]);
const bytes = new Uint8Array(require('fs').readFileSync(process.argv[2]));
validator.validateBytes(bytes).then(report => console.log(JSON.stringify(report.issues)));
"""


@needs_validator
@pytest.mark.parametrize("source", [".glb", ".fbx", ".bvh"])
def test_the_validator_finds_nothing_in_characters(tmp_path: Path, source: str) -> None:
    """Written from its own .glb, whose old animation is gone, and anew from other formats."""
    first = open_rig(written(rig_of(foreign("unreal"), 22), tmp_path / f"them{source}"))
    export_rig(first, put_on(walking_clip(0.4, seed=1), first).posed, tmp_path / "once.glb")
    rig = open_rig(tmp_path / "once.glb")
    export_rig(rig, put_on(walking_clip(1.0), rig).posed, tmp_path / "twice.glb", {"prompt": "walk"})
    for name in ("once.glb", "twice.glb"):
        command = ["node", "-e", VALIDATE, str(module("gltf-validator")), str(tmp_path / name)]
        issues = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout)
        assert (issues["numErrors"], issues["numWarnings"]) == (0, 0), issues["messages"]
        unused = [message["pointer"] for message in issues["messages"] if message["code"] == "UNUSED_OBJECT"]
        assert not unused, unused


def in_blender(path: Path) -> list[tuple[dict[str, Any], np.ndarray]]:
    """What each of Blender's importers finds."""
    path.with_suffix(".json").write_text(json.dumps(FRAMES))
    out = path.with_suffix(".facts.npz")
    command = [
        os.environ["STRIDE_BPY"],
        str(TESTS / "bpy_facts.py"),
        str(path),
        str(path.with_suffix(".json")),
        str(out),
    ]
    subprocess.run(command, capture_output=True, check=True, timeout=300)
    with np.load(out) as facts:
        count = len(facts.files) // 2
        return [(json.loads(str(facts[f"told{i}"])), facts[f"places{i}"]) for i in range(count)]


def agrees(path: Path, wanted: np.ndarray, names: tuple[str, ...]) -> None:
    for told, heads in in_blender(path):
        known = [name for name in names if name in told["names"]]
        assert len(known) >= len(names) - 1  # a root becomes the armature itself
        is_at = heads[:, [told["names"].index(name) for name in known]]
        assert np.abs(is_at - wanted[FRAMES][:, [names.index(name) for name in known]]).max() < 5e-4
        assert told["range"][1] - told["range"][0] == pytest.approx(29, abs=1e-3)


@needs_bpy
def test_blender_sees_characters(character: tuple[Path, np.ndarray, tuple[str, ...]]) -> None:
    agrees(*character)


@needs_bpy
@pytest.mark.parametrize("suffix", [".fbx", ".glb"])
def test_blender_sees_our_clips(tmp_path: Path, suffix: str) -> None:
    clip: Motion = walking_clip(1.0)
    save(clip, tmp_path / f"a{suffix}", skin=box_skin())
    assert load(tmp_path / f"a{suffix}").num_frames == 30
    agrees(tmp_path / f"a{suffix}", clip.joint_positions(), clip.skeleton.joint_names)
