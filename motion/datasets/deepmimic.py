"""DeepMimic's single acrobatic clips as BVH; one clip per action."""

from __future__ import annotations

from pathlib import Path

from motion.core.skeleton import Skeleton
from motion.datasets.cleaning import at_30_fps
from motion.datasets.skeletons import DEEPMIMIC
from motion.datasets.source import Record, Recording, read_labels
from motion.datasets.store import Caption
from motion.formats.bvh import read_bvh


def find(folder: Path) -> list[Record]:
    """The files named in ``deepmimic.jsonl``."""
    rows = [row for row in read_labels(folder, "deepmimic") if (folder / str(row.get("file"))).is_file()]
    return [Record(f"deepmimic/{Path(row['file']).stem}", row["file"], row) for row in rows]


def load(record: Record, folder: Path, skeleton: Skeleton) -> list[Recording]:
    """One recording; the skeleton is not needed."""
    clip = at_30_fps(read_bvh(folder / record.path, end_sites=True))
    texts = record.labels.get("captions", [])
    captions = tuple(Caption(text, 0.0, clip.duration, "DeepMimic labels") for text in texts)
    stem = Path(record.path).stem
    return [Recording(record.id, clip, DEEPMIMIC, captions, str(record.labels.get("split", "train")), stem)]
