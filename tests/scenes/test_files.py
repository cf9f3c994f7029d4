"""Mesh files: every format, what is repaired, and what is refused in one line."""

from __future__ import annotations

import base64
import json
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import trimesh

from motion.core import BadFile
from scene_meshes import room, write_obj
from scenes.files import READERS, read_mesh

TRIANGLE = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], dtype="<f4").tobytes()


@pytest.mark.parametrize("suffix", sorted(READERS))
def test_every_format_gives_the_same_triangles(tmp_path: Path, suffix: str) -> None:
    expected = room()
    path = tmp_path / f"room{suffix}"
    if suffix == ".obj":
        write_obj(path, expected)
    else:
        whole = trimesh.Trimesh(expected.vertices, expected.faces, process=False)
        if suffix == ".gltf":
            for name, data in trimesh.exchange.gltf.export_gltf(whole.scene()).items():
                (tmp_path / name.replace("model.gltf", path.name)).write_bytes(data)
        else:
            whole.export(path)
    mesh, removed = read_mesh(path)
    assert removed == 0
    found = np.sort(mesh.triangles.reshape(-1, 9), axis=1)
    wanted = np.sort(expected.triangles.reshape(-1, 9), axis=1)
    np.testing.assert_allclose(found[np.lexsort(found.T)], wanted[np.lexsort(wanted.T)], atol=1e-6)


def test_named_objects_are_kept(tmp_path: Path) -> None:
    mesh, _ = read_mesh(write_obj(tmp_path / "room.obj", room()))
    names = {part.name for part in mesh.parts}
    assert {"floor", "sofa", "table"} <= names
    sofa = next(part for part in mesh.parts if part.name == "sofa")
    corners = mesh.triangles[sofa.start : sofa.stop].reshape(-1, 3)
    np.testing.assert_allclose(np.ptp(corners, axis=0), [0.9, 0.8, 2.0])


def test_faces_without_area_are_left_out(tmp_path: Path) -> None:
    text = "v 0 0 0\nv 1 0 0\nv 0 0 1\nv 2 0 0\nv 1 0 0\nf 1 2 3\nf 1 2 4\nf 2 5 1\n"
    (tmp_path / "m.obj").write_text(text)
    mesh, removed = read_mesh(tmp_path / "m.obj")
    assert (len(mesh.faces), removed) == (1, 2)
    assert len(np.unique(mesh.faces)) == len(mesh.vertices) - 1  # the far vertex is in nothing that is left


def gltf(**changes: object) -> bytes:
    uri = "data:application/octet-stream;base64," + base64.b64encode(TRIANGLE).decode()
    data: dict[str, object] = {
        "asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": [0]}], "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
        "accessors": [{"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3"}],
        "bufferViews": [{"buffer": 0, "byteLength": 36}], "buffers": [{"byteLength": 36, "uri": uri}],
    }  # fmt: skip
    return json.dumps(data | changes).encode()


def accessor(count: int) -> list[dict[str, object]]:
    return [{"bufferView": 0, "componentType": 5126, "count": count, "type": "VEC3"}]


PLY = "ply\nformat {}\nelement vertex {}\nproperty float x\nproperty float y\nproperty float z\n{}end_header\n"

