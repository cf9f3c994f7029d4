"""A joint of its own for the way over the ground: it goes, the pelvis bobs, and read back the clip is the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from helpers import box_skin, random_clip, walking_clip
from motion.core import BadInput, Motion
from motion.core.axes import ground, height
from motion.core.rotation import rotmat_to_yaw
from motion.formats import FORMATS, load, save
from motion.formats.check import check_conversion, check_file
from motion.formats.glb_reader import read_skin
from motion.formats.gltf import read_gltf
from motion.formats.gltf_tracks import read_tracks
from motion.formats.root_motion import carried

ABLE = [suffix for suffix, entry in FORMATS.items() if entry.root_joint]


def test_what_is_carried_stays_over_the_root_and_faces_as_it_does() -> None:
    clip = random_clip(40)
    way, turn, seen = carried(clip)
    np.testing.assert_allclose(height(way), 0.0)
    np.testing.assert_allclose(ground(seen.root_position), 0.0)
    np.testing.assert_allclose(rotmat_to_yaw(seen.joint_rotation[:, 0]), 0.0, atol=1e-9)
    back = way[:, None] + np.einsum("tij,tkj->tki", turn, seen.joint_positions())
    np.testing.assert_allclose(back, clip.joint_positions(), atol=1e-9)


@pytest.mark.parametrize("suffix", ABLE)
@pytest.mark.parametrize("clip", [walking_clip(2.0), random_clip(40)], ids=["walk", "random"])
def test_a_file_with_a_root_joint_is_read_as_the_same_clip(suffix: str, clip: Motion, tmp_path: Path) -> None:
    file = save(clip, tmp_path / f"clip{suffix}", skin=box_skin(), root_motion="root")
    assert load(file).skeleton.joint_names == clip.skeleton.joint_names
    assert [item for item in check_conversion(clip, file) if not item.ok] == []


@pytest.mark.parametrize("suffix", ABLE)
def test_the_check_allows_a_root_that_carries(suffix: str, tmp_path: Path) -> None:
    file = save(walking_clip(2.0), tmp_path / f"clip{suffix}", skin=box_skin(), root_motion="root")
    assert [item.name for item in check_file(file) if not item.ok] == []


def test_the_root_of_a_glb_is_a_joint_that_goes_and_the_pelvis_only_bobs(tmp_path: Path) -> None:
    clip = walking_clip(2.0)
    path = save(clip, tmp_path / "clip.glb", skin=box_skin(), root_motion="root")
    file = read_gltf(path)
    nodes, skin = file.document["nodes"], file.document["skins"][0]
    names = [node.get("name") for node in nodes]
    root, pelvis = names.index("root"), names.index("pelvis")
    assert nodes[root]["children"] == [pelvis] and root in skin["joints"] and skin["skeleton"] == root
    tracks = read_tracks(file, file.document["animations"][0])
    np.testing.assert_allclose(ground(tracks[root]["translation"].values), ground(clip.root_position), atol=1e-5)
    np.testing.assert_allclose(height(tracks[root]["translation"].values), 0.0)
    np.testing.assert_allclose(ground(tracks[pelvis]["translation"].values), 0.0)
    back = read_skin(path)
    assert back is not None
    assert np.abs(back.weights - box_skin().weights).max() < 1e-5


def test_a_bvh_names_the_root_first(tmp_path: Path) -> None:
    text = save(walking_clip(1.0), tmp_path / "clip.bvh", root_motion="root").read_text()
    head = text.partition("MOTION")[0]
    assert head.split()[1:3] == ["ROOT", "root"] and "JOINT pelvis" in head
    assert head.count("{") == head.count("}") and head.count("Xposition") == 2


def test_a_format_without_one_and_an_unknown_place_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"only \.glb and \.bvh can have a root joint"):
        save(walking_clip(1.0), tmp_path / "clip.npz", root_motion="root")
    with pytest.raises(BadInput, match="hips or root"):
        save(walking_clip(1.0), tmp_path / "clip.glb", root_motion="feet")
    assert list(tmp_path.iterdir()) == []
