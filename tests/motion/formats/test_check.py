"""Every conformance item passes on our files and fails on the fault it is there for."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers import box_skin, random_clip, smpl_skeleton, walking_clip
from motion.body import default_body
from motion.core.clip import Motion
from motion.core.errors import BadFile, BadInput
from motion.core.skeleton import Skeleton
from motion.core.skin import Skin
from motion.formats import FORMATS, load, save
from motion.formats.check import CheckItem, check_conversion, check_file, roles
from motion.formats.conversion import convert, provenance_of, skin_of
from motion.formats.glb import write_glb
from motion.formats.gltf import GltfBuilder, read_gltf
from motion.formats.stick import stick_skin

READABLE = [suffix for suffix, entry in FORMATS.items() if entry.read]


def failed(items: list[CheckItem]) -> set[str]:
    return {item.name for item in items if not item.ok}


@pytest.mark.parametrize("suffix", READABLE)
def test_our_own_files_pass(tmp_path: Path, suffix: str) -> None:
    clip = walking_clip(1.0, fps=30000 / 1001)
    path = save(clip, tmp_path / f"a{suffix}", skin=box_skin(), provenance={"prompt": "walk"})
    items = check_file(path) + check_conversion(clip, path)
    assert failed(items) == set()
    assert len(items) > 12
    json.dumps([asdict(item) for item in items])  # for --json


def test_conversion_tells_apart(tmp_path: Path) -> None:
    clip = walking_clip(1.0)
    path = save(clip, tmp_path / "a.npz")
    moved = replace(clip, root_position=clip.root_position + [0.0, 0.001, 0.0])
    assert failed(check_conversion(moved, path)) == {"largest joint error"}
    assert failed(check_conversion(clip.resampled(60.0), path)) == {"frames kept", "frame rate kept"}
    assert failed(check_conversion(random_clip(30, skeleton=Skeleton(("a",), np.array([-1]), np.zeros((1, 3)))), path))


def turned(clip: Motion, axis: int, degrees: float) -> Motion:
    """The same clip on a skeleton whose rest pose is turned."""
    angle = np.deg2rad(degrees)
    others = [a for a in range(3) if a != axis]
    turn = np.eye(3)
    turn[np.ix_(others, others)] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    skeleton = replace(clip.skeleton, rest_offsets=clip.skeleton.rest_offsets @ turn.T)
    return replace(clip, skeleton=skeleton, joint_rotation=turn @ clip.joint_rotation @ turn.T)


FAULTS = {
    "rest pose stands upright (Y up)": lambda c: turned(c, 0, 90),
    "rest pose faces +Z": lambda c: turned(c, 1, 90),
    "size of the figure": lambda c: replace(c, skeleton=smpl_skeleton(100)),
    "frame rate is exact": lambda c: replace(c, fps=30.00003),
    "fastest joint": lambda c: replace(c, root_position=c.root_position * [1, 1, 40]),
    "pelvis above the floor when highest": lambda c: replace(c, root_position=c.root_position + [0, 1, 0]),
    "lowest joint": lambda c: replace(c, root_position=c.root_position - [0, 0.1, 0]),
    "largest turn of a joint in one frame": lambda c: replace(
        c, joint_rotation=np.where(np.arange(30)[:, None, None, None] == 7, np.diag([-1.0, 1, -1]), c.joint_rotation)
    ),
}


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("suffix", READABLE)
def test_faults_of_a_clip_are_found(tmp_path: Path, name: str, suffix: str) -> None:
    path = save(FAULTS[name](walking_clip(1.0)), tmp_path / f"a{suffix}")
    assert name in failed(check_file(path))


def rewritten(path: Path, edit: Any) -> Path:
    """The .glb with its document and one accessor's values changed by ``edit(document, arrays)``."""
    file = read_gltf(path)
    arrays = [file.array(i) for i in range(len(file.document["accessors"]))]
    document = json.loads(json.dumps(file.document))
    edit(document, arrays)
    del document["accessors"], document["bufferViews"], document["buffers"]
    builder = GltfBuilder(document)
    for array in arrays:
        builder.add(array if array.shape[1] > 1 else array[:, 0], bounds=True)
    path.write_bytes(builder.to_bytes())
    return path


def delay(document: dict[str, Any], arrays: list[np.ndarray]) -> None:
    arrays[0] = arrays[0] + np.float32(0.5)


def flip(document: dict[str, Any], arrays: list[np.ndarray]) -> None:
    arrays[4][10:] *= -1


def stretch(document: dict[str, Any], arrays: list[np.ndarray]) -> None:
    arrays[4] *= 1.01


def heavy(document: dict[str, Any], arrays: list[np.ndarray]) -> None:
    arrays[document["meshes"][0]["primitives"][0]["attributes"]["WEIGHTS_0"]] *= 1.5


def scaled(document: dict[str, Any], arrays: list[np.ndarray]) -> None:
    document["nodes"][0]["scale"] = [100, 100, 100]


def uneven(document: dict[str, Any], arrays: list[np.ndarray]) -> None:
    arrays[0][7] += 0.01


