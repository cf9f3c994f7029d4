from pathlib import Path

import numpy as np
import pytest

from helpers import random_clip, smpl_skeleton, walking_clip
from motion.core import BadFile, BadInput
from motion.datasets.store import FILES, Caption, Item, TrainingSet, write_store


def item(name: str, seconds: float = 1.0, split: str = "train", source: str = "toy", seed: int = 0) -> Item:
    captions = (Caption("a person walks", 0.0, seconds, "test"),)
    return Item(name, source, walking_clip(seconds, seed=seed), captions, split, "CC0", content="walk")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    items = [item("a"), item("b", 2.0, "val", seed=1), item("c", 0.7, "train", "other", seed=2)]
    write_store(tmp_path / "set", items, smpl_skeleton(), 30.0, {"sources": {"toy": {"licence": "CC0"}}})
    return tmp_path / "set"


def test_clips_come_back(folder: Path) -> None:
    opened = TrainingSet.open(folder)
    assert len(opened) == 3
    assert opened.fps == 30.0
    assert opened.skeleton.joint_names == smpl_skeleton().joint_names
    assert isinstance(opened.poses, np.memmap)
    assert (opened.poses.dtype, opened.poses.shape[1], opened.transl.shape) == (np.float32, 72, (111, 3))
    for index, (seconds, seed) in enumerate([(1.0, 0), (2.0, 1), (0.7, 2)]):
        wanted = walking_clip(seconds, seed=seed)
        assert np.abs(opened.clip(index).joint_positions() - wanted.joint_positions()).max() < 1e-5
    row = opened.rows[1]
    assert (row["id"], row["start"], row["frames"], row["split"]) == ("b", 30, 60, "val")
    assert row["captions"][0] == {"text": "a person walks", "start_s": 0.0, "end_s": 2.0, "source": "test"}
    assert 0.3 < row["speed_m_s"] < 2.0
    assert opened.meta["sources"]["toy"]["licence"] == "CC0"


def test_selecting(folder: Path) -> None:
    opened = TrainingSet.open(folder)
    assert opened.select() == [0, 1, 2]
    assert opened.select(split="train") == [0, 2]
    assert opened.select(source="toy") == [0, 1]
    assert opened.select(split="val", source="other") == []


def test_half_turns_survive(tmp_path: Path) -> None:
    clip = random_clip(30, seed=5)
    write_store(tmp_path, [Item("r", "toy", clip, (), "train", "CC0")], smpl_skeleton(), 30.0)
    assert np.abs(TrainingSet.open(tmp_path).clip(0).joint_positions() - clip.joint_positions()).max() < 1e-5


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_refused(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(BadFile, match=f"{name} missing.*stride data build"):
        TrainingSet.open(folder)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", [b"", b"\x93NUMPY rubbish", b"{}", b"null"])
def test_a_damaged_file_is_refused(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    with pytest.raises(BadFile) as caught:
        TrainingSet.open(folder)
    assert "\n" not in str(caught.value)


def test_files_of_different_sets_are_refused(folder: Path, tmp_path: Path) -> None:
    write_store(tmp_path / "other", [item("z", 3.0)], smpl_skeleton(), 30.0)
    for name in ("poses.npy", "clips.jsonl"):
        kept = (folder / name).read_bytes()
        (folder / name).write_bytes((tmp_path / "other" / name).read_bytes())
        with pytest.raises(BadFile):
            TrainingSet.open(folder)
        (folder / name).write_bytes(kept)


def test_pickled_arrays_are_never_loaded(folder: Path) -> None:
    np.save(folder / "poses.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(BadFile):
        TrainingSet.open(folder)


def test_another_frame_rate_or_skeleton_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="30 fps"):
        write_store(tmp_path, [Item("r", "toy", walking_clip(1, fps=60), (), "train", "CC0")], smpl_skeleton(), 30.0)


def test_a_failing_write_keeps_the_set_that_was_there(folder: Path) -> None:
    def failing():
        yield item("new")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_store(folder, failing(), smpl_skeleton(), 30.0)
    assert len(TrainingSet.open(folder)) == 3
