"""Writing BVH text: centimetres, only the root has position channels, every leaf has an End Site, angles never jump."""

from __future__ import annotations

from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.core.clip import Motion
from motion.core.rotation import rotmat_to_euler
from motion.core.skeleton import Skeleton
from motion.core.skin import Skin
from motion.formats.atomic import atomic_path
from motion.formats.root_motion import ROOT_JOINT, carried

Array = NDArray[np.floating]


def write_bvh(
    clip: Motion,
    path: str | PathLike[str],
    scale: float = 0.01,
    order: str = "ZXY",
    *,
    skin: Skin | None = None,
    provenance: dict[str, Any] | None = None,
    root_motion: str = "hips",
) -> None:
    """Write a clip as BVH: only the root has position channels, every leaf has an End Site, angles never jump.

    Args:
        clip: the movement; the joints keep their names.
        path: the file to write, replaced only when complete.
        scale: metres per unit of length in the file; 0.01 writes centimetres.
        order: order of the rotation channels, such as ``ZXY`` or ``ZYX``.
        skin, provenance: have no place in the format.
        root_motion: where the way over the ground is: ``hips``, or ``root``, a joint of its own that carries the first.
    """
    skeleton, carrier, carries = clip.skeleton, "", np.zeros((clip.num_frames, 0))
    if root_motion == ROOT_JOINT:
        way, turn, clip = carried(clip)
        turned = np.degrees(unrolled_euler(turn[:, None], order))[:, 0]
        carrier, carries = ROOT_JOINT, np.concatenate([way / scale, turned], axis=1)
    degrees = np.degrees(unrolled_euler(clip.joint_rotation, order))  # (T, J, 3)
    order_of_text = _depth_first(skeleton)
    turns = degrees[:, order_of_text].reshape(clip.num_frames, -1)
    values = np.concatenate([carries, clip.root_position / scale, turns], axis=1)
    rows = "\n".join(" ".join(f"{value:.6f}" for value in row) for row in values.tolist())
    head = f"MOTION\nFrames: {clip.num_frames}\nFrame Time: {1.0 / clip.fps:.17g}\n"
    with atomic_path(path) as temporary:
        temporary.write_text(_hierarchy_text(skeleton, scale, order, carrier) + head + rows + "\n", encoding="ascii")


def unrolled_euler(rotation: Array, order: str) -> Array:
    """Intrinsic Euler angles (T, J, 3) in radians that stay close to those of the frame before.

    Near gimbal lock the middle angle's mirror solution and whole turns are chosen so that curves do not jump; the
    rotations stay the same.
    """
    angles = rotmat_to_euler(rotation, order)
    for t in range(1, len(angles)):
        before, here = angles[t - 1], angles[t]
        other = np.stack([here[:, 0] + np.pi, np.pi - here[:, 1], here[:, 2] + np.pi], axis=-1)
        near = [option - 2 * np.pi * np.round((option - before) / (2 * np.pi)) for option in (here, other)]
        far = [np.abs(option - before).sum(axis=-1) for option in near]
        angles[t] = np.where((far[1] < far[0])[:, None], near[1], near[0])
    return angles


def _depth_first(skeleton: Skeleton) -> list[int]:
    children: dict[int, list[int]] = {}
    for joint, parent in enumerate(skeleton.parents.tolist()):
        children.setdefault(parent, []).append(joint)
    order, stack = [], [0]
    while stack:
        joint = stack.pop()
        order.append(joint)
        stack.extend(reversed(children.get(joint, [])))
    return order


def _hierarchy_text(skeleton: Skeleton, scale: float, order: str, carrier: str) -> str:
    """The HIERARCHY part. A leaf's End Site continues its bone by a tenth of a metre at most.

    ``carrier`` is the name of a joint that carries the first one, or nothing.
    """
    parents = skeleton.parents.tolist()
    turns = " ".join(f"{axis.upper()}rotation" for axis in order)
    places = "Xposition Yposition Zposition "
    lines = ["HIERARCHY"]
    if carrier:
        lines += [f"ROOT {carrier}", "{", "  OFFSET 0 0 0", f"  CHANNELS 6 {places}{turns}"]
    depth: dict[int, int] = {-1: 0 if carrier else -1}
    open_joints: list[int] = []
    for joint in _depth_first(skeleton):
        while open_joints and open_joints[-1] != parents[joint]:
            lines.append("  " * depth[open_joints.pop()] + "}")
        depth[joint] = depth[parents[joint]] + 1
        pad = "  " * depth[joint]
        offset = np.zeros(3) if joint == 0 else skeleton.rest_offsets[joint]
        lines += [f"{pad}{'JOINT' if joint or carrier else 'ROOT'} {skeleton.joint_names[joint]}", pad + "{"]
        lines.append(f"{pad}  OFFSET {_triple(offset / scale)}")
        lines.append(f"{pad}  CHANNELS {3 if joint else 6} {'' if joint else places}{turns}")
        if joint not in parents:
            length = float(np.linalg.norm(offset))
            tip = offset * min(1.0, 0.1 / length) if length > 0 else np.array([0.0, 0.05, 0.0])
            lines += [f"{pad}  End Site", pad + "  {", f"{pad}    OFFSET {_triple(tip / scale)}", pad + "  }"]
        open_joints.append(joint)
    while open_joints:
        lines.append("  " * depth[open_joints.pop()] + "}")
    if carrier:
        lines.append("}")
    return "\n".join(lines) + "\n"


def _triple(values: Array) -> str:
    return " ".join(f"{value:.6f}" for value in values.tolist())
