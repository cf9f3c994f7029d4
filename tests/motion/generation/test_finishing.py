"""From control points to clips: what is asked holds, keys first of all, whatever is done to the feet."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from helpers import smpl_skeleton, walking_clip
from motion.conditions import Condition, Loop, Path, Pose, Reach, Speed, Timeline
from motion.core import Motion
from motion.core.axes import from_ground, ground
from motion.generation.finishing import WORKING_FPS, finished, hard_part
from motion.metrics.contacts import foot_contacts
from motion.metrics.control import loop_seam
from motion.metrics.physical import mean_planar_speed
from motion.representation.features import features_to_motion, motion_to_features
from motion.representation.spline import evaluate, fit

SECONDS = 5.0
SKELETON = smpl_skeleton()


@cache
def walk() -> Motion:
    """A walk as a network gives it: a smooth curve, whose feet slide."""
    return features_to_motion(evaluate(controls(), np.arange(151) / WORKING_FPS), SKELETON, WORKING_FPS)


@cache
def controls() -> np.ndarray:
    clip = walking_clip(SECONDS + 0.2, WORKING_FPS)
    features = motion_to_features(clip, foot_contacts(clip))[: round(SECONDS * WORKING_FPS) + 1]
    features[:, 1] *= 1.15  # the root hurries ahead of the feet
    return fit(features, WORKING_FPS)


def made(*conditions: Condition, feet: str = "auto", fps: float = WORKING_FPS) -> Motion:
    timeline = Timeline(SECONDS, conditions)
    return finished(controls(), timeline, hard_part(timeline, SKELETON), SKELETON, fps, feet)[0]


def keys() -> list[Condition]:
    other = walking_clip(SECONDS, WORKING_FPS, seed=4)
    beside = ground(walk().root_position[90]) + [0.1, 0.05]
    placed = Pose.of(other, 40, 3.0, placed=True)
    pose = Pose(3.0, placed.joint_rotation, from_ground(beside, other.root_position[40, 1]), placed=True)
    standing = walk().joint_positions()[50, SKELETON.index("left_ankle")]
    return [pose, Reach(50 / WORKING_FPS, "left_foot", standing + [0.03, 0.02, 0.04]), Pose.of(other, 70, 4.5)]


@pytest.mark.parametrize("feet", ["auto", "always", "never"])
@pytest.mark.parametrize("speed", [None, 1.0])
def test_no_clean_up_moves_a_hard_key(feet: str, speed: float | None) -> None:
    wanted = keys()
    clip = made(*wanted, *([] if speed is None else [Speed.constant(speed)]), feet=feet)
    pose, reach, posture = wanted
    positions = clip.joint_positions()
    assert isinstance(pose, Pose) and isinstance(reach, Reach) and isinstance(posture, Pose)
    there = SKELETON.forward_kinematics(pose.root_position, pose.joint_rotation)[1]
    assert np.linalg.norm(positions[90] - there, axis=-1).max() < 0.01
    assert np.linalg.norm(positions[50, SKELETON.index("left_ankle")] - reach.position) < 0.01
    legs = [SKELETON.index(f"{side}_{name}") for side in ("left", "right") for name in ("hip", "knee", "ankle")]
    np.testing.assert_allclose(clip.joint_rotation[135, legs], posture.joint_rotation[legs], atol=1e-6)


def test_feet_that_are_never_cleaned_stay_as_they_were_made() -> None:
    raw = made(feet="never")
    np.testing.assert_allclose(raw.root_position, walk().root_position[:150], atol=1e-12)
    np.testing.assert_allclose(raw.joint_rotation, walk().joint_rotation[:150], atol=1e-12)
    at_speed = made(Speed.constant(0.9), feet="never")
    np.testing.assert_allclose(at_speed.joint_rotation[:, 1:], walk().joint_rotation[:150, 1:], atol=1e-9)
    assert np.abs(made().joint_rotation - raw.joint_rotation).max() > 0.01


@pytest.mark.parametrize("feet", ["auto", "never"])
@pytest.mark.parametrize(("speed", "seconds", "fps"), [(0.8, None, 30.0), (1.4, 5.0, 30.0), (1.2, None, 60.0)])
def test_a_loop_meets_its_speed_its_length_and_its_seam(
    speed: float, seconds: float | None, fps: float, feet: str
) -> None:
    clip = made(Loop(seconds), Speed.constant(speed), feet=feet, fps=fps)
    seam = loop_seam(clip)
    assert clip.fps == fps and mean_planar_speed(clip) == pytest.approx(speed, abs=0.08)
    assert seam.position_m < 0.005 and seam.rotation_rad < np.radians(1.0) and seam.velocity_m_s < 0.1
    if seconds is not None:
        assert (clip.num_frames - 1) / fps == pytest.approx(seconds, abs=0.6)


def test_a_loop_whose_way_is_told_goes_there_at_its_own_speed() -> None:
    clip = made(Loop(), Path(np.array([[0.0, 0.0], [3.0, 3.0]])), Speed.constant(1.0))
    way = ground(clip.root_position)
    assert np.abs(way[:, 0] - way[:, 1]).max() < 0.15
