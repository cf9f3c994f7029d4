"""All kinds of conditions: JSON and back, what they refuse, and that a timeline knows what its conditions know."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import smpl_skeleton, walking_clip
from motion.conditions import (
    CONDITIONS,
    Act,
    Condition,
    Keep,
    Loop,
    Path,
    Pose,
    Prefix,
    Reach,
    Speed,
    Text,
    Timeline,
    Waypoints,
    conditions_from_json,
)  # fmt: skip
from motion.conditions.possible import problems
from motion.core import BadInput, MotionError, Observation, Waypoint
from motion.core.body_parts import BODY_PARTS
from motion.core.rotation import rotvec_to_rotmat
from motion.representation.given import given as as_control_points
from motion.representation.given import start_of_given
from motion.representation.layout import PARTS

BODY, CLIP = smpl_skeleton(), walking_clip(2.0)
DURATION, FPS = 4.0, 20.0


def load(name: str) -> Any:
    assert name == "walk.npz"
    return CLIP


def number(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False)


TIMES, FRAMES = number(0, 4), st.integers(-60, 59)
SPANS = st.tuples(number(0, 1.9), st.none() | number(2, 9))
PARTS_OF = st.sets(st.sampled_from(BODY_PARTS)).map(tuple)
POINT = st.tuples(number(-5, 5), number(-5, 5))
LINES = st.lists(POINT, min_size=2, max_size=6).filter(lambda line: np.ptp(np.array(line), axis=0).max() > 0.1)
TURNS = st.tuples(number(-2, 2), number(-2, 2), number(-2, 2)).map(lambda v: rotvec_to_rotmat(np.array(v)))
WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(str.strip)


def increasing(count: int) -> st.SearchStrategy[tuple[float, ...]]:
    return st.lists(st.integers(1, 20), min_size=count, max_size=count).map(lambda d: tuple(np.cumsum(d) / 10.0))


def waypoint(time: float | None) -> st.SearchStrategy[Waypoint]:
    return st.builds(
        lambda p, h: Waypoint(np.array(p), time, h), POINT, st.none() | number(-3, 3)
    )  # fmt: skip


def some_times(times: tuple[float, ...]) -> st.SearchStrategy[Waypoints]:
    given_or_not = [st.sampled_from([None, time]).flatmap(waypoint) for time in times]
    return st.tuples(*given_or_not).map(Waypoints)


#: Any value of each kind.
KINDS: dict[str, st.SearchStrategy[Condition]] = {
    "text": st.builds(lambda w, s, p: Text(w, *s, p), WORDS, SPANS, PARTS_OF),
    "speed": st.builds(lambda v, s: Speed.constant(v, *s), number(0, 6), SPANS)
    | increasing(3).flatmap(lambda t: st.builds(lambda v: Speed(v, t), st.tuples(*[number(0, 6)] * 3))),
    "path": st.builds(
        lambda line, s, f: Path(line, *s, f), LINES, SPANS, st.sampled_from(["along", "free"]) | number(-3, 3)
    )
    | LINES.flatmap(lambda line: increasing(len(line)).map(lambda t: Path(line, times=np.array(t)))),
    "waypoints": st.integers(1, 5).flatmap(increasing).flatmap(some_times),
    "pose": st.builds(lambda f, t, p, h: Pose.of(CLIP, f, t, placed=p, hard=h, moving=False), FRAMES, TIMES,
                      st.booleans(), st.booleans())
    | st.builds(lambda f, t, m: Pose.of(CLIP, f, t, moving=m, file="walk.npz"), FRAMES, TIMES, st.booleans()),
    "reach": st.builds(lambda t, w, p, h: Reach(t, w, np.array(p), hard=h), TIMES,
                       st.sampled_from(["left_hand", "right_foot", "head"]), st.tuples(*[number(-2, 2)] * 3),
                       st.booleans())
    | st.builds(lambda t, r: Reach(t, "right_hand", rotation=r), TIMES, TURNS),
    "prefix": number(0, 3).map(lambda s: Prefix(CLIP, s, "walk.npz")),
    "keep": st.builds(lambda s, p: Keep(CLIP, *s, p, "walk.npz"), SPANS.filter(lambda s: s[1] is not None), PARTS_OF),
    "act": st.builds(lambda s, f, r: Act(CLIP, s, f, r, "walk.npz"), number(0, 3.9), number(-3, 3), number(0, 2)),
    "loop": st.builds(Loop, st.none() | st.floats(0.5, 600.0)),
}  # fmt: skip


def test_every_kind_is_tried() -> None:
    assert KINDS.keys() == CONDITIONS.keys()


@pytest.mark.parametrize("kind", sorted(KINDS))
@given(data=st.data())
@settings(max_examples=25)
def test_json_and_back(kind: str, data: st.DataObject) -> None:
    condition = data.draw(KINDS[kind])
    timeline = Timeline(DURATION, (condition,), 7)
    written = json.dumps(timeline.to_json(), allow_nan=False)
    again = Timeline.from_json(json.loads(written), load)
    assert type(again.conditions[0]) is CONDITIONS[kind]
    assert json.dumps(again.to_json()) == written
    assert _same(again.observe(FPS, BODY), timeline.observe(FPS, BODY))


@given(st.lists(st.sampled_from(["keep", "prefix", "path", "waypoints", "reach"]).flatmap(KINDS.get), max_size=4))
@settings(max_examples=25)
def test_a_timeline_knows_what_its_conditions_know(conditions: list[Condition]) -> None:
    together = Observation.nothing(81, 24)
    for condition in sorted(conditions, key=lambda c: list(CONDITIONS.values()).index(type(c))):
        together = together.merged(condition.observe(DURATION, FPS, BODY))
    known = Timeline(DURATION, tuple(conditions)).observe(FPS, BODY)
    for name, value in vars(together).items():
        if name.endswith("_known"):
            np.testing.assert_array_equal(vars(known)[name], value)
    np.testing.assert_array_equal(known.root_ground, together.root_ground)
    np.testing.assert_array_equal(known.joint_position[:, 1:], together.joint_position[:, 1:])


@given(st.sampled_from(sorted(KINDS)).flatmap(KINDS.get))
@settings(max_examples=50)
def test_later_conditions_of_another_kind_leave_nothing_undefined(condition: Condition) -> None:
    pose = Pose.of(CLIP, 3, 1.0)
    known = Timeline(DURATION, (condition, pose)).observe(FPS, BODY)
    assert known.joint_rotation_known[20].all()
    assert np.allclose(known.joint_rotation[20, 1:], CLIP.joint_rotation[3, 1:])


@given(st.lists(st.sampled_from(sorted(KINDS)).flatmap(KINDS.get), max_size=4), number(1, 6), number(1, 60))
@settings(max_examples=100)
def test_any_timeline_is_judged_and_becomes_control_points(
    conditions: list[Condition], duration: float, fps: float
) -> None:
    fitting = tuple(c for c in conditions if c.span()[0] < duration)
    timeline = Timeline(duration, fitting)
    assert all("\n" not in line and len(line) < 400 for line in problems(timeline, BODY))
    known = timeline.observe(fps, BODY)
    found = as_control_points(known, fps, BODY)
    assert np.isfinite(found.values).all()
    assert np.isfinite(start_of_given(known, fps)[0]).all()


def test_body_parts_are_those_of_the_network() -> None:
    assert tuple(PARTS) == BODY_PARTS


NAN = float("nan")
REFUSED: dict[str, Callable[[], object]] = {
    "unknown part": lambda: Text("waves", parts=("left_wing",)),
    "parts in one word": lambda: Text("waves", parts="torso"),  # type: ignore[arg-type]
    "prompt that is a number": lambda: Text(3),  # type: ignore[arg-type]
    "text at NaN": lambda: Text("waves", NAN),
    "speed of NaN": lambda: Speed.constant(NAN),
    "too fast": lambda: Speed.constant(6.1),
    "backwards": lambda: Speed.constant(-0.1),
    "speeds without times": lambda: Speed((1.0, 2.0)),
    "times that go back": lambda: Speed((1.0, 2.0), (2.0, 1.0)),
    "no speed": lambda: Speed((), ()),
    "path of one point": lambda: Path([[0, 0]]),
    "path of one place": lambda: Path([[1, 1], [1, 1]]),
    "path with NaN": lambda: Path([[0, 0], [NAN, 1]]),
    "path of words": lambda: Path([["a", "b"], ["c", "d"]]),
    "path too long to read": lambda: Path(np.zeros((10_001, 2))),
    "path facing nowhere": lambda: Path([[0, 0], [0, 1]], facing="back"),
    "path ending first": lambda: Path([[0, 0], [0, 1]], 2.0, 1.0),
    "path with two kinds of times": lambda: Path([[0, 0], [0, 1]], 0.5, times=[1.0, 2.0]),
    "no waypoints": lambda: Waypoints(()),
    "waypoints out of order": lambda: Waypoints((Waypoint(np.zeros(2), 2.0), Waypoint(np.ones(2), 1.0))),
    "pose moved away from its clip": lambda: replace(Pose.of(CLIP, 3, 1.0), root_position=np.zeros(3)),
    "pose with NaN": lambda: Pose(1.0, np.full((24, 3, 3), NAN), np.zeros(3)),
    "pose that shears": lambda: Pose(1.0, np.full((24, 3, 3), 0.5), np.zeros(3)),
    "pose before the start": lambda: Pose.of(CLIP, 0, -1.0),
    "pose of no frame": lambda: Pose.of(CLIP, 60, 1.0),
    "hardly hard": lambda: Pose.of(CLIP, 0, 1.0, hard=1),  # type: ignore[arg-type]
    "reach for nothing": lambda: Reach(1.0, "left_hand"),
    "reach with the nose": lambda: Reach(1.0, "nose", np.zeros(3)),
    "reach off space": lambda: Reach(1.0, "head", np.zeros(2)),
    "prefix of NaN": lambda: Prefix(CLIP, NAN),
    "prefix of no clip": lambda: Prefix("walk.npz"),  # type: ignore[arg-type]
    "edit of everything": lambda: Keep(CLIP),
    "prefix without a file in JSON": lambda: Prefix(CLIP).to_json(),
    "key past the end": lambda: Timeline(4.0, (Pose.of(CLIP, 0, 4.1),)),
    "other joints": lambda: Pose(1.0, np.eye(3)[None], np.zeros(3)).observe(4.0, 20.0, BODY),
    "no kind": lambda: conditions_from_json([{}]),
    "unknown kind": lambda: conditions_from_json([{"kind": "dance"}]),
    "unknown entry": lambda: conditions_from_json([{"kind": "loop", "seam": 1}]),
    "missing entry": lambda: conditions_from_json([{"kind": "text"}]),
    "no list": lambda: conditions_from_json("walk"),
    "too many": lambda: conditions_from_json([{"kind": "loop"}] * 1001),
    "text for a number": lambda: conditions_from_json([{"kind": "speed", "value": "fast"}]),
    "true for a number": lambda: conditions_from_json([{"kind": "speed", "value": True}]),
    "number too large": lambda: conditions_from_json([{"kind": "speed", "value": 10**400}]),
    "both kinds of speed": lambda: conditions_from_json([{"kind": "speed", "value": 1.0, "values": [1], "times": [1]}]),
    "nothing to load with": lambda: conditions_from_json([{"kind": "prefix", "clip": "walk.npz"}]),
    "frame that is not there": lambda: conditions_from_json(
        [{"kind": "pose", "time": 1, "clip": "walk.npz", "frame": 60}], load
    ),
    "half a frame": lambda: conditions_from_json([{"kind": "pose", "time": 1, "clip": "walk.npz", "frame": 1.5}], load),
    "ragged rotations": lambda: conditions_from_json(
        [{"kind": "pose", "time": 1, "joint_rotation": [[1], [1, 2]], "root_position": [0, 1, 0]}]
    ),
    "waypoint of three numbers": lambda: conditions_from_json(
        [{"kind": "waypoints", "waypoints": [{"position": [0, 0, 0]}]}]
    ),
    "timeline of seconds in words": lambda: Timeline.from_json({"duration": "6", "conditions": []}),
    "timeline of half seeds": lambda: Timeline.from_json({"duration": 6, "conditions": [], "seed": 0.5}),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_what_cannot_be_is_refused_in_one_line(case: str) -> None:
    with pytest.raises(MotionError) as raised:
        REFUSED[case]()
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 400


def test_the_error_names_the_limits() -> None:
    with pytest.raises(BadInput, match="0 to 6 m/s, got 7"):
        Speed.constant(7)


def _same(one: Observation, other: Observation) -> bool:
    return all(np.array_equal(value, vars(other)[name]) for name, value in vars(one).items())
