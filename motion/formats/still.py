"""A character written anew in another format than its file's: the same bones with their axes, surface and weights.

Materials and textures stay behind; whoever needs them writes the format that the character came in.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.core.rotation import rotmat_to_euler
from motion.core.skin import Skin
from motion.formats.fbx import CENTIMETRE, head_nodes
from motion.formats.fbx_binary import VERSION, FbxFile, to_bytes
from motion.formats.fbx_objects import Document, entry, prop, properties
from motion.formats.fbx_scene import FbxScene
from motion.formats.fbx_surface import add_surface
from motion.formats.glb import add_skin, continuous_quaternions, strongest
from motion.formats.gltf import GltfBuilder, GltfFile
from motion.formats.rig import Rig, without_scale
from motion.formats.take import Take

Array = NDArray[np.floating]

#: Influences of a vertex that are kept.
INFLUENCES = 8


def as_glb(rig: Rig) -> Rig:
    """The character as one of a .glb, in metres."""
    rest, local = _unscaled(rig, 1.0)
    nodes: list[dict[str, Any]] = []
    quaternions = continuous_quaternions(local[None, :, :3, :3])[0]
    for bone, name in enumerate(rig.names):
        node: dict[str, Any] = {
            "name": name, "translation": local[bone, :3, 3].tolist(), "rotation": quaternions[bone].tolist()
        }  # fmt: skip
        children = np.flatnonzero(rig.parents == bone).tolist()
        nodes.append({**node, "children": children} if children else node)
    builder = GltfBuilder({
        "asset": {"version": "2.0", "generator": "Stride"}, "scene": 0,
        "scenes": [{"name": "scene", "nodes": [0]}], "nodes": nodes,
    })  # fmt: skip
    skin = rig.surface()
    if skin is not None:
        joints, weights = _influences(skin)
        add_skin(builder, skin, np.linalg.inv(rest), joints, weights)
    file = GltfFile(rig.path, builder.document, bytes(builder.blob))
    return _moved(rig, rest, np.eye(4), (file, list(range(len(rig.names)))))


def as_fbx(rig: Rig) -> Rig:
    """The character as one of a .fbx, in centimetres."""
    rest, local = _unscaled(rig, CENTIMETRE)
    degrees = np.degrees(rotmat_to_euler(without_scale(local[:, :3, :3]), "ZYX"))[:, ::-1]
    document, models = Document(), []
    for bone, name in enumerate(rig.names):
        lines = properties(
            prop("InheritType", "enum", 1), prop("DefaultAttributeIndex", "int", 0),
            prop("Lcl Translation", "Lcl Translation", *local[bone, :3, 3].tolist()),
            prop("Lcl Rotation", "Lcl Rotation", *degrees[bone].tolist()),
            prop("Lcl Scaling", "Lcl Scaling", 1.0, 1.0, 1.0),
        )  # fmt: skip
        head = (entry("Version", 232), lines, entry("Shading", True), entry("Culling", "CullingOff"))
        models.append(document.add("Model", name, "Model", "LimbNode", *head))
        size = properties(prop("Size", "double", 3.0))
        kind = document.add("NodeAttribute", name, "NodeAttribute", "LimbNode", entry("TypeFlags", "Skeleton"), size)
        document.join(kind, models[bone])
        document.join(models[bone], models[rig.parents[bone]] if rig.parents[bone] >= 0 else 0)
    skin = rig.surface()
    if skin is not None:
        bind = rest.copy()
        bind[:, :3, :] /= CENTIMETRE
        bind[:, :3, :3] = without_scale(bind[:, :3, :3])
        joints, weights = _influences(skin)
        add_surface(document, models, bind, skin.vertices / CENTIMETRE, skin.faces, joints, weights)
    take = Take(rig.skeleton, np.tile(np.eye(3), (1, len(models), 1, 1)), {}, 30.0, None, np.arange(len(models)))
    content = to_bytes([*head_nodes(take, rig.path.stem), *document.nodes()])
    scene = FbxScene.of(FbxFile(rig.path, content, VERSION))
    base = np.diag([CENTIMETRE, CENTIMETRE, CENTIMETRE, 1.0])
    return _moved(rig, rest, base, (scene, list(range(len(models)))))


def _unscaled(rig: Rig, unit: float) -> tuple[Array, Array]:
    """The bones at rest (J, 4, 4) without scales but that of the unit, and their transforms below their parents."""
    rest = rig.rest.copy()
    rest[:, :3, :3] = unit * without_scale(rest[:, :3, :3])
    base = np.diag([unit, unit, unit, 1.0])
    frames = np.where(rig.parents[:, None, None] >= 0, rest[rig.parents], base)
    return rest, np.linalg.inv(frames) @ rest


def _moved(rig: Rig, rest: Array, base: Array, source: Any) -> Rig:
    links = np.where(rig.parents[:, None, None] >= 0, np.eye(4), base)
    return replace(rig, path=Path(rig.path), rest=rest, links=links, source=source, movable=np.ones(len(rest), bool))


def _influences(skin: Skin) -> tuple[NDArray[np.integer], Array]:
    """Bones and weights (V, 4 | 8) that pull each vertex."""
    most = int(np.count_nonzero(skin.weights > 1e-6, axis=1).max())
    joints, weights = strongest(skin.weights, 4 if most <= 4 else INFLUENCES)
    return np.where(weights > 0, joints, 0).astype(np.min_scalar_type(skin.weights.shape[1])), weights
