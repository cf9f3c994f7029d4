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

    The body is shaped by ``clip.betas`` and its pelvis stands at ``clip.root_position``; the offsets of the clip's own
    skeleton do not matter.
    """
    shaped = body.shaped(clip.betas)
    joints = body.joint_regressor @ shaped
    rotation, position = body.skeleton(clip.betas).forward_kinematics(clip.root_position, clip.joint_rotation)
    shift = position - np.einsum("tjab,jb->tja", rotation, joints)
    transforms = np.concatenate([rotation, shift[..., None]], axis=-1).astype(np.float32)
    weights = body.weights.astype(np.float32)
    vertices = np.empty((clip.num_frames, len(shaped), 3), dtype=np.float32)
    for start in range(0, clip.num_frames, BLOCK):
        block = slice(start, start + BLOCK)
        blended = (weights @ transforms[block].reshape(-1, len(joints), 12)).reshape(-1, len(shaped), 3, 4)
        rest = _corrected(body, shaped, clip.joint_rotation[block]).astype(np.float32)
        vertices[block] = (blended[..., :3] @ rest[..., None])[..., 0] + blended[..., 3]
    return vertices


def _corrected(body: BodyModel, shaped: Array, rotation: Array) -> Array:
    """(T or 1, V, 3) m, the rest surface with the body's pose correctives, if it has any."""
    if body.posedirs is None:
        return shaped[None]
    feature = (rotation[:, 1:] - np.eye(3)).reshape(len(rotation), -1)
    return shaped + np.tensordot(feature, body.posedirs, axes=(1, 2))
