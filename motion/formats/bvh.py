"""BVH text: read any hierarchy into a ``Motion``, write a ``Motion`` that every tool reads back alike.

Lengths in BVH files have no stated unit; centimetres are usual, so ``scale`` defaults to 0.01 metres per unit.
Euler angles are intrinsic, in the order in which the channels stand. Position channels replace a joint's OFFSET.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from motion.core.clip import MAX_FPS, MAX_FRAMES, Motion
from motion.core.errors import BadFile, MotionError
from motion.core.rotation import euler_to_rotmat
from motion.core.skeleton import SMPL_JOINT_NAMES, Skeleton
from motion.formats.bvh_writer import unrolled_euler, write_bvh
from motion.formats.folding import on_floor

__all__ = ["parse_numbers", "read_bvh", "unrolled_euler", "write_bvh"]

Array = NDArray[np.floating]

#: Files above these limits are refused before they are parsed.
MAX_BYTES = 512 * 1024 * 1024
MAX_JOINTS = 1000
MAX_DEPTH = 200

#: Joints whose position channels move by less (metres) are rigid: the channels only repeat an offset.
RIGID = 1e-3

#: Units of length found in BVH files, in metres: cm, m, mm and that of CMU. Inches look like a child in centimetres.
UNITS = (0.01, 1.0, 0.001, 0.0254 / 0.45)
#: Sizes in metres, from the lowest to the highest joint or across the arms, that pass for a figure and for an adult.
ANY_FIGURE, ADULT = (0.4, 3.0), (1.2, 2.3)

_POSITIONS = {"xposition": 0, "yposition": 1, "zposition": 2}
_ROTATIONS = {"xrotation": "X", "yrotation": "Y", "zrotation": "Z"}


@dataclass
class _Joint:
    name: str
    parent: int
    offset: tuple[float, ...] = (0.0, 0.0, 0.0)
    channels: list[str] = field(default_factory=list)
    is_end: bool = False

    @property
    def order(self) -> str:
        """The order, intrinsic, of its rotation channels."""
        return "".join(_ROTATIONS[channel] for channel in self.channels if channel in _ROTATIONS)


@dataclass(frozen=True)
class BvhFile:
    """A parsed file.

    Attributes:
        header: the text of the hierarchy.
        joints: joints and End Sites, parents first.
        frames: (T, C) what the channels say, in the file's unit and degrees.
        fps: frames per second.
        scale: metres per unit of length.
    """

    header: str
    joints: list[_Joint]
    frames: Array
    fps: float
    scale: float

    def rotations(self, frames: NDArray[np.integer]) -> Array:
        """(N, joints, 3, 3) rotations at the frames (N,), in the parents' frames."""
        rotation, column = np.tile(np.eye(3), (len(frames), len(self.joints), 1, 1)), 0
        for index, joint in enumerate(self.joints):
            turns = np.array(
                [column + i for i, channel in enumerate(joint.channels) if channel in _ROTATIONS], dtype=int
            )
            if len(turns):
                angles = np.radians(self.frames[np.ix_(frames, turns)])
                rotation[:, index] = euler_to_rotmat(angles, joint.order)
            column += len(joint.channels)
        return rotation


def read_bvh(
    path: str | PathLike[str], scale: float = 0.01, end_sites: bool = False, *, skeleton: Skeleton | None = None
) -> Motion:
    """Read a BVH file.

    Args:
        path: the file.
        scale: metres per unit of length in the file.
        end_sites: also give each End Site a joint, named ``<parent>_end``, that never rotates.
        skeleton: not needed; a BVH file carries its own.

    Returns:
        The clip with the file's own skeleton; at identity rotations it stands in the file's zero pose. SMPL's joints
        come in SMPL's order, others in the file's. A root that only carries one child with positions of its own (a
        "reference" joint) is folded into that child.

    Raises:
        BadFile: it is not BVH, is cut short, holds NaN, or exceeds the limits.
    """
    path = Path(path)
    header, motion = _split(path)
    joints = _parse_hierarchy(path, header)
    frames, fps = _parse_frames(path, motion, sum(len(joint.channels) for joint in joints))
    try:
        return _to_clip(joints, frames, fps, scale, end_sites)
    except MotionError as error:
        raise BadFile(path, str(error)) from error


def read_bvh_of_any_unit(
    path: str | PathLike[str], *, end_sites: bool = False, skeleton: Skeleton | None = None
) -> Motion:
    """Read a BVH file whose unit of length nobody tells: centimetres unless the figure only fits people in another.

    ``end_sites`` as for ``read_bvh``.
    """
    return read_bvh(path, unit_of(_parse_hierarchy(Path(path), _split(Path(path))[0])), end_sites)


