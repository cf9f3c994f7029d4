"""What a mesh file claims about itself, held against its size before anything is made from it.

The readers of the formats believe headers: a count of 10 billion vertices would be allocated. Here the claims are read
with a few bytes of memory, and refused in one line when they cannot be true, are too much, or point outside the folder.
"""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from motion.core.errors import BadFile

#: Most bytes of a file (with its buffers), most faces and most vertices of a scene.
MAX_BYTES, MAX_FACES, MAX_VERTICES = 400_000_000, 3_000_000, 6_000_000

#: Most entries of one list of a glTF file.
_MAX_ENTRIES = 200_000

#: Bytes of a header that are looked at.
_HEADER = 65_536

#: Numbers per element of a glTF accessor, and bytes per number.
_NUMBERS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_BYTES = {5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4}

#: Parts of a glTF file that say how it looks or moves: not needed, not read.
_LOOKS = ("images", "textures", "materials", "samplers", "animations", "skins", "cameras")


def check_count(path: Path, kind: str, count: int, most: int) -> None:
    """Raise ``BadFile`` when there are more than ``most`` of something."""
    if not 0 <= count <= most:
        raise BadFile(path, f"{count:,} {kind} are too many; the limit is {most:,}: simplify the mesh first")


def check_size(path: Path) -> int:
    """Bytes of a regular file within the limits; raises ``BadFile``."""
    if not path.exists():
        raise BadFile(path, "no such file")
    if not path.is_file():
        raise BadFile(path, "not a file")
    size = path.stat().st_size
    if not size:
        raise BadFile(path, "the file is empty")
    if size > MAX_BYTES:
        raise BadFile(path, f"{size / 1e6:,.0f} MB are too much; the limit is {MAX_BYTES / 1e6:,.0f} MB")
    return size


def check_ply(path: Path, size: int) -> None:
    """A PLY header's counts: every element takes at least a byte of the file."""
    with path.open("rb") as file:
        header = file.read(_HEADER)
    if not header.startswith(b"ply") or b"end_header" not in header:
        raise BadFile(path, "not a PLY file: 'ply' ... 'end_header' expected at its beginning")
    for kind, digits in re.findall(rb"element\s+(\S+)\s+(\S+)", header.split(b"end_header")[0]):
        count = int(digits) if digits.isdigit() and len(digits) < 20 else -1
        name = kind.decode("ascii", "replace")
        if not 0 <= count <= size:
            shown = digits.decode("ascii", "replace")[:20]
            raise BadFile(path, f"its header claims {shown} elements {name!r}, but the file has {size:,} bytes")
        check_count(path, f"elements {name!r}", count, MAX_VERTICES if name == "vertex" else 2 * MAX_FACES)


def check_stl(path: Path, size: int) -> None:
    """A binary STL's count of triangles, 50 bytes each."""
    with path.open("rb") as file:
        header = file.read(1024)
    if header.lstrip()[:5] == b"solid" and b"facet" in header:
        return check_count(path, "faces", size // 100, MAX_FACES)  # no written triangle is shorter than that
    if size < 84:
        raise BadFile(path, "not an STL file: shorter than an STL header")
    (count,) = struct.unpack("<I", header[80:84])
    if 84 + 50 * count > size:
        raise BadFile(path, f"its header claims {count:,} triangles, but the file has room for {(size - 84) // 50:,}")
    check_count(path, "faces", count, MAX_FACES)
    return None


def check_obj(path: Path, size: int) -> None:
    """An OBJ file is text; its lines of vertices and faces are counted."""
    faces = vertices = 0
    with path.open("rb") as file:
        if b"\0" in file.read(_HEADER):
            raise BadFile(path, "not an OBJ file: it is not text")
        file.seek(0)
        for line in file:
            faces += line.startswith((b"f ", b"f\t"))
            vertices += line.startswith((b"v ", b"v\t"))
    if not vertices:
        raise BadFile(path, "not an OBJ file: no line begins with 'v'")
    check_count(path, "faces", faces, MAX_FACES)
    check_count(path, "vertices", vertices, MAX_VERTICES)


def gltf_geometry(path: Path, size: int) -> dict[str, Any]:
    """The JSON of a .gltf or .glb file without its looks, claims and addresses checked; raises ``BadFile``."""
    if path.suffix.lower() == ".glb":
        with path.open("rb") as file:
            header = file.read(20)
            if len(header) < 20 or header[:4] != b"glTF":
                raise BadFile(path, "not a GLB file: 'glTF' expected at its beginning")
            version, total, length, kind = struct.unpack("<4xIII4s", header)
            if version != 2 or kind != b"JSON" or total > size or length > size - 20:
                raise BadFile(path, f"its header claims {max(total, length):,} bytes, the file has {size:,}")
            text = file.read(length)
    else:
        text = path.read_bytes()
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise BadFile(path, "its glTF part is not JSON") from None
    if not isinstance(data, dict):
        raise BadFile(path, "its glTF part is not a JSON object")
    for name in _LOOKS:
        data.pop(name, None)
    try:
        _check_gltf(path, size, data)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, BadFile):
            raise
        raise BadFile(path, f"damaged glTF: {type(error).__name__} {str(error)[:60]}") from None
    return data


