"""The container of glTF 2.0 in one file (.glb): typed arrays in a binary chunk, described in JSON.

Specification: https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html, sections 3.6 (buffers) and 4.4 (chunks).
"""

from __future__ import annotations

import json
import os
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.core.errors import BadFile
from motion.formats.contents import content_of

#: Largest .glb read, in bytes.
MAX_FILE_BYTES = 1 << 29
_MAGIC, _VERSION, _JSON_CHUNK, _BIN_CHUNK = 0x46546C67, 2, 0x4E4F534A, 0x004E4942
_DTYPES = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_COMPONENTS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_TYPE_OF_WIDTH = {1: "SCALAR", 3: "VEC3", 4: "VEC4", 16: "MAT4"}

#: bufferView targets.
VERTICES, INDICES = 34962, 34963


@dataclass
class GltfBuilder:
    """Collects arrays into one buffer and the JSON that describes them."""

    document: dict[str, Any]
    _blob: bytearray = field(default_factory=bytearray)

    def add(self, array: NDArray[Any], *, target: int | None = None, bounds: bool = False) -> int:
        """Append an array (N,) or (N, 3 | 4 | 16) and return the index of its accessor.

        Floats are stored as float32; ``bounds`` writes min and max, which positions and key times must have.
        """
        array = np.ascontiguousarray(array, dtype="<f4" if array.dtype.kind == "f" else array.dtype)
        component = next(code for code, dtype in _DTYPES.items() if np.dtype(dtype) == array.dtype)
        self._blob += bytes(-len(self._blob) % 4)
        view: dict[str, Any] = {"buffer": 0, "byteOffset": len(self._blob), "byteLength": array.nbytes}
        if target is not None:
            view["target"] = target
        self._blob += array.tobytes() + bytes(-array.nbytes % 4)
        table = array.reshape(len(array), -1)
        accessor: dict[str, Any] = {
            "bufferView": self._append("bufferViews", view),
            "componentType": component,
            "count": len(table),
            "type": _TYPE_OF_WIDTH[table.shape[1]],
        }
        if bounds:
            accessor["min"], accessor["max"] = table.min(axis=0).tolist(), table.max(axis=0).tolist()
        return self._append("accessors", accessor)

    @property
    def blob(self) -> bytearray:
        """The bytes collected so far."""
        return self._blob

    def replace_blob(self, blob: bytearray) -> None:
        """Begin again with other bytes, which the document's views must fit."""
        self._blob = blob

    def _append(self, name: str, entry: dict[str, Any]) -> int:
        entries = self.document.setdefault(name, [])
        entries.append(entry)
        return len(entries) - 1

    def to_bytes(self) -> bytes:
        """The whole .glb."""
        self.document["buffers"] = [{"byteLength": len(self._blob)}]
        text = json.dumps(self.document, separators=(",", ":"), allow_nan=False).encode()
        text += b" " * (-len(text) % 4)
        chunks = struct.pack("<II", len(text), _JSON_CHUNK) + text
        chunks += struct.pack("<II", len(self._blob), _BIN_CHUNK) + self._blob
        return struct.pack("<III", _MAGIC, _VERSION, 12 + len(chunks)) + chunks


@dataclass(frozen=True)
class GltfFile:
    """A parsed .glb.

    Attributes:
        path: where it came from, for messages.
        document: the JSON chunk.
        blob: the binary chunk.
    """

    path: Path
    document: dict[str, Any]
    blob: bytes

    def array(self, index: int) -> NDArray[Any]:
        """(count, components) values of an accessor; normalised integers become floats. Raises ``BadFile``."""
        accessor = self.document["accessors"][index]
        if "sparse" in accessor or "bufferView" not in accessor:
            raise BadFile(self.path, "uses sparse accessors, which are not supported; export it without them")
        view = self.document["bufferViews"][accessor["bufferView"]]
        if view.get("buffer", 0) != 0 or self.document["buffers"][0].get("uri"):
            raise BadFile(self.path, "keeps its arrays in other files; save it as one .glb")
        dtype = np.dtype(_DTYPES[accessor["componentType"]])
        width, count = _COMPONENTS[accessor["type"]], int(accessor["count"])
        stride = int(view.get("byteStride", dtype.itemsize * width))
        start = int(view.get("byteOffset", 0)) + int(accessor.get("byteOffset", 0))
        if count < 1 or stride < dtype.itemsize * width or start < 0:
            raise BadFile(self.path, f"accessor {index} is malformed")
        if start + stride * (count - 1) + dtype.itemsize * width > len(self.blob):
            raise BadFile(self.path, f"accessor {index} reaches past the end of the file; it is cut short")
        values = np.ndarray((count, width), dtype, self.blob, start, (stride, dtype.itemsize))
        if accessor.get("normalized") and dtype.kind in "iu":
            return np.maximum(values.astype(np.float64) / np.iinfo(dtype).max, -1.0)
        if dtype.kind == "f" and not np.all(np.isfinite(values)):
            raise BadFile(self.path, f"accessor {index} contains NaN or infinite numbers")
        return values.copy()


def read_gltf(path: str | os.PathLike[str]) -> GltfFile:
    """Parse the container of a .glb; raises ``BadFile`` for anything that is not a whole glTF 2.0 binary file."""
    path = Path(path)
    content = content_of(path, MAX_FILE_BYTES)
    if len(content) < 20 or struct.unpack_from("<II", content) != (_MAGIC, _VERSION):
        raise BadFile(path, "is not a glTF 2.0 binary file")
    if struct.unpack_from("<I", content, 8)[0] > len(content):
        raise BadFile(path, "is cut short: the file is smaller than its header says")
    chunks = _chunks(path, content)
    try:
        document = json.loads(chunks.get(_JSON_CHUNK, b""))
    except (ValueError, RecursionError) as error:
        raise BadFile(path, f"its JSON is damaged ({error})") from error
    if not isinstance(document, dict):
        raise BadFile(path, "its JSON is not an object")
    return GltfFile(path, document, chunks.get(_BIN_CHUNK, b""))


def _chunks(path: Path, content: bytes) -> dict[int, bytes]:
    chunks: dict[int, bytes] = {}
    position = 12
    while position + 8 <= len(content):
        length, kind = struct.unpack_from("<II", content, position)
        position += 8
        if position + length > len(content):
            raise BadFile(path, "is cut short in the middle of a chunk")
        chunks.setdefault(kind, content[position : position + length])
        position += length
    return chunks
