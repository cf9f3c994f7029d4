"""A user's own character: opened and understood before any work, then written with each clip; ``stride rig``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.terminal import answer, warn
from motion.core.clip import Motion
from motion.core.errors import BadInput
from motion.formats.atomic import write_text
from motion.formats.exporting import export_rig
from motion.formats.rig import RIGS, Rig, open_rig
from motion.rigging.character import put_on
from motion.rigging.mapping import BoneMap, map_bones, read_mapping

#: Roles of which the user is asked to make sure are those below this confidence.
UNSURE = 0.75


@dataclass(frozen=True)
class Character:
    """A character whose bones are known.

    Attributes:
        rig: its file.
        mapping: which bone is which.
        told: what of it the user has told.
        root_motion: where the way goes; None: on a root bone where there is one.
        t_pose: whether the first frame shows its rest pose.
    """

    rig: Rig
    mapping: BoneMap
    told: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    root_motion: str | None = None
    t_pose: bool = False

    def write(self, clip: Motion, path: str, provenance: dict[str, Any] | None) -> dict[str, Any]:
        """Write the character with the clip; returns the report of how it fits."""
        worn = put_on(clip, self.rig, self.told, self.root_motion, self.t_pose)
        export_rig(self.rig, worn.posed, path, provenance)
        return {"character": str(self.rig.path), **worn.report()}


def open_character(
    rig: str | None,
    mapping: str | None,
    out: Sequence[str],
    preset: str | None = None,
    root_motion: str | None = None,
    t_pose: bool = False,
) -> Character | None:
    """The character that a user's options name, or None; raises ``MotionError`` for what cannot be."""
    if rig is None:
        if mapping is not None:
            raise BadInput("--mapping tells the bones of a character; name its file with --rig")
        return None
    if preset is not None:
        raise BadInput("--preset gives bones their names, a character of --rig keeps its own; leave one of them out")
    if not any(Path(name).suffix.lower() in RIGS for name in out):
        raise BadInput(f"{', '.join(out)}: a character of --rig is written as {', '.join(RIGS)}; add such a file")
    opened = open_rig(rig)
    told = read_mapping(mapping, opened.skeleton) if mapping is not None else {}
    return Character(opened, map_bones(opened.skeleton, told), told, root_motion, t_pose)


def is_worn(character: Character | None, path: str) -> bool:
    """Whether a file shows the character rather than the body."""
    return character is not None and Path(path).suffix.lower() in RIGS


def say(mapping: BoneMap) -> None:
    """Ask the user to look at what is not sure."""
    unsure = [role for role, sure in mapping.confidence.items() if sure < UNSURE]
    if unsure:
        bones = ", ".join(f"{role} = {', '.join(mapping.bones[role])}" for role in unsure)
        warn(f"not sure of {bones}; 'stride rig CHARACTER --out map.json' writes what to correct for --mapping")


def lines(report: Mapping[str, Any]) -> list[str]:
    """How a character fits, in words."""
    rest = report["unmapped"]
    more = ", ..." if len(rest) > 4 else ""
    others = f"; those above them lead {', '.join(rest[:4])}{more}" if rest else ""
    slide = [report[f"foot_slide_{when}_cm_s"] for when in ("source", "before", "after")]
    return [
        f"{report['mapped']} of {report['bones']} bones mapped{others}",
        f"legs {report['leg_scale']:.2f} times as long; standing feet slide {slide[0]:.1f} cm/s in the source, "
        f"{slide[1]:.1f} on the character and {slide[2]:.1f} after planting",
    ]


def rig(options: argparse.Namespace) -> dict[str, Any]:
    """``stride rig``: which bone of a character is which."""
    opened = open_rig(options.rig)
    told = read_mapping(options.mapping, opened.skeleton) if options.mapping is not None else {}
    mapping = map_bones(opened.skeleton, told)
    if options.out is not None:
        write_text(options.out, json.dumps(mapping.to_json(), indent=2, ensure_ascii=False) + "\n")
    if not options.json:
        answer(*mapping.to_text(), f"{len(mapping.unmapped)} other bones follow those above them")
        say(mapping)
    return {"rig": options.rig, "files": [options.out] if options.out is not None else [], **mapping.to_json()}
