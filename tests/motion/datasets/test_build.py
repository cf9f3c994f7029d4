"""Whole builds of miniature corpora: what is kept, what is dropped, going on after a kill, adding sources."""

import tarfile
from pathlib import Path

import numpy as np
import pytest
from corpora import recording_like, straight_walk, write_amc, write_asf, write_raw_bvh

from helpers import smpl_skeleton
from motion.core import BadFile, BadInput, UnknownName
from motion.core.progress import Cancelled
from motion.datasets import build as building
from motion.datasets.build import build
from motion.datasets.skeletons import BANDAI
from motion.datasets.store import TrainingSet
from motion.metrics.contacts import standing_heights

SKELETON = smpl_skeleton()


def make_bandai(folder: Path, takes: int = 3, seconds: float = 1.0) -> None:
    folder.mkdir(exist_ok=True)
    for take in range(takes):
        clip = recording_like(BANDAI, straight_walk(seconds, seed=take))
        write_raw_bvh(clip, folder / f"dataset-1_walk_normal_{take:03d}.bvh", reference="joint_Root", all_channels=True)


def make_hdm05(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    write_asf(folder / "HDM_bd.asf")
    write_amc(folder / "HDM_bd_squat1Reps_001_120.amc", frames=180)


def run(source: str, folder: Path, out: Path, **options: object) -> building.BuildReport:
    return build(source, folder, out, skeleton=SKELETON, processes=1, **options)  # type: ignore[arg-type]


def test_a_build_says_how_good_it_is(tmp_path: Path) -> None:
    make_bandai(tmp_path / "raw")
    make_bandai(tmp_path / "raw" / "short", takes=1, seconds=0.3)
    (tmp_path / "raw" / "dataset-1_walk_normal_900.bvh").write_text("HIERARCHY rubbish")
    report = run("bandai", tmp_path / "raw", tmp_path / "set")
    assert (report.source, report.clips, report.frames) == ("bandai", 3, 90)
    reasons = sorted(report.dropped.values())
    assert len(reasons) == 2
    assert any("shorter than 0.6 s" in reason for reason in reasons)
    assert any("not a BVH file" in reason or "MOTION" in reason for reason in reasons)
    fidelity = report.fidelity["bandai"]
    assert fidelity.clips == 3
    assert fidelity.pose_error_mm < 30
    assert fidelity.target_foot_speed < fidelity.source_foot_speed + 0.01
    opened = TrainingSet.open(tmp_path / "set")
    assert len(opened) == 3
    assert opened.meta["sources"]["bandai"]["licence"] == "CC BY-NC 4.0"
    for index in range(3):
        clip = opened.clip(index)
        feet = clip.joint_positions()[:, [SKELETON.index("left_foot"), SKELETON.index("right_foot")], 1]
        assert abs(np.median(feet.min(axis=1)) - standing_heights(SKELETON)[1]) < 0.02
        at = clip.skeleton.index
        assert (clip.joint_positions()[:, at("left_wrist"), 1] > clip.joint_positions()[:, at("right_wrist"), 1]).all()


def test_sources_add_up_and_are_replaced(tmp_path: Path) -> None:
    make_bandai(tmp_path / "raw")
    make_hdm05(tmp_path / "raw")
    run("bandai", tmp_path / "raw", tmp_path / "set")
    report = run("hdm05", tmp_path / "raw", tmp_path / "set")
    assert list(report.fidelity) == ["asf"]
    opened = TrainingSet.open(tmp_path / "set")
    assert [row["source"] for row in opened.rows] == ["bandai"] * 3 + ["hdm05"]
    assert sorted(opened.meta["sources"]) == ["bandai", "hdm05"]
    (tmp_path / "raw" / "dataset-1_walk_normal_001.bvh").unlink()
    run("bandai", tmp_path / "raw", tmp_path / "set")
    opened = TrainingSet.open(tmp_path / "set")
    assert [row["source"] for row in opened.rows] == ["bandai"] * 2 + ["hdm05"]
    assert opened.rows[-1]["start"] == 60
    assert opened.clip(2).num_frames == opened.rows[2]["frames"]


def test_a_killed_build_goes_on_and_leaves_the_old_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "CHUNK", 1)
    make_bandai(tmp_path / "raw", takes=1)
    run("bandai", tmp_path / "raw", tmp_path / "set")
    make_bandai(tmp_path / "raw", takes=4)
    shares: list[float] = []

    def killed(stage: str, share: float) -> None:
        shares.append(share)
        if stage == "build bandai" and share >= 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        run("bandai", tmp_path / "raw", tmp_path / "set", progress=killed)
    assert shares == sorted(shares)
    assert len(TrainingSet.open(tmp_path / "set")) == 1
    again: list[float] = []
    read = []
    original = building.DATASETS["bandai"].load
    monkeypatch.setitem(
        building.DATASETS,
        "bandai",
        building.replace(building.DATASETS["bandai"], load=lambda r, f, s: read.append(r.id) or original(r, f, s)),
    )
    report = run("bandai", tmp_path / "raw", tmp_path / "set", progress=lambda stage, share: again.append(share))
    assert again[0] >= 0.5
    assert len(read) == 2
    assert report.clips == len(TrainingSet.open(tmp_path / "set")) == 4


