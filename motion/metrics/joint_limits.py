"""Joints bent further than a body can."""

from __future__ import annotations

import numpy as np

from motion.core import Motion
from motion.core.rotation import rotmat_to_rotvec

#: The furthest a joint turns from the T-pose, in degrees: ranges of the sports-medicine literature (AAOS 1965; Boone,
#: Azen 1979), plus what a skeleton of single joints must take over from the many of a spine or a shoulder girdle.
LIMITS: dict[str, float] = {
    "left_hip": 135.0, "right_hip": 135.0, "left_knee": 160.0, "right_knee": 160.0, "left_ankle": 75.0,
    "right_ankle": 75.0, "spine1": 60.0, "spine2": 50.0, "spine3": 50.0, "neck": 65.0, "head": 65.0,
    "left_collar": 60.0, "right_collar": 60.0, "left_shoulder": 165.0, "right_shoulder": 165.0, "left_elbow": 160.0,
    "right_elbow": 160.0, "left_wrist": 95.0, "right_wrist": 95.0,
}  # fmt: skip

#: How far a knee may bend forward, in degrees; bending back is a positive turn about the body's left-right axis.
KNEE_FORWARD = 20.0


def joint_limit_ratio(clip: Motion) -> float:
    """Share (0 to 1) of frames and joints beyond ``LIMITS``, or with a knee bent forward; of the joints it knows."""
    skeleton = clip.skeleton
    joints = [name for name in LIMITS if name in skeleton.joint_names]
    if not joints:
        return 0.0
    rotvec = np.degrees(rotmat_to_rotvec(clip.joint_rotation[:, [skeleton.index(name) for name in joints]]))
    beyond = np.linalg.norm(rotvec, axis=-1) > np.array([LIMITS[name] for name in joints])
    for column, name in enumerate(joints):
        if name.endswith("knee"):
            beyond[:, column] |= rotvec[:, column, 0] < -KNEE_FORWARD
    return float(beyond.mean())
