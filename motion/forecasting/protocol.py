"""The protocol of the literature: which files train, choose and test, and how their rows become columns.

ETH and UCY as distributed with Social GAN (Gupta et al., 2018): five scenes, each left out once; a step is ten frames,
called 0.4 s. The columns are the frames that occur in a file, whatever lies between them, as published numbers have it.
The Stanford Drone Dataset in TrajNet's split, 2.5 columns a second, scored in pixels.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from motion.core.errors import BadFile, BadInput, UnknownName
from motion.core.tracks import Tracks
from motion.forecasting.windows import Windows, joined, stretched, windows_of

FPS = 2.5

#: The left-out scenes.
SCENES = ("eth", "hotel", "univ", "zara1", "zara2")

#: What a forecaster can be trained for: a scene left out, all of ETH and UCY, the Stanford Drone Dataset.
FOLDS = (*SCENES, "all", "sdd")

#: People of rule A in the test files: (window has at least two whole tracks, every window).
TEST_COUNTS = {
    "eth": (181, 364),
    "hotel": (1053, 1197),
    "univ": (24334, 24334),
    "zara1": (2253, 2356),
    "zara2": (5833, 5910),
}

#: Other distances of columns, in columns, that training sees as well.
STRETCHES = (0.8, 1.25, 1.0 / 0.6)

#: Videos of the Stanford training files that choose the checkpoint.
SDD_HELD_OUT = ("bookstore_3", "deathCircle_2", "gates_4", "hyang_7", "nexus_7")

LARGEST_FILE = 64_000_000


def read_rows(path: Path) -> NDArray[np.floating]:
    """(N, 4) of a text file of ``frame id x y``; raises ``BadFile``."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise BadFile(path, f"is larger than {LARGEST_FILE // 1_000_000} MB")
        rows = np.loadtxt(path, ndmin=2)
    except OSError as error:
        raise BadFile(path, f"cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise BadFile(path, "must hold lines of 'frame id x y'") from error
    if rows.shape[1] != 4 or not np.all(np.isfinite(rows)):
        raise BadFile(path, "must hold lines of four finite numbers, 'frame id x y'")
    return rows


def tracks_of_rows(rows: NDArray[np.floating]) -> Tracks:
    """Columns are the frames that occur, in order; people are in the order of their ids."""
    frames, column = np.unique(rows[:, 0], return_inverse=True)
    people, person = np.unique(rows[:, 1], return_inverse=True)
    if len(frames) * len(people) > 50_000_000:
        raise BadInput("too many people and frames for one file; split it")
    positions = np.zeros((len(people), len(frames), 2))
    valid = np.zeros((len(people), len(frames)), bool)
    positions[person, column], valid[person, column] = rows[:, 2:], True
    return Tracks(positions, valid, FPS)


def linked(rows: NDArray[np.floating], step: float, near: float = 0.3) -> NDArray[np.floating]:
    """``rows`` with one id for people whose track was cut: another begins a step after its end, within ``near`` m.

    TrajNet's split hands the Stanford videos out in pieces of 20 points; only training joins them again.
    """
    order = np.lexsort((rows[:, 0], rows[:, 1]))
    rows = rows[order]
    first = np.flatnonzero(np.diff(rows[:, 1], prepend=-np.inf))
    last = np.append(first[1:], len(rows)) - 1
    begins: dict[float, list[int]] = {}
    for piece, row in enumerate(first):
        begins.setdefault(rows[row, 0], []).append(piece)
    name = np.arange(len(first))
    taken: set[int] = set()
    for piece in np.argsort(rows[first, 0], kind="stable"):
        end = last[piece]
        expected = 2 * rows[end, 2:] - rows[end - 1, 2:] if end > first[piece] else rows[end, 2:]
        nexts = [other for other in begins.get(rows[end, 0] + step, []) if other not in taken]
        apart = [float(np.linalg.norm(rows[first[other], 2:] - expected)) for other in nexts]
        if apart and min(apart) < near:
            other = nexts[int(np.argmin(apart))]
            taken.add(other)
            name[other] = name[piece]
    rows[:, 1] = np.repeat(name, last - first + 1)
    return rows


def read_true_rate(path: Path) -> Tracks:
    """ETH as annotated, every 6 frames = 0.4 s (``obsmat.txt``: frame id x z y vx vz vy)."""
    rows = np.loadtxt(path, ndmin=2)
    if rows.shape[1] != 8:
        raise BadFile(path, "must have the eight columns of obsmat.txt")
    return tracks_of_rows(rows[:, [0, 1, 2, 4]])


def test_windows(root: Path, fold: str, at_least: int = 2) -> Windows:
    """The windows a fold is judged on; ``sdd``: 2,829 of them, every whole track."""
    if fold == "sdd":
        return _sdd(_sdd_folder(root) / "test", at_least=1, stride=1)
    files = sorted(_folder(root, fold, "test").glob("*.txt"))
    return joined([windows_of(tracks_of_rows(read_rows(path)), at_least=at_least) for path in files])


def validation_windows(root: Path, fold: str) -> Windows:
    """The windows that choose a checkpoint and fit what is fitted after training."""
    if fold == "sdd":
        return _sdd(_sdd_folder(root) / "train", at_least=1, stride=1, only=SDD_HELD_OUT)
    parts = [windows_of(_part(path, "val")) for path in _files(root, fold, "val")]
    return joined([part for part in parts if len(part)])


def training_windows(root: Path, fold: str) -> tuple[Windows, Windows]:
    """Windows as they are, and windows with columns closer together or farther apart."""
    if fold == "sdd":
        tracks = _sdd_tracks(_sdd_folder(root) / "train", without=SDD_HELD_OUT, whole=True)
        pairs = [_plain_and_stretched(one, stride=3, per_metre=scale) for one, scale in tracks]
    else:
        pairs = [_cut(path) for path in _files(root, fold, "train")]
    plain, other = zip(*pairs, strict=True)
    return joined([part for part in plain if len(part)]), joined([part for part in other if len(part)])


def _cut(path: Path) -> tuple[Windows, Windows]:
    return _plain_and_stretched(_part(path, "train"), stride=1)


def _plain_and_stretched(tracks: Tracks, stride: int, per_metre: float = 1.0) -> tuple[Windows, Windows]:
    plain = windows_of(tracks, at_least=1, stride=stride, per_metre=per_metre)
    other = [
        windows_of(stretched(tracks, factor, phase), at_least=1, stride=2 * stride, per_metre=per_metre)
        for factor in STRETCHES
        for phase in ((0.0, 0.5) if factor > 1 else (0.0,))
    ]
    return plain, joined([part for part in other if len(part)] or other[:1])


def _files(root: Path, fold: str, split: str) -> list[Path]:
    if fold != "all":
        return sorted(_folder(root, fold, split).glob("*.txt"))
    found = {path.name: path for scene in SCENES for path in sorted(_folder(root, scene, split).glob("*.txt"))}
    files = [path for name, path in sorted(found.items()) if not name.startswith("biwi_eth")]
    return [*files, root / "ETH" / "seq_eth" / "obsmat.txt"]


def _part(path: Path, split: str) -> Tracks:
    if path.name != "obsmat.txt":
        return tracks_of_rows(read_rows(path))
    # ETH at its true rate: the first four fifths of the time train, the rest validates, as with the other files
    eth = read_true_rate(path)
    cut = eth.positions.shape[1] * 4 // 5
    span = slice(0, cut) if split == "train" else slice(cut, None)
    return Tracks(eth.positions[:, span], eth.valid[:, span], FPS)


def _folder(root: Path, fold: str, split: str) -> Path:
    if fold not in SCENES:
        raise UnknownName("fold", fold, FOLDS)
    folder = root / "datasets" / fold / split
    if not folder.is_dir():
        raise BadFile(folder, "is missing; the folder of tracks holds datasets/SCENE/{train,val,test} as in Social GAN")
    return folder


def _sdd_folder(root: Path) -> Path:
    folder = root / "data" / "sdd"
    if not folder.is_dir():
        raise BadFile(folder, "is missing; the folder of tracks holds data/sdd/{train,test} and H_SDD.txt")
    return folder


def _sdd_tracks(
    folder: Path, only: tuple[str, ...] | None = None, without: tuple[str, ...] = (), whole: bool = False
) -> list[tuple[Tracks, float]]:
    """Each video's tracks in metres, and how many pixels a metre has there."""
    with (folder.parent / "H_SDD.txt").open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    metres_per_pixel = {row["File"].removesuffix(".jpg"): float(row["Ratio"]) for row in rows if row["Version"] == "A"}
    names = [path.stem for path in sorted(folder.glob("*.txt"))]
    chosen = [name for name in names if name not in without and (only is None or name in only)]
    rows_of = {name: read_rows(folder / f"{name}.txt") for name in chosen}
    return [
        (tracks_of_rows(linked(rows, 12) if whole else rows), 1.0 / metres_per_pixel[name])
        for name, rows in rows_of.items()
    ]


def _sdd(folder: Path, *, at_least: int, stride: int, only: tuple[str, ...] | None = None) -> Windows:
    parts = []
    for tracks, scale in _sdd_tracks(folder, only):
        parts.append(windows_of(tracks, at_least=at_least, stride=stride, per_metre=scale))
    return joined([part for part in parts if len(part)])
