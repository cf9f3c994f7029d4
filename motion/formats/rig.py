"""A character as its file has it: its bones at rest, with their own axes, and the file to give a movement back into."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.core.clip import Motion
from motion.core.errors import BadFile, BadInput, UnknownName
from motion.core.skeleton import Skeleton
from motion.core.skin import Skin
from motion.formats.folding import Folded, axis_alignment, without_scale
from motion.formats.take import Take

Array = NDArray[np.floating]

#: Suffix -> (module, reader, writer) of the files that can be characters.
RIGS: dict[str, tuple[str, str, str]] = {
    ".fbx": ("fbx_rig", "read_fbx_rig", "write_fbx_rig"),
    ".glb": ("glb_rig", "read_glb_rig", "write_glb_rig"),
    ".bvh": ("bvh_rig", "read_bvh_rig", "write_bvh_rig"),
}


@dataclass(frozen=True)
class Rig:
    """A character at rest.

    Attributes:
        path: its file.
        names: J unique names of bones, parents first.
        parents: (J,) index of each bone's parent, -1 for the first.
        rest: (J, 4, 4) m in our axes, where bones are at rest, with their own axes and scale.
        links: (J, 4, 4) from the frame in which a bone's transform stands to that of its parent bone at rest; of the
            first bone to the world. Nodes between bones, that never move, are in it.
        movable: (J,) whether the file can move a bone off its place.
        source: what the format needs to write the file again.
        surface: reads the surface bound to the bones, or None, for formats that are written anew.
    """

    path: Path
    names: tuple[str, ...]
    parents: NDArray[np.integer]
    rest: Array
    links: Array
    movable: NDArray[np.bool_]
    source: Any
    surface: Callable[[], Skin | None] = lambda: None

    @cached_property
    def skeleton(self) -> Skeleton:
        """The bones as a skeleton: at identity rotations it rests as the file does."""
        places = self.rest[:, :3, 3]
        offsets = np.where(self.parents[:, None] >= 0, places - places[self.parents], places)
        return Skeleton(self.names, self.parents, offsets)

    def folded(self, turn: Array) -> Folded:
        """What readers of surfaces want to know; ``turn`` (3, 3) as of ``at_rest``."""
        still = Motion(self.skeleton, self.skeleton.rest_offsets[:1], np.tile(np.eye(3), (1, len(self.names), 1, 1)), 1)
        return Folded(still, turn, list(range(len(self.names))))

    def take(self, posed: Posed) -> Take:
        """The same movement of unturned bones, for formats in which bones have no axes of their own."""
        own = np.arange(len(self.names))
        turns, moves = self.skeleton.local_rotations(posed.rotation), {}
        for bone in posed.moving:
            above = int(self.parents[bone])
            away = posed.position[:, bone] - (posed.position[:, above] if above >= 0 else 0.0)
            back = posed.rotation[:, above] if above >= 0 else np.eye(3)[None]
            moves[bone] = np.einsum("tba,tb->ta", np.broadcast_to(back, (posed.num_frames, 3, 3)), away)
        moves.setdefault(0, posed.position[:, 0])
        return Take(self.skeleton, turns, moves, posed.fps, None, own)

    def locals(self, posed: Posed) -> Array:
        """(T, J, 4, 4) transforms of the bones' nodes in the frames that the file keeps them in."""
        world = np.tile(np.eye(4), (*posed.rotation.shape[:2], 1, 1))
        world[..., :3, :3] = posed.rotation @ self.rest[:, :3, :3]
        world[..., :3, 3] = posed.position
        frames = np.empty_like(world)
        for bone, parent in enumerate(self.parents):
            frames[:, bone] = self.links[bone] if parent < 0 else world[:, parent] @ self.links[bone]
        return np.linalg.inv(frames) @ world


@dataclass(frozen=True)
class Posed:
    """Where a character's bones are over time.

    Attributes:
        rotation: (T, J, 3, 3) in the world, turns away from rest.
        position: (T, J, 3) m in the world.
        fps: frames per second.
        moving: the bones that move off their place; all others keep their bone's length.
    """

    rotation: Array
    position: Array
    fps: float
    moving: tuple[int, ...]

    @property
    def num_frames(self) -> int:
        return self.rotation.shape[0]

    def after_rest(self, rig: Rig) -> Posed:
        """The same after one frame in the rest pose."""
        rest = np.tile(np.eye(3), (1, len(rig.names), 1, 1))
        position = np.concatenate([rig.rest[None, :, :3, 3], self.position])
        return replace(self, rotation=np.concatenate([rest, self.rotation]), position=position)


def at_rest(default: Array, bind: Array) -> tuple[Array, Array]:
    """Where bones are at rest: as they were bound to the surface, standing as they stand in the scene.

    Args:
        default: (J, 4, 4) m in our axes, the bones without an animation.
        bind: (J, 4, 4) the same when the surface was bound.

    Returns:
        (J, 4, 4) m, and what turns and scales coordinates of the surface likewise (3, 3).

    Raises:
        BadInput: the bones are scaled to nothing, or mirrored.
    """
    still = (default @ np.linalg.inv(bind))[:, :3, :3]
    scale = float(np.median(np.cbrt(np.linalg.det(still))))
    sizes = np.cbrt(np.linalg.det(default[:, :3, :3]))
    if not scale > 1e-9 or not np.all(sizes > 1e-12):
        raise BadInput("its skeleton is scaled to nothing or mirrored")
    turn = axis_alignment(still.sum(axis=0)) * scale
    rest = default.copy()
    rest[:, :3, :3] = without_scale(turn @ bind[:, :3, :3]) * sizes[:, None, None]
    rest[:, :3, 3] = bind[:, :3, 3] @ turn.T
    return rest, turn


def turns_of(local: Array) -> Array:
    """The rotations (..., 3, 3) of transforms (..., 4, 4) of any even scale."""
    return without_scale(local[..., :3, :3])


def open_rig(path: str | os.PathLike[str]) -> Rig:
    """Read a character by its suffix; raises ``UnknownName`` or ``BadFile``."""
    path = Path(path)
    if path.suffix.lower() not in RIGS:
        raise UnknownName("kind of character file", path.suffix or path.name, RIGS)
    if not path.is_file():
        raise BadFile(path, "no such file")
    module, read, _ = RIGS[path.suffix.lower()]
    rig: Rig = getattr(importlib.import_module(f"motion.formats.{module}"), read)(path)
    return rig


def write_rig(rig: Rig, posed: Posed, path: str | os.PathLike[str], provenance: dict[str, Any] | None = None) -> None:
    """Write the character with a movement, by suffix: in the format of its own file everything in it is kept.

    In another format it is written anew: bones with their names, axes and rest, surface and weights.
    """
    path = Path(path)
    if path.suffix.lower() not in RIGS:
        raise BadInput(f"{path}: a character of your own is written as {', '.join(RIGS)}; right would be one of these")
    module, _, write = RIGS[path.suffix.lower()]
    getattr(importlib.import_module(f"motion.formats.{module}"), write)(rig, posed, path, provenance)
