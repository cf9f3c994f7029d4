"""Seats and beds are found by their shape, and named; where there are none, one line says so."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from motion.core.axes import ground, height
from motion.core.errors import UnknownName
from scenes.heights import Agent
from scenes.mesh import Mesh, mesh_of
from scenes.report import report, to_text
from scenes.scene import Scene, open_scene
from scenes.seat_choice import NoSeat, choose_seat
from scenes.seat_names import bonus_of
from scenes.seats import Seat
from scenes.tops import rectangle
from tests.scene_meshes import box, chair, furnished, prepared, write_obj

AGENT = Agent(cell=0.05)
HERE = np.array([0.0, 2.0])


@pytest.fixture(scope="module")
def scene() -> Scene:
    return prepared(furnished(), AGENT)


def named(scene: Scene, name: str, kind: str = "seat") -> list[Seat]:
    return [seat for seat in scene.seats if seat.name == name and seat.kind == kind]


def test_a_chair_is_one_seat_that_faces_away_from_its_back(scene: Scene) -> None:
    (seat,) = named(scene, "chair")
    assert abs(seat.facing) < np.radians(2)
    assert height(seat.position) == pytest.approx(0.45, abs=1e-6)
    assert np.linalg.norm(ground(seat.position)) < 0.12
    assert seat.back is not None
    assert 0.05 < seat.back < 0.3
    assert height(seat.approach) == pytest.approx(0.0, abs=0.01)
    assert ground(seat.approach)[1] > 0.4


def test_a_bench_without_a_back_is_sat_on_along_its_length(scene: Scene) -> None:
    seats = named(scene, "bench")
    assert seats
    for seat in seats:
        assert seat.back is None
        assert abs(np.sin(seat.facing)) < 0.05
        assert 1.4 < ground(seat.position)[0] < 2.6


def test_heads_lie_at_the_headboard_and_the_whole_body_on_the_bed(scene: Scene) -> None:
    beds = named(scene, "bed", "bed")
    assert beds
    best = beds[0]
    assert abs(best.facing) < np.radians(2)
    assert height(best.position) == pytest.approx(0.5, abs=1e-6)
    across, along = ground(best.position) - np.array([2.0, 1.6])
    assert abs(across) < 0.55
    assert abs(along) < 0.25
    assert abs(np.sin(best.side)) > 0.99


def test_neither_a_table_nor_the_floor_is_a_seat_and_nobody_sits_with_the_legs_in_a_wall(scene: Scene) -> None:
    assert {seat.name for seat in scene.seats} <= {"chair", "walled chair", "bench", "bed"}
    assert all(np.cos(seat.facing) < 0.7 for seat in named(scene, "walled chair"))


def test_turning_and_shifting_a_scene_turns_and_shifts_its_seats() -> None:
    angle = 0.6
    turn = np.array([[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]])
    floor = box("floor", (-2, -0.1, -2), (2, 0, 2))
    mesh = mesh_of([floor, *chair()])
    moved = replace(mesh, vertices=mesh.vertices @ turn.T + [3.0, 0, 1.0])
    (seat,) = prepared(moved, AGENT).seats
    assert abs(seat.facing - angle) < np.radians(6)
    assert np.linalg.norm(ground(seat.position) - [3.0, 1.0]) < 0.14


def test_a_scan_without_names_has_the_same_seat_without_a_name() -> None:
    mesh = mesh_of([box("floor", (-2, -0.1, -2), (2, 0, 2)), *chair()])
    whole = Mesh(mesh.vertices, mesh.faces, (replace(mesh.parts[0], name="scan", stop=len(mesh.faces)),))
    (seat,) = prepared(whole, AGENT).seats
    assert seat.name is None
    assert abs(seat.facing) < np.radians(2)


def test_seats_are_listed_and_come_back_from_the_cache(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = write_obj(tmp_path / "room.obj", mesh_of([box("floor", (-2, -0.1, -2), (2, 0, 2)), *chair()]))
    first, second = open_scene(path, up="+y", unit="m"), open_scene(path, up="+y", unit="m")
    assert [seat.to_json() for seat in second.seats] == [seat.to_json() for seat in first.seats]
    about = json.loads(json.dumps(report(second)))
    assert [seat["object"] for seat in about["seats"]] == ["chair"]
    assert any("seat at" in line and "on chair" in line for line in to_text(about))


def test_a_seat_is_chosen_by_name_by_place_and_by_itself(scene: Scene) -> None:
    assert choose_seat(scene, "seat", "Bench", HERE).name == "bench"
    assert choose_seat(scene, "seat", np.array([0.1, 0.1]), HERE).name == "chair"
    assert choose_seat(scene, "seat", None, HERE).name == "chair"
    assert choose_seat(scene, "bed", None, HERE).kind == "bed"


def test_one_sits_on_the_edge_of_a_bed_facing_away_from_it(scene: Scene) -> None:
    bed = choose_seat(scene, "bed", None, HERE)
    seat = choose_seat(scene, "seat", "bed", HERE)
    assert seat.kind == "seat"
    assert seat.facing in (bed.side, pytest.approx(seat.side))


def test_where_no_seat_is_the_nearest_are_named(scene: Scene) -> None:
    with pytest.raises(NoSeat, match=r"nothing to sit on at -2\.50,2\.50; nearest: .*chair at"):
        choose_seat(scene, "seat", np.array([-2.5, 2.5]), HERE)
    with pytest.raises(NoSeat, match=r"nothing to sit on at 'table'; nearest: "):
        choose_seat(scene, "seat", "table", HERE)
    with pytest.raises(UnknownName, match="did you mean 'chair'"):
        choose_seat(scene, "seat", "chiar", HERE)


def test_an_empty_room_says_that_nothing_is_there_to_sit_on() -> None:
    empty = prepared(mesh_of([box("floor", (-2, -0.1, -2), (2, 0, 2))]), AGENT)
    assert empty.seats == ()
    with pytest.raises(NoSeat, match="nothing to lie on was found"):
        choose_seat(empty, "bed", None, HERE)


def test_names_speak_for_and_against() -> None:
    assert bonus_of("ChairA_01_003", "seat") > 0
    assert bonus_of("CoffeeTable_01", "seat") < 0
    assert bonus_of("bed", "bed") > 0 > bonus_of("bench", "bed")
    assert bonus_of(None, "seat") == bonus_of("Plane.002", "seat") == 0


def test_the_smallest_rectangle_is_found_at_any_angle() -> None:
    rng = np.random.default_rng(0)
    points = rng.uniform(-0.5, 0.5, size=(400, 2)) * [0.6, 2.0]
    angle = 0.4
    turned = points @ np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    yaw, middle, size = rectangle(turned)
    assert np.sort(size) == pytest.approx([0.6, 2.0], abs=0.06)
    assert min(abs(yaw - angle), abs(yaw - angle - np.pi / 2), abs(yaw - angle + np.pi / 2)) < 0.06
    assert np.linalg.norm(middle) < 0.05
