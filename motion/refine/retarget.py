"""Retargeting: any human skeleton's movement on SMPL's 24 joints, by rest-aligned rotation transfer.

For every SMPL joint j that follows a source joint k, in the world: ``G_j(t) = G_k(t) A_j`` with ``A_j`` constant,
chosen so that the source's reference pose (upright, arms out, feet flat) gives SMPL's rest pose. Thighs, shanks, upper
arms and forearms are then swung, without twist, so that they point exactly where the source's point, and the spine so
that the shoulders lean over the hips as the source's do. Spine joints between two source joints take their share by
spherical interpolation. The root keeps the source's path scaled by leg length, so that strides fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import FORWARD, UP, height
from motion.core.clip import Motion
from motion.core.errors import BadInput
from motion.core.rotation import slerp, vectors_to_rotmat
from motion.core.skeleton import Skeleton

Array = NDArray[np.floating]

#: A place on the source skeleton: a joint, or a point between two joints with the second one's share.
Place = str | tuple[str, str, float]

#: Limb bones whose direction is copied exactly: joint -> the joint at the other end.
LIMBS: dict[str, str] = {
    f"{side}_{start}": f"{side}_{end}"
    for side in ("left", "right")
    for start, end in (("hip", "knee"), ("knee", "ankle"), ("shoulder", "elbow"), ("elbow", "wrist"))
}


#: Angle in radians from which a reference pose counts as standing with legs apart.
ASTRADDLE = np.radians(10.0)


@dataclass(frozen=True)
class SkeletonMap:
    """How a source skeleton corresponds to SMPL's joints.

    Attributes:
        name: what the source skeleton is called.
        rotations: SMPL joint -> the source joint whose rotation it follows, or two source joints and a share. Joints
            left out follow their SMPL parent.
        places: SMPL joint -> where that joint is on the source; hips, knees, ankles, shoulders, elbows and wrists are
            needed, others serve measuring.
        toes: ``left``/``right`` -> the source joint at the ball or tip of the foot.
        rest: source joint -> R_world_joint (3, 3) in the reference pose; joints left out have the identity.
        neck: two source joints whose line is a neck that does not stand upright in the reference pose; it is
            straightened, or the head would look down for ever after.
    """

    name: str
    rotations: Mapping[str, Place]
    places: Mapping[str, Place]
    toes: Mapping[str, str]
    rest: Mapping[str, Array] = field(default_factory=dict)
    neck: tuple[str, str] | None = None

    @cached_property
    def measured(self) -> tuple[str, ...]:
        """The SMPL joints whose place on the source is known."""
        return tuple(self.places)

    def positions(self, clip: Motion) -> Array:
        """(T, len(measured), 3) m, where the source clip has SMPL's joints."""
        return _places(clip.skeleton, clip.joint_positions(), self, self.measured)


def _places(skeleton: Skeleton, positions: Array, mapping: SkeletonMap, names: tuple[str, ...]) -> Array:
    points = []
    for name in names:
        place = mapping.places[name]
        if isinstance(place, str):
            points.append(positions[:, skeleton.index(place)])
        else:
            start, end, share = place
            a, b = positions[:, skeleton.index(start)], positions[:, skeleton.index(end)]
            points.append(a + share * (b - a))
    return np.stack(points, axis=1)


def leg_length(skeleton: Skeleton, joints: Mapping[str, Place] | None = None) -> float:
    """Mean length in metres of thigh plus shank; ``joints`` maps SMPL's joint names to the skeleton's."""
    total = 0.0
    for side in ("left", "right"):
        for joint in ("knee", "ankle"):
            name = (joints or {}).get(f"{side}_{joint}", f"{side}_{joint}")
            if not isinstance(name, str):
                raise BadInput("knees and ankles must be joints of the source skeleton")
            total += float(np.linalg.norm(skeleton.rest_offsets[skeleton.index(name)]))
    return total / 2


def retarget(clip: Motion, mapping: SkeletonMap, target: Skeleton) -> Motion:
    """The clip on SMPL's joints, at the same frame rate, not yet put on the floor or foot-corrected.

    Args:
        clip: the source, in metres, Y up.
        mapping: how its skeleton corresponds to SMPL's.
        target: SMPL's 24 joints with the rest offsets of the body to move.
    """
    source = clip.skeleton
    turned, positions = source.forward_kinematics(clip.root_position, clip.joint_rotation)
    places = dict(zip(mapping.measured, np.moveaxis(_places(source, positions, mapping, mapping.measured), 1, 0),
                      strict=True))  # fmt: skip
    aligned = _Aligned(mapping, source, target)
    world = np.empty((clip.num_frames, target.num_joints, 3, 3))
    for joint, name in enumerate(target.joint_names):
        follows = mapping.rotations.get(name)
        if follows is None:
            world[:, joint] = world[:, max(int(target.parents[joint]), 0)]
            continue
        world[:, joint] = aligned.rotation(turned, name, follows)
        if name in LIMBS:
            wanted = places[LIMBS[name]] - places[name]
            bone = world[:, joint] @ target.rest_offsets[target.index(LIMBS[name])]
            world[:, joint] = vectors_to_rotmat(bone, wanted) @ world[:, joint]
    _lean_torso(world, target, places)
    scale = leg_length(target) / leg_length(source, mapping.places)
    hips = (places["left_hip"] + places["right_hip"]) / 2 * scale
    middle = (target.rest_offsets[target.index("left_hip")] + target.rest_offsets[target.index("right_hip")]) / 2
    return Motion(target, hips - world[:, 0] @ middle, target.local_rotations(world), clip.fps)


