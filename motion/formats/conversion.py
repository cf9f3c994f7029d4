"""From one file to another."""

from __future__ import annotations

import os
from typing import Any

from motion.core.clip import Motion
from motion.core.skin import Skin
from motion.formats import format_of, load, save
from motion.formats.atomic import require_place
from motion.formats.glb import fits


def convert(
    source: str | os.PathLike[str],
    target: str | os.PathLike[str],
    *,
    skin: Skin | None = None,
    fps: float | None = None,
) -> Motion:
    """Read a clip and write it in the format of the target's suffix; returns the clip written.

    Args:
        source: the file to read.
        target: the file to write; its folder must exist.
        skin: the body to use: its skeleton for AMASS files, which carry none, and its surface in formats that show
            one, when the clip is of that skeleton. A .glb that brings a surface of its own keeps it.
        fps: frames per second to resample to; as in the source when None.
    """
    format_of(target)
    require_place(target)
    clip = load(source, skeleton=skin.skeleton if skin is not None else None)
    if fps is not None:
        clip = clip.resampled(fps)
    surface = skin_of(source)
    if surface is None and skin is not None and fits(skin, clip.skeleton):
        surface = skin
    save(clip, target, skin=surface, provenance=provenance_of(source))
    return clip


def skin_of(path: str | os.PathLike[str]) -> Skin | None:
    """The surface a file brings along, or None."""
    read = format_of(path).read_skin
    return read(path) if read is not None else None


def provenance_of(path: str | os.PathLike[str]) -> dict[str, Any] | None:
    """The record inside a file of how its clip was made, or None where there is none."""
    read = format_of(path).provenance
    return read(path) if read is not None else None
