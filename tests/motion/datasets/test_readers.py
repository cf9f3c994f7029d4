"""Each corpus in miniature, with its quirks."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from corpora import recording_like, straight_walk, write_amc, write_asf, write_raw_bvh

from helpers import random_clip, smpl_skeleton, walking_clip
from motion.core import BadFile
from motion.core.clip import Motion
from motion.core.rotation import rotmat_to_rotvec
from motion.core.skeleton import Skeleton
from motion.datasets import DATASETS
from motion.datasets.humanml3d_features import points_from_features
from motion.datasets.skeletons import BANDAI, DAZ, DEEPMIMIC, STYLE100
from motion.datasets.source import Recording
from motion.formats.npz import write_npz
from motion.metrics.physical import joint_position_error
from motion.refine.retarget import retarget

SKELETON = smpl_skeleton()


def read(name: str, folder: Path) -> list[Recording]:
    dataset = DATASETS[name]
    return [found for record in dataset.find(folder) for found in dataset.load(record, folder, SKELETON)]


def write_labels(folder: Path, name: str, *rows: dict) -> None:
    (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.mark.parametrize("name", DATASETS)
def test_a_folder_without_the_corpus_holds_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.txt").write_text("no motion")
    assert DATASETS[name].find(tmp_path) == []


def test_bandai_with_labels(tmp_path: Path) -> None:
    clip = straight_walk(1.0)
    name = "dataset-2_raise-up-left-hand_angry_017.bvh"
    write_raw_bvh(recording_like(BANDAI, clip), tmp_path / name, reference="joint_Root", all_channels=True)
    write_labels(tmp_path, "bandai-namco", {"file": name, "captions": ["a person raises the left hand angrily."],
                                            "caption_source": "template from labels", "split": "val"})  # fmt: skip
    (found,) = read("bandai", tmp_path)
    assert (found.id, found.split) == ("bandai/dataset-2_raise-up-left-hand_angry_017", "val")
    assert (found.content, found.style) == ("raise-up-left-hand", "angry")
    sources = [caption.source for caption in found.captions]
    assert sources[0] == "template from labels"
    assert set(sources[1:]) == {"template paraphrase"}
    assert found.mapping is BANDAI
    assert joint_position_error(retarget(found.clip, BANDAI, SKELETON), clip) < 0.01


def test_bandai_without_labels(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    path = tmp_path / "deep" / "dataset-1_walk_sad_001.bvh"
    write_raw_bvh(recording_like(BANDAI, straight_walk(0.7)), path, all_channels=True)
    (found,) = read("bandai", tmp_path)
    assert found.captions[0].text == "a person walks sadly."
    assert found.captions[0].source == "template from file name"


@pytest.mark.parametrize(("fps", "stamp"), [(120.0, "0.00833333"), (60.0, "0.00833333")])
def test_cmu_daz_loses_its_t_pose_and_gets_its_true_rate(tmp_path: Path, fps: float, stamp: str) -> None:
    clip = straight_walk(2.0, fps=fps)
    source = recording_like(DAZ, clip)
    feet = {f"{side}Foot": np.array([0.0, -0.05, 0.13]) for side in "lr"}
    write_raw_bvh(source, tmp_path / "10_01.bvh", added=1, frame_time=stamp, end_sites=feet)
    segments = [{"start_s": 0.5, "end_s": 99.0, "captions": ["someone walks"], "caption_source": "KIT"}]
    write_labels(tmp_path, "cmu", {"trial": "10_01", "file": "10_01.bvh", "skeleton": "daz", "true_fps": fps,
                                   "segments": segments, "split": "train"})  # fmt: skip
    (found,) = read("cmu", tmp_path)
    assert found.clip.fps == 30.0
    assert found.clip.duration == pytest.approx(2.0, abs=0.04)
    (caption,) = found.captions
    assert (caption.start_s, caption.end_s) == (0.5, pytest.approx(found.clip.duration))
    first = retarget(found.clip, DAZ, SKELETON).sliced(0, 1)
    assert joint_position_error(first, clip.sliced(0, 1)) < 0.05


def test_cmu_motionbuilder_gets_its_thorax_back(tmp_path: Path) -> None:
    names = ["Hips", "LowerBack", "Spine", "Spine1", "Neck", "LeftShoulder", "RightShoulder"]
    offsets = np.array([[0, 0, 0], [0, 0, 0], [0, 0.11, 0], [0, 0.12, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]])
    skeleton = Skeleton(tuple(names), np.array([-1, 0, 1, 2, 3, 3, 3]), offsets)
    rotation = np.broadcast_to(np.eye(3), (240, 7, 3, 3))
    write_raw_bvh(Motion(skeleton, np.ones((240, 3)), rotation, 120.0), tmp_path / "05_10.bvh", scale=0.0254 / 0.45)
    write_labels(tmp_path, "cmu", {"trial": "05_10", "file": "05_10.bvh", "skeleton": "motionbuilder", "true_fps": 120,
                                   "segments": [], "split": "val"})  # fmt: skip
    (found,) = read("cmu", tmp_path)
    for joint in ("Neck", "LeftShoulder", "RightShoulder"):
        offset = found.clip.skeleton.rest_offsets[found.clip.skeleton.index(joint)]
        assert np.allclose(offset, [0, 0.12, 0], atol=1e-5)


def test_cmu_asf_cut_at_long_spikes_and_without_labels(tmp_path: Path) -> None:
    write_asf(tmp_path / "01.asf")
    write_amc(tmp_path / "01_02.amc", frames=480, spikes=tuple(range(200, 270, 8)))
    (tmp_path / "cmu-mocap-index-text.txt").write_text("01_02\tplayground - climb\n")
    first, second = read("cmu", tmp_path)
    assert (first.id, second.id) == ("cmu/01_02/0", "cmu/01_02/1")
    assert first.clip.duration + second.clip.duration < 480 / 120 - 0.5
    assert [caption.text for caption in first.captions] == ["playground - climb"]
    assert first.captions[0].end_s == pytest.approx(first.clip.duration, abs=0.04)
    knee = retarget(first.clip, first.mapping, SKELETON)
    turned = rotmat_to_rotvec(knee.joint_rotation[-1, SKELETON.index("left_knee")])
    assert turned[0] > 0.3  # bends backward, about +x
    assert abs(turned[1]) < 0.1


def test_hdm05(tmp_path: Path) -> None:
    write_asf(tmp_path / "HDM_bd.asf")
    for take in range(17):
        write_amc(tmp_path / f"HDM_bd_squat1Reps_{take:03d}_120.amc", frames=120)
    found = read("hdm05", tmp_path)
    assert len(found) == 17
    assert {recording.content for recording in found} == {"squat1Reps"}
    assert [recording.split for recording in found].count("val") == 1
    assert "a person does a squat" in [caption.text for caption in found[0].captions]
    assert {caption.source for caption in found[0].captions} == {"template from class name"}


def test_a_missing_skeleton_is_told(tmp_path: Path) -> None:
    write_amc(tmp_path / "HDM_zz_squat1Reps_001_120.amc", frames=120)
    with pytest.raises(BadFile, match=r"HDM_zz\.asf"):
        read("hdm05", tmp_path)


def test_deepmimic(tmp_path: Path) -> None:
    clip = straight_walk(0.8)
    source = recording_like(DEEPMIMIC, clip)
    keep = [i for i, name in enumerate(source.skeleton.joint_names) if not name.endswith("_end")]
    parents = [keep.index(p) if p >= 0 else -1 for p in source.skeleton.parents[keep]]
    names = tuple(source.skeleton.joint_names[i] for i in keep)
    small = Skeleton(names, np.array(parents), source.skeleton.rest_offsets[keep])
    feet = {f"{s}_ankle": SKELETON.rest_offsets[SKELETON.index(f"{s}_foot")] for s in ("left", "right")}
    written = Motion(small, source.root_position, source.joint_rotation[:, keep], 30.0)
    write_raw_bvh(written, tmp_path / "walk.bvh", end_sites=feet)
    write_labels(tmp_path, "deepmimic", {"file": "walk.bvh", "captions": ["a person walks"], "split": "teach"})
    (found,) = read("deepmimic", tmp_path)
    assert found.split == "teach"
    assert joint_position_error(retarget(found.clip, DEEPMIMIC, SKELETON), clip) < 0.03


def test_100style_keeps_the_cut_frames(tmp_path: Path) -> None:
    (tmp_path / "Old").mkdir()
    clip = straight_walk(3.0, fps=60)
    write_raw_bvh(recording_like(STYLE100, clip), tmp_path / "Old" / "Old_FW.bvh")
    (tmp_path / "Frame_Cuts.csv").write_text("STYLE_NAME,BW_START,BW_STOP,FW_START,FW_STOP\nOld,N/A,N/A,30,150\n")
    (found,) = read("100style", tmp_path)
    assert found.clip.num_frames == 60
    assert (found.content, found.style) == ("walk", "Old")
    assert found.captions[0].text == "a person walks forward, old style"
    moved = retarget(found.clip, STYLE100, SKELETON)
    assert np.abs(moved.joint_positions()[10] - clip.joint_positions()[50]).max() < 0.03


def amass_file(folder: Path, name: str, seconds: float = 2.0, fps: float = 120.0) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    write_npz(walking_clip(seconds, fps=fps), path)
    with np.load(path) as whole:
        arrays = {key: whole[key] for key in whole.files if not key.startswith("stride")}
    np.savez(path, **arrays)
    return path


def test_amass_with_the_texts_of_humanml3d(tmp_path: Path) -> None:
    amass_file(tmp_path, "KIT/3/walk 01_poses.npz", 4.0)
    np.savez(tmp_path / "KIT" / "3" / "shape.npz", betas=np.zeros(16))
    (tmp_path / "index.csv").write_text(
        "source_path,start_frame,end_frame,new_name\n./pose_data/KIT/3/walk_01_poses.npy,20,60,000001.npy\n"
    )
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "000001.txt").write_text("a man walks#a/DET man/NOUN#0.0#0.0\nhe steps#x#0.5#1.0\n")
    (found,) = read("amass", tmp_path)
    assert found.mapping is None
    assert found.clip.skeleton.joint_names == SKELETON.joint_names
    assert [(c.text, c.start_s, c.end_s) for c in found.captions] == [("a man walks", 1.0, 3.0), ("he steps", 1.5, 2.0)]
    points = found.clip.joint_positions()
    wanted = walking_clip(4.0, fps=120).joint_positions()[::4]
    count = min(len(points), len(wanted))
    relative = points[:count] - points[:count, :1] - wanted[:count] + wanted[:count, :1]
    assert np.linalg.norm(relative[5:-5], axis=-1).max() < 0.03


def test_amass_rates_known_to_be_wrong(tmp_path: Path) -> None:
    amass_file(tmp_path, "BMLhandball/S01/x_poses.npz", 2.0, fps=120)
    (found,) = read("amass", tmp_path)
    assert found.clip.duration == pytest.approx(1.0, abs=0.04)


def humanml3d_features(points: np.ndarray) -> np.ndarray:
    """The first 67 of HumanML3D's 263 numbers for points that keep facing +Z."""
    features = np.zeros((len(points), 263))
    features[:-1, 1:3] = np.diff(points[:, 0], axis=0)[:, [0, 2]]
    features[:, 3] = points[:, 0, 1]
    features[:, 4:67] = (points[:, 1:] - points[:, :1] * [1, 0, 1]).reshape(len(points), -1)
    return features


