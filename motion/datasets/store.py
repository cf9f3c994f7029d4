"""The training set: every clip on one skeleton at one frame rate, in four files that open without copying.

- ``clips.jsonl``  one row per clip (``id source start frames captions content style split licence speed_m_s``)
- ``transl.npy``   (N, 3) float32 m, root positions of all clips one after another; Y up, floor at 0
- ``poses.npy``    (N, 72) float32, rotation vectors of SMPL's 24 joints, each in its parent's frame
- ``meta.json``    version, fps, skeleton, sources with their licences; written last: without it the set is not complete
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.core.clip import Motion
from motion.core.errors import BadFile, BadInput
from motion.core.rotation import rotmat_to_rotvec, rotvec_to_rotmat
from motion.core.skeleton import Skeleton
from motion.metrics.physical import mean_planar_speed

Array = NDArray[np.floating]

VERSION = 1
FILES = ("clips.jsonl", "transl.npy", "poses.npy", "meta.json")


@dataclass(frozen=True)
class Caption:
    """A sentence about ``start_s`` to ``end_s`` seconds of a clip; ``source`` says who wrote it."""

    text: str
    start_s: float
    end_s: float
    source: str


@dataclass(frozen=True)
class Item:
    """One clip of the training set, on its skeleton and at its frame rate. ``content`` and ``style`` are labels."""

    id: str
    source: str
    clip: Motion
    captions: tuple[Caption, ...]
    split: str
    licence: str
    content: str | None = None
    style: str | None = None


def write_store(
    folder: str | os.PathLike[str],
    items: Iterable[Item],
    skeleton: Skeleton,
    fps: float,
    meta: dict[str, Any] | None = None,
) -> None:
    """Write clips into a new or existing folder; a set that was there stays whole until the new one is complete.

    Args:
        folder: made if missing.
        items: the clips; each must have ``skeleton``'s joints and ``fps``.
        skeleton: the one skeleton of the set.
        fps: frames per second of the set.
        meta: further entries for meta.json, such as the sources with their licences.
    """
    rows, start = [], 0
    roots: list[Array] = [np.zeros((0, 3))]
    poses: list[Array] = [np.zeros((0, 3 * skeleton.num_joints))]
    for item in items:
        if item.clip.fps != fps or item.clip.skeleton.joint_names != skeleton.joint_names:
            raise BadInput(f"clip {item.id!r} must be on the set's skeleton and at {fps:g} fps")
        rows.append(_row(item, start))
        roots.append(item.clip.root_position)
        poses.append(rotmat_to_rotvec(item.clip.joint_rotation).reshape(item.clip.num_frames, -1))
        start += item.clip.num_frames
    write_arrays(folder, rows, np.concatenate(roots), np.concatenate(poses), skeleton, fps, meta or {})


def _row(item: Item, start: int) -> dict[str, Any]:
    return {
        "id": item.id,
        "source": item.source,
        "start": start,
        "frames": item.clip.num_frames,
        "captions": [vars(caption) for caption in item.captions],
        "content": item.content,
        "style": item.style,
        "split": item.split,
        "licence": item.licence,
        "speed_m_s": round(mean_planar_speed(item.clip), 4),
    }


def write_arrays(
    folder: str | os.PathLike[str],
    rows: list[dict[str, Any]],
    transl: Array,
    poses: Array,
    skeleton: Skeleton,
    fps: float,
    meta: dict[str, Any],
) -> None:
    """Write a set from its parts. All files are written beside their places first, then exchanged, meta.json last."""
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        new = {name: folder / f".new-{name}" for name in FILES}
        with new["clips.jsonl"].open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        for name, array in (("transl.npy", transl), ("poses.npy", poses)):
            with new[name].open("wb") as binary:
                np.save(binary, np.asarray(array, dtype=np.float32))
        head: dict[str, Any] = {"version": VERSION, "fps": fps, "frames": len(transl), "clips": len(rows)}
        head["skeleton"] = {
            "joint_names": list(skeleton.joint_names),
            "parents": skeleton.parents.tolist(),
            "rest_offsets": skeleton.rest_offsets.tolist(),
        }
        new["meta.json"].write_text(json.dumps(head | meta, indent=1) + "\n", encoding="utf-8", newline="\n")
        (folder / "meta.json").unlink(missing_ok=True)
        for name in FILES:
            os.replace(new[name], folder / name)
    except OSError as error:
        raise BadFile(folder, f"the training set cannot be written: {error.strerror or error}") from error


@dataclass(frozen=True)
class TrainingSet:
    """An opened training set; the arrays stay on disk until they are used.

    Attributes:
        folder: where it is.
        skeleton, fps: of every clip.
        rows: one dictionary per clip, as in clips.jsonl.
        transl: (N, 3) float32 m, all root positions.
        poses: (N, 72) float32, all rotation vectors.
        meta: the whole of meta.json.
    """

    folder: Path
    skeleton: Skeleton
    fps: float
    rows: list[dict[str, Any]]
    transl: Array
    poses: Array
    meta: dict[str, Any]

    @classmethod
    def open(cls, folder: str | os.PathLike[str]) -> TrainingSet:
        """Open a folder made by ``stride data build``.

        Raises:
            BadFile: it is not a complete training set of this version, or its files do not belong together.
        """
        folder = Path(folder)
        missing = [name for name in FILES if not (folder / name).is_file()]
        if missing:
            advice = "run 'stride data build SOURCE --from DIR --out DIR' to make or finish it"
            raise BadFile(folder, f"not a complete training set ({', '.join(missing)} missing); {advice}")
        meta = _read_meta(folder / "meta.json")
        try:
            skeleton = Skeleton(
                tuple(meta["skeleton"]["joint_names"]),
                np.array(meta["skeleton"]["parents"]),
                np.array(meta["skeleton"]["rest_offsets"], dtype=float),
            )
            fps, frames, clips = float(meta["fps"]), int(meta["frames"]), int(meta["clips"])
        except (KeyError, TypeError, ValueError) as error:
            raise BadFile(folder / "meta.json", "damaged: it lacks fps, frames, clips or skeleton") from error
        rows = _read_rows(folder / "clips.jsonl", clips, frames)
        transl = _map(folder / "transl.npy", (frames, 3))
        poses = _map(folder / "poses.npy", (frames, 3 * skeleton.num_joints))
        return cls(folder, skeleton, fps, rows, transl, poses, meta)

    def __len__(self) -> int:
        return len(self.rows)

    def clip(self, index: int) -> Motion:
        """The clip of row ``index``."""
        span = slice(self.rows[index]["start"], self.rows[index]["start"] + self.rows[index]["frames"])
        rotvec = np.asarray(self.poses[span], dtype=np.float64).reshape(-1, self.skeleton.num_joints, 3)
        return Motion(self.skeleton, np.asarray(self.transl[span]), rotvec_to_rotmat(rotvec), self.fps)

    def select(self, split: str | None = None, source: str | None = None) -> list[int]:
        """Indices of the rows of a split (``train``, ``val``) and of a source; None takes all."""
        return [
            index
            for index, row in enumerate(self.rows)
            if split in (None, row["split"]) and source in (None, row["source"])
        ]


def _read_meta(path: Path) -> dict[str, Any]:
    try:
        meta = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadFile(path, "cannot be read as JSON") from error
    if not isinstance(meta, dict) or meta.get("version") != VERSION:
        found = meta.get("version") if isinstance(meta, dict) else None
        raise BadFile(path, f"training set version {found}, this program reads version {VERSION}; build it again")
    return meta


def _read_rows(path: Path, clips: int, frames: int) -> list[dict[str, Any]]:
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        whole = all(row["start"] >= 0 and row["frames"] > 0 and row["start"] + row["frames"] <= frames for row in rows)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadFile(path, "damaged: every line must be one JSON object with id, start and frames") from error
    if len(rows) != clips or not whole:
        raise BadFile(path, f"{len(rows)} clips do not fit meta.json ({clips} clips, {frames} frames); build it again")
    return rows


def _map(path: Path, shape: tuple[int, int]) -> Array:
    try:
        array = np.load(path, mmap_mode="r" if shape[0] else None, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise BadFile(path, "cannot be read as a numpy array") from error
    if array.shape != shape or array.dtype != np.float32:
        raise BadFile(path, f"holds {array.dtype} {array.shape}, expected float32 {shape}; build the set again")
    return array
