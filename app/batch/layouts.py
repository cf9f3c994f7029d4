"""Where the files of a clip go and what they are called, by the kind of data set that is asked for."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from motion.core.errors import UnknownName
from motion.formats.npz import read_npz

#: Above so many clips a folder is divided into 256.
CROWD = 10_000

#: Of a hundred jobs, how many are in each split.
SPLITS = {"train": 90, "val": 5, "test": 5}


@dataclass(frozen=True)
class Layout:
    """One kind of data set.

    Attributes:
        what: in words.
        suffix: of the clip that a worker writes.
        place: ``place(name, model, divided) -> path`` of a clip in the data set.
        extra: makes the files of a clip out of the worker's: ``extra(staged, name, caption, folder)`` gives each with
            its place; None: that one file, as it is.
        packed: suffix of the files that many clips share, or None.
    """

    what: str
    suffix: str
    place: Callable[[str, str, bool], str]
    extra: Callable[[Path, str, str, Path], Iterator[tuple[Path, str]]] | None = None
    packed: str | None = None


def fold(name: str) -> str:
    """Two characters that divide any number of names about evenly."""
    return hashlib.sha256(name.encode()).hexdigest()[:2]


def split_of(name: str) -> str:
    """The split of a job, by its name alone: all its samples are in one."""
    share = int.from_bytes(hashlib.sha256(f"split/{name}".encode()).digest()[:4], "big") % 100
    for split, size in SPLITS.items():
        if share < size:
            return split
        share -= size
    raise AssertionError("the splits are a hundred in all")


def _flat(suffix: str) -> Callable[[str, str, bool], str]:
    def place(name: str, model: str, divided: bool) -> str:
        return f"clips/{fold(name)}/{name}{suffix}" if divided else f"clips/{name}{suffix}"

    return place


def _amass(name: str, model: str, divided: bool) -> str:
    """``SUBSET/subject/name_poses.npz``."""
    return f"{Path(model).name}/{fold(name) if divided else 'subject'}/{name}_poses.npz"


def _features(name: str, model: str, divided: bool) -> str:
    return f"new_joint_vecs/{name}.npy"


def _humanml3d(staged: Path, name: str, caption: str, folder: Path) -> Iterator[tuple[Path, str]]:
    """Features (T, 263) and points (T, 22, 3) at 20 fps, and the caption in HumanML3D's form of it."""
    from motion.datasets.humanml3d_features import features_from_points, placed, points_from_clip

    points = points_from_clip(read_npz(staged))
    arrays = {"new_joint_vecs": features_from_points(points), "new_joints": placed(points)}
    for kind, array in arrays.items():
        made = folder / f"{name}.{kind}.npy"
        with made.open("wb") as file:
            np.save(file, array.astype(np.float32), allow_pickle=False)
        yield made, f"{kind}/{name}.npy"
    text = folder / f"{name}.txt"
    words = " ".join(caption.replace("#", " ").split())
    text.write_text(f"{words}#{' '.join(f'{word}/X' for word in words.split())}#0.0#0.0\n", encoding="utf-8")
    yield text, f"texts/{name}.txt"
    os.unlink(staged)


LAYOUTS: dict[str, Layout] = {
    "npz": Layout("a .npz (AMASS keys) for each clip", ".npz", _flat(".npz")),
    "glb": Layout("a .glb for each clip", ".glb", _flat(".glb")),
    "fbx": Layout("a .fbx for each clip", ".fbx", _flat(".fbx")),
    "bvh": Layout("a .bvh for each clip", ".bvh", _flat(".bvh")),
    "amass": Layout("AMASS's folders", ".npz", _amass),
    "humanml3d": Layout("HumanML3D's folders", ".npz", _features, _humanml3d),
    "tar": Layout("WebDataset: .tar files of .npz and .json", ".npz", _flat(".npz"), packed=".tar"),
    "parquet": Layout("Parquet files", ".npz", _flat(".npz"), packed=".parquet"),
}


def layout_of(kind: str) -> Layout:
    """The layout of a name; raises ``UnknownName``."""
    if kind not in LAYOUTS:
        raise UnknownName("format", kind, LAYOUTS)
    return LAYOUTS[kind]
