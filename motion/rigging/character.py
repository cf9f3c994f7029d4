"""A movement put on somebody's own character, and what came of it in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import height
from motion.core.clip import Motion
from motion.formats.rig import Posed, Rig
from motion.metrics.contacts import foot_positions
from motion.rigging.mapping import BoneMap, map_bones
from motion.rigging.people import person_of
from motion.rigging.planting import Feet, planted
from motion.rigging.stance import stands_like
from motion.rigging.transfer import transfer
from motion.rigging.wearing import worn

Array = NDArray[np.floating]


@dataclass(frozen=True)
class Worn:
    """A character with a movement.

    Attributes:
        posed: where its bones are.
        mapping: which of them is which.
        clip: the same as a clip of its roles.
        source: the clip it was made from, as one of the source's roles.
        scale: of its legs against the source's.
        feet: how standing feet slide.
    """

    posed: Posed
    mapping: BoneMap
    clip: Motion
    source: Motion
    scale: float
    feet: Feet

    def report(self) -> dict[str, Any]:
        """Numbers for people and programs; lengths in metres, speeds in cm/s."""
        bones = sum(len(names) for names in self.mapping.bones.values())
        found: dict[str, Any] = {
            "bones": bones + len(self.mapping.unmapped),
            "mapped": bones,
            "unmapped": list(self.mapping.unmapped),
            "least_confidence": min(self.mapping.confidence.values()),
            "leg_scale": round(self.scale, 4),
            "foot_slide_source_cm_s": round(100 * self.feet.source, 3),
            "foot_slide_before_cm_s": round(100 * self.feet.before, 3),
            "foot_slide_after_cm_s": round(100 * self.feet.after, 3),
            "lowest_foot_mm": round(1000 * float(height(foot_positions(self.clip)).min()), 1),
        }
        hands = self._hands()
        if hands is not None:
            found["hands_apart_error_m"] = round(hands, 4)
        return found

    def _hands(self) -> float | None:
        """m, mean error of the distance between the hands against the source's, scaled."""
        apart = []
        for clip in (self.clip, self.source):
            if not {"left_wrist", "right_wrist"} <= set(clip.skeleton.joint_names):
                return None
            places = clip.joint_positions()
            ends = [places[:, clip.skeleton.index(f"{side}_wrist")] for side in ("left", "right")]
            apart.append(np.linalg.norm(ends[0] - ends[1], axis=-1))
        return float(np.abs(apart[0] - self.scale * apart[1]).mean())


def put_on(
    clip: Motion,
    rig: Rig,
    told: Mapping[str, tuple[str, ...]] | None = None,
    root_motion: str | None = None,
    t_pose: bool = False,
) -> Worn:
    """The clip on a character.

    Args:
        clip: of SMPL's joints or any other person's.
        rig: the character.
        told: roles of the character's bones that the user has told.
        root_motion: where the way is, as ``wearing.worn`` has it.
        t_pose: begin with one frame of the character's rest pose.

    Raises:
        MotionError: the bones of one of the two cannot be told apart.
    """
    mapping = map_bones(rig.skeleton, told)
    source = person_of(clip.skeleton, map_bones(clip.skeleton))
    target = stands_like(person_of(rig.skeleton, mapping), source)
    ours, scale = source.clip(clip), target.leg / source.leg
    moved, feet = planted(transfer(ours, source, target), ours, scale)
    posed = worn(moved, target, rig, root_motion)
    return Worn(posed.after_rest(rig) if t_pose else posed, mapping, moved, ours, scale, feet)
