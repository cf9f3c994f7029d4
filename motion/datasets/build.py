"""From a corpus to clips of a training set: read, clean, retarget, put on the floor, correct the feet, measure.

A source is built in chunks by several processes; each finished chunk is kept below ``OUT/.parts``, so that a build that
was killed goes on where it was, and building another source into the same folder adds to the set. Only when all chunks
of a source are there is the set replaced.
"""

from __future__ import annotations

import hashlib
import json
import logging
import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.core.clip import Motion
from motion.core.errors import BadInput, MotionError, UnknownName
from motion.core.progress import Progress, silent
from motion.core.skeleton import Skeleton
from motion.datasets import DATASETS
from motion.datasets.cleaning import FPS, floor_height
from motion.datasets.quality import contact_speeds, pose_error
from motion.datasets.source import Record, Recording
from motion.datasets.store import Item, TrainingSet, write_arrays, write_store
from motion.datasets.unpack import find_archive, unpacked
from motion.formats.atomic import write_text
from motion.metrics.contacts import foot_contacts
from motion.refine.foot_lock import lock_feet
from motion.refine.retarget import lifted, retarget

log = logging.getLogger(__name__)

#: Raised when the result of a build changes, so that chunks of an older program are not reused.
RECIPE = 2
#: Records in a chunk.
CHUNK = 40
#: File that names a finished source's chunks, in order; chunks not in it belong to a build that was stopped.
LISTING = "chunks.json"
#: Shorter clips are dropped, in seconds.
SHORTEST = 0.6


@dataclass(frozen=True)
class Measured:
    """What one kept clip cost: errors in metres, foot speeds in m/s over the target's contact frames (count)."""

    skeleton: str
    pose: float
    plain: float
    source_speed: float
    target_speed: float
    contact_frames: int
    frames: int


@dataclass(frozen=True)
class Fidelity:
    """How retargeting went, over all clips of one kind of skeleton.

    Attributes:
        clips: how many.
        pose_error_mm: mean joint error against the source given the target's bone lengths (``datasets.quality``).
        plain_error_mm: the same with only the leg length made equal, so differences in proportion count too.
        source_foot_speed, target_foot_speed: mean speed in m/s of feet in contact, before and after.
    """

    clips: int
    pose_error_mm: float
    plain_error_mm: float
    source_foot_speed: float
    target_foot_speed: float


@dataclass(frozen=True)
class BuildReport:
    """What came out of a source.

    Attributes:
        source: its name.
        clips, frames: kept.
        dropped: clip id -> why it was left out.
        fidelity: kind of source skeleton -> how retargeting went; empty for corpora on SMPL's skeleton.
    """

    source: str
    clips: int
    frames: int
    dropped: dict[str, str] = field(default_factory=dict)
    fidelity: dict[str, Fidelity] = field(default_factory=dict)


def build(
    source: str,
    from_dir: str | os.PathLike[str],
    out_dir: str | os.PathLike[str],
    progress: Progress = silent,
    skeleton: Skeleton | None = None,
    processes: int = 2,
) -> BuildReport:
    """Build one corpus into a training set, adding to or replacing what the folder holds of it.

    Args:
        source: a name in ``DATASETS``.
        from_dir: the corpus unpacked, or its .tar archive with the .jsonl of labels beside it.
        out_dir: the training set; made if missing.
        progress: told how far it is; may raise ``Cancelled``, after which a later call goes on from there.
        skeleton: SMPL's 24 joints; None takes the shipped body's.
        processes: how many run in parallel.

    Raises:
        UnknownName: no such source. BadInput: nothing of it in ``from_dir``. BadFile: an unreadable archive or set.
    """
    if source not in DATASETS:
        raise UnknownName("dataset", source, DATASETS)
    folder, out = Path(from_dir), Path(out_dir)
    if not folder.is_dir():
        raise BadInput(f"{folder}: no such folder; --from must name the folder that holds the {source} files")
    parts = out / ".parts"
    with ExitStack() as stack:
        records = DATASETS[source].find(folder)
        if not records:
            archive = find_archive(folder, DATASETS[source].archive)
            if archive is None:
                raise BadInput(f"{folder}: holds neither {source} files nor a {DATASETS[source].archive}*.tar archive")
            folder = stack.enter_context(unpacked(archive, parts, progress))
            records = DATASETS[source].find(folder)
        if not records:
            raise BadInput(f"{archive}: holds no {source} files")
        done = _chunks(source, records, folder, parts / source, skeleton or _shipped_skeleton(), progress, processes)
    _merge(out, progress)
    return _report(source, done)


def _shipped_skeleton() -> Skeleton:
    from motion.body import default_body

    return default_body().skeleton()


def _chunks(
    source: str,
    records: list[Record],
    folder: Path,
    parts: Path,
    skeleton: Skeleton,
    progress: Progress,
    processes: int,
) -> list[Path]:
    """Make the chunks that are missing, then list them as this source's; return all in order."""
    groups = [records[i : i + CHUNK] for i in range(0, len(records), CHUNK)]
    paths = [parts / f"{i:04d}-{_digest(group, folder, skeleton)}" for i, group in enumerate(groups)]
    missing = [(group, path) for group, path in zip(groups, paths, strict=True) if not (path / "meta.json").is_file()]
    parts.mkdir(parents=True, exist_ok=True)
    work = partial(_make_chunk, source, folder, skeleton)
    made = len(groups) - len(missing)
    progress(f"build {source}", made / len(groups))
    for _ in _mapped(work, missing, processes):
        made += 1
        progress(f"build {source}", made / len(groups))
    write_text(parts / LISTING, json.dumps([path.name for path in paths]))
    for old in parts.iterdir():
        if old.is_dir() and old not in paths:
            shutil.rmtree(old, ignore_errors=True)
    return paths


