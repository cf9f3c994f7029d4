"""A character in a binary .fbx: read at rest, and written back, all of the file as it was, with another animation."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.core.errors import BadFile
from motion.formats import provenance as record
from motion.formats.atomic import write_bytes
from motion.formats.fbx import add_curves, add_stack, foot_nodes, keys_of, takes
from motion.formats.fbx_angles import angles_of
from motion.formats.fbx_binary import VERSION, FbxNode, Node, Packed, to_bytes
from motion.formats.fbx_mesh import bind_matrices, read_surface
from motion.formats.fbx_objects import CUSTOM_RATE, TIME_MODES, Document, entry, prop, properties, ticks
from motion.formats.fbx_reader import MAX_JOINTS, guarded, members_of
from motion.formats.fbx_scene import FbxScene, Object, local_matrices
from motion.formats.folding import joint_tree, unique_names
from motion.formats.rig import Posed, Rig, at_rest, turns_of
from motion.formats.still import as_fbx

Array = NDArray[np.floating]

#: What an animation consists of; the file's own is replaced.
_ANIMATION = ("AnimationStack", "AnimationLayer", "AnimationCurveNode", "AnimationCurve")
#: Ours in a file we wrote before.
_OWN = ("stride_fps", "stride_provenance")
#: A value that stays at what the node has anyway needs no curve: degrees, and shares of the file's unit of length.
SAME_ANGLE, SAME_PLACE = 1e-3, 1e-4


def read_fbx_rig(path: str | os.PathLike[str]) -> Rig:
    """The largest skeleton of a .fbx, animated or not. Raises ``BadFile``."""
    return guarded(path, _rig)


def _rig(scene: FbxScene) -> Rig:
    models, above = scene.models, scene.parents
    joints, parents = joint_tree(above, members_of(scene, {}))
    if len(joints) > MAX_JOINTS:
        raise BadFile(scene.file.path, f"has {len(joints)} bones; at most {MAX_JOINTS} are accepted")
    base = np.eye(4)
    base[:3, :3] = scene.axes * scene.unit
    world: dict[int, Array] = {-1: base}

    def place(node: int) -> Array:
        if node not in world:
            model = models[node]
            values = (model.vector(f"Lcl {kind}", float(kind == "Scaling"))[None]
                      for kind in ("Translation", "Rotation", "Scaling"))  # fmt: skip
            world[node] = place(above[node]) @ local_matrices(model, *values)[0]
        return world[node]

    still = np.stack([place(joint) for joint in joints])
    numbers = [models[joint].number for joint in joints]
    bind = bind_matrices(scene, numbers, parents, base, still)
    rest, turn = at_rest(still, bind)
    links = np.stack([
        place(above[joint]) if parents[i] < 0 else np.linalg.inv(still[parents[i]]) @ place(above[joint])
        for i, joint in enumerate(joints)
    ])  # fmt: skip
    names = tuple(unique_names([models[joint].name for joint in joints], joints))
    rig = Rig(scene.file.path, names, np.array(parents), rest, links, np.ones(len(names), bool), (scene, joints))
    return replace(rig, surface=lambda: read_surface(scene, numbers, base, rig.folded(turn)))


def write_fbx_rig(rig: Rig, posed: Posed, path: str | os.PathLike[str], provenance: dict[str, Any] | None) -> None:
    """Write the character with a movement; its own document where it came from a .fbx, else a new one."""
    if not isinstance(rig.source[0], FbxScene):
        rig = as_fbx(rig)
    scene, joints = rig.source
    name = Path(path).stem
    document = Document(first=_free_number(scene))
    layer = add_stack(document, name, ticks((posed.num_frames - 1) / posed.fps))
    changed = _animate(document, layer, rig, posed)
    own = changed.setdefault(scene.models[joints[0]].number, {})
    own["stride_fps"] = prop("stride_fps", "double", posed.fps, flags="U")
    if provenance:
        own["stride_provenance"] = prop("stride_provenance", "KString", record.to_text(provenance), flags="U")
    write_bytes(path, to_bytes(_copied_document(scene, changed, document, posed, name)))


def _free_number(scene: FbxScene) -> int:
    """A number above those of all objects, or, where that is too large, one from which all are free."""
    largest = max([*scene.objects, 1_000_000])
    return largest + 1 if largest < 1 << 62 else 1_000_000


def _animate(document: Document, layer: np.int64, rig: Rig, posed: Posed) -> dict[int, dict[str, Node]]:
    """Curves for every bone that is not where the file has it at rest all the time.

    Returns, by number, the properties of nodes that turn in another order of axes than before.
    """
    scene, joints = rig.source
    keys, local = keys_of(posed.num_frames, posed.fps), rig.locals(posed)
    turns = turns_of(local)
    models = [scene.models[joint] for joint in joints]
    angles = angles_of(models, turns)
    for bone, model in enumerate(models):
        still, degrees = angles.still[bone], angles.degrees[:, bone]
        moves = _translations(model, turns[:, bone], local[:, bone, :3, 3])
        if np.abs(degrees - still).max() > SAME_ANGLE:
            add_curves(document, layer, np.int64(model.number), "Lcl Rotation", keys, still, degrees)
        still = model.vector("Lcl Translation")
        size = max(1.0, float(np.abs(still).max()))
        if bone in posed.moving or np.abs(moves - still).max() > SAME_PLACE * size:
            add_curves(document, layer, np.int64(model.number), "Lcl Translation", keys, still, moves)
    return {models[bone].number: _turned_otherwise(order, angles.still[bone]) for bone, order in angles.orders.items()}


def _turned_otherwise(order: int, still: Array) -> dict[str, Node]:
    return {
        "RotationOrder": prop("RotationOrder", "enum", order),
        "RotationActive": prop("RotationActive", "bool", 1),
        "Lcl Rotation": prop("Lcl Rotation", "Lcl Rotation", *still.tolist()),
    }


def _translations(model: Object, turns: Array, place: Array) -> Array:
    """(T, 3) of the node's translation that bring it to ``place`` (T, 3), pivots and offsets allowed for."""
    pivot, scale_pivot = model.vector("RotationPivot"), model.vector("ScalingPivot")
    scaled = model.vector("Lcl Scaling", 1.0) * scale_pivot
    inner = model.vector("ScalingOffset") + scale_pivot - pivot - scaled
    return place - model.vector("RotationOffset") - pivot - turns @ inner


