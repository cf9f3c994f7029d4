"""The two skinnings agree, with shapes and pose correctives, and the torch one is differentiable."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from motion.body import BodyModel, default_body
from motion.body.skinning_torch import to_torch
from motion.core.clip import Motion
from motion.core.rotation import rotvec_to_rotmat


def random_clip(body: BodyModel, frames: int, seed: int) -> Motion:
    rng = np.random.default_rng(seed)
    rotation = rotvec_to_rotmat(rng.normal(0, 0.6, size=(frames, 24, 3)))
    return Motion(body.skeleton(), rng.normal(size=(frames, 3)), rotation, 30.0, betas=rng.normal(size=10))


def with_correctives(body: BodyModel) -> BodyModel:
    rng = np.random.default_rng(0)
    return replace(body, posedirs=rng.normal(0, 1e-3, size=(len(body.v_template), 3, 207)))


@pytest.mark.parametrize("correctives", [False, True])
def test_torch_agrees_with_numpy(correctives: bool) -> None:
    body = with_correctives(default_body()) if correctives else default_body()
    clip = random_clip(body, 40, seed=1)  # more frames than one block
    ours = body.vertices(clip)
    twin = to_torch(body, dtype=torch.float64)
    vertices, joints = twin(
        torch.from_numpy(clip.root_position), torch.from_numpy(clip.joint_rotation), torch.from_numpy(clip.betas)
    )
    assert np.abs(vertices.numpy() - ours).max() < 1e-5
    shaped = body.skeleton(clip.betas).forward_kinematics(clip.root_position, clip.joint_rotation)[1]
    assert np.abs(joints.numpy() - shaped).max() < 1e-9


def test_batches_of_shapes() -> None:
    body = default_body()
    twin = to_torch(body)
    betas = torch.randn(3, 10, generator=torch.Generator().manual_seed(0))
    rest = torch.eye(3).expand(3, 24, 3, 3)
    vertices, _ = twin(torch.zeros(3, 3), rest, betas)
    for index in range(3):
        expected = (
            body.skin(betas[index].double().numpy()).vertices - body.skeleton(betas[index].numpy()).rest_offsets[0]
        )
        assert np.abs(vertices[index].numpy() - expected).max() < 1e-5


def test_gradients_reach_pose_root_and_shape() -> None:
    twin = to_torch(default_body())
    root = torch.zeros(2, 3, requires_grad=True)
    pose = torch.eye(3).repeat(2, 24, 1, 1).requires_grad_()
    betas = torch.zeros(2, 10, requires_grad=True)
    vertices, joints = twin(root, pose, betas)
    (vertices.square().sum() + joints.square().sum()).backward()
    for leaf in (root, pose, betas):
        assert leaf.grad is not None
        assert torch.isfinite(leaf.grad).all()
        assert leaf.grad.abs().sum() > 0