def _check_gltf(path: Path, size: int, data: dict[str, Any]) -> None:
    for name, entries in data.items():
        if isinstance(entries, list):
            check_count(path, name, len(entries), _MAX_ENTRIES)
    packed = [name for name in data.get("extensionsRequired", []) if "compression" in name]
    if packed:
        raise BadFile(path, f"it is compressed with {packed[0]}; export it without compression")
    for buffer in data.get("buffers", []):
        size += _buffer_size(path, buffer)
    if size > MAX_BYTES:
        raise BadFile(path, f"{size / 1e6:,.0f} MB with its buffers; the limit is {MAX_BYTES / 1e6:,.0f} MB")
    views = data.get("bufferViews", [])
    for accessor in data.get("accessors", []):
        count = int(accessor["count"])
        needed = count * _NUMBERS[accessor["type"]] * _BYTES[accessor["componentType"]]
        there = int(views[accessor["bufferView"]]["byteLength"]) if "bufferView" in accessor else 0
        if count < 0 or "sparse" in accessor or needed > min(there, size):
            raise BadFile(path, f"an accessor claims {needed:,} bytes, {min(there, size):,} are there")
    check_count(path, "faces", _gltf_faces(path, data), MAX_FACES)


def _buffer_size(path: Path, buffer: dict[str, Any]) -> int:
    """Bytes of a buffer beside the file; 0 inside it. Raises ``BadFile`` for one that is elsewhere."""
    uri = buffer.get("uri")
    if uri is None or str(uri).startswith("data:"):
        return 0
    uri = unquote(str(uri))
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", uri) or uri.startswith("//"):
        raise BadFile(path, f"its buffer is at {uri[:60]!r}; nothing is fetched: save it in one file (.glb)")
    folder = path.parent.resolve()
    target = (folder / uri).resolve()
    if not target.is_relative_to(folder) or "\\" in uri or "\0" in uri:
        raise BadFile(path, f"its buffer {uri[:60]!r} is outside the file's folder")
    if not target.is_file():
        raise BadFile(path, f"its buffer {uri[:60]!r} is missing beside it")
    return target.stat().st_size


def _gltf_faces(path: Path, data: dict[str, Any]) -> int:
    """Faces of all meshes as often as nodes show them; nodes must be a forest."""
    nodes, accessors = data.get("nodes", []), data.get("accessors", [])
    children = [child for node in nodes for child in node.get("children", [])]
    if len(set(children)) < len(children):
        raise BadFile(path, "damaged glTF: a node has two parents")
    reached, waiting = 0, [number for number in range(len(nodes)) if number not in set(children)]
    faces = 0
    while waiting:
        node = nodes[waiting.pop()]
        reached += 1
        waiting += node.get("children", [])
        if "mesh" in node:
            for piece in data["meshes"][node["mesh"]]["primitives"]:
                piece.pop("material", None)
                index = piece.get("indices", piece.get("attributes", {}).get("POSITION"))
                faces += 0 if index is None else int(accessors[index]["count"]) // 3
    if reached < len(nodes):
        raise BadFile(path, "damaged glTF: its nodes run in a circle")
    return faces
