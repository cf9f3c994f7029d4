"""Read a clip, and its skin, from a .glb: ours or anybody's with one animated character."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from motion.core.clip import MAX_FPS, Motion
from motion.core.errors import BadFile, MotionError
from motion.core.rotation import quat_xyzw_to_rotmat
from motion.core.skeleton import Skeleton
from motion.core.skin import Skin
from motion.formats.folding import Folded, ancestors, fold, joint_tree, unique_names
from motion.formats.gltf import GltfFile, read_gltf
from motion.formats.gltf_tracks import Track, frame_grid, read_tracks

Array = NDArray[np.floating]
Found = TypeVar("Found")

#: Limits on what a file may claim.
MAX_NODES = 20_000
MAX_JOINTS = 1000
MAX_TRANSFORMS = 6_000_000
MAX_WEIGHTS = 200_000_000
_MALFORMED = (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError, ZeroDivisionError)


def read_glb(path: str | os.PathLike[str], *, skeleton: Skeleton | None = None) -> Motion:
    """Read the first animation of a .glb; the file's own skeleton is used. Raises ``BadFile``."""
    return _guarded(path, with_skin=False)[0]


def read_glb_with_skin(path: str | os.PathLike[str]) -> tuple[Motion, Skin | None]:
    """Read the first animation and the surface bound to its skeleton, or None when there is no surface."""
    return _guarded(path, with_skin=True)


def read_skin(path: str | os.PathLike[str]) -> Skin | None:
    """The surface alone."""
    return read_glb_with_skin(path)[1]


def read_provenance(path: str | os.PathLike[str]) -> dict[str, Any] | None:
    """The record of how the clip was made, or None when the file carries none."""
    return record_of(read_gltf(path))


def record_of(file: GltfFile) -> dict[str, Any] | None:
    """The record of a parsed file."""
    record = _extras(file.document.get("asset")).get("provenance")
    return record if isinstance(record, dict) and record else None


def _guarded(path: str | os.PathLike[str], with_skin: bool) -> tuple[Motion, Skin | None]:
    return guarded(path, lambda file: clip_and_skin(file, with_skin))


def clip_and_skin(file: GltfFile, with_skin: bool = True) -> tuple[Motion, Skin | None]:
    """The first animation of a parsed file and, if wanted, the surface bound to its skeleton. Raises ``BadFile``."""
    rig = GltfRig.of(file)
    folded = _fold(rig)
    return folded.clip, surface_of(rig, folded) if with_skin else None


def guarded(path: str | os.PathLike[str], read: Callable[[GltfFile], Found]) -> Found:
    """What ``read`` finds in a file; whatever is wrong with the file becomes a ``BadFile``."""
    file = read_gltf(path)
    try:
        return read(file)
    except BadFile:
        raise
    except MotionError as error:
        raise BadFile(path, str(error)) from error
    except _MALFORMED as error:
        raise BadFile(path, f"is not valid glTF ({type(error).__name__}: {error})") from error


def _extras(entry: Any) -> dict[str, Any]:
    extras = entry.get("extras") if isinstance(entry, dict) else None
    return extras if isinstance(extras, dict) else {}


