"""Conformance of a .glb as it is stored, before anything is folded into a clip."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.core.errors import BadFile
from motion.formats.check import CheckItem, at_most
from motion.formats.folding import FLOOR_NAMES
from motion.formats.gltf import GltfFile, read_gltf
from motion.formats.gltf_tracks import Track, read_tracks

Array = NDArray[np.floating]


def check_glb(path: str | os.PathLike[str]) -> list[CheckItem]:
    """Keys, rotations, nodes and skin of a .glb. Raises ``BadFile``."""
    file = read_gltf(path)
    try:
        tracks = [t for of_node in read_tracks(file, file.document["animations"][0]).values() for t in of_node.values()]
        return [
            *_check_keys(tracks, _floors(file.document), max(1, len(file.document.get("skins", [])))),
            *_check_nodes(file.document),
            *_check_skin(file),
        ]
    except (KeyError, IndexError, TypeError, AttributeError, ZeroDivisionError) as error:
        raise BadFile(path, f"is not valid glTF ({type(error).__name__}: {error})") from error


def _floors(document: dict[str, Any]) -> bool:
    """Whether there is a root bone on the floor."""
    return any(str(node.get("name")).lower() in FLOOR_NAMES for node in document["nodes"])


def _check_keys(tracks: list[Track], floor: bool, people: int) -> list[CheckItem]:
    times = max((track.times for track in tracks), key=len)
    items = [at_most("first key", abs(min(float(track.times[0]) for track in tracks)), 1e-6, "s")]
    if len(times) > 1:
        gaps = np.diff(times)
        uneven = float(np.abs(gaps - gaps.mean()).max() / gaps.mean())
        items.append(at_most("uneven key spacing", uneven, 0.01 + 4e-7 * float(times[-1]) / gaps.mean(), "of a frame"))
    quaternions = [t.values for t in tracks if t.path == "rotation" and t.interpolation != "CUBICSPLINE"]
    if quaternions:
        length = max(float(np.abs(np.linalg.norm(q, axis=-1) - 1).max()) for q in quaternions)
        items.append(at_most("quaternions of unit length", length, 1e-4, ""))
        steps = [np.sum(q[1:] * q[:-1], axis=-1).min() for q in quaternions if len(q) > 1]
        flips = sum(bool(step < 0) for step in steps)
        items.append(CheckItem("quaternions keep their hemisphere", flips == 0, flips, "0", "tracks that flip"))
    scaled = sum(bool(np.abs(t.values - 1).max() > 1e-4) for t in tracks if t.path == "scale" and not _there_or_not(t))
    moved = sum(bool(np.ptp(t.values, axis=0).max() > 1e-3) for t in tracks if t.path == "translation")
    allowed = people * (2 if floor else 1)  # a root bone on the floor, and the hips above it
    items.append(CheckItem("tracks that scale", scaled == 0, scaled, "0"))
    items.append(CheckItem("tracks that move a joint off its bone", moved <= allowed, max(0, moved - allowed), "0"))
    return items


def _there_or_not(track: Track) -> bool:
    """Whether a scale tells that somebody of a crowd is there or not: see ``motion.formats.crowd``."""
    return track.interpolation == "STEP" and bool(np.all((track.values == 0) | (track.values == 1)))


def _check_nodes(document: dict[str, Any]) -> list[CheckItem]:
    nodes = document["nodes"]
    scaled = sum(bool(np.abs(np.array(node.get("scale", [1.0])) - 1).max() > 1e-4) for node in nodes)
    matrices = sum("matrix" in node for node in nodes)
    return [
        CheckItem("nodes with a scale", scaled == 0, scaled, "0"),
        CheckItem("nodes with a matrix", matrices == 0, matrices, "0"),
    ]


def _check_skin(file: GltfFile) -> list[CheckItem]:
    primitives = [p for mesh in file.document.get("meshes", []) for p in mesh["primitives"]]
    skinned = [p["attributes"] for p in primitives if "JOINTS_0" in p["attributes"]]
    if not skinned:
        return [CheckItem("skin", True, "none")]
    worst, most = 0.0, 0
    for attributes in skinned:
        sets = sorted(key for key in attributes if key.startswith("WEIGHTS_"))
        weights = np.concatenate([file.array(attributes[key]).astype(np.float64) for key in sets], axis=1)
        worst = max(worst, float(np.abs(weights.sum(axis=1) - 1).max()))
        most = max(most, int(np.count_nonzero(weights > 0, axis=1).max()))
    return [
        CheckItem("skin", True, "present"),
        at_most("skin weights away from a sum of one", worst, 1e-3, ""),
        at_most("joints that pull one vertex", most, 8, "(engines that read four drop the rest)" if most > 4 else ""),
        CheckItem("inverse bind matrices", _has_bind(file), "present" if _has_bind(file) else "missing", "present"),
    ]


def _has_bind(file: GltfFile) -> bool:
    return all("inverseBindMatrices" in skin for skin in file.document.get("skins", []))
