"""Write an animated, skinned .fbx that engines open without repair: binary 7400, every node at scale 1, no wrapper.

Nodes rest in the T-pose; angles never jump; one animation stack, called like the file, with a key on every frame.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import Y_UP_FROM_Z_UP
from motion.core.clip import Motion
from motion.core.skin import Skin
from motion.formats import provenance as record
from motion.formats.atomic import write_bytes
from motion.formats.euler import best_angles
from motion.formats.fbx_binary import VERSION, Node, packed, to_bytes
from motion.formats.fbx_objects import CUSTOM_RATE, TICKS, TIME_MODES, Document, entry, prop, properties, ticks
from motion.formats.fbx_surface import add_surface
from motion.formats.glb import influences, require_fit
from motion.formats.presets import Preset
from motion.formats.take import Take, take_of

Array = NDArray[np.floating]

#: Metres per unit of length when no preset says otherwise: FBX's own unit.
CENTIMETRE = 0.01
#: Flag of a key from which a straight line leads to the next.
LINEAR = 4


def write_fbx(
    clip: Motion,
    path: str | os.PathLike[str],
    *,
    skin: Skin | None = None,
    provenance: dict[str, Any] | None = None,
    preset: Preset | None = None,
) -> None:
    """Write a clip as .fbx, with a body when a skin of the same skeleton is given, else the moving skeleton alone.

    The root node's user properties hold the exact frame rate, the shape coefficients and the provenance.

    Args:
        clip: the movement.
        path: the file; its stem is the name of the animation.
        skin: the body.
        provenance: how the clip was made.
        preset: names of bones, where the way is, unit and axes; without one as the clip has them, in centimetres.
    """
    take = take_of(clip, preset)
    name = Path(path).stem
    space = _Space() if preset is None else _Space(preset.unit, preset.up)
    orders, angles = best_angles(space.rotations(take.rotation))
    document = Document()
    models = _add_skeleton(document, take, space, orders, record.to_text(provenance))
    if skin is not None:
        require_fit(skin, clip.skeleton)
        joints, weights = influences(skin, clip)
        bind = space.points(take.skeleton.rest_positions)
        points = space.points(skin.vertices)
        add_surface(document, models, bind, points, skin.faces, take.node_of[joints], weights)
    _add_animation(document, models, take, space, np.degrees(angles), name)
    write_bytes(path, to_bytes([*_head(take, space, name), *document.nodes(), takes(name, _end(take))]))


@dataclass(frozen=True)
class _Space:
    """The unit, in metres, and the upward axis of a file."""

    unit: float = CENTIMETRE
    up: str = "Y"

    @property
    def turn(self) -> Array:
        """(3, 3), from our axes to the file's."""
        return Y_UP_FROM_Z_UP.T if self.up == "Z" else np.eye(3)

    def points(self, points: Array) -> Array:
        """(..., 3) of ours in m, in the file's axes and unit."""
        return points @ self.turn.T / self.unit

    def rotations(self, rotation: Array) -> Array:
        """The same turns (..., 3, 3) about the file's axes."""
        return self.turn @ rotation @ self.turn.T


def head_nodes(take: Take, name: str) -> list[Node]:
    """What stands before the objects of a file in centimetres, Y up."""
    return _head(take, _Space(), name)


def _head(take: Take, space: _Space, name: str) -> list[Node]:
    """What stands before the objects. All times and numbers are fixed: equal clips give equal files."""
    up, front, sign = (1, 2, 1) if space.up == "Y" else (2, 1, -1)
    stamp = dict(Version=1000, Year=2000, Month=1, Day=1, Hour=0, Minute=0, Second=0, Millisecond=0)
    header = Node("FBXHeaderExtension", (), (
        entry("FBXHeaderVersion", 1003), entry("FBXVersion", VERSION), entry("EncryptionType", 0),
        Node("CreationTimeStamp", (), tuple(entry(key, value) for key, value in stamp.items())),
        entry("Creator", "Stride"),
    ))  # fmt: skip
    settings = properties(
        prop("UpAxis", "int", up), prop("UpAxisSign", "int", 1),
        prop("FrontAxis", "int", front), prop("FrontAxisSign", "int", sign),
        prop("CoordAxis", "int", 0), prop("CoordAxisSign", "int", 1),
        prop("OriginalUpAxis", "int", up), prop("OriginalUpAxisSign", "int", 1),
        prop("UnitScaleFactor", "double", 100 * space.unit),
        prop("OriginalUnitScaleFactor", "double", 100 * space.unit),
        prop("TimeMode", "enum", TIME_MODES.get(take.fps, CUSTOM_RATE)), prop("CustomFrameRate", "double", take.fps),
        prop("TimeSpanStart", "KTime", np.int64(0)), prop("TimeSpanStop", "KTime", _end(take)),
    )  # fmt: skip
    scene = properties(prop("SourceObject", "object"), prop("ActiveAnimStackName", "KString", name))
    return [
        header,
        *foot_nodes(),
        Node("GlobalSettings", (), (entry("Version", 1000), settings)),
        Node("Documents", (), (
            entry("Count", 1),
            Node("Document", (np.int64(999_999), "", "Scene"), (scene, entry("RootNode", np.int64(0)))),
        )),
        Node("References", (), (), open=True),
    ]  # fmt: skip


