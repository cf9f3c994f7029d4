"""Where somebody can lie: level surface as long and wide as a body, free above, and with a side to get up from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import UP, from_ground
from scenes.tops import Tops, rectangle, sides_of

if TYPE_CHECKING:
    from scenes.scene import Scene
    from scenes.seats import Seat

Array = NDArray[np.floating]

BEDS = "bed"

#: Where a lying body needs a surface: metres to the left and towards the feet of its middle.
_UNDER = np.array([(x, z) for x in (-0.2, -0.1, 0.0, 0.1, 0.2) for z in np.linspace(-0.8, 0.8, 17)])

#: The head's end may be higher, by a pillow; elsewhere cushions are curved. Metres.
_PILLOW, _LEVEL, _HEAD = 0.3, 0.07, -0.45

#: Highest and lowest bed above the floor, in metres.
_HEIGHTS = (0.2, 0.8)

#: Where the lying body is: metres above the surface, also with a pillow under it, and radius.
_ABOVE, _ON_PILLOW, _RADIUS = 0.2, 0.45, 0.12

#: Smallest share of the body that must be supported.
_SHARE = 0.93

#: Over the edge by which one comes, so many metres up, so much is free.
_OVER, _CLEAR = (0.25, 0.45), 0.1

#: Two places to lie on one piece differ by at least so much, in metres.
_APART = 0.9

#: One lies at most so far from the edge over which one comes, in metres.
INWARD = 0.42

#: From the middle of a lying body to the edge over which it comes and goes: searched up to here, in metres.
_ACROSS = np.arange(0.15, 1.2, 0.05)


def find_lying(scene: Scene, tops: Tops) -> list[Seat]:
    """The places to lie of each piece of level surface that is long enough."""
    found: list[Seat] = []
    for label in range(int(tops.labels.max(initial=-1)) + 1):
        rows, places = tops.cells_of(label)
        if len(rows) * tops.cell**2 < 0.6:
            break
        yaw, _, size = rectangle(places)
        if max(size) < 1.6:
            continue
        above = (tops.levels - tops.floors)[tuple(rows.T)]
        if _HEIGHTS[0] <= np.median(above) <= _HEIGHTS[1]:
            found += _on(scene, tops, rows, places, yaw)
    return found


def _on(scene: Scene, tops: Tops, rows: NDArray[np.int64], places: Array, yaw: float) -> list[Seat]:
    """The best places to lie on one piece, along its sides."""
    level, floor = (float(np.median(grid[tuple(rows.T)])) for grid in (tops.levels, tops.floors))
    tried = []
    for turn in range(4):
        facing = (yaw + turn * np.pi / 2 + np.pi) % (2 * np.pi) - np.pi
        tried.append(np.stack([_rated(scene, tops, places, level, facing), np.full(len(places), facing)], axis=-1))
    best = np.stack(tried)[np.argmax([one[:, 0] for one in tried], axis=0), np.arange(len(places))]
    beds: list[Seat] = []
    for row in np.argsort(-best[:, 0]):
        if best[row, 0] <= 0:
            break
        if all(np.linalg.norm(one.position - from_ground(places[row], level)) >= _APART for one in beds):
            bed = _bed(scene, tops, places[row], level, floor, *best[row].tolist())
            beds += [] if bed is None else [bed]
    return beds


def _rated(scene: Scene, tops: Tops, places: Array, level: float, facing: float) -> Array:
    """(N,) how good it is to lie with the middle at each place; not above 0: one cannot."""
    across, along = sides_of(facing)
    points = places[:, None] + _UNDER[:, :1] * across + _UNDER[:, 1:] * along
    surface = tops.levels_at(points) - level
    head = _UNDER[:, 1] < _HEAD
    held = (surface >= -_LEVEL) & (surface <= np.where(head, _PILLOW, _LEVEL))
    held |= head & np.isnan(surface)  # the steep side of a pillow, or something that stands there
    free = scene.distance(from_ground(points, level + np.where(head, _ON_PILLOW, _ABOVE))) - _RADIUS
    blocked = np.maximum(-free, 0).mean(axis=1)
    pillow = np.nan_to_num(np.where(head, surface, np.nan)).clip(0.0, _PILLOW).mean(axis=1)
    ends = [scene.distance(from_ground(places + reach * along, level + _ABOVE)) for reach in (-1.05, 1.05)]
    headboard = np.clip(ends[1] - ends[0], -0.3, 0.3)
    middle = [_edge(tops, places, level, way * across) for way in (1, -1)]
    centred = np.minimum(np.minimum(*middle), INWARD)
    score = 0.5 + 4 * (held.mean(axis=1) - _SHARE) + 6 * pillow + 0.5 * headboard + 0.5 * centred - 8 * blocked
    return np.where(held.mean(axis=1) >= _SHARE, score, 0.0)


def _edge(tops: Tops, places: Array, level: float, way: Array) -> Array:
    """(N,) m over level surface from each place in a direction (2,)."""
    surface = np.abs(tops.levels_at(places[:, None] + _ACROSS[:, None] * way) - level) <= _LEVEL
    ends = np.append(surface[:, :-1], np.zeros((len(places), 1), bool), axis=1)
    return _ACROSS[np.argmin(ends, axis=1)]


def _bed(
    scene: Scene, tops: Tops, place: Array, level: float, floor: float, score: float, facing: float
) -> Seat | None:
    """The bed with its middle at a place (2,), and the nearer side from which one can come; None: there is none."""
    from scenes.seats import STANDING, Seat, approach_to

    across, along = sides_of(facing)
    edges = [float(_edge(tops, place[None], level, way * across)[0]) for way in (1, -1)]
    ways = []
    for edge, way in zip(edges, (1, -1), strict=True):
        approach = approach_to(scene, from_ground(place + (edge + STANDING) * way * across, floor))
        if approach is not None and _open(scene, from_ground(place, level), edge, from_ground(way * across)):
            ways.append((edge, way, approach))
    if not ways:
        return None
    edge, way, approach = min(ways, key=lambda one: one[0])
    shift = max(edge - INWARD, 0.0)
    place, edge = place + shift * way * across, edge - shift
    side = float(np.arctan2(*(way * across)))
    length = sum(float(_edge_along(tops, place, level, sign * along)) for sign in (1, -1))
    return Seat(
        BEDS, from_ground(place, level), facing, level - floor, (sum(edges), length), edge, None, approach, side, None,
        score,
    )  # fmt: skip


def _open(scene: Scene, place: Array, edge: float, way: Array) -> bool:
    """Whether nothing stands on the edge of a bed on the way (3,) from its middle (3,), such as a sofa's back."""
    steps = np.arange(0.1, edge + 0.35, 0.05)[:, None] * way
    return all(bool(np.all(scene.distance(place + up * UP + steps) > _CLEAR)) for up in _OVER)


def _edge_along(tops: Tops, place: Array, level: float, way: Array) -> float:
    steps = np.arange(0.0, 1.6, 0.05)
    surface = np.abs(tops.levels_at(place + steps[:, None] * way) - level) <= _PILLOW
    return float(steps[np.argmin(np.append(surface[:-1], False))])