def test_humanml3d(tmp_path: Path) -> None:
    clip = walking_clip(3.0, fps=20)
    points = clip.joint_positions()[:, :22]
    points = points - points[0, 0] * [1, 0, 1]
    for folder in ("new_joint_vecs", "texts"):
        (tmp_path / folder).mkdir()
    np.save(tmp_path / "new_joint_vecs" / "000042.npy", humanml3d_features(points))
    np.save(tmp_path / "new_joint_vecs" / "M000042.npy", humanml3d_features(points))
    (tmp_path / "texts" / "000042.txt").write_text("a person walks.#a/DET#0.0#0.0\n")
    (tmp_path / "val.txt").write_text("000042\nM000042\n")
    (found,) = read("humanml3d", tmp_path)
    assert found.split == "val"
    assert found.captions[0].text == "a person walks."
    off = found.clip.joint_positions()[::3, :22] - points[::2][: len(found.clip.joint_positions()[::3])]
    assert np.linalg.norm(off, axis=-1).max() < 0.03
    shutil.rmtree(tmp_path / "new_joint_vecs")
    (tmp_path / "new_joints").mkdir()
    np.save(tmp_path / "new_joints" / "000042.npy", points.astype(np.float32))
    (again,) = read("humanml3d", tmp_path)
    assert joint_position_error(again.clip, found.clip) < 1e-3


