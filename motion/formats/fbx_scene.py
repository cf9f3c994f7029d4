"""What an FBX document says: nodes with their place in the tree, what animates them, units and axes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.core.clip import MAX_FPS
from motion.core.errors import BadFile
from motion.core.rotation import euler_to_rotmat
from motion.formats.euler import ORDERS
from motion.formats.fbx_binary import FbxFile, FbxNode
from motion.formats.fbx_objects import CUSTOM_RATE, TICKS, TIME_MODES

Array = NDArray[np.floating]

#: Limits on what a file may claim.
MAX_MODELS, MAX_DEPTH = 20_000, 300
#: The kinds of nodes that are bones.
BONES = ("LimbNode", "Limb", "Root")


@dataclass(frozen=True)
class Object:
    """An object of the document, with its properties by name; each is a tuple of numbers or texts."""

    node: FbxNode
    number: int
    name: str
    kind: str

    @cached_property
    def properties(self) -> dict[str, list[Any]]:
        return properties_of(self.node)

    def vector(self, name: str, default: float = 0.0) -> Array:
        """(3,) a property of three numbers. Raises ``BadFile`` when one is NaN."""
        given = self.properties.get(name, [])[:3]
        if len(given) != 3 or not all(isinstance(value, int | float) for value in given):
            return np.full(3, default)
        if not np.all(np.isfinite(given)):
            raise self.node.file.damaged(f"{name} of {self.name!r} is NaN or infinite")
        return np.array(given, dtype=np.float64)

    def number_of(self, name: str, default: float = 0.0) -> float:
        """A property of one number."""
        given = self.properties.get(name, [])
        return given[0] if given and isinstance(given[0], int | float) else default


def properties_of(node: FbxNode | None) -> dict[str, list[Any]]:
    """The lines of a node's ``Properties70`` table: name -> values."""
    table = node.first("Properties70") if node is not None else None
    lines = [line.values for line in table.all("P")] if table is not None else []
    return {str(line[0]): line[4:] for line in lines if len(line) >= 4}


