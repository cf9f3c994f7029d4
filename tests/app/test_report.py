"""Requested beside realised: measured on clips of which the truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.report import LARGEST, REPORT, of_conditions, of_loop, of_seam, planar_speed, report
from helpers import smpl_skeleton, walking_clip
from motion.conditions import Loop, Path, Pose, Reach, Speed, Text, Timeline, Waypoints
from motion.core import Motion, Observation, Waypoint
from motion.core.axes import from_ground, ground
from motion.generation import Generated
from motion.metrics.physical import mean_planar_speed
from motion.refine.meet import errors
from motion.understanding.verifier import verify


def sliding(speed: float, seconds: float = 4.0, fps: float = 30.0) -> Motion:
    """A body at rest that slides forward."""
    skeleton = smpl_skeleton()
    count = round(seconds * fps)
    places = np.stack([np.zeros(count), speed * np.arange(count) / fps], axis=-1)
    rotation = np.tile(np.eye(3), (count, skeleton.num_joints, 1, 1))
    return Motion(skeleton, from_ground(places, 1.0), rotation, fps)


def test_speeds_are_compared_where_they_are_asked_for() -> None:
    slow, fast = sliding(1.0, 2.0), sliding(3.0, 2.0)
    root = np.concatenate([slow.root_position, fast.root_position + slow.root_position[-1] * [1, 0, 1] + [0, 0, 0.1]])
    clip = replace(slow, root_position=root, joint_rotation=np.concatenate([slow.joint_rotation] * 2))
    numbers = of_conditions(clip, Timeline(4.0, (Speed.constant(2.5, 2.0, 4.0),)))
    assert numbers == {"requested_speed": 2.5, "realised_speed": pytest.approx(3.0)}
    curve = Timeline(4.0, (Speed((0.0, 4.0), (0.0, 4.0)),))
    assert of_conditions(clip, curve)["requested_speed"] == pytest.approx(2.0, abs=0.03)


def test_a_speed_is_that_of_the_physical_report() -> None:
    clip = walking_clip(seconds=3.3)
    everywhere = np.ones(clip.num_frames, bool)
    assert planar_speed(ground(clip.root_position), everywhere, clip.fps) == pytest.approx(mean_planar_speed(clip))
    assert planar_speed(ground(clip.root_position), ~everywhere, clip.fps) is None


def test_a_path_tells_the_speed_and_how_far_off_it_the_clip_is() -> None:
    clip = sliding(1.0)
    beside = Path(np.array([[0.1, 0.0], [0.1, 4.0]]))
    numbers = of_conditions(clip, Timeline(4.0, (beside,)))
    assert numbers["path_error_m"] == pytest.approx(0.1) and numbers["path_error_max_m"] == pytest.approx(0.1)
    assert numbers["requested_speed"] == pytest.approx(1.0)
    late = of_conditions(clip, Timeline(4.0, (Path(np.array([[0.0, 0.0], [0.0, 4.0]])), Speed.constant(2.0))))
    assert late["path_error_max_m"] == pytest.approx(2.0, abs=0.04)


def test_waypoints_are_looked_up_at_their_times() -> None:
    way = Waypoints(
        tuple(Waypoint(np.array(place), time) for *place, time in ((0, 0, 0.0), (0.3, 2, 2.0), (0, 3, 3.0)))
    )
    numbers = of_conditions(sliding(1.0), Timeline(4.0, (way,)))
    assert numbers["path_error_max_m"] == pytest.approx(0.3, abs=0.02)
    assert 0 < numbers["path_error_m"] < 0.2
    assert "requested_speed" not in numbers


def test_keys_are_compared_in_posture_and_if_placed_in_place() -> None:
    clip = sliding(1.0)
    assert of_conditions(clip, Timeline(4.0, (Pose.of(clip, 0, 2.0),)))["key_error_m"] == pytest.approx(0.0, abs=1e-9)
    placed = of_conditions(clip, Timeline(4.0, (Pose.of(clip, 0, 2.0, placed=True),)))
    assert placed["key_error_m"] == pytest.approx(2.0)
    hand = clip.joint_positions()[60, clip.skeleton.index("left_wrist")]
    reached = Reach(2.0, "left_hand", hand + [0.0, 0.04, 0.0])
    numbers = of_conditions(clip, Timeline(4.0, (Pose.of(clip, 0, 2.0), reached)))
    assert numbers == {"key_error_m": pytest.approx(0.02), "key_error_max_m": pytest.approx(0.04)}


def test_of_a_loop_only_that_is_told_which_always_holds() -> None:
    clip = sliding(1.0)
    line = Path(np.array([[0.2, -1.0], [0.2, 9.0]]))
    asked = (Loop(3.0), line, Speed.constant(1.5), Speed.constant(3.0, 2.0), Pose.of(clip, 0, 2.0, placed=True))
    numbers = of_loop(clip, Timeline(4.0, asked))
    assert numbers["requested_speed"] == 1.5 and numbers["realised_speed"] == pytest.approx(1.0)
    assert numbers["path_error_m"] == pytest.approx(0.2)
    assert numbers["requested_duration_s"] == 3.0
    assert of_seam(clip)["loop_seam_m"] == pytest.approx(0.0, abs=1e-9)
    assert "key_error_m" not in numbers


def test_the_report_names_what_the_generator_found() -> None:
    clip = sliding(1.0)
    asked = Timeline(4.0, (Text("slides"), Pose.of(clip, 0, 2.0, placed=True)))
    found = errors(clip, Observation.everything(clip))
    assert set(found) == set(LARGEST)
    (verdict,) = verify([clip], None)
    numbers = report(Generated(clip, {}, {**found, "foot_skate_ratio_before": 0.5}), verdict, clip, asked)
    assert list(numbers)[: len(REPORT)] == list(REPORT)
    assert set(LARGEST.values()) < set(numbers) and not set(LARGEST) & set(numbers)
    assert numbers["foot_skate_ratio_before"] == 0.5 and numbers["realised_duration_s"] == 4.0
    cut = report(Generated(clip, {}, found), verdict, clip, replace(asked, conditions=(Loop(),)))
    assert not set(LARGEST.values()) & set(cut)
