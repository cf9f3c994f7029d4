"""Damaged and hostile clips and characters of every format: one line, at once, in little memory, or read after all."""

from __future__ import annotations

import json
import struct
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers import box_skin, walking_clip
from motion.core.errors import BadFile, MotionError
from motion.formats import load, save
from motion.formats.check import check_file
from motion.formats.rig import open_rig

SUFFIXES = (".fbx", ".glb", ".bvh", ".npz")
RIGS = (".fbx", ".glb", ".bvh")
#: Of seconds and bytes; the machine may be busy with other things, so seconds are those of the processor.
SECONDS, BYTES = 1.0, 1 << 30


def readers(suffix: str) -> list[Callable[[Path], Any]]:
    return [load, check_file, *([open_rig] if suffix in RIGS else [])]


def survives(path: Path) -> list[str]:
    """What the readers say of a file: nothing, or a line each."""
    said = []
    for read in readers(path.suffix):
        begin = time.process_time()
        try:
            read(path)
        except MotionError as error:
            said.append(str(error))
            assert "\n" not in said[-1] and len(said[-1]) < 1000
        assert time.process_time() - begin < SECONDS, read
    return said


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("whole")
    files = {}
    for suffix in SUFFIXES:
        save(walking_clip(0.3), folder / f"a{suffix}", skin=box_skin(), provenance={"prompt": "x"})
        files[suffix] = (folder / f"a{suffix}").read_bytes()
    return files


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_cut_short(tmp_path: Path, whole: dict[str, bytes], suffix: str) -> None:
    path, content = tmp_path / f"a{suffix}", whole[suffix]
    for share in (0.0, 0.001, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97):
        path.write_bytes(content[: int(share * len(content))])
        assert len(survives(path)) == len(readers(suffix)), share


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_bytes_that_changed(tmp_path: Path, whole: dict[str, bytes], suffix: str, seed: int) -> None:
    """Some of these are read all the same, or refused; nothing else may happen."""
    rng = np.random.default_rng(seed)
    path, content = tmp_path / f"a{suffix}", bytearray(whole[suffix])
    for _ in range(int(rng.integers(1, 30))):
        start = int(rng.integers(0, len(content)))
        kind = rng.integers(0, 4)
        if kind == 0:
            content[start] ^= 1 << int(rng.integers(0, 8))
        elif kind == 1:
            content[start : start + 4] = struct.pack("<I", int(rng.choice([0, 1 << 31, 0xFFFFFFFF, 0x7FC00000])))
        elif kind == 2:
            del content[start : start + int(rng.integers(1, 200))]
        else:
            content[start:start] = bytes(content[: int(rng.integers(1, 100))])
    path.write_bytes(content)
    survives(path)


def edited_glb(content: bytes, edit: Callable[[dict[str, Any]], None]) -> bytes:
    """A .glb whose JSON went through ``edit``."""
    (length,) = struct.unpack_from("<I", content, 12)
    document = json.loads(content[20 : 20 + length])
    edit(document)
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    rest = content[20 + length :]
    return (
        struct.pack("<III", 0x46546C67, 2, 20 + len(text) + len(rest))
        + struct.pack("<I", len(text))
        + b"JSON"
        + text
        + rest
    )


def cyclic(document: dict[str, Any]) -> None:
    document["nodes"][7]["children"] = [0]


def huge(document: dict[str, Any]) -> None:
    for accessor in document["accessors"]:
        accessor["count"] = 1 << 31


def no_rate(document: dict[str, Any]) -> None:
    document["asset"]["extras"]["fps"] = 0
    document["animations"][0]["extras"]["fps"] = 0


def crowd(document: dict[str, Any]) -> None:
    document["nodes"] += [{"name": str(i)} for i in range(30_000)]


def deep(document: dict[str, Any]) -> None:
    first = len(document["nodes"])
    document["nodes"] += [{"children": [first + i + 1]} for i in range(9_000)] + [{}]
    document["scenes"][0]["nodes"].append(first)