def unit_of(joints: list[_Joint]) -> float:
    """Metres per unit of length in which joints are a person: centimetres where they may be."""
    positions = np.array([joint.offset for joint in joints])
    for index, joint in enumerate(joints):
        positions[index] += positions[joint.parent] if joint.parent >= 0 else -positions[index]
    size = float(np.ptp(positions, axis=0).max())
    if ANY_FIGURE[0] <= size * UNITS[0] <= ANY_FIGURE[1]:
        return UNITS[0]
    fitting = [unit for unit in UNITS if ADULT[0] <= size * unit <= ADULT[1]]
    return fitting[0] if fitting else UNITS[0]


def read_bvh_file(path: str | PathLike[str]) -> BvhFile:
    """All that a file says, as it says it. Raises ``BadFile``."""
    path = Path(path)
    header, motion = _split(path)
    joints = _parse_hierarchy(path, header)
    frames, fps = _parse_frames(path, motion, sum(len(joint.channels) for joint in joints))
    return BvhFile(header, joints, frames, fps, unit_of(joints))


def _split(path: Path) -> tuple[str, str]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadFile(path, f"larger than {MAX_BYTES >> 20} MB; not read")
        text = path.read_text(encoding="latin-1")
    except OSError as error:
        raise BadFile(path, f"cannot be read ({error.strerror})") from error
    header, found, motion = text.partition("MOTION")
    if not text.lstrip("\ufeffï»¿ \t\r\n").upper().startswith("HIERARCHY"):
        raise BadFile(path, "not a BVH file: it must start with HIERARCHY")
    if not found:
        raise BadFile(path, "cut short: the MOTION part is missing")
    return header, motion


def _parse_hierarchy(path: Path, header: str) -> list[_Joint]:
    """Joints and End Sites in file order, parents before children."""
    tokens = header.replace("{", " { ").replace("}", " } ").split()
    joints: list[_Joint] = []
    stack: list[int] = []
    i = 1  # after HIERARCHY
    try:
        while i < len(tokens):
            word = tokens[i].upper()
            if word in ("ROOT", "JOINT", "END"):
                stop = tokens.index("{", i)
                name = " ".join(tokens[i + 1 : stop])
                parent = stack[-1] if stack else -1
                if (parent < 0) != (word == "ROOT") or (parent < 0 and joints):
                    raise BadFile(path, "the hierarchy must have exactly one ROOT with JOINTs inside it")
                joints.append(_Joint(name, parent, is_end=word == "END"))
                stack.append(len(joints) - 1)
                i = stop + 1
            elif word == "OFFSET":
                joints[stack[-1]].offset = tuple(float(value) for value in tokens[i + 1 : i + 4])
                i += 4
            elif word == "CHANNELS":
                count = int(tokens[i + 1])
                joints[stack[-1]].channels = [name.lower() for name in tokens[i + 2 : i + 2 + count]]
                i += 2 + count
            elif word == "}":
                stack.pop()
                i += 1
            else:
                raise BadFile(path, f"unexpected word {tokens[i][:40]!r} in the hierarchy")
            if len(joints) > MAX_JOINTS or len(stack) > MAX_DEPTH:
                raise BadFile(path, f"more than {MAX_JOINTS} joints or {MAX_DEPTH} levels; not read")
    except (IndexError, ValueError) as error:
        if isinstance(error, MotionError):
            raise
        raise BadFile(path, "the hierarchy is damaged (a name, number or brace is missing)") from error
    _check_joints(path, joints, stack)
    return joints


def _check_joints(path: Path, joints: list[_Joint], still_open: list[int]) -> None:
    if not joints or still_open:
        raise BadFile(path, "the hierarchy is empty or a brace is missing")
    for joint in joints:
        if len(joint.offset) != 3 or not np.all(np.isfinite(joint.offset)):
            raise BadFile(path, f"joint {joint.name!r} needs an OFFSET of three finite numbers")
        unknown = [c for c in joint.channels if c not in _POSITIONS and c not in _ROTATIONS]
        if unknown or len(set(joint.channels)) != len(joint.channels):
            raise BadFile(path, f"joint {joint.name!r} has unknown or repeated channels {' '.join(joint.channels)!r}")


