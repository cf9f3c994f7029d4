"""How a clip fits a place: contact, penetration, walkability and goals, as DIMOS counts them and more strictly.

DIMOS (Zhao et al., "Synthesizing Diverse Human Motions in 3D Indoor Scenes", ICCV 2023) is re-implemented from what its
evaluation scripts compute. Distances are signed: positive in free space, negative inside things.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from motion.core import BadInput, Motion
from motion.core.axes import ground, height
from motion.core.rotation import rotmat_to_yaw
from motion.metrics.contacts import foot_positions, standing_heights

Array = NDArray[np.floating]
Flags = NDArray[np.bool_]

#: Whether somebody may be there: points (T, N, 3) m of one body to (T, N) bool, by ground position and storey.
Inside = Callable[[Array], Flags]

#: DIMOS: m/s and m up to which its slowest and its lowest foot joint are in contact.
STILL, NEAR = 0.075, 0.05

#: Vertices of the body whose penetrations DIMOS adds up (SMPL-X).
DIMOS_VERTICES = 10_475

#: A frame collides when a vertex is deeper than this, in metres.
DEEP = 0.01

#: DIMOS: metres to the goal within which it is reached.
REACHED = 0.2

#: Height of a foot joint above where it stands, in metres, from which it cannot skate (DART).
SKATES_BELOW = 0.03


def contact_score(clip: Motion, floor: Array | float = 0.0) -> float:
    """DIMOS's contact score, 0 to 1: mean of exp(-(slowest - 0.075 m/s)+) exp(-(|lowest| - 0.05 m)+) over the frames.

    Slowest and lowest of the ankles and feet; speeds are central differences of neighbouring frames, in m/s.

    Args:
        clip: of two frames or more.
        floor: m, height of the floor: everywhere, (T,) of each frame, or (T, 4) under each of ``FOOT_JOINTS``.
    """
    points = foot_positions(clip)
    if len(points) < 2:
        raise BadInput("the contact score needs a clip of two frames or more")
    speed = np.linalg.norm(np.gradient(points, 1 / clip.fps, axis=0), axis=-1).min(axis=1)
    # the lowest joint's height in metres, above the floor under it; its distance from the floor counts both ways
    above = height(points) - _under_feet(floor, len(points))
    off = np.abs(above.min(axis=1))
    score = np.exp(-np.maximum(speed - STILL, 0.0)) * np.exp(-np.maximum(off - NEAR, 0.0))
    return float(score.mean())


def foot_skate(clip: Motion, floor: Array | float = 0.0) -> float:
    """m/s that feet near the floor slide: DART's ``calc_skate`` (Zhao et al., ICLR 2025) with the local floor.

    Mean over frames and feet of f |dp| (2 - 2^clamp(h / 0.03 m, 0, 1)), h the higher of two frames' heights of the foot
    joint above where it stands; ``floor`` as of ``contact_score``.
    """
    toes = slice(1, 4, 2)
    points = foot_positions(clip)[:, toes]
    if len(points) < 2:
        return 0.0
    above = height(points) - standing_heights(clip.skeleton)[toes] - _under_feet(floor, len(points))[:, toes]
    high = np.maximum(above[1:], above[:-1])
    moved = np.linalg.norm(np.diff(ground(points), axis=0), axis=-1) * clip.fps
    return float((moved * (2.0 - 2.0 ** np.clip(high / SKATES_BELOW, 0.0, 1.0))).mean())


def _under_feet(floor: Array | float, frames: int) -> Array:
    """(T, 4) m of a floor given everywhere, for each frame or under each foot joint."""
    floor = np.asarray(floor, dtype=np.float64)
    if floor.shape not in ((), (frames,), (frames, 4)):
        raise BadInput(f"the floor must be one height, ({frames},) or ({frames}, 4) of them, got {floor.shape}")
    return np.broadcast_to(floor[:, None] if floor.ndim == 1 else floor, (frames, 4))


@dataclass(frozen=True)
class Penetration:
    """How far a body is inside things.

    Attributes:
        sum_mean_m, sum_max_m: DIMOS's ``pene. mean`` and ``max``: over the frames, of the depths of all vertices
            together, as if there were 10,475.
        mean_mm: depth over all vertices and frames, outside counted as 0.
        max_cm: the deepest vertex.
        worst_frame: the frame it is in.
        colliding_ratio: share of the frames with a vertex deeper than ``DEEP``.
        outside_ratio: share of the vertices outside of everything, mean over the frames (PSI, POSA, PROX).
    """

    sum_mean_m: float
    sum_max_m: float
    mean_mm: float
    max_cm: float
    worst_frame: int
    colliding_ratio: float
    outside_ratio: float

    def to_json(self) -> dict[str, float | int]:
        return asdict(self)


def penetration(distances: Array, allowed: Array | float = 0.0, deep: float = DEEP) -> Penetration:
    """Of signed distances (T, V) m of a body's vertices.

    Args:
        distances: from the scene; negative inside it.
        allowed: m by which vertices may be inside: one depth, or (V,), such as 0.02 where somebody sits, else 0.
        deep: m from which on a frame collides.
    """
    distances = np.asarray(distances)
    if distances.ndim != 2 or not distances.size:
        raise BadInput(f"distances must be (T, V) with a frame and a vertex at least, got {distances.shape}")
    depth = np.maximum(-distances - allowed, 0.0)
    summed = depth.sum(axis=1) * (DIMOS_VERTICES / depth.shape[1])
    deepest = depth.max(axis=1)
    return Penetration(
        sum_mean_m=float(summed.mean()),
        sum_max_m=float(summed.max()),
        mean_mm=1000.0 * float(depth.mean()),
        max_cm=100.0 * float(deepest.max()),
        worst_frame=int(deepest.argmax()),
        colliding_ratio=collision_frame_ratio(distances, deep, allowed),
        outside_ratio=float((depth <= 0).mean()),
    )


def collision_frame_ratio(distances: Array, deep: float = DEEP, allowed: Array | float = 0.0) -> float:
    """Share of the frames of signed distances (T, V) m with a vertex more than ``deep`` m inside something."""
    return float(((-np.asarray(distances) - allowed).max(axis=1) > deep).mean())


def walkability(vertices: Array, inside: Inside) -> float:
    """DIMOS's ``loco pene``: share of the vertices (T, V, 3) m over walkable ground, mean over the frames.

    ``inside`` says of points whether they are over ground that a person of radius 0.05 m may walk on.
    """
    return float(np.mean(inside(vertices)))


def feet_walkability(clip: Motion, inside: Inside) -> float:
    """Share of the frames with both feet, ankles and toes, over walkable ground."""
    return float(np.mean(np.all(inside(foot_positions(clip)), axis=1)))


@dataclass(frozen=True)
class GoalReport:
    """Whether a clip gets where it is to get.

    Attributes:
        pelvis_m: over the ground, from the pelvis in the last frame to the goal.
        nearest_joint_m: DIMOS's ``avg. dist``: the least of any joint in any frame.
        last_joint_m: the least of any joint in the last frame.
        reached: whether ``pelvis_m`` is below 0.2 m.
        reached_dimos: whether ``nearest_joint_m`` is.
        heading_rad: between the heading in the last frame and the one asked for, 0 to pi; None where none is.
    """

    pelvis_m: float
    nearest_joint_m: float
    last_joint_m: float
    reached: bool
    reached_dimos: bool
    heading_rad: float | None = None

    def to_json(self) -> dict[str, float | bool | None]:
        return asdict(self)


def goal_report(clip: Motion, goal: Array, heading: float | None = None) -> GoalReport:
    """How a clip ends, asked to end at ``goal`` (2,) m on the ground and to face ``heading`` rad there."""
    joints = np.linalg.norm(ground(clip.joint_positions()) - np.asarray(goal, dtype=np.float64), axis=-1)
    turned = None
    if heading is not None:
        away = float(rotmat_to_yaw(clip.joint_rotation[-1, 0])) - heading
        turned = abs((away + np.pi) % (2 * np.pi) - np.pi)
    pelvis, nearest = float(joints[-1, 0]), float(joints.min())
    return GoalReport(pelvis, nearest, float(joints[-1].min()), pelvis < REACHED, nearest < REACHED, turned)


def way_length(clip: Motion, step: float = 0.5) -> float:
    """m of the pelvis's way over the ground, taken every ``step`` s: its sway is no way."""
    frames = np.unique(np.append(np.arange(0, clip.num_frames, max(1, round(step * clip.fps))), clip.num_frames - 1))
    return float(np.linalg.norm(np.diff(ground(clip.root_position[frames]), axis=0), axis=-1).sum())


def way_ratio(clip: Motion, geodesic: float) -> float:
    """``way_length`` by the length of the shortest way in m."""
    if not geodesic > 0:
        raise BadInput(f"the shortest way must be longer than 0 m, got {geodesic}")
    return way_length(clip) / geodesic
