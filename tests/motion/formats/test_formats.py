"""The table of formats: what is refused, and that nothing half-written is ever left."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from helpers import box_skin, walking_clip
from motion.core.errors import BadFile, BadInput, MotionError, UnknownName
from motion.formats import FORMATS, atomic, load, save
from motion.formats.atomic import atomic_path

HAS_ENCODER = importlib.util.find_spec("imageio_ffmpeg") is not None
WRITABLE = [
    pytest.param(s, marks=pytest.mark.skipif(s == ".mp4" and not HAS_ENCODER, reason="needs the extra 'video'"))
    for s in FORMATS
]
READABLE = [suffix for suffix, entry in FORMATS.items() if entry.read]


def test_an_unknown_suffix_lists_the_known(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match=r"'\.docx'.*\.glb.*\.npz"):
        save(walking_clip(0.2), tmp_path / "clip.docx")
    with pytest.raises(BadFile, match=r"\.npz"):
        load(tmp_path / "clip")


def test_upper_case_suffixes_are_known(tmp_path: Path) -> None:
    save(walking_clip(0.2), tmp_path / "CLIP.NPZ")
    assert load(tmp_path / "CLIP.NPZ").num_frames == 6


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_missing_folder_is_said_in_one_line(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(BadFile, match="cannot be written") as caught:
        save(walking_clip(0.2), tmp_path / "missing" / f"clip{suffix}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_file_for_a_folder_is_said_in_one_line(tmp_path: Path, suffix: str) -> None:
    (tmp_path / "folder").write_text("a file")
    with pytest.raises(BadFile, match="cannot be written"):
        save(walking_clip(0.2), tmp_path / "folder" / f"clip{suffix}")
    (tmp_path / f"clip{suffix}").mkdir()
    with pytest.raises(BadFile, match="it is a folder"):
        save(walking_clip(0.2), tmp_path / f"clip{suffix}")


@pytest.mark.parametrize("suffix", WRITABLE)
def test_a_writer_that_fails_leaves_the_old_file(tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / f"clip{suffix}"
    path.write_text("the old file")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic.os, "replace", refuse)
    with pytest.raises(BadFile, match="No space left"):
        save(walking_clip(0.2), path)
    assert path.read_text() == "the old file"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interrupted_block_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), atomic_path(tmp_path / "a.txt") as temporary:
        temporary.write_text("half")
        raise KeyboardInterrupt
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", READABLE)
def test_missing_and_foreign_files_are_refused(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(BadFile, match="no such file"):
        load(tmp_path / f"missing{suffix}")
    (tmp_path / f"empty{suffix}").touch()
    (tmp_path / f"text{suffix}").write_text("This is no motion. " * 100)
    (tmp_path / f"noise{suffix}").write_bytes(np.random.default_rng(0).bytes(5000))
    for name in ("empty", "text", "noise"):
        with pytest.raises(BadFile) as caught:
            load(tmp_path / f"{name}{suffix}")
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("suffix", READABLE)
@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9, 0.99])
def test_truncated_files_are_refused(tmp_path: Path, suffix: str, share: float) -> None:
    path = save(walking_clip(0.5), tmp_path / f"clip{suffix}")
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(BadFile) as caught:
        load(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("suffix", READABLE)
def test_flipped_bytes_never_crash(tmp_path: Path, suffix: str) -> None:
    path = save(walking_clip(0.2), tmp_path / f"clip{suffix}")
    content = path.read_bytes()
    rng = np.random.default_rng(1)
    for _ in range(60):
        damaged = bytearray(content)
        for place in rng.integers(0, len(content), size=4):
            damaged[place] = rng.integers(0, 256)
        path.write_bytes(damaged)
        try:
            clip = load(path)
        except MotionError as error:
            assert "\n" not in str(error)
        else:
            assert np.all(np.isfinite(clip.joint_positions()))


def test_a_skin_with_other_joints_is_refused(tmp_path: Path) -> None:
    clip = walking_clip(0.2)
    renamed = replace(clip.skeleton, joint_names=tuple(f"x{name}" for name in clip.skeleton.joint_names))
    with pytest.raises(BadInput, match="same joints"):
        save(replace(clip, skeleton=renamed), tmp_path / "a.glb", skin=box_skin())
