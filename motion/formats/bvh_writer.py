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
from motion.formats.euler import unrolled
from motion.formats.presets import Preset
from motion.formats.take import take_of

Array = NDArray[np.floating]


def write_bvh(
    clip: Motion,
    path: str | PathLike[str],
    scale: float = 0.01,
    order: str = "ZXY",
    *,
    skin: Skin | None = None,
    provenance: dict[str, Any] | None = None,
    preset: Preset | None = None,
) -> None:
    """Write a clip as BVH: only the root has position channels, every leaf has an End Site, angles never jump.

    Args:
        clip: the movement; the joints keep their names.
        path: the file to write, replaced only when complete.
        scale: metres per unit of length in the file; 0.01 writes centimetres.
        order: order of the rotation channels, such as ``ZXY`` or ``ZYX``.
        skin, provenance: have no place in the format.
        preset: names of the bones and the first frame; the way stays on the hips, the only ones that may move.
    """
    take = take_of(clip, preset, root_bone=False)
    skeleton = take.skeleton
    degrees = np.degrees(unrolled_euler(take.rotation, order))  # (T, J, 3)
    order_of_text = _depth_first(skeleton)
    values = np.concatenate(
        [take.translation[0] / scale, degrees[:, order_of_text].reshape(take.num_frames, -1)], axis=1
    )
    rows = "\n".join(" ".join(f"{value:.6f}" for value in row) for row in values.tolist())
    head = f"MOTION\nFrames: {take.num_frames}\nFrame Time: {1.0 / clip.fps:.17g}\n"
    with atomic_path(path) as temporary:
        temporary.write_text(_hierarchy_text(skeleton, scale, order) + head + rows + "\n", encoding="ascii")


def unrolled_euler(rotation: Array, order: str) -> Array:
    """Intrinsic Euler angles (T, J, 3) in radians that stay close to those of the frame before.

    Near gimbal lock the middle angle's mirror solution and whole turns are chosen so that curves do not jump; the
    rotations stay the same.
    """
    return unrolled(rotmat_to_euler(rotation, order))


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


def _hierarchy_text(skeleton: Skeleton, scale: float, order: str) -> str:
    """The HIERARCHY part. A leaf's End Site continues its bone by a tenth of a metre at most."""
    parents = skeleton.parents.tolist()
    turns = " ".join(f"{axis.upper()}rotation" for axis in order)
    lines = ["HIERARCHY"]
    depth: dict[int, int] = {-1: -1}
    open_joints: list[int] = []
    for joint in _depth_first(skeleton):
        while open_joints and open_joints[-1] != parents[joint]:
            lines.append("  " * depth[open_joints.pop()] + "}")
        depth[joint] = depth[parents[joint]] + 1
        pad = "  " * depth[joint]
        offset = np.zeros(3) if joint == 0 else skeleton.rest_offsets[joint]
        lines += [f"{pad}{'JOINT' if joint else 'ROOT'} {skeleton.joint_names[joint]}", pad + "{"]
        lines.append(f"{pad}  OFFSET {_triple(offset / scale)}")
        places = "" if joint else "Xposition Yposition Zposition "
        lines.append(f"{pad}  CHANNELS {3 if joint else 6} {places}{turns}")
        if joint not in parents:
            length = float(np.linalg.norm(offset))
            tip = offset * min(1.0, 0.1 / length) if length > 0 else np.array([0.0, 0.05, 0.0])
            lines += [f"{pad}  End Site", pad + "  {", f"{pad}    OFFSET {_triple(tip / scale)}", pad + "  }"]
        open_joints.append(joint)
    while open_joints:
        lines.append("  " * depth[open_joints.pop()] + "}")
    return "\n".join(lines) + "\n"


def _triple(values: Array) -> str:
    return " ".join(f"{value:.6f}" for value in values.tolist())
