"""AMASS .npz as others write and read it, and what is refused."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from helpers import box_skin, random_clip, smpl_skeleton, walking_clip
from motion.body import default_body
from motion.core.errors import BadFile, BadInput, MotionError
from motion.core.skeleton import Skeleton
from motion.formats import archive, load, save
from motion.formats.npz import SMPL_REST_PELVIS, read_npz, read_provenance, write_npz


def amass(frames: int = 5, **changes: Any) -> dict[str, Any]:
    """Somebody stands still 1 m above the origin's plane, as AMASS would store it: Z up, facing -Y."""
    upright = Rotation.from_euler("x", 90, degrees=True).as_rotvec()
    poses = np.zeros((frames, 156))
    poses[:, :3] = upright
    trans = np.tile([1.0, 2.0, 1.0] - SMPL_REST_PELVIS, (frames, 1))
    content = {"poses": poses, "trans": trans, "betas": np.zeros(16), "gender": "male", "mocap_framerate": 120.0}
    content.update(changes)
    return {key: value for key, value in content.items() if value is not None}


def written(path: Path, content: dict[str, Any]) -> Path:
    np.savez(path, **content)
    return path


def test_a_standing_amass_person_stands(tmp_path: Path) -> None:
    skeleton = smpl_skeleton()
    clip = load(written(tmp_path / "a.npz", amass()), skeleton=skeleton)
    assert clip.fps == 120
    assert np.allclose(clip.root_position, [1.0, 1.0, -2.0])
    expected = skeleton.rest_positions - skeleton.rest_positions[0] + [1.0, 1.0, -2.0]
    assert np.allclose(clip.joint_positions(), expected)
    assert clip.betas is None


def test_what_others_read_in_our_file(tmp_path: Path) -> None:
    clip = random_clip(7, fps=25)
    save(clip, tmp_path / "a.npz", provenance={"prompt": "walk"})
    with np.load(tmp_path / "a.npz", allow_pickle=False) as found:
        assert found["poses"].shape == (7, 156)
        assert found["trans"].shape == (7, 3)
        assert found["betas"].shape == (16,)
        assert found["gender"].item() == "neutral"
        assert found["mocap_framerate"].tolist() == found["mocap_frame_rate"].tolist() == 25
        # by the definition of SMPL: the pelvis is J0 + trans, turned by the first three numbers; the world has Z up
        turn = Rotation.from_rotvec(found["poses"][:, :3]).as_matrix()
        pelvis = found["trans"] + SMPL_REST_PELVIS
        hip = pelvis + turn @ clip.skeleton.rest_offsets[1]
    ours = clip.joint_positions()
    x, y, z = np.moveaxis(ours[:, 1], -1, 0)
    assert np.allclose(hip, np.stack([x, -z, y], axis=-1))


def test_the_shipped_body_has_smpls_rest_pelvis() -> None:
    assert np.allclose(default_body().file_joints()[0], SMPL_REST_PELVIS, atol=1e-5)


def test_both_spellings_and_every_layout_give_the_same_clip(tmp_path: Path) -> None:
    poses = np.random.default_rng(0).normal(size=(5, 156)) * 0.3
    plain = amass(poses=poses)
    smplx = {**amass(poses=None, mocap_framerate=None), "mocap_frame_rate": np.array([120]),
             "root_orient": poses[:, :3], "pose_body": poses[:, 3:66]}  # fmt: skip
    smpl = amass(poses=np.concatenate([poses[:, :66], np.zeros((5, 6))], axis=1))
    clips = [
        read_npz(written(tmp_path / f"{i}.npz", content), skeleton=smpl_skeleton())
        for i, content in enumerate([plain, smplx, smpl, amass(poses=poses.astype(np.float32))])
    ]
    for clip in clips[1:]:
        assert np.allclose(clip.joint_positions(), clips[0].joint_positions(), atol=1e-6)
        assert clip.fps == 120


def test_shape_contacts_and_provenance_come_back(tmp_path: Path) -> None:
    contacts = np.random.default_rng(0).random((15, 4)) > 0.5
    clip = replace(walking_clip(0.5), betas=np.arange(10.0), contacts=contacts)
    save(clip, tmp_path / "a.npz", provenance={"prompt": "winkt fröhlich", "seed": 3}, skin=box_skin())
    back = load(tmp_path / "a.npz")
    assert back.betas is not None
    assert np.array_equal(back.betas[:10], clip.betas)
    assert np.array_equal(back.contacts, contacts)
    assert read_provenance(tmp_path / "a.npz") == {"prompt": "winkt fröhlich", "seed": 3}


def test_another_rest_pelvis_is_remembered(tmp_path: Path) -> None:
    clip = walking_clip(0.2)
    write_npz(clip, tmp_path / "a.npz", rest_pelvis=np.array([0.1, 0.2, 0.3]))
    assert np.allclose(load(tmp_path / "a.npz").root_position, clip.root_position)


def test_only_smpls_joints_fit(tmp_path: Path) -> None:
    two = Skeleton(("a", "b"), np.array([-1, 0]), np.zeros((2, 3)))
    with pytest.raises(BadInput, match="SMPL's joints"):
        save(random_clip(5, skeleton=two), tmp_path / "a.npz")
    assert not list(tmp_path.iterdir())


BROKEN = {
    "no skeleton": (amass(), "carries no skeleton"),
    "no poses": (amass(poses=None), "neither 'poses'"),
    "no trans": (amass(trans=None), "lacks 'trans'"),
    "no rate": (amass(mocap_framerate=None), "frame rate"),
    "two rates": (amass(mocap_frame_rate=60.0), "two different"),
    "rate zero": (amass(mocap_framerate=0.0), "fps"),
    "a rate beyond reason": (amass(mocap_framerate=1e9), "fps"),
    "odd width": (amass(poses=np.zeros((5, 100))), "'poses' must be"),
    "one number": (amass(poses=np.float64(1)), "'poses' must be"),
    "text for numbers": (amass(trans=np.array(["a"] * 5)), "'trans' must be"),
    "frames that differ": (amass(trans=np.zeros((4, 3))), "'trans' must be"),
    "no frames": (amass(frames=0), "must be"),
    "NaN": (amass(trans=np.full((5, 3), np.nan)), "NaN"),
    "pickled": (amass(betas=np.array([{"a": 1}], dtype=object)), "pickled"),
}


@pytest.mark.parametrize(("content", "message"), BROKEN.values(), ids=BROKEN.keys())
def test_broken_files_are_refused(tmp_path: Path, content: dict[str, Any], message: str) -> None:
    given = None if message == "carries no skeleton" else smpl_skeleton()
    with pytest.raises(MotionError, match=message) as caught:
        load(written(tmp_path / "a.npz", content), skeleton=given)
    assert "\n" not in str(caught.value)


def test_arrays_are_judged_before_they_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_ARRAY_BYTES", 1000)
    with pytest.raises(BadFile, match="larger than"):
        load(written(tmp_path / "a.npz", amass()), skeleton=smpl_skeleton())


def test_a_header_that_promises_more_than_there_is(tmp_path: Path) -> None:
    path = written(tmp_path / "a.npz", amass())
    with zipfile.ZipFile(path) as archive_file:
        members = {name: archive_file.read(name) for name in archive_file.namelist()}
    members["poses.npy"] = members["poses.npy"].replace(b"(5, 156)", b"(9, 156)")
    with zipfile.ZipFile(path, "w") as archive_file:
        for name, content in members.items():
            archive_file.writestr(name, content)
    with pytest.raises(BadFile, match="cut short"):
        load(path, skeleton=smpl_skeleton())