def loose(document: dict[str, Any], arrays: list[np.ndarray]) -> None:
    arrays.append(arrays[1].copy())
    animation = document["animations"][0]
    animation["samplers"].append({"input": 0, "output": len(arrays) - 1})
    animation["channels"].append(
        {"sampler": len(animation["samplers"]) - 1, "target": {"node": 5, "path": "translation"}}
    )


GLB_FAULTS = {
    "first key": delay,
    "quaternions keep their hemisphere": flip,
    "quaternions of unit length": stretch,
    "skin weights away from a sum of one": heavy,
    "nodes with a scale": scaled,
    "uneven key spacing": uneven,
    "tracks that move a joint off its bone": loose,
}


@pytest.mark.parametrize("name", GLB_FAULTS)
def test_faults_of_a_glb_are_found(tmp_path: Path, name: str) -> None:
    consequences: set[str] = set()
    if name == "nodes with a scale":
        consequences = {"size of the figure", "fastest joint", "lowest point of the surface"}
    write_glb(walking_clip(1.0), tmp_path / "a.glb", skin=box_skin())
    assert failed(check_file(rewritten(tmp_path / "a.glb", GLB_FAULTS[name]))) - consequences == {name}


def test_a_bare_amass_file_lacks_a_spelling(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", poses=np.zeros((3, 156)), trans=np.zeros((3, 3)), mocap_framerate=60.0)
    names = failed(check_file(tmp_path / "a.npz", skeleton=smpl_skeleton()))
    assert "keys that AMASS readers ask for" in names


def test_unreadable_files_cannot_be_checked(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="no such file"):
        check_file(tmp_path / "a.glb")
    save(walking_clip(0.2), tmp_path / "a.csv")
    with pytest.raises(BadInput, match="only written"):
        check_file(tmp_path / "a.csv")


def test_joints_are_known_by_many_names() -> None:
    names = ("mixamorig:Hips", "mixamorig:LeftUpLeg", "mixamorig:RightUpLeg", "mixamorig:Head", "mixamorig:LeftFoot")
    skeleton = Skeleton(names, np.array([-1, 0, 0, 0, 1]), np.zeros((5, 3)))
    assert roles(skeleton) == {"head": 3, "left_hip": 1, "right_hip": 2, "left_ankle": 4}
    assert len(roles(smpl_skeleton())) == 5


@pytest.mark.parametrize("source", READABLE)
@pytest.mark.parametrize("target", FORMATS)
def test_every_conversion_works(tmp_path: Path, source: str, target: str) -> None:
    if target == ".mp4":
        pytest.importorskip("imageio_ffmpeg", reason="needs the extra 'video'")
    clip = walking_clip(0.3)
    first = save(clip, tmp_path / f"a{source}", provenance={"prompt": "walks"})
    convert(first, tmp_path / f"b{target}", skin=box_skin())
    assert (tmp_path / f"b{target}").stat().st_size > 500
    if target in READABLE:
        assert not failed(check_conversion(clip, tmp_path / f"b{target}")) - {"largest joint error"}
        error = np.abs(load(tmp_path / f"b{target}").joint_positions().max() - clip.joint_positions().max())
        assert error < 1e-3


def test_convert_brings_the_record_and_the_body_along(tmp_path: Path) -> None:
    skin: Skin = box_skin()
    save(walking_clip(0.3), tmp_path / "a.npz", provenance={"prompt": "walks", "seed": 1})
    assert convert(tmp_path / "a.npz", tmp_path / "b.glb", skin=skin, fps=60.0).fps == 60
    convert(tmp_path / "b.glb", tmp_path / "c.glb")  # keeps the surface it has
    found = skin_of(tmp_path / "c.glb")
    assert found is not None
    assert np.allclose(found.vertices, skin.vertices, atol=1e-6)
    assert provenance_of(tmp_path / "c.glb") == {"prompt": "walks", "seed": 1}
    assert skin_of(tmp_path / "a.npz") is None


def test_convert_draws_sticks_where_the_body_does_not_fit(tmp_path: Path) -> None:
    clip = walking_clip(0.3)
    save(clip, tmp_path / "a.npz")
    convert(tmp_path / "a.npz", tmp_path / "b.glb", skin=box_skin(smpl_skeleton(1.3)))
    found = skin_of(tmp_path / "b.glb")
    assert found is not None
    assert np.allclose(found.vertices, stick_skin(clip.skeleton).vertices, atol=1e-6)


def test_convert_dresses_a_person_of_another_shape(tmp_path: Path) -> None:
    body, betas = default_body(), np.array([1.5, -1.0])
    clip = replace(walking_clip(0.3, skeleton=body.skeleton(betas)), betas=betas)
    save(clip, tmp_path / "a.npz")
    convert(tmp_path / "a.npz", tmp_path / "b.glb", skin=body.skin(), shaped=body.skin)
    found = skin_of(tmp_path / "b.glb")
    assert found is not None
    assert np.allclose(found.vertices, body.skin(betas).vertices, atol=1e-6)
