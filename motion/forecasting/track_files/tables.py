"""Untrusted text as numbers: how large it may be, and which line is wrong."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.core.errors import BadFile

Array = NDArray[np.floating]

#: Most rows of a file of tracks.
MAX_ROWS = 9_999_999

#: Longest line looked at, and how much of a file tells its form, in characters.
MAX_LINE, HEAD = 10_000, 65_536


@dataclass(frozen=True)
class Head:
    """The beginning of a text file.

    Attributes:
        path: the file.
        lines: its first lines that are not empty, without blanks around them.
    """

    path: Path
    lines: tuple[str, ...]

    @property
    def comments(self) -> tuple[str, ...]:
        """The lines that begin with # before the first that does not."""
        first = next((number for number, line in enumerate(self.lines) if not line.startswith("#")), len(self.lines))
        return self.lines[:first]

    @property
    def first(self) -> str:
        """The first line that is no comment."""
        return next((line for line in self.lines if not line.startswith("#")), "")

    @property
    def delimiter(self) -> str | None:
        """What stands between columns; None for blanks and tabs."""
        return next((sign for sign in ",;" if sign in self.first), None)

    @property
    def cells(self) -> list[str]:
        """The first line that is no comment, in columns."""
        return [cell.strip() for cell in self.first.split(self.delimiter)]

    @property
    def numbers(self) -> int:
        """How many columns the first line has if all are numbers; else 0."""
        return len(self.cells) if all(is_number(cell) for cell in self.cells) else 0


def head_of(path: Path) -> Head:
    """The beginning of a file; raises ``BadFile`` when it is no text, or too long."""
    try:
        with path.open("rb") as file:
            start = file.read(HEAD)
            _require_rows(path, start, file)
    except OSError as error:
        raise BadFile(path, f"cannot be read: {error.strerror or error}") from error
    if b"\0" in start:
        raise BadFile(path, "is no text file")
    text = start.decode("utf-8-sig", errors="replace")
    lines = text.splitlines()
    whole = lines[:-1] if len(start) == HEAD and len(lines) > 1 else lines
    if not any(line.strip() for line in whole):
        raise BadFile(path, "is empty")
    if max(map(len, whole)) > MAX_LINE and not text.lstrip().startswith("["):
        raise BadFile(path, f"has a line of more than {MAX_LINE} characters; it is no file of tracks")
    return Head(path, tuple(line.strip() for line in whole if line.strip()))


def _require_rows(path: Path, start: bytes, file: object) -> None:
    count = start.count(b"\n")
    while chunk := file.read(1 << 22):  # type: ignore[attr-defined]
        count += chunk.count(b"\n")
        if count > MAX_ROWS:
            raise BadFile(path, f"has more than {MAX_ROWS} rows; cut out the minutes that matter, or stream it to -")


def number_table(head: Head, columns: Sequence[int], header: int = 0) -> Array:
    """(N, len(columns)) numbers, comments left out; raises ``BadFile`` naming the first line that is wrong."""
    try:
        with head.path.open(encoding="utf-8-sig") as file:
            _skip(file, header)
            return np.loadtxt(file, delimiter=head.delimiter, usecols=columns, ndmin=2, **_quoting(header))
    except (ValueError, IndexError, UnicodeDecodeError) as error:
        raise BadFile(head.path, _wrong_line(head, columns, header) or f"is damaged ({error})") from None


def text_column(head: Head, column: int, header: int = 0) -> NDArray[np.str_]:
    """(N,) cells of one column, quotes and blanks around them taken off; raises ``BadFile``."""
    try:
        with head.path.open(encoding="utf-8-sig") as file:
            _skip(file, header)
            found = np.loadtxt(file, str, delimiter=head.delimiter, usecols=column, ndmin=1, **_quoting(1))
    except (ValueError, IndexError, UnicodeDecodeError) as error:
        raise BadFile(
            head.path, _wrong_line(head, (column,), header, numbers=False) or f"is damaged ({error})"
        ) from None
    return np.char.strip(found)


def _skip(file: Iterable[str], header: int) -> None:
    """Read over the header."""
    for _ in range(header):
        next(line for line in file if line.strip() and not line.startswith("#"))


def _quoting(header: int) -> dict[str, Any]:
    """Tables with a header may hold names with any sign in them; the others know comments."""
    return {"comments": None, "quotechar": '"'} if header else {"comments": "#"}


def _rows(head: Head, header: int) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of every row."""
    with head.path.open(encoding="utf-8-sig", errors="replace") as file:
        skipped = 0
        for number, line in enumerate(file, start=1):
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            if skipped < header:
                skipped += 1
                continue
            if head.delimiter is None:
                yield number, line.split()
            else:
                yield number, [cell.strip() for cell in next(csv.reader([line], delimiter=head.delimiter))]


def _wrong_line(head: Head, columns: Sequence[int], header: int, numbers: bool = True) -> str | None:
    """What is wrong in the first line that is, in words."""
    for number, cells in _rows(head, header):
        if len(cells) <= max(columns):
            return f"line {number} has {len(cells)} columns, {max(columns) + 1} are needed"
        for column in columns:
            if numbers and not is_number(cells[column]):
                return f"line {number}, column {column + 1} should be a number, is {cells[column][:40]!r}"
    return None


def is_number(cell: str) -> bool:
    """Whether Python reads it as a number."""
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell


def whole_names(cells: NDArray[np.str_]) -> NDArray:
    """Names as numbers where all are, so that 2 comes before 10; else as text."""
    distinct, which = np.unique(cells, return_inverse=True)
    if all(is_number(cell) for cell in distinct):
        return np.array([float(cell) for cell in distinct])[which]
    return cells
