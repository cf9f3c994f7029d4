"""Where one can walk: floors, doors, stairs, ramps, tables, and who walks."""

from __future__ import annotations

import numpy as np
import pytest

from motion.core import BadInput
from motion.core.axes import height
from scene_meshes import OURS, at, box, prepared, room, two_floors
from scenes.heights import Agent, find_spans
from scenes.mesh import Mesh, mesh_of
from scenes.walkable import Walkable, make_walkable


def walkable(mesh: Mesh, **agent: float) -> Walkable:
    agent_ = Agent(**{"cell": 0.05, **agent})
    return make_walkable(find_spans(mesh, agent_), agent_)


def is_free(ground: Walkable, x: float, z: float, y: float = 0.0) -> bool:
    cells = ground.under(at(x, z))
    return bool(np.any((ground.areas[cells] >= 0) & (np.abs(ground.spans.heights[cells] - y) < 0.15)))


def test_a_room_is_free_where_nothing_stands() -> None:
    ground = prepared(room(), Agent()).walkable
    assert is_free(ground, 1.0, 1.5) and is_free(ground, -1.0, 0.0)
    assert not is_free(ground, -2.4, 0.0), "inside the sofa"
    assert not is_free(ground, 1.9, 0.0), "under the table"
    assert not is_free(ground, -2.9, 1.9), "too near to the corner"
    assert len(ground.sizes) == 1, "the door joins both halves"


def test_clearance_is_a_little_less_than_the_distance_to_the_nearest_wall() -> None:
    ground = walkable(room())
    cell = ground.at(at(1.0, 1.4))
    assert ground.clearance[cell] == pytest.approx(0.55, abs=0.05)
    assert ground.clearance[ground.at(at(0.0, 1.0))] == pytest.approx(0.4, abs=0.05)
    assert ground.clearance.max() <= 1.0


@pytest.mark.parametrize(("door", "areas"), [(True, 1), (False, 2)])
def test_areas_are_what_hangs_together(door: bool, areas: int) -> None:
    assert len(prepared(room(door), Agent()).walkable.sizes) == areas


def test_a_wide_agent_does_not_fit_through_the_door() -> None:
    assert len(prepared(room(), Agent(radius=0.5)).walkable.sizes) == 2


def test_stairs_join_floors_above_each_other() -> None:
    ground = prepared(two_floors(), Agent()).walkable
    assert is_free(ground, 3.0, 1.0, 0.0) and is_free(ground, 3.0, 1.0, 2.4), "above each other"
    lower = ground.areas[ground.at(at(3.0, 1.0))]
    upper = ground.areas[ground.at(at(3.0, 1.0), 2.4)]
    assert lower == upper == 0
    assert is_free(ground, -0.9, -0.5, 1.2), "on a stair"


def test_stairs_higher_than_a_step_join_nothing() -> None:
    ground = prepared(two_floors(), Agent(climb=0.1, slope=20)).walkable
    assert ground.areas[ground.at(at(3.0, 1.0))] != ground.areas[ground.at(at(3.0, 1.0), 2.4)]


@pytest.mark.parametrize(("degrees", "walks"), [(20, True), (33, True), (45, False)])
def test_a_ramp_is_walkable_when_it_is_not_too_steep(degrees: float, walks: bool) -> None:
    rise = 4 * np.tan(np.radians(degrees))
    corners = np.array([[0, 0, 0], [0, 0, 2], [4, rise, 2], [4, rise, 0.0]])
    ramp = mesh_of([("ramp", corners, np.array([[0, 1, 2], [0, 2, 3]])), box("floor", (-3, -0.1, -1), (0, 0, 3))])
    assert is_free(walkable(ramp), 2.0, 1.0, rise / 2) == walks


def test_flipped_faces_are_ground_too() -> None:
    mesh = room()
    faces = mesh.faces.copy()
    faces[::3] = faces[::3, ::-1]
    ground = walkable(Mesh(mesh.vertices, faces, mesh.parts))
    assert is_free(ground, 1.0, 1.5) and is_free(ground, -1.0, 0.0)


def test_a_low_ceiling_needs_a_small_agent() -> None:
    mesh = mesh_of([box("floor", (-2, -0.1, -2), (2, 0, 2)), box("ceiling", (-2, 1.5, -2), (2, 1.6, 2))])
    assert not is_free(walkable(mesh), 0, 0)
    assert is_free(walkable(mesh, height=1.3), 0, 0)


def test_a_roof_is_no_ground() -> None:
    crowded = [box("cupboard", (x, 0, -1.9), (x + 0.5, 2.0, 0.8)) for x in (-1.9, -0.9, 0.1, 1.1)]
    mesh = mesh_of([
        box("floor", (-2, -0.1, -2), (2, 0, 2)), box("ceiling", (-2, 2.5, -2), (2, 2.6, 2)), *crowded,
        box("wall", (-2, 0, -2), (-1.95, 2.5, 2)), box("wall", (1.95, 0, -2), (2, 2.5, 2)),
    ])  # fmt: skip
    ground = prepared(mesh, Agent()).walkable
    assert ground.sizes.max() < 8
    assert height(ground.points[ground.free]).max() < 0.1
    assert is_free(ground, 0, 1.4)


def test_a_thing_gets_a_ground_around_it() -> None:
    from dataclasses import replace

    scene = prepared(mesh_of([box("stool", (-0.2, 0, -0.2), (0.2, 0.5, 0.2))]), Agent(), replace(OURS, is_place=False))
    assert scene.laid
    assert is_free(scene.walkable, 1.0, 0.0)
    assert not is_free(scene.walkable, 0.0, 0.0)
    assert height(scene.walkable.points[scene.walkable.free]).max() < 0.05


def test_agents_outside_the_limits_are_refused() -> None:
    with pytest.raises(BadInput, match=r"radius must be 0.05 to 2, got 9 \(nearest: 2\)"):
        Agent(radius=9)
    with pytest.raises(BadInput, match="slope"):
        Agent(slope=float("nan"))
