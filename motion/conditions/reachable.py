"""Whether hands, feet and heads can be where they are asked to be, and nothing is below the floor."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from motion.conditions.pose import Pose
from motion.conditions.reach import Reach
from motion.conditions.timeline import Timeline
from motion.core.axes import from_ground, ground, height
from motion.core.observation import Observation
from motion.core.skeleton import Skeleton

Array = NDArray[np.floating]

#: What a person can run over a short way, in m/s.
SPRINT = 7.0

#: Metres by which two conditions may differ about the same thing, and by which a joint may be below the floor.
AGREE, BELOW = 0.05, 0.03

#: Metres that a jump lifts the pelvis above where it is when standing.
JUMP = 0.5

#: Rate of the frames at which what is known is looked at.
LOOK_FPS = 30.0


def out_of_reach(timeline: Timeline, skeleton: Skeleton) -> Iterator[str]:
    if not any(isinstance(condition, Reach) for condition in timeline.conditions):
        return
    known = timeline.observe(LOOK_FPS, skeleton)
    for reach in timeline.conditions:
        if not isinstance(reach, Reach) or reach.position is None:
            continue
        if height(reach.position) < -BELOW:
            yield (
                f"the {plain(reach.what)} is to be {-height(reach.position):.2f} m below the floor at {reach.time:g} s;"
                f" the nearest possible is {at_place(from_ground(ground(reach.position)))}"
            )
            continue
        length = chain_length(reach.joint, skeleton)
        pelvis = _nearest_pelvis(reach, known, skeleton)
        apart = float(np.linalg.norm(reach.position - pelvis))
        if apart > length + AGREE:
            nearest = pelvis + (reach.position - pelvis) * length / apart
            yield (
                f"the {plain(reach.what)} is to be {apart:.1f} m from the pelvis at {reach.time:g} s and reaches "
                f"{length:.2f} m; the nearest possible is {at_place(nearest)}"
            )


def _nearest_pelvis(reach: Reach, known: Observation, skeleton: Skeleton) -> Array:
    """(3,) m, the place nearest to the target where the pelvis can be at its time."""
    assert reach.position is not None
    target, frame = reach.position, min(round(reach.time * LOOK_FPS), len(known.heading) - 1)
    standing = abs(float(height(skeleton.rest_offsets[[skeleton.index(n) for n in _LEG]]).sum())) + 0.1
    tall = float(np.clip(height(target), 0.0, standing + JUMP))
    if known.joint_position_known[frame, 0]:
        tall = float(height(known.joint_position[frame, 0]))
    place = ground(target)
    frames = np.flatnonzero(known.root_ground_known)
    if len(frames):
        nearest = frames[np.argmin(np.abs(frames - frame))]
        away = place - known.root_ground[nearest]
        free = SPRINT * abs(nearest - frame) / LOOK_FPS
        place = known.root_ground[nearest] + away * min(1.0, free / max(float(np.linalg.norm(away)), 1e-9))
    return from_ground(place, tall)


#: What a pelvis stands on.
_LEG = ("left_hip", "left_knee", "left_ankle", "left_foot")


def chain_length(joint: str, skeleton: Skeleton) -> float:
    """Metres from the pelvis to a joint when everything between them is stretched."""
    number, length = skeleton.index(joint), 0.0
    while number > 0:
        length += float(np.linalg.norm(skeleton.rest_offsets[number]))
        number = int(skeleton.parents[number])
    return length


def poses_below(timeline: Timeline, skeleton: Skeleton) -> Iterator[str]:
    for pose in timeline.conditions:
        if isinstance(pose, Pose) and len(pose.joint_rotation) == skeleton.num_joints:
            lowest = float(height(bodies(pose, skeleton, True)).min())
            if lowest < -0.1:
                yield (
                    f"a pose at {pose.time:g} s is {-lowest:.2f} m below the floor; the nearest possible has the "
                    f"pelvis at {height(pose.root_position) - lowest:.2f} m"
                )


def bodies(pose: Pose, skeleton: Skeleton, placed: bool) -> Array:
    """(J, 3) m, the joints of a pose; not ``placed``: above the origin, facing +Z as far as its lateral axis tells."""
    rotation, root = pose.joint_rotation.copy(), pose.root_position
    if not placed:
        lateral = ground(rotation[0, :, 0])
        c, s = lateral / max(float(np.linalg.norm(lateral)), 1e-9)
        rotation[0] = np.array([[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]]) @ rotation[0]
        root = from_ground(np.zeros(2), height(root))
    return skeleton.forward_kinematics(root, rotation)[1]


def plain(what: str) -> str:
    return what.replace("_", " ")


def at_place(place: Array) -> str:
    return "(" + ", ".join(f"{x:.2f}" for x in place) + ")"