def test_humanml3d_features_turn() -> None:
    """A point one metre ahead of somebody who turns left by a quarter each frame goes round in a circle."""
    features = np.zeros((5, 263))
    features[:, 0] = -np.pi / 4  # half of minus the turn
    features[:, 6] = 1.0  # z of the first joint after the root
    found = points_from_features(features)[:, 1]
    assert np.allclose(found, [[0, 0, 1], [1, 0, 0], [0, 0, -1], [-1, 0, 0], [0, 0, 1]], atol=1e-12)


@pytest.mark.parametrize("content", [b"", b"text", np.zeros(3).tobytes()])
def test_damaged_humanml3d_arrays_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "new_joint_vecs").mkdir()
    path = tmp_path / "new_joint_vecs" / "1.npy"
    path.write_bytes(content)
    with pytest.raises(BadFile) as caught:
        read("humanml3d", tmp_path)
    assert "\n" not in str(caught.value)
    for array in (np.zeros((10, 262)), np.full((10, 263), np.nan), np.zeros((1, 263)), np.zeros((10, 21, 3))):
        np.save(path, array)
        with pytest.raises(BadFile):
            read("humanml3d", tmp_path)


def test_random_motion_is_no_amass_crash(tmp_path: Path) -> None:
    write_npz(random_clip(200, fps=60), tmp_path / "a_poses.npz")
    assert all(recording.clip.fps == 30.0 for recording in read("amass", tmp_path))
