"""Draft: an observation in the making, which one condition after another writes into."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import from_ground, ground, height
from motion.core.clip import Motion
from motion.core.errors import BadInput
from motion.core.observation import Observation
from motion.core.rotation import rotmat_to_yaw, yaw_to_rotmat
from motion.core.skeleton import Skeleton

if TYPE_CHECKING:
    from motion.conditions.speed import Speed

Array = NDArray[np.floating]
Mask = NDArray[np.bool_]


def frame_times(duration: float, fps: float) -> Array:
    """(T,) s, the frames at ``fps`` from 0 to ``duration``, both included where they fall on a frame."""
    return np.arange(int(np.floor(duration * fps + 1e-6)) + 1) / fps


class Draft:
    """What is known so far of a clip of ``duration`` seconds at ``fps``; what is written later wins.

    Attributes:
        times: (T,) s, as of ``frame_times``.
        speeds: the speeds that hold for whatever leads over the ground.
    """

    def __init__(self, duration: float, fps: float, skeleton: Skeleton, speeds: tuple[Speed, ...] = ()) -> None:
        self.duration, self.fps, self.skeleton, self.speeds = duration, fps, skeleton, speeds
        self.times = frame_times(duration, fps)
        nothing = Observation.nothing(len(self.times), skeleton.num_joints)
        self.known = {name: value.copy() for name, value in vars(nothing).items()}

    def observation(self) -> Observation:
        """What was written; a posture that stands and faces nowhere does so as the rest says, where it says it."""
        known = self.known
        stands = known["joint_position_known"][:, 0] & known["root_ground_known"]
        pelvis = known["joint_position"][:, 0]
        pelvis[stands] = from_ground(known["root_ground"], height(pelvis))[stands]
        turn = known["heading"] - rotmat_to_yaw(known["joint_rotation"][:, 0])
        turned = known["joint_rotation_known"][:, 0] & known["heading_known"] & (np.abs(np.sin(turn / 2)) > 1e-9)
        known["joint_rotation"][turned, 0] = yaw_to_rotmat(turn[turned]) @ known["joint_rotation"][turned, 0]
        return Observation(**known)

    def nearest(self, time: float) -> int:
        """The frame nearest to a moment."""
        return int(np.clip(round(time * self.fps), 0, len(self.times) - 1))

    def during(self, start: float, end: float) -> NDArray[np.integer]:
        """The frames from ``start`` to ``end`` seconds, both included."""
        return np.flatnonzero((self.times >= start - 1e-6) & (self.times <= end + 1e-6))

    def place(self, frames: NDArray[np.integer] | int, places: Array) -> None:
        """Ground positions (N, 2) of the root at frames (N,)."""
        self._write("root_ground", frames, places)

    def face(self, frames: NDArray[np.integer] | int, headings: Array) -> None:
        """Headings (N,) at frames (N,)."""
        self._write("heading", frames, headings)

    def joint(self, frame: int, joint: int, position: Array) -> None:
        """One joint's place (3,) in the world at a frame."""
        self.known["joint_position"][frame, joint] = position
        self.known["joint_position_known"][frame, joint] = True

    def pose(self, frames: NDArray[np.integer], clip: Motion, placed: bool, joints: Mask | None = None) -> None:
        """The frames of a clip, whole or of some joints (J,); not ``placed``: neither where it stands nor faces.

        Then the pelvis tells its height and its tilt alone, and no other joint has a place in the world.
        """
        if clip.skeleton.joint_names != self.skeleton.joint_names:
            raise BadInput(
                f"a pose or clip must have the body's {self.skeleton.num_joints} joints (SMPL's), "
                f"got {clip.skeleton.num_joints} of its own"
            )
        told = np.ones(self.skeleton.num_joints, bool) if joints is None else joints
        self._write_joints("joint_rotation", frames, told, clip.joint_rotation)
        if not placed:
            height_only = from_ground(np.zeros((len(frames), 2)), height(clip.root_position))
            self._write_joints("joint_position", frames, _only(told, 0), height_only[:, None])
            return
        positions = clip.joint_positions()
        self._write_joints("joint_position", frames, _rooted(told, self.skeleton), positions)
        if told[0]:
            self.place(frames, ground(clip.root_position))
            self.face(frames, rotmat_to_yaw(clip.joint_rotation[:, 0]))

    def _write(self, name: str, frames: NDArray[np.integer] | int, values: Array) -> None:
        self.known[name][frames] = values
        self.known[f"{name}_known"][frames] = True

    def _write_joints(self, name: str, frames: NDArray[np.integer], told: Mask, values: Array) -> None:
        values = np.broadcast_to(values, (len(frames), len(told), *values.shape[2:]))
        for joint in np.flatnonzero(told):
            self.known[name][frames, joint] = values[:, joint]
            self.known[f"{name}_known"][frames, joint] = True


class Observed:
    """A condition that makes something known of the clip: it writes into a draft."""

    def write(self, draft: Draft) -> None:
        """Write what is known into the draft."""
        raise NotImplementedError

    def observe(self, timeline_duration: float, fps: float, skeleton: Skeleton) -> Observation:
        """What this condition alone makes known, at frames 0 to ``timeline_duration`` * ``fps``."""
        draft = Draft(timeline_duration, fps, skeleton)
        self.write(draft)
        return draft.observation()


def _only(told: Mask, joint: int) -> Mask:
    """``told`` for one joint, nothing of the others."""
    return told & (np.arange(len(told)) == joint)


def _rooted(told: Mask, skeleton: Skeleton) -> Mask:
    """Joints (J,) that are told together with all their parents: only these have a place in the world."""
    rooted = told.copy()
    for joint, parent in enumerate(skeleton.parents[1:], start=1):
        rooted[joint] &= rooted[parent]
    return rooted
