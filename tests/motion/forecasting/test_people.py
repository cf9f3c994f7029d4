"""From dots to people: ways stay near what was seen, people face where they go, and stand where they stay."""

from __future__ import annotations

import numpy as np
import pytest

from helpers import smpl_skeleton
from motion.conditions import Pose, Text, Waypoints
from motion.conditions.possible import problems
from motion.core import BadInput
from motion.core.axes import height
from motion.core.skeleton import Skeleton
from motion.forecasting.people import NEAR, SHORTEST, Way, standing, timeline_of

SKELETON: Skeleton = smpl_skeleton()


def stop_and_go() -> Way:
    """Two metres along x, four seconds' stay, two metres back along x."""
    times = np.arange(0, 8.01, 0.4)
    x = np.interp(times, [0, 2, 6, 8], [0, 2, 2, 0])
    noise = np.random.default_rng(0).normal(0, 0.005, (len(times), 2))
    return Way("7", times + 100, np.stack([x, 0 * x], axis=-1) + noise)


def test_the_way_is_smooth_and_near() -> None:
    way = stop_and_go()
    line = way.smooth()
    assert np.linalg.norm(line(way.times - 100) - way.places, axis=-1).max() <= NEAR
    fine = np.arange(0, 8, 1 / 30)
    rough = np.interp(fine, way.times - 100, way.places[:, 0])
    assert np.abs(np.diff(line(fine)[:, 0], 2)).max() < 0.5 * np.abs(np.diff(rough, 2)).max()


def test_people_face_where_they_go_and_stand_where_they_stay() -> None:
    timeline = timeline_of(stop_and_go(), SKELETON, 3)
    assert timeline.seed == 3 and not problems(timeline, SKELETON)
    (ways,) = [one for one in timeline.conditions if isinstance(one, Waypoints)]
    heading = {round(w.time or 0.0, 1): w.heading for w in ways.waypoints}
    assert heading[1.0] == pytest.approx(np.pi / 2, abs=0.05)
    assert abs(heading[7.0] or 0.0) == pytest.approx(np.pi / 2, abs=0.05) or heading[7.0] == pytest.approx(
        1.5 * np.pi, abs=0.05
    )
    assert np.sin(heading[7.0]) == pytest.approx(-1.0, abs=0.05)
    held = [one.time for one in timeline.conditions if isinstance(one, Pose)]
    assert len(held) >= 4 and min(held) > 2.2 and max(held) < 5.8
    assert max(np.diff(held)) <= 0.6
    assert timeline.duration == pytest.approx(8 + 1 / 30), "the last place is in the clip"


def test_who_never_moves_stands_and_looks_where_told() -> None:
    way = Way("1", np.arange(0, 3.1, 0.4), np.full((8, 2), 2.0))
    timeline = timeline_of(way, SKELETON, 0, facing=1.2)
    (ways,) = [one for one in timeline.conditions if isinstance(one, Waypoints)]
    assert {w.heading for w in ways.waypoints} == {1.2}
    held = [one.time for one in timeline.conditions if isinstance(one, Pose)]
    assert min(held) == 0 and max(held) == pytest.approx(2.8)


def test_runners_are_said_to_run() -> None:
    times = np.arange(0, 8.1, 0.4)
    x = np.interp(times, [0, 4, 8], [0, 4, 16])
    timeline = timeline_of(Way("1", times, np.stack([x, 0 * x], axis=-1)), SKELETON, 0)
    texts = [one for one in timeline.conditions if isinstance(one, Text)]
    assert [text.prompt for text in texts] == ["a person walks", "a person runs"]
    assert texts[0].end == texts[1].start and texts[1].end is None
    assert all((text.end or 8) - text.start >= SHORTEST for text in texts)


def test_a_stray_step_is_no_run() -> None:
    times = np.arange(0, 8.1, 0.4)
    x = times * 1.2 + 0.7 * (times > 4)
    timeline = timeline_of(Way("1", times, np.stack([x, 0 * x], axis=-1)), SKELETON, 0)
    assert [text.prompt for text in timeline.texts] == ["a person walks"]


def test_standing_is_upright_with_arms_down() -> None:
    rotation = standing(SKELETON)
    joints = SKELETON.forward_kinematics(SKELETON.rest_positions[:1], rotation[None])[1][0]
    for side in ("left", "right"):
        assert height(joints[SKELETON.index(f"{side}_wrist")]) < height(joints[SKELETON.index("spine1")])
    np.testing.assert_allclose(
        joints[SKELETON.index("left_wrist")] * [-1, 1, 1], joints[SKELETON.index("right_wrist")], atol=1e-9
    )


@pytest.mark.parametrize(
    ("times", "x", "why"),
    [([0, 0.4], [0, 0.4], "less than 1 s"), ([0, 0.4, 2], [0, 4, 5], "10.0 m/s"), ([0, 1000], [0, 9], "more than 600")],
)
def test_who_cannot_be_animated(times: list[float], x: list[float], why: str) -> None:
    way = Way("5", np.array(times), np.stack([np.array(x), np.zeros(len(x))], axis=-1))
    with pytest.raises(BadInput, match=f"person 5 .*{why}"):
        timeline_of(way, SKELETON, 0)


def test_two_and_three_places_are_enough() -> None:
    for count in (2, 3, 4):
        times = np.linspace(0, 2, count)
        timeline = timeline_of(Way("5", times, np.stack([times, 0 * times], axis=-1)), SKELETON, 0)
        assert not problems(timeline, SKELETON)
