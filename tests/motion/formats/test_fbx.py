"""What a .fbx of ours holds, judged by ufbx, which shares nothing with our own reader; and our reader on it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import ufbx_facts

from helpers import box_skin, random_clip, walking_clip
from motion.body import default_body
from motion.core.axes import Y_UP_FROM_Z_UP
from motion.core.clip import Motion
from motion.core.rotation import rotmat_to_rotvec, rotvec_to_rotmat
from motion.formats import save
from motion.formats.check import check_conversion, check_file
from motion.formats.euler import best_angles
from motion.formats.fbx import write_fbx
from motion.formats.fbx_reader import read_fbx, read_fbx_with_skin, read_provenance
from motion.formats.presets import PRESETS

needs_ufbx = pytest.mark.skipif(find_spec("ufbx") is None, reason="needs ufbx (pip install ufbx==0.0.5)")

#: How far a joint may be from our own kinematics, in metres.
LIMIT = 1e-4
BONE = 5  # ufbx's number for it


@dataclass(frozen=True)
class Facts:
    """What ufbx found: names and the like, and world matrices in metres and our axes."""

    told: dict[str, Any]
    rest: np.ndarray
    moved: np.ndarray
    skinned: np.ndarray

    def places(self, names: tuple[str, ...]) -> np.ndarray:
        return self.moved[:, [self.told["names"].index(name) for name in names], 3]


def facts_of(path: Path, times: np.ndarray) -> Facts:
    np.save(path.with_suffix(".npy"), times)
    command = [sys.executable, str(ufbx_facts.__file__), str(path), str(path.with_suffix(".npy")), "facts.npz"]
    subprocess.run(command, cwd=path.parent, check=True, capture_output=True, timeout=120)
    with np.load(path.parent / "facts.npz") as found:
        told = json.loads(str(found["facts"]))
        turn = Y_UP_FROM_Z_UP if told["axes"][1] == 4 else np.eye(3)
        metres = np.array([1, 1, 1, told["unit"]])[:, None]
        rest, moved = (found[name] @ turn.T * metres for name in ("rest", "moved"))
        return Facts(told, rest, moved, found["skinned"].reshape(len(times), -1, 3) @ turn.T * told["unit"])


def frame_times(clip: Motion) -> np.ndarray:
    return np.arange(clip.num_frames) / clip.fps


@pytest.fixture
def spinning() -> Motion:
    """Somebody walks while turning round twice: the angles of the usual order would swing wildly at every quarter."""
    clip = walking_clip(2.0)
    yaw = np.linspace(0, 4 * np.pi, clip.num_frames)
    turn = rotvec_to_rotmat(np.stack([0 * yaw, yaw, 0 * yaw], axis=-1))
    rotation = clip.joint_rotation.copy()
    rotation[:, 0] = turn @ rotation[:, 0]
    return replace(clip, joint_rotation=rotation)


@needs_ufbx
@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("kind", ["walk", "lie down"])
def test_ufbx_sees_walking_and_lying_people(tmp_path: Path, preset: str, kind: str) -> None:
    clip = walking_clip(0.5)
    if kind == "lie down":
        roll = np.linspace(0, np.pi / 2, clip.num_frames)
        turn = rotvec_to_rotmat(np.stack([0 * roll, 0 * roll, roll], axis=-1))
        rotation = clip.joint_rotation.copy()
        rotation[:, 0] = turn @ rotation[:, 0]
        clip = replace(clip, joint_rotation=rotation)
    write_fbx(clip, tmp_path / "a.fbx", preset=PRESETS[preset])
    places = facts_of(tmp_path / "a.fbx", frame_times(clip)).places(tuple(PRESETS[preset].bones.values()))
    assert np.abs(places - clip.joint_positions()).max() < LIMIT


@needs_ufbx
@pytest.mark.parametrize("preset", [None, *PRESETS])
def test_ufbx_sees_every_joint_where_it_is(tmp_path: Path, preset: str | None, spinning: Motion) -> None:
    chosen = PRESETS[preset] if preset else None
    write_fbx(spinning, tmp_path / "walk.fbx", skin=box_skin(), preset=chosen)
    facts = facts_of(tmp_path / "walk.fbx", frame_times(spinning))
    names = tuple(chosen.bones.values()) if chosen else spinning.skeleton.joint_names
    assert np.abs(facts.places(names) - spinning.joint_positions()).max() < LIMIT
    expected = box_skin().deform(spinning.root_position, spinning.joint_rotation)
    assert np.abs(facts.skinned - expected).max() < LIMIT
    told = facts.told
    assert (told["version"], told["warnings"]) == (7400, 0)
    assert told["unit"] == (chosen.unit if chosen else 0.01)
    assert told["axes"] == ([0, 4, 3] if chosen and chosen.up == "Z" else [0, 2, 4])
    assert told["stacks"] == [["walk", 0.0, pytest.approx((spinning.num_frames - 1) / 30, abs=1e-9)]]
    assert (told["skins"], told["meshes"], told["poses"]) == (1, 1, 1)
    assert told["kinds"].count(BONE) == len(told["names"]) - 1
    upright = np.broadcast_to(facts.rest[0, :3], facts.rest[:, :3].shape)
    assert np.allclose(facts.rest[:, :3], upright, atol=1e-9)  # no node turns or scales at rest
    assert np.allclose(np.linalg.norm(facts.moved[:, :, :3], axis=-1), 1, atol=1e-6)  # nor scales in motion


@needs_ufbx
@pytest.mark.parametrize("fps", [24.0, 25.0, 30000 / 1001, 30.0, 60.0, 120.0, 59.5])
def test_durations_and_frame_rates_are_exact(tmp_path: Path, fps: float) -> None:
    clip = walking_clip(0.5, fps=fps)
    write_fbx(clip, tmp_path / "a.fbx")
    told = facts_of(tmp_path / "a.fbx", frame_times(clip)).told
    assert told["fps"] == pytest.approx(fps, abs=1e-9 if fps != 30000 / 1001 else 1e-4)  # ufbx says 29.97
    assert told["stacks"][0][2] == pytest.approx((clip.num_frames - 1) / fps, abs=1e-9)
    assert (told["skins"], told["meshes"]) == (0, 0)
    assert read_fbx(tmp_path / "a.fbx").fps == fps


@needs_ufbx
def test_no_bone_flips_between_frames(tmp_path: Path, spinning: Motion) -> None:
    write_fbx(spinning, tmp_path / "a.fbx")
    fine = np.arange(4 * (spinning.num_frames - 1) + 1) / (4 * spinning.fps)
    drawn = facts_of(tmp_path / "a.fbx", fine).moved[:, :, :3].swapaxes(-1, -2)
    local = spinning.skeleton.local_rotations(drawn)
    steps = angles(local).reshape(-1, 4, local.shape[1]).sum(axis=1)
    assert np.degrees(steps - angles(spinning.joint_rotation)).max() < 0.5


def angles(rotation: np.ndarray) -> np.ndarray:
    return np.linalg.norm(rotmat_to_rotvec(rotation[:-1].swapaxes(-1, -2) @ rotation[1:]), axis=-1)


def test_the_usual_order_is_kept_where_it_serves(spinning: Motion) -> None:
    assert np.all(best_angles(walking_clip(1.0).joint_rotation)[0] == 0)
    order, found = best_angles(spinning.joint_rotation)
    assert order[0] != 0
    assert np.degrees(np.abs(np.diff(found, axis=0)).max()) < 60


@pytest.mark.parametrize("clip", [walking_clip(1.0), random_clip(30), walking_clip(0.03)], ids=["walk", "any", "one"])
def test_clip_skin_and_record_come_back(tmp_path: Path, clip: Motion) -> None:
    clip, skin = replace(clip, betas=np.array([0.5, -1.0])), box_skin()
    save(clip, tmp_path / "a.fbx", skin=skin, provenance={"prompt": "går", "seed": 3})
    back, found = read_fbx_with_skin(tmp_path / "a.fbx")
    assert back.skeleton.joint_names == clip.skeleton.joint_names
    assert np.abs(back.joint_positions() - clip.joint_positions()).max() < 1e-5
    assert np.array_equal(back.betas, clip.betas)
    assert read_provenance(tmp_path / "a.fbx") == {"prompt": "går", "seed": 3}
    assert found is not None
    assert np.array_equal(found.faces, skin.faces)
    expected = skin.deform(clip.root_position, clip.joint_rotation)
    assert np.abs(found.deform(back.root_position, back.joint_rotation) - expected).max() < 1e-5
    assert all(item.ok for item in check_conversion(clip, tmp_path / "a.fbx"))


def test_ten_seconds_with_the_body_are_small_and_quick(tmp_path: Path) -> None:
    body = default_body()
    clip, skin = walking_clip(10.0, skeleton=body.skeleton()), body.skin()
    begin = time.process_time()
    write_fbx(clip, tmp_path / "a.fbx", skin=skin)
    assert time.process_time() - begin < 1.0
    assert (tmp_path / "a.fbx").stat().st_size < 3e6


def test_the_check_names_the_faults(tmp_path: Path) -> None:
    clip = walking_clip(1.0)
    write_fbx(clip, tmp_path / "a.fbx", skin=box_skin(), preset=PRESETS["unreal"])
    items = {item.name: item for item in check_file(tmp_path / "a.fbx")}
    assert all(item.ok for item in items.values())
    assert items["bones of preset 'unreal'"].value == "all"
    whirl = np.tile(np.eye(3), (30, 1, 1))
    whirl[7:] = np.diag([-1.0, 1.0, -1.0])
    rotation = clip.joint_rotation.copy()
    rotation[:, 4] = whirl
    write_fbx(replace(clip, joint_rotation=rotation), tmp_path / "b.fbx")
    assert "largest turn of a joint in one frame" in {i.name for i in check_file(tmp_path / "b.fbx") if not i.ok}