def foot_nodes() -> list[Node]:
    """A time and what some readers reckon from it, which the end of every file of ours goes with."""
    return [
        entry("FileId", bytes.fromhex("28b32aebb624ccc2bfc8b02aa92bfcf1")),
        entry("CreationTime", "1970-01-01 10:00:00:000"),
        entry("Creator", "Stride"),
    ]


def _end(take: Take) -> np.int64:
    return ticks((take.num_frames - 1) / take.fps)


def takes(name: str, stop: np.int64) -> Node:
    """The old table of animations, which some readers still look at."""
    span = (np.int64(0), stop)
    inside = (entry("FileName", f"{name}.tak"), entry("LocalTime", *span), entry("ReferenceTime", *span))
    return Node("Takes", (), (entry("Current", name), Node("Take", (name,), inside)))


def _add_skeleton(
    document: Document, take: Take, space: _Space, orders: NDArray[np.integer], provenance: str
) -> list[np.int64]:
    """A bone for every node of the take, at rest, that turns in one of FBX's orders; returns their numbers."""
    offsets = space.points(take.skeleton.rest_offsets)
    own = [
        prop("stride_fps", "double", take.fps, flags="U"),
        prop("stride_provenance", "KString", provenance, flags="U"),
    ]
    if take.betas is not None:
        own.append(prop("stride_betas", "KString", json.dumps([float(b) for b in take.betas]), flags="U"))
    models: list[np.int64] = []
    for node, bone in enumerate(take.skeleton.joint_names):
        lines = [
            prop("RotationOrder", "enum", int(orders[node])), prop("RotationActive", "bool", 1),
            prop("InheritType", "enum", 1), prop("DefaultAttributeIndex", "int", 0),
            prop("Lcl Translation", "Lcl Translation", *map(float, offsets[node])),
            prop("Lcl Rotation", "Lcl Rotation", 0.0, 0.0, 0.0), prop("Lcl Scaling", "Lcl Scaling", 1.0, 1.0, 1.0),
            *([] if node else own),
        ]  # fmt: skip
        head = (entry("Version", 232), properties(*lines), entry("Shading", True), entry("Culling", "CullingOff"))
        models.append(document.add("Model", bone, "Model", "LimbNode", *head))
        size = properties(prop("Size", "double", 3.0 * CENTIMETRE / space.unit))
        kind = document.add("NodeAttribute", bone, "NodeAttribute", "LimbNode", entry("TypeFlags", "Skeleton"), size)
        document.join(kind, models[node])
        above = int(take.skeleton.parents[node])
        document.join(models[node], models[above] if above >= 0 else 0)
    return models


def _add_animation(
    document: Document, models: list[np.int64], take: Take, space: _Space, degrees: Array, name: str
) -> None:
    """One stack with curves for the way and for the angles (T, J, 3) about X, Y and Z."""
    layer = add_stack(document, name, _end(take))
    keys = keys_of(take.num_frames, take.fps)
    offsets = space.points(take.skeleton.rest_offsets)
    for node, model in enumerate(models):
        if node in take.translation:
            moves = space.points(take.translation[node])
            add_curves(document, layer, model, "Lcl Translation", keys, offsets[node], moves)
        add_curves(document, layer, model, "Lcl Rotation", keys, np.zeros(3), degrees[:, node])


def add_stack(document: Document, name: str, stop: np.int64) -> np.int64:
    """An animation from time 0 to ``stop``; returns the number of the layer that its curves hang on."""
    span = [prop(key, "KTime", stop if key.endswith("Stop") else np.int64(0))
            for key in ("LocalStart", "LocalStop", "ReferenceStart", "ReferenceStop")]  # fmt: skip
    stack = document.add("AnimationStack", name, "AnimStack", "", properties(*span), open=True)
    layer = document.add("AnimationLayer", "BaseLayer", "AnimLayer", "", open=True)
    document.join(layer, stack)
    return layer


def keys_of(frames: int, fps: float) -> tuple[Node, ...]:
    """What all curves have in common: times on every frame, straight lines between."""
    times = np.round(np.arange(frames) / fps * TICKS).astype("<i8")
    return (
        entry("KeyTime", packed(times)),
        entry("KeyAttrFlags", packed(np.array([LINEAR], dtype="<i4"))),
        entry("KeyAttrDataFloat", packed(np.zeros(4, dtype="<f4"))),
        entry("KeyAttrRefCount", packed(np.array([len(times)], dtype="<i4"))),
    )


def _curve(keys: tuple[Node, ...], values: Array) -> tuple[Node, ...]:
    times, *attributes = keys
    head = (entry("Default", float(values[0])), entry("KeyVer", 4009))
    return (*head, times, entry("KeyValueFloat", values.astype("<f4")), *attributes)


def add_curves(
    document: Document, layer: np.int64, model: np.int64, path: str, keys: tuple[Node, ...], rest: Array, values: Array
) -> None:
    """A curve for each axis of a node's property (T, 3)."""
    short = path.split()[1][0]
    at_rest = properties(*(prop(f"d|{axis}", "Number", float(rest[i])) for i, axis in enumerate("XYZ")))
    group = document.add("AnimationCurveNode", short, "AnimCurveNode", "", at_rest)
    document.join(group, layer)
    document.join(group, model, path)
    for i, axis in enumerate("XYZ"):
        curve = document.add("AnimationCurve", "", "AnimCurve", "", *_curve(keys, values[:, i]))
        document.join(curve, group, f"d|{axis}")
