"""A clip put into the shape in which a file holds it: named bones, a root on the floor, the way where it belongs.

The clip's own joints stay exactly where they are in the world, whatever is put above or between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import FORWARD, UP, from_ground, ground, height
from motion.core.clip import Motion
from motion.core.errors import BadInput
from motion.core.rotation import rotmat_to_yaw, yaw_to_rotmat
from motion.core.skeleton import Skeleton
from motion.core.skin import Skin
from motion.formats.presets import Preset

Array = NDArray[np.floating]

#: A heading is told by the lateral axis as long as its part in the ground plane is this long; else from around.
LEVEL = 0.35

#: A root bone stands this far (m) behind the middle of the hips. Else Blender's importers draw it up to the hips, and
#: fasten them to its end, where they can move no longer.
BEHIND = 1e-4


@dataclass(frozen=True)
class Take:
    """What the nodes of a file do.

    Attributes:
        skeleton: the J nodes, at rest.
        rotation: (T, J, 3, 3), R_parent_node.
        translation: node -> (T, 3) m in its parent's frame, for the nodes that move; the others keep their offsets.
        fps: frames per second.
        betas: (B,) shape coefficients of the body, or None.
        node_of: (joints of the clip,) the node of each joint.
        preset: what it was made after, or None.
    """

    skeleton: Skeleton
    rotation: Array
    translation: Mapping[int, Array]
    fps: float
    betas: Array | None
    node_of: NDArray[np.integer]
    preset: Preset | None = None

    @property
    def num_frames(self) -> int:
        return self.rotation.shape[0]

    def dressed(self, skin: Skin) -> Skin:
        """The clip's skin, bound to the nodes."""
        weights = np.zeros((len(skin.vertices), self.skeleton.num_joints))
        weights[:, self.node_of] = skin.weights
        return Skin(self.skeleton, skin.vertices, skin.faces, weights)


def take_of(clip: Motion, preset: Preset | None) -> Take:
    """The clip in the shape of a preset, or as it is without one.

    Args:
        clip: SMPL's 24 joints when there is a preset, else any.
        preset: names, root bone, where the way is, first frame.

    Raises:
        BadInput: the preset knows no names for the clip's joints.
    """
    if preset is None:
        own = np.arange(clip.skeleton.num_joints)
        return Take(clip.skeleton, clip.joint_rotation, {0: clip.root_position}, clip.fps, clip.betas, own)
    strange = sorted(set(clip.skeleton.joint_names) ^ set(preset.bones))
    if strange:
        raise BadInput(
            f"preset {preset.name!r} names SMPL's 24 joints; this clip's skeleton differs in {', '.join(strange[:3])}"
        )
    skeleton, node_of = _named(clip.skeleton, preset)
    rotation = np.tile(np.eye(3), (clip.num_frames, skeleton.num_joints, 1, 1))
    rotation[:, node_of] = clip.joint_rotation
    hips = clip.root_position
    if preset.root_motion == "in-place":
        hips = height(hips)[:, None] * UP
    translation = {int(node_of[0]): hips}
    if preset.root is not None:
        on_floor, turn = _projected(clip, preset.root_motion == "root")
        rotation[:, 0] = turn
        rotation[:, node_of[0]] = np.swapaxes(turn, -1, -2) @ clip.joint_rotation[:, 0]
        translation = {0: on_floor, int(node_of[0]): np.einsum("tba,tb->ta", turn, hips - on_floor)}
    take = Take(skeleton, rotation, translation, clip.fps, clip.betas, node_of, preset)
    return _after_rest(take) if preset.t_pose else take


def _named(skeleton: Skeleton, preset: Preset) -> tuple[Skeleton, NDArray[np.integer]]:
    """The preset's nodes at rest, and the node of each of the skeleton's joints."""
    names: list[str] = [preset.root] if preset.root is not None else []
    behind = -BEHIND * FORWARD * len(names)
    parents, offsets = [-1] * len(names), [behind] * len(names)
    node_of: list[int] = []
    for joint, name in enumerate(skeleton.joint_names):
        above = node_of[skeleton.parents[joint]] if joint else len(names) - 1
        reached = 0.0
        stations = [(bone, share) for bone, end, share in preset.between if end == name]
        for bone, share in [*stations, (preset.bones[name], 1.0)]:
            parents.append(above)
            whole = skeleton.rest_offsets[joint] - (behind if joint == 0 else 0.0)
            offsets.append(whole * (share - reached))
            names.append(bone)
            above, reached = len(names) - 1, share
        node_of.append(above)
    return Skeleton(tuple(names), np.array(parents), np.array(offsets)), np.array(node_of)


def _projected(clip: Motion, moving: bool) -> tuple[Array, Array]:
    """Position (T, 3) and turn (T, 3, 3) of a root bone: below the hips and heading as they do, or at the origin."""
    if not moving:
        return np.tile(-BEHIND * FORWARD, (clip.num_frames, 1)), np.tile(np.eye(3), (clip.num_frames, 1, 1))
    turn = yaw_to_rotmat(heading(clip.joint_rotation[:, 0]))
    return from_ground(ground(clip.root_position)) - BEHIND * turn @ FORWARD, turn


def heading(rotation: Array) -> Array:
    """(T,) rad without jumps, of a body turned by ``rotation`` (T, 3, 3).

    While the lateral axis stands upright (lying on a side, cartwheels) it has no heading; one between those before
    and after is taken.
    """
    lateral = rotation @ np.array([1.0, 0.0, 0.0])
    level = np.flatnonzero(np.linalg.norm(ground(lateral), axis=-1) > LEVEL)
    if not len(level):
        return np.zeros(len(rotation))
    return np.interp(np.arange(len(rotation)), level, np.unwrap(rotmat_to_yaw(rotation[level])))


def _after_rest(take: Take) -> Take:
    """The take after one frame in the rest pose."""
    rest = np.tile(np.eye(3), (1, take.skeleton.num_joints, 1, 1))
    moves = {
        node: np.concatenate([take.skeleton.rest_offsets[[node]], values]) for node, values in take.translation.items()
    }
    return replace(take, rotation=np.concatenate([rest, take.rotation]), translation=moves)
