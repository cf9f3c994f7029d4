"""What a .glb of ours holds, judged by the Khronos validator and by reading the JSON; and foreign rigs."""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers import box_skin, random_clip, smpl_skeleton, walking_clip
from motion.body import default_body
from motion.core.clip import Motion
from motion.core.errors import BadFile, BadInput
from motion.core.rotation import rotvec_to_rotmat
from motion.core.skin import Skin
from motion.formats.glb import influences, write_glb
from motion.formats.glb_reader import read_glb, read_glb_with_skin, read_provenance
from motion.formats.gltf import GltfBuilder, read_gltf
from motion.formats.presets import chosen
from motion.formats.stick import stick_skin

ROOT = Path(__file__).resolve().parents[3]
VALIDATE = """
const validator = require(process.argv[1]);
const bytes = new Uint8Array(require('fs').readFileSync(process.argv[2]));
validator.validateBytes(bytes).then(report => console.log(JSON.stringify(report.issues)));
"""


SKINS: dict[str, Callable[[], Skin | None]] = {
    "boxes": box_skin,
    "sticks": lambda: stick_skin(smpl_skeleton()),
    "body": lambda: default_body().skin(),
    "none": lambda: None,
}


def validator_module() -> Path | None:
    """Where npm's gltf-validator is: env GLTF_VALIDATOR, or node_modules at the root of the repository."""
    places = [os.environ.get("GLTF_VALIDATOR", ""), ROOT / "node_modules" / "gltf-validator"]
    return next((Path(p) for p in places if p and Path(p).is_dir()), None)


def document(path: Path) -> dict[str, Any]:
    return read_gltf(path).document


@pytest.mark.skipif(
    shutil.which("node") is None or validator_module() is None,
    reason="needs node and gltf-validator (npm install gltf-validator@2.0.0-dev.3.10)",
)
@pytest.mark.parametrize("kind", SKINS)
@pytest.mark.parametrize(("frames", "preset"), [(1, None), (31, None), (31, "unreal")])
def test_the_khronos_validator_finds_nothing(tmp_path: Path, kind: str, frames: int, preset: str | None) -> None:
    skin = SKINS[kind]()
    path = tmp_path / "clip.glb"
    clip = random_clip(frames, skeleton=skin.skeleton if skin else None)
    write_glb(clip, path, skin=skin, provenance={"prompt": "wave"}, preset=chosen(preset))
    command = ["node", "-e", VALIDATE, str(validator_module()), str(path)]
    issues = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout)
    assert (issues["numErrors"], issues["numWarnings"]) == (0, 0), issues["messages"]


def test_the_facts_engines_rely_on(tmp_path: Path) -> None:
    clip = walking_clip(1.0, fps=30000 / 1001)
    write_glb(clip, tmp_path / "clip.glb", skin=box_skin(), provenance={"prompt": "walk", "seed": 3})
    file = read_gltf(tmp_path / "clip.glb")
    found = file.document
    assert found["asset"]["extras"] == {"fps": 30000 / 1001, "provenance": {"prompt": "walk", "seed": 3}}
    assert [node["name"] for node in found["nodes"][:24]] == list(clip.skeleton.joint_names)
    assert all("scale" not in node and "matrix" not in node for node in found["nodes"])
    animation = found["animations"][0]
    times = file.array(animation["samplers"][0]["input"])[:, 0]
    assert times[0] == 0
    assert np.allclose(np.diff(times), 1 / clip.fps, atol=1e-5)
    assert [c["target"]["path"] for c in animation["channels"]].count("translation") == 1
    for channel in animation["channels"][1:]:
        quaternions = file.array(animation["samplers"][channel["sampler"]]["output"])
        assert np.allclose(np.linalg.norm(quaternions, axis=1), 1, atol=1e-6)
        assert np.all(np.sum(quaternions[1:] * quaternions[:-1], axis=1) > 0)


