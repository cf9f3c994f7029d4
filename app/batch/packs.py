"""Many clips in one file: WebDataset's tar, or Parquet. The same clips give the same bytes."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from app.batch.journal import OPEN, Journal
from app.batch.layouts import layout_of
from app.batch.plan import HOME, Plan
from motion.core.errors import MissingDependency
from motion.formats.archive import read_arrays
from motion.formats.atomic import atomic_path, write_text
from motion.resources import sha256_of

Record = dict[str, Any]

#: Clips of one row group of a Parquet file: what a reader holds at a time.
ROWS = 100


def require(kind: str) -> None:
    """Raise ``MissingDependency`` where packing needs a package that is not there."""
    if kind == "parquet" and find_spec("pyarrow") is None:
        raise MissingDependency("pyarrow", "writing Parquet", "cluster")


class Packer:
    """Packs a block of jobs when all of them are over, and keeps its clips until none of them can change any more."""

    def __init__(self, folder: Path, plan: Plan, journal: Journal) -> None:
        self.folder, self.plan, self.journal = folder, plan, journal
        self.suffix = layout_of(plan.kind).packed
        self.notes = folder / HOME / "packs"
        self._gone: dict[int, bool] = {}
        if self.suffix:
            for path in (self.notes, folder / HOME / "clips", folder / "data"):
                path.mkdir(parents=True, exist_ok=True)

    def reopen(self, ordinal: int) -> None:
        """A job is made anew: what is packed of its block will not do any more."""
        self._note(ordinal // self.plan.pack).unlink(missing_ok=True)

    def over(self, ordinal: int) -> None:
        """Pack the block of a job that is over, if it was the last one."""
        block = ordinal // self.plan.pack
        if not self.suffix or self._note(block).exists() or OPEN in self._states(block):
            return
        first = block * self.plan.pack
        records = list(self.journal.records(first, first + self.plan.pack))
        clips = [clip for record in records for clip in record.get("clips", ())]
        place = f"data/{block:06d}{self.suffix}"
        note: Record = {"clips": len(clips)}
        if clips:
            with atomic_path(self.folder / place) as temporary:
                PACKS[self.suffix](self.folder, clips, temporary)
            note |= {"file": place, "sha256": sha256_of(self.folder / place)}
        write_text(self._note(block), json.dumps(note))
        if not any("failed" in record for record in records):
            for clip in clips:
                (self.folder / clip["files"][0]["file"]).unlink(missing_ok=True)

    def waits(self, record: Record) -> bool:
        """Whether the clips of a job lie unpacked: then they must be there."""
        block = record["job"] // self.plan.pack
        return not self.suffix or (block not in self._gone and not self._note(block).exists())

    def lost(self, ordinal: int) -> bool:
        """Whether the pack of a job is gone: all its jobs have to be made anew."""
        block = ordinal // self.plan.pack
        if block not in self._gone:
            note = json.loads(self._note(block).read_text(encoding="utf-8"))
            self._gone[block] = "file" in note and not (self.folder / note["file"]).is_file()
        return self._gone[block]

    def packed(self) -> Iterator[Record]:
        """File and sha256 of all packs there are."""
        for path in sorted(self.notes.glob("*.json")) if self.suffix else ():
            note = json.loads(path.read_text(encoding="utf-8"))
            if "file" in note:
                yield note

    def _note(self, block: int) -> Path:
        return self.notes / f"{block:06d}.json"

    def _states(self, block: int) -> bytearray:
        return self.journal.state[block * self.plan.pack : (block + 1) * self.plan.pack]


def told(clip: Record) -> Record:
    """What the metadata say of a clip: all but where it lies while it waits."""
    return {name: value for name, value in clip.items() if name != "files"}


def _tar(folder: Path, clips: Sequence[Record], path: Path) -> None:
    """Samples of two members, ``<id>.npz`` and ``<id>.json``, as WebDataset reads them."""
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        for clip in clips:
            content = (folder / clip["files"][0]["file"]).read_bytes()
            for suffix, data in ((".npz", content), (".json", json.dumps(told(clip)).encode())):
                member = tarfile.TarInfo(clip["id"] + suffix)  # time, owner and rights stay the same for everybody
                member.size = len(data)
                tar.addfile(member, io.BytesIO(data))


def _parquet(folder: Path, clips: Sequence[Record], path: Path) -> None:
    """A row for each clip; rotation vectors (T, 72) and places (T, 3) as in AMASS (Z up), in 32 bits."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    def frames(width: int) -> Any:
        return pa.list_(pa.list_(pa.float32(), width))

    schema = pa.schema(
        [("id", pa.string()), ("prompt", pa.string()), ("split", pa.string()), ("seed", pa.int64()),
         ("fps", pa.float64()), ("frames", pa.int32()), ("poses", frames(72)), ("trans", frames(3)),
         ("contacts", pa.list_(pa.list_(pa.bool_(), 4))), ("metadata", pa.string())]
    )  # fmt: skip
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for first in range(0, len(clips), ROWS):
            rows = [_row(folder, clip) for clip in clips[first : first + ROWS]]
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))


def _row(folder: Path, clip: Record) -> Record:
    keys = {"poses", "trans", "stride_hand_pose", "stride_contacts"}
    arrays = read_arrays(folder / clip["files"][0]["file"], keys)
    hands = arrays["stride_hand_pose"].reshape(len(arrays["trans"]), -1)
    poses = np.concatenate([arrays["poses"][:, :66], hands], axis=1)
    contacts = arrays.get("stride_contacts")
    return {
        **{name: clip[name] for name in ("id", "prompt", "split", "fps", "frames")},
        "seed": clip["seed"] if abs(clip["seed"]) < 2**63 else None,
        "poses": poses.astype(np.float32).tolist(), "trans": arrays["trans"].astype(np.float32).tolist(),
        "contacts": None if contacts is None else contacts.tolist(), "metadata": json.dumps(told(clip)),
    }  # fmt: skip


PACKS: dict[str, Callable[[Path, Sequence[Record], Path], None]] = {".tar": _tar, ".parquet": _parquet}
