"""AMASS: ``SUBSET/subject/name_poses.npz`` (SMPL-H) or ``name_stageii.npz`` (SMPL-X), Z up, any frame rate.

AMASS has no captions of its own; with HumanML3D's ``index.csv`` and ``texts/`` in the folder, its sentences are put
where they belong.
"""

from __future__ import annotations

import csv
import zlib
from dataclasses import replace
from pathlib import Path, PurePosixPath

from motion.core.clip import Motion
from motion.core.errors import BadFile
from motion.core.skeleton import Skeleton
from motion.datasets.cleaning import at_30_fps, without_spikes
from motion.datasets.humanml3d import read_texts
from motion.datasets.humanml3d_features import FPS as TEXT_FPS
from motion.datasets.source import Record, Recording
from motion.datasets.store import Caption
from motion.formats.npz import read_npz

#: One clip in this many is held out for validation.
VAL_EVERY = 20
#: Files whose frame rate is known to be stamped wrong: part of the path -> (stamped, true).
WRONG_RATES = {"BMLhandball": (120.0, 240.0)}
#: Seconds HumanML3D cut off the front of some subsets before it counted frames.
TEXT_STARTS = {
    "eyes_japan_dataset": 3.0, "mpi_hdm05": 3.0, "totalcapture": 1.0, "mpi_limits": 1.0, "transitions_mocap": 0.5,
}  # fmt: skip


def find(folder: Path) -> list[Record]:
    """Every motion below the folder (``shape.npz`` and the like are no motions) with its texts, where there are any."""
    texts = _index(folder)
    records = []
    for suffix in ("_poses.npz", "_stageii.npz"):
        for path in sorted(folder.rglob(f"*{suffix}")):
            name = path.relative_to(folder).as_posix().removesuffix(suffix)
            split = "val" if zlib.crc32(name.encode()) % VAL_EVERY == 0 else "train"
            labels = {"split": split, "texts": texts.get(_key(name), [])}
            records.append(Record(f"amass/{name}", path.relative_to(folder).as_posix(), labels))
    return records


def _key(name: str) -> str:
    """Subset, subject and take, however spelled and however deep the folder."""
    parts = PurePosixPath(name).parts[-3:]
    return "/".join(parts).lower().replace(" ", "_")


def _index(folder: Path) -> dict[str, list[list[str | float]]]:
    """HumanML3D's index.csv: motion -> [text file, start s, end s]; frames there are counted at 20 fps."""
    path = folder / "index.csv"
    found: dict[str, list[list[str | float]]] = {}
    if not path.is_file():
        return found
    try:
        with path.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                name = PurePosixPath(row["source_path"].replace("\\", "/")).with_suffix("").as_posix()
                key = _key(name.removesuffix("_poses"))
                first, last = (float(row[column]) / TEXT_FPS for column in ("start_frame", "end_frame"))
                cut = TEXT_STARTS.get(key.split("/")[0], 0.0)
                text = f"{PurePosixPath(row['new_name']).stem}.txt"
                found.setdefault(key, []).append([text, first + cut, last + cut if last > 0 else 1e9])
    except (OSError, KeyError, ValueError, AttributeError) as error:
        raise BadFile(path, "must be HumanML3D's index: source_path, start_frame, end_frame, new_name") from error
    return found


def load(record: Record, folder: Path, skeleton: Skeleton) -> list[Recording]:
    """The pieces of a motion that spikes leave whole, on ``skeleton``."""
    clip = _read(folder / record.path, skeleton)
    pieces = without_spikes(clip)
    recordings = []
    for number, (start, piece) in enumerate(pieces):
        clean = at_30_fps(piece)
        captions = _captions(record.labels["texts"], folder, start, start + clean.duration)
        name = record.id if len(pieces) == 1 else f"{record.id}/{number}"
        recordings.append(Recording(name, clean, None, captions, str(record.labels["split"])))
    return recordings


def _read(path: Path, skeleton: Skeleton) -> Motion:
    clip = read_npz(path, skeleton=skeleton)
    for part, (stamped, true) in WRONG_RATES.items():
        if part in path.as_posix() and clip.fps == stamped:
            clip = replace(clip, fps=true)
    return replace(clip, skeleton=skeleton, betas=None, contacts=None)


def _captions(texts: list[list[str | float]], folder: Path, start: float, end: float) -> tuple[Caption, ...]:
    captions = []
    for name, first, last in texts:
        begin, stop = max(float(first), start), min(float(last), end)
        if stop - begin < 0.5:
            continue
        for caption in read_texts(folder / "texts" / str(name), stop - begin):
            offset = begin - start
            captions.append(replace(caption, start_s=caption.start_s + offset, end_s=caption.end_s + offset))
    return tuple(captions)