GLB: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "cyclic parents": (cyclic, "tree"),
    "a child twice": (lambda d: d["nodes"][1].setdefault("children", []).append(3), "tree"),
    "2^31 of everything": (huge, "past the end"),
    "no such node": (lambda d: d["animations"][0]["channels"][0]["target"].update(node=10**9), "not exist"),
    "negative places": (lambda d: d["bufferViews"][0].update(byteOffset=-(1 << 31)), "malformed"),
    "a crowd": (crowd, "nodes"),
    "nodes that are numbers": (lambda d: d.update(nodes=[1, 2, 3]), "glTF"),
    "skins of nothing": (lambda d: d["skins"][0].update(joints=[]), ""),
    "scaled to nothing": (lambda d: d["nodes"][0].update(scale=[0, 0, 0]), ""),
    "NaN in a node": (lambda d: d["nodes"][0].update(translation=[float("nan")] * 3), ""),
}


@pytest.mark.parametrize("name", GLB)
def test_hostile_glb(tmp_path: Path, whole: dict[str, bytes], name: str) -> None:
    edit, says = GLB[name]
    path = tmp_path / "a.glb"
    path.write_bytes(edited_glb(whole[".glb"], edit))
    said = survives(path)
    assert said and all(says in line for line in said)


@pytest.mark.parametrize("edit", [no_rate, deep])
def test_glb_that_is_odd_but_harmless(tmp_path: Path, whole: dict[str, bytes], edit: Callable[[Any], None]) -> None:
    path = tmp_path / "a.glb"
    path.write_bytes(edited_glb(whole[".glb"], edit))
    assert survives(path) == []
    assert load(path).fps == 30.0


def test_keys_of_a_glb_that_are_no_numbers(tmp_path: Path, whole: dict[str, bytes]) -> None:
    content = bytearray(whole[".glb"])
    (length,) = struct.unpack_from("<I", content, 12)
    content[28 + length : 28 + length + 400] = struct.pack("<f", float("nan")) * 100
    (tmp_path / "a.glb").write_bytes(content)
    with pytest.raises(BadFile, match="NaN"):
        load(tmp_path / "a.glb")


BVH = {
    "0 fps": ("Frame Time: 0.0333", "Frame Time: 0.0 0.0333", "Frame Time"),
    "NaN keys": ("\n0.", "\nnan ", "NaN|numbers"),
    "2^31 frames": ("Frames: 9", "Frames: 2147483648", "frames"),
    "2^31 channels": ("CHANNELS 3", "CHANNELS 2147483648", "channels|damaged"),
    "a joint without end": ("JOINT left_knee", "JOINT left_knee { JOINT x", "damaged|word|OFFSET|brace"),
}


@pytest.mark.parametrize("name", BVH)
def test_hostile_bvh(tmp_path: Path, whole: dict[str, bytes], name: str) -> None:
    old, new, says = BVH[name]
    text = whole[".bvh"].decode()
    assert old in text
    path = tmp_path / "a.bvh"
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(BadFile, match=says):
        load(path)
    assert len(survives(path)) == 3


def test_a_bvh_of_endless_depth(tmp_path: Path) -> None:
    path = tmp_path / "a.bvh"
    joint = "JOINT j { OFFSET 0 1 0 CHANNELS 3 Zrotation Xrotation Yrotation "
    path.write_text(
        "HIERARCHY " + joint.replace("JOINT", "ROOT") + joint * 100_000 + "MOTION\nFrames: 1\nFrame Time: 1\n"
    )
    assert all("levels" in line for line in survives(path))


@pytest.mark.parametrize("suffix", RIGS)
def test_little_memory(tmp_path: Path, whole: dict[str, bytes], suffix: str) -> None:
    """Counts that claim gigabytes take none."""
    content = bytearray(whole[suffix])
    for start in range(len(content) // 3, len(content), max(1, len(content) // 40)):
        content[start : start + 4] = struct.pack("<I", 1 << 31)
        path = tmp_path / f"a{suffix}"
        path.write_bytes(content)
        tracemalloc.start()
        for read in (load, open_rig):
            try:
                read(path)
            except MotionError:
                continue
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < BYTES // 8
