"""What is done of a batch: one line for every job, written when its files are in place; outlives any crash.

Each run writes a journal of its own and reads those of all others, so that machines with a common folder need no lock
between them. Of every job only where its line stands is kept in memory.
"""

from __future__ import annotations

import errno
import importlib
import json
import os
from array import array
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from app.batch.plan import HOME, Part
from motion.core.errors import BadFile, BadInput

OPEN, DONE, FAILED = 0, 1, 2


class Journal:
    """The lines of all runs, and the place for more of this one's; a context manager that holds the part's lock."""

    def __init__(self, folder: Path, part: Part, count: int) -> None:
        self.folder = folder / HOME
        self.path = self.folder / f"journal-{part}.jsonl"
        self.state = bytearray(count)
        self._place = array("q", bytes(8 * count))
        self._book = array("H", bytes(2 * count))
        self._books: list[Path] = []

    def __enter__(self) -> Journal:
        try:
            self._file = self.path.open("ab", buffering=0)
        except OSError as error:
            raise BadFile(self.path, f"cannot be written: {error.strerror or error}") from None
        if not _locked(self._file):
            self._file.close()
            raise BadInput(f"{self.folder.parent}: another run is at work on this part of it")
        self._mend()
        self._file.seek(0, os.SEEK_END)
        self.read()
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def read(self) -> None:
        """Take in what all runs have written."""
        self._books = sorted(self.folder.glob("journal-*.jsonl"))
        for number, path in enumerate(self._books):
            with path.open("rb") as file:
                place = 0
                for line in file:
                    if line.endswith(b"\n"):
                        self._note(number, place, _parsed(path, line))
                    place += len(line)

    def write(self, record: dict[str, Any]) -> None:
        """Put a job's record down; raises ``OSError`` when there is no room."""
        line = json.dumps(record, allow_nan=False).encode() + b"\n"
        place = self._file.tell()
        try:
            if self._file.write(line) != len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError:
            self._file.truncate(place)
            raise
        self._note(self._books.index(self.path), place, record)

    def reopen(self, ordinal: int) -> None:
        """Forget what was said of a job: its files are not there any more."""
        self.state[ordinal] = OPEN

    def record(self, ordinal: int) -> dict[str, Any]:
        """The last thing said of a job that is not open."""
        with self._books[self._book[ordinal]].open("rb") as file:
            file.seek(self._place[ordinal])
            found: dict[str, Any] = json.loads(file.readline())
            return found

    def records(self, first: int = 0, stop: int | None = None) -> Iterator[dict[str, Any]]:
        """The last thing said of every job that is not open, in the order of the file of jobs."""
        files = [path.open("rb") for path in self._books]
        try:
            for ordinal in range(first, min(len(self.state), stop or len(self.state))):
                if self.state[ordinal] != OPEN:
                    file = files[self._book[ordinal]]
                    file.seek(self._place[ordinal])
                    yield json.loads(file.readline())
        finally:
            for file in files:
                file.close()

    def sync(self) -> None:
        """Wait until the disk has it."""
        os.fsync(self._file.fileno())

    def _note(self, book: int, place: int, record: dict[str, Any]) -> None:
        ordinal = record["job"]
        self.state[ordinal] = FAILED if "failed" in record else DONE
        self._place[ordinal], self._book[ordinal] = place, book

    def _mend(self) -> None:
        """Cut off a line that a crash left half written."""
        size = self.path.stat().st_size
        with self.path.open("r+b") as file:
            keep, step = size, 65536
            while keep:
                begin = max(0, keep - step)
                file.seek(begin)
                found = file.read(keep - begin).rfind(b"\n")
                if found >= 0:
                    keep = begin + found + 1
                    break
                keep = begin
            if keep < size:
                file.truncate(keep)


def _parsed(path: Path, line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line)
        if isinstance(record, dict) and isinstance(record.get("job"), int):
            return record
    except ValueError:
        pass
    raise BadFile(path, "is damaged; remove the folder and begin again")


def _locked(file: IO[bytes]) -> bool:
    """Take the lock of a file, which the system lets go of when its holder dies; where there is none all may go on."""
    if find_spec("fcntl") is None:
        return True
    fcntl = importlib.import_module("fcntl")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
