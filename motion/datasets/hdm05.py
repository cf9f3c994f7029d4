"""HDM05's cut clips: ``HDM_bd_squat1Reps_012_120.amc`` = actor, class, take, frame rate; ``HDM_bd.asf`` beside."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from motion.core.errors import BadFile
from motion.core.skeleton import Skeleton
from motion.datasets.captions import hdm05_captions
from motion.datasets.cleaning import at_30_fps, without_spikes
from motion.datasets.skeletons import ASF
from motion.datasets.source import Record, Recording
from motion.datasets.store import Caption
from motion.formats.amc import Asf, read_amc, read_asf

_NAME = re.compile(r"HDM_([a-z]+)_(\w+?)_(\d+)_(\d+)")

#: Every 16th clip of a class is held out for validation, about 6 %.
VAL_EVERY = 16


def find(folder: Path) -> list[Record]:
    """Every ``HDM_actor_class_take_fps.amc`` below the folder."""
    records, seen = [], dict[str, int]()
    for path in sorted(folder.rglob("HDM_*_*_*_*.amc"), key=lambda p: p.name):
        match = _NAME.fullmatch(path.stem)
        if match is None:
            continue
        actor, content, _, fps = match.groups()
        seen[content] = seen.get(content, -1) + 1
        split = "val" if seen[content] % VAL_EVERY == VAL_EVERY // 2 else "train"
        labels = {"actor": actor, "content": content, "fps": int(fps), "split": split}
        records.append(Record(f"hdm05/{path.stem}", path.relative_to(folder).as_posix(), labels))
    return records


def load(record: Record, folder: Path, skeleton: Skeleton) -> list[Recording]:
    """One recording, or none where spikes leave nothing; the skeleton is not needed."""
    path = folder / record.path
    asf = read_skeleton(path.parent / f"HDM_{record.labels['actor']}.asf")
    pieces = without_spikes(read_amc(path, asf, float(record.labels["fps"])))
    if len(pieces) != 1:  # a caption describes the whole clip, not parts of it
        raise BadFile(path, "spikes too long to bridge")
    clip, content = at_30_fps(pieces[0][1]), record.labels["content"]
    texts = hdm05_captions(content)
    captions = tuple(Caption(text, 0.0, clip.duration, "template from class name") for text in texts)
    return [Recording(record.id, clip, ASF, captions, record.labels["split"], content)]


@lru_cache(maxsize=8)
def read_skeleton(path: Path) -> Asf:
    """A subject's skeleton, read once for its clips."""
    return read_asf(path)
