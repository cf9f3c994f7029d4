"""What cannot be is said in one line with the nearest possible; what can be passes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from helpers import smpl_skeleton, walking_clip
from motion.conditions import Condition, Path, Pose, Prefix, Reach, Speed, Timeline, Waypoints
from motion.conditions.possible import MAX_KEYS, check, problems
from motion.conditions.reachable import chain_length
from motion.core import BadInput, Waypoint

BODY, CLIP = smpl_skeleton(), walking_clip(2.0)
HERE = Pose.of(CLIP, 10, 2.0, placed=True, moving=False)


def way(*points: tuple[float, float, float | None]) -> Waypoints:
    return Waypoints(tuple(Waypoint(np.array([x, z]), time) for x, z, time in points))


def hand(time: float, x: float, y: float, z: float, what: str = "left_hand") -> Reach:
    return Reach(time, what, np.array([x, y, z]))


def moved(pose: Pose, x: float, y: float = 0.0) -> Pose:
    return replace(pose, root_position=pose.root_position + [x, y, 0.0])


IMPOSSIBLE: dict[str, tuple[tuple[Condition, ...], str]] = {
    "waypoints 10 m apart in 1 s": ((way((0, 0, 1.0), (0, 10, 2.0)),), r"2 is 10.0 m .* 1.4 s for it, or 7.0 m"),
    "waypoint past the end": ((way((0, 0, None), (0, 1, 9.0)),), r"latest possible is 6 s"),
    "too slow for the waypoints": ((way((0, 0, None), (0, 30, None)), Speed.constant(1.0)), r"reached at 30.\d s only"),
    "speed past the end": ((Speed((1.0, 2.0), (0.0, 9.0)),), r"2 m/s is asked for at 9 s.*a clip of 9 s"),
    "speed that jumps": ((Speed((6.0, 0.0), (1.0, 1.2)),), r"6 to 0 m/s in 0.2 s \(30 m/s\^2\).*0.75 s for it"),
    "turn in no time": (
        (Waypoints((Waypoint(np.zeros(2), 1.0, 0.0), Waypoint(np.ones(2), 1.2, np.pi))),),
        r"180 degrees .*0.25 s for it",
    ),
    "speed beside other times": ((way((0, 0, 0.0), (0, 3, 5.0)), Speed.constant(2.0)), r"leave the speed or the times"),
    "path too long": ((Path([[0, 0], [0, 60]]),), r"60.0 m in 6.0 s is 10.0 m/s.*17.1 s.*21.0 m"),
    "path too long for its speed": ((Path([[0, 0], [0, 12]]), Speed.constant(1.0)), r"12.0 s, or 2.00 m/s"),
    "path past the end": ((Path([[0, 0], [0, 3]], end=8.0),), r"latest possible is 6 s"),
    "path of times too short": ((Path([[0, 0], [0, 3]], times=[0, 0.2]),), r"15.0 m/s"),
    "hand 3 m from the pelvis": ((HERE, hand(2.0, 3.0, 1.0, 0.5)), r"m from the pelvis.*nearest possible is \("),
    "hand far from the path": ((Path([[0, 0], [0, 6]]), hand(3.0, 3.0, 1.0, 3.0)), r"3.0 m from the pelvis"),
    "hand in the clouds": ((hand(3.0, 0.0, 4.0, 0.0),), r"from the pelvis"),
    "hand below the floor": ((hand(3.0, 0.0, -0.5, 0.0),), r"0.50 m below the floor.*\(0.00, 0.00, 0.00\)"),
    "pose below the floor": ((moved(HERE, 0.0, -0.5),), r"below the floor; the nearest possible has the pelvis at"),
    "two places at once": ((hand(3.0, 0.0, 1.0, 0.0), hand(3.0, 1.0, 1.0, 0.0)), r"two keys at 3 s contradict"),
    "two poses at once": ((HERE, Pose.of(CLIP, 40, 2.0)), r"two keys at 2 s contradict"),
    "pose and reach at once": ((HERE, hand(2.0, 0.0, 0.2, 0.9)), r"a pose and a reach of the left hand"),
    "pose off the path": ((Path([[1, 0], [1, 6]]), HERE), r"a p\w+ is at .* and a p\w+ at .*nearest possible"),
    "reaches too far apart": ((hand(1.0, 0, 1, 0), hand(2.0, 20, 1, 0, "right_hand")), r"nobody can be at both"),
    "nothing left to make": ((Prefix(walking_clip(8.0), 7.0),), r"more than 7 s"),
    "too many keys": (tuple(hand(0.01 * i, 0, 1, 0) for i in range(MAX_KEYS + 1)), r"at most 500"),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(IMPOSSIBLE))
def test_the_impossible_is_said_in_one_line(case: str) -> None:
    conditions, message = IMPOSSIBLE[case]
    with pytest.raises(BadInput, match=message) as raised:
        check(Timeline(6.0, conditions), BODY)
    assert "\n" not in str(raised.value)


def test_the_possible_passes() -> None:
    wrist = CLIP.joint_positions()[10, BODY.index("left_wrist")]
    conditions = (
        Path([[0, 0], [0, 6]], start=2.5), HERE, Pose.of(CLIP, 20, 4.0), Reach(2.0, "left_hand", wrist),
        hand(4.0, 0.3, 1.2, 4.5), way((0, 0, 0.0)),
    )  # fmt: skip
    near = replace(HERE, root_position=HERE.root_position * [0.0, 1.0, 0.0])
    assert problems(Timeline(6.0, (way((0, 0, 0.0), (1, 4, 3.0)), Speed.constant(1.5))), BODY) == []
    turning = Waypoints(tuple(Waypoint(np.array([0.0, t]), t, 3.1 * t) for t in (0.0, 1.0, 2.0)))
    assert problems(Timeline(6.0, (turning,)), BODY) == []
    assert problems(Timeline(6.0, (Speed((0.0, 6.0, 1.0), (0.0, 1.5, 3.0)),)), BODY) == []
    assert problems(Timeline(6.0, (way((0, 0, None), (1, 4, 3.0), (0, 8, None)), Speed.constant(1.5))), BODY) == []
    assert problems(Timeline(6.0, conditions[:4]), BODY) == []
    assert problems(Timeline(6.0, (near, conditions[2], conditions[5])), BODY) == []
    assert problems(Timeline(6.0, (Path([[0, 0], [0, 6]]), conditions[4])), BODY) == []


def test_the_nearest_possible_is_possible() -> None:
    (line,) = problems(Timeline(6.0, (Path([[0, 0], [0, 6]]), hand(3.0, 3.0, 1.0, 3.0))), BODY)
    nearest = [float(number) for number in line.rpartition("(")[2].rstrip(")").split(",")]
    assert problems(Timeline(6.0, (Path([[0, 0], [0, 6]]), hand(3.0, *nearest))), BODY) == []


def test_an_arm_is_as_long_as_its_bones() -> None:
    assert chain_length("left_ankle", BODY) == pytest.approx(
        np.linalg.norm(BODY.rest_offsets[[1, 4, 7]], axis=-1).sum()
    )


def test_waypoints_behind_the_end_are_told_of_with_any_speed() -> None:
    late = Timeline(1.0, (way((0, 0, None), (0, 0, 4.0), (0, 0, None)), Speed.constant(0.0)), 0)
    assert any("latest possible" in line for line in problems(late, BODY))
