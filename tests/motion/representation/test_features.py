"""Features: nothing is lost on the way there and back, and whole-curve operations agree with those on clips."""

import numpy as np

from helpers import random_clip, smpl_skeleton, walking_clip
from motion.core.axes import ground
from motion.core.rotation import yaw_to_rotmat
from motion.representation import spline
from motion.representation.features import features_to_motion, mirror, motion_to_features, placed
from motion.representation.layout import NUM_FEATURES, PARTS, ROOT
from motion.representation.normalisation import statistics_of

BODY = 22  # hands are carried by the wrists


def _features(clip):
    return motion_to_features(clip, np.zeros((clip.num_frames, 4), dtype=bool))


def test_the_layout_covers_the_vector_once():
    covered = np.concatenate([np.arange(NUM_FEATURES)[part.features] for part in PARTS.values()])
    assert np.array_equal(covered, np.arange(NUM_FEATURES))
    assert NUM_FEATURES == 205


def test_round_trip_keeps_every_joint():
    clip = random_clip(40)
    back = features_to_motion(_features(clip), clip.skeleton, clip.fps)
    assert np.abs(back.joint_positions() - clip.joint_positions())[:, :BODY].max() < 1e-9


def test_control_points_keep_a_walk_to_a_few_millimetres():
    clip = walking_clip(3.0)
    controls = spline.fit(_features(clip), clip.fps)
    times = np.arange(clip.num_frames) / clip.fps
    back = features_to_motion(spline.evaluate(controls, times), clip.skeleton, clip.fps)
    error = np.linalg.norm(back.joint_positions() - clip.joint_positions(), axis=-1)[:, :BODY]
    assert error.mean() < 0.008  # the synthetic knees bend with a kink, real ones do not


def test_mirroring_features_is_mirroring_the_clip():
    clip = walking_clip(1.0)
    contacts = np.random.default_rng(0).random((clip.num_frames, 4)) > 0.5
    order, sign = mirror()
    mirrored = motion_to_features(clip.mirrored(), contacts[:, [2, 3, 0, 1]])
    assert np.allclose(motion_to_features(clip, contacts)[:, order] * sign, mirrored, atol=1e-12)


def test_placing_the_control_points_places_the_clip():
    clip = walking_clip(1.0)
    origin, yaw = np.array([0.5, -1.0]), 0.7
    moved = features_to_motion(placed(_features(clip), origin, yaw), clip.skeleton, clip.fps)
    expected = (clip.joint_positions() - [origin[0], 0.0, origin[1]]) @ yaw_to_rotmat(np.array(-yaw)).T
    assert np.abs(moved.joint_positions() - expected)[:, :BODY].max() < 1e-9


def test_heading_survives_a_deep_bow():
    clip = random_clip(5)
    rotation = np.tile(np.eye(3), (5, 24, 1, 1))
    tilt = np.linspace(0, np.pi * 0.9, 5)  # past the horizontal, where the facing axis points backwards
    c, s = np.cos(tilt), np.sin(tilt)
    rotation[:, 0, 1, 1], rotation[:, 0, 1, 2], rotation[:, 0, 2, 1], rotation[:, 0, 2, 2] = c, -s, s, c
    features = _features(type(clip)(smpl_skeleton(), clip.root_position, rotation, 30.0))
    assert np.allclose(features[:, ROOT["heading"]], [1.0, 0.0], atol=1e-9)


def test_statistics_scale_the_ground_alike_and_restore():
    features = _features(walking_clip(2.0))
    statistics = statistics_of(features)
    assert np.allclose(statistics.restore(statistics.normalise(features)), features)
    assert len(set(statistics.scale[ROOT["ground"]])) == 1
    assert ground(np.zeros((1, 3))).shape == (1, 2)
