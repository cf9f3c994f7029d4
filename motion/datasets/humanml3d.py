"""HumanML3D: ``new_joint_vecs/*.npy`` (T, 263) or ``new_joints/*.npy`` (T, 22, 3) at 20 fps, ``texts/*.txt``, splits.

What the 263 numbers are is told in ``humanml3d_features``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from motion.core.clip import MAX_FRAMES
from motion.core.errors import BadFile
from motion.core.skeleton import Skeleton
from motion.datasets.cleaning import at_30_fps
from motion.datasets.humanml3d_features import FPS, POINTS, WIDTH, points_from_features
from motion.datasets.source import Record, Recording
from motion.datasets.store import Caption
from motion.refine.from_joints import fit_rotations

Array = NDArray[np.floating]

#: Which split file puts a clip where; clips in no file are trained on.
SPLITS = {"train": "train", "val": "val", "test": "test"}
SOURCE = "HumanML3D annotators"


def find(folder: Path) -> list[Record]:
    """The clips of ``new_joint_vecs`` (or ``new_joints``) with their split; mirrored copies (``M...``) are left out."""
    splits: dict[str, str] = {}
    for name, split in SPLITS.items():
        path = folder / f"{name}.txt"
        if path.is_file():
            splits |= dict.fromkeys(path.read_text(encoding="utf-8").split(), split)
    for kind in ("new_joint_vecs", "new_joints"):
        paths = [path for path in sorted((folder / kind).glob("*.npy")) if not path.stem.startswith("M")]
        if paths:
            return [
                Record(f"humanml3d/{path.stem}", f"{kind}/{path.name}", {"split": splits.get(path.stem, "train")})
                for path in paths
            ]
    return []


def load(record: Record, folder: Path, skeleton: Skeleton) -> list[Recording]:
    """One recording on ``skeleton``, its rotations fitted to the published joint positions."""
    path = folder / record.path
    points = read_points(path)
    clip = at_30_fps(fit_rotations(points, FPS, skeleton))
    captions = read_texts(folder / "texts" / f"{path.stem}.txt", clip.duration)
    return [Recording(record.id, clip, None, captions, str(record.labels["split"]))]


def read_points(path: Path) -> Array:
    """(T, 22, 3) m, world positions of SMPL's joints without hands, Y up, from either kind of file."""
    try:
        array = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise BadFile(path, "cannot be read as a numpy array") from error
    if array.dtype.kind != "f" or not 2 <= len(array) <= MAX_FRAMES or not np.all(np.isfinite(array)):
        raise BadFile(path, f"must hold 2 to {MAX_FRAMES} frames of finite numbers, got {array.dtype} {array.shape}")
    array = array.astype(np.float64)
    if array.shape[1:] == (POINTS, 3):
        return array
    if array.shape[1:] != (WIDTH,):
        raise BadFile(path, f"must be (T, {WIDTH}) or (T, {POINTS}, 3), got {array.shape}")
    return points_from_features(array)


def read_texts(path: Path, duration: float) -> tuple[Caption, ...]:
    """``caption#tokens#start#end`` lines; a span of 0 to 0 is the whole clip. No file: no captions."""
    captions = []
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    for line in lines:
        text, *rest = line.strip().split("#")
        try:
            start, end = (float(value) for value in rest[-2:])
        except ValueError:
            start, end = 0.0, 0.0
        start, end = (start, min(end, duration)) if 0 <= start < end else (0.0, duration)
        if text and end - start > 0.1:
            captions.append(Caption(text, start, end, SOURCE))
    return tuple(captions)
