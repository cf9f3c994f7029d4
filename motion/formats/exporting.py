"""Files that count as written only when they were read again: the export checks itself before it takes its place."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.core.clip import Motion
from motion.core.errors import BadFile, MotionError
from motion.core.skin import Skin
from motion.formats import format_of, save
from motion.formats.atomic import require_place
from motion.formats.check import MAX_JOINT_ERROR, Examined, examined
from motion.formats.presets import Preset
from motion.formats.rig import Posed, Rig, write_rig
from motion.formats.take import Take, take_of

Array = NDArray[np.floating]

#: Items that the movement itself may fail: of somebody who spins faster than a file of so many frames can show.
OF_THE_MOVEMENT = ("detour of a bone between two frames", "largest jump of an Euler angle")


def export(
    clip: Motion,
    path: str | os.PathLike[str],
    *,
    skin: Skin | None = None,
    provenance: dict[str, Any] | None = None,
    preset: Preset | None = None,
) -> Path:
    """Write a clip as ``motion.formats.save`` does and read it again; it appears only when it is what was meant.

    Raises:
        BadFile: what is read again is not what was written.
    """
    path = Path(path)
    with _aside(path) as beside:
        save(clip, beside, skin=skin, provenance=provenance, preset=preset)
        _require_content(beside, path)
        if format_of(path).read is not None:
            found = _again(beside, path, clip)
            used = preset if format_of(path).presets else None
            take = take_of(clip, used)
            names = [take.skeleton.joint_names[node] for node in take.node_of]
            wanted = _places(take)[:, take.node_of] if used is not None else clip.joint_positions()
            _require_same(found, path, names, wanted, clip.fps)
            _require_items(found, path)
            if provenance and format_of(path).provenance is not None and not found.provenance:
                raise BadFile(path, "was not written: the record of how the clip was made is missing in it")
    return path


def export_rig(rig: Rig, posed: Posed, path: str | os.PathLike[str], provenance: dict[str, Any] | None = None) -> Path:
    """Write a character of somebody's own as ``motion.formats.rig.write_rig`` does and read it again.

    Its own nodes are not judged, only whether its bones are where they should be. Raises ``BadFile``.
    """
    path = Path(path)
    with _aside(path) as beside:
        write_rig(rig, posed, beside, provenance)
        _require_same(_again(beside, path), path, rig.names, posed.position, posed.fps)
    return path


@contextmanager
def _aside(path: Path) -> Iterator[Path]:
    """A place of the same name in a folder of its own beside ``path``, from where it takes its place at the end."""
    require_place(path)
    folder = Path(tempfile.mkdtemp(prefix=".stride-", dir=path.parent))
    try:
        yield folder / path.name
        os.replace(folder / path.name, path)
    except OSError as error:
        raise BadFile(path, f"cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _again(beside: Path, path: Path, clip: Motion | None = None) -> Examined:
    """What is read again, its faults told by the file's right name."""
    try:
        return examined(beside, clip.skeleton if clip is not None else None)
    except MotionError as error:
        raise BadFile(path, f"was not written, for it cannot be read again: {error}") from error


def _require_content(beside: Path, path: Path) -> None:
    if not beside.is_file() or not beside.stat().st_size:
        raise BadFile(path, "was not written: it is empty")


def _require_same(found: Examined, path: Path, names: Sequence[str], wanted: Array, fps: float) -> None:
    """Raise ``BadFile`` unless the joints that were read again are where they should be, at every frame."""
    back = found.clip
    if back.num_frames != len(wanted) or abs(back.fps - fps) > 1e-6 * fps:
        raise BadFile(path, f"was not written: it says {back.num_frames} frames at {back.fps:g} fps instead of "
                            f"{len(wanted)} at {fps:g}")  # fmt: skip
    place = {name: joint for joint, name in enumerate(back.skeleton.joint_names)}
    known = [joint for joint, name in enumerate(names) if name in place]
    if len(known) < min(len(names), back.skeleton.num_joints):
        missing = sorted(set(names) - set(place))
        raise BadFile(path, f"was not written: bones are called otherwise in it, such as {missing[0]!r}")
    is_at = back.joint_positions()[:, [place[names[joint]] for joint in known]]
    error = float(np.abs(is_at - wanted[:, known]).max())
    size = max(1.0, float(np.abs(wanted).max()) / 10.0)  # files keep seven digits
    if not error <= size * MAX_JOINT_ERROR.get(path.suffix.lower(), 1e-4):
        raise BadFile(path, f"was not written: joints are {1000 * error:.3g} mm off in it")


def _require_items(found: Examined, path: Path) -> None:
    wrong = [item for item in found.items if not item.ok and item.name not in OF_THE_MOVEMENT]
    if wrong:
        raise BadFile(path, f"was not written: {wrong[0].name} is {wrong[0].value}; right would be {wrong[0].limit}")


def _places(take: Take) -> Array:
    """(T, nodes, 3) m, where a take's nodes are."""
    rotations = np.empty_like(take.rotation)
    places = np.empty(take.rotation.shape[:-1])
    for node, parent in enumerate(take.skeleton.parents):
        offset = take.translation.get(node, take.skeleton.rest_offsets[node])
        if parent < 0:
            rotations[:, node], places[:, node] = take.rotation[:, node], offset
        else:
            rotations[:, node] = rotations[:, parent] @ take.rotation[:, node]
            offset = np.broadcast_to(offset, (take.num_frames, 3))
            places[:, node] = places[:, parent] + np.einsum("tab,tb->ta", rotations[:, parent], offset)
    return places
