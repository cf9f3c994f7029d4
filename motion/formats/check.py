"""Read an exported file back and say, item by item, whether it is what animators and engines expect.

``check_file`` judges a file by itself, ``check_conversion`` against the clip it was made from.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import UP, ground, height
from motion.core.clip import Motion
from motion.core.errors import BadFile
from motion.core.rotation import rotmat_to_rotvec
from motion.core.skeleton import Skeleton
from motion.core.skin import Skin
from motion.formats import format_of, load

Array = NDArray[np.floating]

#: How far a joint may be off after writing and reading, in metres; BVH is text.
MAX_JOINT_ERROR = {".npz": 1e-4, ".glb": 1e-4, ".fbx": 1e-4, ".bvh": 5e-4}


@dataclass(frozen=True)
class CheckItem:
    """One thing that was looked at.

    Attributes:
        name: what.
        ok: whether it is as it should be; true as well for what is merely told.
        value: what was found.
        limit: what would be right, in words; empty for what is merely told.
        unit: of the value.
    """

    name: str
    ok: bool
    value: float | int | str
    limit: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Examined:
    """What is in a file.

    Attributes:
        clip: the movement.
        skin: the surface it brings along, or None.
        provenance: how it was made, or None.
        items: what is peculiar to its format.
    """

    clip: Motion
    skin: Skin | None
    provenance: dict[str, Any] | None
    items: list[CheckItem]


def examined(path: str | os.PathLike[str], skeleton: Skeleton | None = None) -> Examined:
    """All that is in a file of a readable format. Raises ``MotionError``; ``skeleton`` as for ``check_file``."""
    entry = format_of(path)
    if entry.examine is not None:
        if not Path(path).is_file():
            raise BadFile(path, "no such file")
        found: Examined = entry.examine(path)
        return found
    clip = load(path, skeleton=skeleton)
    skin = entry.read_skin(path) if entry.read_skin is not None else None
    provenance = entry.provenance(path) if entry.provenance is not None else None
    return Examined(clip, skin, provenance, entry.check(path) if entry.check is not None else [])


def between(name: str, value: float, low: float, high: float, unit: str) -> CheckItem:
    """An item that is right between two limits."""
    return CheckItem(name, bool(low <= value <= high), round(float(value), 6), f"{low:g} to {high:g}", unit)


def at_most(name: str, value: float, high: float, unit: str) -> CheckItem:
    """An item that is right up to a limit."""
    return CheckItem(name, bool(value <= high), round(float(value), 9), f"at most {high:g}", unit)


def check_file(path: str | os.PathLike[str], *, skeleton: Skeleton | None = None) -> list[CheckItem]:
    """Every conformance item of a file: of its clip, its rest pose, and of the format.

    Args:
        path: a file of a readable format.
        skeleton: SMPL's joints, for AMASS files, which carry none.

    Raises:
        MotionError: the file cannot be read at all.
    """
    found, entry = examined(path, skeleton), format_of(path)
    clip, skin = found.clip, found.skin
    items = [CheckItem("readable", True, entry.name), *_timing(clip), *_rest_pose(clip.skeleton), *found.items]
    if entry.provenance is not None:
        items.append(CheckItem("provenance", True, "present" if found.provenance else "none"))
    if _begins_at_rest(clip):
        items.append(CheckItem("first frame", True, "the rest pose"))
        clip = clip.sliced(1, clip.num_frames)
    return [*items, *_movement(clip, skin)]


def check_conversion(
    clip: Motion, path: str | os.PathLike[str], *, skeleton: Skeleton | None = None
) -> list[CheckItem]:
    """Whether a written file says the same as the clip: frames, frame rate, and where the joints are."""
    back = load(path, skeleton=skeleton)
    items = [
        CheckItem("frames kept", back.num_frames == clip.num_frames, back.num_frames, str(clip.num_frames)),
        CheckItem("frame rate kept", back.fps == clip.fps, back.fps, f"{clip.fps!r}", "fps"),
    ]
    missing = [name for name in clip.skeleton.joint_names if name not in back.skeleton.joint_names]
    items.append(CheckItem("joints kept", not missing, ", ".join(missing) or "all", "all"))
    if all(item.ok for item in items):
        order = [back.skeleton.index(name) for name in clip.skeleton.joint_names]
        error = np.linalg.norm(clip.joint_positions() - back.joint_positions()[:, order], axis=-1).max()
        limit = MAX_JOINT_ERROR.get(Path(path).suffix.lower(), 1e-4)
        items.append(at_most("largest joint error", 1000 * float(error), 1000 * limit, "mm"))
    return items


def _timing(clip: Motion) -> list[CheckItem]:
    whole = abs(clip.fps - round(clip.fps)) < 1e-9 or abs(clip.fps * 1.001 - round(clip.fps * 1.001)) < 1e-9
    return [
        CheckItem("frames", True, clip.num_frames),
        CheckItem("duration", True, round(clip.duration, 6), unit="s"),
        CheckItem("frame rate is exact", whole, clip.fps, "whole, or a whole number / 1.001", "fps"),
    ]


def _rest_pose(skeleton: Skeleton) -> list[CheckItem]:
    """Up, facing and size of the pose in which nothing is turned."""
    rest = skeleton.rest_positions
    items = [
        CheckItem("joints", True, skeleton.num_joints),
        between("size of the figure", float(np.ptp(rest, axis=0).max()), 0.5, 3.0, "m"),
    ]
    role = roles(skeleton)
    feet = [role[name] for name in ("left_ankle", "right_ankle") if name in role]
    if "head" in role and feet:
        along = rest[role["head"]] - rest[feet].mean(axis=0)
        items.append(at_most("rest pose stands upright (Y up)", _angle(along, UP), 30, "degrees from +Y"))
    if {"left_hip", "right_hip"} <= role.keys():
        across = rest[role["left_hip"]] - rest[role["right_hip"]]
        forward = np.array([0.0, 0.0, 1.0])
        items.append(at_most("rest pose faces +Z", _angle(np.cross(across, UP), forward), 45, "degrees from +Z"))
    return items


def _begins_at_rest(clip: Motion) -> bool:
    """Whether the movement begins with the second frame, the first one showing the rest pose."""
    turned = np.abs(clip.joint_rotation[:2] - np.eye(3)).max(axis=(1, 2, 3))
    return len(turned) == 2 and bool(turned[0] < 1e-3 < turned[1])


def _movement(clip: Motion, skin: Skin | None) -> list[CheckItem]:
    positions = clip.joint_positions()
    pelvis = float(np.percentile(height(positions[:, 0]), 95))
    items = [between("pelvis above the floor when highest", pelvis, 0.3, 1.6, "m")]
    if skin is not None:
        frames = np.unique(np.linspace(0, clip.num_frames - 1, 24).astype(int))
        surface = skin.deform(clip.root_position[frames], clip.joint_rotation[frames])
        items.append(between("lowest point of the surface", 1000 * float(height(surface).min()), -50, 50, "mm"))
    else:
        items.append(between("lowest joint", 1000 * float(height(positions).min()), -50, 150, "mm"))
    if clip.num_frames > 1:
        speed = np.linalg.norm(np.diff(positions, axis=0), axis=-1).max() * clip.fps
        path = np.linalg.norm(np.diff(ground(positions[:, 0]), axis=0), axis=-1).sum()
        turn = np.swapaxes(clip.joint_rotation[:-1], -1, -2) @ clip.joint_rotation[1:]
        step = np.degrees(np.linalg.norm(rotmat_to_rotvec(turn), axis=-1).max())
        items += [
            at_most("fastest joint", float(speed), 30, "m/s"),
            at_most("largest turn of a joint in one frame", float(step), 120, "degrees"),
            CheckItem("way of the pelvis over the ground", True, round(float(path), 3), unit="m"),
        ]
    return items


def _angle(a: Array, b: Array) -> float:
    """Degrees between two directions; 180 when one of them is nothing."""
    size = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(np.degrees(np.arccos(np.clip(a @ b / size, -1, 1)))) if size > 1e-9 else 180.0


#: How the joints that tell up and front are called: SMPL, Mixamo and HumanIK, CMU, Unreal, Blender's habits.
_ROLE_NAMES = {
    "head": ("head",),
    "left_hip": ("lefthip", "leftupleg", "thighl", "lhipjoint", "leftthigh", "upperlegl", "leftupperleg", "lfemur"),
    "right_hip": (
        "righthip",
        "rightupleg",
        "thighr",
        "rhipjoint",
        "rightthigh",
        "upperlegr",
        "rightupperleg",
        "rfemur",
    ),
    "left_ankle": ("leftankle", "leftfoot", "footl", "lfoot"),
    "right_ankle": ("rightankle", "rightfoot", "footr", "rfoot"),
}


def roles(skeleton: Skeleton) -> dict[str, int]:
    """Index of the joints that tell up and front, as far as their names are known."""
    plain = ["".join(filter(str.isalpha, name.rsplit(":", 1)[-1].lower())) for name in skeleton.joint_names]
    found: dict[str, int] = {}
    for role, names in _ROLE_NAMES.items():
        known = [plain.index(name) for name in names if name in plain]
        if known:
            found[role] = known[0]
    return found
