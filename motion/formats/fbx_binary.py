"""The container of binary FBX: a tree of named nodes with typed properties; 7100 to 7700 are read, 7400 written.

The layout is not published by its owner; it is described in
https://code.blender.org/2013/08/fbx-binary-file-format-specification/. Offsets are absolute, of 32 bits before version
7500 and of 64 bits since. Arrays may be deflated.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.core.errors import BadFile
from motion.formats.contents import content_of

#: What is refused: larger files, more nodes than any character needs, more bytes of unpacked arrays.
MAX_FILE_BYTES = 1 << 29
MAX_NODES = 150_000
MAX_VALUES = 1000  # of one node
MAX_ARRAY_BYTES = 1 << 28

VERSION = 7400
_MAGIC = b"Kaydara FBX Binary  \x00\x1a\x00"
_DTYPES = {"f": "<f4", "d": "<f8", "i": "<i4", "l": "<i8", "b": "<i1", "c": "<u1"}
_SCALARS = {"Y": "<h", "C": "<?", "I": "<i", "F": "<f", "D": "<d", "L": "<q"}
_LARGEST_RATIO = 1032  # deflate cannot pack closer: a larger claim is a lie
_WORTH_DEFLATING = 128  # bytes

#: The end of every file, by which some readers recognise it.
_FOOT_ID = bytes.fromhex("fabcab09d0c8d466b176fb831cf7267e")
_FOOT_MAGIC = bytes.fromhex("f85a8c6adef5d97eece90ce3758f290b")


@dataclass(frozen=True)
class Node:
    """A node to be written.

    Attributes:
        name: of the node.
        values: bool, int (32 bits; ``np.int64`` for 64), float, str, bytes or an array each; or ``packed`` values.
        children: nodes inside.
        open: write the mark of nested nodes even when there are none, as some readers expect of some nodes.
    """

    name: str
    values: tuple[Any, ...] = ()
    children: tuple[Node, ...] = ()
    open: bool = False


@dataclass(frozen=True)
class Packed:
    """Properties in their final bytes: one that is written many times, or all of a node that is copied."""

    content: bytes
    count: int = 1


def packed(value: Any) -> Packed:
    """A property as it stands in the file."""
    return value if isinstance(value, Packed) else Packed(_property_bytes(value))


def to_bytes(nodes: list[Node]) -> bytes:
    """A whole file."""
    parts = [_MAGIC + struct.pack("<I", VERSION)]
    place = len(parts[0])
    for node in nodes:
        parts.append(_node_bytes(node, place))
        place += len(parts[-1])
    end = bytes(13) + _FOOT_ID + bytes(4)
    pad = 16 - (place + len(end)) % 16
    return b"".join(parts) + end + bytes(pad) + struct.pack("<I", VERSION) + bytes(120) + _FOOT_MAGIC


def _node_bytes(node: Node, start: int) -> bytes:
    name = node.name.encode("ascii")
    written = [packed(value) for value in node.values]
    values, count = b"".join(one.content for one in written), sum(one.count for one in written)
    head = 13 + len(name)
    children, place = [], start + head + len(values)
    for child in node.children:
        children.append(_node_bytes(child, place))
        place += len(children[-1])
    if node.children or node.open:
        children.append(bytes(13))
        place += 13
    return struct.pack("<IIIB", place, count, len(values), len(name)) + name + values + b"".join(children)


def _property_bytes(value: Any) -> bytes:
    if isinstance(value, np.ndarray):
        return _array_bytes(value)
    if isinstance(value, np.int64):
        return b"L" + struct.pack("<q", value)
    if isinstance(value, bool):
        return b"C" + struct.pack("<?", value)
    if isinstance(value, int):
        return b"I" + struct.pack("<i", value)
    if isinstance(value, float):
        return b"D" + struct.pack("<d", value)
    text = value.encode("utf-8") if isinstance(value, str) else value
    return (b"S" if isinstance(value, str) else b"R") + struct.pack("<I", len(text)) + text


def _array_bytes(array: NDArray[Any]) -> bytes:
    code = next(code for code, dtype in _DTYPES.items() if np.dtype(dtype) == array.dtype)
    content = array.tobytes()
    deflated = len(content) > _WORTH_DEFLATING
    content = zlib.compress(content, 6) if deflated else content
    return code.encode() + struct.pack("<III", array.size, int(deflated), len(content)) + content


@dataclass(frozen=True)
class FbxNode:
    """A node of a file; what is inside is only looked at when it is asked for.

    Attributes:
        file: the file.
        name: of the node.
        values_at, count, children_at, end: where its properties begin, how many there are, where the nodes inside
            begin, and where it ends.
    """

    file: FbxFile
    name: str
    values_at: int
    count: int
    children_at: int
    end: int

    @cached_property
    def values(self) -> list[Any]:
        """The properties: bool, int, float, str, bytes and arrays (N,)."""
        return list(self.file.read_values(self.values_at, self.count, self.children_at))

    @cached_property
    def children(self) -> list[FbxNode]:
        return self.file.read_nodes(self.children_at, self.end)

    def all(self, name: str) -> list[FbxNode]:
        """The nodes inside of that name."""
        return [child for child in self.children if child.name == name]

    def first(self, name: str) -> FbxNode | None:
        """The first node inside of that name, or None."""
        return next((child for child in self.children if child.name == name), None)

    def value(self, name: str, default: Any = None) -> Any:
        """The first property of the first node inside of that name."""
        found = self.first(name)
        return found.values[0] if found is not None and found.values else default


@dataclass
class FbxFile:
    """A binary file in memory.

    Attributes:
        path: where it came from, for messages.
        content: all of it.
        version: 7400 and so on.
    """

    path: Path
    content: bytes
    version: int
    _nodes: int = 0
    _bytes: int = 0
    _top: list[FbxNode] = field(default_factory=list)

    @property
    def top(self) -> list[FbxNode]:
        """The outermost nodes."""
        if not self._top:
            self._top = self.read_nodes(27, len(self.content), outermost=True)
        return self._top

    def first(self, name: str) -> FbxNode | None:
        """The first outermost node of that name, or None."""
        return next((node for node in self.top if node.name == name), None)

    def damaged(self, what: str) -> BadFile:
        return BadFile(self.path, f"is damaged or cut short: {what}")

    def read_nodes(self, start: int, end: int, outermost: bool = False) -> list[FbxNode]:
        """The nodes that stand side by side from one place to another. Raises ``BadFile``."""
        head = struct.Struct("<QQQB" if self.version >= 7500 else "<IIIB")
        nodes: list[FbxNode] = []
        while start + head.size <= end:
            stop, count, length, name_length = head.unpack_from(self.content, start)
            if stop == 0:
                return nodes
            name_at = start + head.size
            values_at = name_at + name_length
            if not values_at + length <= stop <= end or count > min(length, MAX_VALUES):
                raise self.damaged("a node reaches past the one around it")
            self._nodes += 1
            if self._nodes > MAX_NODES:
                raise BadFile(self.path, f"has more than {MAX_NODES} nodes; export the animated skeleton alone")
            name = self.content[name_at:values_at].decode("ascii", "replace")
            nodes.append(FbxNode(self, name, values_at, count, values_at + length, stop))
            start = stop
        if outermost:  # a whole file ends with an empty node and a footer
            raise self.damaged("its end is missing")
        return nodes

    def read_values(self, start: int, count: int, end: int) -> Iterator[Any]:
        """``count`` properties. Raises ``BadFile``."""
        for _ in range(count):
            try:
                value, start = self._value(chr(self.content[start]), start + 1, end)
            except (struct.error, IndexError, zlib.error) as error:
                raise self.damaged(f"a property cannot be read ({error})") from error
            if start > end:
                raise self.damaged("a property reaches past its node")
            yield value

    def _value(self, code: str, place: int, end: int) -> tuple[Any, int]:
        if code in _SCALARS:
            (value,) = struct.unpack_from(_SCALARS[code], self.content, place)
            return value, place + struct.calcsize(_SCALARS[code])
        if code in "SR":
            (length,) = struct.unpack_from("<I", self.content, place)
            content = self.content[place + 4 : min(place + 4 + length, end)]
            return content.decode("utf-8", "replace") if code == "S" else content, place + 4 + length
        if code not in _DTYPES:
            raise self.damaged(f"a property is of the unknown type {code!r}")
        size, deflated, length = struct.unpack_from("<III", self.content, place)
        return self._array(np.dtype(_DTYPES[code]), size, deflated, place + 12, length, end), place + 12 + length

    def _array(self, dtype: np.dtype[Any], size: int, deflated: int, place: int, length: int, end: int) -> NDArray[Any]:
        wanted = size * dtype.itemsize
        self._bytes += wanted
        if self._bytes > MAX_ARRAY_BYTES or wanted > max(length, 1) * _LARGEST_RATIO or place + length > end:
            raise self.damaged(f"an array claims {size} numbers")
        content = self.content[place : place + length]
        if deflated:
            unpacker = zlib.decompressobj()
            content = unpacker.decompress(content, wanted + 1)
        if len(content) != wanted:
            raise self.damaged(f"an array does not hold the {size} numbers it claims")
        return np.frombuffer(content, dtype)


def read_fbx_file(path: str | os.PathLike[str]) -> FbxFile:
    """Open a binary FBX file; raises ``BadFile`` for anything else."""
    path = Path(path)
    content = content_of(path, MAX_FILE_BYTES)
    if content[:1] == b";" or b"FBXHeaderExtension:" in content[:2000]:
        raise BadFile(path, "is FBX written as text, which is not read; save it as binary FBX, 2014 or newer")
    if not content.startswith(_MAGIC[:20]) or len(content) < 40:
        raise BadFile(path, "is not a binary FBX file")
    (version,) = struct.unpack_from("<I", content, 23)
    if not 7100 <= version < 8000:
        raise BadFile(path, f"is FBX of version {version}; 7100 to 7700 are read: save it as FBX 2014 or newer")
    return FbxFile(path, content, version)
