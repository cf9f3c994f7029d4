"""Joint limits: recorded-like motion keeps them, impossible bends are counted."""

from dataclasses import replace

import numpy as np
import pytest

from helpers import walking_clip
from motion.core.rotation import rotvec_to_rotmat
from motion.metrics.joint_limits import LIMITS, joint_limit_ratio


def _bent(clip, joint, rotvec_deg):
    rotation = clip.joint_rotation.copy()
    rotation[:, clip.skeleton.index(joint)] = rotvec_to_rotmat(np.radians(np.array(rotvec_deg, dtype=float)))
    return replace(clip, joint_rotation=rotation)


def test_a_walk_keeps_its_limits():
    assert joint_limit_ratio(walking_clip(2.0)) == 0.0


@pytest.mark.parametrize(
    ("joint", "rotvec"), [("left_knee", (-40, 0, 0)), ("right_ankle", (0, 90, 0)), ("head", (0, 120, 0))]
)
def test_an_impossible_bend_is_counted_for_its_joint_alone(joint, rotvec):
    assert joint_limit_ratio(_bent(walking_clip(2.0), joint, rotvec)) == pytest.approx(1 / len(LIMITS))


def test_a_deep_knee_bend_is_possible():
    assert joint_limit_ratio(_bent(walking_clip(2.0), "left_knee", (130, 0, 0))) == 0.0
