"""Directions from the command line: what is read, and what is refused in one line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app import directions
from helpers import smpl_skeleton, walking_clip
from motion.conditions import Pose, Reach, Speed, Text
from motion.core import BadFile, MotionError
from motion.formats import save


def test_points_are_read() -> None:
    np.testing.assert_allclose(directions.points(" 0,0; 1.5,-2 ;3e0, 4;"), [[0, 0], [1.5, -2], [3, 4]])


def test_places_may_have_a_time_and_a_heading() -> None:
    read = directions.waypoints
    assert read("0,0; 1, 2 @ 3.5 ;-1,4@6") == [(0.0, 0.0), (1.0, 2.0, 3.5), (-1.0, 4.0, 6.0)]
    assert read("0,0^0; 1,2@3^-0.5") == [(0.0, 0.0, None, 0.0), (1.0, 2.0, 3.0, -0.5)]
    assert read("1,2 @ 3 ^ 90deg") == [(1.0, 2.0, 3.0, pytest.approx(np.pi / 2))]


def test_angles_are_radians_or_say_what_they_are() -> None:
    for text in ("-1.5", " -1.5rad", "-85.94366926962348deg", "-85.94366926962348\N{DEGREE SIGN}"):
        assert directions.angle(text) == pytest.approx(-1.5)
    with pytest.raises(MotionError, match="more than a turn; for degrees write 90deg"):
        directions.facing("90")


def test_a_speed_is_a_number_a_curve_or_one_for_each_span() -> None:
    assert directions.speed(" 1.4 ") == 1.4
    assert directions.speed("0.8@0; 2 @ 4.5;") == [(0.8, 0.0), (2.0, 4.5)]
    assert directions.speed("1.2@0-3; 2@3-6.5") == [(1.2, 0.0, 3.0), (2.0, 3.0, 6.5)]


def test_spans_facings_and_parts_are_read() -> None:
    assert directions.span(" 2-3.5 ") == (2.0, 3.5)
    assert directions.span("2-") == (2.0, None)
    assert directions.facing("free") == "free"
    assert directions.facing("-1.5") == -1.5
    assert directions.parts(["arms+left_arm", "torso"]) == ("left_arm", "right_arm", "torso")
    for text in ("", "2", "-3", "a-b"):
        with pytest.raises(MotionError):
            directions.span(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("walks", Text("walks")),
        ("walks@2-5", Text("walks", 2.0, 5.0)),
        ("walks @ 2.5 - ", Text("walks", 2.5, None)),
        ("waves @home", Text("waves @home")),
        ("mails bob@home and waves@0-.5", Text("mails bob@home and waves", 0.0, 0.5)),
    ],
)
def test_a_prompt_may_have_a_time(text: str, expected: Text) -> None:
    assert directions.timed_text(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("left_arm: waves", Text("waves", parts=("left_arm",))),
        ("left_arm: waves@2-5", Text("waves", 2.0, 5.0, ("left_arm",))),
        ("legs: walks: slowly@0-8", Text("walks: slowly", 0.0, 8.0, ("root", "left_leg", "right_leg"))),
        ("arms + torso: dances", Text("dances", parts=("torso", "left_arm", "right_arm"))),
    ],
)
def test_a_part_has_a_prompt_of_its_own(text: str, expected: Text) -> None:
    assert directions.part_text(text) == expected


def test_keyframes_are_read_with_the_clips_beside_them(tmp_path: Path) -> None:
    clip = walking_clip(1.0)
    save(clip, tmp_path / "walk.npz")
    content = [
        {"kind": "pose", "time": 2.0, "clip": "walk.npz", "frame": 12, "placed": True},
        {"kind": "pose", "time": 4.0, "clip": "walk.npz", "frame": -1, "hard": False},
        {"kind": "reach", "time": 3.0, "what": "left_hand", "position": [0.2, 1.1, 2]},
        {"kind": "speed", "value": 1},
    ]
    (tmp_path / "keys.json").write_text(json.dumps(content), encoding="utf-8")
    first, last, reach, speed = directions.keyframes(str(tmp_path / "keys.json"), smpl_skeleton())
    assert isinstance(first, Pose)
    assert isinstance(last, Pose)
    assert (first.placed, first.hard, last.placed, last.hard) == (True, True, False, False)
    np.testing.assert_allclose(first.joint_rotation, clip.joint_rotation[12], atol=1e-5)
    assert isinstance(reach, Reach)
    assert speed == Speed.constant(1.0)


CONTENTS: dict[str, str] = {
    "no JSON": "[{",
    "NaN": '[{"kind": "speed", "value": NaN}]',
    "infinite": '[{"kind": "speed", "value": 1e999}]',
    "one object": '{"kind": "loop"}',
    "too deep": "[" * 100_000,
    "clip that is not there": '[{"kind": "pose", "time": 1, "clip": "no.npz", "frame": 0}]',
    "clip of no kind": '[{"kind": "pose", "time": 1, "clip": "no.txt", "frame": 0}]',
    "clip that is a number": '[{"kind": "pose", "time": 1, "clip": 7, "frame": 0}]',
}


@pytest.mark.parametrize("case", sorted(CONTENTS))
def test_a_broken_file_is_refused_by_its_name(case: str, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_text(CONTENTS[case], encoding="utf-8")
    with pytest.raises(BadFile, match=r"keys\.json|no\.npz") as raised:
        directions.keyframes(str(file))
    assert "\n" not in str(raised.value)


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    with file.open("wb") as stream:
        stream.truncate(directions.MAX_BYTES + 1)
    with pytest.raises(BadFile, match="bytes"):
        directions.keyframes(str(file))


REFUSED: dict[str, Callable[[], object]] = {
    "one point": lambda: directions.points("0,0"),
    "three numbers": lambda: directions.points("0,0,0; 1,1,1"),
    "words": lambda: directions.points("here; there"),
    "NaN": lambda: directions.points("0,0; nan,1"),
    "too long": lambda: directions.points("0,0;" * 300_000),
    "a waypoint without a time after @": lambda: directions.waypoints("0,0@"),
    "a waypoint at no time": lambda: directions.waypoints("0,0@soon"),
    "a waypoint without a place": lambda: directions.waypoints("@3"),
    "no waypoint": lambda: directions.waypoints(""),
    "a waypoint on a line": lambda: directions.waypoints("0@1"),
    "a waypoint at two times": lambda: directions.waypoints("0,0@1@2"),
    "a waypoint turned to nowhere": lambda: directions.waypoints("0,0@1^"),
    "a waypoint turned by a word": lambda: directions.waypoints("0,0@1^left"),
    "a waypoint turned twice": lambda: directions.waypoints("0,0^1^2"),
    "a heading before its time": lambda: directions.waypoints("0,0^1@2"),
    "a waypoint turned too far": lambda: directions.waypoints("0,0@1^90"),
    "no speed": lambda: directions.speed(""),
    "a speed of a word": lambda: directions.speed("fast"),
    "two speeds at no time": lambda: directions.speed("1;2"),
    "a speed at no time": lambda: directions.speed("1@"),
    "a speed from then on": lambda: directions.speed("1@2-"),
    "a speed at a word": lambda: directions.speed("1@noon"),
    "a long speed": lambda: directions.speed("1@2;" * 300_000),
    "a facing of another unit": lambda: directions.facing("3turns"),
    "time without a prompt": lambda: directions.timed_text("@2-5"),
    "half a time": lambda: directions.timed_text("waves@2"),
    "time backwards": lambda: directions.timed_text("waves@5-2"),
    "no part": lambda: directions.part_text("waves"),
    "unknown part": lambda: directions.part_text("left_wing: flaps"),
    "part that does nothing": lambda: directions.part_text("left_arm:"),
    "no file": lambda: directions.keyframes("nowhere/keys.json"),
    "a folder": lambda: directions.keyframes("."),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_what_makes_no_sense_is_refused_in_one_line(case: str) -> None:
    with pytest.raises(MotionError) as raised:
        REFUSED[case]()
    assert "\n" not in str(raised.value)
