"""Motion: one person's movement. A value of this type is called ``clip`` everywhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from motion.core.errors import BadInput
from motion.core.rotation import slerp
from motion.core.skeleton import Skeleton

Array = NDArray[np.floating]

#: Longest clip and highest frame rate accepted anywhere; a file that claims more is refused.
MAX_FRAMES = 1_000_000
MAX_FPS = 1000.0


@dataclass(frozen=True)
class Motion:
    """Joint rotations and the root's path over time, at a constant frame rate. Frame t is at t / fps seconds.

    Attributes:
        skeleton: the J joints that move.
        root_position: (T, 3) m, world position of joint 0.
        joint_rotation: (T, J, 3, 3), R_parent_joint; for the root, R_world_root.
        fps: frames per second.
        betas: (B,) SMPL shape coefficients, or None for the body's mean shape.
        contacts: (T, 4) bool, whether left_ankle, left_foot, right_ankle, right_foot stand on something, or None.
    """

    skeleton: Skeleton
    root_position: Array
    joint_rotation: Array
    fps: float
    betas: Array | None = None
    contacts: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        root = np.asarray(self.root_position, dtype=np.float64)
        rotation = np.asarray(self.joint_rotation, dtype=np.float64)
        object.__setattr__(self, "root_position", root)
        object.__setattr__(self, "joint_rotation", rotation)
        object.__setattr__(self, "fps", float(self.fps))
        frames, joints = root.shape[0] if root.ndim else 0, self.skeleton.num_joints
        if root.shape != (frames, 3) or rotation.shape != (frames, joints, 3, 3):
            raise BadInput(
                f"a clip needs root_position (T, 3) and joint_rotation (T, {joints}, 3, 3), "
                f"got {root.shape} and {rotation.shape}"
            )
        if not 1 <= frames <= MAX_FRAMES:
            raise BadInput(f"a clip needs 1 to {MAX_FRAMES} frames, got {frames}")
        _check_fps(self.fps)
        if not (np.all(np.isfinite(root)) and np.all(np.isfinite(rotation))):
            raise BadInput("a clip must not contain NaN or infinite numbers")

    @property
    def num_frames(self) -> int:
        return self.root_position.shape[0]

    @property
    def duration(self) -> float:
        """Seconds the clip lasts when each frame is shown for 1 / fps."""
        return self.num_frames / self.fps

    @cached_property
    def in_world(self) -> tuple[Array, Array]:
        """(T, J, 3, 3) R_world_joint and (T, J, 3) m of all joints; read-only, reckoned once."""
        world = self.skeleton.forward_kinematics(self.root_position, self.joint_rotation)
        for array in world:
            array.setflags(write=False)
        return world

    def joint_positions(self) -> Array:
        """(T, J, 3) m, world positions of all joints; read-only."""
        return self.in_world[1]

    def sliced(self, start: int, stop: int) -> Motion:
        """Frames start (inclusive) to stop (exclusive)."""
        return replace(
            self,
            root_position=self.root_position[start:stop],
            joint_rotation=self.joint_rotation[start:stop],
            contacts=None if self.contacts is None else self.contacts[start:stop],
        )

    def sampled_at(self, times: Array, fps: float) -> Motion:
        """The clip at the given times (N,) in seconds: positions linear, rotations spherical; clamped to the ends.

        ``fps`` is the frame rate the result claims; the times are expected to be 1 / fps apart.
        """
        frame = np.clip(np.asarray(times, dtype=np.float64) * self.fps, 0.0, self.num_frames - 1.0)
        nearest = np.round(frame)  # exact frames stay bit-identical
        frame = np.where(np.abs(frame - nearest) < 1e-6, nearest, frame)
        if fps == self.fps and np.array_equal(frame, np.arange(self.num_frames)):
            return self
        low = np.floor(frame).astype(int)
        high = np.minimum(low + 1, self.num_frames - 1)
        weight = frame - low
        root = self.root_position[low] * (1 - weight)[:, None] + self.root_position[high] * weight[:, None]
        rotation = self.joint_rotation[low].copy()
        between = weight > 0
        if np.any(between):
            share = np.repeat(weight[between, None], self.skeleton.num_joints, axis=1)
            rotation[between] = slerp(rotation[between], self.joint_rotation[high[between]], share)
        contacts = None if self.contacts is None else self.contacts[np.round(frame).astype(int)]
        return replace(self, root_position=root, joint_rotation=rotation, fps=fps, contacts=contacts)

    def resampled(self, fps: float) -> Motion:
        """The same movement at another frame rate, without extrapolating past the last frame."""
        _check_fps(fps)
        if fps == self.fps:
            return self
        count = int(np.floor((self.num_frames - 1) / self.fps * fps + 1e-6)) + 1
        if count > MAX_FRAMES:
            raise BadInput(f"{self.duration:g} s at {fps:g} fps are {count} frames; at most {MAX_FRAMES} are possible")
        return self.sampled_at(np.arange(count) / fps, fps)

    def mirrored(self) -> Motion:
        """The clip reflected left to right (x to -x), left and right joints exchanged."""
        flip = np.array([-1.0, 1.0, 1.0])
        order = self.skeleton.mirror_indices
        rotation = self.joint_rotation[:, order] * flip[:, None] * flip[None, :]
        contacts = None if self.contacts is None else self.contacts[:, [2, 3, 0, 1]]
        return replace(self, root_position=self.root_position * flip, joint_rotation=rotation, contacts=contacts)


def _check_fps(fps: float) -> None:
    if not 0.0 < fps <= MAX_FPS:
        raise BadInput(f"fps must be above 0 and at most {MAX_FPS:g}, got {fps:g}")
