"""Linear blend skinning in numpy (Loper et al., SMPL, 2015, equations 2 to 9), blocked over frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from motion.core.clip import Motion

if TYPE_CHECKING:
    from motion.body.model import BodyModel

Array = NDArray[np.floating]

#: Frames skinned at once: bounds the memory of the blended transforms.
BLOCK = 32


def skin_vertices(body: BodyModel, clip: Motion) -> Array:
    """(T, V, 3) m, float32: every vertex follows the weighted transforms of its joints.

    The root stands where the clip says, so the file's own origin does not matter.
    """
    shaped = body.shaped(clip.betas)
    joints = body.joint_regressor @ shaped
    offsets = joints - np.concatenate([joints[:1], joints[body.parents[1:]]])
    rotation, position = pose_joints(body.parents, offsets, clip.root_position, clip.joint_rotation)
    shift = position - np.einsum("tjab,jb->tja", rotation, joints)
    transforms = np.concatenate([rotation, shift[..., None]], axis=-1).astype(np.float32)
    weights = body.weights.astype(np.float32)
    vertices = np.empty((clip.num_frames, len(shaped), 3), dtype=np.float32)
    for start in range(0, clip.num_frames, BLOCK):
        block = slice(start, start + BLOCK)
        blended = np.tensordot(transforms[block], weights, axes=(1, 1))  # (t, 3, 4, V)
        rest = _corrected(body, shaped, clip.joint_rotation[block]).astype(np.float32)
        vertices[block] = np.einsum("tabv,tvb->tva", blended[:, :, :3], rest) + np.moveaxis(blended[:, :, 3], 1, 2)
    return vertices


def pose_joints(parents: Array, offsets: Array, root: Array, rotation: Array) -> tuple[Array, Array]:
    """R_world_joint (T, J, 3, 3) and positions (T, J, 3) for the given rest offsets (J, 3) in metres."""
    world, position = rotation.copy(), np.empty(rotation.shape[:-1])
    position[:, 0] = root
    for joint, parent in enumerate(parents[1:], start=1):
        world[:, joint] = world[:, parent] @ rotation[:, joint]
        position[:, joint] = position[:, parent] + world[:, parent] @ offsets[joint]
    return world, position


def _corrected(body: BodyModel, shaped: Array, rotation: Array) -> Array:
    """(T or 1, V, 3) m, the rest surface with the body's pose correctives, if it has any."""
    if body.posedirs is None:
        return shaped[None]
    feature = (rotation[:, 1:] - np.eye(3)).reshape(len(rotation), -1)
    return shaped + np.tensordot(feature, body.posedirs, axes=(1, 2))
