"""BVH text: read any hierarchy into a ``Motion``, write a ``Motion`` that every tool reads back alike.

Lengths in BVH files have no stated unit; centimetres are usual, so ``scale`` defaults to 0.01 metres per unit.
Euler angles are intrinsic, in the order in which the channels stand. Position channels replace a joint's OFFSET.
"""

from __future__ import annotations

from os import PathLike

import numpy as np
from numpy.typing import NDArray

from motion.core.clip import Motion
from motion.core.errors import BadFile, MotionError
from motion.core.rotation import euler_to_rotmat
from motion.core.skeleton import SMPL_JOINT_NAMES, Skeleton
from motion.formats.bvh_text import POSITIONS, Joint, read_bvh_file
from motion.formats.bvh_writer import unrolled_euler, write_bvh
from motion.formats.folding import on_floor

__all__ = ["read_bvh", "read_bvh_of_any_unit", "unrolled_euler", "write_bvh"]

Array = NDArray[np.floating]

#: Joints whose position channels move by less (metres) are rigid: the channels only repeat an offset.
RIGID = 1e-3


def read_bvh(
    path: str | PathLike[str], scale: float | None = 0.01, end_sites: bool = False, *, skeleton: Skeleton | None = None
) -> Motion:
    """Read a BVH file.

    Args:
        path: the file.
        scale: metres per unit of length in the file; None: what makes a person of it, centimetres where they may.
        end_sites: also give each End Site a joint, named ``<parent>_end``, that never rotates.
        skeleton: not needed; a BVH file carries its own.

    Returns:
        The clip with the file's own skeleton; at identity rotations it stands in the file's zero pose. SMPL's joints
        come in SMPL's order, others in the file's. A root that only carries one child with positions of its own (a
        "reference" joint) is folded into that child.

    Raises:
        BadFile: it is not BVH, is cut short, holds NaN, or exceeds the limits.
    """
    file = read_bvh_file(path)
    try:
        return _to_clip(file.joints, file.frames, file.fps, file.scale if scale is None else scale, end_sites)
    except MotionError as error:
        raise BadFile(path, str(error)) from error


def read_bvh_of_any_unit(
    path: str | PathLike[str], *, end_sites: bool = False, skeleton: Skeleton | None = None
) -> Motion:
    """Read a BVH file whose unit of length nobody tells: centimetres unless the figure only fits people in another.

    ``end_sites`` as for ``read_bvh``.
    """
    return read_bvh(path, None, end_sites)


def _to_clip(joints: list[Joint], frames: Array, fps: float, scale: float, end_sites: bool) -> Motion:
    count = len(frames)
    offsets = np.array([joint.offset for joint in joints]) * scale
    translation = np.broadcast_to(offsets, (count, *offsets.shape)).copy()
    rotation = np.broadcast_to(np.eye(3), (count, len(joints), 3, 3)).copy()
    groups: dict[str, tuple[list[int], list[list[int]]]] = {}
    column = 0
    for index, joint in enumerate(joints):
        turns = []
        for channel in joint.channels:
            if channel in POSITIONS:
                translation[:, index, POSITIONS[channel]] = frames[:, column] * scale
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


def _fold_reference(joints: list[Joint], keep: list[int], translation: Array, rotation: Array, fps: float) -> Motion:
    """Joints with constant offsets below the first one that moves."""
    root_position, root_rotation, first = translation[:, 0], rotation[:, 0], 0
    while True:
        children = [i for i in keep if joints[i].parent == first]
        if len(children) != 1 or not set(joints[children[0]].channels) & set(POSITIONS):
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


def _in_smpl_order(joints: list[Joint], keep: list[int]) -> list[int]:
    """BVH files list joints depth first; SMPL's own joints come back in SMPL's order."""
    index = {joints[i].name: i for i in keep}
    return [index[name] for name in SMPL_JOINT_NAMES] if set(index) == set(SMPL_JOINT_NAMES) else keep


def _name(joints: list[Joint], index: int) -> str:
    joint = joints[index]
    return f"{joints[joint.parent].name}_end" if joint.is_end else joint.name
