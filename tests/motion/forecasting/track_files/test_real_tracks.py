"""The shared tracks themselves, where they lie beside the checkout: each form as its makers wrote it."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path

import numpy as np
import pytest

from motion.forecasting.maps import read_map
from motion.forecasting.track_files import Sightings, read_homography, read_sightings
from motion.forecasting.watching import Watched

ROOT = Path(__file__).resolve().parents[4]
TRACKS = Path(os.environ.get("STRIDE_TRACKS", ROOT.parent / "shared" / "data" / "tracks"))
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not TRACKS.is_dir(), reason="the real tracks are not beside the checkout"),
]


def unpacked(name: str, folder: Path) -> Path:
    with tarfile.open(TRACKS / f"{name}.tar.xz") as tar:
        tar.extractall(folder, filter="data")
    return folder


def median_speed(seen: Sightings) -> float:
    same = np.diff(seen.person) == 0
    return float(np.median(np.linalg.norm(np.diff(seen.position, axis=0), axis=-1)[same] / np.diff(seen.time)[same]))


def test_eth_ucy_and_its_maps(tmp_path: Path) -> None:
    folder = unpacked("eth-ucy-maps", unpacked("eth-ucy", tmp_path))
    seen = read_sightings(folder / "datasets" / "zara1" / "test" / "crowds_zara01.txt")
    assert (seen.form, len(seen.time), len(seen.ids), seen.step) == ("social-gan", 5153, 148, pytest.approx(0.4))
    walkable = read_map(folder / "crowds_zara01_oracle.png", read_homography(folder / "crowds_zara01_H.txt"))
    assert walkable(seen.position).mean() > 0.99, "people walk where the map says"
    assert Watched.of(seen, 120.0).tracks.num_people >= 3
    files = list((folder / "datasets").glob("*/*/*.txt"))
    assert len(files) > 30 and all(read_sightings(file).step == pytest.approx(0.4) for file in files)


def test_eth_at_its_true_rate(tmp_path: Path) -> None:
    folder = unpacked("eth-original-rate", tmp_path)
    for scene, rate, speed in (("seq_eth", 15, 1.47), ("seq_hotel", 25, 1.27)):
        seen = read_sightings(folder / "ETH" / scene / "obsmat.txt")
        assert seen.form == "obsmat" and seen.frames_per_s == pytest.approx(rate)
        assert median_speed(seen) == pytest.approx(speed, abs=0.02)


def test_drones_and_wildtrack(tmp_path: Path) -> None:
    files = sorted((unpacked("sdd", tmp_path) / "data" / "sdd" / "test").glob("*.txt"))
    assert len(files) == 17 and {read_sightings(file).frames_per_s for file in files} == {30.0}
    seen = read_sightings(unpacked("wildtrack", tmp_path) / "Wild-Track" / "annotations_positions")
    assert (len(seen.time), len(seen.ids), seen.step) == (9518, 313, 0.5)
    watched = Watched.of(seen, 100.0)
    assert any("every 0.5 s; resampled" in note for note in watched.notes)
