"""Which seat is meant: by the object's name, by a place, or the best one near; and if there is none, why not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import from_ground, ground
from motion.core.errors import MotionError, UnknownName
from scenes.lying import BEDS
from scenes.seats import Seat
from scenes.tops import sides_of

if TYPE_CHECKING:
    from scenes.scene import Scene

Array = NDArray[np.floating]

#: A place means the seat within so many metres of it.
WITHIN = 0.8

#: What a metre of way is worth against a better seat.
_PER_METRE = 0.04

#: Who sits on the edge of a bed has the pelvis so far behind it, in metres.
ON_EDGE = 0.3

#: At most so many seats are named where none is.
_NAMED = 3

_DOING = {"seat": "sit", BEDS: "lie"}


class NoSeat(MotionError):
    """Nobody can sit or lie there."""


def choose_seat(scene: Scene, kind: str, wish: str | Array | None, start: Array) -> Seat:
    """The seat or bed that is meant.

    Args:
        scene: where.
        kind: ``seat`` or ``bed``.
        wish: the name of an object, a ground place (2,) m, or None for the best that is not far.
        start: (2,) m, from where one comes.

    Raises:
        NoSeat: there is none; the nearest are named.
        UnknownName: there is no object of that name.
    """
    there = candidates(scene, kind)
    if not there:
        raise NoSeat(f"nothing to {_DOING[kind]} on was found in this scene; 'stride scene' lists what there is")
    if isinstance(wish, str):
        there = _of_name(scene, there, kind, wish)
        wish = None
    if wish is not None:
        off = [float(np.linalg.norm(ground(seat.position) - wish)) for seat in there]
        if min(off) > WITHIN:
            near = ", ".join(spoken(there[row]) for row in np.argsort(off)[:_NAMED])
            raise NoSeat(f"nothing to {_DOING[kind]} on at {wish[0]:.2f},{wish[1]:.2f}; nearest: {near}")
        return there[int(np.argmin(off))]
    worth = [seat.score - _PER_METRE * np.linalg.norm(ground(seat.position) - ground_of(start)) for seat in there]
    return there[int(np.argmax(worth))]


def candidates(scene: Scene, kind: str) -> list[Seat]:
    """The seats or beds of a scene; one also sits on the edge of beds that have no seat of their own."""
    there = [seat for seat in scene.seats if seat.kind == kind]
    if kind == "seat":
        beds = [on_edge(bed) for bed in scene.seats if bed.kind == BEDS]
        there += [bed for bed in beds if not any(_close(bed, seat) for seat in there)]
    return there


def on_edge(bed: Seat) -> Seat:
    """The place on the edge of a bed from which one lies down."""
    _, ahead = sides_of(bed.side)
    inward = min(ON_EDGE, bed.edge + 0.1)
    place = bed.position + from_ground((bed.edge - inward) * ahead)
    size = (bed.size[1], bed.size[0])
    return replace(
        bed, kind="seat", position=place, facing=bed.side, edge=inward, back=None, size=size, score=bed.score - 0.4
    )  # fmt: skip


def spoken(seat: Seat) -> str:
    """A seat in a few words: its object and its place."""
    x, z = ground(seat.position)
    return f"{seat.name or seat.kind} at {x:.2f},{z:.2f}"


def ground_of(point: Array) -> Array:
    """The ground position (2,) of a place (2,) or (3,)."""
    point = np.asarray(point, dtype=np.float64)
    return point if len(point) == 2 else ground(point)


def _of_name(scene: Scene, there: list[Seat], kind: str, name: str) -> list[Seat]:
    """The seats on objects called so: exactly, else in a part of their names."""
    wanted = name.strip().lower()
    exact = [seat for seat in there if (seat.name or "").lower() == wanted]
    found = exact or [seat for seat in there if wanted in (seat.name or "").lower()]
    if found:
        return found
    parts = [part for part in scene.mesh.parts if wanted in part.name.lower()]
    if not parts:
        raise UnknownName("object", name, {seat.name for seat in there if seat.name} or {"none has a name; give x,z"})
    row = scene.mesh.parts.index(parts[0])
    middle = ground(scene.boxes[row].mean(axis=0))
    near = sorted(there, key=lambda seat: float(np.linalg.norm(ground(seat.position) - middle)))[:_NAMED]
    raise NoSeat(
        f"nothing to {_DOING[kind]} on at {parts[0].name!r}; nearest: {', '.join(spoken(seat) for seat in near)}"
    )


def _close(one: Seat, other: Seat) -> bool:
    return bool(np.linalg.norm(one.position - other.position) < 0.7)
