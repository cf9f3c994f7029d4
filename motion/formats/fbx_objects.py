"""Building an FBX document: objects with properties, joined by connections."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from motion.formats.fbx_binary import Node

#: Ticks of FBX's clock in a second: a whole number of them in a frame of every usual rate.
TICKS = 46_186_158_000

#: FBX's names for frame rates (FbxTime::EMode); any other rate is ``CUSTOM_RATE`` with the number beside it.
TIME_MODES = {
    24.0: 11, 25.0: 10, 30.0: 6, 48.0: 5, 50.0: 4, 60.0: 3, 72.0: 16, 96.0: 15, 100.0: 2, 120.0: 1, 1000.0: 12,
    24000 / 1001: 13, 30000 / 1001: 9, 60000 / 1001: 17, 120000 / 1001: 18,
}  # fmt: skip
CUSTOM_RATE = 14

#: Label and flags that go with the type of a property.
_LABELS = {
    "int": "Integer", "double": "Number", "enum": "", "bool": "", "KTime": "Time", "KString": "", "object": "",
    "Lcl Translation": "", "Lcl Rotation": "", "Lcl Scaling": "", "Number": "",
}  # fmt: skip
_ANIMATED = {"Lcl Translation": "A", "Lcl Rotation": "A", "Lcl Scaling": "A", "Number": "A"}


def ticks(seconds: float) -> np.int64:
    """A time on FBX's clock."""
    return np.int64(round(seconds * TICKS))


def prop(name: str, kind: str, *values: Any, flags: str = "") -> Node:
    """One line of a ``Properties70`` table."""
    return Node("P", (name, kind, _LABELS[kind], flags or _ANIMATED.get(kind, ""), *values))


def properties(*lines: Node) -> Node:
    return Node("Properties70", (), lines)


def entry(name: str, *values: Any, **options: Any) -> Node:
    """A node without nodes inside."""
    return Node(name, values, **options)


@dataclass
class Document:
    """Collects objects, numbers them in order from ``first``, and joins them."""

    first: int = 1_000_000
    objects: list[Node] = field(default_factory=list)
    connections: list[Node] = field(default_factory=list)

    def add(self, kind: str, name: str, label: str, subtype: str, *children: Node, open: bool = False) -> np.int64:
        """Append an object; ``label`` is its class in names, as in ``name::Model``. Returns its number."""
        number = np.int64(self.first + len(self.objects))
        self.objects.append(Node(kind, (number, f"{name}\x00\x01{label}", subtype), children, open))
        return number

    def join(self, child: np.int64, parent: np.int64 | int, prop: str | None = None) -> None:
        """Put an object into another one, or onto a property of it; parent 0 is the scene."""
        ends = ("OO" if prop is None else "OP", child, np.int64(parent))
        self.connections.append(Node("C", ends if prop is None else (*ends, prop)))

    def nodes(self) -> list[Node]:
        """Definitions, Objects and Connections, as they follow each other in a file."""
        counts = Counter(["GlobalSettings", *(node.name for node in self.objects)])
        types = [Node("ObjectType", (kind,), (entry("Count", number),)) for kind, number in counts.items()]
        definitions = (entry("Version", 100), entry("Count", counts.total()), *types)
        return [
            Node("Definitions", (), definitions),
            Node("Objects", (), tuple(self.objects)),
            Node("Connections", (), tuple(self.connections)),
        ]
