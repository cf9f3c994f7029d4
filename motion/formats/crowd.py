"""Several people in one .glb: a skeleton and a name each, one surface for all, everybody at their own time."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.core.clip import Motion
from motion.core.errors import BadInput
from motion.core.skin import Skin
from motion.formats.atomic import write_bytes
from motion.formats.glb import MATERIAL, continuous_quaternions, influences, require_fit, skin_attributes
from motion.formats.gltf import INDICES, GltfBuilder

Array = NDArray[np.floating]

#: Most people in one file.
MAX_PEOPLE = 1000


@dataclass(frozen=True)
class Person:
    """One of a crowd.

    Attributes:
        name: what the nodes are named after; letters, digits, - and _ are kept.
        clip: what the person does.
        start: s at which the clip begins; before and after it the person is not there.
    """

    name: str
    clip: Motion
    start: float = 0.0


def write_crowd(
    people: Sequence[Person],
    path: str | os.PathLike[str],
    *,
    skin: Skin | None = None,
    provenance: dict[str, Any] | None = None,
) -> None:
    """Write everybody into one .glb with one animation; metres, Y up, the earliest clip begins at time 0.

    Nodes are called after the person and the joint (``7_pelvis``), under a node ``7`` that is scaled to nothing while
    the person is not there, the one thing that every viewer understands. All share one surface: bodies of one shape.
    ``asset.extras`` holds ``fps``, ``people`` (name, start, duration) and ``provenance``.

    Raises:
        BadInput: nobody, too many, or skeletons or frame rates that differ.
    """
    _check(people, skin)
    first, last = min(one.start for one in people), max(one.start + _seconds(one) for one in people)
    fps, skeleton = people[0].clip.fps, people[0].clip.skeleton
    names = _names(people)
    told = [
        {"name": name, "start": round(one.start - first, 6), "duration": one.clip.duration}
        for name, one in zip(names, people, strict=True)
    ]
    extras: dict[str, Any] = {"fps": fps, "people": told}
    if provenance:
        extras["provenance"] = provenance
    builder = GltfBuilder({
        "asset": {"version": "2.0", "generator": "Stride", "extras": extras}, "scene": 0,
        "scenes": [{"name": "scene", "nodes": []}], "nodes": [], "skins": [],
        "animations": [{"name": "crowd", "channels": [], "samplers": [], "extras": {"fps": fps}}],
    })  # fmt: skip
    body = None if skin is None else _add_body(builder, skin, people)
    bind = np.tile(np.eye(4), (skeleton.num_joints, 1, 1))
    bind[:, :3, 3] = -skeleton.rest_positions
    inverse = None if body is None else builder.add(np.swapaxes(bind, 1, 2).reshape(-1, 16))
    for name, one in zip(names, people, strict=True):
        _add_person(builder, name, one, one.start - first, last - first, body, inverse)
    if not builder.document["skins"]:
        del builder.document["skins"]
    write_bytes(path, builder.to_bytes())


def _check(people: Sequence[Person], skin: Skin | None) -> None:
    if not 1 <= len(people) <= MAX_PEOPLE:
        raise BadInput(f"a crowd has 1 to {MAX_PEOPLE} people, got {len(people)}")
    one = people[0].clip
    for other in people:
        if other.clip.fps != one.fps or other.clip.skeleton.joint_names != one.skeleton.joint_names:
            raise BadInput("the people of a crowd must have the same joints and frame rate; resample them first")
        if np.abs(other.clip.skeleton.rest_offsets - one.skeleton.rest_offsets).max() > 1e-6:
            raise BadInput("the people of a crowd share one surface, so their bones must be equally long")
    if skin is not None:
        require_fit(skin, one.skeleton)


def _names(people: Sequence[Person]) -> list[str]:
    """A name each that engines keep as it is, and no two alike."""
    names: list[str] = []
    for one in people:
        plain = re.sub(r"[^A-Za-z0-9_-]+", "_", one.name)[:40] or "person"
        number, name = 1, plain
        while name in names:
            number, name = number + 1, f"{plain}-{number + 1}"
        names.append(name)
    return names


def _seconds(one: Person) -> float:
    """s from the first key of a clip to its last."""
    return (one.clip.num_frames - 1) / one.clip.fps


def _add_body(builder: GltfBuilder, skin: Skin, people: Sequence[Person]) -> int:
    """The surface that all share; its mesh."""
    joints, weights = influences(skin, max((one.clip for one in people), key=lambda clip: clip.num_frames))
    index_type = np.uint16 if len(skin.vertices) < np.iinfo(np.uint16).max else np.uint32
    primitive = {
        "attributes": skin_attributes(builder, skin, joints, weights),
        "indices": builder.add(skin.faces.reshape(-1).astype(index_type), target=INDICES), "material": 0, "mode": 4,
    }  # fmt: skip
    builder.document["materials"] = [MATERIAL]
    builder.document["meshes"] = [{"name": "body", "primitives": [primitive]}]
    return 0


def _add_person(
    builder: GltfBuilder, name: str, one: Person, start: float, last: float, body: int | None, inverse: int | None
) -> None:
    """The nodes, the skin and the keys of one person."""
    document, clip = builder.document, one.clip
    nodes, skeleton = document["nodes"], clip.skeleton
    top = len(nodes)
    root = top + 1
    nodes.append({"name": name, "children": [root]})
    for joint, of in enumerate(skeleton.joint_names):
        node: dict[str, Any] = {"name": f"{name}_{of}", "translation": skeleton.rest_offsets[joint].tolist()}
        children = (root + np.flatnonzero(skeleton.parents == joint)).tolist()
        nodes.append({**node, "children": children} if children else node)
    document["scenes"][0]["nodes"].append(top)
    if body is not None:
        joints = list(range(root, root + skeleton.num_joints))
        document["skins"].append({"name": name, "joints": joints, "inverseBindMatrices": inverse, "skeleton": root})
        nodes.append({"name": f"{name}_body", "mesh": body, "skin": len(document["skins"]) - 1})
        document["scenes"][0]["nodes"].append(len(nodes) - 1)
    times = builder.add(start + np.arange(clip.num_frames) / clip.fps, bounds=True)
    quaternions = continuous_quaternions(clip.joint_rotation)
    _add_key(builder, root, "translation", times, builder.add(clip.root_position))
    for joint in range(skeleton.num_joints):
        _add_key(builder, root + joint, "rotation", times, builder.add(quaternions[:, joint]))
    _add_presence(builder, top, start, start + _seconds(one), last, 1.0 / clip.fps)


def _add_presence(builder: GltfBuilder, node: int, start: float, end: float, last: float, frame: float) -> None:
    """Scale a person to nothing outside of the clip, when the others go on."""
    keys = [(0.0, 0.0)] if start > frame / 2 else []
    keys.append((start, 1.0))
    if last - end > frame / 2:
        keys.append((end + frame, 0.0))
    if len(keys) == 1:
        return
    times = builder.add(np.array([time for time, _ in keys]), bounds=True)
    scales = builder.add(np.array([[scale] * 3 for _, scale in keys]))
    _add_key(builder, node, "scale", times, scales, "STEP")


def _add_key(builder: GltfBuilder, node: int, path: str, times: int, values: int, way: str = "LINEAR") -> None:
    animation = builder.document["animations"][0]
    animation["channels"].append({"sampler": len(animation["samplers"]), "target": {"node": node, "path": path}})
    animation["samplers"].append({"input": times, "output": values, "interpolation": way})
