"""Write a skinned, animated .glb: metres, Y up, facing +Z, every node at scale 1, the first key at time 0."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.core.clip import Motion
from motion.core.errors import BadInput
from motion.core.rotation import rotmat_to_quat_xyzw
from motion.core.skeleton import Skeleton
from motion.core.skin import Skin, vertex_normals
from motion.formats.atomic import write_bytes
from motion.formats.gltf import INDICES, VERTICES, GltfBuilder
from motion.formats.presets import Preset
from motion.formats.take import Take, take_of

Array = NDArray[np.floating]

#: Calm light grey, matt: a mannequin.
MATERIAL = {
    "name": "mannequin",
    "pbrMetallicRoughness": {"baseColorFactor": [0.72, 0.74, 0.77, 1.0], "metallicFactor": 0.0, "roughnessFactor": 0.7},
}

#: A surface may differ from full skinning by this many metres before a second set of four influences is written.
MAX_PRUNING_ERROR = 1e-3


def write_glb(
    clip: Motion,
    path: str | os.PathLike[str],
    *,
    skin: Skin | None = None,
    provenance: dict[str, Any] | None = None,
    preset: Preset | None = None,
) -> None:
    """Write a clip as .glb, with a body when a skin of the same skeleton is given, else the moving skeleton alone.

    The nodes rest in the skeleton's rest pose. ``asset.extras`` holds the exact ``fps``, ``betas`` and ``provenance``.
    A preset gives the nodes its names and its root bone; unit and axes are always glTF's.
    """
    take = take_of(clip, preset)
    extras: dict[str, Any] = {"fps": clip.fps}
    if clip.betas is not None:
        extras["betas"] = [float(b) for b in clip.betas]
    if provenance:
        extras["provenance"] = provenance
    builder = GltfBuilder({
        "asset": {"version": "2.0", "generator": "Stride", "extras": extras},
        "scene": 0,
        "scenes": [{"name": "scene", "nodes": [0]}],
        "nodes": _joint_nodes(take.skeleton),
    })  # fmt: skip
    _add_animation(builder, take)
    if skin is not None:
        require_fit(skin, clip.skeleton)
        joints, weights = influences(skin, clip)
        nodes = np.where(weights > 0, take.node_of[joints], 0).astype(np.min_scalar_type(take.skeleton.num_joints))
        _add_skin(builder, skin, take.skeleton.rest_positions, nodes, weights)
    write_bytes(path, builder.to_bytes())


def fits(skin: Skin, skeleton: Skeleton) -> bool:
    """Whether the skin is of this skeleton: the same joints, bones equal to a millimetre."""
    return skin.skeleton.joint_names == skeleton.joint_names and bool(
        np.all(np.abs(skin.skeleton.rest_offsets - skeleton.rest_offsets)[1:] < 1e-3)
    )


def require_fit(skin: Skin, skeleton: Skeleton) -> None:
    """Raise ``BadInput`` when the skin is not of this skeleton."""
    if not fits(skin, skeleton):
        raise BadInput("the skin belongs to another skeleton than the clip; use the skin of the clip's own body")


def continuous_quaternions(rotation: Array) -> Array:
    """(T, ..., 4) unit quaternions xyzw of matrices (T, ..., 3, 3), each on the same hemisphere as the one before.

    Interpolators between keys take the long way round when two neighbours have opposite signs.
    """
    quat = rotmat_to_quat_xyzw(rotation)
    quat /= np.linalg.norm(quat, axis=-1, keepdims=True)
    quat[0] *= np.where(quat[0, ..., 3:] < 0, -1.0, 1.0)
    flips = np.sum(quat[1:] * quat[:-1], axis=-1, keepdims=True) < 0
    quat[1:] *= np.where(np.cumsum(flips, axis=0) % 2 == 1, -1.0, 1.0)
    return quat


def _joint_nodes(skeleton: Skeleton) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = []
    for joint, name in enumerate(skeleton.joint_names):
        node: dict[str, Any] = {"name": name, "translation": skeleton.rest_offsets[joint].tolist()}
        children = np.flatnonzero(skeleton.parents == joint).tolist()
        if children:
            node["children"] = children
        nodes.append(node)
    return nodes


def _add_animation(builder: GltfBuilder, take: Take) -> None:
    times = builder.add(np.arange(take.num_frames) / take.fps, bounds=True)
    tracks = [(node, "translation", moves) for node, moves in take.translation.items()]
    quaternions = continuous_quaternions(take.rotation)
    tracks += [(node, "rotation", quaternions[:, node]) for node in range(take.skeleton.num_joints)]
    samplers: list[dict[str, Any]] = []
    channels: list[dict[str, Any]] = []
    for node, path, values in tracks:
        channels.append({"sampler": len(samplers), "target": {"node": node, "path": path}})
        samplers.append({"input": times, "output": builder.add(values), "interpolation": "LINEAR"})
    builder.document["animations"] = [
        {"name": "clip", "channels": channels, "samplers": samplers, "extras": {"fps": take.fps}}
    ]


def _add_skin(builder: GltfBuilder, skin: Skin, rest: Array, joints: NDArray[np.integer], weights: Array) -> None:
    """The surface, pulled by the nodes ``joints`` (V, 4 | 8) that rest at ``rest`` (J, 3)."""
    bind = np.tile(np.eye(4), (len(rest), 1, 1))
    bind[:, :3, 3] = -rest
    attributes = skin_attributes(builder, skin, joints, weights)
    index_type = np.uint16 if len(skin.vertices) < np.iinfo(np.uint16).max else np.uint32
    primitive = {
        "attributes": attributes,
        "indices": builder.add(skin.faces.reshape(-1).astype(index_type), target=INDICES),
        "material": 0,
        "mode": 4,
    }
    document = builder.document
    document["materials"] = [MATERIAL]
    document["meshes"] = [{"name": "body", "primitives": [primitive]}]
    document["skins"] = [{
        "name": "body",
        "joints": list(range(len(rest))),
        "inverseBindMatrices": builder.add(np.swapaxes(bind, 1, 2).reshape(-1, 16)),
        "skeleton": 0,
    }]  # fmt: skip
    document["nodes"].append({"name": "body", "mesh": 0, "skin": 0})
    document["scenes"][0]["nodes"].append(len(document["nodes"]) - 1)


def skin_attributes(builder: GltfBuilder, skin: Skin, joints: NDArray[np.integer], weights: Array) -> dict[str, int]:
    """Accessors of a surface's vertices, pulled by ``joints`` (V, 4 | 8)."""
    attributes = {
        "POSITION": builder.add(skin.vertices, target=VERTICES, bounds=True),
        "NORMAL": builder.add(vertex_normals(skin.vertices, skin.faces), target=VERTICES),
    }
    for part in range(joints.shape[1] // 4):
        columns = slice(4 * part, 4 * part + 4)
        attributes[f"JOINTS_{part}"] = builder.add(joints[:, columns], target=VERTICES)
        attributes[f"WEIGHTS_{part}"] = builder.add(weights[:, columns], target=VERTICES)
    return attributes


def influences(skin: Skin, clip: Motion) -> tuple[NDArray[np.integer], Array]:
    """Joint indices and weights (V, 4), or (V, 8) when four would move the surface by more than a millimetre.

    Most engines read four; three of them in the field ignore a second set, so it is written only when it is needed.
    The error is measured on frames spread over the clip.
    """
    joints, weights = _strongest(skin.weights, 4)
    if np.count_nonzero(skin.weights, axis=1).max() > joints.shape[1]:
        pruned = np.zeros_like(skin.weights)
        np.put_along_axis(pruned, joints, weights, axis=1)
        frames = np.unique(np.linspace(0, clip.num_frames - 1, 8).astype(int))
        pose = clip.root_position[frames], clip.joint_rotation[frames]
        moved = skin.deform(*pose) - replace(skin, weights=pruned).deform(*pose)
        if np.linalg.norm(moved, axis=-1).max() > MAX_PRUNING_ERROR:
            joints, weights = _strongest(skin.weights, 8)
    unused = weights == 0
    index_type = np.uint8 if skin.skeleton.num_joints <= np.iinfo(np.uint8).max else np.uint16
    return np.where(unused, 0, joints).astype(index_type), weights


def _strongest(weights: Array, count: int) -> tuple[NDArray[np.integer], Array]:
    """The ``count`` largest weights of each row, made to sum to one in float32, and their columns; padded with 0."""
    columns = np.argsort(-weights, axis=1, kind="stable")[:, :count]
    values = np.take_along_axis(weights, columns, axis=1).astype(np.float64)
    values[values < 1e-6] = 0.0
    values /= values.sum(axis=1, keepdims=True)
    missing = count - columns.shape[1]
    return np.pad(columns, ((0, 0), (0, missing))), np.pad(values, ((0, 0), (0, missing)))
