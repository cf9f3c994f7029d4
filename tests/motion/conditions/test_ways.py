"""What conditions make known: where the person is on a path and at waypoints, how fast, and what of a clip is kept."""

from __future__ import annotations

import numpy as np
import pytest

from helpers import smpl_skeleton, walking_clip
from motion.conditions import Keep, Path, Pose, Prefix, Reach, Speed, Timeline, Waypoints
from motion.conditions.speed import distances_at, speeds_at
from motion.core import Waypoint
from motion.core.axes import ground, height

BODY, CLIP = smpl_skeleton(), walking_clip(2.0)
CORNER = [[0.0, 0.0], [0.0, 3.0], [3.0, 3.0]]


def test_a_curve_of_speed_is_straight_between_its_points() -> None:
    curve = Speed((1.0, 3.0), (1.0, 2.0))
    np.testing.assert_allclose(curve.at(np.array([0.0, 1.5, 9.0])), [1.0, 2.0, 3.0])
    parts = (Speed.constant(1.0, 0, 2), Speed.constant(2.0, 1, 3))
    np.testing.assert_allclose(speeds_at(parts, np.array([0.5, 1.5, 2.5, 3.5])), [1, 2, 2, np.nan])
    assert distances_at(parts, 0.0, np.array([4.0]))[0] == pytest.approx(1 + 2 * 3, abs=0.01)


def test_a_path_is_followed_evenly_and_its_corner_is_round() -> None:
    path = Path(CORNER)
    seen = path.observe(6.0, 30.0, BODY)
    assert seen.root_ground_known.all()
    assert seen.heading_known.all()
    np.testing.assert_allclose(seen.root_ground[[0, -1]], [CORNER[0], CORNER[-1]], atol=1e-9)
    steps = np.linalg.norm(np.diff(seen.root_ground, axis=0), axis=-1) * 30
    assert np.ptp(steps) < 0.01 * steps.mean()
    gap = np.linalg.norm(seen.root_ground - CORNER[1], axis=-1).min()
    assert gap == pytest.approx(0.3 * (np.sqrt(2) - 1), abs=0.005)
    np.testing.assert_allclose(seen.heading[[0, 90, -1]], [0.0, np.pi / 4, np.pi / 2], atol=0.05)
    assert np.abs(np.diff(seen.heading)).max() * 30 < 5.0  # rad/s


def test_a_drawn_circle_stays_the_circle() -> None:
    angle = np.linspace(0, 2 * np.pi, 60)
    drawn = 1.5 * np.stack([np.sin(angle), np.cos(angle)], axis=-1)
    seen = Path(drawn).observe(8.0, 30.0, BODY)
    assert np.abs(np.linalg.norm(seen.root_ground, axis=-1) - 1.5).max() < 0.005
    assert np.ptp(np.unwrap(seen.heading)) == pytest.approx(2 * np.pi, abs=0.2)


def test_the_speed_of_the_timeline_times_the_path() -> None:
    seen = Timeline(6.0, (Path([[0, 0], [0, 6]]), Speed((1.0, 2.0), (0.0, 4.0)))).observe(30.0, BODY)
    assert seen.root_ground[60] == pytest.approx([0.0, 2.5], abs=0.01)  # integral of 1 + t / 4
    assert np.flatnonzero(seen.root_ground_known)[-1] / 30 == pytest.approx(4.0, abs=0.05)


def test_times_of_the_points_and_a_fixed_facing() -> None:
    seen = Path(CORNER, times=[1.0, 2.0, 5.0], facing=0.5).observe(6.0, 30.0, BODY)
    assert np.flatnonzero(seen.root_ground_known)[[0, -1]].tolist() == [30, 150]
    assert np.linalg.norm(seen.root_ground[60] - CORNER[1]) < 0.13  # the middle of the round corner
    assert set(seen.heading[seen.heading_known]) == {0.5}
    assert not Path(CORNER, facing="free").observe(6.0, 30.0, BODY).heading_known.any()


def test_a_way_back_is_a_path_too() -> None:
    seen = Path([[0, 0], [0, 2], [0, 0]]).observe(4.0, 30.0, BODY)
    assert seen.root_ground[60] == pytest.approx([0, 2], abs=0.05)
    assert abs(seen.heading[-1] - seen.heading[0]) == pytest.approx(np.pi)


def waypoints() -> Waypoints:
    return Waypoints((
        Waypoint(np.zeros(2)), Waypoint(np.array([0.0, 1.0])), Waypoint(np.array([1.0, 3.0]), 2.03, 1.0),
        Waypoint(np.array([2.0, 4.0])),
    ))  # fmt: skip


def test_untimed_waypoints_are_timed_by_their_distance() -> None:
    times = waypoints().times(6.0)
    np.testing.assert_allclose(times, [0.0, 2.03 / (1 + np.sqrt(5)), 2.03, 6.0])
    by_speed = waypoints().times(6.0, (Speed.constant(1.0),))
    assert by_speed[-1] == pytest.approx(2.03 + np.sqrt(2), abs=0.02)


