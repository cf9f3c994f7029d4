"""Acclaim ASF (skeleton) and AMC (motion) files, as CMU and HDM05 publish them.

A bone of the ASF becomes a joint at the bone's start; each bone that ends a chain also gets a joint ``<bone>_end`` at
its tip. Joint frames are parallel to the world's in the ASF's rest pose, so identity rotations show that pose.
Formula: R_world_bone = R_world_parent C M C^-1, with C the bone's ``axis`` and M its degrees of freedom, both in
Acclaim's order (``XYZ`` turns about the fixed x axis first).
"""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from motion.core.clip import MAX_FRAMES, Motion
from motion.core.errors import BadFile, MotionError
from motion.core.rotation import euler_to_rotmat
from motion.core.skeleton import Skeleton
from motion.formats.bvh_text import parse_numbers

Array = NDArray[np.floating]

#: Metres per unit of length divided by the ASF's ``length`` entry: these files count inches.
INCH = 0.0254
MAX_BYTES = 512 * 1024 * 1024
MAX_BONES = 1000


@dataclass(frozen=True)
class Asf:
    """A skeleton file. Joint 0 is ``root``; ``axes`` (J, 3, 3), ``dofs`` such as ("rx", "ry"); metres per file unit."""

    skeleton: Skeleton
    axes: Array
    dofs: tuple[tuple[str, ...], ...]
    metres: float


def _read_text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadFile(path, f"larger than {MAX_BYTES >> 20} MB; not read")
        return path.read_text(encoding="latin-1")
    except OSError as error:
        raise BadFile(path, f"cannot be read ({error.strerror})") from error


def read_asf(path: str | PathLike[str]) -> Asf:
    """Read an ASF skeleton; lengths become metres (inches divided by the file's ``length`` unit).

    Raises:
        BadFile: it is not an ASF file, or is damaged.
    """
    path = Path(path)
    sections = _sections(_read_text(path))
    if not {"root", "bonedata", "hierarchy"} <= set(sections):
        raise BadFile(path, "not an ASF file: it needs the parts :root, :bonedata and :hierarchy")
    try:
        units = {words[0]: words[1] for words in sections.get("units", []) if len(words) > 1}
        if units.get("angle", "deg") != "deg":
            raise BadFile(path, "angles must be in degrees (angle deg)")
        metres = INCH / float(units.get("length", "1.0"))
        bones = _bones(sections["bonedata"])
        parents = _hierarchy(sections["hierarchy"])
        return _asf(bones, parents, metres)
    except (KeyError, IndexError, ValueError, ZeroDivisionError, RecursionError) as error:
        problem = str(error) if isinstance(error, MotionError) else "damaged (a bone, number or parent is missing)"
        raise error if isinstance(error, BadFile) else BadFile(path, problem) from error


def _sections(text: str) -> dict[str, list[list[str]]]:
    """Lines as words under each ``:name``."""
    sections: dict[str, list[list[str]]] = {}
    lines: list[list[str]] = []
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if words and words[0].startswith(":"):
            lines = sections.setdefault(words[0][1:].lower(), [])
        elif words:
            lines.append(words)
    return sections


def _bones(lines: list[list[str]]) -> dict[str, dict[str, list[str]]]:
    bones: dict[str, dict[str, list[str]]] = {}
    bone: dict[str, list[str]] = {}
    for words in lines:
        if words[0] == "begin":
            bone = {}
        elif words[0] == "end":
            bones[bone["name"][0]] = bone
        else:
            bone.setdefault(words[0], words[1:])
    if len(bones) > MAX_BONES:
        raise ValueError
    return bones


def _hierarchy(lines: list[list[str]]) -> dict[str, str]:
    parents = {}
    for words in lines:
        if words[0] not in ("begin", "end"):
            parents.update({child: words[0] for child in words[1:]})
    return parents


def _asf(bones: dict[str, dict[str, list[str]]], parents: dict[str, str], metres: float) -> Asf:
    names, indices = ["root"], [-1]
    offsets: list[Array] = [np.zeros(3)]
    axes: list[Array] = [np.eye(3)]
    tips: list[Array] = [np.zeros(3)]
    dofs: list[tuple[str, ...]] = [("tx", "ty", "tz", "rx", "ry", "rz")]
    waiting = [name for name in bones if name in parents]
    while waiting:
        ready = [name for name in waiting if parents[name] in names]
        if not ready:
            raise ValueError
        for name in ready:
            bone, parent = bones[name], names.index(parents[name])
            names.append(name)
            indices.append(parent)
            offsets.append(tips[parent])
            axes.append(_axis(bone["axis"]))
            dofs.append(tuple(word.lower() for word in bone.get("dof", []) if word.lower() != "l"))
            tips.append(np.array([float(value) for value in bone["direction"][:3]]) * float(bone["length"][0]) * metres)
        waiting = [name for name in waiting if name not in ready]
    for joint in [j for j in range(1, len(names)) if j not in indices]:
        names.append(f"{names[joint]}_end")
        indices.append(joint)
        offsets.append(tips[joint])
        axes.append(np.eye(3))
        dofs.append(())
    return Asf(Skeleton(tuple(names), np.array(indices), np.array(offsets)), np.array(axes), tuple(dofs), metres)


