"""Writing BVH text: centimetres, positions of the hips and a root bone alone, an End Site on every leaf, angles that
never jump."""

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
from motion.formats.take import Take, take_of

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
    """Write a clip as BVH: positions of the hips and a root bone alone, End Sites on leaves, angles that never jump.

    Args:
        clip: the movement; the joints keep their names.
        path: the file to write, replaced only when complete.
        scale: metres per unit of length in the file; 0.01 writes centimetres.
        order: order of the rotation channels, such as ``ZXY`` or ``ZYX``.
        skin, provenance: have no place in the format.
        preset: names of the bones, root bone, where the way is, and the first frame; the unit is ``scale``.
    """
    write_take(take_of(clip, preset), path, scale, order)


def write_take(take: Take, path: str | PathLike[str], scale: float = 0.01, order: str = "ZXY") -> None:
    """Write a take as ``write_bvh`` does."""
    degrees = np.degrees(unrolled_euler(take.rotation, order))  # (T, J, 3)
    columns: list[Array] = []
    for joint in _depth_first(take.skeleton):
        places = [take.translation[joint] / scale] if joint in take.translation else []
        columns += [*places, degrees[:, joint]]
    values = np.concatenate(columns, axis=1)
    rows = "\n".join(" ".join(f"{value:.6f}" for value in row) for row in values.tolist())
    head = f"MOTION\nFrames: {take.num_frames}\nFrame Time: {1.0 / take.fps:.17g}\n"
    with atomic_path(path) as temporary:
        temporary.write_text(_hierarchy_text(take, scale, order) + head + rows + "\n", encoding="ascii")


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


def _hierarchy_text(take: Take, scale: float, order: str) -> str:
    """The HIERARCHY part. A leaf's End Site continues its bone by a tenth of a metre at most.

    What moves has no OFFSET: some readers put position channels in its place, others on top of it.
    """
    skeleton, parents = take.skeleton, take.skeleton.parents.tolist()
    turns = " ".join(f"{axis.upper()}rotation" for axis in order)
    lines = ["HIERARCHY"]
    depth: dict[int, int] = {-1: -1}
    open_joints: list[int] = []
    for joint in _depth_first(skeleton):
        while open_joints and open_joints[-1] != parents[joint]:
            lines.append("  " * depth[open_joints.pop()] + "}")
        depth[joint] = depth[parents[joint]] + 1
        pad, moves = "  " * depth[joint], joint in take.translation
        offset = np.zeros(3) if moves else skeleton.rest_offsets[joint]
        lines += [f"{pad}{'JOINT' if joint else 'ROOT'} {skeleton.joint_names[joint]}", pad + "{"]
        lines.append(f"{pad}  OFFSET {_triple(offset / scale)}")
        places = "Xposition Yposition Zposition " if moves else ""
        lines.append(f"{pad}  CHANNELS {6 if moves else 3} {places}{turns}")
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