def test_the_way_passes_the_waypoints_smoothly_and_is_known_only_there() -> None:
    way = waypoints().way(6.0)
    np.testing.assert_allclose(way(waypoints().times(6.0)), waypoints().positions, atol=1e-12)
    before, after = way(2.03 - 1e-7, 2), way(2.03 + 1e-7, 2)
    np.testing.assert_allclose(before, after, atol=1e-4)
    seen = waypoints().observe(6.0, 30.0, BODY)
    assert seen.root_ground_known[58:64].all()
    assert not seen.root_ground_known[70:170].any()
    np.testing.assert_allclose(seen.root_ground[61], way(61 / 30))
    assert np.flatnonzero(seen.heading_known).tolist() == [61]


def test_a_waypoint_alone_is_known_at_its_time() -> None:
    seen = Waypoints((Waypoint(np.array([1.0, 2.0]), 3.0),)).observe(6.0, 30.0, BODY)
    assert np.flatnonzero(seen.root_ground_known).tolist() == [90]
    assert seen.root_ground[90].tolist() == [1.0, 2.0]


def test_a_pose_tells_its_place_only_if_placed() -> None:
    free, placed = (Pose.of(CLIP, 10, 1.0, placed=p, moving=False).observe(4.0, 30.0, BODY) for p in (False, True))
    for seen in (free, placed):
        assert np.flatnonzero(seen.joint_rotation_known.all(axis=1)).tolist() == [30]
        assert height(seen.joint_position[30, 0]) == height(CLIP.root_position[10])
    assert not free.root_ground_known.any()
    assert not free.heading_known.any()
    assert free.joint_position_known.sum() == 1
    np.testing.assert_allclose(placed.joint_position[30], CLIP.joint_positions()[10])


def test_a_pose_of_a_clip_comes_with_its_movement() -> None:
    seen = Pose.of(CLIP, 10, 1.0, placed=True).observe(4.0, 30.0, BODY)
    np.testing.assert_array_equal(seen.joint_rotation[29:32], CLIP.joint_rotation[9:12])
    np.testing.assert_array_equal(seen.root_ground[29:32], ground(CLIP.root_position[9:12]))
    assert seen.joint_rotation_known.sum() == 3 * 24
    late = Pose.of(CLIP, -1, 4.0).observe(4.0, 30.0, BODY)
    assert np.flatnonzero(late.joint_rotation_known[:, 0]).tolist() == [119, 120]


def test_a_free_pose_stands_and_faces_as_the_path_says() -> None:
    seen = Timeline(4.0, (Path([[0, 1], [4, 1]]), Pose.of(CLIP, 10, 1.0))).observe(30.0, BODY)
    assert ground(seen.joint_position[30, 0]) == pytest.approx([1.0, 1.0])
    lateral = seen.joint_rotation[30, 0, :, 0]
    assert np.arctan2(-ground(lateral)[1], ground(lateral)[0]) == pytest.approx(np.pi / 2)


def test_a_reach_is_of_the_wrist() -> None:
    seen = Reach(1.0, "left_hand", np.array([0.2, 1.0, 0.3])).observe(4.0, 30.0, BODY)
    assert np.argwhere(seen.joint_position_known).tolist() == [[30, BODY.index("left_wrist")]]


def test_a_prefix_is_the_end_of_the_clip() -> None:
    seen = Prefix(CLIP, 0.5).observe(4.0, 30.0, BODY)
    np.testing.assert_array_equal(seen.joint_rotation[:16], CLIP.joint_rotation[-16:])
    np.testing.assert_array_equal(seen.root_ground[:16], ground(CLIP.root_position[-16:]))
    assert seen.joint_rotation_known.sum() == 16 * 24


def test_an_edit_keeps_all_but_the_part_in_its_time() -> None:
    arm = [BODY.index(f"left_{name}") for name in ("collar", "shoulder", "elbow", "wrist", "hand")]
    seen = Keep(CLIP, 0.5, 1.0, ("left_arm",)).observe(1.9, 30.0, BODY)
    expected = np.ones((58, 24), bool)
    expected[np.ix_(np.arange(16, 30), arm)] = False
    np.testing.assert_array_equal(seen.joint_rotation_known, expected)
    np.testing.assert_array_equal(seen.joint_rotation[expected], CLIP.joint_rotation[:58][expected])
    assert seen.root_ground_known.all()


def test_what_hangs_on_a_part_made_anew_has_no_known_place() -> None:
    seen = Keep(CLIP, parts=("torso",)).observe(1.0, 30.0, BODY)
    wrist, ankle = BODY.index("left_wrist"), BODY.index("left_ankle")
    assert seen.joint_rotation_known[:, [wrist, ankle]].all()
    assert seen.joint_position_known[:, ankle].all()
    assert not seen.joint_position_known[:, wrist].any()


def test_a_path_may_name_a_place_twice_and_have_times() -> None:
    times, gone = Path([[0, 0], [0, 0], [0, 3]], times=[1.0, 2.0, 4.0]).followed(6.0)
    assert np.interp([1.0, 2.0, 4.0], times, gone) == pytest.approx([0.0, 0.0, 3.0])
