"""Drawn rooms: the same for the same seed, furniture where it is said to be, none inside another, room to walk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from motion.core import BadInput
from motion.core.axes import ground, height
from scenes import scene as scene_module
from scenes.furniture import KINDS
from scenes.heights import Agent
from scenes.mesh import areas
from scenes.orientation import Orientation, understand
from scenes.picture import top_view
from scenes.rooms import Room, door_hall, make_room, past_things, room_scene
from scenes.routing import plan_route
from scenes.scene import prepare


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_furniture_stands_on_the_floor_and_has_the_size_of_its_kind(kind: str) -> None:
    make, most = KINDS[kind]
    assert 1 <= most <= 4
    for seed in range(5):
        thing = make(np.random.default_rng(seed))
        vertices, faces = thing.pieces(np.array([2.0, 1.0]), 0.7)
        assert thing.kind == kind
        assert height(vertices).min() == pytest.approx(0.0, abs=1e-9)
        assert height(vertices).max() == pytest.approx(thing.tall)
        assert 0.35 < thing.tall < 1.1 and np.all(thing.size > 0.4) and np.all(thing.size < 2.8)
        assert thing.seat is None or 0.38 <= thing.seat <= 0.6
        corners = vertices[faces]
        volume = np.einsum("ni,ni->", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])) / 6
        assert volume > 0.005, "faces look outward"
        assert areas(corners).min() > 0


def solid(room: Room, name: str, rng: np.random.Generator) -> np.ndarray:
    """Points (N, 3) in the boxes of a thing, found from the mesh alone."""
    part = next(part for part in room.mesh.parts if part.name == name)
    boxes = room.mesh.triangles[part.start : part.stop].reshape(-1, 12 * 3, 3)
    weights = rng.dirichlet(np.ones(12 * 3), (len(boxes), 40))
    return (weights @ boxes).reshape(-1, 3)


@pytest.mark.parametrize("seed", range(6))
def test_things_keep_apart_and_within_the_walls(seed: int) -> None:
    room, rng = make_room(seed), np.random.default_rng(seed)
    assert room.things and any(thing.furniture.seat for thing in room.things)
    names = [part.name for part in room.mesh.parts]
    assert names[0] == "floor" and {thing.name for thing in room.things} <= set(names)
    clouds = [ground(solid(room, thing.name, rng)) for thing in room.things]
    for number, cloud in enumerate(clouds):
        assert np.all(np.abs(cloud) < room.size / 2)
        for other in clouds[number + 1 :]:
            apart = np.linalg.norm(cloud[:, None] - other[None], axis=-1).min()
            assert apart > 0.3


def test_a_thing_faces_where_its_yaw_says() -> None:
    room = make_room(0)
    sofa = next(thing for thing in room.things if thing.furniture.kind == "sofa")
    part = next(part for part in room.mesh.parts if part.name == sofa.name)
    points = room.mesh.triangles[part.start : part.stop].reshape(-1, 3)
    back = ground(points[height(points) > sofa.furniture.tall - 0.01]).mean(axis=0)
    facing = np.array([np.sin(sofa.yaw), np.cos(sofa.yaw)])
    assert (back - sofa.place) @ facing < -0.2, "its back is behind its middle"


def test_the_same_seed_gives_the_same_room() -> None:
    one, other = make_room(3), make_room(3)
    np.testing.assert_array_equal(one.mesh.vertices, other.mesh.vertices)
    assert one.mesh.parts == other.mesh.parts
    assert len(make_room(4).mesh.vertices) != len(one.mesh.vertices)
    assert len(make_room(3, walls=False).mesh.parts) == len(one.mesh.parts) - 4
    with pytest.raises(BadInput, match="seed"):
        make_room(-1)


def test_rooms_are_understood_as_the_places_they_are() -> None:
    for seed in range(6):
        found = understand(make_room(seed).mesh, ".obj")
        assert (found.up, found.unit, found.is_place) == ("+y", "m", True)
        assert found.floor == pytest.approx(0.0, abs=0.02)


def test_one_walks_past_things_and_the_picture_shows_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(scene_module, "MAX_SAMPLES", 40_000)
    room = make_room(3)
    scene = room_scene(room)
    monkeypatch.setattr("scenes.rooms.prepare", lambda *anything: pytest.fail("prepared again"))
    again = room_scene(room)
    np.testing.assert_array_equal(scene.walkable.areas, again.walkable.areas)
    ways = past_things(room, scene)
    assert ways
    start, goal = ways[0]
    route = plan_route(scene, start, goal)
    assert route.route.length > np.linalg.norm(goal - start) + 0.05, "around something"
    plain, drawn = (np.asarray(top_view(scene, some, 300), dtype=np.int64) for some in ((), (route,)))
    assert plain.shape == drawn.shape and max(plain.shape) <= 302
    changed = np.abs(plain - drawn).sum(axis=-1) > 60
    assert 0.002 < changed.mean() < 0.1
    assert len(np.unique(plain.reshape(-1, 3), axis=0)) > 4, "ground, furniture and walls"


def test_the_door_of_the_hall_is_the_only_way() -> None:
    for width, open_door in ((0.9, True), (0.3, False)):
        ours = Orientation("+y", "m", 0.0, True)
        scene = prepare(door_hall(width), ours, Agent(), max_samples=20_000)
        assert (len(scene.walkable.sizes) == 1) is open_door