def _mapped(work: Callable[[Any], None], jobs: list[Any], processes: int) -> Iterator[None]:
    if processes <= 1 or len(jobs) <= 1:
        yield from map(work, jobs)
        return
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        yield from pool.imap_unordered(work, jobs)


def _digest(records: list[Record], folder: Path, skeleton: Skeleton) -> str:
    """Changes when files, labels, the skeleton or the recipe change."""
    facts = [[record.id, record.path, record.labels, (folder / record.path).stat().st_size] for record in records]
    text = json.dumps([RECIPE, FPS, skeleton.rest_offsets.round(6).tolist(), facts], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _make_chunk(source: str, folder: Path, skeleton: Skeleton, job: tuple[list[Record], Path]) -> None:
    """Read and convert the records of one chunk into a small store of their own."""
    records, path = job
    items: list[Item] = []
    measured: list[dict[str, Any]] = []
    dropped: dict[str, str] = {}
    for record in records:
        try:
            recordings = DATASETS[source].load(record, folder, skeleton)
        except MotionError as error:
            dropped[record.id] = str(error)
            continue
        for recording in recordings:
            if recording.clip.duration < SHORTEST:
                dropped[recording.id] = f"shorter than {SHORTEST} s"
                continue
            clip, numbers = convert(recording, skeleton)
            items.append(_item(source, recording, clip))
            if numbers:
                measured.append(asdict(numbers))
    temporary = path.with_name(f".{path.name}")
    shutil.rmtree(temporary, ignore_errors=True)
    write_store(temporary, items, skeleton, FPS, {"measured": measured, "dropped": dropped})
    os.replace(temporary, path)


def _item(source: str, recording: Recording, clip: Motion) -> Item:
    return Item(recording.id, source, clip, recording.captions, recording.split, DATASETS[source].licence,
                recording.content, recording.style)  # fmt: skip


def convert(recording: Recording, skeleton: Skeleton) -> tuple[Motion, Measured | None]:
    """A recording on SMPL's joints, standing on the floor, its feet corrected; numbers where it was retargeted."""
    source, mapping = recording.clip, recording.mapping
    clip = retarget(source, mapping, skeleton) if mapping else source
    clip = lifted(clip, -floor_height(clip))
    contacts = foot_contacts(clip)
    clip = lock_feet(clip, contacts)
    clip = replace(clip, contacts=None)
    if mapping is None:
        return clip, None
    error = pose_error(source, mapping, clip)
    before, after = contact_speeds(source, mapping, clip, contacts)
    return clip, Measured(mapping.name, error.pose, error.plain, before, after, int(contacts.sum()), clip.num_frames)


def _merge(out: Path, progress: Progress) -> None:
    """Join the chunks of all finished sources into the one set."""
    progress("write set", 0.0)
    listings = sorted((out / ".parts").glob(f"*/{LISTING}"))
    chunks = [TrainingSet.open(path.parent / name) for path in listings for name in json.loads(path.read_text())]
    rows, start = [], 0
    for chunk in chunks:
        rows += [row | {"start": row["start"] + start} for row in chunk.rows]
        start += len(chunk.transl)
    if not rows:
        raise BadInput("no clip was left after cleaning; the training set was not changed")
    skeleton = chunks[-1].skeleton
    if any(not np.allclose(chunk.skeleton.rest_offsets, skeleton.rest_offsets) for chunk in chunks):
        raise BadInput(f"{out}: was built for another body; build its other sources again or use a new folder")
    sources = sorted({row["source"] for row in rows})
    meta = {"sources": {name: {"title": DATASETS[name].title, "licence": DATASETS[name].licence} for name in sources}}
    write_arrays(out, rows, np.concatenate([c.transl for c in chunks]), np.concatenate([c.poses for c in chunks]),
                 skeleton, FPS, meta)  # fmt: skip
    progress("write set", 1.0)


def _report(source: str, chunks: list[Path]) -> BuildReport:
    metas = [TrainingSet.open(path).meta for path in chunks]
    measured = [Measured(**row) for meta in metas for row in meta["measured"]]
    dropped = {name: why for meta in metas for name, why in meta["dropped"].items()}
    kinds = {m.skeleton: [n for n in measured if n.skeleton == m.skeleton] for m in measured}
    return BuildReport(
        source,
        clips=sum(meta["clips"] for meta in metas),
        frames=sum(meta["frames"] for meta in metas),
        dropped=dropped,
        fidelity={kind: _fidelity(rows) for kind, rows in kinds.items()},
    )


def _fidelity(rows: list[Measured]) -> Fidelity:
    """Means over all frames, foot speeds over all contact frames."""
    frames = np.array([row.frames for row in rows], dtype=float)
    standing = np.array([row.contact_frames for row in rows], dtype=float) + 1e-9

    def mean(values: list[float], weights: NDArray[np.floating]) -> float:
        return float(np.average(values, weights=weights))

    return Fidelity(
        clips=len(rows),
        pose_error_mm=1000 * mean([row.pose for row in rows], frames),
        plain_error_mm=1000 * mean([row.plain for row in rows], frames),
        source_foot_speed=mean([row.source_speed for row in rows], standing),
        target_foot_speed=mean([row.target_speed for row in rows], standing),
    )
