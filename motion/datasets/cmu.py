"""CMU Graphics Lab trials as ASF/AMC and as cgspeed's two BVH conversions, with the known faults of each repaired."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from motion.core.clip import Motion
from motion.core.errors import BadFile
from motion.core.rotation import rotmat_to_rotvec
from motion.core.skeleton import Skeleton
from motion.datasets.cleaning import at_30_fps, without_spikes
from motion.datasets.hdm05 import read_skeleton
from motion.datasets.skeletons import ASF, DAZ, MOTIONBUILDER
from motion.datasets.source import Record, Recording, read_labels
from motion.datasets.store import Caption
from motion.formats.amc import INCH, read_amc
from motion.formats.bvh import read_bvh
from motion.refine.retarget import SkeletonMap

#: The conversions put up to this many T-pose frames in front.
MOST_ADDED = 6
#: Mean change of the joints' rotations (radians) between two frames that no person makes in 1/60 s: the T-pose ends.
JUMP = 0.1
#: The DAZ conversion fades from the T-pose in ever smaller steps; below this step (radians) the fade is over.
FADED = 0.008
#: Every this many trials one goes to the validation split when no labels say which.
VAL_EVERY = 17
INDEX = "CMU index (mocap.cs.cmu.edu), trial description"


def find(folder: Path) -> list[Record]:
    """The trials named in ``cmu.jsonl``; without it every ``NN_NN.amc`` whose ``NN.asf`` lies beside it."""
    rows = [row for row in read_labels(folder, "cmu") if (folder / str(row.get("file"))).is_file()]
    return [Record(f"cmu/{row['trial']}", row["file"], row) for row in rows] or _unlabelled(folder)


def _unlabelled(folder: Path) -> list[Record]:
    descriptions = _read_index(folder)
    records = []
    paths = [p for p in folder.rglob("[0-9]*_*.amc") if p.with_name(f"{p.stem.split('_')[0]}.asf").is_file()]
    for number, path in enumerate(sorted(paths, key=lambda p: p.name)):
        split = "val" if number % VAL_EVERY == 0 else "train"
        labels: dict[str, Any] = {"skeleton": "asf", "true_fps": 120, "split": split}
        text = descriptions.get(path.stem)
        if text:
            labels["segments"] = [{"start_s": 0.0, "end_s": None, "captions": [text], "caption_source": INDEX}]
        records.append(Record(f"cmu/{path.stem}", path.relative_to(folder).as_posix(), labels))
    return records


def _read_index(folder: Path) -> dict[str, str]:
    """``01_01<tab>description`` lines of CMU's index text, where it is at hand."""
    descriptions = {}
    for path in folder.glob("cmu-mocap-index*.txt"):
        for line in path.read_text(encoding="latin-1").splitlines():
            trial, _, text = line.strip().partition("\t")
            if text.strip():
                descriptions[trial] = text.strip()
    return descriptions


def load(record: Record, folder: Path, skeleton: Skeleton) -> list[Recording]:
    """The pieces of a trial that spikes leave whole; the skeleton is not needed."""
    path = folder / record.path
    clip, mapping = _read(path, str(record.labels.get("skeleton")), float(record.labels["true_fps"]))
    recordings = []
    pieces = without_spikes(clip)
    for number, (start, piece) in enumerate(pieces):
        clean = at_30_fps(piece)
        captions = _captions(record.labels.get("segments", []), start, start + clean.duration)
        name = record.id if len(pieces) == 1 else f"{record.id}/{number}"
        recordings.append(Recording(name, clean, mapping, captions, record.labels["split"]))
    return recordings


def _captions(segments: list[dict[str, Any]], start: float, end: float) -> tuple[Caption, ...]:
    """Captions of the segments that overlap the piece from ``start`` to ``end`` s of the trial, in the piece's time."""
    captions = []
    for segment in segments:
        first = max(float(segment["start_s"]), start)
        last = min(end if segment["end_s"] is None else float(segment["end_s"]), end)
        if last - first >= min(0.5, end - start):
            source = str(segment["caption_source"])
            captions += [Caption(text, first - start, last - start, source) for text in segment["captions"]]
    return tuple(captions)


def _read(path: Path, kind: str, fps: float) -> tuple[Motion, SkeletonMap]:
    if kind == "asf":
        return read_amc(path, read_skeleton(path.with_name(f"{path.stem.split('_')[0]}.asf")), fps), ASF
    if kind == "motionbuilder":
        clip = read_bvh(path, INCH / 0.45, end_sites=True)
        return _with_thorax(_without_added(replace(clip, fps=fps))), MOTIONBUILDER
    if kind == "daz":
        return _without_added(replace(read_bvh(path, end_sites=True), fps=fps)), DAZ
    raise BadFile(path, f"unknown kind of CMU skeleton {kind!r}; known: asf, motionbuilder, daz")


def _without_added(clip: Motion) -> Motion:
    """The clip without the T-pose frames that the conversions put in front."""
    head = clip.joint_rotation[: MOST_ADDED + 2]
    if len(head) < 3:
        return clip
    steps = np.linalg.norm(rotmat_to_rotvec(np.swapaxes(head[:-1], -1, -2) @ head[1:]), axis=-1).mean(axis=1)
    jumps = np.flatnonzero(steps > JUMP)
    if len(jumps):
        return clip.sliced(int(jumps[-1]) + 1, clip.num_frames)
    fade = 1
    while fade < len(steps) - 1 and FADED < steps[fade] < steps[fade - 1]:
        fade += 1
    return clip.sliced(fade, clip.num_frames)


def _with_thorax(clip: Motion) -> Motion:
    """Put back the thorax bone that the MotionBuilder conversion lost: as long as Spine1, straight on."""
    skeleton = clip.skeleton
    offsets = skeleton.rest_offsets.copy()
    for joint in ("Neck", "LeftShoulder", "RightShoulder"):
        offsets[skeleton.index(joint)] = offsets[skeleton.index("Spine1")]
    return replace(clip, skeleton=replace(skeleton, rest_offsets=offsets))
