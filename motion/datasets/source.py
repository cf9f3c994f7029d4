"""What a reader of a corpus gives: recordings with captions, found first (cheap), loaded later (in any process)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from motion.core.clip import Motion
from motion.core.errors import BadFile
from motion.core.skeleton import Skeleton
from motion.datasets.store import Caption
from motion.refine.retarget import SkeletonMap


@dataclass(frozen=True)
class Record:
    """A file to read and what its labels say. ``path`` is relative to the corpus folder; ``labels`` is plain JSON."""

    id: str
    path: str
    labels: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Recording:
    """A cleaned clip at 30 fps on the corpus's own skeleton, or on SMPL's when ``mapping`` is None."""

    id: str
    clip: Motion
    mapping: SkeletonMap | None
    captions: tuple[Caption, ...]
    split: str
    content: str | None = None
    style: str | None = None


@dataclass(frozen=True)
class Dataset:
    """One corpus.

    Attributes:
        name: what it is called in ``stride data build NAME``.
        title, licence: for the training set and the model card.
        archive: start of the file name of its archive and labels, such as ``bandai-namco``.
        find: ``find(folder) -> records``, empty when the folder holds no such corpus.
        load: ``load(record, folder, skeleton) -> recordings``; raises ``BadFile``.
    """

    name: str
    title: str
    licence: str
    archive: str
    find: Callable[[Path], list[Record]]
    load: Callable[[Record, Path, Skeleton], list[Recording]]


def read_labels(folder: Path, archive: str) -> list[dict[str, Any]]:
    """Rows of ``<archive>.jsonl`` in the folder or beside it; empty when there is none."""
    for path in (folder / f"{archive}.jsonl", folder.parent / f"{archive}.jsonl"):
        if path.is_file():
            try:
                rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
            except (OSError, ValueError) as error:
                raise BadFile(path, "every line must be one JSON object") from error
            if not all(isinstance(row, dict) for row in rows):
                raise BadFile(path, "every line must be one JSON object")
            return rows
    return []