def test_quaternions_take_the_short_way_through_a_full_turn(tmp_path: Path) -> None:
    clip = walking_clip(2.0)
    angle = np.linspace(0, 4 * np.pi, clip.num_frames)
    spin = rotvec_to_rotmat(np.stack([0 * angle, angle, 0 * angle], axis=-1))
    rotation = clip.joint_rotation.copy()
    rotation[:, 0] = spin
    write_glb(replace(clip, joint_rotation=rotation), tmp_path / "clip.glb")
    file = read_gltf(tmp_path / "clip.glb")
    quaternions = file.array(file.document["animations"][0]["samplers"][1]["output"])
    assert np.sum(quaternions[1:] * quaternions[:-1], axis=1).min() > 0.9


def test_the_skin_comes_back(tmp_path: Path) -> None:
    clip, skin = walking_clip(0.5), box_skin()
    write_glb(clip, tmp_path / "clip.glb", skin=skin)
    back, found = read_glb_with_skin(tmp_path / "clip.glb")
    assert found is not None
    assert np.array_equal(found.faces, skin.faces)
    expected = skin.deform(clip.root_position, clip.joint_rotation)
    assert np.abs(found.deform(back.root_position, back.joint_rotation) - expected).max() < 1e-4


def test_provenance_and_shape_come_back(tmp_path: Path) -> None:
    clip = replace(walking_clip(0.2), betas=np.array([0.5, -1.0]))
    write_glb(clip, tmp_path / "clip.glb", provenance={"prompt": "a", "seed": 1})
    assert read_provenance(tmp_path / "clip.glb") == {"prompt": "a", "seed": 1}
    assert np.array_equal(read_glb(tmp_path / "clip.glb").betas, clip.betas)


def blended_skin(count: int, spread: float) -> Skin:
    """The box skin with every vertex pulled by ``count`` joints; ``spread`` goes to the joints beyond the first."""
    skin = box_skin()
    rng = np.random.default_rng(0)
    weights = np.zeros_like(skin.weights)
    for row in range(len(weights)):
        weights[row, rng.permutation(24)[:count]] = [1 - spread, *[spread / (count - 1)] * (count - 1)]
    return replace(skin, weights=weights)


def test_four_influences_when_they_suffice_and_eight_when_they_do_not() -> None:
    clip = walking_clip(0.5)
    assert influences(blended_skin(6, 0.6), clip)[0].shape[1] == 8
    joints, weights = influences(blended_skin(6, 1e-4), clip)
    assert joints.shape[1] == 4
    assert np.allclose(weights.sum(axis=1), 1)
    assert np.all(joints[weights == 0] == 0)


def test_eight_influences_hold_the_surface(tmp_path: Path) -> None:
    clip, skin = walking_clip(0.5), blended_skin(6, 0.6)
    write_glb(clip, tmp_path / "clip.glb", skin=skin)
    back, found = read_glb_with_skin(tmp_path / "clip.glb")
    assert found is not None
    expected = skin.deform(clip.root_position, clip.joint_rotation)
    assert np.abs(found.deform(back.root_position, back.joint_rotation) - expected).max() < 1e-4


def test_a_skin_of_another_body_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="another skeleton"):
        write_glb(walking_clip(0.2), tmp_path / "clip.glb", skin=box_skin(smpl_skeleton(1.2)))
    assert not list(tmp_path.iterdir())


