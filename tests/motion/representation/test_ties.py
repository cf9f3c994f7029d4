"""Control points that known frames tell a little of: a predicted curve is bent to pass through these frames."""

from __future__ import annotations

import numpy as np

from helpers import smpl_skeleton, walking_clip
from motion.conditions import Keep, Pose
from motion.metrics import foot_contacts
from motion.representation import spline
from motion.representation.features import motion_to_features
from motion.representation.given import given
from motion.representation.layout import GROUPS, NUM_FEATURES, ROOT
from motion.representation.ties import EASING, Seen, ties

BODY, CLIP = smpl_skeleton(), walking_clip(3.0)


def _same(features):
    return features


def test_a_predicted_curve_is_bent_through_the_frames_at_the_edges_and_stays_elsewhere():
    found = given(Keep(CLIP, 1.0, 2.0).observe(2.9, 30.0, BODY), 30.0, BODY)
    [tie] = ties(found.known, found.seen, _same)  # everything is known alike
    assert len(tie.columns) == NUM_FEATURES
    fit = spline.fit(motion_to_features(CLIP, foot_contacts(CLIP)), 30.0)[: len(found.known)]
    predicted = np.where(found.known[:, :1], found.values, fit + 0.1)  # a guess of what is not known
    bent = predicted + tie.gain @ (tie.wanted - tie.basis @ predicted)
    frames = np.array([0.95, 1.0, 2.0, 2.05])
    truth = CLIP.sampled_at(frames, 30.0).root_position[:, 2]
    before, after = (spline.evaluate(one, frames)[:, ROOT["ground"]][:, 1] for one in (predicted, bent))
    assert np.abs(before - truth).max() > 0.015
    assert np.abs(after - truth).max() < 0.008
    known = found.known.all(axis=1)
    np.testing.assert_array_equal(bent[known], predicted[known])
    assert np.abs(bent[16] - predicted[16]).max() < 0.1 * np.abs(bent - predicted).max()


def test_a_prediction_that_meets_the_frames_stays_as_it_is():
    found = given(Keep(CLIP, 1.0, 2.0).observe(2.9, 30.0, BODY), 30.0, BODY)
    [tie] = ties(found.known, found.seen, _same)
    curve = np.random.default_rng(0).normal(size=(len(found.known), NUM_FEATURES))
    np.testing.assert_allclose(curve + tie.gain @ (tie.basis @ curve - tie.basis @ curve), curve)


def test_groups_that_are_known_alike_share_a_tie():
    found = given(Keep(CLIP, 1.0, 2.0, ("left_arm",)).observe(2.9, 30.0, BODY), 30.0, BODY)
    [tie] = ties(found.known, found.seen, _same)  # of the rest everything is known
    assert len(tie.columns) == 9 * 4 or len(tie.columns) == 9 * 5


def test_a_key_binds_control_points_and_needs_no_tie():
    found = given(Pose.of(CLIP, 30, 1.0).observe(2.9, 30.0, BODY), 30.0, BODY)
    assert ties(found.known, found.seen, _same) == []


def test_a_window_sees_the_frames_that_lie_in_it():
    seen = given(Keep(CLIP, 1.0, 2.0).observe(2.9, 30.0, BODY), 30.0, BODY).seen.within(10, 20)
    assert len(seen.points) == 21  # 7 intervals of 3 frames
    assert (seen.points.min(), seen.points.max()) == (0, 9)


def test_a_curve_goes_on_from_another_without_a_jerk():
    known = np.zeros((40, len(GROUPS)), bool)
    known[:12] = True
    [tie] = ties(known, Seen.nothing(), _same, begun=12)
    curve = np.zeros((40, NUM_FEATURES))
    curve[12:] = 1.0  # hands up before, down a moment later
    eased = curve + tie.gain @ (tie.wanted - tie.basis @ curve)
    before, after = (np.abs(np.diff(one[:, 0], n=3)).max() for one in (curve, eased))
    assert after < 0.15 * before
    np.testing.assert_array_equal(eased[:12], curve[:12])
    assert np.abs(eased - curve)[12 + EASING + 2 :].max() < 0.1
    assert ties(known, Seen.nothing(), _same) == []
    assert ties(np.ones_like(known), Seen.nothing(), _same, begun=12) == []
