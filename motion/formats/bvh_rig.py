"""A character in a .bvh: read at rest, and written back with its hierarchy as it stands in the file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import height
from motion.core.rotation import rotmat_to_euler
from motion.formats.atomic import write_bytes
from motion.formats.bvh_text import BvhFile, read_bvh_file
from motion.formats.bvh_writer import write_take
from motion.formats.euler import unrolled
from motion.formats.folding import unique_names
from motion.formats.rig import Posed, Rig, turns_of

Array = NDArray[np.floating]

#: A zero pose is a rest pose if it is at least this tall, as a share of its longest side.
UPRIGHT = 0.5
#: Frames that are looked at for one that stands.
FRAMES = 300


def read_bvh_rig(path: str | os.PathLike[str]) -> Rig:
    """The joints of a .bvh at rest: in its zero pose where that stands, else in the frame with the straightest legs."""
    file = read_bvh_file(path)
    joints = [i for i, joint in enumerate(file.joints) if not joint.is_end]
    place = {old: new for new, old in enumerate(joints)}
    parents = np.array([place.get(file.joints[i].parent, -1) for i in joints])
    offsets = np.array([file.joints[i].offset for i in joints]) * file.scale
    rest = _placed(parents, offsets, np.tile(np.eye(3), (len(joints), 1, 1)))
    if not _stands(rest[:, :3, 3], parents):
        rest = _standing(file, joints, parents, offsets)
    links = np.tile(np.eye(4), (len(joints), 1, 1))
    movable = np.array(["xposition" in file.joints[i].channels for i in joints])
    names = unique_names([file.joints[i].name for i in joints], joints)
    return Rig(Path(path), tuple(names), parents, rest, links, movable, (file, joints))


def _stands(places: Array, parents: NDArray[np.integer]) -> bool:
    """Whether joints (J, 3) that rest so are as tall as people who stand, arms out: from where they part on."""
    children = np.bincount(parents[1:], minlength=len(parents))
    body = places[int(np.argmax(children > 1)) :]
    extent = np.ptp(body, axis=0)
    return bool(np.ptp(height(body)) > UPRIGHT * extent.max() > 0)


def _standing(file: BvhFile, joints: list[int], parents: NDArray[np.integer], offsets: Array) -> Array:
    """(J, 4, 4) of the frame in which the two lowest ends of limbs are furthest below the hips; of equals the first."""
    frames = np.unique(np.linspace(0, len(file.frames) - 1, FRAMES).astype(int))
    rotation = file.rotations(frames)[:, joints]
    count = len(parents)
    branch = int(np.argmax(np.bincount(parents[1:], minlength=count) > 1))
    leaves = sorted(set(range(count)) - set(parents.tolist()))
    poses = [_placed(parents, offsets, turns) for turns in rotation]
    heights = np.array([height(pose[:, :3, 3]) for pose in poses])
    reach = heights[:, branch] - np.sort(heights[:, leaves], axis=1)[:, :2].mean(axis=1)
    return poses[int(np.argmax(np.round(reach, 3)))]


def _placed(parents: NDArray[np.integer], offsets: Array, rotation: Array) -> Array:
    """(J, 4, 4) of joints turned by (J, 3, 3) in their parents' frames."""
    world = np.tile(np.eye(4), (len(offsets), 1, 1))
    for joint, parent in enumerate(parents):
        local = np.eye(4)
        local[:3, :3], local[:3, 3] = rotation[joint], offsets[joint]
        world[joint] = world[parent] @ local if parent >= 0 else local
    return world


def write_bvh_rig(rig: Rig, posed: Posed, path: str | os.PathLike[str], provenance: dict[str, Any] | None) -> None:
    """Write the character with a movement; its own hierarchy where it came from a .bvh, else a new one."""
    if not isinstance(rig.source[0], BvhFile):
        write_take(rig.take(posed), path)
        return
    file, joints = rig.source
    local = rig.locals(posed)
    turns = turns_of(local)
    columns: list[Array] = []
    for bone, index in enumerate(joints):
        joint = file.joints[index]
        angles = _angles(turns[:, bone], joint.order)
        for channel in joint.channels:
            if channel.endswith("position"):
                columns.append(local[:, bone, "xyz".index(channel[0]), 3] / file.scale)
            else:
                columns.append(angles[channel[0].upper()])
    rows = "\n".join(" ".join(f"{value:.6f}" for value in row) for row in np.stack(columns, axis=1).tolist())
    head = f"MOTION\nFrames: {posed.num_frames}\nFrame Time: {1 / posed.fps:.17g}\n"
    write_bytes(path, f"{file.header.rstrip()}\n{head}{rows}\n".encode("latin-1"))


def _angles(turns: Array, order: str) -> dict[str, Array]:
    """Axis -> (T,) degrees of rotations (T, 3, 3); a joint with fewer than three axes does not turn."""
    if len(order) != 3:
        return {axis: np.zeros(len(turns)) for axis in order}
    degrees = np.degrees(unrolled(rotmat_to_euler(turns, order)[:, None])[:, 0])
    return {axis: degrees[:, column] for column, axis in enumerate(order)}