def foreign_rig(clip: Motion, interpolation: str = "LINEAR", scale: float = 100.0) -> GltfBuilder:
    """The clip as others write it: centimetres, Z up under a wrapper that turns and shrinks, bones with own axes."""
    rng = np.random.default_rng(5)
    axes = rotvec_to_rotmat(rng.normal(size=(24, 3)))  # R_world_bone of the bind pose, in the wrapper's coordinates
    lying = rotvec_to_rotmat(np.array([np.pi / 2, 0.0, 0.0]))  # wrapper coordinates from ours
    skeleton = clip.skeleton
    rest = scale * skeleton.rest_positions @ lying.T
    world, position = skeleton.forward_kinematics(clip.root_position, clip.joint_rotation)
    bone = lying @ world @ lying.T @ axes
    local = skeleton.local_rotations(bone)
    rest_local = skeleton.local_rotations(axes)
    builder = GltfBuilder({"asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": [24]}], "nodes": []})
    nodes = builder.document["nodes"]
    from scipy.spatial.transform import Rotation

    times = builder.add(0.5 + np.arange(clip.num_frames) / clip.fps, bounds=True)
    samplers: list[dict[str, Any]] = []
    channels: list[dict[str, Any]] = []

    def add_track(node: int, path: str, values: np.ndarray) -> None:
        if interpolation == "CUBICSPLINE":
            slope = np.gradient(values, 1 / clip.fps, axis=0) if len(values) > 1 else 0 * values
            values = np.stack([slope, values, slope], axis=1).reshape(-1, values.shape[1])
        channels.append({"sampler": len(samplers), "target": {"node": node, "path": path}})
        samplers.append({"input": times, "output": builder.add(values), "interpolation": interpolation})

    for joint, parent in enumerate(skeleton.parents):
        offset = rest[joint] - (rest[parent] if parent >= 0 else 0)
        offset = axes[parent].T @ offset if parent >= 0 else offset
        nodes.append({"name": f"rig:{skeleton.joint_names[joint]}", "translation": offset.tolist(),
                      "rotation": Rotation.from_matrix(rest_local[joint]).as_quat().tolist()})  # fmt: skip
        children = np.flatnonzero(skeleton.parents == joint).tolist()
        if children:
            nodes[-1]["children"] = children
        add_track(joint, "rotation", Rotation.from_matrix(local[:, joint]).as_quat())
    add_track(0, "translation", scale * position[:, 0] @ lying.T)
    back = Rotation.from_matrix(lying.T).as_quat().tolist()
    nodes.append({"name": "Armature", "rotation": back, "scale": [1 / scale] * 3, "children": [0, 25]})
    bind = np.tile(np.eye(4), (24, 1, 1))
    bind[:, :3, :3], bind[:, :3, 3] = axes, rest
    skin = box_skin(skeleton)
    joints, weights = influences(skin, clip)
    attributes = {"POSITION": builder.add(scale * skin.vertices @ lying.T, bounds=True),
                  "JOINTS_0": builder.add(joints), "WEIGHTS_0": builder.add(weights)}  # fmt: skip
    primitive = {"attributes": attributes, "indices": builder.add(skin.faces.reshape(-1).astype(np.uint16))}
    builder.document["meshes"] = [{"primitives": [primitive]}]
    nodes.append({"name": "Body", "mesh": 0, "skin": 0})
    inverse = np.linalg.inv(bind).swapaxes(1, 2).reshape(-1, 16)
    order = np.random.default_rng(6).permutation(24)
    joints_map = np.argsort(order)
    primitive["attributes"]["JOINTS_0"] = builder.add(np.where(weights > 0, joints_map[joints], 0).astype(np.uint8))
    builder.document["skins"] = [{"joints": order.tolist(), "inverseBindMatrices": builder.add(inverse[order])}]
    builder.document["animations"] = [{"channels": channels, "samplers": samplers}]
    return builder


@pytest.mark.parametrize("interpolation", ["LINEAR", "STEP", "CUBICSPLINE"])
def test_a_foreign_rig_is_read_with_its_skin(tmp_path: Path, interpolation: str) -> None:
    clip = walking_clip(1.0, fps=24)
    (tmp_path / "foreign.glb").write_bytes(foreign_rig(clip, interpolation).to_bytes())
    back, skin = read_glb_with_skin(tmp_path / "foreign.glb")
    order = [back.skeleton.index(f"rig:{name}") for name in clip.skeleton.joint_names]
    assert back.fps == 24
    assert back.num_frames == clip.num_frames
    assert np.abs(back.joint_positions()[:, order] - clip.joint_positions()).max() < 1e-4
    assert np.abs(back.skeleton.rest_positions[order] - clip.skeleton.rest_positions).max() < 1e-4
    assert skin is not None
    expected = box_skin().deform(clip.root_position, clip.joint_rotation)
    assert np.abs(skin.deform(back.root_position, back.joint_rotation) - expected).max() < 1e-4