def _copied_document(
    scene: FbxScene, changed: dict[int, dict[str, Node]], added: Document, posed: Posed, name: str
) -> list[Node]:
    """The whole file, its animation replaced, and properties of nodes that are ``changed``."""
    gone = {number for number, one in scene.objects.items() if one.node.name in _ANIMATION}
    top = {node.name: node for node in scene.file.top}
    objects = [
        _with_properties(node, changed[node.values[0]], _OWN) if _numbered(node, changed) else copied(node)
        for node in top["Objects"].children if node.name not in _ANIMATION
    ]  # fmt: skip
    joins = [copied(line) for line in top["Connections"].children if not gone & set(map(_number, line.values[1:3]))]
    objects += added.objects
    made = {
        "FBXHeaderExtension": _replaced(top.get("FBXHeaderExtension"), {"FBXVersion": entry("FBXVersion", VERSION)}),
        "GlobalSettings": _settings(top.get("GlobalSettings"), posed),
        "Definitions": _definitions(top.get("Definitions"), objects),
        "Objects": Node("Objects", (), tuple(objects)),
        "Connections": Node("Connections", (), (*joins, *added.connections)),
        "Takes": takes(name, ticks((posed.num_frames - 1) / posed.fps)),
        "Documents": _documents(top.get("Documents"), name),
    }
    stamps = foot_nodes()
    kept = [node for node in scene.file.top if node.name not in {*made, *(stamp.name for stamp in stamps)}]
    order = ("FBXHeaderExtension", "GlobalSettings", "Documents", "References", "Definitions", "Objects",
             "Connections", "Takes")  # fmt: skip
    others = {node.name: copied(node) for node in kept}
    written = [made.get(one) or others.pop(one, None) or Node(one, open=True) for one in order]
    return [written[0], *stamps, *written[1:], *others.values()]


def _numbered(node: FbxNode, numbers: dict[int, Any]) -> bool:
    return node.name == "Model" and bool(node.values) and _number(node.values[0]) in numbers


def _number(value: Any) -> int:
    return value if isinstance(value, int) else -1


def copied(node: FbxNode) -> Node:
    """A node as it is, its properties byte for byte."""
    children = tuple(copied(child) for child in node.children)
    raw = Packed(node.file.content[node.values_at : node.children_at], node.count)
    return Node(node.name, (raw,), children, open=node.end > node.children_at)


def _replaced(node: FbxNode | None, table: dict[str, Node]) -> Node:
    """A copy in which the nodes of these names are others."""
    if node is None:
        return Node("FBXHeaderExtension", (), tuple(table.values()))
    kept = [copied(child) for child in node.children if child.name not in table]
    whole = copied(node)
    return Node(whole.name, whole.values, (*table.values(), *kept))


def _with_properties(node: FbxNode, table: dict[str, Node], without: tuple[str, ...] = ()) -> Node:
    """A copy with other lines in its table of properties."""
    whole = copied(node)
    old = node.first("Properties70")
    drop = {*table, *without}
    lines = [copied(line) for line in (old.children if old else []) if line.values[:1] and line.values[0] not in drop]
    new = properties(*lines, *table.values())
    children = [new if child.name == "Properties70" else child for child in whole.children]
    return Node(whole.name, whole.values, tuple(children if old else [new, *children]), whole.open)


def _settings(node: FbxNode | None, posed: Posed) -> Node:
    table = {
        "TimeMode": prop("TimeMode", "enum", TIME_MODES.get(posed.fps, CUSTOM_RATE)),
        "CustomFrameRate": prop("CustomFrameRate", "double", posed.fps),
        "TimeSpanStart": prop("TimeSpanStart", "KTime", np.int64(0)),
        "TimeSpanStop": prop("TimeSpanStop", "KTime", ticks((posed.num_frames - 1) / posed.fps)),
    }
    if node is None:
        return Node("GlobalSettings", (), (entry("Version", 1000), properties(*table.values())))
    return _with_properties(node, table)


def _definitions(node: FbxNode | None, objects: list[Node]) -> Node:
    """How many objects there are of each type; the templates stay."""
    counts = Counter(["GlobalSettings", *(one.name for one in objects)])
    known = {str(one.values[0]): one for one in (node.all("ObjectType") if node else []) if one.values}
    types = []
    for kind, count in counts.items():
        rest = [copied(child) for child in known[kind].children if child.name != "Count"] if kind in known else []
        types.append(Node("ObjectType", (kind,), (entry("Count", count), *rest)))
    return Node("Definitions", (), (entry("Version", 100), entry("Count", counts.total()), *types))


def _documents(node: FbxNode | None, name: str) -> Node:
    if node is None:
        return Node("Documents", (), (entry("Count", 0),))
    active = {"ActiveAnimStackName": prop("ActiveAnimStackName", "KString", name)}
    inside = [_with_properties(c, active) if c.name == "Document" else copied(c) for c in node.children]
    return Node("Documents", copied(node).values, tuple(inside))
