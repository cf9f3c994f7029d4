"""Jobs: one request each, from a file of JSON lines, a CSV table or a grid; read as a stream, however many there are.

A job's name fixes its seed: what comes of it depends neither on its place in the file nor on what is made beside it.
"""

from __future__ import annotations

import csv
import hashlib
import itertools
import json
import re
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from app.request import Request
from motion.core.errors import BadFile, BadInput, MotionError, UnknownName
from motion.resources import sha256_of

#: Longest line of a job file and largest grid, in bytes; most jobs of either.
MAX_LINE, MAX_GRID, MAX_JOBS = 1_000_000, 10_000_000, 10_000_000

#: What a job may be called: it becomes the name of a file.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")

#: A grid's lists, and the field of a request that goes through each.
AXES = {"prompts": "prompt", "speeds": "speed", "durations": "duration", "seeds": "seed"}

#: Fields that are text as they stand in a table; all others are read as JSON where they are that.
TEXTS = {"id"} | {entry.name for entry in fields(Request) if entry.type in ("str", "str | None")}

#: A row of a file: the fields of a request and perhaps an id; or what is wrong with it.
Row = dict[str, Any] | MotionError


@dataclass(frozen=True)
class Job:
    """One request with its place in the file (from 0) and its name; or with what is wrong with it."""

    ordinal: int
    id: str
    fields: dict[str, Any]
    problem: str | None = None

    @property
    def seconds(self) -> float:
        """How long its clips are about; jobs of like length are computed together."""
        value = self.fields.get("duration")
        return float(value) if isinstance(value, int | float) else 6.0


@dataclass(frozen=True)
class JobFile:
    """A file of jobs that has been looked through once.

    Attributes:
        path: the file.
        rows: opens it and gives its rows.
        sha256: of its content.
        repeats: (number of jobs,) how many rows before have the same name, or are the same where they have none.
    """

    path: Path
    rows: Callable[[], Iterator[Row]]
    sha256: str
    repeats: np.ndarray

    @classmethod
    def open(cls, path: Path, grid: bool = False) -> JobFile:
        """Look through a ``.jsonl`` or ``.csv`` file or a grid; single bad rows are found later, as failures."""
        if not path.is_file():
            raise BadFile(path, "no such file")
        if grid:
            axes, rest = _grid(path)
            rows: Callable[[], Iterator[Row]] = lambda: _product(axes, rest)  # noqa: E731
        else:
            reader = READERS.get(path.suffix.lower())
            if reader is None:
                raise UnknownName("suffix of a job file", path.suffix, READERS)
            rows = lambda: reader(path)  # noqa: E731
        keys = array("Q")
        for row in rows():
            if len(keys) >= MAX_JOBS:
                raise BadFile(path, f"holds more than {MAX_JOBS:,} jobs; split it")
            keys.append(int.from_bytes(_digest(_key(row, len(keys)))[:8], "big"))
        if not keys:
            raise BadFile(path, 'holds no jobs; each line must be a request such as {"prompt": "a person walks"}')
        return cls(path, rows, sha256_of(path), _repeats(np.array(keys)))

    def __len__(self) -> int:
        return len(self.repeats)

    def jobs(self, defaults: dict[str, Any], seed: int) -> Iterator[Job]:
        """Every job, in order, with ``defaults`` for what it does not say; ``seed`` enters the seeds of all."""
        for ordinal, (row, repeat) in enumerate(zip(self.rows(), self.repeats, strict=True)):
            yield job_of(ordinal, row, int(repeat), defaults, seed)


def job_of(ordinal: int, row: Row, repeat: int, defaults: dict[str, Any], seed: int) -> Job:
    """The job of a row that ``repeat`` rows before had the name of."""
    if isinstance(row, MotionError):
        return Job(ordinal, f"line-{ordinal + 1}", {}, str(row))
    asked = dict(row)
    name = asked.pop("id", None)
    if name is None:
        name = invented(asked) + (f"-{repeat + 1}" if repeat else "")
    elif not isinstance(name, str) or not NAME.fullmatch(name):
        return Job(
            ordinal, f"line-{ordinal + 1}", asked, f"id must be 1 to 80 letters, digits, _ and -, got {name!r:.60}"
        )
    elif repeat:
        return Job(ordinal, f"line-{ordinal + 1}", asked, f"the id {name!r} is there already; each job needs its own")
    if "out" in asked:
        return Job(ordinal, name, asked, "a job has no out: files are named after its id, --format says which")
    asked = {**defaults, **asked}
    asked.setdefault("seed", seed_of(name, seed))
    return Job(ordinal, name, asked)


