"""Seats and beds: where somebody can sit or lie, found from the shape of things alone and named where they have names.

A top is a seat where a small body of spheres that sits on it fits: level under the buttocks, free for back, thighs and
shins, floor for the feet in front. What is behind the back tells which way one sits. A top long and wide enough for a
body that lies is a bed; pillows and headboards tell where the head goes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import from_ground, ground, height
from scenes.lying import BEDS, find_lying
from scenes.seat_names import bonus_of, part_under
from scenes.tops import Tops, find_tops, rectangle, sides_of

if TYPE_CHECKING:
    from scenes.scene import Scene

Array = NDArray[np.floating]

#: Ground positions (N, K, 2) of offsets (K, 2) m to the left and ahead of N places.
Places = Callable[[Array], Array]

#: Heights in metres above the floor of the feet at which one sits.
SITTING = (0.28, 0.64)

#: Where the seat must be level: metres to the left, metres ahead of the pelvis.
_SUPPORT = np.array([(x, z) for x in (-0.12, 0.0, 0.12) for z in (-0.06, 0.02, 0.1, 0.2)])

#: How much the seat's height may differ there, in metres: cushions are curved.
_LEVEL = 0.05

#: The sitting body: metres to the left, up from the seat, ahead; and radius.
_BODY = np.array([
    (0, 0.24, 0.0, 0.10), (0, 0.42, -0.01, 0.11), (-0.13, 0.5, -0.01, 0.07), (0.13, 0.5, -0.01, 0.07),
    (0, 0.72, 0, 0.1), (0, 0.24, 0.26, 0.07), (0, 0.22, 0.4, 0.06), (-0.1, 0.1, 0.2, 0.05), (0.1, 0.1, 0.2, 0.05),
    (-0.1, 0.1, 0.38, 0.05), (0.1, 0.1, 0.38, 0.05),
])  # fmt: skip

#: Shins and feet: metres to the left, share of the seat's height above the floor, ahead of the seat's edge; radius.
_LEGS = np.array([
    (-0.1, 0.75, 0.08, 0.05), (0.1, 0.75, 0.08, 0.05), (-0.1, 0.45, 0.1, 0.05), (0.1, 0.45, 0.1, 0.05),
    (-0.1, 0.25, 0.14, 0.04), (0.1, 0.25, 0.14, 0.04),
])  # fmt: skip

#: Who comes to sit stands before the seat: metres above the floor, radius; so far ahead of its edge.
_UPRIGHT = np.array([(0.8, 0.13), (1.05, 0.13), (1.35, 0.13)])
_BEFORE = 0.1

#: Ahead of the pelvis the seat's edge is looked for; from hip to knee it would be 0.4 m.
_AHEAD = np.arange(0.1, 0.75, 0.05)
_EDGE = (0.18, 0.4)
_BEST_EDGE = 0.34

#: Behind the pelvis a back is looked for; a body's own is 0.13 m thick.
_BEHIND = np.arange(0.06, 0.5, 0.03)
_BACK_HEIGHTS = (0.15, 0.3, 0.42)
_OWN_BACK = 0.13

#: Room that a shin needs, in metres.
_SHIN = 0.05

#: What deep contact costs (per metre and sphere), and the least score of a seat.
_COST, LEAST = 4.0, 0.55

#: Two seats are at least so far apart, in metres.
_APART = 0.45

#: A seat for one is not larger, in square metres.
_CHAIR = 0.5

#: At most so many seats are kept.
MOST = 60

#: From the seat's edge to where one comes to stand before it, and the furthest that this place may be from there.
STANDING, _FAR = 0.36, 0.6


@dataclass(frozen=True)
class Seat:
    """Where one can sit or lie.

    Attributes:
        kind: ``seat`` or ``bed``.
        position: (3,) m on the surface: under the pelvis of who sits, in the middle of who lies.
        facing: rad, where one looks who sits; where the feet point of who lies.
        height: m above the floor beside it.
        size: m across and along ``facing``.
        edge: m from ``position`` to the seat's front edge; of a bed, to the edge at ``side``.
        back: m from ``position`` back to what one can lean on; None: nothing.
        approach: (3,) m, on walkable ground, where one comes to stand before it.
        side: rad, the direction from the seat to its free side: ``facing`` of a seat.
        name: of the object, None: it has none.
        score: how good a seat it is, about 0.5 to 2.
    """

    kind: str
    position: Array
    facing: float
    height: float
    size: tuple[float, float]
    edge: float
    back: float | None
    approach: Array
    side: float
    name: str | None
    score: float

    def to_json(self) -> dict[str, Any]:
        """All of it as a JSON object."""
        places = {name: getattr(self, name).tolist() for name in ("position", "approach")}
        return {**asdict(self), **places, "size": list(self.size)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Seat:
        """The seat of which ``to_json`` made this."""
        places = {name: np.array(data[name], dtype=np.float64) for name in ("position", "approach")}
        return cls(**{**data, **places, "size": tuple(data["size"])})


def find_seats(scene: Scene) -> tuple[Seat, ...]:
    """All seats and beds of a scene, the best first."""
    tops = find_tops(scene.mesh, scene.walkable)
    found = [*_sitting(scene, tops), *find_lying(scene, tops)]
    named = [_named(scene, seat) for seat in found]
    kept: list[Seat] = []
    for seat in sorted((one for one in named if one.score >= LEAST), key=lambda one: -one.score):
        apart = {"seat": _APART, BEDS: 2 * _APART}[seat.kind]
        if all(
            one.kind != seat.kind or np.linalg.norm(one.position - seat.position) >= apart for one in kept
        ):  # fmt: skip
            kept.append(seat)
    return tuple(kept[:MOST])


def _named(scene: Scene, seat: Seat) -> Seat:
    """The seat with the name of what it is on, its exact height, and what the name says of its use."""
    level, name = part_under(scene, seat.position)
    place = from_ground(ground(seat.position), level)
    lift = level - float(height(seat.position))
    score = seat.score + bonus_of(name, seat.kind)
    return replace(seat, position=place, height=seat.height + lift, name=name, score=score)


def _sitting(scene: Scene, tops: Tops) -> list[Seat]:
    """Where the sitting body fits, the best few of each piece of level surface."""
    found: list[Seat] = []
    for label in range(int(tops.labels.max(initial=-1)) + 1):
        rows, places = tops.cells_of(label)
        if len(rows) * tops.cell**2 < 0.05:
            break
        if np.linalg.matrix_rank(places - places[0]) < 2:
            continue
        above = (tops.levels - tops.floors)[tuple(rows.T)]
        fits = (above >= SITTING[0]) & (above <= SITTING[1])
        if fits.any():
            yaw = rectangle(places)[0]
            found += _seats_on(scene, tops, rows[fits], places[fits], yaw)
    return found


def _seats_on(scene: Scene, tops: Tops, rows: Array, places: Array, yaw: float) -> list[Seat]:
    """The best seats of one piece: of every cell of it, in sixteen directions of which four are along its sides."""
    levels, floors = tops.levels[tuple(rows.T)], tops.floors[tuple(rows.T)]
    turns = np.arange(16)
    small = 0.2 if len(places) * tops.cell**2 < _CHAIR else 0.0  # a chair is sat on straight, a corner may be cut
    slanted = np.select([turns % 4 == 0, turns % 2 == 0], [0.0, 0.1 + small], 0.15 + small)
    tried = []
    for turn, slant in zip(turns, slanted, strict=True):
        facing = np.full(len(places), (yaw + turn * np.pi / 8 + np.pi) % (2 * np.pi) - np.pi)
        score, edge, back = rated(scene, tops, places, levels, floors, facing)
        tried.append(np.stack([score - slant, facing, edge, back], axis=-1))
    best = np.stack(tried)[np.argmax([one[:, 0] for one in tried], axis=0), np.arange(len(places))]
    seats: list[Seat] = []
    order = np.argsort(-best[:, 0])
    for row in order[best[order, 0] > LEAST - 0.4]:
        if any(np.linalg.norm(ground(one.position) - places[row]) < _APART for one in seats):
            continue
        seat = _seat(scene, tops, places[row], float(levels[row]), float(floors[row]), best[row])
        if seat is not None:
            seats.append(seat)
    return seats


def rated(
    scene: Scene, tops: Tops, places: Array, levels: Array, floors: Array, facing: Array
) -> tuple[Array, Array, Array]:
    """How good seats N places would be, all (N,): score, m to the edge ahead, m to a back behind (infinite: none).

    Args:
        scene: where.
        tops: its level surfaces.
        places: (N, 2) m, under the pelvis.
        levels, floors: (N,) m, height of the surface and of the floor there.
        facing: (N,) rad.
    """
    across, along = sides_of(facing)

    def at(offsets: Array) -> Array:
        """(N, K, 2) ground positions of offsets (K, 2) to the left and ahead, or (N, K, 2)."""
        return places[:, None] + offsets[..., :1] * across[:, None] + offsets[..., 1:] * along[:, None]

    support = np.abs(tops.levels_at(at(_SUPPORT)) - levels[:, None]) <= _LEVEL
    ahead = np.abs(tops.levels_at(at(np.stack([0 * _AHEAD, _AHEAD], axis=-1))) - levels[:, None]) <= _LEVEL
    edge = _AHEAD[np.argmin(np.append(ahead[:, :-1], np.zeros((len(ahead), 1), bool), axis=1), axis=1)] - 0.025
    heights = levels[:, None] + _BODY[:, 1]
    body = scene.distance(from_ground(at(_BODY[:, [0, 2]]), heights)) - _BODY[:, 3]
    ahead_of = np.broadcast_to(_LEGS[:, 2], (len(places), len(_LEGS))) + edge[:, None]
    legs_at = at(np.stack([np.broadcast_to(_LEGS[:, 0], ahead_of.shape), ahead_of], axis=-1))
    legs_up = floors[:, None] + _LEGS[:, 1] * (levels - floors)[:, None]
    legs = scene.distance(from_ground(legs_at, legs_up)) - _LEGS[:, 3]
    before = np.repeat(at(np.stack([0 * edge, edge + _BEFORE], axis=-1)[:, None]), len(_UPRIGHT), axis=1)
    stands = scene.distance(from_ground(before, floors[:, None] + _UPRIGHT[:, 0])) - _UPRIGHT[:, 1]
    back, leans = _back(scene, at, levels)
    within = _EDGE[0] <= edge, edge <= _EDGE[1]
    score = support.mean(axis=1) + leans
    score -= _COST * sum(np.maximum(-room, 0).sum(axis=1) for room in (body, legs, stands))
    score -= 1.2 * np.abs(edge - _BEST_EDGE) + 0.6 * np.abs(levels - floors - 0.45)
    sides = np.abs(tops.levels_at(at(np.array([[-0.22, 0.05], [0.22, 0.05]]))) - levels[:, None]) <= _LEVEL
    score += 0.06 * sides.sum(axis=1)
    return np.where((support.mean(axis=1) >= 0.7) & within[0] & within[1], score, -np.inf), edge, back


def _back(scene: Scene, at: Places, levels: Array) -> tuple[Array, Array]:
    """(N,) m to something to lean on behind the pelvis (infinite: nothing), and how good it is: high and near."""
    nearest, good = np.full(len(levels), np.inf), np.zeros(len(levels))
    for up in _BACK_HEIGHTS:
        points = from_ground(at(np.stack([0 * _BEHIND, -_BEHIND], axis=-1)), (levels + up)[:, None])
        left = scene.distance(points)
        touched = left < 0.035
        first = np.argmax(touched, axis=1)
        reach = np.where(touched.any(axis=1), _BEHIND[first] + left[np.arange(len(left)), first], np.inf)
        nearest = np.minimum(nearest, reach)
        good += 0.18 * np.exp(-(((np.minimum(reach, 9.0) - _OWN_BACK) / 0.12) ** 2))
    return nearest, good


def _front(scene: Scene, place: Array, level: float, floor: float, facing: float) -> float:
    """m from a place (2,) to where the shins of who sits there have room: before all that is below the seat."""
    across, along = sides_of(facing)
    steps = np.arange(0.1, 0.7, 0.01)
    clear = np.inf * steps
    for share in (0.3, 0.55, 0.8):
        for aside in (-0.11, 0.0, 0.11):
            points = place + aside * across + steps[:, None] * along
            clear = np.minimum(clear, scene.distance(from_ground(points, floor + share * (level - floor))))
    return float(steps[np.argmax(clear > _SHIN)]) - _SHIN if (clear > _SHIN).any() else np.inf


def _seat(scene: Scene, tops: Tops, place: Array, level: float, floor: float, best: Array) -> Seat | None:
    """The seat at a place (2,) of score, facing, edge and back, moved to its middle and against its back."""
    score, facing, edge, back = (float(number) for number in best)
    across, along = sides_of(facing)
    left, right = (_reach(tops, place, level, way * across) for way in (1, -1))
    width = left + right
    shift = (left - right) / 2 if width < 0.8 else np.clip(0.2 - right, 0, None) - np.clip(0.2 - left, 0, None)
    place = place + shift * across
    front = _front(scene, place, level, floor, facing)
    edge = max(edge, front) if front < 0.65 else edge
    slack = back - _OWN_BACK - 0.02 if np.isfinite(back) else 0.0
    slack = min(float(np.clip(slack, -0.1, 0.2)), _EDGE[1] - edge)
    place, edge, back = place - slack * along, edge + slack, back - slack
    behind = _reach(tops, place, level, -along)
    approach = approach_to(scene, from_ground(place + (edge + STANDING) * along, floor))
    if approach is None:
        return None
    return Seat(
        "seat", from_ground(place, level), facing, level - floor, (width, behind + edge), edge,
        back if np.isfinite(back) else None, approach, facing, None, score,
    )  # fmt: skip


def _reach(tops: Tops, place: Array, level: float, way: Array) -> float:
    """m from a place (2,) over level surface in a direction (2,)."""
    steps = np.arange(0.0, 1.5, tops.cell / 2)
    fits = np.abs(tops.levels_at(place + steps[:, None] * way) - level) <= _LEVEL
    return float(steps[np.argmin(np.append(fits[:-1], False))])


def approach_to(scene: Scene, front: Array) -> Array | None:
    """(3,) m of walkable ground nearest to a point (3,) m on the floor; None: none is near."""
    walkable = scene.walkable
    if not len(walkable.free):
        return None
    distance, row = walkable.tree.query(front)
    return walkable.points[walkable.free[row]] if distance <= _FAR else None
