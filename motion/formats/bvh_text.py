"""The text of a BVH file taken apart: its joints, its frames, and the rate that is meant."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from motion.core.clip import MAX_FPS, MAX_FRAMES
from motion.core.errors import BadFile, MotionError
from motion.core.rotation import euler_to_rotmat

Array = NDArray[np.floating]

#: Files above these limits are refused before they are parsed.
MAX_BYTES = 512 * 1024 * 1024
MAX_JOINTS = 1000
MAX_DEPTH = 200

#: Units of length found in BVH files, in metres: cm, m, mm and that of CMU. Inches look like a child in centimetres.
UNITS = (0.01, 1.0, 0.001, 0.0254 / 0.45)
#: Sizes in metres, from the lowest to the highest joint or across the arms, that pass for a figure and for an adult.
ANY_FIGURE, ADULT = (0.4, 3.0), (1.2, 2.3)

POSITIONS = {"xposition": 0, "yposition": 1, "zposition": 2}
ROTATIONS = {"xrotation": "X", "yrotation": "Y", "zrotation": "Z"}


@dataclass
class Joint:
    """A joint or End Site as it stands in the file: its offset, and its channels in lower case."""

    name: str
    parent: int
    offset: tuple[float, ...] = (0.0, 0.0, 0.0)
    channels: list[str] = field(default_factory=list)
    is_end: bool = False

    @property
    def order(self) -> str:
        """The order, intrinsic, of its rotation channels."""
        return "".join(ROTATIONS[channel] for channel in self.channels if channel in ROTATIONS)


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
    joints: list[Joint]
    frames: Array
    fps: float
    scale: float

    def rotations(self, frames: NDArray[np.integer]) -> Array:
        """(N, joints, 3, 3) rotations at the frames (N,), in the parents' frames."""
        rotation, column = np.tile(np.eye(3), (len(frames), len(self.joints), 1, 1)), 0
        for index, joint in enumerate(self.joints):
            turns = np.array(
                [column + i for i, channel in enumerate(joint.channels) if channel in ROTATIONS], dtype=int
            )
            if len(turns):
                angles = np.radians(self.frames[np.ix_(frames, turns)])
                rotation[:, index] = euler_to_rotmat(angles, joint.order)
            column += len(joint.channels)
        return rotation


def unit_of(joints: list[Joint]) -> float:
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
    header, motion = split(path)
    joints = parse_hierarchy(path, header)
    frames, fps = _parse_frames(path, motion, sum(len(joint.channels) for joint in joints))
    return BvhFile(header, joints, frames, fps, unit_of(joints))


def split(path: Path) -> tuple[str, str]:
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


def parse_hierarchy(path: Path, header: str) -> list[Joint]:
    """Joints and End Sites in file order, parents before children."""
    tokens = header.replace("{", " { ").replace("}", " } ").split()
    joints: list[Joint] = []
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
                joints.append(Joint(name, parent, is_end=word == "END"))
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


def _check_joints(path: Path, joints: list[Joint], still_open: list[int]) -> None:
    if not joints or still_open:
        raise BadFile(path, "the hierarchy is empty or a brace is missing")
    for joint in joints:
        if len(joint.offset) != 3 or not np.all(np.isfinite(joint.offset)):
            raise BadFile(path, f"joint {joint.name!r} needs an OFFSET of three finite numbers")
        unknown = [c for c in joint.channels if c not in POSITIONS and c not in ROTATIONS]
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