BAD: dict[str, tuple[str, bytes, str]] = {
    "text": ("a.obj", b"hello\n", "no line begins with 'v'"),
    "binary obj": ("a.obj", b"v 0 0 0\0\0", "not text"),
    "empty": ("a.obj", b"", "empty"),
    "other suffix": ("a.fbx", b"Kaydara", "read from"),
    "no faces": ("a.obj", b"v 0 0 0\nv 1 0 0\nv 0 1 0\n", "no faces"),
    "flat faces": ("a.obj", b"v 0 0 0\nv 1 0 0\nv 2 0 0\nf 1 2 3\n", "without area"),
    "nan": ("a.obj", b"v nan 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "NaN"),
    "huge": ("a.obj", b"v 1e300 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "large"),
    "missing vertex": ("a.obj", b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 9\n", ""),
    "ply claim": ("a.ply", PLY.format("binary_little_endian 1.0", 10**10, "").encode(), "claims"),
    "ply negative": ("a.ply", PLY.format("ascii 1.0", -4, "").encode(), "claims"),
    "ply points": ("a.ply", (PLY.format("ascii 1.0", 1, "") + "0 0 0\n").encode(), ""),
    "ply list": (
        "a.ply",
        PLY.format("binary_little_endian 1.0", 0, "element face 1\nproperty list int int vertex_indices\n").encode()
        + struct.pack("<i", 2**31 - 1),
        "",
    ),
    "not ply": ("a.ply", b"plx\n", "not a PLY"),
    "stl claim": ("a.stl", b"\0" * 80 + struct.pack("<I", 2**32 - 1) + b"\0" * 50, "claims"),
    "stl short": ("a.stl", b"\0" * 20, "not an STL"),
    "glb claim": ("a.glb", struct.pack("<4sIII4s", b"glTF", 2, 10**9, 10**9, b"JSON"), "claims"),
    "not glb": ("a.glb", b"nope" * 10, "not a GLB"),
    "gltf not json": ("a.gltf", b"{", "not JSON"),
    "gltf deep": ("a.gltf", b"[" * 100_000, "not JSON"),
    "gltf list": ("a.gltf", b"[]", "not a JSON object"),
    "gltf claim": ("a.gltf", gltf(accessors=accessor(10**9)), "claims"),
    "gltf no view": ("a.gltf", gltf(accessors=[{"componentType": 5126, "count": 10**9, "type": "VEC3"}]), "claims"),
    "gltf outside": ("a.gltf", gltf(buffers=[{"byteLength": 36, "uri": "../secret.bin"}]), "outside"),
    "gltf escaped": ("a.gltf", gltf(buffers=[{"byteLength": 36, "uri": "%2e%2e/secret.bin"}]), "outside"),
    "gltf absolute": ("a.gltf", gltf(buffers=[{"byteLength": 36, "uri": "/etc/passwd"}]), "outside"),
    "gltf http": ("a.gltf", gltf(buffers=[{"byteLength": 36, "uri": "http://a.org/a.bin"}]), "nothing is fetched"),
    "gltf file": ("a.gltf", gltf(buffers=[{"byteLength": 36, "uri": "file:///etc/passwd"}]), "nothing is fetched"),
    "gltf missing": ("a.gltf", gltf(buffers=[{"byteLength": 36, "uri": "b.bin"}]), "missing"),
    "gltf circle": ("a.gltf", gltf(nodes=[{"children": [1]}, {"children": [0]}]), "circle"),
    "gltf two parents": ("a.gltf", gltf(nodes=[{"children": [2]}, {"children": [2]}, {"mesh": 0}]), "two parents"),
    "gltf odd types": ("a.gltf", gltf(nodes="x", accessors=3), ""),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(BAD))
def test_bad_files_are_refused_in_one_line_with_little_memory(tmp_path: Path, case: str) -> None:
    name, data, why = BAD[case]
    path = tmp_path / "folder" / name
    path.parent.mkdir()
    path.write_bytes(data)
    (tmp_path / "secret.bin").write_bytes(TRIANGLE)
    read_mesh(write_obj(tmp_path / "good.obj", room()))  # what is imported late is not counted
    tracemalloc.start()
    try:
        with pytest.raises(BadFile) as refused:
            read_mesh(path)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
    assert why in str(refused.value)
    assert "\n" not in str(refused.value)
    assert str(path) in str(refused.value)


def test_a_good_gltf_with_a_buffer_inside_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.gltf").write_bytes(gltf(images=[{"uri": "http://example.org/a.png"}], textures=[{"source": 0}]))
    assert len(read_mesh(tmp_path / "a.gltf")[0].faces) == 1


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "d.obj").mkdir()
    for name, why in (("d.obj", "not a file"), ("none.obj", "no such file")):
        with pytest.raises(BadFile, match=why):
            read_mesh(tmp_path / name)


def test_too_many_faces_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scenes.claims.MAX_FACES", 5)
    with pytest.raises(BadFile, match="too many; the limit is 5"):
        read_mesh(write_obj(tmp_path / "room.obj", room()))
