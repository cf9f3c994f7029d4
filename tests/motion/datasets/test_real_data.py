"""The shared recordings themselves, where they lie beside the checkout: a few clips of every kind."""

import os
import tarfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from motion.body import default_body
from motion.core.rotation import rotmat_to_yaw, yaw_to_rotmat
from motion.datasets import DATASETS
from motion.datasets.build import Measured, convert
from motion.datasets.source import Recording
from motion.metrics.physical import mean_planar_speed

ROOT = Path(__file__).resolve().parents[3]
MOTIONS = Path(os.environ.get("STRIDE_DATA", ROOT.parent / "shared" / "data" / "motions"))
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not MOTIONS.is_dir(), reason="the real recordings are not beside the checkout"),
]
SKELETON = default_body().skeleton()


def some(name: str, tmp_path: Path, wanted: int) -> list[tuple[Recording, Measured]]:
    """The first recordings of a corpus, without unpacking the whole archive."""
    dataset = DATASETS[name]
    archive = MOTIONS / f"{dataset.archive}.tar.xz"
    count = 0
    with tarfile.open(archive) as tar:
        for member in tar:
            tar.extract(member, tmp_path, filter="data")
            count += member.name.endswith((".amc", ".bvh"))
            if count >= wanted:
                break
    labels = MOTIONS / f"{dataset.archive}.jsonl"
    if labels.is_file():
        (tmp_path / labels.name).write_bytes(labels.read_bytes())
    records = [record for record in dataset.find(tmp_path) if (tmp_path / record.path).is_file()]
    found = [recording for record in records for recording in dataset.load(record, tmp_path, SKELETON)]
    results = [(recording, *convert(recording, SKELETON)) for recording in found]
    return [(replace(recording, clip=clip), numbers) for recording, clip, numbers in results if numbers]


@pytest.mark.parametrize(("name", "count"), [("bandai", 30), ("hdm05", 8), ("deepmimic", 8), ("cmu", 6)])
def test_error_and_foot_skate_stay_below_the_bar(tmp_path: Path, name: str, count: int) -> None:
    found = some(name, tmp_path, count)
    assert len(found) >= count - 1
    assert np.mean([numbers.pose for _, numbers in found]) < 0.030
    assert np.mean([numbers.target_speed - numbers.source_speed for _, numbers in found]) < 0.01
    assert all(recording.captions for recording, _ in found)


def test_bandai_is_what_its_labels_say(tmp_path: Path) -> None:
    for recording, _ in some("bandai", tmp_path, 90):
        clip = recording.clip
        points = clip.joint_positions()
        heading = yaw_to_rotmat(-rotmat_to_yaw(clip.joint_rotation[:, 0]))
        seen = np.einsum("tij,tkj->tki", heading, points - points[:, :1])
        index = clip.skeleton.index
        assert np.median(seen[:, index("left_hip"), 0]) > 0.05
        hands = seen[:, [index("left_wrist"), index("right_wrist")]]
        left, right = np.linalg.norm(np.diff(hands, axis=0), axis=-1).sum(axis=0)  # how far each hand travels
        if recording.content == "bye":
            assert right > 2 * left
        if recording.content == "byebye":
            assert hands[..., 1].max(axis=0).min() > 0.0
        if recording.content == "dash":
            assert mean_planar_speed(clip) > 1.5