def _axis(words: list[str]) -> Array:
    angles = np.radians([float(value) for value in words[:3]])
    return _acclaim(angles[None], tuple("r" + letter.lower() for letter in words[3]))[0]


def _acclaim(angles: Array, order: tuple[str, ...]) -> Array:
    """Angles (T, n) about fixed axes, the first one first, to matrices (T, 3, 3)."""
    return euler_to_rotmat(angles[:, ::-1], "".join(name[1] for name in reversed(order)))


def read_amc(path: str | PathLike[str], asf: Asf, fps: float = 120.0) -> Motion:
    """Read an AMC motion of the given skeleton. AMC files do not state a frame rate; CMU's and HDM05's have 120.

    Raises:
        BadFile: it is not an AMC file of this skeleton, is cut short, or holds NaN.
    """
    path = Path(path)
    rows, names, counts = _amc_numbers(path)
    skeleton = asf.skeleton
    rotation = np.broadcast_to(np.eye(3), (len(rows), skeleton.num_joints, 3, 3)).copy()
    position = np.zeros((len(rows), 3))
    start = 0
    for name, count in zip(names, counts, strict=True):
        if name not in skeleton.joint_names:
            raise BadFile(path, f"bone {name!r} is not in its skeleton (ASF) file")
        joint = skeleton.index(name)
        order = asf.dofs[joint]
        if len(order) != count:
            raise BadFile(path, f"bone {name!r} has {count} numbers, its skeleton (ASF) file says {len(order)}")
        values = rows[:, start : start + count]
        start += count
        turns = [i for i, dof in enumerate(order) if dof[0] == "r"]
        for i, dof in enumerate(order):
            if dof[0] == "t":
                position[:, "xyz".index(dof[1])] = values[:, i] * asf.metres
        if turns:
            turn = _acclaim(np.radians(values[:, turns]), tuple(order[i] for i in turns))
            rotation[:, joint] = asf.axes[joint] @ turn @ asf.axes[joint].T
    try:
        return Motion(skeleton, position, rotation, fps)
    except MotionError as error:
        raise BadFile(path, str(error)) from error


def _amc_numbers(path: Path) -> tuple[Array, list[str], list[int]]:
    """(T, C) numbers of all frames, the bone names in a frame, and how many numbers each has."""
    lines = [line for line in _read_text(path).splitlines() if line and line[0] not in "#:"]
    starts = [i for i, line in enumerate(lines[:MAX_BONES]) if line.strip().isdigit()]
    if not starts or starts[0] != 0:
        raise BadFile(path, "not an AMC file: a frame number must come first")
    per_frame = starts[1] if len(starts) > 1 else len(lines)
    frames = len(lines) // per_frame
    if len(lines) % per_frame or not 1 <= frames <= MAX_FRAMES:
        raise BadFile(path, "cut short: the last frame lacks bones")
    if not all(line.strip().isdigit() for line in lines[::per_frame]):
        raise BadFile(path, "damaged: the frames do not all have the same bones")
    parts = [line.split(None, 1) for line in lines]
    names = [part[0] for part in parts[1:per_frame]]
    if any(len(part) != 2 for i, part in enumerate(parts) if i % per_frame):
        raise BadFile(path, "damaged: a bone has no numbers")
    columns = []
    for i, name in enumerate(names, start=1):
        if any(part[0] != name for part in parts[i::per_frame]):
            raise BadFile(path, f"damaged: bone {name!r} is missing from a frame")
        values = parse_numbers(" ".join(part[1] for part in parts[i::per_frame]))
        if values is None or len(values) % frames or not np.all(np.isfinite(values)):
            raise BadFile(path, f"damaged: bone {name!r} has missing, NaN or unreadable numbers")
        columns.append(values.reshape(frames, -1))
    return np.concatenate(columns, axis=1), names, [column.shape[1] for column in columns]
