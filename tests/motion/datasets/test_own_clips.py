"""A user's clips, whatever their skeleton, become clips of the model's body on the floor."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from corpora import write_amc, write_asf

from helpers import smpl_skeleton, walking_clip
from motion.core.clip import Motion
from motion.core.errors import BadFile, BadInput
from motion.core.skeleton import Skeleton
from motion.datasets.cleaning import FPS, floor_height
from motion.datasets.own_clips import MAPS, _joints_of, _map_of, read_own_clips
from motion.datasets.skeletons import DEEPMIMIC
from motion.formats import save


def test_clips_of_another_size_and_rate_fit_the_body(tmp_path: Path) -> None:
    small = walking_clip(2.0, fps=60.0, skeleton=smpl_skeleton(0.7))
    for name in ("b.bvh", "a.glb"):
        save(small, tmp_path / name)
    (tmp_path / "notes.txt").write_text("not a clip")
    found = read_own_clips(tmp_path, smpl_skeleton())
    assert list(found) == ["a.glb", "b.bvh"]
    full = walking_clip(2.0, skeleton=smpl_skeleton())
    for clip in found.values():
        assert clip.fps == FPS and clip.num_frames == 60
        assert clip.skeleton.joint_names == full.skeleton.joint_names
        assert np.array_equal(clip.skeleton.rest_offsets, smpl_skeleton().rest_offsets)
        assert floor_height(clip) == pytest.approx(0.0, abs=0.02)
        assert np.ptp(clip.root_position[:, 2]) == pytest.approx(np.ptp(small.root_position[:, 2]) / 0.7, rel=0.1)


def test_every_known_skeleton_is_recognised_by_its_joints() -> None:
    for one in MAPS:
        names = tuple(sorted(_joints_of(one)))
        parents = np.array([-1] + [0] * (len(names) - 1))
        found = _map_of(Skeleton(names, parents, np.zeros((len(names), 3))))
        assert found is one


def test_a_skeleton_nobody_knows_is_refused(tmp_path: Path) -> None:
    skeleton = Skeleton(("base", "arm"), np.array([-1, 0]), np.array([[0.0, 1.0, 0.0], [0.0, 0.5, 0.0]]))
    clip = Motion(skeleton, np.zeros((30, 3)), np.tile(np.eye(3), (30, 2, 1, 1)), 30.0)
    save(clip, tmp_path / "robot.bvh")
    with pytest.raises(BadFile, match=f"robot.bvh.*not known.*{DEEPMIMIC.name}"):
        read_own_clips(tmp_path, smpl_skeleton())


def test_a_folder_without_clips_or_with_too_many_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such folder"):
        read_own_clips(tmp_path / "none", smpl_skeleton())
    with pytest.raises(BadInput, match="holds no clip"):
        read_own_clips(tmp_path, smpl_skeleton())
    for name in "abc":
        (tmp_path / f"{name}.bvh").write_text("")
    with pytest.raises(BadInput, match="3 clips; at most 2"):
        read_own_clips(tmp_path, smpl_skeleton(), most=2)


def test_asf_and_amc_are_read_together(tmp_path: Path) -> None:
    write_amc(tmp_path / "actor_hop_01_120.amc")
    with pytest.raises(BadFile, match=r"actor_hop_01_120.amc.*\.asf"):
        read_own_clips(tmp_path, smpl_skeleton())
    write_asf(tmp_path / "actor.asf")
    (clip,) = read_own_clips(tmp_path, smpl_skeleton()).values()
    assert clip.duration == pytest.approx(240 / 120.0, abs=0.05)
    assert clip.skeleton.joint_names == smpl_skeleton().joint_names
