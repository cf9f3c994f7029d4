"""Miniature recordings in the conventions of the public corpora: people with other joints, names and axes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from helpers import walking_clip
from motion.core.clip import Motion
from motion.core.rotation import rotmat_to_euler
from motion.core.skeleton import Skeleton
from motion.refine.retarget import SkeletonMap

Array = NDArray[np.floating]

#: Order of SMPL joints such that parents come first and each side's toes are at the end of its leg.
_TREE = (
    "pelvis", "spine1", "spine2", "spine3", "neck", "head", "left_collar", "left_shoulder", "left_elbow", "left_wrist",
    "right_collar", "right_shoulder", "right_elbow", "right_wrist", "left_hip", "left_knee", "left_ankle", "left_foot",
    "right_hip", "right_knee", "right_ankle", "right_foot",
)  # fmt: skip


def recording_like(mapping: SkeletonMap, clip: Motion) -> Motion:
    """An SMPL clip as it would have been recorded on the skeleton that ``mapping`` describes.

    Only joints whose rotation follows one source joint are made, with that joint's axes in the reference pose turned as
    ``mapping.rest`` says; joints the source lacks are stiff, so the clip should not bend there.
    """
    skeleton = clip.skeleton
    turned, positions = skeleton.forward_kinematics(clip.root_position, clip.joint_rotation)
    names, parents, offsets, world = [], [], [], []
    made: dict[str, str] = {}
    for name in _TREE:
        follows = mapping.toes[name.split("_")[0]] if name.endswith("_foot") else mapping.rotations.get(name)
        if not isinstance(follows, str) or follows in names:
            continue
        joint, ancestor = skeleton.index(name), skeleton.parents[skeleton.index(name)]
        while ancestor >= 0 and skeleton.joint_names[ancestor] not in made:
            ancestor = skeleton.parents[ancestor]
        rest = mapping.rest.get(follows, np.eye(3))
        if ancestor < 0:
            parents.append(-1)
            offsets.append(np.zeros(3))
        else:
            parent = made[skeleton.joint_names[ancestor]]
            parents.append(names.index(parent))
            bone = skeleton.rest_positions[joint] - skeleton.rest_positions[ancestor]
            offsets.append(mapping.rest.get(parent, np.eye(3)).T @ bone)
        names.append(follows)
        made[name] = follows
        world.append(turned[:, joint] @ rest)
    source = Skeleton(tuple(names), np.array(parents), np.array(offsets))
    return Motion(source, positions[:, 0], source.local_rotations(np.stack(world, axis=1)), clip.fps)


def straight_walk(seconds: float = 1.0, fps: float = 30.0, seed: int = 0) -> Motion:
    """A walk whose trunk is stiff, and whose left arm is raised so that the sides can be told apart."""
    clip = walking_clip(seconds, fps=fps, seed=seed)
    rotation = clip.joint_rotation.copy()
    stiff = ["spine1", "spine2", "spine3", "head", "neck"]
    stiff += [f"{side}_{joint}" for side in ("left", "right") for joint in ("collar", "hand", "foot")]
    rotation[:, [clip.skeleton.index(name) for name in stiff]] = np.eye(3)
    left = clip.skeleton.index("left_shoulder")
    rotation[:, left] = np.swapaxes(rotation[:, left], -1, -2)
    return Motion(clip.skeleton, clip.root_position, rotation, fps)


def write_raw_bvh(
    clip: Motion,
    path: Path,
    scale: float = 0.01,
    reference: str | None = None,
    all_channels: bool = False,
    end_sites: dict[str, Array] | None = None,
    frame_time: str | None = None,
    added: int = 0,
) -> Path:
    """A BVH file with the quirks real ones have.

    Args:
        clip: what to write.
        path: where.
        scale: metres per unit.
        reference: name of an extra joint above the root that stays at the origin.
        all_channels: give every joint position channels, and nonsense as the root's OFFSET.
        end_sites: joint -> offset of its End Site in metres.
        frame_time: text of the frame time, to lie about it or round it.
        added: frames in the zero pose put in front.
    """
    skeleton, lines = clip.skeleton, ["HIERARCHY"]
    children: dict[int, list[int]] = {}
    for joint, parent in enumerate(skeleton.parents.tolist()):
        children.setdefault(parent, []).append(joint)
    order: list[int] = []

    def block(joint: int, word: str) -> None:
        order.append(joint)
        offset = skeleton.rest_offsets[joint] if joint else np.array([3.0, 2.0, 1.0]) * all_channels
        places = "Xposition Yposition Zposition " if all_channels or joint == 0 else ""
        lines.extend([f"{word} {skeleton.joint_names[joint]}", "{", "OFFSET " + " ".join(map(str, offset / scale))])
        lines.append(f"CHANNELS {6 if places else 3} {places}Zrotation Xrotation Yrotation")
        for child in children.get(joint, []):
            block(child, "JOINT")
        if joint not in children:
            tip = (end_sites or {}).get(skeleton.joint_names[joint], np.array([0.0, 0.01, 0.0])) / scale
            lines.extend(["End Site", "{", "OFFSET " + " ".join(map(str, tip)), "}"])
        lines.append("}")

    if reference:
        lines.extend([f"ROOT {reference}", "{", "OFFSET 0 0 0"])
        lines.append("CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation")
    block(0, "JOINT" if reference else "ROOT")
    lines.extend(["}"] * bool(reference))
    degrees = np.degrees(rotmat_to_euler(clip.joint_rotation, "ZXY"))
    columns = [np.zeros((clip.num_frames, 6))] if reference else []
    for joint in order:
        if joint == 0:
            columns.append(clip.root_position / scale)
        elif all_channels:
            columns.append(np.repeat(skeleton.rest_offsets[[joint]] / scale, clip.num_frames, axis=0))
        columns.append(degrees[:, joint])
    values = np.concatenate(columns, axis=1)
    still = np.zeros_like(values[:1])
    still[:, :3] = values[:1, :3]
    values = np.concatenate([still] * added + [values])
    lines += ["MOTION", f"Frames: {len(values)}", f"Frame Time: {frame_time or f'{1 / clip.fps:.7g}'}"]
    lines += [" ".join(f"{value:.6f}" for value in row) for row in values]
    path.write_text("\n".join(lines) + "\n")
    return path


#: A person of ASF bones: name, parent, direction, length in the file's units, axis in degrees, degrees of freedom.
_BONES: tuple[tuple[str, str, tuple[float, float, float], float, tuple[float, float, float], str], ...] = (
    ("lowerback", "root", (0, 1, 0), 2.0, (0, 0, 0), "rx ry rz"),
    ("upperback", "lowerback", (0, 1, 0), 2.0, (0, 0, 0), "rx ry rz"),
    ("thorax", "upperback", (0, 1, 0), 2.0, (0, 0, 0), "rx ry rz"),
    ("lowerneck", "thorax", (0, 1, 0), 1.6, (0, 0, 0), "rx ry rz"),
    ("upperneck", "lowerneck", (0, 1, -0.2), 1.6, (0, 0, 0), "rx ry rz"),
    ("head", "upperneck", (0, 1, 0), 1.6, (0, 0, 0), "rx ry rz"),
    *(
        bone
        for side, x in (("l", 1.0), ("r", -1.0))
        for bone in (
            (f"{side}clavicle", "thorax", (x, 0.1, 0), 3.4, (0, 0, 0), "ry rz"),
            (f"{side}humerus", f"{side}clavicle", (x, 0, 0), 5.0, (180, 30 * x, 90 * x), "rx ry rz"),
            (f"{side}radius", f"{side}humerus", (x, 0, 0), 3.0, (180, 30 * x, 90 * x), "rx"),
            (f"{side}wrist", f"{side}radius", (x, 0, 0), 1.5, (180, 30 * x, 90 * x), "ry"),
            (f"{side}hand", f"{side}wrist", (x, 0, 0), 0.7, (180, 30 * x, 90 * x), "rx rz"),
            (f"{side}hipjoint", "root", (0.57 * x, -0.75, 0.34), 2.4, (0, 0, 0), ""),
            (f"{side}femur", f"{side}hipjoint", (0.342 * x, -0.94, 0), 7.2, (0, 0, 20 * x), "rx ry rz"),
            (f"{side}tibia", f"{side}femur", (0.342 * x, -0.94, 0), 7.4, (0, 0, 20 * x), "rx"),
            (f"{side}foot", f"{side}tibia", (0.07 * x, -0.19, 0.98), 2.4, (-90, 0, 20 * x), "rx rz"),
            (f"{side}toes", f"{side}foot", (0, 0, 1), 1.2, (-90, 0, 20 * x), "rx"),
        )
    ),
)


def write_asf(path: Path) -> Path:
    """A subject's skeleton in CMU's style: legs apart, arms out, lengths in units of 0.0254 / 0.45 m."""
    lines = [":version 1.10", ":name TEST", ":units", "  mass 1.0", "  length 0.45", "  angle deg", ":root"]
    lines += ["  order TX TY TZ RX RY RZ", "  axis XYZ", "  position 0 0 0", "  orientation 0 0 0", ":bonedata"]
    for number, (name, _, direction, length, axis, dofs) in enumerate(_BONES, start=1):
        unit = np.array(direction) / np.linalg.norm(direction)
        lines += ["  begin", f"     id {number}", f"     name {name}", "     direction " + " ".join(map(str, unit))]
        lines += [f"     length {length}", "     axis " + " ".join(map(str, axis)) + "  XYZ"]
        lines += [f"    dof {dofs}", *["    limits (-160.0 20.0)"] * len(dofs.split())] if dofs else []
        lines.append("  end")
    lines += [":hierarchy", "  begin"]
    for parent in dict.fromkeys(bone[1] for bone in _BONES):
        lines.append(f"    {parent} " + " ".join(bone[0] for bone in _BONES if bone[1] == parent))
    path.write_text("\n".join([*lines, "  end", ""]))
    return path


def write_amc(path: Path, frames: int = 240, knee: float = 40.0, spikes: tuple[int, ...] = ()) -> Path:
    """Knees bend up to ``knee`` degrees and straighten while the root moves ahead; spikes throw the arm about."""
    lines = ["#!OML:ASF TEST", ":FULLY-SPECIFIED", ":DEGREES"]
    for frame in range(frames):
        bend = knee * np.sin(np.pi * frame / max(frames - 1, 1))
        lines += [str(frame + 1), f"root 0 16.5 {0.02 * frame:.5f} 0 0 0"]
        for name, _, _, _, _, dofs in _BONES:
            values = [0.0] * len(dofs.split())
            if name.endswith("tibia"):
                values = [bend]
            if name == "lhumerus":
                values = [0.0, 0.0, 150.0 if frame in spikes else 10.0]
            if values:
                lines.append(f"{name} " + " ".join(f"{value:.5f}" for value in values))
    path.write_text("\n".join([*lines, ""]))
    return path
