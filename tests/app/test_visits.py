"""Sitting and lying in a scene: walk up, sit down, stay, stand up, walk on, as one clip's conditions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app import cli
from app.places import fit, going_of
from app.request import Request
from app.studio import make
from app.timeline import timeline_of
from app.visits import done_at, visiting
from helpers import walking_clip
from motion.body import default_body
from motion.conditions import Act, Waypoints
from motion.conditions import Path as Line
from motion.core import BadInput, UnknownName
from motion.core.axes import ground, height
from motion.core.rotation import rotmat_to_yaw
from motion.metrics.scene import contact_score, penetration
from motion.refine.act import acted
from scene_meshes import bed, box, chair, furnished, prepared, write_obj
from scenes import scene as scene_module
from scenes.heights import Agent
from scenes.mesh import mesh_of
from scenes.scene import Scene
from scenes.seat_choice import NoSeat, choose_seat

START, GOAL = np.array([-1.0, 1.6]), np.array([-2.0, 2.4])
BODY = default_body()
ASKED: dict[str, Any] = {"prompt": "a person walks", "out": ("clip.npz",), "start": (-1.0, 1.6)}


@pytest.fixture(scope="module")
def scene() -> Scene:
    return prepared(furnished(), Agent())


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(scene_module, "MAX_SAMPLES", 40_000)
    return str(write_obj(tmp_path / "room.obj", furnished()))


def wanted(file: str, **more: Any) -> Request:
    return Request(**{**ASKED, "scene": file, "scene_up": "+y", "scene_unit": "m", **more})


def test_one_walks_there_sits_and_walks_on(scene: Scene) -> None:
    seat = choose_seat(scene, "seat", "chair", START)
    visit = visiting(scene, START, seat, stay=2.0, goal=GOAL)
    there, turn, act, again, away = visit.conditions[:5]
    assert isinstance(there, Line) and isinstance(act, Act) and isinstance(away, Line)
    assert isinstance(turn, Waypoints) and isinstance(again, Waypoints)
    assert there.end is not None
    turns = np.diff([point.heading for point in turn.waypoints])
    assert np.abs(turns).max() < 0.5 and abs(turns.sum()) < np.pi
    assert there.end < act.start < act.end < away.start < visit.duration
    assert np.linalg.norm(there.points[-1] - ground(seat.approach)) < 1e-6
    goal, _ = visit.end
    np.testing.assert_allclose(goal, GOAL, atol=1e-6)
    end = visiting(scene, START, seat, stay=2.0)
    assert end.stays and len(end.conditions) == 3
    assert end.duration == pytest.approx(end.conditions[2].span()[1], abs=0.05)


def test_who_sits_meets_the_bars(scene: Scene) -> None:
    seat = choose_seat(scene, "seat", "chair", START)
    clip, rest = done_at(scene, seat, 1.0, True)
    frame = round(rest * clip.fps)
    assert np.linalg.norm(ground(clip.root_position[frame]) - ground(seat.position)) < 0.05
    assert abs(rotmat_to_yaw(clip.joint_rotation[frame, 0]) - seat.facing) < np.radians(8)
    inside = penetration(scene.distance(BODY.vertices(clip)[::3]))
    assert inside.sum_mean_m < 1.0 and inside.sum_max_m < 5.0
    assert contact_score(clip) > 0.97
    assert height(clip.root_position[0]) > 0.85 and height(clip.root_position[-1]) > 0.85
    assert height(clip.root_position[frame]) < 0.68


def test_who_lies_meets_the_bars(scene: Scene) -> None:
    found = choose_seat(scene, "bed", None, START)
    clip, rest = done_at(scene, found, 1.0, False)
    frame = round(rest * clip.fps)
    positions = clip.joint_positions()[frame]
    assert np.ptp(height(positions)) < 0.35
    assert abs(rotmat_to_yaw(clip.joint_rotation[frame, 0]) - found.facing) < np.radians(8)
    inside = penetration(scene.distance(BODY.vertices(clip)[::3]))
    assert inside.sum_mean_m < 5.0 and inside.sum_max_m < 20.0
    head, foot = (positions[BODY.joint_names.index(name)] for name in ("head", "left_foot"))
    assert ground(head)[1] < ground(foot)[1]  # the headboard is at -Z


def test_the_report_says_how_one_sits(scene: Scene) -> None:
    seat = choose_seat(scene, "seat", "chair", START)
    visit = visiting(scene, START, seat, stay=1.0)
    act = next(one for one in visit.conditions if isinstance(one, Act))
    walk = walking_clip(visit.duration, 30.0, 0, BODY.skeleton())
    clip = acted(walk, act.clip, act.start, act.floor)
    found = fit(clip, BODY, visit)
    assert found["seat"] == "chair"
    assert found["seat_pelvis_m"] < 0.05 and found["seat_heading_error_rad"] < np.radians(8)
    assert found["seat_gap_m"] < 0.03 and found["seat_penetration_sum_m"] < 1.0


def test_what_is_done_at_the_seat_is_in_the_clip_to_the_last_bit(scene: Scene) -> None:
    seat = choose_seat(scene, "seat", "chair", START)
    visit = visiting(scene, START, seat, stay=1.0, goal=GOAL)
    act = next(one for one in visit.conditions if isinstance(one, Act))
    walk = walking_clip(visit.duration, 30.0, 0, BODY.skeleton())
    clip = acted(walk, act.clip, act.start, 0.3)
    first = round(act.start * 30)
    np.testing.assert_array_equal(clip.joint_rotation[first : first + act.clip.num_frames], act.clip.joint_rotation)
    lifted = height(clip.root_position[first]) - height(act.clip.root_position[0])
    assert lifted == pytest.approx(0.3)
    step = np.linalg.norm(np.diff(clip.root_position, axis=0), axis=-1)
    apart = np.linalg.norm(walk.root_position[first] - clip.root_position[first])
    assert step[first - 12 : first + 1].max() < max(0.35 * apart, 0.1)  # led to it, no jump
    np.testing.assert_array_equal(clip.root_position[: first - 12], walk.root_position[: first - 12])


def test_a_duration_is_filled_by_staying_and_refused_when_too_short(file: str) -> None:
    short = going_of(wanted(file, sit="chair", stay=0.5))
    assert short is not None
    longer = going_of(wanted(file, sit="chair", duration=short.duration + 3.0))
    assert longer is not None
    assert longer.duration == pytest.approx(short.duration + 3.0, abs=0.1)
    timeline = timeline_of(wanted(file, sit="chair", stay=0.5), BODY.skeleton(), going=short)
    assert timeline.duration == pytest.approx(short.duration, abs=0.05)
    with pytest.raises(BadInput, match=r"takes .* s and the clip lasts 2 s; ask for .* s or more"):
        going_of(wanted(file, sit="chair", duration=2.0))


def test_what_cannot_be_is_said_in_one_line(file: str, scene: Scene) -> None:
    with pytest.raises(UnknownName, match="did you mean 'chair'"):
        going_of(wanted(file, sit="chiar"))
    with pytest.raises(NoSeat, match=r"nothing to sit on at .*nearest: "):
        going_of(wanted(file, sit=(-2.5, 2.5)))
    walled = mesh_of([box("floor", (-3, -0.1, -3), (3, 0, 3)), *chair(at=(2.0, 0.0)), *bed(at=(-2, 0)),
                      box("wall", (-0.1, 0, -3), (0.1, 2.4, 3))])  # fmt: skip
    apart = prepared(walled, Agent())
    with pytest.raises(NoSeat, match=r"chair at .* cannot be reached: no route: no connection"):
        visiting(apart, np.array([-0.8, 2.0]), choose_seat(apart, "seat", "chair", START))
    with pytest.raises(BadInput, match="stay"):
        visiting(scene, START, scene.seats[0], stay=-1.0)
    for more, why in (
        ({"sit": "", "lie": ""}, "one sits or lies"), ({"stay": 3.0, "goal": (0, 1)}, "stay says how long"),
        ({"sit": (1, 2, 3)}, "sit must be"), ({"sit": "", "stay": float("nan")}, "stay must be"),
        ({"sit": "", "stay": 1e6}, "stay must be 0 to"),
    ):  # fmt: skip
        with pytest.raises(BadInput, match=why):
            wanted(file, **more)
    with pytest.raises(BadInput, match="scene must name its mesh"):
        Request("a person walks", ("clip.npz",), sit="chair")


def test_requests_survive_json(file: str) -> None:
    for asked in ({"sit": "chair", "stay": 2.0}, {"lie": (2.0, 1.6)}, {"sit": ""}):
        request = wanted(file, **asked)
        assert Request.from_json(request.to_json()) == request


def test_the_command_line_takes_names_places_and_nothing(
    file: str, walker: list[dict[str, Any]], tmp_path: Path
) -> None:
    out = str(tmp_path / "clip.npz")
    base = ["generate", "a person walks", "--scene", file, "--up", "+y", "--unit", "m", "--from=-1,1.6", "--out", out]
    for words in (["--sit", "bench"], ["--sit=0.1,0.1", "--stay", "1"], ["--lie", "--to=-2,2.4"]):
        assert cli.main([*base, *words]) == 0
    kinds = [[type(one).__name__ for one in call["timeline"].conditions] for call in walker]
    assert [kind.count("Act") for kind in kinds] == [1, 1, 1]
    assert kinds[2].count("Path") == 2
    assert cli.main([*base, "--sit", "nothing like it"]) == 2


def test_a_result_tells_of_the_seat(file: str, walker: list[dict[str, Any]], tmp_path: Path) -> None:
    request = replace(wanted(file, sit="chair", stay=1.0), out=(str(tmp_path / "clip.npz"),))
    result = make(request)
    assert result.report["seat"] == "chair"
    assert result.report["seat_height_m"] == pytest.approx(0.45, abs=1e-3)
