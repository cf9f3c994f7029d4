"""Furnished rooms drawn at random, the same for the same seed: places to begin with, and to be measured in.

After the rooms in which DIMOS is tested (Zhao et al., ICCV 2023): up to four armchairs, four chairs, three sofas, two
tables, two desks and a bed, turned at random on a floor of 2 to 7 m with a free margin; here with walls, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from motion.core.errors import BadInput
from scenes import cache
from scenes.furniture import KINDS, Furniture, turned
from scenes.heights import Agent
from scenes.mesh import Mesh, mesh_of
from scenes.orientation import Orientation
from scenes.scene import Scene, kept_or_made, prepare

Array = NDArray[np.floating]

#: Changes whenever a seed gives another room than before.
VERSION = 1

#: Metres: sides of the furnished part, free margin around it, height and thickness of the walls.
_SIDES, _MARGIN, _TALL, _THICK = (2.0, 7.0), (1.0, 1.2), 2.5, 0.1

#: Metres between two things, free in front of what one sits on; tries to find a place for a thing.
_APART, _BEFORE, _TRIES = 0.55, 0.7, 80

#: Metres beside a thing at which somebody who is to walk around it starts and arrives; the first with room counts.
_BESIDE = (0.5, 0.7, 0.9)

_OURS = Orientation("+y", "m", 0.0, True)


@dataclass(frozen=True)
class Thing:
    """Furniture in its place.

    Attributes:
        name: of the part of the mesh.
        furniture: what it is.
        place: (2,) m, its middle.
        yaw: rad, where its front faces.
    """

    name: str
    furniture: Furniture
    place: Array
    yaw: float

    def at(self, local: Array) -> Array:
        """Ground positions (..., 2) of places relative to it: x to its left, z to its front."""
        return local @ turned(self.yaw).T + self.place


@dataclass(frozen=True)
class Room:
    """A furnished room, its middle at the origin.

    Attributes:
        seed: which one.
        size: (2,) m inside the walls.
        things: the furniture.
        mesh: floor, walls and furniture, each a named part.
    """

    seed: int
    size: Array
    things: tuple[Thing, ...]
    mesh: Mesh


def make_room(seed: int, walls: bool = True) -> Room:
    """The room with this seed, 0 or more; raises ``BadInput``."""
    if not 0 <= seed < 2**32:
        raise BadInput(f"a room's seed must be 0 to {2**32 - 1}, got {seed}")
    rng = np.random.default_rng([VERSION, seed])
    furnished = rng.uniform(*_SIDES, 2)
    size = furnished + 2 * rng.uniform(*_MARGIN)
    things: list[Thing] = []
    for kind, (make, most) in KINDS.items():
        wanted = int(rng.integers(0, most + 1))
        if kind == "sofa":
            wanted = max(wanted, 1)  # a room without anything to sit on is none
        for _ in range(wanted):
            thing = _placed(make(rng), furnished, things, rng)
            if thing:
                number = sum(other.furniture.kind == kind for other in things)
                things.append(Thing(f"{kind} {number + 1}", *thing))
    return Room(seed, size, tuple(things), _mesh(size, things, walls))


def room_scene(room: Room, agent: Agent | None = None, keep: bool = True) -> Scene:
    """The room made ready for people, from the cache if it was before."""
    agent = agent or Agent()
    key = cache.key_of([], ("room", VERSION, room.seed, len(room.mesh.faces), agent)) if keep else None
    name = f"room {room.seed}"
    return kept_or_made(key, name, agent, lambda: prepare(room.mesh, _OURS, agent, name))


def past_things(room: Room, scene: Scene) -> list[tuple[Array, Array]]:
    """Ways from one side of each thing to the other: start and goal (2,) m, both on free ground of the largest area."""
    ways = []
    for thing in room.things:
        for axis in np.eye(2):
            half = float(thing.furniture.size @ axis) / 2
            ends = [_free_beside(scene, thing, side * axis, half) for side in (-1, 1)]
            if ends[0] is not None and ends[1] is not None:
                ways.append((ends[0], ends[1]))
    return ways


def _free_beside(scene: Scene, thing: Thing, side: Array, half: float) -> Array | None:
    """A free place (2,) beside a thing on one side (2,) of it, ``half`` m from its middle; None: there is none."""
    for away in _BESIDE:
        place = thing.at(side * (half + away))
        cell = int(scene.walkable.at(place, 0.0))
        if cell >= 0 and scene.walkable.areas[cell] == 0:
            return place
    return None


def _placed(
    furniture: Furniture, furnished: Array, others: list[Thing], rng: np.random.Generator
) -> tuple[Furniture, Array, float] | None:
    """Somewhere on the furnished part, clear of the others; None where no place is found."""
    for attempt in range(_TRIES):
        quarter = rng.integers(0, 4) * np.pi / 2
        yaw = float(quarter + rng.normal(0.0, 0.1) if attempt % 2 else rng.uniform(0.0, 2 * np.pi))
        place = rng.uniform(-furnished / 2, furnished / 2)
        thing = Thing("", furniture, place, yaw)
        reach = np.abs(_outline(thing, 0.0))
        if np.all(reach <= furnished / 2 + 0.1) and not any(_clash(thing, other) for other in others):
            return furniture, place, yaw
    return None


def _outline(thing: Thing, before: float) -> Array:
    """(4, 2) m corners of a thing seen from above, ``before`` m of free ground in front of it included."""
    x, z = thing.furniture.size / 2
    return thing.at(np.array([[-x, -z], [x, -z], [x, z + before], [-x, z + before]]))


def _clash(one: Thing, other: Thing) -> bool:
    """Whether two things, one of them with the free ground before it, are nearer than ``_APART``."""
    front = [_BEFORE if thing.furniture.seat else 0.0 for thing in (one, other)]
    return _overlap(_outline(one, front[0]), _outline(other, 0.0)) or _overlap(
        _outline(one, 0.0), _outline(other, front[1])
    )


def _overlap(one: Array, other: Array) -> bool:
    """Whether two rectangles (4, 2) are nearer than ``_APART``: no side has them on different sides."""
    for corners in (one, other):
        for side in np.diff(corners[:3], axis=0):
            axis = side / np.linalg.norm(side)
            first, second = one @ axis, other @ axis
            if first.max() + _APART < second.min() or second.max() + _APART < first.min():
                return False
    return True


def _mesh(size: Array, things: list[Thing], walls: bool) -> Mesh:
    """Floor, walls, furniture."""
    x, z = size / 2
    slab = np.array([[[-x - _THICK, -0.1, -z - _THICK], [x + _THICK, 0.0, z + _THICK]]])
    parts = [("floor", *Furniture("floor", slab, np.zeros(1)).pieces(np.zeros(2), 0.0))]
    if walls:
        for axis, side in product((0, 1), (-1, 1)):
            parts.append((f"wall {len(parts)}", *_wall(size, axis, side).pieces(np.zeros(2), 0.0)))
    parts += [(thing.name, *thing.furniture.pieces(thing.place, thing.yaw)) for thing in things]
    return mesh_of(parts)


def _wall(size: Array, axis: int, side: int) -> Furniture:
    """The wall on one side: across x (axis 0) or across z."""
    middle, half = np.zeros(2), size / 2 + _THICK
    middle[axis], half[axis] = side * (size[axis] + _THICK) / 2, _THICK / 2
    low, high = middle - half, middle + half
    box = np.stack([np.insert(low, 1, 0.0), np.insert(high, 1, _TALL)])
    return Furniture("wall", box[None], np.zeros(1))


def door_hall(width: float = 0.9) -> Mesh:
    """A hall of 10 x 8 m with a wall across at x = 0 and one door of this width in its middle, at z = 0."""
    half = np.array([5.0, 4.0])
    pieces = [("floor", np.array([[-5.1, -0.1, -4.1], [5.1, 0.0, 4.1]]))]
    for side in (-1, 1):
        across = np.sort([side * width / 2, side * half[1]])
        pieces.append(("partition", np.array([[-0.05, 0.0, across[0]], [0.05, _TALL, across[1]]])))
    parts = [(name, *Furniture(name, box[None], np.zeros(1)).pieces(np.zeros(2), 0.0)) for name, box in pieces]
    walls = [_wall(2 * half, axis, side) for axis, side in product((0, 1), (-1, 1))]
    return mesh_of([*parts, *(("wall", *wall.pieces(np.zeros(2), 0.0)) for wall in walls)])
