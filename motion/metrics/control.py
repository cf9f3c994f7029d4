"""Was it done as asked: errors at targets, along paths, at seams of timelines and loops; and how somebody walks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from motion.core import BadInput, Motion, Observation
from motion.core.axes import from_ground, ground
from motion.core.rotation import rotmat_to_rotvec, rotmat_to_yaw, yaw_to_rotmat
from motion.metrics.contacts import foot_contacts, spans
from motion.metrics.physical import jerk

Array = NDArray[np.floating]
Flags = NDArray[np.bool_]

#: The two ways to fail of the literature, in metres: GMD (Karunratanakul 2023) and OmniControl (Xie 2024) print 50 cm,
#: and compute 20 cm beside it.
NEAR = 0.2
FAR = 0.5

#: Seconds on either side of a seam that belong to it: transitions of one second, as FlowMDM (Barquero 2024).
SEAM = 0.5

#: The future after which predictions are measured, in milliseconds.
HORIZONS_MS = (80, 160, 320, 400, 560, 1000)


@dataclass(frozen=True)
class ControlErrors:
    """Errors at targets of many clips.

    Attributes:
        traj_error_20cm, traj_error_50cm: share of the clips of which any target is missed by more.
        loc_error_20cm, loc_error_50cm: share of all targets that are missed by more.
        average_m: m, mean distance from the targets.
        largest_m: m, largest distance from a target.
    """

    traj_error_20cm: float
    traj_error_50cm: float
    loc_error_20cm: float
    loc_error_50cm: float
    average_m: float
    largest_m: float

    def to_json(self) -> dict[str, float]:
        return asdict(self)


@dataclass(frozen=True)
class Gait:
    """How somebody walks: steps per second and metres per step; both zero where fewer than two steps are made."""

    cadence: float
    step_length: float


@dataclass(frozen=True)
class LoopSeam:
    """Differences between the end of a loop and its start.

    Attributes:
        position_m: m, largest of any joint, seen from the root's place and heading.
        rotation_rad: rad, largest of any joint in its parent; of the root but for its heading.
        velocity_m_s: m/s, mean of the joints, in the root's heading at the seam, the root's travel included.
    """

    position_m: float
    rotation_rad: float
    velocity_m_s: float


def target_errors(clip: Motion, asked: Observation) -> Array:
    """(N,) m, distance from every known joint position; where only the ground is known, from there."""
    positions, known = clip.joint_positions(), asked.joint_position_known
    joints = np.linalg.norm((positions - asked.joint_position)[known], axis=-1)
    path = np.linalg.norm(ground(clip.root_position) - asked.root_ground, axis=-1)
    return np.concatenate([joints, path[asked.root_ground_known & ~known[:, 0]]])


def control_errors(errors: Sequence[Array]) -> ControlErrors:
    """The errors that OmniControl and GMD print, from the distances (N,) m at the targets of each clip."""
    if not errors or not all(len(one) for one in errors):
        raise BadInput("errors of one or more clips with one or more targets each are needed")
    worst, every = np.array([one.max() for one in errors]), np.concatenate(errors)
    return ControlErrors(
        traj_error_20cm=float(np.mean(worst > NEAR)),
        traj_error_50cm=float(np.mean(worst > FAR)),
        loc_error_20cm=float(np.mean(every > NEAR)),
        loc_error_50cm=float(np.mean(every > FAR)),
        average_m=float(every.mean()),
        largest_m=float(every.max()),
    )


def path_error(clip: Motion, path: Array, known: Flags | None = None) -> tuple[float, float]:
    """Mean and largest distance in metres of the root from ``path`` (T, 2), over the frames ``known`` (T,) or all."""
    if path.shape != (clip.num_frames, 2):
        raise BadInput(f"path must be ({clip.num_frames}, 2), got {path.shape}")
    away = np.linalg.norm(ground(clip.root_position) - path, axis=-1)
    away = away if known is None else away[known]
    return (float(away.mean()), float(away.max())) if away.size else (0.0, 0.0)


def key_error(clip: Motion, asked: Observation) -> float:
    """m, mean distance of the joints in frames of which all joints are known; 0 without such frames."""
    frames = asked.joint_position_known.all(axis=1)
    away = np.linalg.norm(clip.joint_positions()[frames] - asked.joint_position[frames], axis=-1)
    return float(away.mean()) if away.size else 0.0


def seam_jerk(clip: Motion, seams: Sequence[float]) -> tuple[float, float]:
    """Jerk around seams divided by that inside: of its peak and of the area under it (after FlowMDM's PJ and AUJ).

    In each frame the largest jerk of any joint counts. The peak is the mean over seams of the largest within ``SEAM``
    seconds; inside it is the mean of the same over windows as long without a seam. Areas are means per second.

    Args:
        clip: the motion.
        seams: s, times at which one thing passes into the next.

    Raises:
        BadInput: no seams, or no second without one.
    """
    size = jerk(clip)
    fps = clip.fps / max(1, round(clip.fps / 30.0))
    largest, time = size.max(axis=1), (np.arange(len(size)) + 1.5) / fps
    window = max(1, round(2 * SEAM * fps))
    away = np.abs(time[:, None] - np.asarray(seams, dtype=float))
    near: Flags = away <= SEAM
    if not near.any():
        raise BadInput(f"seams must be times within the clip's {clip.duration:.2f} s, got {list(seams)}")
    outside = [
        largest[start + first : start + first + window]
        for start, stop in spans(np.logical_not(np.any(near, axis=1), dtype=bool))
        for first in range(0, stop - start - window + 1, window)
    ]
    if not outside:
        raise BadInput(f"jerk at seams is compared with {2 * SEAM:g} s or more without one; the clip has none")
    around = [largest[column] for column in near.T if column.any()]
    peak = np.mean([one.max() for one in around]) / max(np.mean([one.max() for one in outside]), 1e-9)
    area = np.concatenate(around).mean() / max(np.concatenate(outside).mean(), 1e-9)
    return float(peak), float(area)


def gait(clip: Motion) -> Gait:
    """Cadence and step length from the contacts of the feet, the clip's own or detected.

    A foot's step ends when ankle or toes come to stand after having stood nowhere. Cadence is the number of steps
    between the first and the last of either foot per second, step length the way of the root meanwhile by their number.
    """
    contacts = foot_contacts(clip, floor=None, slack=1.25) if clip.contacts is None else clip.contacts
    feet: list[Flags] = [np.any(contacts[:, side], axis=1) for side in (slice(0, 2), slice(2, 4))]
    falls = np.sort(np.concatenate([[start for start, _ in spans(foot) if start > 0] for foot in feet])).astype(int)
    if len(falls) < 2 or falls[-1] == falls[0]:
        return Gait(0.0, 0.0)
    steps, seconds = len(falls) - 1, (falls[-1] - falls[0]) / clip.fps
    stride = max(1, round(0.2 * clip.fps))  # the sway of the hips is no way
    path = ground(clip.root_position[np.append(np.arange(falls[0], falls[-1], stride), falls[-1])])
    return Gait(float(steps / seconds), float(np.linalg.norm(np.diff(path, axis=0), axis=-1).sum() / steps))


def prediction_errors(clip: Motion, truth: Motion, horizons_ms: Sequence[int] = HORIZONS_MS) -> dict[int, float]:
    """MPJPE in metres at times after the start: mean distance of the joints in the world, of what the truth reaches.

    Both clips start with the last frame that was seen. Times between frames are interpolated.
    """
    times = np.array([one / 1000 for one in horizons_ms])
    last = min((clip.num_frames - 1) / clip.fps, (truth.num_frames - 1) / truth.fps)
    reached = times <= last + 1e-9
    here, there = (one.sampled_at(times[reached], one.fps).joint_positions() for one in (clip, truth))
    away = np.linalg.norm(here - there, axis=-1).mean(axis=1)
    return dict(zip(np.asarray(horizons_ms)[reached].tolist(), away.tolist(), strict=True))


def loop_seam(clip: Motion) -> LoopSeam:
    """How far the last frame of a loop is from its first, and how far the speeds on its two sides are apart.

    Velocities are one-sided differences of second order (over two frames), exact for constant acceleration.
    """
    if clip.num_frames < 3:
        raise BadInput(f"a loop needs 3 or more frames, got {clip.num_frames}")
    positions, yaw = clip.joint_positions(), rotmat_to_yaw(clip.joint_rotation[:, 0])

    def seen_from(frame: int, points: Array) -> Array:
        return (points - from_ground(ground(clip.root_position[frame]))) @ yaw_to_rotmat(yaw[frame])

    before, after = seen_from(-1, positions[:-4:-1]), seen_from(0, positions[:3])
    ends = clip.joint_rotation[[-1, 0]].copy()
    ends[:, 0] = np.swapaxes(yaw_to_rotmat(yaw[[-1, 0]]), -1, -2) @ ends[:, 0]
    turn = rotmat_to_rotvec(np.swapaxes(ends[0], -1, -2) @ ends[1])
    weights = np.array([1.5, -2.0, 0.5])[:, None, None] * clip.fps
    speed = np.sum(weights * before, axis=0) + np.sum(weights * after, axis=0)
    return LoopSeam(
        position_m=float(np.linalg.norm(before[0] - after[0], axis=-1).max()),
        rotation_rad=float(np.linalg.norm(turn, axis=-1).max()),
        velocity_m_s=float(np.linalg.norm(speed, axis=-1).mean()),
    )
