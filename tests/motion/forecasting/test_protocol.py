import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from motion.core.errors import BadFile, UnknownName
from motion.forecasting.protocol import (
    SCENES,
    TEST_COUNTS,
    read_rows,
    read_true_rate,
    test_windows,
    training_windows,
    validation_windows,
)  # fmt: skip
from motion.forecasting.windows import windows_of

test_windows.__test__ = False  # type: ignore[attr-defined]

ROOT = Path(__file__).resolve().parents[3]
TRACKS = Path(os.environ.get("STRIDE_DATA", ROOT.parent / "shared" / "data")) / "tracks"
real = [
    pytest.mark.data,
    pytest.mark.skipif(not TRACKS.is_dir(), reason="the real recordings are not beside the checkout"),
]


@pytest.fixture(scope="module")
def tracks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("tracks")
    for name in ("eth-ucy", "eth-original-rate", "sdd"):
        with tarfile.open(TRACKS / f"{name}.tar.xz") as tar:
            tar.extractall(folder, filter="data")
    yield folder


class TestReal:
    pytestmark = real

    @pytest.mark.parametrize("scene", SCENES)
    def test_as_many_people_as_the_literature_counts(self, tracks: Path, scene: str) -> None:
        counts = tuple(len(test_windows(tracks, scene, at_least=least)) for least in (2, 1))
        assert counts == TEST_COUNTS[scene]

    def test_other_sets(self, tracks: Path) -> None:
        assert len(windows_of(read_true_rate(tracks / "ETH" / "seq_eth" / "obsmat.txt"))) == 2313
        sdd = test_windows(tracks, "sdd")
        assert len(sdd) == 2829
        assert 20 < sdd.per_metre.mean() < 45


def write(path: Path, rows: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savetxt(path, rows, fmt="%g", delimiter="\t")


def test_a_fold_trains_on_its_own_files_alone(tmp_path: Path) -> None:
    def two(columns: int, at: float) -> np.ndarray:
        return np.array([[10 * t, who, at + 0.4 * t, who] for t in range(columns) for who in (1, 2)])

    folder = tmp_path / "datasets" / "zara1"
    write(folder / "train" / "other_train.txt", two(40, 0.0))
    write(folder / "val" / "other_val.txt", two(21, 100.0))
    write(folder / "test" / "crowds_zara01.txt", two(20, 900.0))
    plain, other = training_windows(tmp_path, "zara1")
    assert plain.past.max() < 100 and other.past.max() < 100 and len(plain) == 42
    paces = np.linalg.norm(np.diff(other.past, axis=1), axis=-1)
    assert {round(float(x), 2) for x in np.unique(paces.round(2))} == {0.32, 0.5, 0.67}
    assert len(validation_windows(tmp_path, "zara1")) == 4
    assert test_windows(tmp_path, "zara1").past.min() >= 1


def test_what_is_missing_or_no_track_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="zara1"):
        test_windows(tmp_path, "zara9")
    with pytest.raises(BadFile, match="missing"):
        test_windows(tmp_path, "eth")
    path = tmp_path / "a.txt"
    for text in ("1 2 3\n", "1 2 nan 4\n", "a b c d\n"):
        path.write_text(text)
        with pytest.raises(BadFile, match="frame id x y"):
            read_rows(path)
