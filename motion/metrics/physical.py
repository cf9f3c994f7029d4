"""Is it physically plausible: feet that slide, shake, a floor walked through; and how much clips differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from motion.core import BadInput, Motion
from motion.core.axes import ground
from motion.core.rotation import rotmat_to_yaw, yaw_to_rotmat
from motion.metrics.contacts import FOOT_JOINTS, foot_clearances, foot_contacts, foot_positions

Array = NDArray[np.floating]

#: Columns of the toes (SMPL's foot joints) among ``FOOT_JOINTS``.
TOES = [FOOT_JOINTS.index("left_foot"), FOOT_JOINTS.index("right_foot")]

#: A toe lower than this above its standing height counts as on the floor, and faster than this as sliding (Kimodo).
SKATE_HEIGHT = 0.05
SKATE_SPEED = 0.2


@dataclass(frozen=True)
class PhysicalReport:
    """Physical numbers of one clip; each is explained at the function of the same name."""

    foot_skate_ratio: float
    mean_jerk_m_s3: float
    median_jerk_m_s3: float
    floor_penetration_mm: float
    floor_float_mm: float
    mean_planar_speed_m_s: float

    def to_json(self) -> dict[str, float]:
        return asdict(self)


def physical_report(clip: Motion) -> PhysicalReport:
    """All physical numbers of one clip."""
    size = jerk(clip)
    penetration, floating = floor_error_mm(clip)
    return PhysicalReport(
        foot_skate_ratio=foot_skate_ratio(clip),
        mean_jerk_m_s3=float(size.mean()),
        median_jerk_m_s3=float(np.median(size)),
        floor_penetration_mm=penetration,
        floor_float_mm=floating,
        mean_planar_speed_m_s=mean_planar_speed(clip),
    )


def foot_skate_ratio(clip: Motion) -> float:
    """Share (0 to 1) of the toes' floor frames in which the toe slides; 0 when no toe comes to the floor.

    Kimodo's definition: a toe is on the floor between frames t and t + 1 when it is below 5 cm in both, and slides
    when its planar speed is above 0.2 m/s. Heights count from where the toe is in standing. Of higher frame rates
    every n-th frame is taken, near 30 fps, so that the same movement gives the same number.
    """
    clip = _near_30_fps(clip)
    low = foot_clearances(clip)[:, TOES] < SKATE_HEIGHT
    planar = ground(foot_positions(clip)[:, TOES])
    speed = np.linalg.norm(np.diff(planar, axis=0), axis=-1) * clip.fps
    on_floor = low[:-1] & low[1:]
    return float(np.sum(on_floor & (speed > SKATE_SPEED)) / max(1, on_floor.sum()))


def jerk(clip: Motion) -> Array:
    """(T - 3, J) m/s^3, |p[t+3] - 3 p[t+2] + 3 p[t+1] - p[t]| * fps^3 of every joint, near 30 fps.

    Fewer than four frames have no jerk: one row of zeros is returned.
    """
    clip = _near_30_fps(clip)
    if clip.num_frames < 4:
        return np.zeros((1, clip.skeleton.num_joints))
    return np.linalg.norm(np.diff(clip.joint_positions(), n=3, axis=0), axis=-1) * clip.fps**3


def mean_jerk(clip: Motion) -> float:
    """m/s^3, mean of ``jerk`` over joints and frames."""
    return float(jerk(clip).mean())


def floor_error_mm(clip: Motion) -> tuple[float, float]:
    """Mean penetration and mean float of the lowest toe in contact, in millimetres, both at least 0.

    Frames with a toe in contact count; contact is found relative to the clip's own lowest level, so that a clip that
    hovers as a whole is caught. A clip without contact gives zeros.
    """
    contact = foot_contacts(clip, floor=None)[:, TOES]
    lowest = np.where(contact, foot_clearances(clip)[:, TOES], np.inf).min(axis=1)
    lowest = 1000.0 * lowest[np.isfinite(lowest)]
    if not lowest.size:
        return 0.0, 0.0
    return float(np.maximum(-lowest, 0).mean()), float(np.maximum(lowest, 0).mean())


def mean_planar_speed(clip: Motion) -> float:
    """m/s, length of the root's ground path divided by the time between first and last frame.

    The path is taken every 0.2 s, so that the sway of the hips does not count as distance.
    """
    if clip.num_frames < 2:
        return 0.0
    step = max(1, round(0.2 * clip.fps))
    frames = np.unique(np.append(np.arange(0, clip.num_frames, step), clip.num_frames - 1))
    path = ground(clip.root_position[frames])
    length = np.linalg.norm(np.diff(path, axis=0), axis=-1).sum()
    return float(length * clip.fps / (clip.num_frames - 1))


def aligned_positions(clip: Motion, per_frame: bool = False) -> Array:
    """(T, J, 3) m, joint positions with the root's ground position and heading taken away.

    Those of the first frame by default; with ``per_frame`` each frame loses its own, so that only the pose is left.
    """
    yaw, origin = rotmat_to_yaw(clip.joint_rotation[:, 0]), clip.root_position * np.array([1.0, 0.0, 1.0])
    if not per_frame:
        yaw, origin = yaw[:1], origin[:1]
    return (clip.joint_positions() - origin[:, None]) @ yaw_to_rotmat(yaw)


def pairwise_distance(clips: Sequence[Motion], per_frame: bool = False) -> float:
    """m, mean distance between the same joints of every two clips, aligned by ``aligned_positions``.

    Two clips are compared over the frames that both have. All clips must have one frame rate.
    """
    if len({clip.fps for clip in clips}) != 1 or len(clips) < 2:
        raise BadInput("the distance between clips needs two or more of one frame rate")
    points = [aligned_positions(clip, per_frame) for clip in clips]
    return float(np.mean([_mean_distance(a, b) for a, b in combinations(points, 2)]))


def joint_position_error(clip: Motion, reference: Motion) -> float:
    """m, mean distance between the joints of two clips in the world, over the frames that both have."""
    return _mean_distance(clip.joint_positions(), reference.joint_positions())


def _mean_distance(first: Array, second: Array) -> float:
    frames = min(len(first), len(second))
    return float(np.linalg.norm(first[:frames] - second[:frames], axis=-1).mean())


def _near_30_fps(clip: Motion) -> Motion:
    """Every n-th frame; interpolating instead would add jerk of its own."""
    stride = max(1, round(clip.fps / 30.0))
    return clip.sampled_at(np.arange(0, clip.num_frames, stride) / clip.fps, clip.fps / stride)