@dataclass(frozen=True)
class GltfRig:
    """The nodes that matter and where they are bound.

    Attributes:
        file: the parsed container.
        parents: parent of every node, -1 for roots.
        joints: node index of each joint, parents first.
        joint_parents: index into ``joints`` of each joint's parent, -1 for the root.
        skin: index of the skin, or None.
        inverse_bind: (J, 4, 4).
    """

    file: GltfFile
    parents: list[int]
    joints: list[int]
    joint_parents: list[int]
    skin: int | None
    inverse_bind: Array

    @staticmethod
    def of(file: GltfFile, animated: bool = True) -> GltfRig:
        """The character of a file; one that is not ``animated`` may be still."""
        document = file.document
        unsupported = set(document.get("extensionsRequired", [])) - {
            "KHR_materials_unlit", "KHR_texture_transform", "KHR_mesh_quantization", "KHR_materials_specular",
        }  # fmt: skip
        if unsupported:
            raise BadFile(file.path, f"needs the extension {sorted(unsupported)[0]}; export it without compression")
        if animated and not document.get("animations"):
            raise BadFile(file.path, "holds no animation")
        nodes = document["nodes"]
        if len(nodes) > MAX_NODES:
            raise BadFile(file.path, f"has {len(nodes)} nodes; at most {MAX_NODES} are accepted")
        parents = _node_parents(file, nodes)
        skins = document.get("skins") or []
        skin = max(range(len(skins)), key=lambda i: len(skins[i]["joints"])) if skins else None
        members = list(skins[skin]["joints"]) if skin is not None else _bare_nodes(file, parents)
        joints, joint_parents = joint_tree(parents, members)
        default: dict[int, Any] = {node: world_of(nodes, parents, node) for node in joints}
        inverse_bind = np.stack([np.linalg.inv(default[node]) for node in joints])
        if skin is not None:
            given = np.tile(np.eye(4), (len(members), 1, 1))
            if "inverseBindMatrices" in skins[skin]:
                given = file.array(skins[skin]["inverseBindMatrices"]).reshape(-1, 4, 4).swapaxes(1, 2).astype(float)
            world_from_mesh = default[members[0]] @ given[0]
            for row, node in enumerate(joints):
                bound = members.index(node) if node in members else None
                inverse_bind[row] = inverse_bind[row] @ world_from_mesh if bound is None else given[bound]
        return GltfRig(file, parents, joints, joint_parents, skin, inverse_bind)


def _node_parents(file: GltfFile, nodes: list[dict[str, Any]]) -> list[int]:
    parents = [-1] * len(nodes)
    for index, node in enumerate(nodes):
        for child in node.get("children", []):
            if not 0 <= child < len(nodes) or parents[child] != -1 or child == index:
                raise BadFile(file.path, "its nodes are no tree")
            parents[child] = index
    reached = [i for i, parent in enumerate(parents) if parent == -1]
    for node_index in reached:  # grows while it is walked: everything below the roots
        reached.extend(nodes[node_index].get("children", []))
    if len(reached) != len(nodes):
        raise BadFile(file.path, "its nodes are no tree")
    return parents


def _bare_nodes(file: GltfFile, parents: list[int]) -> list[int]:
    """Without a skin: the nodes that turn, or all that may be bones where nothing is animated."""
    if file.document.get("animations"):
        return _turning_nodes(file, parents)
    return [i for i, node in enumerate(file.document["nodes"]) if not {"mesh", "camera"} & set(node)]


def _turning_nodes(file: GltfFile, parents: list[int]) -> list[int]:
    """Without a skin: the nodes the animation turns, and what hangs below them."""
    channels = file.document["animations"][0]["channels"]
    members = {c["target"]["node"] for c in channels if c["target"].get("path") == "rotation" and "node" in c["target"]}
    if not members:
        raise BadFile(file.path, "its animation turns no node")
    nodes = file.document["nodes"]
    hanging = [i for i in range(len(parents)) if any(a in members for a in ancestors(parents, i))]
    return sorted(members | {i for i in hanging if not {"mesh", "camera"} & set(nodes[i])})


def _local_matrix(node: dict[str, Any]) -> Array:
    """(4, 4) transform of a node at rest."""
    if "matrix" in node:
        return np.array(node["matrix"], dtype=np.float64).reshape(4, 4).T
    local = np.eye(4)
    scale = np.array(node.get("scale", [1.0, 1.0, 1.0]), dtype=np.float64)
    local[:3, :3] = quat_xyzw_to_rotmat(np.array(node.get("rotation", [0.0, 0.0, 0.0, 1.0]), dtype=np.float64)) * scale
    local[:3, 3] = node.get("translation", [0.0, 0.0, 0.0])
    return local


def world_of(nodes: list[dict[str, Any]], parents: list[int], node: int) -> Array:
    world = np.eye(4)
    for above in ancestors(parents, node):
        world = _local_matrix(nodes[above]) @ world
    return world


