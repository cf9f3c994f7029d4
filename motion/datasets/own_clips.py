"""A user's own clips: files of a folder, on any known skeleton, as clips of SMPL joints that stand on the floor."""

from __future__ import annotations

import re
from dataclasses import replace
from os import PathLike
from pathlib import Path

from motion.core.clip import Motion
from motion.core.errors import BadFile, BadInput
from motion.core.skeleton import Skeleton
from motion.datasets.build import convert
from motion.datasets.cleaning import at_30_fps
from motion.datasets.skeletons import ASF, BANDAI, DAZ, DEEPMIMIC, MOTIONBUILDER, STYLE100
from motion.datasets.source import Recording
from motion.formats import FORMATS, load
from motion.formats.amc import read_amc, read_asf
from motion.formats.bvh import read_bvh_of_any_unit
from motion.refine.retarget import SkeletonMap, leg_length

#: The suffix of clips that come with their skeleton in another file, and their frame rate where their name tells none.
AMC, AMC_FPS = ".amc", 120.0

#: Skeletons that are known, besides SMPL's.
MAPS = (BANDAI, ASF, MOTIONBUILDER, DAZ, DEEPMIMIC, STYLE100)


def read_own_clips(folder: str | PathLike[str], skeleton: Skeleton, *, most: int = 100) -> dict[str, Motion]:
    """File name -> clip on ``skeleton`` (SMPL's joints) at 30 fps, its feet corrected as in a training set.

    Raises:
        BadInput: no such folder, no clip in it, or more than ``most``.
        BadFile: a file that cannot be read, or whose skeleton is not known.
    """
    place = Path(folder)
    if not place.is_dir():
        raise BadInput(f"{place}: no such folder; it must hold the clips, one action each")
    suffixes = sorted([AMC, *(suffix for suffix, row in FORMATS.items() if row.read)])
    paths = sorted(path for path in place.iterdir() if path.is_file() and path.suffix.lower() in suffixes)
    if not paths:
        raise BadInput(f"{place}: holds no clip ({', '.join(suffixes)})")
    if len(paths) > most:
        raise BadInput(f"{place}: holds {len(paths)} clips; at most {most} are read")
    return {path.name: read_own_clip(path, skeleton) for path in paths}


def read_own_clip(path: Path, skeleton: Skeleton) -> Motion:
    """One of them."""
    clip = _read_amc(path) if path.suffix.lower() == AMC else load(path, skeleton=skeleton)
    if clip.skeleton.joint_names == skeleton.joint_names:
        scale = leg_length(skeleton) / leg_length(clip.skeleton)
        clip = replace(clip, skeleton=skeleton, root_position=clip.root_position * scale, contacts=None, betas=None)
        mapping = None
    else:
        if path.suffix.lower() == ".bvh":
            clip = read_bvh_of_any_unit(path, end_sites=True)
        mapping = _map_of(clip.skeleton)
        if mapping is None:
            known = ", ".join(one.name for one in MAPS)
            raise BadFile(path, f"its skeleton is not known: joints must be named as SMPL's 24, or as those of {known}")
    recording = Recording(path.stem, at_30_fps(clip), mapping, (), "train")
    return convert(recording, skeleton)[0]


def _read_amc(path: Path) -> Motion:
    """With the skeleton beside it: the only one, or the one that the file's name begins with."""
    beside = sorted(path.parent.glob("*.asf"), key=lambda one: len(one.stem))
    fitting = [one for one in beside if path.stem.startswith(one.stem)] or (beside if len(beside) == 1 else [])
    if not fitting:
        raise BadFile(path, "needs its skeleton beside it: an .asf file whose name this one's begins with")
    rate = re.search(r"_(\d{2,3})$", path.stem)
    return read_amc(path, read_asf(fitting[-1]), float(rate[1]) if rate and 24 <= int(rate[1]) <= 240 else AMC_FPS)


def _map_of(skeleton: Skeleton) -> SkeletonMap | None:
    """The first map all of whose joints the skeleton has."""
    names = set(skeleton.joint_names)
    return next((one for one in MAPS if _joints_of(one) <= names), None)


def _joints_of(mapping: SkeletonMap) -> set[str]:
    places = [*mapping.rotations.values(), *mapping.places.values(), *mapping.toes.values()]
    return {name for place in places for name in ((place,) if isinstance(place, str) else place[:2])}
