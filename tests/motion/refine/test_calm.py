"""Arms that turn suddenly where one thing passes into the next do so more evenly; nothing else changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from helpers import walking_clip
from motion.core.rotation import rotvec_to_rotmat
from motion.metrics.physical import jerk
from motion.refine.calm import AFTER, BEFORE, calmed

WALK = walking_clip(4.0)
SHOULDER = WALK.skeleton.index("left_shoulder")


def _thrown_up(moment: float):
    """Somebody who walks and has an arm up, all at once, from a moment on: nearly half a turn."""
    rotation = WALK.joint_rotation.copy()
    up = rotation[:, SHOULDER] @ rotvec_to_rotmat(np.array([0.0, 0.3, 3.0]))
    rotation[:, SHOULDER] = np.where(
        (np.arange(WALK.num_frames) / WALK.fps >= moment)[:, None, None], up, rotation[:, SHOULDER]
    )
    return replace(WALK, joint_rotation=rotation)


def test_an_arm_thrown_up_goes_up_evenly():
    sudden = _thrown_up(2.0)
    calm = calmed(sudden, [2.0])
    assert jerk(calm).max() < 0.2 * jerk(sudden).max()
    turned = calm.joint_rotation[:, SHOULDER] @ calm.joint_rotation[:, SHOULDER].swapaxes(-1, -2)
    np.testing.assert_allclose(turned, np.tile(np.eye(3), (WALK.num_frames, 1, 1)), atol=1e-9)


def test_the_rest_of_the_clip_and_of_the_body_stays():
    sudden = _thrown_up(2.0)
    calm = calmed(sudden, [2.0])
    seconds = np.arange(WALK.num_frames) / WALK.fps
    far = (seconds <= 2.0 - BEFORE) | (seconds >= 2.0 + AFTER)
    np.testing.assert_allclose(calm.joint_rotation[far], sudden.joint_rotation[far], atol=1e-9)
    arms = [i for i, name in enumerate(WALK.skeleton.joint_names) if name.split("_")[-1] in
            ("collar", "shoulder", "elbow", "wrist", "hand")]  # fmt: skip
    np.testing.assert_array_equal(
        np.delete(calm.joint_rotation, arms, axis=1), np.delete(sudden.joint_rotation, arms, axis=1)
    )
    np.testing.assert_array_equal(calm.root_position, sudden.root_position)


def test_without_moments_nothing_is_done_and_one_at_an_end_does_no_harm():
    assert calmed(WALK, []) is WALK
    for moment in (0.0, 4.0, 9.0):
        assert np.isfinite(calmed(WALK, [moment]).joint_rotation).all()
