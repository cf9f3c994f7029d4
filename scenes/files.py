"""Mesh files in: OBJ, GLB, glTF, PLY and STL as one ``Mesh`` in the file's own axes and unit."""

from __future__ import annotations

import io
import json
import logging
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from motion.core.errors import BadFile, BadInput, MotionError
from scenes.claims import (
    MAX_FACES,
    MAX_VERTICES,
    check_count,
    check_obj,
    check_ply,
    check_size,
    check_stl,
    gltf_geometry,
)
from scenes.mesh import Mesh, cleaned, mesh_of


def read_mesh(path: str | Path) -> tuple[Mesh, int]:
    """The mesh of a file, cleaned, and how many faces without area it had.

    Raises:
        BadFile: not a mesh, damaged, empty, over the limits, or in need of files from elsewhere.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in READERS:
        raise BadFile(path, f"scenes are read from {' '.join(READERS)}, not from {suffix or 'a file without suffix'!r}")
    size = check_size(path)
    try:
        mesh = _whole(READERS[suffix](path, size))
        check_count(path, "faces", len(mesh.faces), MAX_FACES)
        check_count(path, "vertices", len(mesh.vertices), MAX_VERTICES)
        return cleaned(mesh)
    except BadInput as error:
        raise BadFile(path, str(error)) from None
    except (MotionError, KeyboardInterrupt):
        raise
    except Exception as error:  # whatever a damaged file makes of the reader, it is the file's fault
        kind, why = type(error).__name__, str(error).splitlines()
        raise BadFile(path, f"cannot be read as {suffix} ({kind}: {why[0][:80] if why else ''})") from None


def _whole(scene: Any) -> Mesh:
    """All triangles of a trimesh scene, in place, each piece under its own name."""
    pieces = []
    for node in scene.graph.nodes_geometry:
        matrix, name = scene.graph[node]
        piece = scene.geometry[name]
        faces = np.asarray(getattr(piece, "faces", np.zeros((0, 3))), dtype=np.int64)
        if not len(faces):
            continue
        vertices = np.asarray(piece.vertices, dtype=np.float64) @ matrix[:3, :3].T + matrix[:3, 3]
        pieces.append((str(name)[:80], vertices, faces))
    if not pieces:
        raise BadInput("no faces in it; a scene needs triangles, a point cloud is not enough")
    return mesh_of(pieces)


def _load(file: Any, kind: str, **options: Any) -> Any:
    import trimesh  # slow to import, and only needed when a scene is not in the cache

    logging.getLogger("trimesh").setLevel(logging.ERROR)  # it reports textures that we do not want
    return trimesh.load_scene(file, file_type=kind, process=False, allow_remote=False, **options)


def _read_obj(path: Path, size: int) -> Any:
    check_obj(path, size)
    with path.open("rb") as file:
        return _load(file, "obj", skip_materials=True, split_objects=True)


def _read_ply(path: Path, size: int) -> Any:
    check_ply(path, size)
    with path.open("rb") as file:
        return _load(file, "ply")


def _read_stl(path: Path, size: int) -> Any:
    check_stl(path, size)
    with path.open("rb") as file:
        return _load(file, "stl")


def _read_glb(path: Path, size: int) -> Any:
    """The file with its JSON exchanged for the part we need: no textures, no materials."""
    data = json.dumps(gltf_geometry(path, size)).encode()
    data += b" " * (-len(data) % 4)
    raw = path.read_bytes()
    rest = raw[20 + struct.unpack("<I", raw[12:16])[0] :]
    head = struct.pack("<4sIII4s", b"glTF", 2, 20 + len(data) + len(rest), len(data), b"JSON")
    return _load(io.BytesIO(head + data + rest), "glb")


def _read_gltf(path: Path, size: int) -> Any:
    from trimesh.resolvers import FilePathResolver

    data = json.dumps(gltf_geometry(path, size)).encode()
    return _load(io.BytesIO(data), "gltf", resolver=FilePathResolver(str(path.resolve())))


#: How each kind of file is read: (path, bytes) -> a trimesh scene.
READERS: dict[str, Callable[[Path, int], Any]] = {
    ".obj": _read_obj, ".glb": _read_glb, ".gltf": _read_gltf, ".ply": _read_ply, ".stl": _read_stl,
}  # fmt: skip
