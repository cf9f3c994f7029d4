"""What every row about scenes needs: places prepared and timed, and a generator to put people into them."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from motion.core.progress import Progress, silent
from motion.evaluation.scorecard import Row
from motion.generation import Generator
from scenes.rooms import Room, make_room, room_scene
from scenes.scene import Scene, open_scene

#: Scanned rooms and the house in a folder of scenes, by parts of their paths; and Recast's level with its list.
SCANS, HOUSE, LEVEL, LIST = "quest", "small_house_collision.obj", "nav_test.obj", "nav_mesh_test.txt"

#: Suffixes of the meshes in a folder of scenes.
MESHES = (".obj", ".glb", ".gltf", ".ply", ".stl")


@dataclass(frozen=True)
class Findings:
    """Rows of one kind, and the single numbers behind them as plain data."""

    rows: list[Row]
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Prepared:
    """A place, the seconds of one core that preparing it took, and those of finding it again.

    Attributes:
        kind: ``room`` or ``house``.
        room: as it was drawn, or None of a scanned one.
    """

    name: str
    kind: str
    scene: Scene
    seconds: float
    again: float
    room: Room | None = None


@dataclass(frozen=True)
class SceneTrial:
    """One evaluation of scenes.

    Attributes:
        load: brings the generator, when the first row needs one.
        folder: with meshes of real places, or None.
        rooms: how many drawn rooms are used.
        ways: how many clips are made in each of them.
        steps: sampling steps; None: as many as the model is made for.
        progress: told the stage and its share done.
    """

    load: Callable[[], Generator]
    folder: Path | None = None
    rooms: int = 4
    ways: int = 2
    steps: int | None = None
    progress: Progress = silent

    @cached_property
    def generator(self) -> Generator:
        return self.load()

    @cached_property
    def files(self) -> list[Path]:
        """All meshes of the folder."""
        return [path for path in sorted(self.folder.rglob("*")) if path.suffix in MESHES] if self.folder else []

    def named(self, part: str) -> list[Path]:
        """The meshes of the folder with this in their path."""
        return [path for path in self.files if part in path.relative_to(self.folder or path).as_posix()]

    @cached_property
    def drawn(self) -> list[Prepared]:
        """The drawn rooms."""
        found = []
        for seed in range(self.rooms):
            self.progress("preparing drawn rooms", seed / self.rooms)
            room = make_room(seed)
            found.append(_timed(f"room {seed}", "room", partial(room_scene, room), room))
        return found

    @cached_property
    def scanned(self) -> list[Prepared]:
        """The scanned rooms and the house of the folder."""
        files = [(path, "room") for path in self.named(SCANS)] + [(path, "house") for path in self.named(HOUSE)]
        found = []
        for number, (path, kind) in enumerate(files):
            self.progress("preparing scanned places", number / len(files))
            found.append(_timed(path.stem, kind, partial(open_scene, path)))
        return found

    @property
    def places(self) -> list[Prepared]:
        """Both."""
        return [*self.drawn, *self.scanned]


def _timed(name: str, kind: str, opened: Callable[[], Scene], room: Room | None = None) -> Prepared:
    """A place prepared in a cache of its own and found again there: what the second scene holds is used."""
    with own_cache():
        begun = time.process_time()
        opened()
        prepared = time.process_time()
        scene = opened()
        return Prepared(name, kind, scene, prepared - begun, time.process_time() - prepared, room)


@contextmanager
def own_cache() -> Iterator[None]:
    """Prepared scenes are kept in a folder of their own meanwhile: the user's are neither used nor pushed out."""
    before = os.environ.get("XDG_CACHE_HOME")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        try:
            yield
        finally:
            if before is None:
                del os.environ["XDG_CACHE_HOME"]
            else:
                os.environ["XDG_CACHE_HOME"] = before
