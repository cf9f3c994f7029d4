"""A joint of its own for the way over the ground: it goes, the pelvis bobs, and read back the clip is the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from helpers import box_skin, random_clip, walking_clip
from motion.core import BadInput, Motion, UnknownName
from motion.core.axes import ground, height
from motion.core.rotation import rotmat_to_yaw
from motion.formats import FORMATS, load, require_presets, save
from motion.formats.check import check_conversion, check_file
from motion.formats.glb_reader import read_skin
from motion.formats.gltf import read_gltf
from motion.formats.gltf_tracks import read_tracks
from motion.formats.presets import PRESETS, chosen
from motion.formats.take import BEHIND, take_of

ABLE = [suffix for suffix, entry in FORMATS.items() if entry.presets]

#: SMPL's own bones below a root bone.
ON_ROOT = chosen(None, "root")


def test_what_is_carried_stays_over_the_root_and_faces_as_it_does() -> None:
    clip = random_clip(40)
    take = take_of(clip, ON_ROOT)
    way, turn = take.translation[0], take.rotation[:, 0]
    np.testing.assert_allclose(height(way), 0.0)
    np.testing.assert_allclose(
        ground(take.translation[1]), ground(take.translation[1])[:1].repeat(40, axis=0), atol=1e-9
    )
    np.testing.assert_allclose(np.linalg.norm(ground(way - clip.root_position), axis=-1), BEHIND, atol=1e-9)
    np.testing.assert_allclose(turn @ take.rotation[:, 1], clip.joint_rotation[:, 0], atol=1e-9)
    level = np.abs(height(clip.joint_rotation[:, 0, :, 0])) < 0.9
    facing = rotmat_to_yaw(take.rotation[level, 1])
    np.testing.assert_allclose(facing, 0.0, atol=1e-9)


@pytest.mark.parametrize("suffix", ABLE)
@pytest.mark.parametrize("clip", [walking_clip(2.0), random_clip(40)], ids=["walk", "random"])
def test_a_file_with_a_root_joint_is_read_as_the_same_clip(suffix: str, clip: Motion, tmp_path: Path) -> None:
    file = save(clip, tmp_path / f"clip{suffix}", skin=box_skin(), preset=ON_ROOT)
    assert load(file).skeleton.joint_names == clip.skeleton.joint_names
    assert [item for item in check_conversion(clip, file) if not item.ok] == []


@pytest.mark.parametrize("suffix", ABLE)
def test_the_check_allows_a_root_that_carries(suffix: str, tmp_path: Path) -> None:
    file = save(walking_clip(2.0), tmp_path / f"clip{suffix}", skin=box_skin(), preset=ON_ROOT)
    assert [item.name for item in check_file(file) if not item.ok] == []


def test_the_root_of_a_glb_is_a_joint_that_goes_and_the_pelvis_only_bobs(tmp_path: Path) -> None:
    clip = walking_clip(2.0)
    path = save(clip, tmp_path / "clip.glb", skin=box_skin(), preset=ON_ROOT)
    file = read_gltf(path)
    nodes, skin = file.document["nodes"], file.document["skins"][0]
    names = [node.get("name") for node in nodes]
    root, pelvis = names.index("root"), names.index("pelvis")
    assert nodes[root]["children"] == [pelvis] and root in skin["joints"] and skin["skeleton"] == root
    tracks = read_tracks(file, file.document["animations"][0])
    np.testing.assert_allclose(ground(tracks[root]["translation"].values), ground(clip.root_position), atol=2e-4)
    np.testing.assert_allclose(height(tracks[root]["translation"].values), 0.0)
    np.testing.assert_allclose(ground(tracks[pelvis]["translation"].values), 0.0, atol=2e-4)
    back = read_skin(path)
    assert back is not None
    assert np.abs(back.weights - box_skin().weights).max() < 1e-5


def test_a_bvh_names_the_root_first(tmp_path: Path) -> None:
    text = save(walking_clip(1.0), tmp_path / "clip.bvh", preset=ON_ROOT).read_text()
    head = text.partition("MOTION")[0]
    assert head.split()[1:3] == ["ROOT", "root"] and "JOINT pelvis" in head
    assert head.count("{") == head.count("}") and head.count("Xposition") == 2


@pytest.mark.parametrize("name", [name for name, preset in PRESETS.items() if preset.root])
def test_the_hips_of_a_bvh_move_below_the_root_of_a_preset(name: str, tmp_path: Path) -> None:
    preset = PRESETS[name]
    path = save(walking_clip(1.0), tmp_path / "clip.bvh", preset=preset)
    assert path.read_text().split()[1:3] == ["ROOT", preset.root]
    assert load(path).skeleton.joint_names[0] == preset.bones["pelvis"]


def test_hips_that_hardly_bob_are_still_told_from_the_root_of_a_bvh(tmp_path: Path) -> None:
    clip = walking_clip(1.0)
    level = replace(clip, root_position=np.where([False, True, False], 0.9, clip.root_position))
    assert load(save(level, tmp_path / "clip.bvh", preset=ON_ROOT)).skeleton.joint_names[0] == "pelvis"


def test_where_no_file_has_presets_and_an_unknown_place_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"only \.glb, \.fbx and \.bvh have a preset"):
        require_presets([tmp_path / "clip.npz"], ON_ROOT)
    require_presets([tmp_path / "clip.npz"], None)
    require_presets([tmp_path / "clip.npz", tmp_path / "clip.fbx"], ON_ROOT)
    with pytest.raises(UnknownName, match="hips, in-place, root"):
        chosen(None, "feet")
