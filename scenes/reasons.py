"""Where somebody stands, and if nobody can stand there, why not and where one could."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import from_ground, ground, height
from motion.core.errors import BadInput, MotionError
from scenes.scene import Scene

Array = NDArray[np.floating]

#: Somebody who is nearer to a wall than allowed steps aside at most so many metres.
STEP_ASIDE = 0.25

#: Things that reach over most of a scene are the building, not furniture: they are not named as what is in the way.
_BUILDING = 0.6


class NoRoute(MotionError):
    """One cannot walk there.

    Attributes:
        nearest: (3,) m, the point nearest to the goal that can be reached, or None where there is none.
    """

    def __init__(self, why: str, nearest: Array | None = None) -> None:
        where = "" if nearest is None else f"; nearest reachable point: {_spoken(nearest)}"
        super().__init__(f"no route: {why}{where}")
        self.nearest = nearest


def standing(scene: Scene, point: Array, name: str, start: int | None = None) -> tuple[int, Array]:
    """The free cell and the ground position (2,) of somebody at ``point``.

    Args:
        scene: where.
        point: (2,) m on the floor next to height 0, or (3,) m.
        name: what the point is, for the reason.
        start: the cell from which the way comes, or None: the nearest reachable point is searched in its area.

    Raises:
        NoRoute: nobody can stand there.
        BadInput: not a point.
    """
    point = np.asarray(point, dtype=np.float64)
    if point.shape not in ((2,), (3,)) or not np.all(np.isfinite(point)) or np.abs(point).max() > 1e6:
        raise BadInput(f"the {name} must be a place: x,z or x,y,z in metres")
    level = 0.0 if len(point) == 2 else float(height(point))
    place = point if len(point) == 2 else ground(point)
    walkable = scene.walkable
    here = walkable.under(place)
    free = here[walkable.areas[here] >= 0]
    off = np.abs(walkable.spans.heights[free] - level)
    if len(free) and (len(point) == 2 or off.min() <= 1.0):
        return int(free[np.argmin(off)]), place
    beside = walkable.nearest_free(from_ground(place, level))
    aside = walkable.spans.place_of(np.array(beside))
    if np.linalg.norm(aside - place) <= STEP_ASIDE and abs(walkable.spans.heights[beside] - level) <= 1.0:
        return beside, aside
    nearest = walkable.points[beside] if start is None else nearest_reachable(scene, start, from_ground(place, level))
    raise NoRoute(f"{name} {why_not(scene, place, level)}", nearest)


def nearest_reachable(scene: Scene, start: int, goal: Array) -> Array:
    """(3,) m of the cell of the start's area that is nearest to ``goal`` (3,)."""
    walkable = scene.walkable
    points = walkable.points[walkable.areas == walkable.areas[start]]
    nearest: Array = points[np.argmin(np.linalg.norm(points - goal, axis=-1))]
    return nearest


def why_not(scene: Scene, place: Array, level: float) -> str:
    """Why nobody can stand at a ground position (2,) at this height, such as "is inside the sofa"."""
    low, high = scene.mesh.bounds
    if np.any(place < ground(low)) or np.any(place > ground(high)):
        return f"is outside the scene, which reaches from {_spoken(low)} to {_spoken(high)}"
    walkable = scene.walkable
    thing = thing_at(scene, place, level)
    if thing:
        return f"is inside {thing!r}"
    here = walkable.under(place)
    close = here[np.abs(walkable.spans.heights[here] - level) <= 1.0]
    if not len(close):
        return "has no level ground with room to stand under it"
    clear = float(walkable.clearance_of(close).max())
    if clear < walkable.agent.radius:
        return f"is {clear:.2f} m from a wall or an edge, and {walkable.agent.radius:g} m are needed"
    return "is on top of something one cannot walk up to"


def thing_at(scene: Scene, place: Array, level: float) -> str | None:
    """The name of the smallest part of the scene, the building left out, that is at this place at body height."""
    low, high = scene.boxes[:, 0], scene.boxes[:, 1]
    whole = np.ptp(np.stack([ground(low).min(axis=0), ground(high).max(axis=0)]), axis=0)
    size = np.prod(ground(high - low), axis=-1)
    over = np.all((ground(low) <= place) & (place <= ground(high)), axis=-1)
    over &= (height(high) > level + scene.walkable.agent.climb) & (height(low) < level + scene.walkable.agent.height)
    over &= size < _BUILDING * np.prod(whole)
    found = np.flatnonzero(over)
    return scene.mesh.parts[found[np.argmin(size[found])]].name if len(found) else None


def _spoken(point: Array) -> str:
    """A place as it is typed: x,z and the height of its floor when that is not the main one."""
    x, z = ground(point)
    return f"{x:.2f},{z:.2f}" + (f" at height {height(point):.2f}" if abs(height(point)) > 0.3 else "")
