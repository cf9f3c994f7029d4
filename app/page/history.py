"""Results on disk: a folder each, which appears whole or not at all, and survives reloads and restarts."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from app.page.facts import facts_of
from app.page.recipe import Recipe
from app.result import Result
from motion.body import default_body
from motion.core import Motion
from motion.core.errors import BadFile, BadInput, MotionError
from motion.formats import load
from motion.formats.atomic import write_text
from motion.formats.picture import film

_NAME = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")
_FILE = re.compile(r"[a-z0-9][a-z0-9_-]{0,80}\.(glb|fbx|bvh|npz|gif|mp4|csv|png)")

#: Pixels of a thumbnail.
THUMBNAIL = (220, 240)

#: Bytes of a record; ours have a few kilobytes.
MAX_RECORD = 10_000_000


@dataclass(frozen=True)
class Entry:
    """One result: its name, the recipe it came of, what came of it, which clip was picked, whether it has a star."""

    name: str
    recipe: Recipe
    result: Result
    picked: int = 0
    star: bool = False

    def to_json(self) -> dict[str, Any]:
        """What pages and programs are told."""
        return {
            "name": self.name, "title": self.recipe.title, "recipe": self.recipe.to_json(),
            "result": self.result.to_json(), "picked": self.picked, "star": self.star,
        }  # fmt: skip


class History:
    """The results in a folder, the newest first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(".making-*"):  # by a server that was killed
            shutil.rmtree(left, ignore_errors=True)

    def names(self) -> list[str]:
        """Names of all results, the newest first."""
        return sorted((one.name for one in self.folder.iterdir() if _NAME.fullmatch(one.name)), reverse=True)

    def entries(self, count: int = 60) -> list[Entry]:
        """The newest; what cannot be read is passed over."""
        found = []
        for name in self.names()[:count]:
            try:
                found.append(self.entry(name))
            except MotionError:
                continue
        return found

    def entry(self, name: str) -> Entry:
        """A result by its name; raises ``BadInput`` when there is none of it."""
        data = _record(self.place(name) / "entry.json")
        try:
            recipe, result = Recipe.from_json(data["recipe"]), Result.from_json(data["result"])
            return Entry(name, recipe, result, int(data["picked"]), bool(data["star"]))
        except (KeyError, TypeError, ValueError) as error:
            raise BadFile(self.place(name), f"is no result of the studio ({error})") from error

    def place(self, name: str) -> Path:
        """The folder of a result; raises ``BadInput`` for names that none has."""
        if not _NAME.fullmatch(name) or not (self.folder / name).is_dir():
            raise BadInput(f"there is no result {name[:40]!r}")
        return self.folder / name

    def file(self, name: str, file: str) -> Path:
        """A file of a result that may be handed out."""
        if not _FILE.fullmatch(file):
            raise BadInput(f"no file of a result is called {file[:40]!r}")
        return self.place(name) / file

    def keep(self, recipe: Recipe, make: Callable[[list[str]], Result]) -> Entry:
        """Make a result and keep it; ``make`` is told the files to write. Nothing stays when it fails."""
        name = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(3)}"
        making = self.folder / f".making-{name}"
        making.mkdir()
        try:
            result = _plain(make([str(making / "clip.glb"), str(making / "clip.npz")]))
            entry = Entry(name, recipe, result)
            for number in range(len(result.samples)):
                clip = load(making / clip_file(result, number, ".npz"), skeleton=default_body().skeleton())
                write_text(making / f"facts_{number}.json", json.dumps(facts_of(clip), allow_nan=False))
                if number == 0:
                    _thumbnail(clip, making / "thumbnail.png")
            _write(making, entry)
            making.rename(self.folder / name)
        except BaseException:
            shutil.rmtree(making, ignore_errors=True)
            raise
        return entry

    def pick(self, name: str, number: int) -> Entry:
        """Remember which clip of a result was picked."""
        entry = self.entry(name)
        if not 0 <= number < len(entry.result.samples):
            raise BadInput(f"the result has clips 0 to {len(entry.result.samples) - 1}, not {number}")
        return self._put(replace(entry, picked=number))

    def star(self, name: str, star: bool) -> Entry:
        """Give or take a star."""
        return self._put(replace(self.entry(name), star=star))

    def remove(self, name: str) -> None:
        """Forget a result and its files."""
        shutil.rmtree(self.place(name))

    def facts(self, name: str, number: int) -> dict[str, Any]:
        """What ``facts_of`` told of a clip."""
        return _record(self.place(name) / f"facts_{int(number)}.json")

    def clip(self, name: str, number: int) -> Motion:
        """A clip of a result."""
        entry = self.entry(name)
        return load(self.place(name) / clip_file(entry.result, number, ".npz"), skeleton=default_body().skeleton())

    def _put(self, entry: Entry) -> Entry:
        _write(self.place(entry.name), entry)
        return entry


def clip_file(result: Result, number: int, suffix: str) -> str:
    """The name of a clip's file."""
    if not 0 <= number < len(result.samples):
        raise BadInput(f"the result has clips 0 to {len(result.samples) - 1}, not {number}")
    return next(name for name in result.samples[number].files if name.endswith(suffix))


def _plain(result: Result) -> Result:
    """The result with names of files in place of paths."""
    samples = tuple(replace(one, files=tuple(Path(file).name for file in one.files)) for one in result.samples)
    return replace(result, samples=samples)


def _write(folder: Path, entry: Entry) -> None:
    record = {
        "recipe": entry.recipe.to_json(), "result": entry.result.to_json(), "picked": entry.picked, "star": entry.star,
    }  # fmt: skip
    write_text(folder / "entry.json", json.dumps(record, allow_nan=False))


def _record(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_RECORD:
            raise BadFile(path, "is too large for a record")
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BadFile(path, f"cannot be read ({error})") from error
    if not isinstance(data, dict):
        raise BadFile(path, "is no record")
    return data


def _thumbnail(clip: Motion, path: Path) -> None:
    """The pose that differs most from the mean of the clip's."""
    local = clip.joint_positions() - clip.root_position[:, None]
    frame = int(np.argmax(np.linalg.norm(local - local.mean(axis=0), axis=-1).sum(axis=-1)))
    next(film(clip.sliced(frame, frame + 1), THUMBNAIL, skin=default_body().skin())).save(path, optimize=True)