def test_a_source_that_was_stopped_is_not_half_in_the_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "CHUNK", 1)
    make_bandai(tmp_path / "raw", takes=3)
    make_hdm05(tmp_path / "raw")

    def killed(stage: str, share: float) -> None:
        if share > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        run("bandai", tmp_path / "raw", tmp_path / "set", progress=killed)
    assert not (tmp_path / "set" / "meta.json").exists()
    run("hdm05", tmp_path / "raw", tmp_path / "set")
    assert [row["source"] for row in TrainingSet.open(tmp_path / "set").rows] == ["hdm05"]


def test_a_finished_source_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_bandai(tmp_path / "raw", takes=2)
    first = run("bandai", tmp_path / "raw", tmp_path / "set")
    before = (tmp_path / "set" / "poses.npy").read_bytes()
    monkeypatch.setattr(building, "convert", lambda *_: pytest.fail("read again"))
    assert run("bandai", tmp_path / "raw", tmp_path / "set") == first
    assert (tmp_path / "set" / "poses.npy").read_bytes() == before


def test_two_processes_give_the_same_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "CHUNK", 2)
    make_bandai(tmp_path / "raw", takes=4, seconds=0.7)
    run("bandai", tmp_path / "raw", tmp_path / "one")
    build("bandai", tmp_path / "raw", tmp_path / "two", skeleton=SKELETON, processes=2)
    for name in ("clips.jsonl", "poses.npy", "transl.npy", "meta.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_from_an_archive(tmp_path: Path) -> None:
    make_hdm05(tmp_path / "raw")
    (tmp_path / "archives").mkdir()
    with tarfile.open(tmp_path / "archives" / "hdm05.tar.xz", "w:xz") as tar:
        for path in (tmp_path / "raw").iterdir():
            tar.add(path, path.name)
    report = run("hdm05", tmp_path / "archives", tmp_path / "set")
    assert report.clips == 1
    assert not list((tmp_path / "set" / ".parts").glob("unpacked*"))
    assert run("hdm05", tmp_path / "archives", tmp_path / "set") == report


def test_archives_cannot_write_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    evil = tmp_path / "evil.amc"
    evil.write_text("x")
    with tarfile.open(tmp_path / "in" / "hdm05.tar", "w") as tar:
        tar.add(evil, "../../escaped.amc")
    with pytest.raises((BadFile, BadInput)):
        run("hdm05", tmp_path / "in", tmp_path / "set")
    assert not list(tmp_path.rglob("escaped.amc"))


@pytest.mark.parametrize("content", [b"", b"no archive", b"\xfd7zXZ\x00broken"])
def test_damaged_archives_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "hdm05.tar.xz").write_bytes(content)
    with pytest.raises((BadFile, BadInput)) as caught:
        run("hdm05", tmp_path, tmp_path / "set")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "set" / "meta.json").exists()


def test_wrong_questions_are_answered(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="did you mean 'bandai'"):
        run("bandia", tmp_path, tmp_path / "set")
    with pytest.raises(BadInput, match="no such folder"):
        run("bandai", tmp_path / "nowhere", tmp_path / "set")
    with pytest.raises(BadInput, match="neither bandai files nor"):
        run("bandai", tmp_path, tmp_path / "set")
    assert not (tmp_path / "set").exists()


def test_a_set_for_another_body_is_not_mixed(tmp_path: Path) -> None:
    make_bandai(tmp_path / "raw", takes=1)
    make_hdm05(tmp_path / "raw")
    run("bandai", tmp_path / "raw", tmp_path / "set")
    with pytest.raises(BadInput, match="another body"):
        build("hdm05", tmp_path / "raw", tmp_path / "set", skeleton=smpl_skeleton(1.1), processes=1)
    assert len(TrainingSet.open(tmp_path / "set")) == 1


def test_everything_dropped_changes_nothing(tmp_path: Path) -> None:
    make_bandai(tmp_path / "raw", takes=1, seconds=0.3)
    with pytest.raises(BadInput, match="no clip was left"):
        run("bandai", tmp_path / "raw", tmp_path / "set")
