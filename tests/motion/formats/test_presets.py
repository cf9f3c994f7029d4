"""Presets: names, root bone, where the way is, in every format that has them; joints stay where they are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from helpers import box_skin, smpl_skeleton, walking_clip
from motion.core.axes import ground
from motion.core.clip import Motion
from motion.core.errors import BadInput, UnknownName
from motion.core.rotation import rotmat_to_yaw, rotvec_to_rotmat
from motion.core.skeleton import SMPL_JOINT_NAMES, Skeleton
from motion.formats import load, save
from motion.formats.check import check_file
from motion.formats.conversion import convert, skin_of
from motion.formats.presets import PRESETS, chosen, preset_of
from motion.formats.take import heading, take_of

WRITTEN = (".fbx", ".glb", ".bvh")


def turning() -> Motion:
    """Somebody turns on the spot."""
    clip = walking_clip(1.0)
    yaw = np.linspace(0, np.pi * 1.5, clip.num_frames)
    turn = rotvec_to_rotmat(np.stack([0 * yaw, yaw, 0 * yaw], axis=-1))
    rotation = clip.joint_rotation.copy()
    rotation[:, 0] = turn @ rotation[:, 0]
    return replace(clip, joint_rotation=rotation, root_position=clip.root_position * [0.0, 1.0, 0.0])


def lying() -> Motion:
    """Somebody lies down on the side, so that for a while the lateral axis stands upright."""
    clip = walking_clip(1.0)
    roll = np.linspace(0, np.pi / 2, clip.num_frames)
    turn = rotvec_to_rotmat(np.stack([0 * roll, 0 * roll, roll], axis=-1))
    rotation = clip.joint_rotation.copy()
    rotation[:, 0] = turn @ rotation[:, 0]
    down = np.linspace(1.0, 0.2, clip.num_frames)[:, None]
    return replace(clip, joint_rotation=rotation, root_position=clip.root_position * np.hstack([0 * down, down, down]))


CLIPS = {"walk": walking_clip(1.0), "turn in place": turning(), "lying down": lying()}


def positions(path: Path, clip: Motion, names: dict[str, str]) -> np.ndarray:
    back = load(path)
    return back.joint_positions()[:, [back.skeleton.index(names[joint]) for joint in clip.skeleton.joint_names]]


@pytest.mark.parametrize("suffix", WRITTEN)
@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("kind", CLIPS)
def test_joints_stay_where_they_are(tmp_path: Path, suffix: str, name: str, kind: str) -> None:
    clip, preset = CLIPS[kind], PRESETS[name]
    path = save(clip, tmp_path / f"a{suffix}", skin=box_skin(), preset=preset)
    assert np.abs(positions(path, clip, dict(preset.bones)) - clip.joint_positions()).max() < 1e-4


@pytest.mark.parametrize("suffix", WRITTEN)
@pytest.mark.parametrize("name", PRESETS)
def test_our_files_pass_the_check(tmp_path: Path, suffix: str, name: str) -> None:
    path = save(walking_clip(1.0), tmp_path / f"a{suffix}", skin=box_skin(), preset=PRESETS[name])
    assert [item.name for item in check_file(path) if not item.ok] == []


@pytest.mark.parametrize("name", PRESETS)
def test_every_joint_has_a_bone_below_the_right_one(name: str) -> None:
    preset = PRESETS[name]
    assert tuple(preset.bones) == SMPL_JOINT_NAMES
    skeleton = take_of(walking_clip(0.1), preset).skeleton
    parents = {n: skeleton.joint_names[p] if p >= 0 else None
               for n, p in zip(skeleton.joint_names, skeleton.parents, strict=True)}  # fmt: skip
    assert parents == preset.parents()
    assert [n for n, p in parents.items() if p is None] == [preset.root or preset.bones["pelvis"]]


def test_the_root_carries_the_way_and_the_hips_the_rest() -> None:
    clip = turning()
    clip = replace(clip, root_position=clip.root_position + np.linspace([0, 0, 0], [2, 0, 3], clip.num_frames))
    take = take_of(clip, PRESETS["unreal"])
    assert np.allclose(ground(take.translation[0]), ground(clip.root_position), atol=2e-4)
    assert np.ptp(take.translation[0][:, 1]) == 0
    assert np.allclose(rotmat_to_yaw(take.rotation[:, 0]), rotmat_to_yaw(clip.joint_rotation[:, 0]), atol=1e-9)
    assert np.abs(rotmat_to_yaw(take.rotation[:, 1])).max() < 1e-9
    assert np.ptp(ground(take.translation[1]), axis=0).max() < 1e-9


@pytest.mark.parametrize("name", [name for name, preset in PRESETS.items() if preset.root])
def test_blender_cannot_fasten_the_hips_to_the_root(name: str) -> None:
    """Its importers give a bone the length to its child; a child that begins at that end can move no longer."""
    rest = take_of(walking_clip(0.1), PRESETS[name]).skeleton.rest_positions
    along = np.linalg.norm(rest[1] - rest[0]) * np.array([0.0, 1.0, 0.0])
    assert np.linalg.norm(rest[0] + along - rest[1]) > 5e-5
    assert np.linalg.norm(rest[0]) < 2e-4


def test_the_way_may_be_elsewhere() -> None:
    clip = walking_clip(1.0)
    hips = take_of(clip, PRESETS["unreal"].with_options("hips"))
    assert np.ptp(hips.translation[0], axis=0).max() == 0
    assert np.allclose(hips.translation[1], clip.root_position, atol=2e-4)
    spot = take_of(clip, PRESETS["mixamo"].with_options("in-place"))
    assert np.abs(ground(spot.translation[0])).max() == 0
    assert np.array_equal(spot.rotation, clip.joint_rotation)
    added = take_of(clip, PRESETS["mixamo"].with_options("root"))
    assert added.skeleton.joint_names[:2] == ("root", "mixamorig:Hips")


def test_a_heading_never_jumps_while_lying() -> None:
    clip = lying()
    assert np.degrees(np.abs(np.diff(heading(clip.joint_rotation[:, 0]))).max()) < 15


@pytest.mark.parametrize("suffix", WRITTEN)
def test_the_first_frame_may_show_the_rest_pose(tmp_path: Path, suffix: str) -> None:
    clip = walking_clip(1.0)
    clip = replace(clip, root_position=clip.root_position + [3.0, 0.0, 4.0])
    path = save(clip, tmp_path / f"a{suffix}", preset=PRESETS["unity"].with_options(t_pose=True))
    back = load(path)
    assert back.num_frames == clip.num_frames + 1
    assert np.allclose(back.joint_rotation[0], np.eye(3), atol=1e-6)
    items = {item.name: item for item in check_file(path)}
    assert items["first frame"].value == "the rest pose"
    assert all(item.ok for item in items.values())


@pytest.mark.parametrize("suffix", [".fbx", ".glb"])
@pytest.mark.parametrize("name", ["mixamo", "unity", "maya", "vrm", "unreal"])
def test_a_preset_is_recognised_and_undone(tmp_path: Path, suffix: str, name: str) -> None:
    clip, skin = walking_clip(0.5), box_skin()
    save(clip, tmp_path / "a.npz")
    convert(tmp_path / "a.npz", tmp_path / f"b{suffix}", skin=skin, preset=PRESETS[name])
    convert(tmp_path / f"b{suffix}", tmp_path / f"c{suffix}")
    back = load(tmp_path / f"c{suffix}")
    assert back.skeleton.joint_names == SMPL_JOINT_NAMES
    assert np.abs(back.joint_positions() - clip.joint_positions()).max() < 1e-4
    found = skin_of(tmp_path / f"c{suffix}")
    assert found is not None
    expected = skin.deform(clip.root_position, clip.joint_rotation)
    assert np.abs(found.deform(back.root_position, back.joint_rotation) - expected).max() < 1e-4


def test_unknown_names_are_told() -> None:
    with pytest.raises(UnknownName, match="did you mean 'unreal'"):
        preset_of("unrael")
    with pytest.raises(UnknownName, match="in-place"):
        chosen("unity", "nowhere")
    assert chosen(None) is None
    other = Skeleton(("a", *smpl_skeleton().joint_names[1:]), smpl_skeleton().parents, smpl_skeleton().rest_offsets)
    with pytest.raises(BadInput, match="SMPL's 24 joints"):
        take_of(replace(walking_clip(0.1), skeleton=other), PRESETS["godot"])
