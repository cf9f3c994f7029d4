"""Clips in scenes: routes become conditions, places are told to the generator, and the report says how it fits."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app import cli
from app.places import fit, going, going_of
from app.request import Request
from app.studio import make
from app.timeline import timeline_of
from helpers import walking_clip
from motion.body import default_body
from motion.conditions import Path as Line
from motion.conditions import Timeline, Waypoints
from motion.core import BadInput, Motion, MotionError
from motion.core.axes import from_ground, ground
from scene_meshes import OURS, prepared, room, two_floors, write_obj
from scenes import scene as scene_module
from scenes.heights import Agent
from scenes.pacing import WALK
from scenes.scene import Scene, prepare

FROM, TO = np.array([-1.0, -1.5]), np.array([-0.6, 1.5])
ASKED: dict[str, Any] = {"prompt": "a person walks", "start": (-1.0, -1.5), "goal": (1.5, -1.5)}


@pytest.fixture(scope="module")
def flat() -> Scene:
    return prepare(room(), OURS, Agent(), max_samples=300_000)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(scene_module, "MAX_SAMPLES", 40_000)
    return str(write_obj(tmp_path / "room.obj", room()))


def root_asked(conditions: tuple[Any, ...], duration: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    seen = Timeline(duration, conditions).observe(30.0, default_body().skeleton())
    return seen.root_ground, seen.root_ground_known, seen.heading, seen.heading_known


def test_a_route_is_followed_at_its_speed_and_ends_standing_on_the_goal(flat: Scene) -> None:
    way = going(flat, FROM, TO, speed=1.0)
    assert [type(one) for one in way.conditions] == [Line, Waypoints]
    places, known, headings, faced = root_asked(way.conditions, way.duration)
    arrives = round(way.route.duration * 30)
    assert known[: arrives + 1].all() and faced[:arrives].all()
    assert np.allclose(places[0], FROM) and np.allclose(places[-1], TO, atol=1e-6) and known[-1]
    speed = np.linalg.norm(np.diff(places[: arrives + 1], axis=0), axis=-1) * 30
    assert 0.9 < speed.max() < 1.05 and way.duration - way.route.duration == pytest.approx(0.8)
    assert headings[arrives // 2] == pytest.approx(np.arctan2(*(TO - FROM)), abs=0.4)


def test_a_heading_is_asked_for_at_the_end_with_time_to_turn(flat: Scene) -> None:
    straight, turned = going(flat, FROM, TO), going(flat, FROM, TO, heading=np.pi)
    assert turned.duration > straight.duration + 1.0
    _, _, headings, known = root_asked(turned.conditions, turned.duration)
    assert known[-1] and headings[-1] == pytest.approx(np.pi)


def test_a_duration_makes_who_names_no_speed_go_faster(flat: Scene) -> None:
    usual = going(flat, FROM, TO)
    hurried = going(flat, FROM, TO, duration=usual.duration - 0.05)
    assert hurried.duration <= usual.duration - 0.05
    assert hurried.route.duration < usual.route.duration
    assert going(flat, FROM, TO, duration=20.0).route.duration == usual.route.duration
    with pytest.raises(BadInput, match=r"takes .* s and the clip lasts 1 s; ask for"):
        going(flat, FROM, TO, duration=1.0)
    with pytest.raises(BadInput, match="takes"):
        going(flat, FROM, TO, speed=WALK, duration=usual.duration - 0.05)


def test_the_place_knows_the_floor_of_the_way_and_its_room(flat: Scene) -> None:
    place = going(flat, FROM, TO).place
    assert place.level == 0.0 and place.room is not None
    assert place.room.distance(from_ground(np.array([[-1.0, -1.5], [0.0, -1.0]]))) == pytest.approx(
        [0.5, -0.05], abs=0.1
    )
    house = prepared(two_floors(), Agent())
    up = going(house, np.array([-5.0, -0.5]), np.array([3.0, 2.4, 2.0]))
    way = ground(up.route.points)
    assert up.place.along(way)[-1] == pytest.approx(2.4, abs=1e-6)
    assert np.abs(up.place.along(way) - up.route.heights).max() < 0.3


def test_a_request_comes_to_the_timeline_of_its_way(file: str) -> None:
    request = Request(out=("a.glb",), scene=file, **ASKED)
    way = going_of(request)
    assert way is not None
    timeline = timeline_of(request, default_body().skeleton(), going=way)
    assert timeline.duration == pytest.approx(way.duration)
    assert [text.prompt for text in timeline.texts] == ["a person walks"]
    assert going_of(Request("walks", ("a.glb",))) is None


def test_the_studio_makes_it_and_reports_how_it_fits(file: str, tmp_path: Path, walker: list[dict[str, Any]]) -> None:
    out = tmp_path / "a.npz"
    result = make(Request(out=(str(out),), scene=file, samples=2, **ASKED))
    assert walker[0]["place"] is not None and walker[0]["samples"] == 2
    assert {"scene_penetration", "goal_distance_m", "scene_contact", "scene_clearance_m"} <= result.report.keys()
    assert result.report["goal_distance_m"] > 1.0  # the fake walker goes somewhere else
    assert result.report["scene_penetration"] >= 0.0
    assert result.report["heading_error_rad"] is None
    assert len(result.files) == 2
    plain = make(Request("walks", (str(tmp_path / "b.npz"),)))
    assert plain.report["scene_penetration"] is None and walker[1]["place"] is None


def standing_at(place: np.ndarray, lift: float = 0.0) -> Motion:
    clip = walking_clip(1.0, skeleton=default_body().skeleton())
    still = np.tile(clip.skeleton.rest_offsets[0] + from_ground(place, lift), (clip.num_frames, 1))
    rotation = np.tile(np.eye(3), (*clip.joint_rotation.shape[:2], 1, 1))
    return replace(clip, root_position=still, joint_rotation=rotation)


def test_the_report_counts_what_is_in_things_and_names_it(flat: Scene) -> None:
    way = going(flat, FROM, TO, heading=0.5)
    free = fit(standing_at(TO), default_body(), way)
    assert free["goal_distance_m"] == pytest.approx(0.0, abs=1e-6)
    assert free["heading_error_rad"] == pytest.approx(0.5)
    assert free["scene_contact"] == pytest.approx(1.0)
    inside = fit(standing_at(np.array([-2.45, 0.0])), default_body(), way)  # in the sofa
    sunk = fit(standing_at(FROM, -0.05), default_body(), way)
    for numbers in (inside, sunk):
        assert numbers["scene_colliding_ratio"] == 1.0 and numbers["scene_penetration"] > 0.03
    assert sunk["scene_worst_part"] in ("left_ankle", "left_foot", "right_ankle", "right_foot")


def test_numbers_of_a_flat_floor_are_left_out_where_one_climbs() -> None:
    house = prepared(two_floors(), Agent())
    up = going(house, np.array([-5.0, -0.5]), np.array([3.0, 2.4, 2.0]))
    numbers = fit(standing_at(np.array([-5.0, -0.5])), default_body(), up)
    assert numbers["foot_skate_ratio"] is None and numbers["scene_foot_skate_m_s"] == pytest.approx(0.0)


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no goal": ({"goal": None}, "goal is missing"),
    "a path beside": ({"path": ((0.0, 0.0), (1.0, 1.0))}, "path cannot be asked for as well"),
    "mirrored": ({"mirror": True}, "mirror cannot"),
    "speeds": ({"speed": ((1.0, 0.0), (2.0, 1.0))}, "one speed"),
    "in the sofa": ({"goal": (-2.4, 0.0)}, "inside 'sofa'"),
    "too short": ({"duration": 1.0}, "ask for"),
    "no file": ({"scene": "none.obj"}, "no such file"),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_what_cannot_be_is_refused_in_one_line(file: str, case: str) -> None:
    changed, why = REFUSED[case]
    with pytest.raises(MotionError, match=why):
        going_of(Request(**{"out": ("a.glb",), "scene": file, **ASKED, **changed}))


def test_places_without_a_scene_are_refused() -> None:
    with pytest.raises(BadInput, match="scene must name its mesh"):
        Request("walks", ("a.glb",), goal=(1.0, 2.0))


def test_the_command_line_goes_there(
    file: str, tmp_path: Path, walker: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["generate", "walks sadly", "--scene", file, "--from=-1,-1.5", "--to", "1.5,-1.5", "--heading", "90"]
    assert cli.main([*words, "--out", str(tmp_path / "a.npz"), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["report"]["requested_heading_rad"] == pytest.approx(np.pi / 2)
    assert answer["report"]["goal_distance_m"] is not None
    assert walker[0]["timeline"].texts[0].prompt == "walks sadly"
    assert cli.main([*words, "--out", str(tmp_path / "b.npz")]) == 0
    said = capsys.readouterr().out
    assert "goal: " in said and "degrees off the heading" in said and "scene: " in said
    assert cli.main(["generate", "walks", "--scene", file, "--from=0", "--to=1,1", "--out", "c.npz"]) == 2
    assert "--from takes x,z" in capsys.readouterr().err
