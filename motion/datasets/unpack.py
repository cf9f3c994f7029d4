"""A corpus where the user has it: unpacked in a folder, or as an archive in it. Archives are unpacked with limits."""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from motion.core.errors import BadFile
from motion.core.progress import Progress

#: Archives above these limits are refused.
MAX_FILES = 200_000
MAX_BYTES = 60 * 1024**3
SUFFIXES = (".tar.xz", ".tar.gz", ".tgz", ".tar.bz2", ".tar")
WANTED = {".bvh", ".amc", ".asf", ".npz", ".npy", ".txt", ".csv", ".jsonl", ".json"}


def find_archive(folder: Path, name: str) -> Path | None:
    """The archive in the folder whose name starts with ``name``, or None."""
    archives = [path for path in sorted(folder.iterdir()) if path.name.endswith(SUFFIXES)]
    return next((path for path in archives if path.name.lower().startswith(name)), None)


@contextmanager
def unpacked(archive: Path, work: Path, progress: Progress) -> Iterator[Path]:
    """A temporary folder below ``work`` with the archive's motion files, removed afterwards.

    Raises:
        BadFile: it is no archive, is damaged, or exceeds the limits.
    """
    target = work / f"unpacked-{archive.name.split('.')[0]}"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    try:
        _extract(archive, target, progress)
        for labels in archive.parent.glob(f"{archive.name.split('.')[0]}*.jsonl"):
            shutil.copy(labels, target / labels.name)
        yield target
    finally:
        shutil.rmtree(target, ignore_errors=True)


def _extract(archive: Path, target: Path, progress: Progress) -> None:
    size, total, files = max(archive.stat().st_size, 1), 0, 0
    try:
        with archive.open("rb") as raw, tarfile.open(fileobj=raw, mode="r|*") as tar:
            for member in tar:
                total, files = total + member.size, files + 1
                if total > MAX_BYTES or files > MAX_FILES:
                    raise BadFile(archive, f"holds more than {MAX_BYTES >> 30} GB or {MAX_FILES} files; not unpacked")
                if member.isfile() and Path(member.name).suffix.lower() in WANTED:
                    tar.extract(member, target, filter="data")
                if files % 50 == 0:
                    progress("unpack", min(raw.tell() / size, 1.0))
    except (tarfile.TarError, EOFError, OSError) as error:
        raise BadFile(archive, f"cannot be unpacked ({error})") from error
