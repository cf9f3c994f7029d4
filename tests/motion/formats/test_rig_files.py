"""Files of characters: read at rest however they are made, and written back with all that was in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from characters import foreign, places, rig_of, written

from helpers import walking_clip
from motion.core.clip import Motion
from motion.core.errors import BadFile, UnknownName
from motion.core.rotation import quat_xyzw_to_rotmat, rotmat_to_euler, yaw_to_rotmat
from motion.formats import load
from motion.formats.check import check_file
from motion.formats.euler import ORDERS
from motion.formats.exporting import export_rig
from motion.formats.fbx_binary import FbxNode, Node, read_fbx_file, to_bytes
from motion.formats.fbx_objects import prop
from motion.formats.fbx_rig import copied
from motion.formats.fbx_scene import FbxScene, turned
from motion.formats.gltf import GltfBuilder, read_gltf
from motion.formats.rig import Rig, open_rig
from motion.rigging.character import put_on


@pytest.fixture
def clip() -> Motion:
    return walking_clip(1.0)


def moved(path: Path, clip: Motion, name: str = "moved") -> tuple[Rig, np.ndarray, Path]:
    """The character of a file with the clip: itself, where its bones should be, and the new file."""
    rig = open_rig(path)
    posed = put_on(clip, rig).posed
    return rig, places(rig, posed), export_rig(rig, posed, path.with_name(f"{name}{path.suffix}"), {"seed": 1})


def edited(path: Path, edit: Callable[[FbxNode, Node], Node]) -> Path:
    """An .fbx whose nodes went through ``edit``, that has the node as read and as it would be written."""

    def deep(node: FbxNode) -> Node:
        whole = copied(node)
        children = tuple(deep(child) for child in node.children)
        return edit(node, Node(whole.name, whole.values, children, whole.open))

    path.write_bytes(to_bytes([deep(node) for node in read_fbx_file(path).top]))
    return path


def table(node: Node, **new: Node) -> Node:
    """A node whose properties are these besides others."""
    children = []
    for child in node.children:
        if child.name == "Properties70":
            child = Node(child.name, (), (*child.children, *new.values()))
        children.append(child)
    return Node(node.name, node.values, tuple(children), node.open)


@pytest.mark.parametrize("order", [0, 2, 4])
def test_rotations_before_and_after_pivots_and_orders(tmp_path: Path, clip: Motion, order: int) -> None:
    """The same bones by other properties, as Maya and Mixamo write them: the same places come of them."""
    path = written(rig_of(foreign("unreal"), 31), tmp_path / "them.fbx")
    plain, wanted, _ = moved(path, clip)
    before, after = np.array([20.0, -30.0, 40.0]), np.array([-10.0, 25.0, 5.0])

    def pre_rotated(node: FbxNode, made: Node) -> Node:
        if node.name != "Model" or node.values[-1] != "LimbNode":
            return made
        own = FbxScene.of(read_fbx_file(path)).objects[node.values[0]].vector("Lcl Rotation")
        inner = turned(before).T @ turned(own) @ turned(after)
        axes = ORDERS[order]
        angles = np.degrees(rotmat_to_euler(inner, axes))[[axes.index(axis) for axis in "XYZ"]]
        return table(
            made, a=prop("RotationActive", "bool", 1), b=prop("RotationOrder", "enum", order),
            c=prop("PreRotation", "Lcl Rotation", *before.tolist()),
            d=prop("PostRotation", "Lcl Rotation", *after.tolist()),
            e=prop("Lcl Rotation", "Lcl Rotation", *angles.tolist()),
        )  # fmt: skip

    rig, found, out = moved(edited(path, pre_rotated), clip)
    assert np.abs(rig.rest - plain.rest).max() < 1e-6
    assert np.abs(found - wanted).max() < 1e-6
    assert np.abs(open_rig(out).rest - rig.rest).max() < 1e-6


def test_turning_round_swings_no_bone_between_frames(tmp_path: Path, clip: Motion) -> None:
    """Hips that turn past a quarter: the usual order of angles would throw them about half-way between frames."""
    yaw = np.linspace(0, 3 * np.pi, clip.num_frames)
    rotation = clip.joint_rotation.copy()
    rotation[:, 0] = yaw_to_rotmat(yaw) @ rotation[:, 0]
    path = written(rig_of(foreign("mixamo"), None), tmp_path / "them.fbx")
    rig, _, out = moved(path, replace(clip, joint_rotation=rotation))
    items = {item.name: item for item in check_file(out)}
    assert items["detour of a bone between two frames"].ok and items["largest jump of an Euler angle"].ok
    assert np.abs(open_rig(out).rest - rig.rest).max() < 1e-6


def test_all_of_an_fbx_is_kept(tmp_path: Path, clip: Motion) -> None:
    path = written(rig_of(foreign("mixamo"), 32), tmp_path / "them.fbx")

    def with_more(node: FbxNode, made: Node) -> Node:
        if node.name != "Objects":
            return made
        video = Node("Video", (np.int64(77), "skin.png\x00\x01Video", "Clip"), (Node("Content", (b"pixels" * 99,)),))
        return Node(made.name, made.values, (*made.children, video), made.open)

    edited(path, with_more)
    _, _, once = moved(path, clip, "once")
    _, wanted, twice = moved(once, clip.mirrored(), "twice")
    assert np.abs(load(twice).joint_positions()[:, 0] - wanted[:, 0]).max() < 1e-4
    before, after = objects_of(path), objects_of(twice)
    for number, node in before.items():
        if node.name not in ("Model", "AnimationStack", "AnimationLayer"):
            assert copied(node) == copied(after[number])
    assert [node.values[1].split("\x00")[0] for node in after.values() if node.name == "AnimationStack"] == ["twice"]
    rates = [
        line for node in after.values() if node.name == "Model"
        for properties in node.all("Properties70") for line in properties.all("P") if line.values[0] == "stride_fps"
    ]  # fmt: skip
    assert len(rates) == 1


def objects_of(path: Path) -> dict[int, FbxNode]:
    """The objects of an .fbx by number."""
    objects = read_fbx_file(path).first("Objects")
    assert objects is not None
    return {node.values[0]: node for node in objects.children}


def test_all_of_a_glb_is_kept(tmp_path: Path, clip: Motion) -> None:
    path = written(rig_of(foreign("odd"), 33), tmp_path / "them.glb")
    file = read_gltf(path)
    builder = GltfBuilder(file.document, bytearray(file.blob))
    picture = builder.add(np.frombuffer(b"\x89PNG pixels..", dtype=np.uint8).copy())
    view = builder.document["accessors"].pop(picture)["bufferView"]
    document: dict[str, Any] = builder.document
    document["images"] = [{"bufferView": view, "mimeType": "image/png"}]
    document["textures"] = [{"source": 0}]
    document["materials"] = [{"name": "cloth", "pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}]
    lifted = builder.add(np.zeros((4 * len(foreign("odd").joint_names), 3)) + 0.01, bounds=True)
    document["meshes"][0]["primitives"][0]["targets"] = [{"POSITION": lifted}]
    document["asset"]["extras"] = {"author": "somebody"}
    document["nodes"].append({"name": "sword", "extras": {"sharp": True}})
    document["nodes"][5].setdefault("children", []).append(len(document["nodes"]) - 1)
    path.write_bytes(builder.to_bytes())
    _, _, once = moved(path, clip, "once")
    _, _, twice = moved(once, clip.mirrored(), "twice")
    before, after = read_gltf(path), read_gltf(twice)
    for name in ("materials", "textures", "scenes", "nodes"):
        assert after.document[name] == before.document[name]
    assert after.document["asset"]["extras"] == {"author": "somebody", "fps": 30.0, "provenance": {"seed": 1}}
    for name, accessor in before.document["meshes"][0]["primitives"][0]["attributes"].items():
        now = after.document["meshes"][0]["primitives"][0]["attributes"][name]
        assert np.array_equal(before.array(accessor), after.array(now))
    target = after.document["meshes"][0]["primitives"][0]["targets"][0]["POSITION"]
    assert np.array_equal(after.array(target), before.array(lifted))
    stored = after.document["bufferViews"][after.document["images"][0]["bufferView"]]
    assert after.blob[stored["byteOffset"] :][: stored["byteLength"]] == b"\x89PNG pixels.."
    assert len(twice.read_bytes()) <= len(once.read_bytes())  # the first animation is gone, not hidden


def test_a_node_with_a_matrix_is_taken_apart(tmp_path: Path, clip: Motion) -> None:
    path = written(rig_of(foreign("mixamo"), 34), tmp_path / "them.glb")
    wanted = moved(path, clip)[1]
    file = read_gltf(path)
    for node in (node for node in file.document["nodes"] if "translation" in node):
        matrix = np.eye(4)
        matrix[:3, :3] = quat_xyzw_to_rotmat(np.array(node.pop("rotation")))
        matrix[:3, 3] = node.pop("translation")
        node["matrix"] = matrix.T.ravel().tolist()
    path.write_bytes(GltfBuilder(file.document, bytearray(file.blob)).to_bytes())
    _, found, out = moved(path, clip)
    assert np.abs(found - wanted).max() < 1e-5
    nodes, animation = read_gltf(out).document["nodes"], read_gltf(out).document["animations"][0]
    assert not any("matrix" in nodes[channel["target"]["node"]] for channel in animation["channels"])


def test_what_is_no_character(tmp_path: Path) -> None:
    (tmp_path / "a.glb").write_bytes(b"glTF")
    with pytest.raises(BadFile, match="not a glTF"):
        open_rig(tmp_path / "a.glb")
    with pytest.raises(UnknownName, match="character"):
        open_rig(tmp_path / "a.obj")
