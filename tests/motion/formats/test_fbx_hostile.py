"""Damaged and hostile .fbx files: one line, at once, and little memory."""

from __future__ import annotations

import struct
import time
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers import box_skin, walking_clip
from motion.core.errors import BadFile
from motion.formats import fbx, load
from motion.formats.fbx_binary import Node, Packed
from motion.formats.fbx_objects import TICKS

Edit = Callable[[Node], Node]


def rewritten(path: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of ours in which every node went through ``edit``, the outer ones first."""
    write = fbx.to_bytes

    def deep(node: Node) -> Node:
        node = edit(node)
        return Node(node.name, node.values, tuple(deep(child) for child in node.children), node.open)

    monkeypatch.setattr(fbx, "to_bytes", lambda nodes: write([deep(node) for node in nodes]))
    fbx.write_fbx(walking_clip(1.0), path, skin=box_skin())
    return path


def values(name: str, *new: Any) -> Edit:
    """Nodes of that name hold other values."""
    return lambda node: Node(name, new, node.children) if node.name == name else node


def setting(*new: tuple[str, Any]) -> Edit:
    """Properties of these names hold another value."""
    table = dict(new)

    def edit(node: Node) -> Node:
        if node.name != "P" or node.values[0] not in table:
            return node
        return Node("P", (*node.values[:4], *np.atleast_1d(table[node.values[0]]).tolist()))

    return edit


def inside(name: str, *more: Node) -> Edit:
    """Nodes of that name begin with more nodes."""
    return lambda node: Node(name, node.values, (*more, *node.children)) if node.name == name else node


def array(code: str, size: int, content: bytes) -> Packed:
    return Packed(code.encode() + struct.pack("<III", size, 1, len(content)) + content)


def cycle(node: Node) -> Node:
    """The root hangs below its own grandchild."""
    if node.name != "Connections":
        return node
    bones = [c.values for c in node.children if c.values[0] == "OO"]
    below = {parent: child for _, child, parent in reversed(bones)}
    root = below[np.int64(0)]
    child = next(c for _, c, p in bones if p == root and c > root + 1)
    return Node(node.name, (), (Node("C", ("OO", root, child)), *node.children))


BOMB = zlib.compress(bytes(1 << 28), 9)
SMALL = zlib.compress(bytes(1 << 20), 9)
CROWD = [Node("Model", (np.int64(5_000_000 + i), f"m{i}\x00\x01Model", "LimbNode")) for i in range(21_000)]
HOSTILE: dict[str, tuple[Edit, str]] = {
    "cyclic parents": (cycle, "no tree"),
    "NaN keys": (values("KeyValueFloat", np.full(30, np.nan, dtype="<f4")), "NaN"),
    "falling key times": (values("KeyTime", np.arange(30)[::-1].astype("<i8")), "do not rise"),
    "an hour between keys": (
        lambda node: setting(("LocalStop", 0))(values("KeyTime", np.arange(30) * 3600 * np.int64(TICKS))(node)),
        "too long",
    ),
    "0 fps": (setting(("stride_fps", 0.0)), "0.0 frames per second"),
    "NaN fps": (setting(("stride_fps", float("nan"))), "nan frames per second"),
    "no unit": (setting(("UnitScaleFactor", 0.0)), "unit of length"),
    "NaN axes": (setting(("UpAxis", float("nan"))), "not valid"),
    "equal axes": (setting(("UpAxis", 0.0)), "axes"),
    "scale 0": (setting(("Lcl Scaling", [0.0, 0.0, 0.0])), "scaled to nothing"),
    "NaN rest": (setting(("Lcl Rotation", [float("nan")] * 3)), "NaN"),
    "2^31 numbers": (values("KeyValueFloat", array("f", 1 << 31, SMALL)), "claims 2147483648"),
    "a deflate bomb that owns up": (values("KeyValueFloat", array("f", 1 << 26, BOMB)), "claims"),
    "a deflate bomb that hides": (values("KeyValueFloat", array("f", 30, BOMB)), "does not hold"),
    "faces without vertices": (values("PolygonVertexIndex", np.array([0, 1, -9999999], dtype="<i4")), "vertex"),
    "a crowd of nodes": (inside("Objects", *CROWD), "at most 20000"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_at_once(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    edit, words = HOSTILE[name]
    path = rewritten(tmp_path / "a.fbx", edit, monkeypatch)
    begin = time.process_time()
    with pytest.raises(BadFile, match=words) as caught:
        fbx_reader_with_skin(path)
    assert time.process_time() - begin < 1.0
    assert "\n" not in str(caught.value)


def fbx_reader_with_skin(path: Path) -> None:
    from motion.formats.fbx_reader import read_fbx_with_skin

    read_fbx_with_skin(path)


def test_a_bomb_takes_no_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = rewritten(tmp_path / "a.fbx", HOSTILE["a deflate bomb that hides"][0], monkeypatch)
    tracemalloc.start()
    with pytest.raises(BadFile):
        load(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50e6


def test_deep_nesting_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nest = Node("z")
    for _ in range(200):
        nest = Node("z", (), (nest,))
    path = rewritten(tmp_path / "a.fbx", inside("GlobalSettings", nest), monkeypatch)
    assert load(path).num_frames == 30


def test_text_and_old_files_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.fbx"
    path.write_text("; FBX 7.3.0 project file\nFBXHeaderExtension:  {\n}\n")
    with pytest.raises(BadFile, match="written as text"):
        load(path)
    fbx.write_fbx(walking_clip(0.2), path)
    content = bytearray(path.read_bytes())
    content[23:27] = struct.pack("<I", 6100)
    path.write_bytes(content)
    with pytest.raises(BadFile, match="version 6100"):
        load(path)
