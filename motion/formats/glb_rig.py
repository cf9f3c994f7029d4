"""A character in a .glb: read at rest, and written back, all of the file as it was, with another animation."""

from __future__ import annotations

import copy
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.core.errors import BadFile
from motion.formats.atomic import write_bytes
from motion.formats.folding import unique_names
from motion.formats.glb import continuous_quaternions
from motion.formats.glb_reader import MAX_JOINTS, GltfRig, guarded, surface_of, world_of
from motion.formats.gltf import GltfBuilder, GltfFile
from motion.formats.rig import Posed, Rig, at_rest, turns_of
from motion.formats.still import as_glb

Array = NDArray[np.floating]

#: A value that stays at what the node has anyway needs no track: of a matrix of rotation, and metres.
SAME_TURN, SAME_PLACE = 1e-5, 1e-5


def read_glb_rig(path: str | os.PathLike[str]) -> Rig:
    """The largest skin of a .glb, or its nodes where there is none, animated or not. Raises ``BadFile``."""
    return guarded(path, _rig)


def _rig(file: GltfFile) -> Rig:
    found = GltfRig.of(file, animated=False)
    nodes, joints, parents = file.document["nodes"], found.joints, np.array(found.joint_parents)
    if len(joints) > MAX_JOINTS:
        raise BadFile(file.path, f"has {len(joints)} bones; at most {MAX_JOINTS} are accepted")
    still = np.stack([world_of(nodes, found.parents, node) for node in joints])
    rest, turn = at_rest(still, np.linalg.inv(found.inverse_bind))

    def frame(node: int) -> Array:
        above = found.parents[node]
        return world_of(nodes, found.parents, above) if above >= 0 else np.eye(4)

    links = np.stack([
        frame(node) if parents[i] < 0 else np.linalg.inv(still[parents[i]]) @ frame(node)
        for i, node in enumerate(joints)
    ])  # fmt: skip
    names = tuple(unique_names([str(nodes[node].get("name") or "") for node in joints], joints))
    rig = Rig(Path(file.path), names, parents, rest, links, np.ones(len(names), bool), (file, joints))
    return replace(rig, surface=lambda: surface_of(found, rig.folded(turn)))


def write_glb_rig(rig: Rig, posed: Posed, path: str | os.PathLike[str], provenance: dict[str, Any] | None) -> None:
    """Write the character with a movement; its own document where it came from a .glb, else a new one."""
    if not isinstance(rig.source[0], GltfFile):
        rig = as_glb(rig)
    file, joints = rig.source
    builder = GltfBuilder(copy.deepcopy(file.document), bytearray(file.blob))
    _forget_animations(builder, file)
    asset = builder.document["asset"]
    extras = asset["extras"] if isinstance(asset.get("extras"), dict) else {}
    extras = {key: value for key, value in extras.items() if key != "provenance"} | {"fps": posed.fps}
    asset["extras"] = extras | ({"provenance": provenance} if provenance else {})
    _animate(builder, rig, joints, posed, Path(path).stem)
    write_bytes(path, builder.to_bytes())


def _animate(builder: GltfBuilder, rig: Rig, joints: list[int], posed: Posed, name: str) -> None:
    nodes, local = builder.document["nodes"], rig.locals(posed)
    turns = turns_of(local)
    quaternions = continuous_quaternions(turns)
    moved: list[tuple[int, str, Array]] = []
    for bone, node in enumerate(joints):
        still = _parts(nodes[node])
        before = len(moved)
        if np.abs(turns[:, bone] - turns_of(still)).max() > SAME_TURN:
            moved.append((node, "rotation", quaternions[:, bone]))
        size = max(1.0, float(np.abs(still[:3, 3]).max()))
        if bone in posed.moving or np.abs(local[:, bone, :3, 3] - still[:3, 3]).max() > SAME_PLACE * size:
            moved.append((node, "translation", local[:, bone, :3, 3]))
        if len(moved) > before and "matrix" in nodes[node]:
            nodes[node] = _without_matrix(nodes[node], still)
    if not moved:  # a still character
        return
    times = builder.add(np.arange(posed.num_frames) / posed.fps, bounds=True)
    samplers = [{"input": times, "output": builder.add(values), "interpolation": "LINEAR"} for _, _, values in moved]
    channels = [{"sampler": i, "target": {"node": node, "path": path}} for i, (node, path, _) in enumerate(moved)]
    animation = {"name": name, "channels": channels, "samplers": samplers, "extras": {"fps": posed.fps}}
    builder.document["animations"] = [animation]


