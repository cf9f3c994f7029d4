"""Clips in a scene: a planned route becomes conditions, and the scene what the generator knows of the place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.report import Numbers
from app.request import Request
from motion.conditions import Act, Condition, Path, Waypoints
from motion.conditions.waypoints import AROUND
from motion.core import BadInput, Motion, Place, Waypoint
from motion.core.axes import ground, height
from motion.metrics.contacts import foot_positions
from motion.metrics.scene import contact_score, foot_skate, goal_report, penetration, way_length

if TYPE_CHECKING:
    from motion.body import BodyModel
    from scenes.routing import PlannedRoute
    from scenes.scene import Scene
    from scenes.seats import Seat

Array = NDArray[np.floating]

#: Seconds that somebody stands at the goal before the clip ends, and rad/s at which they turn there.
STANDS, TURNS = 0.8, 1.8

#: m/s that a duration asked for can make of a walk when no speed is: from a stroll to a fast walk.
SLOW, FAST = 0.4, 2.0

#: What a seat or bed carries.
CARRIED = ("pelvis", "left_hip", "right_hip")

#: Metres above the floor from which the body's distance to things counts as clearance: feet are on the floor.
ABOVE = 0.15

#: Metres of height within which a way is level; numbers of the report that count from a flat floor.
LEVEL, FROM_FLAT_FLOOR = 0.05, ("foot_skate_ratio", "floor_penetration_mm", "floor_float_mm")

#: What does not go together with a way that is planned.
NOT_IN_SCENES = ("path", "waypoints", "start_from", "edit", "loop", "mirror")


@dataclass(frozen=True)
class Going:
    """Somebody goes somewhere in a scene.

    Attributes:
        place: what the generator is to know.
        route: the way, the last one where there are several; None: one is there already.
        conditions: the way, and where one stands and faces in the end.
        duration: s that it takes at least.
        seat: on which one sits or lies on the way, or None.
        stays: whether the clip ends there.
    """

    place: Place
    route: PlannedRoute | None
    conditions: tuple[Condition, ...]
    duration: float
    seat: Seat | None = None
    stays: bool = False

    @property
    def end(self) -> tuple[Array, float | None]:
        """(2,) m where the clip ends, and rad which way one faces there, if that was asked for."""
        if self.stays:
            assert self.seat is not None
            return ground(self.seat.position), self.seat.facing
        assert self.route is not None
        return self.route.route.points[-1], self.route.heading


def going_of(request: Request) -> Going | None:
    """The way that a request asks for in its scene, planned; None where it names no scene.

    Raises:
        NoRoute: nobody can get there, and why.
        MotionError: the scene cannot be read; or something asked for that is impossible.
    """
    if request.scene is None:
        return None
    for name in NOT_IN_SCENES:
        if getattr(request, name):
            raise BadInput(f"in a scene the way is planned from start to goal; {name} cannot be asked for as well")
    if request.speed is not None and not isinstance(request.speed, int | float):
        raise BadInput("in a scene the way has one speed, which bends and stairs slow down; give one number")
    from scenes.scene import open_scene

    scene = open_scene(request.scene, up=request.scene_up, unit=request.scene_unit, floor=request.scene_floor)
    if request.sit is not None or request.lie is not None:
        return going_to_rest(request, scene)
    return going(
        scene, np.array(request.start), np.array(request.goal), speed=request.speed, heading=request.goal_heading,
        duration=request.duration,
    )  # fmt: skip


def going_to_rest(request: Request, scene: Scene) -> Going:
    """The way to a seat or bed, what is done there, and the way on if the request has a goal."""
    from app.visits import STAY, visiting
    from scenes.seat_choice import choose_seat

    kind, asked = ("seat", request.sit) if request.sit is not None else ("bed", request.lie)
    wish = None if asked == "" else asked if isinstance(asked, str) else np.array(asked)
    start, goal = np.array(request.start), None if request.goal is None else np.array(request.goal)
    seat = choose_seat(scene, kind, wish, start)
    speed = None if request.speed is None else float(request.speed)  # type: ignore[arg-type]

    def stays(seconds: float) -> Going:
        return visiting(
            scene, start, seat, stay=seconds, goal=goal, speed=speed, heading=request.goal_heading,
            seed=request.seed,
        )  # fmt: skip

    stay = STAY if request.stay is None else request.stay
    if request.duration is None:
        return stays(stay)
    takes = stays(0.0).duration
    least = takes + (stay if request.stay is not None else 0.0)
    if least > request.duration + 1e-6:
        raise BadInput(
            f"going there and staying takes {least:.1f} s and the clip lasts {request.duration:g} s; ask for "
            f"{np.ceil(10 * least) / 10:g} s or more, or leave the duration out"
        )
    return stays(stay if request.stay is not None else request.duration - takes)


def going(
    scene: Scene, start: Array, goal: Array, *, speed: float | None = None, heading: float | None = None,
    duration: float | None = None,
) -> Going:  # fmt: skip
    """Somebody goes from ``start`` to ``goal``, stands there and faces ``heading``.

    Args:
        scene: where.
        start, goal: (2,) m on the ground, or (3,) m with the height of a floor.
        speed: m/s where the way is straight and level; None: a walk, or what ``duration`` needs.
        heading: rad, direction to face in the end; None: as one arrives.
        duration: s of the clip; None: as long as it takes.

    Raises:
        NoRoute: nobody can get there, and why.
        BadInput: it takes longer than ``duration``, or positions or a speed outside their limits.
    """
    from scenes.pacing import WALK
    from scenes.routing import plan_route

    route = plan_route(scene, start, goal, speed=WALK if speed is None else speed, heading=heading)
    conditions, takes = conditions_of(route)
    if duration is not None and takes > duration and speed is None:
        route = plan_route(scene, start, goal, speed=FAST, heading=heading)
        low, high = WALK, FAST
        for _ in range(6):  # the slowest that is fast enough
            middle = (low + high) / 2
            tried = plan_route(scene, start, goal, speed=middle, heading=heading)
            low, high, route = (middle, high, route) if conditions_of(tried)[1] > duration else (low, middle, tried)
        conditions, takes = conditions_of(route)
    if duration is not None and takes > duration + 1e-6:
        raise BadInput(
            f"the way of {route.route.length:.1f} m takes {takes:.1f} s and the clip lasts {duration:g} s; "
            f"ask for {np.ceil(10 * takes) / 10:g} s or more, or leave the duration out"
        )
    return Going(place_of(scene, route.points), route, conditions, takes)


def conditions_of(route: PlannedRoute) -> tuple[tuple[Condition, ...], float]:
    """A route from 0 s on as conditions, with standing and turning at its end; and the seconds that takes."""
    way = Path(route.route.points, times=route.times)
    goal, arrives = route.route.points[-1], route.duration
    if route.heading is None:
        end = arrives + STANDS
        return (way, Waypoints((Waypoint(goal, arrives + AROUND), Waypoint(goal, end)))), end
    arriving = float(np.arctan2(*(goal - route.route.point_at(max(route.route.length - 0.3, 0.0)))))
    turn = (route.heading - arriving + np.pi) % (2 * np.pi) - np.pi
    turned = arrives + STANDS / 2 + abs(turn) / TURNS
    end = turned + STANDS / 2
    times = np.linspace(arrives, end, max(2, round((end - arrives) / AROUND)) + 1)[1:]
    share = np.clip((times - arrives) / (turned - arrives), 0.0, 1.0)
    headings = arriving + turn * share**2 * (3 - 2 * share)
    stands = tuple(Waypoint(goal, *one) for one in zip(times.tolist(), headings.tolist(), strict=True))
    return (way, Waypoints(stands)), end


def place_of(scene: Scene, way: Array) -> Place:
    """What the generator is to know of a scene in which somebody goes along a way (N, 3) m."""
    from scenes.floor import floor_of, room_of

    return Place(scene.field, floor_of(scene, way), float(height(way[0])), room_of(scene, way))


def fit(clip: Motion, body: BodyModel, going: Going) -> Numbers:
    """How a clip fits its scene and gets to its goal, for the report.

    ``scene_penetration`` is how deep the deepest point of the surface is in something, in m; numbers that count from a
    flat floor are null where the way climbs. What conditions forced into things is counted like everything else.
    """
    floor = going.place.along(ground(clip.root_position))
    under_feet = going.place.under(ground(foot_positions(clip)), np.repeat(floor[:, None], 4, axis=1))
    if going.seat is not None and going.seat.kind == "bed":  # who lies has the feet on the bed
        feet = foot_positions(clip)
        under_feet = np.maximum(under_feet, height(feet) - going.place.field.distance(feet))
    surface = body.vertices(clip)
    distances = np.concatenate([going.place.field.distance(some) for some in np.array_split(surface, len(surface))])
    inside, joint = penetration(distances), np.argmax(body.weights, axis=1)
    goal, heading = going.end
    end = goal_report(clip, goal, heading)
    above = np.where(height(surface) > floor[:, None] + ABOVE, distances, np.inf)
    deepest = int(distances[inside.worst_frame].argmin())
    found: Numbers = {
        "scene_penetration": inside.max_cm / 100.0,
        "scene_penetration_mean_mm": inside.mean_mm,
        "scene_colliding_ratio": inside.colliding_ratio,
        "scene_worst_s": inside.worst_frame / clip.fps if inside.colliding_ratio else None,
        "scene_worst_part": body.joint_names[joint[deepest]] if inside.colliding_ratio else None,
        "scene_clearance_m": float(above.min()),
        "scene_contact": contact_score(clip, under_feet) if clip.num_frames > 1 else None,
        "scene_foot_skate_m_s": foot_skate(clip, under_feet),
        "requested_way_m": going.route.route.length if going.route and not going.seat else None,
        "realised_way_m": way_length(clip),
        "goal_distance_m": end.pelvis_m,
        "requested_heading_rad": heading,
        "heading_error_rad": end.heading_rad,
    }
    level = going.seat is None and going.route is not None and climbs(going.route) < LEVEL
    return found | at_seat(clip, body, going) | ({} if level else dict.fromkeys(FROM_FLAT_FLOOR))


def at_seat(clip: Motion, body: BodyModel, going: Going) -> Numbers:
    """How somebody sits or lies in the middle of the stay: m and rad from what was found, and m to what carries."""
    act = next((one for one in going.conditions if isinstance(one, Act)), None)
    if going.seat is None or act is None:
        return {}
    seat, frame = going.seat, min(round(act.rests * clip.fps), clip.num_frames - 1)
    still = clip.sliced(frame, frame + 1)
    near = going.place.field.distance(body.vertices(still)[0])
    lowest = np.isin(np.argmax(body.weights, axis=1), [body.joint_names.index(name) for name in CARRIED])
    end = goal_report(still, ground(seat.position), seat.facing)
    return {
        "seat": seat.name, "seat_height_m": seat.height, "seat_pelvis_m": end.pelvis_m,
        "seat_heading_error_rad": end.heading_rad, "seat_gap_m": float(max(near[lowest].min(), 0.0)),
        "seat_penetration_sum_m": penetration(near[None]).sum_mean_m,
    }  # fmt: skip


def climbs(route: PlannedRoute) -> float:
    """m between the lowest and the highest floor of a route."""
    return float(np.ptp(route.heights))
