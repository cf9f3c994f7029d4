"""From one file to another."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.core.clip import Motion
from motion.core.errors import BadInput
from motion.core.skeleton import SMPL_JOINT_NAMES, SMPL_PARENTS, Skeleton
from motion.core.skin import Skin
from motion.formats import format_of, load
from motion.formats.atomic import require_place
from motion.formats.exporting import export
from motion.formats.glb import fits
from motion.formats.presets import PRESETS, Preset
from motion.formats.stick import stick_skin

#: Bones between SMPL's joints that turn by less than this may be left out.
STILL = 1e-4


def convert(
    source: str | os.PathLike[str],
    target: str | os.PathLike[str],
    *,
    skin: Skin | None = None,
    shaped: Callable[[NDArray[np.floating]], Skin] | None = None,
    fps: float | None = None,
    preset: Preset | None = None,
) -> Motion:
    """Read a clip and write it in the format of the target's suffix; returns the clip written.

    Args:
        source: the file to read.
        target: the file to write; its folder must exist.
        skin: the body to use: its skeleton for AMASS files, which carry none, and its surface in formats that show
            one, when the clip is of that skeleton. A .glb that brings a surface of its own keeps it; where there
            is none, sticks along the bones make the movement visible.
        shaped: the skin of the body with given shape coefficients, for clips of a person who is not of mean shape.
        fps: frames per second to resample to; as in the source when None.
        preset: bones, root motion, unit and axes of an engine, for formats that have them.
    """
    format_of(target)
    require_place(target)
    clip = read_clip(source, skin.skeleton if skin is not None else None, fps)
    own = skin_of(source)
    clip, own = with_smpl_names(clip, own)
    surface = own or _fitting(clip, skin, shaped) or stick_skin(clip.skeleton)
    export(clip, target, skin=surface, provenance=provenance_of(source), preset=preset)
    return clip


def read_clip(source: str | os.PathLike[str], skeleton: Skeleton | None = None, fps: float | None = None) -> Motion:
    """The clip of a file, resampled where ``fps`` is given; ``skeleton`` as for ``motion.formats.load``."""
    clip = load(source, skeleton=skeleton)
    return clip if fps is None else clip.resampled(fps)


def with_smpl_names(clip: Motion, skin: Skin | None) -> tuple[Motion, Skin | None]:
    """A clip, and its skin, whose bones are called as a preset calls SMPL's 24 joints, with SMPL's names again."""
    skeleton = clip.skeleton
    for preset in PRESETS.values():
        between = [skeleton.index(bone) for bone, _, _ in preset.between if bone in skeleton.joint_names]
        if set(skeleton.joint_names) == {*preset.bones.values(), *(bone for bone, _, _ in preset.between)}:
            if np.abs(clip.joint_rotation[:, between] - np.eye(3)).max(initial=0.0) > STILL:
                continue
            order = [skeleton.index(bone) for bone in preset.bones.values()]
            rest = skeleton.rest_positions[order]
            offsets = np.where(np.array(SMPL_PARENTS)[:, None] >= 0, rest - rest[list(SMPL_PARENTS)], rest)
            named = Skeleton(SMPL_JOINT_NAMES, np.array(SMPL_PARENTS), offsets)
            clip = replace(clip, skeleton=named, joint_rotation=clip.joint_rotation[:, order])
            return clip, skin and Skin(named, skin.vertices, skin.faces, skin.weights[:, order])
    return clip, skin


def _fitting(clip: Motion, skin: Skin | None, shaped: Callable[[NDArray[np.floating]], Skin] | None) -> Skin | None:
    """The body's skin, of mean shape or of the clip's, if it is of the clip's skeleton."""
    if skin is not None and fits(skin, clip.skeleton):
        return skin
    if shaped is None or clip.betas is None:
        return None
    try:
        own = shaped(clip.betas)
    except BadInput:  # coefficients of another body's shape space
        return None
    return own if fits(own, clip.skeleton) else None


def skin_of(path: str | os.PathLike[str]) -> Skin | None:
    """The surface a file brings along, or None."""
    read = format_of(path).read_skin
    return read(path) if read is not None else None


def provenance_of(path: str | os.PathLike[str]) -> dict[str, Any] | None:
    """The record inside a file of how its clip was made, or None where there is none."""
    read = format_of(path).provenance
    return read(path) if read is not None else None
