"""All walk at once, a tenth of a second at a time: everybody along their own way, giving way to each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.spatial import cKDTree

from motion.core.axes import from_ground
from motion.core.progress import Progress
from scenes.orca import HalfPlanes, best_velocities, half_planes, least_bad_velocity
from scenes.passages import Doorkeeper, stretches
from scenes.routing import PlannedRoute
from scenes.smoothing import cells_at
from scenes.steering import Neighbours, around, following, meeting, right_of
from scenes.walkable import Walkable

Array = NDArray[np.floating]

#: Seconds between two decisions.
STEP = 0.1

#: Metres that people keep between their middles, halved, and that their middles keep from walls and edges.
PERSON, WALL = 0.29, 0.21

#: Seconds for which people avoid each other, and walls; metres up to which they see each other, and walls.
_AHEAD, _WALL_AHEAD, _SEES, _SEES_WALL = 2.5, 0.6, 5.0, 1.0

#: Most others and directions to walls that count for one person.
_OTHERS, _SECTORS = 8, 12

#: Metres beyond where they are to wait from which on people who were pushed step back.
_TOO_FAR = 0.25

#: m/s² that people like, and that they can.
_GENTLE, _HARD = 1.5, 5.0

#: Metres ahead on their way that people aim at; metres of height from which on two are on different floors.
_AIM, _FLOOR = 0.8, 1.5

#: Share of the speed by which people who see others keep to the right, as most do; breaks every tie.
_RIGHT = 0.06

#: Metres and m/s from the goal at which one has arrived, and m/s² with which one stops there.
_ARRIVED, _STILL, _STOPPING = 0.04, 0.15, 0.8


@dataclass(frozen=True)
class Manners:
    """How a crowd behaves where several behaviours are reasonable.

    Attributes:
        yields: whether people who have arrived step aside for others.
        delay: s by which each person sets out later than the one before.
        seed: of the small differences between people.
    """

    yields: bool = False
    delay: float = 0.0
    seed: int = 0


class March:
    """Several people on their way.

    Attributes:
        routes: what each has planned.
        places: (T, A, 2) m, one row for each ``STEP``, from the start on.
        heights: (T, A) m of the ground there.
    """

    def __init__(
        self, walkable: Walkable, routes: Sequence[PlannedRoute], speeds: Sequence[float], manners: Manners
    ) -> None:
        self.walkable, self.routes, self.manners = walkable, list(routes), manners
        self.speeds = np.array(speeds)
        self._place = np.stack([route.route.points[0] for route in routes])
        self._height = np.array([route.heights[0] for route in routes])
        self._velocity = np.zeros_like(self._place)
        self._gone = np.zeros(len(routes))
        self._arrived = np.zeros(len(routes), dtype=bool)
        self._keeper = Doorkeeper(stretches(walkable, routes))
        self._walls = _walls(walkable, routes)
        self._goal = np.stack([route.route.points[-1] for route in routes])
        rng = np.random.default_rng(manners.seed)
        self._right = _RIGHT * (1 + 0.3 * rng.uniform(-1, 1, len(routes)))
        self._starts = manners.delay * np.arange(len(routes))
        self._paces = [_pace(route) for route in routes]
        self._rows = [(self._place.copy(), self._height.copy())]

    @property
    def places(self) -> Array:
        return np.stack([place for place, _ in self._rows])

    @property
    def heights(self) -> Array:
        return np.stack([height for _, height in self._rows])

    @property
    def has_ended(self) -> bool:
        """Whether everybody has arrived."""
        return bool(self._arrived.all())

    @property
    def late(self) -> tuple[int, ...]:
        """Who has not arrived."""
        return tuple(np.flatnonzero(~self._arrived).tolist())

    def walk(self, progress: Progress) -> None:
        """Until everybody has arrived, or nobody moves any more."""
        alone = max(route.duration for route in self.routes) + self._starts[-1]
        most = int((2 * alone + 4 * len(self.routes) + 10) / STEP)
        still = 0
        while not self.has_ended and len(self._rows) < most and still < 100:
            self._step(STEP * (len(self._rows) - 1))
            self._rows.append((self._place.copy(), self._height.copy()))
            waiting = STEP * len(self._rows) < self._starts[-1] + 1
            still = 0 if waiting or np.linalg.norm(self._velocity, axis=-1).max() > 0.05 else still + 1
            progress("walking together", float(np.mean(self._arrived)))

    def smoothed(self, who: int, fps: float) -> tuple[Array, Array]:
        """Times (T,) s and places (T, 2) m of one person until arrival, a spline through what was decided."""
        places = self.places[:, who]
        away = np.linalg.norm(places - self._goal[who], axis=-1) > _ARRIVED
        last = int(np.flatnonzero(away).max(initial=0)) + 1
        places = np.concatenate([places[: last + 1], np.repeat(places[last : last + 1], 4, axis=0)])
        for _ in range(2):
            places[1:-1] = (places[:-2] + 2 * places[1:-1] + places[2:]) / 4
        own = STEP * np.arange(len(places))
        fade = np.clip((own - own[-1] + 1.0) / 1.0, 0.0, 1.0)[:, None]
        places = places + fade**2 * (3 - 2 * fade) * (self._goal[who] - places[-1])
        times = np.arange(int(np.ceil(own[-1] * fps - 1e-6)) + 1) / fps
        return times, CubicSpline(own, places, bc_type="natural")(np.minimum(times, own[-1]))

    def _step(self, time: float) -> None:
        """One decision of everybody, and a step."""
        for who in range(len(self.routes)):
            self._gone[who] = np.inf if self._arrived[who] else self._along(who)
        limit, let_in = self._keeper.limits(self._gone, time)
        preferred = self._preferred(limit, time)
        stays = self._arrived & (not self.manners.yields)
        rank = np.where(stays, 2, np.where(let_in, 1, 0))
        planes = self._people(rank, stays) + self._near_walls()
        velocity = self._chosen(preferred, planes)
        velocity[stays] = 0.0
        self._move(velocity)
        near = np.linalg.norm(self._place - self._goal, axis=-1) < _ARRIVED
        self._arrived |= near & (np.linalg.norm(velocity, axis=-1) < _STILL)

    def _along(self, who: int) -> float:
        """Metres along the own way where somebody is now: the nearest of what is close to where they were."""
        route, gone = self.routes[who].route, min(self._gone[who], self.routes[who].route.length)
        first, last = np.searchsorted(route.distances, [gone - 0.6, gone + 0.6])
        points = route.points[first : last + 1]
        return float(route.distances[first + np.argmin(np.linalg.norm(points - self._place[who], axis=-1))])

    def _preferred(self, limit: Array, time: float) -> Array:
        """How (A, 2) m/s people would like to go: along their ways, as far as they may."""
        away, speed = self._goal - self._place, np.zeros(len(self.routes))
        rest = np.linalg.norm(away, axis=-1)
        for who, route in enumerate(self.routes):
            gone = self._gone[who]
            until = min(limit[who], route.route.length)
            speed[who] = self.speeds[who] if gone > until - _AIM else np.interp(gone, *self._paces[who])
            if until < route.route.length or gone < until - _AIM:
                away[who] = self._visible(who, min(gone + _AIM, until)) - self._place[who]
                rest[who] = until - gone if gone < until else max(gone - until - _TOO_FAR, 0.0)
        speed = np.minimum(speed, np.minimum(np.sqrt(2 * _STOPPING * rest), 0.5 * rest / STEP))
        speed[time < self._starts] = 0.0
        length = np.linalg.norm(away, axis=-1)
        direction = away / np.maximum(length, 1e-6)[:, None]
        seen = self._seen(time)
        direction = around(seen, direction, length, self._free_beside(direction))
        preferred = np.minimum(speed, following(seen, direction))[:, None] * direction
        return preferred + np.where(meeting(seen, direction), self._right, 0.0)[:, None] * right_of(preferred)

    def _seen(self, time: float) -> Neighbours:
        """Everybody as everybody sees them."""
        beside = np.abs(self._height[None] - self._height[:, None]) < _FLOOR
        np.fill_diagonal(beside, False)
        return Neighbours(
            self._place[None] - self._place[:, None],
            self._velocity,
            beside,
            self._arrived | (time < self._starts),
            PERSON,
        )

    def _free_beside(self, direction: Array) -> NDArray[np.bool_]:
        """(A, 2) whether there is ground for a person ahead to the left and to the right."""
        right = right_of(direction)
        sides = np.stack([direction - right, direction + right], axis=1) * 2 * PERSON
        cells = cells_at(self.walkable, self._place[:, None] + sides, np.repeat(self._height[:, None], 2, axis=1))
        return (cells >= 0) & (self.walkable.clearance_of(cells) > WALL)

    def _visible(self, who: int, ahead: float) -> Array:
        """The point of the way at ``ahead`` m, or a nearer one to which the ground is free."""
        for part in (1.0, 0.5, 0.25, 0.0):
            gone = self._gone[who]
            point = self.routes[who].route.point_at(gone + part * (ahead - gone))
            line = self._place[who] + np.linspace(0.0, 1.0, 9)[:, None] * (point - self._place[who])
            cells = cells_at(self.walkable, line, np.full(9, self._height[who]))
            if np.all(cells >= 0) and np.all(self.walkable.clearance_of(cells)[1:] > 0.8 * WALL):
                break
        return point

    def _people(self, rank: NDArray[np.int64], stays: NDArray[np.bool_]) -> HalfPlanes:
        """What everybody keeps to because of the people near."""
        count = len(self.routes)
        seen = self._seen(0.0)
        away = seen.away
        apart = np.where(seen.beside, np.linalg.norm(away, axis=-1), np.inf)
        order = np.argsort(apart, axis=1)[:, : min(_OTHERS, max(count - 1, 1))]
        me = np.arange(count)[:, None]
        share = np.where(rank[order] == rank[me], 0.5, np.where(rank[order] > rank[me], 0.8, 0.2))
        share = np.where(stays[order], 1.0, share)
        there = apart[me, order] < _SEES
        return half_planes(
            away[me, order], self._velocity, self._velocity[order], np.full(order.shape, 2 * PERSON), share, there,
            horizon=_AHEAD, step=2 * STEP,
        )  # fmt: skip

    def _near_walls(self) -> HalfPlanes:
        """What everybody keeps to because of walls and edges: the nearest point of them in each direction."""
        shape = (len(self.routes), _SECTORS)
        away, nearest = np.zeros((*shape, 2)), np.full(shape, np.inf)
        points, tree = self._walls
        found = tree.query_ball_point(from_ground(self._place, self._height), _SEES_WALL) if len(points) else []
        for who, near in enumerate(found):
            some = points[near] - self._place[who]
            angle = np.arctan2(*some.T)
            sector = ((angle + np.pi) / (2 * np.pi) * _SECTORS).astype(np.int64) % _SECTORS
            order = np.argsort(-np.linalg.norm(some, axis=-1))
            away[who, sector[order]] = some[order]  # the nearest is written last
            nearest[who, sector[order]] = 1.0
        return half_planes(
            away, self._velocity, np.zeros_like(away), np.full(shape, WALL), np.ones(shape), np.isfinite(nearest),
            horizon=_WALL_AHEAD, step=2 * STEP, hard=True,
        )  # fmt: skip

    def _chosen(self, preferred: Array, planes: HalfPlanes) -> Array:
        """m/s (A, 2): gently where that is safe, harder where it is not, and the least bad where nothing is."""
        count = len(preferred)
        velocity, safe = best_velocities(preferred, self._velocity, np.full(count, _GENTLE * STEP), planes)
        if not safe.all():
            harder, possible = best_velocities(preferred, self._velocity, np.full(count, _HARD * STEP), planes)
            velocity = np.where(safe[:, None], velocity, harder)
            for who in np.flatnonzero(~safe & ~possible):
                velocity[who] = least_bad_velocity(self._velocity[who], _HARD * STEP, planes, int(who))
        length = np.maximum(np.linalg.norm(velocity, axis=-1), 1e-9)
        return velocity * np.minimum(1.0, 1.25 * self.speeds / length)[:, None]

    def _move(self, velocity: Array) -> None:
        """A step of everybody; nobody gets into a wall or off the ground."""
        moved = self._place + STEP * velocity
        cells = cells_at(self.walkable, moved, self._height)
        border = self.walkable.borders[cells]
        away = moved - border
        apart = np.linalg.norm(away, axis=-1)
        short = (apart < WALL) & (apart > 1e-6)
        moved[short] += (away * (WALL / np.maximum(apart, 1e-6) - 1)[:, None])[short]
        cells = np.where(short, cells_at(self.walkable, moved, self._height), cells)
        moved = np.where(cells[:, None] >= 0, moved, self._place)
        self._height = np.where(cells >= 0, self.walkable.spans.heights[cells], self._height)
        self._velocity = (moved - self._place) / STEP
        self._place = moved


def _walls(walkable: Walkable, routes: Sequence[PlannedRoute]) -> tuple[Array, cKDTree]:
    """Points (W, 2) m of walls and edges near the ways, and a tree of them in space."""
    ways = cKDTree(np.concatenate([route.points for route in routes]))
    free = walkable.free
    near, _ = ways.query(walkable.points[free], distance_upper_bound=2.5)
    cells = free[np.isfinite(near) & np.isfinite(walkable.borders[free]).all(axis=1)]
    places = from_ground(walkable.borders[cells], walkable.spans.heights[cells])
    _, first = np.unique(np.round(places / 0.02).astype(np.int64), axis=0, return_index=True)
    return walkable.borders[cells[first]], cKDTree(places[first])


def _pace(route: PlannedRoute) -> tuple[Array, Array]:
    """Metres along a way and the m/s that were planned there, in the middle of each piece."""
    gone = route.route.distances
    return (gone[1:] + gone[:-1]) / 2, np.diff(gone) / np.diff(route.times)
