"""Metrics of clips in scenes, on cases whose numbers are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from helpers import smpl_skeleton, walking_clip
from motion.core import BadInput, Motion
from motion.core.axes import UP, from_ground, ground
from motion.core.rotation import yaw_to_rotmat
from motion.metrics.contacts import foot_positions
from motion.metrics.scene import (
    collision_frame_ratio,
    contact_score,
    feet_walkability,
    foot_skate,
    goal_report,
    penetration,
    walkability,
    way_ratio,
)


def standing(frames: int = 10, velocity: float = 0.0, lifted: float = 0.0, fps: float = 30.0) -> Motion:
    """Somebody in the rest pose who slides along x."""
    skeleton = smpl_skeleton()
    root = np.tile(skeleton.rest_offsets[0], (frames, 1)) + lifted * UP
    root = root + from_ground(np.outer(np.arange(frames) * velocity / fps, [1.0, 0.0]))
    return Motion(skeleton, root, np.tile(np.eye(3), (frames, skeleton.num_joints, 1, 1)), fps)


def lowest(clip: Motion) -> float:
    return float(foot_positions(clip)[..., 1].min())


def test_contact_is_one_for_who_stands() -> None:
    assert contact_score(standing()) == pytest.approx(np.exp(-max(abs(lowest(standing())) - 0.05, 0.0)))


@pytest.mark.parametrize("velocity", [0.05, 0.075, 0.5])
def test_contact_falls_with_sliding(velocity: float) -> None:
    still = contact_score(standing())
    assert contact_score(standing(velocity=velocity)) == pytest.approx(still * np.exp(-max(velocity - 0.075, 0)))


def test_contact_counts_from_the_local_floor() -> None:
    clip = standing(lifted=2.4)
    off = lowest(standing())
    assert contact_score(clip, 2.4) == pytest.approx(np.exp(-max(abs(off) - 0.05, 0)))
    assert contact_score(clip, 2.4 - 0.3) == pytest.approx(np.exp(-(0.3 + off - 0.05)))
    assert contact_score(clip, 2.4 + 0.3) == pytest.approx(np.exp(-(0.3 - off - 0.05)))
    floor = np.full((clip.num_frames, 4), -9.0)
    floor[:, 1] = 2.4  # the left foot alone is on something
    assert contact_score(clip, floor) == pytest.approx(contact_score(clip, 2.4))
    assert contact_score(clip, np.full(clip.num_frames, 2.4)) == pytest.approx(contact_score(clip, 2.4))
    with pytest.raises(BadInput, match="floor"):
        contact_score(clip, np.zeros(3))


def test_a_walk_keeps_a_foot_on_the_floor_and_a_glide_does_not() -> None:
    walk = walking_clip(2.0)
    glide = replace(walk, root_position=walk.root_position + from_ground(np.outer(np.arange(60) / 30.0, [1.0, 0.0])))
    assert contact_score(walk) > 0.85 > 0.6 > contact_score(glide)


def test_skate_is_the_speed_on_the_floor_and_nothing_above() -> None:
    assert foot_skate(standing(velocity=0.6)) == pytest.approx(0.6, rel=1e-6)
    assert foot_skate(standing(velocity=0.6, lifted=1.0)) == 0.0
    assert foot_skate(standing(velocity=0.6, lifted=1.0), 1.0) == pytest.approx(0.6, rel=1e-6)
    half = foot_skate(standing(velocity=0.6, lifted=0.015))
    assert half == pytest.approx(0.6 * (2 - 2**0.5), rel=1e-6)


def test_penetration_sums_as_dimos_and_keeps_the_worst() -> None:
    distances = np.full((4, 1000), 0.1)
    distances[2, :10] = -0.02
    distances[3, 0] = -0.005
    found = penetration(distances)
    assert found.sum_max_m == pytest.approx(0.2 * 10_475 / 1000)
    assert found.sum_mean_m == pytest.approx((0.2 + 0.005) / 4 * 10_475 / 1000)
    assert (found.max_cm, found.worst_frame) == (pytest.approx(2.0), 2)
    assert found.mean_mm == pytest.approx(1000 * 0.205 / 4000)
    assert found.colliding_ratio == collision_frame_ratio(distances) == 0.25
    assert found.outside_ratio == pytest.approx(1 - 11 / 4000)
    assert collision_frame_ratio(distances, 0.04) == 0.0
    assert collision_frame_ratio(distances, 0.001) == 0.5


def test_what_is_allowed_to_touch_does_not_collide() -> None:
    distances = np.full((2, 3), 0.1)
    distances[:, 0] = -0.025
    seat = np.array([0.02, 0.0, 0.0])
    assert penetration(distances).colliding_ratio == 1.0
    assert penetration(distances, seat).colliding_ratio == 0.0
    assert penetration(distances, seat).max_cm == pytest.approx(0.5)


def test_penetration_refuses_what_is_no_clip() -> None:
    with pytest.raises(BadInput, match="distances"):
        penetration(np.zeros(5))


def test_walkability_is_the_share_of_vertices_inside() -> None:
    vertices = np.zeros((2, 4, 3))
    vertices[0, 1] = [3.0, 0.0, 0.0]
    inside = lambda points: np.abs(ground(points)).max(axis=-1) < 1.0  # noqa: E731
    assert walkability(vertices, inside) == pytest.approx(7 / 8)
    assert feet_walkability(standing(), inside) == 1.0
    assert feet_walkability(standing(frames=61, velocity=1.0), inside) == pytest.approx(0.4, abs=0.1)


def test_the_goal_is_measured_at_the_end_from_the_pelvis() -> None:
    clip = standing(frames=31, velocity=1.0)
    found = goal_report(clip, np.array([1.03, 0.04]))
    assert found.pelvis_m == pytest.approx(0.05)
    assert found.nearest_joint_m <= found.pelvis_m and found.reached and found.heading_rad is None
    passed = goal_report(clip, np.array([0.2, 0.0]))
    assert passed.pelvis_m == pytest.approx(0.8) and not passed.reached and passed.reached_dimos
    assert passed.last_joint_m > passed.nearest_joint_m


@pytest.mark.parametrize(("heading", "off"), [(0.0, 0.0), (0.3, 0.3), (-np.pi, np.pi), (2 * np.pi, 0.0)])
def test_headings_go_round(heading: float, off: float) -> None:
    assert goal_report(standing(), np.zeros(2), heading).heading_rad == pytest.approx(off, abs=1e-9)
    turned = standing()
    rotation = turned.joint_rotation.copy()
    rotation[:, 0] = yaw_to_rotmat(np.full(len(rotation), heading))
    assert goal_report(replace(turned, joint_rotation=rotation), np.zeros(2), heading).heading_rad == pytest.approx(
        0.0, abs=1e-9
    )


def test_the_ratio_of_a_straight_way_is_one() -> None:
    assert way_ratio(standing(frames=61, velocity=1.0), 2.0) == pytest.approx(1.0)
    with pytest.raises(BadInput, match="shortest"):
        way_ratio(standing(), 0.0)