def _animated_matrix(node: dict[str, Any], tracks: dict[str, Track], times: Array) -> Array:
    """(T, 4, 4) transform of a node over time."""
    if not tracks:
        return np.broadcast_to(_local_matrix(node), (len(times), 4, 4))
    rest = {"translation": [0.0, 0.0, 0.0], "rotation": [0.0, 0.0, 0.0, 1.0], "scale": [1.0, 1.0, 1.0]}
    value: dict[str, Array] = {}
    for key, default in rest.items():
        value[key] = np.array(node.get(key, default), dtype=np.float64)[None]
    value.update({key: track.sampled(times) for key, track in tracks.items()})
    local = np.tile(np.eye(4), (len(times), 1, 1))
    local[:, :3, :3] = quat_xyzw_to_rotmat(value["rotation"]) * value["scale"][:, None, :]
    local[:, :3, 3] = value["translation"]
    return local


def _fold(rig: GltfRig) -> Folded:
    """The clip of the file's first animation."""
    file, nodes = rig.file, rig.file.document["nodes"]
    animation = file.document["animations"][0]
    tracks = read_tracks(file, animation)
    claimed = _extras(file.document.get("asset")).get("fps", _extras(animation).get("fps"))
    times, fps = frame_grid([t for of_node in tracks.values() for t in of_node.values()], _rate(claimed))
    needed = {a for node in rig.joints for a in ancestors(rig.parents, node)}
    if len(times) * len(needed) > MAX_TRANSFORMS:
        raise BadFile(file.path, f"claims {len(times)} frames of {len(needed)} nodes; that is too long to read")
    world: dict[int, Any] = {}
    for node in sorted(needed, key=lambda n: len(ancestors(rig.parents, n))):
        local = _animated_matrix(nodes[node], tracks.get(node, {}), times)
        world[node] = world[rig.parents[node]] @ local if rig.parents[node] != -1 else local
    default = np.stack([world_of(nodes, rig.parents, n) for n in rig.joints])
    names = unique_names([str(nodes[n].get("name") or "") for n in rig.joints], rig.joints)
    moved = np.stack([world[node] for node in rig.joints], axis=1)
    folded = fold(names, rig.joint_parents, moved, default, rig.inverse_bind, fps)
    betas = _extras(file.document.get("asset")).get("betas")
    if not betas:
        return folded
    return replace(folded, clip=replace(folded.clip, betas=np.array(betas, dtype=np.float64)))


def _rate(claimed: Any) -> float | None:
    valid = isinstance(claimed, (int, float)) and not isinstance(claimed, bool) and 0 < claimed <= MAX_FPS
    return float(claimed) if valid else None


def surface_of(rig: GltfRig, folded: Folded) -> Skin | None:
    """The surface of every triangle primitive bound to the rig's skin."""
    if rig.skin is None:
        return None
    file, document = rig.file, rig.file.document
    members = document["skins"][rig.skin]["joints"]
    column = np.array([rig.joints.index(node) for node in members])
    vertices, faces, weights, count = [], [], [], 0
    meshes = [n["mesh"] for n in document["nodes"] if n.get("skin") == rig.skin and "mesh" in n]
    for primitive in (p for mesh in meshes for p in document["meshes"][mesh]["primitives"] if p.get("mode", 4) == 4):
        attributes = primitive["attributes"]
        points = file.array(attributes["POSITION"]).astype(np.float64)
        if (count + len(points)) * len(rig.joints) > MAX_WEIGHTS:
            raise BadFile(file.path, "its surface is too large")
        indices = file.array(primitive["indices"]).reshape(-1) if "indices" in primitive else np.arange(len(points))
        if indices.max() >= len(points):
            raise BadFile(file.path, "a face refers to a vertex that does not exist")
        weight = np.zeros((len(points), len(rig.joints)))
        for part in range(2):
            if f"JOINTS_{part}" in attributes:
                joints = column[file.array(attributes[f"JOINTS_{part}"]).astype(np.int64)]
                np.add.at(weight, (np.arange(len(points))[:, None], joints), file.array(attributes[f"WEIGHTS_{part}"]))
        total = weight.sum(axis=1, keepdims=True)
        weight[:, :1] += total == 0
        weights.append(folded.weights(weight / np.where(total > 0, total, 1.0)))
        faces.append(indices[: len(indices) // 3 * 3].reshape(-1, 3).astype(np.int64) + count)
        vertices.append(points @ folded.world_from_mesh.T)
        count += len(points)
    if not vertices:
        return None
    return Skin(folded.clip.skeleton, np.concatenate(vertices), np.concatenate(faces), np.concatenate(weights))
