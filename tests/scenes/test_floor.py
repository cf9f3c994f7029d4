"""The floor under a walker: heights between cells, storeys, and what is no floor."""

from __future__ import annotations

import numpy as np
import pytest

from motion.core.axes import from_ground
from motion.core.place import Place
from scene_meshes import at, prepared, room, two_floors
from scenes.floor import floor_of, inside_of
from scenes.heights import Agent
from scenes.scene import Scene


@pytest.fixture(scope="module")
def house() -> Scene:
    return prepared(two_floors(), Agent())


@pytest.fixture(scope="module")
def flat() -> Scene:
    return prepared(room(), Agent())


def test_stairs_are_steps_and_a_ramp_is_a_slope(house: Scene) -> None:
    floor = floor_of(house)
    for step in (0, 5, 12):
        middle = at(-3 + 0.28 * (step + 0.5), -0.5)
        assert floor(middle[None], np.array([0.15 * step]))[0] == pytest.approx(0.15 * (step + 1), abs=1e-6)
    x = np.linspace(-2.5, 0.5, 41)
    places = np.stack([x, np.full(41, 3.5)], axis=-1)
    end = -3 + 0.28 * 16
    wanted = 2.4 * (x - (end - 5)) / 5
    assert np.abs(floor(places, wanted) - wanted).max() < 1e-6


def test_of_two_storeys_the_near_one_counts(house: Scene) -> None:
    floor = floor_of(house)
    under_and_over = np.array([[3.0, 1.5], [3.0, 1.5]])
    assert floor(under_and_over, np.array([0.2, 2.2])) == pytest.approx([0.0, 2.4], abs=1e-6)


def test_a_place_follows_the_storey_from_step_to_step(house: Scene) -> None:
    place = Place(house.field, floor_of(house))
    up = np.stack([np.linspace(-4, 3, 141), np.full(141, -0.5)], axis=-1)
    heights = place.along(up)
    assert heights[0] == 0.0 and heights[-1] == pytest.approx(2.4, abs=1e-6)
    assert np.diff(heights).max() < 0.31
    assert place.along(up[::-1])[0] == 0.0  # below the upper floor


def test_a_table_and_the_wall_are_no_floor(flat: Scene) -> None:
    floor = floor_of(flat)
    assert np.isnan(floor(at(1.9, 0.0)[None], np.array([0.7]))[0])
    assert np.isnan(floor(at(0.0, -1.0)[None], np.array([0.0]))[0])
    place = Place(flat.field, floor)
    assert place.under(at(1.9, 0.0)[None], np.array([0.0]))[0] == 0.0


def test_inside_keeps_a_radius_from_walls_and_edges(flat: Scene) -> None:
    inside = inside_of(flat.walkable, 0.05)
    body = from_ground(np.array([[2.7, -1.5], [2.89, -1.5], [2.98, -1.5], [3.3, -1.5], [1.9, 0.0]]), 0.0)[None]
    body[0, 0, 1] = 1.7  # the head counts on the storey of the feet
    assert inside(body).tolist() == [[True, True, False, False, False]]


def test_inside_counts_on_the_storey_of_the_body(house: Scene) -> None:
    inside = inside_of(house.walkable)
    assert inside(from_ground(np.array([[[3.0, 1.5]]]), 2.4)).all()
    assert not inside(from_ground(np.array([[[-4.0, 1.5]]]), 2.4)).any()


def test_the_floor_of_a_way_is_known_around_it_alone(house: Scene) -> None:
    floor = floor_of(house, from_ground(np.array([[-5.0, 5.0], [-4.0, 5.0]])))
    assert floor(at(-4.5, 4.5)[None], np.zeros(1))[0] == pytest.approx(0.0, abs=1e-6)
    assert floor(at(5.0, -2.0)[None], np.zeros(1))[0] == 0.0  # further away as high as its cell
