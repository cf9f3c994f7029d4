"""Observation: what is already known of a clip that is still to be made."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import ground
from motion.core.clip import Motion
from motion.core.errors import BadInput
from motion.core.rotation import rotmat_to_yaw

Array = NDArray[np.floating]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Observation:
    """Known values of T frames and J joints, each with a mask; a value is zero where it is not known.

    Conditions speak in this type, in metres and joints; ``representation`` turns it into features.

    A posture may be known of somebody who stands and faces nowhere yet: where ``root_ground`` is not known, the
    root's joint position tells its height alone, and where ``heading`` is not, its rotation tells its tilt alone.

    Attributes:
        root_ground: (T, 2) m, ground position of the root.
        root_ground_known: (T,) bool.
        heading: (T,) rad, direction the root faces.
        heading_known: (T,) bool.
        joint_position: (T, J, 3) m, in the world.
        joint_position_known: (T, J) bool.
        joint_rotation: (T, J, 3, 3), R_parent_joint; for the root, R_world_root.
        joint_rotation_known: (T, J) bool.
    """

    root_ground: Array
    root_ground_known: Mask
    heading: Array
    heading_known: Mask
    joint_position: Array
    joint_position_known: Mask
    joint_rotation: Array
    joint_rotation_known: Mask

    def __post_init__(self) -> None:
        if np.ndim(self.joint_position_known) != 2:
            raise BadInput(f"joint_position_known must be (T, J), got {np.shape(self.joint_position_known)}")
        frames, joints = np.shape(self.joint_position_known)
        shapes = {
            "root_ground": (frames, 2),
            "heading": (frames,),
            "joint_position": (frames, joints, 3),
            "joint_rotation": (frames, joints, 3, 3),
        }
        for name, shape in shapes.items():
            value = np.asarray(getattr(self, name), dtype=np.float64)
            known = np.asarray(getattr(self, f"{name}_known"), dtype=bool)
            expected = shape[:2] if name.startswith("joint") else shape[:1]
            if value.shape != shape or known.shape != expected:
                raise BadInput(
                    f"an observation's {name} must be {shape} with mask {expected}, got {value.shape} and {known.shape}"
                )
            if not np.all(np.isfinite(value[known])):
                raise BadInput(f"known values of {name} must not be NaN or infinite")
            object.__setattr__(self, name, np.where(_over(known, value), value, 0.0))
            object.__setattr__(self, f"{name}_known", known)

    @classmethod
    def nothing(cls, frames: int, joints: int) -> Observation:
        """Nothing is known yet."""
        return cls(
            root_ground=np.zeros((frames, 2)),
            root_ground_known=np.zeros(frames, bool),
            heading=np.zeros(frames),
            heading_known=np.zeros(frames, bool),
            joint_position=np.zeros((frames, joints, 3)),
            joint_position_known=np.zeros((frames, joints), bool),
            joint_rotation=np.zeros((frames, joints, 3, 3)),
            joint_rotation_known=np.zeros((frames, joints), bool),
        )

    @classmethod
    def everything(cls, clip: Motion) -> Observation:
        """All of a clip is known."""
        frames, joints = clip.joint_rotation.shape[:2]
        return cls(
            root_ground=ground(clip.root_position),
            root_ground_known=np.ones(frames, bool),
            heading=rotmat_to_yaw(clip.joint_rotation[:, 0]),
            heading_known=np.ones(frames, bool),
            joint_position=clip.joint_positions(),
            joint_position_known=np.ones((frames, joints), bool),
            joint_rotation=clip.joint_rotation,
            joint_rotation_known=np.ones((frames, joints), bool),
        )

    def merged(self, other: Observation) -> Observation:
        """Both together; where both know something, ``other`` wins."""
        if self.joint_position_known.shape != other.joint_position_known.shape:
            raise BadInput("only observations of the same number of frames and joints can be merged")
        merged: dict[str, NDArray] = {}
        for name in (field.name for field in fields(self) if not field.name.endswith("_known")):
            mine, known = getattr(self, name), getattr(other, f"{name}_known")
            merged[name] = np.where(_over(known, mine), getattr(other, name), mine)
            merged[f"{name}_known"] = getattr(self, f"{name}_known") | known
        return Observation(**merged)


def _over(known: Mask, value: Array) -> Mask:
    """A mask (T,) or (T, J) with trailing ones, so that it broadcasts over its values."""
    return known.reshape(*known.shape, *(1,) * (value.ndim - known.ndim))
