"""Bandai-Namco-Research-Motiondataset 1 and 2: ``dataset-1_bow_active_001.bvh`` = set, content, style, take."""

from __future__ import annotations

from pathlib import Path

from motion.core.skeleton import Skeleton
from motion.datasets.captions import bandai_captions, content_paraphrases
from motion.datasets.cleaning import at_30_fps
from motion.datasets.skeletons import BANDAI
from motion.datasets.source import Record, Recording, read_labels
from motion.datasets.store import Caption
from motion.formats.bvh import read_bvh

#: One clip in this many goes to the validation split when no labels say which.
VAL_EVERY = 19


def find(folder: Path) -> list[Record]:
    """Every ``dataset-*_content_style_take.bvh`` below the folder, with its row of labels where there is one."""
    labels = {row.get("file"): row for row in read_labels(folder, "bandai-namco")}
    records = []
    for number, path in enumerate(sorted(folder.rglob("dataset-*_*_*_*.bvh"), key=lambda p: p.name)):
        _, content, style, _ = path.stem.split("_", 3)
        row = labels.get(path.name, {"split": "val" if number % VAL_EVERY == 0 else "train"})
        records.append(Record(f"bandai/{path.stem}", path.relative_to(folder).as_posix(),
                              {"content": content, "style": style, **row}))  # fmt: skip
    return records


def load(record: Record, folder: Path, skeleton: Skeleton) -> list[Recording]:
    """One recording; the skeleton is not needed."""
    clip = at_30_fps(read_bvh(folder / record.path))
    content, style = record.labels["content"], record.labels["style"]
    texts = [(text, str(record.labels.get("caption_source", "template"))) for text in record.labels.get("captions", [])]
    texts = texts or [(text, "template from file name") for text in bandai_captions(content, style)]
    texts += [(text, "template paraphrase") for text in content_paraphrases(content, style, record.id)]
    captions = tuple(Caption(text, 0.0, clip.duration, source) for text, source in texts)
    return [Recording(record.id, clip, BANDAI, captions, record.labels["split"], content, style)]
