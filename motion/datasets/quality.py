"""How faithful a retargeted clip is: pose error against its source, and how much its standing feet slide.

Two bodies of different proportions cannot have all joints in the same places, so the **pose error** compares the target
with the source *as if it had the target's bone lengths*: both are put with the middle of the hips at the origin, and
each segment of the source (half the hips, thigh, shank, hips to shoulders, half the shoulders, upper arm, forearm,
shoulders to head) is multiplied by the ratio of its mean length on the target to its mean length on the source, over
the clip. What is left is what the transfer did to directions: bends, leans and turns. The **plain error** scales the
whole source by leg length only, so it also contains that one torso is longer than the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motion.core.clip import Motion
from motion.core.skeleton import Skeleton
from motion.metrics.contacts import foot_positions, speeds
from motion.refine.retarget import SkeletonMap, leg_length

Array = NDArray[np.floating]
Flags = NDArray[np.bool_]

#: Segments given the target's lengths: joint -> where its segment starts. "hips" and "shoulders" are the middles.
SEGMENTS: dict[str, str] = {
    "left_hip": "hips", "left_knee": "left_hip", "left_ankle": "left_knee", "right_hip": "hips",
    "right_knee": "right_hip", "right_ankle": "right_knee", "shoulders": "hips", "head": "shoulders",
    "left_shoulder": "shoulders", "left_elbow": "left_shoulder", "left_wrist": "left_elbow",
    "right_shoulder": "shoulders", "right_elbow": "right_shoulder", "right_wrist": "right_elbow",
}  # fmt: skip


@dataclass(frozen=True)
class PoseError:
    """Mean distances in metres over joints and frames; ``joints`` has the pose error of each joint."""

    pose: float
    plain: float
    joints: dict[str, float]


def pose_error(source: Motion, mapping: SkeletonMap, target: Motion) -> PoseError:
    """Errors of a retargeted clip against its source, frame by frame; the clips must have the same frames."""
    names = [name for name in SEGMENTS if name in mapping.places or name == "shoulders"]
    given = dict(zip(mapping.measured, np.moveaxis(mapping.positions(source), 1, 0), strict=True))
    skeleton: Skeleton = target.skeleton
    reached = target.joint_positions()
    got = {name: reached[:, skeleton.index(name)] for name in given}
    for points in (given, got):
        points["hips"] = (points["left_hip"] + points["right_hip"]) / 2
        points["shoulders"] = (points["left_shoulder"] + points["right_shoulder"]) / 2
    built = {"hips": np.zeros_like(got["hips"])}
    scale = leg_length(skeleton) / leg_length(source.skeleton, mapping.places)
    errors, plain = {}, []
    for name in names:
        start = SEGMENTS[name]
        vector = given[name] - given[start]
        built[name] = built[start] + vector * (_mean_length(got[name] - got[start]) / _mean_length(vector))
        here = got[name] - got["hips"]
        errors[name] = float(np.linalg.norm(here - built[name], axis=-1).mean())
        plain.append(np.linalg.norm(here - (given[name] - given["hips"]) * scale, axis=-1).mean())
    return PoseError(float(np.mean(list(errors.values()))), float(np.mean(plain)), errors)


def _mean_length(vectors: Array) -> float:
    return max(float(np.linalg.norm(vectors, axis=-1).mean()), 1e-6)


def contact_speeds(source: Motion, mapping: SkeletonMap, target: Motion, contacts: Flags) -> tuple[float, float]:
    """Mean speed in m/s of the feet while they stand: on the source, scaled by leg length, and on the target.

    Both are taken over the same frames, those of ``contacts`` (T, 4) in the order of ``Motion.contacts``.
    """
    points = source.joint_positions() * (leg_length(target.skeleton) / leg_length(source.skeleton, mapping.places))
    names = [name for side in ("left", "right") for name in (str(mapping.places[f"{side}_ankle"]), mapping.toes[side])]
    before = speeds(points[:, [source.skeleton.index(name) for name in names]], source.fps)
    after = speeds(foot_positions(target), target.fps)
    if not contacts.any():
        return 0.0, 0.0
    return float(before[contacts].mean()), float(after[contacts].mean())