#: Joints that lean together until the middle of the shoulders is in the source's direction from the middle of the hips.
TORSO = ("spine1", "spine2", "spine3", "left_collar", "right_collar")


def _lean_torso(world: Array, target: Skeleton, places: Mapping[str, Array]) -> None:
    """Swing the spine, in place: skeletons differ in where they put hips and neck, people's balance does not."""
    wanted = places["left_shoulder"] + places["right_shoulder"] - places["left_hip"] - places["right_hip"]
    joints = [target.index(name) for name in TORSO]
    for _ in range(3):  # the hips do not lean along, so one swing falls short by a tenth
        ends = [_from_root(world, target, f"{side}_{end}") for end in ("shoulder", "hip") for side in ("left", "right")]
        swing = vectors_to_rotmat(ends[0] + ends[1] - ends[2] - ends[3], wanted)
        world[:, joints] = swing[:, None] @ world[:, joints]


def _from_root(world: Array, skeleton: Skeleton, name: str) -> Array:
    """(T, 3) m, the joint's position relative to the root, from R_world_joint (T, J, 3, 3)."""
    joint, position = skeleton.index(name), np.zeros((len(world), 3))
    while skeleton.parents[joint] >= 0:
        position = position + world[:, skeleton.parents[joint]] @ skeleton.rest_offsets[joint]
        joint = int(skeleton.parents[joint])
    return position


class _Aligned:
    """The constant part of the transfer: what turns a source joint's rotation into the SMPL joint's."""

    def __init__(self, mapping: SkeletonMap, source: Skeleton, target: Skeleton) -> None:
        self.mapping, self.source, self.target = mapping, source, target
        self.rest = np.stack([mapping.rest.get(name, np.eye(3)) for name in source.joint_names])
        if mapping.neck:
            joints = [source.index(name) for name in mapping.neck]
            self.rest[joints] = vectors_to_rotmat(source.rest_offsets[joints[1]], UP) @ self.rest[joints]
        points = source.rest_offsets.copy()
        for joint, parent in enumerate(source.parents.tolist()):
            if parent >= 0:
                points[joint] = points[parent] + self.rest[parent] @ source.rest_offsets[joint]
        self.points = points

    def rotation(self, turned: Array, name: str, follows: Place) -> Array:
        """R_world_joint (T, 3, 3) of the SMPL joint ``name`` before limbs are swung."""
        if isinstance(follows, str):
            return turned[:, self.source.index(follows)] @ self.constant(name, follows)
        first, second, share = follows
        a = turned[:, self.source.index(first)] @ self.constant(name, first)
        b = turned[:, self.source.index(second)] @ self.constant(name, second)
        return slerp(a, b, np.full(len(a), share))

    def constant(self, name: str, follows: str) -> Array:
        joint = self.source.index(follows)
        if name.endswith(("_ankle", "_foot")):
            return self._flat_foot(name.partition("_")[0], joint)
        if name.endswith(("_wrist", "_hand")):  # a forearm that is not straight in the source's rest pose
            side = name.partition("_")[0]
            places = _places(self.source, self.points[None], self.mapping, (f"{side}_elbow", f"{side}_wrist"))[0]
            bone = self.target.rest_offsets[self.target.index(f"{side}_wrist")]
            return self.rest[joint].T @ vectors_to_rotmat(bone, places[1] - places[0])
        return self.rest[joint].T

    def _flat_foot(self, side: str, joint: int) -> Array:
        """Rotation that lays the target's sole flat when the source's is flat, toes in the same direction.

        Toes that have a joint of their own are assumed straight in the reference pose. When the legs stand apart
        there, as in CMU's, the soles are level across the shank instead of on the floor.
        """
        places = (str(self.mapping.places[f"{side}_{name}"]) for name in ("knee", "ankle"))
        knee, ankle = (self.points[self.source.index(place)] for place in places)
        toe = self.points[self.source.index(self.mapping.toes[side])] - ankle
        shank = knee - ankle
        up = shank - FORWARD * np.dot(FORWARD, shank)
        if height(up) > np.cos(ASTRADDLE) * np.linalg.norm(up):
            up = UP
        across = np.cross(up, toe)
        forward = np.cross(across, up)
        bone = self.target.rest_offsets[self.target.index(f"{side}_foot")]
        flat = bone - UP * height(bone)
        return self.rest[joint].T @ _frame(forward, across) @ _frame(flat, np.cross(UP, flat)).T


def _frame(forward: Array, across: Array) -> Array:
    """Columns across, up, forward."""
    forward, across = forward / np.linalg.norm(forward), across / np.linalg.norm(across)
    return np.stack([across, np.cross(forward, across), forward], axis=-1)


def lifted(clip: Motion, metres: float) -> Motion:
    """The clip moved up."""
    return replace(clip, root_position=clip.root_position + UP * metres)