def _parts(node: dict[str, Any]) -> Array:
    """(4, 4) of a node at rest in its parent's frame."""
    return world_of([node], [-1], 0)


def _without_matrix(node: dict[str, Any], still: Array) -> dict[str, Any]:
    """The node with its parts in place of its matrix: what is animated must not have one."""
    size = float(np.cbrt(np.linalg.det(still[:3, :3])))
    quaternion = continuous_quaternions(turns_of(still)[None])[0]
    parts = {"translation": still[:3, 3].tolist(), "rotation": quaternion.tolist(), "scale": [size] * 3}
    return {key: value for key, value in node.items() if key != "matrix"} | parts


def _forget_animations(builder: GltfBuilder, file: GltfFile) -> None:
    """Take the old animations out; where nothing unknown can refer to them, their numbers too."""
    document = builder.document
    animations = document.pop("animations", [])
    if not animations or not set(document.get("extensionsUsed", [])) <= _HARMLESS:
        return
    kept = sorted(_accessors(document, lambda index: index))
    place = {old: new for new, old in enumerate(kept)}
    _accessors(document, lambda index: place[index])
    views, document["accessors"] = document["bufferViews"], [document["accessors"][old] for old in kept]
    used = {a["bufferView"] for a in document["accessors"] if "bufferView" in a}
    used |= {image["bufferView"] for image in document.get("images", []) if "bufferView" in image}
    blob, new_views, where = bytearray(), list[dict[str, Any]](), dict[int, int]()
    for old in sorted(used):
        view = views[old]
        start = int(view.get("byteOffset", 0))
        where[old] = len(new_views)
        new_views.append({**view, "byteOffset": len(blob)})
        content = file.blob[start : start + int(view["byteLength"])]
        blob += content + bytes(-len(content) % 4)
    for holder in (*document["accessors"], *document.get("images", [])):
        if "bufferView" in holder:
            holder["bufferView"] = where[holder["bufferView"]]
    document["bufferViews"] = new_views
    if not kept:
        del document["accessors"]
    builder.replace_blob(blob)


#: Extensions that refer to no accessor of their own.
_HARMLESS = {
    "KHR_materials_unlit", "KHR_texture_transform", "KHR_mesh_quantization", "KHR_materials_specular",
    "KHR_materials_ior", "KHR_materials_emissive_strength", "KHR_materials_pbrSpecularGlossiness", "VRM",
    "KHR_materials_clearcoat", "KHR_materials_sheen", "KHR_lights_punctual", "VRMC_vrm", "VRMC_springBone",
    "VRMC_materials_mtoon", "VRMC_node_constraint", "KHR_materials_transmission", "KHR_materials_volume",
}  # fmt: skip


def _accessors(document: dict[str, Any], number: Any) -> set[int]:
    """All accessors that meshes and skins refer to, each replaced by its ``number``."""
    found: set[int] = set()

    def visit(holder: dict[str, Any], key: str) -> None:
        if key in holder:
            found.add(holder[key])
            holder[key] = number(holder[key])

    for primitive in (p for mesh in document.get("meshes", []) for p in mesh["primitives"]):
        visit(primitive, "indices")
        for table in (primitive["attributes"], *primitive.get("targets", [])):
            for key in list(table):
                visit(table, key)
    for skin in document.get("skins", []):
        visit(skin, "inverseBindMatrices")
    return found
