"""Linear blend skinning in PyTorch: batched, differentiable, on any device; the twin of ``skinning``."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from motion.body.model import BodyModel


@dataclass(frozen=True)
class TorchBody:
    """The tensors of a ``BodyModel``; shapes as there. Call it to pose it."""

    parents: tuple[int, ...]
    v_template: Tensor
    shapedirs: Tensor
    posedirs: Tensor | None
    joint_regressor: Tensor
    weights: Tensor

    def __call__(
        self, root_position: Tensor, joint_rotation: Tensor, betas: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Pose the body.

        Args:
            root_position: (..., 3) m, world position of the pelvis.
            joint_rotation: (..., J, 3, 3), R_parent_joint.
            betas: (..., B) shape coefficients, B at most the body's own; None for the mean person.

        Returns:
            Vertices (..., V, 3) and joints (..., J, 3) in metres, in the world.
        """
        rest = self.v_template
        if betas is not None:
            rest = rest + torch.einsum("vcb,...b->...vc", self.shapedirs[:, :, : betas.shape[-1]], betas)
        joints = self.joint_regressor @ rest
        rotation, position = self._forward_kinematics(root_position, joint_rotation, joints)
        if self.posedirs is not None:
            identity = torch.eye(3, dtype=joint_rotation.dtype, device=joint_rotation.device)
            feature = (joint_rotation[..., 1:, :, :] - identity).flatten(-3)
            rest = rest + torch.einsum("vcp,...p->...vc", self.posedirs, feature)
        shift = position - (rotation @ joints[..., None])[..., 0]
        blended = (self.weights @ rotation.flatten(-2)).unflatten(-1, (3, 3))
        vertices = (blended @ rest[..., None])[..., 0] + self.weights @ shift
        return vertices, position

    def _forward_kinematics(self, root: Tensor, local: Tensor, joints: Tensor) -> tuple[Tensor, Tensor]:
        """R_world_joint (..., J, 3, 3) and world positions (..., J, 3); lists, because autograd dislikes writing."""
        rotations, positions = [local[..., 0, :, :]], [root]
        for joint, parent in enumerate(self.parents[1:], start=1):
            offset = joints[..., joint, :] - joints[..., parent, :]
            rotations.append(rotations[parent] @ local[..., joint, :, :])
            positions.append(positions[parent] + (rotations[parent] @ offset[..., None])[..., 0])
        return torch.stack(rotations, dim=-3), torch.stack(positions, dim=-2)


def to_torch(body: BodyModel, device: torch.device | str = "cpu", dtype: torch.dtype = torch.float32) -> TorchBody:
    """The body as tensors on a device."""

    def tensor(array: object) -> Tensor:
        return torch.as_tensor(array, dtype=dtype, device=device)

    return TorchBody(
        parents=tuple(int(parent) for parent in body.parents),
        v_template=tensor(body.v_template),
        shapedirs=tensor(body.shapedirs),
        posedirs=None if body.posedirs is None else tensor(body.posedirs),
        joint_regressor=tensor(body.joint_regressor),
        weights=tensor(body.weights),
    )
