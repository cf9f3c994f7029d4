"""From what is known in metres to control points: the curve passes what is known, the mask tells no more than that."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from helpers import smpl_skeleton, walking_clip
from motion.conditions import Keep, Path, Pose, Prefix, Reach, Speed, Timeline, Waypoints
from motion.core import BadInput, Observation, Waypoint
from motion.core.axes import ground
from motion.metrics import foot_contacts
from motion.representation import spline
from motion.representation.features import features_to_motion, motion_to_features
from motion.representation.given import given, start_of_given
from motion.representation.layout import GROUPS, ROOT

BODY, CLIP = smpl_skeleton(), walking_clip(3.0)
SHOWN = 22  # hands are carried by the wrists
NAMES = list(GROUPS)


def _known_of(found, name):
    return found.known[:, NAMES.index(name)]


def test_everything_known_of_a_clip_is_its_fit():
    found = given(Observation.everything(CLIP), CLIP.fps, BODY)
    assert found.known.all()
    fitted = spline.fit(motion_to_features(CLIP, foot_contacts(CLIP)), CLIP.fps)
    assert np.abs(found.values - fitted).max() < 1e-3
    back = features_to_motion(spline.evaluate(found.values, np.arange(CLIP.num_frames) / CLIP.fps), BODY, CLIP.fps)
    error = np.linalg.norm(back.joint_positions() - CLIP.joint_positions(), axis=-1)[:, :SHOWN]
    assert error.mean() < 0.008


@pytest.mark.parametrize("seconds", [6.0, 10.0])
def test_the_curve_is_within_a_centimetre_of_the_path(seconds):
    path = Path([[0, 0], [0, 3], [3, 3], [3, 0], [0, 0]])
    found = given(path.observe(seconds, 30.0, BODY), 30.0, BODY)
    assert _known_of(found, "path").all()
    assert _known_of(found, "heading").all()
    assert found.known.sum() == 2 * len(found.known)
    moments = np.arange(0.0, seconds, 0.013)
    curve = spline.evaluate(found.values, moments)
    wanted = path.route.point_at(np.interp(moments, *path.followed(seconds)))
    assert np.linalg.norm(curve[:, ROOT["ground"]] - wanted, axis=-1).max() < 0.01
    speed = path.route.length / seconds
    assert np.median(curve[:, ROOT["speed"]]) == pytest.approx(speed, rel=0.02)


def test_a_pose_alone_is_exact_and_held():
    pose = Pose.of(CLIP, 17, 2.04, placed=True, moving=False)
    found = given(pose.observe(6.0, 30.0, BODY), 30.0, BODY)
    assert np.flatnonzero(found.known.all(axis=1)).tolist() == [20, 21, 22, 23]
    assert found.known.sum() == 4 * len(GROUPS)
    back = features_to_motion(spline.evaluate(found.values, np.array([61 / 30])), BODY, 30.0)
    assert np.abs(back.joint_positions()[0] - CLIP.joint_positions()[17])[:SHOWN].max() < 1e-5
    assert np.abs(np.diff(found.values[20:24], axis=0)).max() < 1e-3


def test_a_moving_pose_is_exact_and_passed_as_in_its_clip():
    found = given(Pose.of(CLIP, 17, 2.0, placed=True).observe(6.0, 30.0, BODY), 30.0, BODY)
    assert 3 <= found.known.all(axis=1).sum() <= 6
    times = np.array([59, 60, 61]) / 30
    back = features_to_motion(spline.evaluate(found.values, times), BODY, 30.0).joint_positions()[:, :SHOWN]
    wanted = CLIP.joint_positions()[16:19, :SHOWN]
    assert np.abs(back - wanted).max() < 2e-3


def test_two_places_are_passed_at_the_speed_between_them():
    keys = [Waypoint(np.array([0.0, 0.0]), 1.0), Waypoint(np.array([0.0, 3.0]), 3.0)]
    found = given(Timeline(6.0, tuple(Waypoints((key,)) for key in keys)).observe(30.0, BODY), 30.0, BODY)
    moments = np.array([1.0, 3.0])
    velocity = spline.basis(moments, len(found.values), 1) @ found.values[:, ROOT["ground"]]
    np.testing.assert_allclose(velocity, [[0.0, 1.5]] * 2, atol=0.01)
    np.testing.assert_allclose(spline.evaluate(found.values, moments)[:, ROOT["speed"]], 1.5, atol=0.01)
    assert not found.known[15:28].any()


def test_waypoints_are_passed_exactly():
    places = Waypoints(tuple(Waypoint(np.array(p), t) for p, t in (((0, 0), None), ((1, 2), 2.03), ((0, 4), 4.11))))
    found = given(places.observe(6.0, 30.0, BODY), 30.0, BODY)
    passed = spline.evaluate(found.values, places.times(6.0))[:, ROOT["ground"]]
    np.testing.assert_allclose(passed, places.positions, atol=1e-4)


def test_a_free_pose_tells_posture_and_limbs_alone():
    found = given(Pose.of(CLIP, 17, 2.04, moving=False).observe(6.0, 30.0, BODY), 30.0, BODY)
    assert not _known_of(found, "path").any()
    assert not _known_of(found, "heading").any()
    limbs = motion_to_features(CLIP, foot_contacts(CLIP))[17, ROOT["rotation"].start :]
    mine = spline.evaluate(found.values, np.array([61 / 30]))[0, ROOT["rotation"].start :]
    rotation = slice(0, 6)
    np.testing.assert_allclose(mine[rotation], limbs[rotation], atol=1e-6)
    assert _known_of(found, "left_leg").sum() == 4


def test_a_limb_needs_all_that_carries_it():
    whole = Observation.everything(CLIP)
    rotations = whole.joint_rotation_known.copy()
    rotations[:, BODY.index("spine2")] = False
    found = given(replace(whole, joint_rotation_known=rotations), CLIP.fps, BODY)
    unknown = [name for name in GROUPS if not _known_of(found, name).any()]
    assert unknown == ["torso", "left_arm", "right_arm"]
    heights = whole.joint_position_known.copy()
    heights[:, 0] = False
    found = given(replace(whole, joint_position_known=heights), CLIP.fps, BODY)
    assert [name for name in GROUPS if _known_of(found, name).any()] == ["path", "heading"]


def test_a_hand_alone_is_nothing_a_network_is_told():
    assert not given(Reach(1.0, "left_hand", np.ones(3)).observe(2.0, 30.0, BODY), 30.0, BODY).anything


def test_an_edit_leaves_only_the_arm_open():
    found = given(Keep(CLIP, 1.0, 2.0, ("left_arm",)).observe(2.9, 30.0, BODY), 30.0, BODY)
    open_points = np.flatnonzero(~_known_of(found, "left_arm"))
    assert open_points.tolist() == list(range(12, 21))  # 13 to 19 no known frame tells of, 12 and 20 hardly any
    others = np.delete(found.known, NAMES.index("left_arm"), axis=1)
    assert others.all()


def test_a_prefix_ends_where_the_clip_does():
    found = given(Prefix(CLIP, 1.0).observe(4.0, 30.0, BODY), 30.0, BODY)
    assert np.flatnonzero(found.known.all(axis=1)).tolist() == list(range(12))
    assert not found.known[12:].any()
    before = spline.evaluate(found.values, np.array([0.9]))[0, ROOT["ground"]]
    np.testing.assert_allclose(before, ground(CLIP.root_position[-4]), atol=0.01)


def test_what_is_known_at_the_end_of_a_stretch_is_no_guess():
    seconds = np.arange(CLIP.num_frames)[:, None] / 30
    clip = replace(CLIP, root_position=np.hstack([0.1 * np.cos(6 * seconds), 0 * seconds + 0.9, np.sin(2 * seconds)]))
    whole = spline.fit(motion_to_features(clip, foot_contacts(clip)), 30.0)
    for first in (30, 31, 32):  # the stretch ends on a knot, or between two
        found = given(Keep(clip, first / 30, (first + 31) / 30).observe(89 / 30, 30.0, BODY), 30.0, BODY)
        known = _known_of(found, "path")
        away = (found.values - whole)[known][:, ROOT["ground"]]
        assert known.sum() >= 18
        assert np.linalg.norm(away, axis=-1).max() < 0.004


def test_ten_minutes_are_quick_and_need_no_dense_matrix():
    line = Timeline(600.0, (Path([[0, 0], [0, 700]]), Speed.constant(1.0)))
    found = given(line.observe(30.0, BODY), 30.0, BODY)
    assert len(found.values) == 6003
    assert spline.evaluate(found.values, np.array([300.0]))[0, ROOT["ground"]] == pytest.approx([0, 300], abs=1e-3)


def test_the_start_is_where_the_known_says():
    def start(*conditions):
        return start_of_given(Timeline(6.0, conditions).observe(30.0, BODY), 30.0)

    place, heading = start()
    assert (place.tolist(), heading) == ([0.0, 0.0], 0.0)
    place, heading = start(Path([[1, 2], [4, 2]]))
    assert (place.tolist(), heading) == ([1.0, 2.0], pytest.approx(np.pi / 2))
    place, heading = start(Path([[1, 2], [4, 2]], facing="free"))
    assert heading == pytest.approx(np.pi / 2)
    place, heading = start(Waypoints((Waypoint(np.array([0.0, -2.0]), 4.0),)))
    assert (place.tolist(), abs(heading)) == ([0.0, 0.0], pytest.approx(np.pi))
    place, _ = start(Waypoints((Waypoint(np.array([0.0, 9.0]), 2.0),)))
    np.testing.assert_allclose(place, [0.0, 9.0 - 2.4])
    place, heading = start(Prefix(CLIP, 1.0))
    np.testing.assert_allclose(place, ground(CLIP.root_position[-31]))
    assert heading == pytest.approx(0.0, abs=0.1)


def test_another_skeleton_is_refused():
    with pytest.raises(BadInput, match="24 joints"):
        given(Observation.nothing(3, 5), 30.0, BODY)