def test_a_foreign_rig_without_skin_is_read(tmp_path: Path) -> None:
    clip = walking_clip(1.0, fps=24)
    builder = foreign_rig(clip)
    del builder.document["skins"], builder.document["nodes"][25]["skin"]
    (tmp_path / "foreign.glb").write_bytes(builder.to_bytes())
    back = read_glb(tmp_path / "foreign.glb")
    order = [back.skeleton.index(f"rig:{name}") for name in clip.skeleton.joint_names]
    assert np.abs(back.joint_positions()[:, order] - clip.joint_positions()).max() < 1e-4


def test_an_animation_keyed_sparsely_is_sampled_between(tmp_path: Path) -> None:
    clip = random_clip(2, fps=2.0)
    write_glb(clip, tmp_path / "clip.glb")
    edited = json_edited((tmp_path / "clip.glb").read_bytes(), lambda d: d["asset"]["extras"].update(fps=30.0))
    (tmp_path / "clip.glb").write_bytes(edited)
    back = read_glb(tmp_path / "clip.glb")
    assert back.num_frames == 16
    expected = clip.sampled_at(np.arange(16) / 30, 30.0)
    assert np.abs(back.joint_positions() - expected.joint_positions()).max() < 1e-4


def json_edited(content: bytes, edit: Any) -> bytes:
    """The .glb with its JSON changed by ``edit(document)``."""
    length = struct.unpack_from("<I", content, 12)[0]
    found = json.loads(content[20 : 20 + length])
    edit(found)
    text = json.dumps(found).encode()
    text += b" " * (-len(text) % 4)
    rest = content[20 + length :]
    return (
        struct.pack("<III", 0x46546C67, 2, 20 + len(text) + len(rest))
        + struct.pack("<II", len(text), 0x4E4F534A)
        + text
        + rest
    )


def break_cycle(d: dict[str, Any]) -> None:
    d["nodes"][5]["children"] = [2]


EDITS = {
    "no animation": lambda d: d.pop("animations"),
    "no nodes": lambda d: d.pop("nodes"),
    "nodes in a circle": break_cycle,
    "a child that is not there": lambda d: d["nodes"][0]["children"].append(999),
    "an accessor too long": lambda d: d["accessors"][1].update(count=10**9),
    "an accessor before the start": lambda d: d["bufferViews"][0].update(byteOffset=-40),
    "a name in place of a number": lambda d: d["animations"][0]["channels"][0].update(sampler="first"),
    "other files": lambda d: d["buffers"][0].update(uri="file:///etc/passwd"),
    "compression": lambda d: d.update(extensionsRequired=["KHR_draco_mesh_compression"]),
    "a list in place of the asset's extras": lambda d: d["asset"].update(extras={"betas": "wide"}),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_malformed_files_are_refused_in_one_line(tmp_path: Path, edit: Any) -> None:
    write_glb(walking_clip(0.3), tmp_path / "clip.glb", skin=box_skin())
    (tmp_path / "clip.glb").write_bytes(json_edited((tmp_path / "clip.glb").read_bytes(), edit))
    with pytest.raises(BadFile) as caught:
        read_glb_with_skin(tmp_path / "clip.glb")
    assert "\n" not in str(caught.value)


def test_an_absurd_claimed_length_is_refused(tmp_path: Path) -> None:
    clip = walking_clip(0.3)
    slow = Motion(clip.skeleton, clip.root_position, clip.joint_rotation, 1e-5)
    write_glb(slow, tmp_path / "clip.glb")
    edited = json_edited((tmp_path / "clip.glb").read_bytes(), lambda d: d["asset"]["extras"].update(fps=1000.0))
    (tmp_path / "clip.glb").write_bytes(edited)
    with pytest.raises(BadFile, match="claims"):
        read_glb(tmp_path / "clip.glb")
