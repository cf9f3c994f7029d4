"""BVH files say no unit of length; the size of the figure tells."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from helpers import smpl_skeleton, walking_clip
from motion.formats import load, save
from motion.formats.bvh import write_bvh


@pytest.mark.parametrize("unit", [0.01, 1.0, 0.001, 0.0254 / 0.45])
def test_a_bvh_in_another_unit_is_recognised_by_the_size_of_the_figure(tmp_path: Path, unit: float) -> None:
    clip = walking_clip(0.3)
    write_bvh(clip, tmp_path / "a.bvh", unit)
    assert np.abs(load(tmp_path / "a.bvh").joint_positions() - clip.joint_positions()).max() < 1e-3


def test_a_child_and_a_giant_in_centimetres_stay_what_they_are(tmp_path: Path) -> None:
    for scale in (0.5, 1.6, 30.0):
        clip = walking_clip(0.3, skeleton=smpl_skeleton(scale))
        save(clip, tmp_path / "a.bvh")
        assert np.allclose(load(tmp_path / "a.bvh").joint_positions(), clip.joint_positions(), atol=1e-3)