def _parse_frames(path: Path, motion: str, channels: int) -> tuple[Array, float]:
    """(T, C) numbers and the frame rate."""
    try:
        lines = motion.lstrip().split("\n", 2)
        label, _, count_text = lines[0].partition(":")
        time_label, _, time_text = lines[1].partition(":")
        if label.strip().lower() != "frames" or time_label.strip().lower() != "frame time":
            raise ValueError
        count, fps = int(count_text), _exact_fps(time_text.strip())
    except (IndexError, ValueError, ZeroDivisionError) as error:
        raise BadFile(path, "the MOTION part must begin with 'Frames: N' and 'Frame Time: seconds'") from error
    if not 1 <= count <= MAX_FRAMES or not 0 < fps <= MAX_FPS:
        raise BadFile(path, f"{count} frames at {fps:g} fps is outside 1..{MAX_FRAMES} frames at 0..{MAX_FPS:g} fps")
    values = parse_numbers(lines[2] if len(lines) > 2 else "")
    if values is None:
        raise BadFile(path, "the frames contain something that is not a number")
    if len(values) != count * channels:
        raise BadFile(path, f"{count} frames of {channels} numbers announced, {len(values)} numbers found; cut short?")
    if not np.all(np.isfinite(values)):
        raise BadFile(path, "the frames contain NaN or infinite numbers")
    return values.reshape(count, channels), fps


def parse_numbers(text: str) -> Array | None:
    """White-space separated numbers as a flat array, or None when something else stands between them."""
    if not text or text.isspace():
        return np.zeros(0)
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)  # numpy's sign for text it could not read
        try:
            return np.fromstring(text, sep=" ", dtype=np.float64)
        except (DeprecationWarning, ValueError):
            return None


def _exact_fps(text: str) -> float:
    """The frame rate meant by a frame time printed with few digits: 0.0333333 is 30, 0.0333667 is 30000/1001."""
    seconds = float(text)
    digits = len(text.lower().split("e")[0].partition(".")[2])
    tolerance = max(1.001 * 10.0**-digits, 4e-16)
    rough = 1.0 / seconds
    whole = float(round(rough))
    for fps in (whole, whole * 1000 / 1001, round(rough, 2), round(rough, 6)):
        if fps > 0 and abs(1.0 / fps - seconds) <= tolerance and abs(fps - rough) < max(0.02 * rough, 1e-6):
            return fps
    return rough


def _to_clip(joints: list[_Joint], frames: Array, fps: float, scale: float, end_sites: bool) -> Motion:
    count = len(frames)
    offsets = np.array([joint.offset for joint in joints]) * scale
    translation = np.broadcast_to(offsets, (count, *offsets.shape)).copy()
    rotation = np.broadcast_to(np.eye(3), (count, len(joints), 3, 3)).copy()
    groups: dict[str, tuple[list[int], list[list[int]]]] = {}
    column = 0
    for index, joint in enumerate(joints):
        turns = []
        for channel in joint.channels:
            if channel in _POSITIONS:
                translation[:, index, _POSITIONS[channel]] = frames[:, column] * scale
            else:
                turns.append(column)
            column += 1
        if joint.order:
            members = groups.setdefault(joint.order, ([], []))
            members[0].append(index)
            members[1].append(turns)
    for order, (indices, columns) in groups.items():
        angles = np.radians(frames[:, columns])  # (T, members, len(order))
        rotation[:, indices] = euler_to_rotmat(angles, order)
    keep = [i for i, joint in enumerate(joints) if end_sites or not joint.is_end]
    return _fold_reference(joints, keep, translation, rotation, fps)


def _fold_reference(joints: list[_Joint], keep: list[int], translation: Array, rotation: Array, fps: float) -> Motion:
    """Joints with constant offsets below the first one that moves."""
    root_position, root_rotation, first = translation[:, 0], rotation[:, 0], 0
    while True:
        children = [i for i in keep if joints[i].parent == first]
        if len(children) != 1 or not set(joints[children[0]].channels) & set(_POSITIONS):
            break
        rigid = np.ptp(translation[:, children[0]], axis=0).max() < RIGID <= np.ptp(root_position, axis=0).max()
        if rigid and not on_floor(joints[first].name):
            break
        first = children[0]
        root_position = root_position + np.einsum("tij,tj->ti", root_rotation, translation[:, first])
        root_rotation = root_rotation @ rotation[:, first]
    keep = _in_smpl_order(joints, [i for i in keep if i >= first])
    place = {old: new for new, old in enumerate(keep)}
    offsets = np.median(translation[:, keep], axis=0)
    offsets[0] = 0.0
    rotation = rotation[:, keep].copy()
    rotation[:, 0] = root_rotation
    names = [_name(joints, i) for i in keep]
    parents = np.array([place.get(joints[i].parent, -1) for i in keep])
    return Motion(Skeleton(tuple(names), parents, offsets), root_position, rotation, fps)


def _in_smpl_order(joints: list[_Joint], keep: list[int]) -> list[int]:
    """BVH files list joints depth first; SMPL's own joints come back in SMPL's order."""
    index = {joints[i].name: i for i in keep}
    return [index[name] for name in SMPL_JOINT_NAMES] if set(index) == set(SMPL_JOINT_NAMES) else keep


def _name(joints: list[_Joint], index: int) -> str:
    joint = joints[index]
    return f"{joints[joint.parent].name}_end" if joint.is_end else joint.name