def seed_of(name: str, seed: int = 0) -> int:
    """The seed of a job by its name, 40 bits; a sample's noise depends on it and the sample's number."""
    return int.from_bytes(_digest(f"{seed}/{name}")[:5], "big")


def invented(asked: dict[str, Any]) -> str:
    """A name for a job without one: the beginning of its prompt and a digest of all that it asks for."""
    words = re.findall(r"[a-z0-9]+", str(asked.get("prompt") or "clip").lower())
    return f"{'-'.join(words)[:32].rstrip('-') or 'clip'}-{_digest(_canonical(asked)).hex()[:10]}"


def _key(row: Row, number: int) -> str:
    if isinstance(row, MotionError):
        return f"line {number}"
    name = row.get("id")
    return f"id {name.casefold()}" if isinstance(name, str) else _canonical(row)


def _canonical(row: dict[str, Any]) -> str:
    return json.dumps(row, sort_keys=True, default=str)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _repeats(keys: np.ndarray) -> np.ndarray:
    """(N,) how many entries before each are equal to it."""
    order = np.argsort(keys, kind="stable")
    first = np.append(True, keys[order][1:] != keys[order][:-1])
    places = np.arange(len(keys))
    counts = np.empty(len(keys), np.uint32)
    counts[order] = places - np.maximum.accumulate(np.where(first, places, 0))
    return counts


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _parsed(text: str | bytes) -> Any:
    return json.loads(text, parse_constant=_refuse)


def _json_lines(path: Path) -> Iterator[Row]:
    with path.open("rb") as file:
        while line := file.readline(MAX_LINE + 1):
            if len(line) > MAX_LINE:
                while line and not line.endswith(b"\n"):
                    line = file.readline(MAX_LINE)
                yield BadInput(f"a line may have {MAX_LINE:,} bytes; put paths and keys in a file of their own")
            elif line.strip():
                yield _json_row(line)


def _json_row(line: bytes) -> Row:
    try:
        row = _parsed(line)
    except (ValueError, RecursionError) as error:
        return BadInput(f"the line is not JSON ({error})")
    return row if isinstance(row, dict) else BadInput(f"a job must be a JSON object, got {row!r:.60}")


def _table(path: Path) -> Iterator[Row]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            for row in csv.DictReader(file):
                yield _table_row(row)
    except (csv.Error, UnicodeDecodeError) as error:
        raise BadFile(path, f"is not a CSV table in UTF-8 ({error})") from error


def _table_row(row: dict[Any, Any]) -> Row:
    """Empty cells are left out; a cell of a field that is no text is JSON if it can be: 1.2, true, [[0, 0], [0, 3]]."""
    if None in row:
        return BadInput("the row has more cells than the first line has names")
    found = {}
    for name, cell in row.items():
        if not (cell or "").strip():
            continue
        try:
            found[name.strip()] = cell if name.strip() in TEXTS else _parsed(cell)
        except (ValueError, RecursionError):
            found[name.strip()] = cell  # the request will say what it should be
    return found


#: Kinds of job files, by suffix.
READERS: dict[str, Callable[[Path], Iterator[Row]]] = {".jsonl": _json_lines, ".ndjson": _json_lines, ".csv": _table}


def _grid(path: Path) -> tuple[dict[str, list[Any]], dict[str, Any]]:
    """Lists of a grid by the field they are for, and the fields that all its jobs have."""
    if path.stat().st_size > MAX_GRID:
        raise BadFile(path, f"a grid may have {MAX_GRID:,} bytes")
    try:
        data = _parsed(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise BadFile(path, f"is not JSON ({error})") from error
    if not isinstance(data, dict) or not AXES.keys() & data.keys():
        raise BadFile(path, f"a grid is a JSON object with one or more of {', '.join(AXES)}, each a list")
    names = {entry.name for entry in fields(Request)} - {"out"}
    for name in data:
        if name not in AXES and name not in names:
            raise UnknownName("entry of a grid", name, {*AXES, *names})
    axes = {}
    for name in AXES.keys() & data.keys():
        values = data[name]
        if name == "seeds" and isinstance(values, int) and not isinstance(values, bool) and values > 0:
            values = list(range(min(values, MAX_JOBS)))
        if not isinstance(values, list) or not values:
            raise BadFile(path, f"{name} must be a list with something in it, got {values!r:.60}")
        axes[AXES[name]] = values
    return axes, {name: value for name, value in data.items() if name not in AXES}


def _product(axes: dict[str, list[Any]], rest: dict[str, Any]) -> Iterator[Row]:
    names = [field for field in AXES.values() if field in axes]
    for values in itertools.product(*(axes[name] for name in names)):
        yield {**rest, **{name: value for name, value in zip(names, values, strict=True) if value is not None}}
