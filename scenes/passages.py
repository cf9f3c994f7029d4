"""Passages in which two people cannot pass each other, and who may go through when: doors, corridors, gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from scenes.routing import PlannedRoute
from scenes.walkable import Walkable

Array = NDArray[np.floating]
Indices = NDArray[np.int64]

#: A place is narrow when no circle of this radius lies free about it: no room for two; looked for within ``_ABOUT`` m.
_NARROW, _ABOUT = 0.6, 0.4

#: Metres that a passage reaches beyond its narrow part; parts of a way with less between them are one passage.
_MARGIN, _BETWEEN = 0.3, 1.0

#: Metres on either side of a passage within which one asks to go through, and before which one waits.
_ASKS, WAITS = 2.2, 0.9

#: Seconds after which those who come from the other side are let through, although more come from this one.
_PATIENCE = 8.0


@dataclass(frozen=True)
class Stretch:
    """Part of somebody's way that leads through a passage: from ``enter`` to ``leave``, m along the way.

    Attributes:
        passage: its number.
        enter, leave: m.
        ends: (2, 2) m where these are.
    """

    passage: int
    enter: float
    leave: float
    ends: Array

    def agrees(self, other: Stretch) -> bool:
        """Whether both lead through the passage in the same direction."""
        same = np.linalg.norm(self.ends - other.ends, axis=-1).sum()
        return bool(same < np.linalg.norm(self.ends - other.ends[::-1], axis=-1).sum())


def stretches(walkable: Walkable, routes: Sequence[PlannedRoute]) -> list[list[Stretch]]:
    """The passages on each way, in the order in which it leads through them."""
    found = [_narrow_parts(walkable, route) for route in routes]
    pieces = [(who, begin, end) for who, parts in enumerate(found) for begin, end in parts]
    if not pieces:
        return [[] for _ in routes]
    clouds = [routes[who].points[begin:end] for who, begin, end in pieces]
    owner = np.repeat(np.arange(len(pieces)), [len(cloud) for cloud in clouds])
    pairs = cKDTree(np.concatenate(clouds)).query_pairs(0.5, output_type="ndarray")
    rows, columns = owner[pairs].T
    graph = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(pieces), len(pieces)))
    _, number = connected_components(graph, directed=False)
    answer: list[list[Stretch]] = [[] for _ in routes]
    for (who, begin, end), passage in zip(pieces, number, strict=True):
        route = routes[who].route
        enter = max(float(route.distances[begin]) - _MARGIN, 0.0)
        leave = min(float(route.distances[end - 1]) + _MARGIN, route.length)
        answer[who].append(Stretch(int(passage), enter, leave, route.point_at(np.array([enter, leave]))))
    return answer


def _narrow_parts(walkable: Walkable, route: PlannedRoute) -> list[tuple[int, int]]:
    """Ranges of the points of a way at which two people cannot pass each other."""
    steps = np.arange(-_ABOUT, _ABOUT + 1e-9, max(walkable.spans.cell, 0.1))
    around = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    around = around[np.linalg.norm(around, axis=-1) <= _ABOUT]
    cells = walkable.at(route.route.points[:, None] + around, route.heights[:, None])
    level = np.abs(walkable.spans.heights[cells] - route.heights[:, None]) <= 2 * walkable.agent.climb
    widest = np.where((cells >= 0) & level, walkable.clearance_of(cells), 0.0).max(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], widest < _NARROW, [False]])))
    parts: list[tuple[int, int]] = []
    gone = route.route.distances
    for begin, end in edges.reshape(-1, 2).tolist():
        if parts and gone[begin] - gone[parts[-1][1] - 1] < _BETWEEN:
            begin = parts.pop()[0]
        parts.append((begin, end))
    return parts


@dataclass
class Doorkeeper:
    """Lets people through passages: one direction at a time, one after the other, first come first served.

    Attributes:
        ways: the passages on everybody's way.
        inside: who has been let into each passage and has not left it.
        asked: the second at which somebody asked to go through a passage.
    """

    ways: list[list[Stretch]]
    inside: dict[int, list[tuple[int, Stretch]]] = field(default_factory=dict)
    asked: dict[tuple[int, float], float] = field(default_factory=dict)

    def limits(self, gone: Array, time: float) -> tuple[Array, NDArray[np.bool_]]:
        """How far (A,) m along their ways people may go now, and who (A,) has been let into a passage.

        ``gone`` (A,) m is how far they are.
        """
        for passage, people in self.inside.items():
            self.inside[passage] = [(who, part) for who, part in people if gone[who] < part.leave]
        asking = self._asking(gone, time)
        for who, part in asking:
            if self._may_enter(who, part, asking, gone, time):
                self.inside.setdefault(part.passage, []).append((who, part))
        limit, let_in = np.full(len(gone), np.inf), np.zeros(len(gone), dtype=bool)
        for who, way in enumerate(self.ways):
            for part in way:
                if self._is_in(who, part):
                    let_in[who] = True
                elif gone[who] < part.leave:
                    limit[who] = max(part.enter - WAITS, 0.0)
                    break
        return limit, let_in

    def _is_in(self, who: int, part: Stretch) -> bool:
        return any(one == who and other is part for one, other in self.inside.get(part.passage, []))

    def _asking(self, gone: Array, time: float) -> list[tuple[int, Stretch]]:
        """Everybody near to a passage into which they have not been let, the nearest first."""
        asking = []
        for who, way in enumerate(self.ways):
            for part in way:
                if gone[who] < part.leave and not self._is_in(who, part):
                    if gone[who] >= part.enter - _ASKS:
                        self.asked.setdefault((who, part.enter), time)
                        asking.append((who, part))
                    break
        return sorted(asking, key=lambda one: (one[1].enter - gone[one[0]], one[0]))

    def _may_enter(self, who: int, part: Stretch, asking: list[tuple[int, Stretch]], gone: Array, time: float) -> bool:
        """Nobody comes the other way, nobody goes in before, and no other side has waited longer."""
        people = self.inside.get(part.passage, [])
        mine = part.enter - gone[who]
        if any(not part.agrees(other) or 0 < other.enter - gone[one] <= mine for one, other in people):
            return False
        here = [
            (self.asked[one, other.enter], other.agrees(part)) for one, other in asking if other.passage == part.passage
        ]
        first = min(asked for asked, agrees in here if agrees)
        patience = _PATIENCE if people else 0.0
        return not any(asked < first and time - asked >= patience for asked, agrees in here if not agrees)
