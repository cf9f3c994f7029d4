"""Anybody's animated nodes, folded into the one meaning a ``Motion`` has.

Foreign rigs rest in any pose with any bone axes, under wrapper nodes that turn and scale. With W a joint's world matrix
and B its inverse bind matrix, W(t) B carries the surface from the bind pose to time t, so its rotation is the joint's
rotation away from the rest pose, whatever the axes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations, product

import numpy as np
from numpy.typing import NDArray

from motion.core.clip import Motion
from motion.core.errors import BadInput
from motion.core.rotation import quat_xyzw_to_rotmat, rotmat_to_quat_xyzw
from motion.core.skeleton import SMPL_JOINT_NAMES, Skeleton

Array = NDArray[np.floating]

#: A joint that moves in its parent's frame by more than this (m) carries the way of the person.
MOVES = 1e-3
#: Names, without namespace and in lower case, of joints that only stand on the floor above the hips.
FLOOR_NAMES = ("root", "reference", "armature")


@dataclass(frozen=True)
class Folded:
    """What came of a rig.

    Attributes:
        clip: the movement; identity rotations are the bind pose.
        world_from_mesh: (3, 3) turns and scales the mesh's coordinates to that pose in the world.
        joints: which of the rig's joints became the clip's, in the clip's order.
    """

    clip: Motion
    world_from_mesh: Array
    joints: list[int]

    def weights(self, weights: Array) -> Array:
        """(V, clip's joints) of (V, rig's joints): what joints that were folded away pulled, the root pulls now."""
        kept = weights[:, self.joints]
        kept[:, 0] += weights.sum(axis=1) - kept.sum(axis=1)
        return kept


def fold(
    names: Sequence[str], parents: Sequence[int], world: Array, default: Array, inverse_bind: Array, fps: float
) -> Folded:
    """The clip of a rig.

    Args:
        names: J unique ones.
        parents: of each joint, -1 for joint 0; parents first.
        world: (T, J, 4, 4) m, Y up.
        default: (J, 4, 4) the same without the animation.
        inverse_bind: (J, 4, 4).
        fps: frames per second.

    Raises:
        BadInput: the rig is scaled to nothing, or mirrored.
    """
    still = default @ inverse_bind
    scale = float(np.median(np.cbrt(np.linalg.det(still[:, :3, :3]))))
    if not scale > 1e-9:
        raise BadInput("its skeleton is scaled to nothing or mirrored")
    alignment = axis_alignment(still[:, :3, :3].sum(axis=0))
    rotation = without_scale(world[..., :3, :3] @ inverse_bind[:, :3, :3]) @ alignment.T
    rest = scale * np.linalg.inv(inverse_bind)[:, :3, 3] @ alignment.T
    positions = world[..., :3, 3]
    first = _hips(names, parents, rotation, positions)
    joints = _in_smpl_order(names, list(range(first, len(names))))
    place = {old: new for new, old in enumerate(joints)}
    above = np.array([place.get(parents[joint], -1) for joint in joints])
    rest = rest[joints]
    offsets = np.where(above[:, None] >= 0, rest - rest[above], rest)
    skeleton = Skeleton(tuple(names[joint] for joint in joints), above, offsets)
    local = skeleton.local_rotations(rotation[:, joints])
    return Folded(Motion(skeleton, positions[:, first], local, fps), alignment * scale, joints)


def _hips(names: Sequence[str], parents: Sequence[int], rotation: Array, positions: Array) -> int:
    """The first joint that is the person's: those above it have one child each and only carry the way."""
    first = 0
    while [i for i, parent in enumerate(parents) if parent == first] == [first + 1] and first + 2 < len(names):
        apart = np.einsum("tba,tb->ta", rotation[:, first], positions[:, first + 1] - positions[:, first])
        if np.ptp(apart, axis=0).max() < MOVES and not on_floor(names[first]):
            break
        first += 1
    return first


def on_floor(name: str) -> bool:
    """Whether a joint of that name only stands on the floor above the hips."""
    return name.rsplit(":", 1)[-1].lower() in FLOOR_NAMES


def _in_smpl_order(names: Sequence[str], joints: list[int]) -> list[int]:
    """Files list nodes in any order; SMPL's own joints come back in SMPL's."""
    index = {names[joint]: joint for joint in joints}
    return [index[name] for name in SMPL_JOINT_NAMES] if set(index) == set(SMPL_JOINT_NAMES) else joints


def ancestors(parents: Sequence[int], node: int) -> list[int]:
    """The node itself, its parent and so on up to the root."""
    chain = [node]
    while parents[chain[-1]] != -1:
        chain.append(parents[chain[-1]])
    return chain


def joint_tree(parents: Sequence[int], members: list[int]) -> tuple[list[int], list[int]]:
    """Joints, parents first and otherwise in the members' order, and the index of each one's parent, -1 for the root.

    A node above members that have none in common becomes a joint. Raises ``BadInput`` where there is no such node.
    """
    if len(set(members)) != len(members) or not all(0 <= m < len(parents) for m in members):
        raise BadInput("its skin names a joint twice or one that does not exist")
    chains = {node: ancestors(parents, node) for node in members}
    inside = set(members)
    roots = [node for node in members if not inside & set(chains[node][1:])]
    if len(roots) > 1:
        shared = [n for n in chains[roots[0]] if all(n in chains[r] for r in roots)]
        if not shared:
            raise BadInput("its skeleton has several unconnected roots")
        inside.add(shared[0])
        chains[shared[0]] = ancestors(parents, shared[0])
        members = [shared[0], *members]
    joints = sorted(members, key=lambda node: len(inside & set(chains[node])))
    place = {node: members.index(node) for node in members}
    if all(place[a] <= place[n] for n in members for a in chains[n] if a in inside):
        joints = list(members)
    index = {node: i for i, node in enumerate(joints)}
    above = [next((index[a] for a in chains[node][1:] if a in inside), -1) for node in joints]
    return joints, above


def unique_names(names: Sequence[str], numbers: Sequence[int]) -> list[str]:
    """The names, those that repeat told apart by their node's number."""
    unique: dict[str, None] = {}
    for name, number in zip(names, numbers, strict=True):
        unique[name if name and name not in unique else f"{name or 'joint'}_{number}"] = None
    return list(unique)


def without_scale(linear: Array) -> Array:
    """The rotations nearest to matrices (..., 3, 3) of positive determinant."""
    size = np.cbrt(np.linalg.det(linear))[..., None, None]
    return quat_xyzw_to_rotmat(rotmat_to_quat_xyzw(linear / np.where(size > 1e-12, size, 1.0)))


def axis_alignment(total: Array) -> Array:
    """Of the 24 rotations that exchange axes, the one nearest to a sum of rotations (3, 3).

    A character modelled lying along another axis and raised by a wrapper node gets a rest pose that stands, while one
    that merely rests in a pose of its own is left as it is.
    """
    turns = [np.eye(3)[list(p)] * np.array(s) for p in permutations(range(3)) for s in product([1.0, -1.0], repeat=3)]
    proper = [turn for turn in turns if np.linalg.det(turn) > 0]
    return proper[int(np.argmax([np.sum(turn * total) for turn in proper]))]
