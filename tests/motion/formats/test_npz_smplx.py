"""smplx, the reference implementation, puts the joints of our AMASS files where our kinematics has them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from helpers import walking_clip
from motion.body import default_body
from motion.core.axes import y_up_from_z_up
from motion.formats import save
from motion.resources import asset

pytestmark = pytest.mark.smpl
smplx = pytest.importorskip("smplx", reason="smplx is not installed: pip install 'stride-studio[smpl]'")
torch = pytest.importorskip("torch")


def test_smplx_plays_our_amass_file(tmp_path: Path) -> None:
    from smplx.utils import Struct
    from smplx.vertex_ids import vertex_ids

    clip = walking_clip(0.5, skeleton=default_body().skeleton())
    save(clip, tmp_path / "a.npz")
    with np.load(asset("body", "neutral.npz"), allow_pickle=False) as file:
        data = Struct(**{key: file[key] for key in file.files})
    landmarks = {name: 0 for name in vertex_ids["smplh"]}  # of SMPL's own mesh; not used here
    model = smplx.SMPL(
        "unused", data_struct=data, vertex_ids=landmarks, batch_size=clip.num_frames, dtype=torch.float64
    )
    with np.load(tmp_path / "a.npz", allow_pickle=False) as found:
        hands = found["stride_hand_pose"].reshape(clip.num_frames, -1)
        pose = {
            "global_orient": found["poses"][:, :3],
            "body_pose": np.concatenate([found["poses"][:, 3:66], hands], axis=1),
            "transl": found["trans"],
            "betas": np.tile(found["betas"][: model.num_betas], (clip.num_frames, 1)),
        }
    joints = model(**{key: torch.tensor(value) for key, value in pose.items()}).joints[:, :24].numpy()
    assert np.abs(y_up_from_z_up(joints) - clip.joint_positions()).max() < 1e-5