@dataclass
class FbxScene:
    """The objects of a document and how they are joined.

    Attributes:
        file: the parsed container.
        objects: by number.
        inside: number -> (number, property) of what is joined to it, in the file's order.
        onto: number -> (number, property) of what it is joined to.
    """

    file: FbxFile
    objects: dict[int, Object] = field(default_factory=dict)
    inside: dict[int, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    onto: dict[int, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, file: FbxFile) -> FbxScene:
        scene = cls(file)
        objects, connections = file.first("Objects"), file.first("Connections")
        if objects is None or connections is None:
            raise BadFile(file.path, "holds no objects")
        for node in objects.children:
            values = node.values
            if len(values) >= 2 and isinstance(values[0], int):  # what is not numbered, nothing can refer to
                name = str(values[1]).split("\x00\x01")[0]
                scene.objects[values[0]] = Object(node, values[0], name, str(values[-1]))
        for line in connections.all("C"):
            child, parent, where = [*line.values[1:4], "", ""][:3]
            if child in scene.objects and isinstance(parent, int):
                scene.inside[parent].append((child, str(where)))
                scene.onto[child].append((parent, str(where)))
        return scene

    def within(self, number: int, node_name: str) -> list[Object]:
        """What is joined to an object, of the nodes of that name."""
        members = [self.objects[child] for child, _ in self.inside[number]]
        return [member for member in members if member.node.name == node_name]

    def named(self, node_name: str) -> list[Object]:
        """All objects of the nodes of that name, in the file's order."""
        return [one for one in self.objects.values() if one.node.name == node_name]

    @cached_property
    def models(self) -> list[Object]:
        """The nodes of the scene, in the file's order."""
        models = self.named("Model")
        if len(models) > MAX_MODELS:
            raise BadFile(self.file.path, f"has {len(models)} nodes; at most {MAX_MODELS} are accepted")
        return models

    @cached_property
    def parents(self) -> list[int]:
        """For each of the models the index of its parent, -1 for those at the top. Raises ``BadFile`` for cycles."""
        place = {model.number: i for i, model in enumerate(self.models)}
        above = [
            next((place[p] for p, where in self.onto[m.number] if p in place and not where), -1) for m in self.models
        ]
        below: dict[int, list[int]] = defaultdict(list)
        for i, parent in enumerate(above):
            below[parent].append(i)
        level, seen, depth = below[-1], 0, 0
        while level:
            seen, depth = seen + len(level), depth + 1
            level = [child for i in level for child in below[i]]
        if seen != len(above) or depth > MAX_DEPTH:
            raise BadFile(self.file.path, f"its nodes are no tree, or one of more than {MAX_DEPTH} levels")
        return above

    @cached_property
    def settings(self) -> dict[str, list[Any]]:
        return properties_of(self.file.first("GlobalSettings"))

    def setting(self, name: str, default: float) -> float:
        value = (self.settings.get(name) or [default])[0]
        return value if isinstance(value, int | float) else default

    @property
    def unit(self) -> float:
        """Metres per unit of length. Raises ``BadFile``."""
        factor = self.setting("UnitScaleFactor", 1.0)
        if not 1e-4 <= factor <= 1e6:
            raise BadFile(self.file.path, f"its unit of length is {factor:g} cm; right would be 1, or 100 for metres")
        return factor / 100

    @property
    def axes(self) -> Array:
        """(3, 3), from the file's axes to ours. Raises ``BadFile``."""
        turn = np.zeros((3, 3))
        for row, (name, default) in enumerate((("Coord", 0), ("Up", 1), ("Front", 2))):
            axis, sign = int(self.setting(f"{name}Axis", default)), self.setting(f"{name}AxisSign", 1)
            if axis in (0, 1, 2):
                turn[row, axis] = 1.0 if sign >= 0 else -1.0
        if abs(abs(np.linalg.det(turn)) - 1) > 1e-9:
            raise BadFile(self.file.path, "its up, front and side axes are not three different ones")
        return turn

    @property
    def rate(self) -> float | None:
        """Frames per second as the file tells them, or None when it leaves them open. Raises ``BadFile``."""
        own = next((one.properties["stride_fps"] for one in self.models if "stride_fps" in one.properties), None)
        mode = int(self.setting("TimeMode", 0))
        if own:
            fps = own[0]
        elif mode == CUSTOM_RATE:
            fps = self.setting("CustomFrameRate", 0.0)
        else:
            return next((known for known, number in TIME_MODES.items() if number == mode), None)
        if not isinstance(fps, int | float) or not 0 < fps <= MAX_FPS:
            raise BadFile(
                self.file.path, f"claims {fps} frames per second; right would be above 0 and at most {MAX_FPS:g}"
            )
        return float(fps)


def time_property(one: Object, name: str) -> float:
    """A time of an object in seconds, 0 when there is none."""
    return float(one.number_of(name)) / TICKS


def order_of(model: Object) -> str:
    """The order, intrinsic, in which a node turns about its axes."""
    number = int(model.number_of("RotationOrder")) if model.number_of("RotationActive") else 0
    return ORDERS[number] if 0 <= number < len(ORDERS) else ORDERS[0]


def local_matrices(model: Object, translation: Array, degrees: Array, scaling: Array) -> Array:
    """(T, 4, 4) transforms of a node in its parent's frame, from (T | 1, 3) each.

    Autodesk's formula: T Roff Rp Rpre R Rpost^-1 Rp^-1 Soff Sp S Sp^-1.
    """
    active, order = bool(model.number_of("RotationActive")), order_of(model)
    pivot, scale_pivot = model.vector("RotationPivot"), model.vector("ScalingPivot")
    before, after = (turned(model.vector(f"{when}Rotation") * active) for when in ("Pre", "Post"))
    frames = max(len(translation), len(degrees), len(scaling))
    local = np.tile(np.eye(4), (frames, 1, 1))
    local[:, :3, :3] = before @ euler_to_rotmat(np.radians(degrees[:, ["XYZ".index(axis) for axis in order]]), order)
    local[:, :3, 3] = translation + model.vector("RotationOffset") + pivot
    back = np.eye(4)
    back[:3, :3] = after.T
    back[:3, 3] = after.T @ (model.vector("ScalingOffset") + scale_pivot - pivot)
    last = np.tile(np.eye(4), (len(scaling), 1, 1))
    last[:, :3, :3] *= scaling[:, None, :]
    last[:, :3, 3] = -scaling * scale_pivot
    return local @ back @ last


def turned(degrees: Array) -> Array:
    """(3, 3) of angles about X, then Y, then Z."""
    return euler_to_rotmat(np.radians(degrees[::-1]), "ZYX")
