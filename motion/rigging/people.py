"""Anybody's skeleton brought down to what its bones do: roles in place of names, standing upright and facing +Z."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import FORWARD, UP, height
from motion.core.clip import Motion
from motion.core.rotation import rotmat_to_yaw, yaw_to_rotmat
from motion.core.skeleton import Skeleton
from motion.metrics.contacts import FOOT_JOINT_HEIGHT
from motion.rigging.mapping import CHAINS, ROLES, BoneMap

Array = NDArray[np.floating]

#: A rest pose that looks aside by less, in radians, is meant to look along the axis.
ASIDE = np.radians(3.0)
#: Where the ball of a foot without one is, as shares of the leg's length: ahead of the ankle.
BALL_AHEAD = 0.15


@dataclass(frozen=True)
class Person:
    """What a character's bones do.

    Attributes:
        rig: its own skeleton.
        bones: joint of ``skeleton`` -> bone of the rig, or -1 for balls of the feet that it has none for.
        upright: (3, 3) turns its rest pose upright, to face +Z.
        turns: (roles, 3, 3) what turns them on from that rest pose to the one that ``skeleton`` rests in.
        skeleton: the roles, in that rest pose; the floor is at height 0. Joints are called as the roles,
            those of the chains ``spine1``, ``spine2``, ... and ``neck``, ``neck2``, ... from the bottom up.
    """

    rig: Skeleton
    bones: NDArray[np.integer]
    upright: Array
    turns: Array
    skeleton: Skeleton

    @cached_property
    def leg(self) -> float:
        """m, mean length of thigh and shank together."""
        joints = [self.skeleton.index(f"{side}_{part}") for side in ("left", "right") for part in ("knee", "ankle")]
        return float(np.linalg.norm(self.skeleton.rest_offsets[joints], axis=-1).sum() / 2)

    def clip(self, clip: Motion) -> Motion:
        """A clip of the rig as one of the roles: the same joints at the same places."""
        rotation, position = self.rig.forward_kinematics(clip.root_position, clip.joint_rotation)
        bones = np.where(self.bones >= 0, self.bones, self.bones[self.skeleton.parents])
        world = rotation[:, bones] @ self.upright.T @ np.swapaxes(self.turns, -1, -2)
        contacts = clip.contacts
        local = self.skeleton.local_rotations(world)
        return Motion(self.skeleton, position[:, bones[0]], local, clip.fps, contacts=contacts)


def person_of(rig: Skeleton, mapping: BoneMap) -> Person:
    """The character's roles."""
    joint: dict[str, int] = {}
    for role in ROLES:
        for number, bone in enumerate(mapping.bones.get(role, ()), start=1):
            label = f"{role}{number if role == 'spine' or number > 1 else ''}" if role in CHAINS else role
            joint[label] = rig.index(bone)
    upright = _upright(rig.rest_positions, joint)
    rest = rig.rest_positions @ upright.T
    chains = {name: _above(rig, bone) for name, bone in joint.items()}
    order = sorted(joint, key=lambda name: len(chains[name]))
    order = ["pelvis", *(name for name in order if name != "pelvis" and joint["pelvis"] in chains[name])]
    named = {bone: name for name, bone in joint.items()}
    parents = [-1]
    for name in order[1:]:
        parents.append(order.index(next(named[b] for b in chains[name][1:] if b in named and named[b] in order)))
    places = [rest[joint[name]] for name in order]
    bones = [joint[name] for name in order]
    for side in ("left", "right"):
        if f"{side}_foot" not in joint:
            ankle = rest[joint[f"{side}_ankle"]]
            leg = float(np.ptp([height(rest[joint[f"{side}_{part}"]]) for part in ("hip", "ankle")]))
            ball = ankle + FORWARD * BALL_AHEAD * leg
            floor = min(height(rest).min(), height(ankle) - 0.08 * leg)
            places.append(ball + UP * (floor + FOOT_JOINT_HEIGHT - height(ball)))
            parents.append(order.index(f"{side}_ankle"))
            order.append(f"{side}_foot")
            bones.append(-1)
    points = np.array(places)
    points = points - UP * _floor(points, order)
    offsets = np.where(np.array(parents)[:, None] >= 0, points - points[parents], points)
    turns = np.tile(np.eye(3), (len(order), 1, 1))
    return Person(rig, np.array(bones), upright, turns, Skeleton(tuple(order), np.array(parents), offsets))


def _above(rig: Skeleton, bone: int) -> list[int]:
    chain = [bone]
    while rig.parents[chain[-1]] >= 0:
        chain.append(int(rig.parents[chain[-1]]))
    return chain


def _floor(points: Array, names: list[str]) -> float:
    """Height of the floor under a rest pose: 0 where the feet are near it, else just below the lowest of them."""
    lowest = float(min(height(points[names.index(f"{side}_{part}")]) for side in ("left", "right")
                       for part in ("ankle", "foot")))  # fmt: skip
    return 0.0 if 0.0 < lowest < 0.1 else lowest - FOOT_JOINT_HEIGHT


def _upright(rest: Array, joint: dict[str, int]) -> Array:
    """(3, 3) turns the rest pose upright and to face +Z; as it is where it does so but for a few degrees."""
    hips = rest[joint["left_hip"]], rest[joint["right_hip"]]
    feet = (rest[joint["left_ankle"]] + rest[joint["right_ankle"]]) / 2
    up = (hips[0] + hips[1]) / 2 - feet
    across = hips[0] - hips[1]
    if {"left_shoulder", "right_shoulder"} <= joint.keys():
        across = across + rest[joint["left_shoulder"]] - rest[joint["right_shoulder"]]
    steps = [np.array(turn, dtype=float) for turn in _turns()]
    frame = _frame(across, up)
    nearest = max(steps, key=lambda turn: float(np.trace(turn @ frame)))
    yaw = float(rotmat_to_yaw(nearest @ frame))
    return nearest if abs(yaw) < ASIDE else yaw_to_rotmat(np.array(-yaw)) @ nearest


def _frame(across: Array, up: Array) -> Array:
    """Columns left, up and forward of a body."""
    across, up = across / np.linalg.norm(across), up / np.linalg.norm(up)
    forward = np.cross(across, up)
    forward = forward / np.linalg.norm(forward)
    return np.stack([across, np.cross(forward, across), forward], axis=-1)


def _turns() -> list[Array]:
    """The 24 rotations that exchange axes."""
    from itertools import permutations, product

    turns = [np.eye(3)[list(p)] * np.array(s) for p in permutations(range(3)) for s in product([1.0, -1.0], repeat=3)]
    return [turn for turn in turns if np.linalg.det(turn) > 0]
