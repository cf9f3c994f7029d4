"""smplx, the reference implementation, loads the shipped file and agrees with our skinning."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from motion.body import default_body
from motion.core.clip import Motion
from motion.core.rotation import rotvec_to_rotmat
from motion.resources import asset

pytestmark = pytest.mark.smpl
smplx = pytest.importorskip("smplx", reason="smplx is not installed: pip install 'stride-studio[smpl]'")

FRAMES = 12


def test_smplx_agrees_to_a_hundredth_of_a_millimetre() -> None:
    from smplx.utils import Struct
    from smplx.vertex_ids import vertex_ids

    with np.load(asset("body", "neutral.npz"), allow_pickle=False) as file:
        data = Struct(**dict(file))
    landmarks = dict.fromkeys(vertex_ids["smplh"], 0)  # its face and finger tips, which are SMPL's own vertices
    model = smplx.SMPL("unused", data_struct=data, vertex_ids=landmarks, batch_size=FRAMES, dtype=torch.float64)
    rng = np.random.default_rng(0)
    pose, trans, betas = rng.normal(0, 0.6, (FRAMES, 24, 3)), rng.normal(size=(FRAMES, 3)), rng.normal(size=10)
    theirs = model(
        betas=torch.from_numpy(betas).expand(FRAMES, 10),
        global_orient=torch.from_numpy(pose[:, 0]),
        body_pose=torch.from_numpy(pose[:, 1:].reshape(FRAMES, -1)),
        transl=torch.from_numpy(trans),
    )
    body = default_body()
    root = trans + body.file_joints(betas)[0]
    clip = Motion(body.skeleton(betas), root, rotvec_to_rotmat(pose), 30.0, betas=betas)
    assert np.abs(theirs.vertices.detach().numpy() - body.vertices(clip)).max() < 1e-5
    assert np.abs(theirs.joints.detach().numpy()[:, :24] - clip.joint_positions()).max() < 1e-5
    assert np.array_equal(model.faces.astype(int), body.faces)
