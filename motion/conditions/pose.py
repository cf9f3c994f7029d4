"""Pose: the whole body's posture at one moment, such as one frame of a clip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.conditions.checked import Load, array, entries, flag, loaded, moment, number, rotation, word
from motion.conditions.draft import Draft, Observed
from motion.core.clip import Motion
from motion.core.errors import BadInput

Array = NDArray[np.floating]

#: A pose of a clip comes with what the clip does so many seconds before and after: it is passed, not held.
AROUND = 0.05


@dataclass(frozen=True)
class Pose(Observed):
    """Hold this posture at ``time``.

    Attributes:
        time: s.
        joint_rotation: (J, 3, 3), R_parent_joint; for the root, R_world_root.
        root_position: (3,) m.
        placed: whether the place on the ground and the heading count too; without, only height and posture do.
        hard: whether the result must hit it exactly; a soft one is where the motion is led.
        file, frame: which frame of which file it is, if it is one; JSON then names them instead of the numbers.
        around: the frames of its clip around it, the pose ``before`` seconds after their first; None: the pose is held.
    """

    time: float
    joint_rotation: Array
    root_position: Array
    placed: bool = False
    hard: bool = True
    file: str | None = None
    frame: int | None = None
    around: Motion | None = None
    before: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "time", moment("a pose's time", self.time))
        object.__setattr__(
            self, "joint_rotation", rotation("a pose's joint_rotation", self.joint_rotation, (None, 3, 3))
        )
        object.__setattr__(self, "root_position", array("a pose's root_position", self.root_position, (3,)))
        object.__setattr__(self, "placed", flag("placed", self.placed))
        object.__setattr__(self, "hard", flag("hard", self.hard))
        if (self.file is None) != (self.frame is None):
            raise BadInput("a pose comes from a frame of a file; name both or neither")
        if self.around is not None:
            middle = min(round(self.before * self.around.fps), self.around.num_frames - 1)
            if not np.allclose(self.around.root_position[middle], self.root_position, atol=1e-6):
                raise BadInput("the clip around a pose must hold that pose; leave it out (None) if the pose was moved")

    @classmethod
    def of(
        cls,
        clip: Motion,
        frame: int,
        time: float,
        *,
        placed: bool = False,
        hard: bool = True,
        moving: bool = True,
        file: str | None = None,
    ) -> Pose:
        """Frame number ``frame`` of a clip (negative: from its end) as a key at ``time`` seconds.

        ``moving``: pass it as fast as the clip does; else it is held for a moment.
        """
        number("a pose's frame", frame, -clip.num_frames, clip.num_frames - 1)
        around, before = None, 0.0
        if flag("moving", moving):
            place, reach = frame % clip.num_frames, max(1, round(AROUND * clip.fps))
            first = max(0, place - reach)
            around, before = clip.sliced(first, place + reach + 1), (place - first) / clip.fps
        key = clip.joint_rotation[frame], clip.root_position[frame]
        return cls(time, *key, placed, hard, file, None if file is None else frame, around, before)

    def span(self) -> tuple[float, float | None]:
        """The moment, twice."""
        return self.time, self.time

    def write(self, draft: Draft) -> None:
        """The nearest frame, or those around the moment: rotations and height; if placed also where every joint is."""
        if len(self.joint_rotation) != draft.skeleton.num_joints:
            raise BadInput(f"a pose needs {draft.skeleton.num_joints} joints, got {len(self.joint_rotation)}")
        frames = np.array([draft.nearest(self.time)])
        if self.around is None:
            clip = Motion(draft.skeleton, self.root_position[None], self.joint_rotation[None], draft.fps)
        else:
            last = (self.around.num_frames - 1) / self.around.fps
            begin = self.time - self.before
            inside = draft.during(max(begin, self.time - AROUND), min(begin + last, self.time + AROUND))
            frames = inside if len(inside) else frames
            clip = self.around.sampled_at(draft.times[frames] - begin, draft.fps)
        draft.pose(frames, clip, self.placed)

    def to_json(self) -> dict[str, Any]:
        """A JSON object from which ``from_json`` makes an equal pose; one that names no file is held, not passed."""
        data = {"kind": "pose", "time": self.time, "placed": self.placed, "hard": self.hard}
        if self.file is not None:
            return {**data, "clip": self.file, "frame": self.frame, "moving": self.around is not None}
        return {
            **data, "joint_rotation": self.joint_rotation.tolist(), "root_position": self.root_position.tolist(),
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Any, load: Load | None = None) -> Pose:
        """A pose from a JSON object, its clip read by ``load``; raises ``BadInput`` or ``UnknownName``."""
        names = ("clip", "frame", "moving", "joint_rotation", "root_position")
        given = entries("pose", data, ("time",), ("placed", "hard", *names))
        if "clip" not in given:
            if "joint_rotation" not in given or "root_position" not in given or given.keys() & {"frame", "moving"}:
                raise BadInput("a pose needs a 'clip' and its 'frame', or 'joint_rotation' and 'root_position'")
            return cls(**given)
        if "joint_rotation" in given or "root_position" in given:
            raise BadInput("a pose is a frame of a 'clip' or has rotations of its own, not both")
        clip, frame = loaded("pose", given["clip"], load), given.get("frame", 0)
        if isinstance(frame, bool) or not isinstance(frame, int):
            raise BadInput(f"a pose's frame must be a whole number, got {frame!r:.60}")
        if not -clip.num_frames <= frame < clip.num_frames:
            raise BadInput(
                f"{word('clip', given['clip'])} has frames 0 to {clip.num_frames - 1} (or -1, -2, ... from the end), "
                f"got {frame!s:.30}"
            )
        options = {name: given[name] for name in ("placed", "hard", "moving") if name in given}
        return cls.of(clip, frame, given["time"], file=given["clip"], **options)
