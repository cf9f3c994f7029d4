"""Clips in and out of files: one module per format, reader and writer together, chosen by the file's suffix.

Everything else in Stride works in metres, Y up, +Z forward; only the modules here know centimetres, Z-up and degrees.
A body is seen only as a core ``Skin``.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from motion.core.clip import Motion
from motion.core.errors import BadFile, BadInput, UnknownName
from motion.core.skeleton import Skeleton
from motion.core.skin import Skin
from motion.formats.atomic import require_place
from motion.formats.presets import Preset


@dataclass(frozen=True)
class Format:
    """One row of the table.

    Attributes:
        name: what it is, in words.
        write: ``write(clip, path, *, skin=None, provenance=None)``, atomic; with presets ``preset=None`` as well.
        read: ``read(path, *, skeleton=None) -> Motion``, or None for formats that are only written; the skeleton is
            for files that carry none.
        check: ``check(path) -> list[CheckItem]``, what is peculiar to the format, for ``motion.formats.check``.
        examine: ``examine(path) -> Examined``: clip, skin, record and what ``check`` finds, of files read only once.
        read_skin: ``read_skin(path) -> Skin | None``, for formats that can hold a surface.
        provenance: ``provenance(path) -> dict | None``, for formats that can hold a record of how a clip was made.
        needs: the optional package it is written with, as (module, extra of ours), or None.
        presets: whether it is written after a preset; others hold joints, not bones, and are written as ever.
    """

    name: str
    write: Callable[..., None]
    read: Callable[..., Motion] | None = None
    check: Callable[..., Any] | None = None
    examine: Callable[..., Any] | None = None
    read_skin: Callable[..., Skin | None] | None = None
    provenance: Callable[..., dict[str, Any] | None] | None = None
    needs: tuple[str, str] | None = None
    presets: bool = False


def _lazy(module: str, function: str) -> Callable[..., Any]:
    """The function, its module imported at the first call: asking for ``--help`` loads no encoder."""

    def call(*args: Any, **options: Any) -> Any:
        return getattr(importlib.import_module(f"motion.formats.{module}"), function)(*args, **options)

    return call


FORMATS: dict[str, Format] = {
    ".glb": Format(
        "binary glTF",
        write=_lazy("glb", "write_glb"),
        read=_lazy("glb_reader", "read_glb"),
        check=_lazy("check_glb", "check_glb"),
        examine=_lazy("check_glb", "examine_glb"),
        read_skin=_lazy("glb_reader", "read_skin"),
        provenance=_lazy("glb_reader", "read_provenance"),
        presets=True,
    ),
    ".fbx": Format(
        "binary FBX",
        write=_lazy("fbx", "write_fbx"),
        read=_lazy("fbx_reader", "read_fbx"),
        check=_lazy("check_fbx", "check_fbx"),
        examine=_lazy("check_fbx", "examine_fbx"),
        read_skin=_lazy("fbx_reader", "read_skin"),
        provenance=_lazy("fbx_reader", "read_provenance"),
        presets=True,
    ),
    ".npz": Format(
        "AMASS (SMPL parameters)",
        write=_lazy("npz", "write_npz"),
        read=_lazy("npz", "read_npz"),
        check=_lazy("check_npz", "check_npz"),
        provenance=_lazy("npz", "read_provenance"),
    ),
    ".bvh": Format(
        "BVH",
        write=_lazy("bvh", "write_bvh"),
        read=_lazy("bvh", "read_bvh_of_any_unit"),
        check=_lazy("check_bvh", "check_bvh"),
        presets=True,
    ),
    ".csv": Format("joint positions", _lazy("joints_csv", "write_csv")),
    ".png": Format("contact sheet", _lazy("picture", "write_png")),
    ".gif": Format("animation", _lazy("picture", "write_gif")),
    ".mp4": Format("video", _lazy("video", "write_mp4"), needs=("imageio_ffmpeg", "video")),
}


def format_of(path: str | os.PathLike[str]) -> Format:
    """The format of a file by its suffix; raises ``UnknownName`` or ``BadFile``, listing those there are."""
    suffix = Path(path).suffix.lower()
    if suffix not in FORMATS:
        if not suffix:
            raise BadFile(path, f"its name has no suffix to tell the format by; known: {', '.join(sorted(FORMATS))}")
        raise UnknownName("file suffix", suffix, FORMATS)
    return FORMATS[suffix]


def require_presets(paths: Sequence[str | os.PathLike[str]], preset: Preset | None) -> None:
    """Raise ``BadInput`` when there is a preset and none of the files is of a format written after one."""
    if preset is not None and not any(format_of(path).presets for path in paths):
        *able, last = (suffix for suffix, entry in FORMATS.items() if entry.presets)
        raise BadInput(
            f"{', '.join(map(str, paths))}: only {', '.join(able)} and {last} have a preset, root motion or a T-pose; "
            "leave them out, or write one of these"
        )


def load(path: str | os.PathLike[str], *, skeleton: Skeleton | None = None) -> Motion:
    """Read a clip from a file, by suffix.

    Args:
        path: the file.
        skeleton: SMPL's joints with rest offsets, for files that carry no skeleton (AMASS).

    Raises:
        UnknownName: the suffix is not in ``FORMATS``.
        BadInput: the format is only written, never read.
        BadFile: the file is missing, damaged, too large or not what its suffix says.
    """
    found = format_of(path)
    if found.read is None:
        readable = ", ".join(suffix for suffix, entry in FORMATS.items() if entry.read)
        raise BadInput(f"{path}: {found.name} is only written, not read; readable: {readable}")
    if not Path(path).is_file():
        raise BadFile(path, "no such file")
    return found.read(path, skeleton=skeleton)


def save(
    clip: Motion,
    path: str | os.PathLike[str],
    *,
    skin: Skin | None = None,
    provenance: dict[str, Any] | None = None,
    preset: Preset | None = None,
) -> Path:
    """Write a clip to a file, by suffix; the file appears whole or not at all.

    Args:
        clip: what to write.
        path: the file; its folder must exist.
        skin: the body, for formats that show one; it must have the clip's joints.
        provenance: how the clip was made (prompt, seed, model, ...), kept inside the file where the format can.
        preset: bones, root motion, unit and axes of an engine, for formats that have them.

    Returns:
        The path written.
    """
    found = format_of(path)
    if skin is not None and skin.skeleton.joint_names != clip.skeleton.joint_names:
        raise BadInput("the skin and the clip must have the same joints")
    require_place(path)
    options = {"preset": preset} if found.presets else {}
    found.write(clip, path, skin=skin, provenance=provenance, **options)
    return Path(path)
