"""Several people: nobody runs into anybody, everybody arrives, and nobody moves as people do not."""

from __future__ import annotations

import numpy as np
import pytest

from motion.core import BadInput
from scene_meshes import at, box, prepared, room, two_floors
from scenes.crowd import BODY, FPS, MAX_PEOPLE, Walker, gaps, nearest_gap, plan_crowd, trajectories
from scenes.heights import Agent
from scenes.mesh import mesh_of
from scenes.reasons import NoRoute
from scenes.rooms import door_hall
from scenes.routing import PlannedRoute, plan_route
from scenes.scene import Scene


@pytest.fixture(scope="module")
def hall() -> Scene:
    return prepared(door_hall(), Agent())


def in_step() -> list[Walker]:
    """Eight on half a circle around the door, all the same way from it: exactly symmetric."""
    arc = [at(2.5 * np.cos(angle), 2.5 * np.sin(angle)) for angle in np.linspace(-1.2, 1.2, 8)]
    return [Walker(point * [-1, 1], point) for point in arc]


def from_both_sides() -> list[Walker]:
    return [Walker(at(side * 2.5, z), at(-side * 2.5, z)) for side in (-1, 1) for z in (-1.5, -0.5, 0.5, 1.5)]


def nearest_by_hand(routes: tuple[PlannedRoute, ...]) -> float:
    """Least distance in metres between two people at any frame, standing after arrival included."""
    places = np.stack([one.positions for one in trajectories(routes)])
    apart = np.linalg.norm(places[:, None] - places[None], axis=-1)
    apart[np.arange(len(routes)), np.arange(len(routes))] = np.inf
    return float(apart.min())


@pytest.mark.parametrize("people", [in_step, from_both_sides], ids=lambda make: make.__name__)
def test_eight_go_through_one_door(hall: Scene, people: object) -> None:
    walkers = people()  # type: ignore[operator]
    routes = plan_crowd(hall, walkers)
    assert nearest_by_hand(routes) >= 2 * BODY - 0.05
    for route, walker in zip(routes, walkers, strict=True):
        np.testing.assert_allclose(route.route.points[[0, -1]], [walker.start, walker.goal], atol=0.03)
        assert route.clearance.min() > 0.15
        alone = plan_route(hall, walker.start, walker.goal)
        assert route.duration >= alone.duration - 0.5
    assert max(route.duration for route in routes) < 40


def test_they_move_as_people_do(hall: Scene) -> None:
    routes = plan_crowd(hall, in_step())
    for one in trajectories(routes):
        velocity = np.diff(one.positions, axis=0) * FPS
        assert np.linalg.norm(velocity, axis=-1).max() < 1.7
        assert np.percentile(np.linalg.norm(np.diff(velocity, axis=0) * FPS, axis=-1), 99) < 3.0


def test_two_exactly_head_on_pass_each_other(hall: Scene) -> None:
    routes = plan_crowd(hall, [Walker(at(1.0, -3.0), at(1.0, 3.0)), Walker(at(1.0, 3.0), at(1.0, -3.0))])
    assert nearest_by_hand(routes) >= 2 * BODY - 0.02
    assert max(route.duration for route in routes) < 1.5 * plan_route(hall, at(1.0, -3.0), at(1.0, 3.0)).duration


def test_who_is_alone_walks_as_planned(hall: Scene) -> None:
    walker = Walker(at(-3, -2), at(3, 2), 1.2, heading=0.5)
    (route,) = plan_crowd(hall, [walker])
    alone = plan_route(hall, walker.start, walker.goal, speed=1.2)
    assert route.route.length == pytest.approx(alone.route.length, rel=0.03)
    assert route.duration == pytest.approx(alone.duration, rel=0.25)
    assert route.heading == 0.5
    assert gaps((route,)).min() == np.inf


def test_one_who_stays_on_the_way_is_gone_around(hall: Scene) -> None:
    stays = Walker(at(-3.0, 0.3), at(-3.0, 0.9))
    routes = plan_crowd(hall, [stays, Walker(at(-4.2, 0.9), at(-1.0, 0.9))])
    assert nearest_by_hand(routes) >= 2 * BODY - 0.02
    assert routes[1].duration < 9


def test_the_same_people_walk_the_same_way(hall: Scene) -> None:
    one, other = (plan_crowd(hall, from_both_sides()[2:6]) for _ in range(2))
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a.points, b.points)


def test_people_on_other_floors_are_not_in_the_way() -> None:
    scene = prepared(two_floors(), Agent())
    below, above = Walker(at(2.0, 0.5), at(4.0, 0.5)), Walker(at(4.0, 0.5, 2.4), at(2.0, 0.5, 2.4))
    routes = plan_crowd(scene, [below, above])
    assert nearest_by_hand(routes) < 2 * BODY, "one above the other"
    assert nearest_gap(routes) == np.inf
    assert routes[1].heights.min() > 2.2


def test_a_corridor_takes_one_direction_at_a_time() -> None:
    walls = [box("wall", (-2, 0, -3), (2, 2.5, -0.45)), box("wall", (-2, 0, 0.45), (2, 2.5, 3))]
    scene = prepared(mesh_of([box("floor", (-5, -0.1, -3), (5, 0, 3)), *walls]), Agent())
    walkers = [Walker(at(-4, -1), at(4, -1)), Walker(at(4, 1), at(-4, 1)), Walker(at(-4, 1), at(4, 1))]
    routes = plan_crowd(scene, walkers)
    assert nearest_by_hand(routes) >= 2 * BODY - 0.05
    inside = np.abs(np.stack([one.positions for one in trajectories(routes)])[..., 0]) < 1.8
    assert not np.any((inside[0] | inside[2]) & inside[1])


BAD = {
    "nobody": ([], "1 to 40 people"),
    "too many": ([Walker(at(0, 0), at(1, 1))] * (MAX_PEOPLE + 1), "got 41"),
    "one place": ([Walker(at(1, 1.5), at(2, 1.5)), Walker(at(1.2, 1.5), at(2, -1.5))], "1 and 2 have their start"),
    "one goal": ([Walker(at(-1, 1.5), at(2, 1.5)), Walker(at(1, 1.5), at(2, 1.4))], "their goal 0.10 m apart; 0.5 m"),
    "speed": ([Walker(at(-1, 1.5), at(2, 1.5), 99.0)], "person 1: the speed"),
}  # fmt: skip


@pytest.fixture(scope="module")
def flat() -> Scene:
    return prepared(room(), Agent())


@pytest.mark.parametrize("case", sorted(BAD))
def test_what_cannot_be_is_refused(flat: Scene, case: str) -> None:
    walkers, why = BAD[case]
    with pytest.raises(BadInput, match=why):
        plan_crowd(flat, walkers)


def test_who_cannot_get_there_is_named(flat: Scene) -> None:
    with pytest.raises(NoRoute, match=r"^no route: person 2: goal is inside 'sofa'") as refused:
        plan_crowd(flat, [Walker(at(1, 1.5), at(2.6, 1.5)), Walker(at(-1, 1), at(-2.4, 0))])
    assert str(refused.value).count("no route") == 1
