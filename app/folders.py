"""A folder of clips converted into another one: on all cores, past files that are damaged, telling which they were."""

from __future__ import annotations

import argparse
import multiprocessing
import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from app.characters import Character, is_worn, open_character
from app.studio import check_outputs, open_body
from app.terminal import Stages, answer
from motion.body import BodyModel
from motion.core.errors import BadFile, BadInput, MotionError
from motion.formats import FORMATS, conversion
from motion.formats.presets import Preset, chosen

#: Most files of one run, and how many are handed out at a time to each process.
MAX_FILES, AHEAD = 200_000, 4


def convert_folder(options: argparse.Namespace) -> dict[str, Any]:
    """``stride convert FOLDER OUTFOLDER``: the files written and, for each that could not be, why."""
    source, target = Path(options.source), Path(options.target)
    suffix = f".{(options.to or 'glb').lstrip('.').lower()}"
    if target.exists() and not target.is_dir():
        raise BadFile(target, "is a file; a folder is converted into a folder")
    preset = chosen(options.preset, options.root_motion, options.t_pose)
    pairs = list(targets(source, target, suffix))
    if not pairs:
        raise BadFile(source, f"holds no clips; right would be files of {', '.join(readable())} in it")
    opened(options, suffix)  # what is wrong with all of them is told once, before anything is written
    target.mkdir(parents=True, exist_ok=True)
    check_outputs([str(target / f"clip{suffix}")], preset)
    failed: dict[str, str] = {}
    written: list[str] = []
    with Stages() as stages:
        for done, (path, made, why) in enumerate(converted(options, suffix, pairs), start=1):
            stages("convert", done / len(pairs))
            if why is None:
                written.append(str(made))
            else:
                failed[str(path)] = why
    if not options.json:
        answer(f"{target}: {len(written)} of {len(pairs)} clips converted")
        answer(*(f"  left out {path}: {why}" for path, why in sorted(failed.items())))
    return {"files": sorted(written), "failed": dict(sorted(failed.items())), "ok": not failed}


def readable() -> list[str]:
    """The suffixes of clips that can be read."""
    return [suffix for suffix, entry in FORMATS.items() if entry.read is not None]


def targets(source: Path, target: Path, suffix: str) -> Iterator[tuple[Path, Path]]:
    """Each clip below a folder and the file it becomes, in the same sub-folder; equal names keep their suffix."""
    found = [path for path in sorted(source.rglob("*")) if path.suffix.lower() in readable() and path.is_file()]
    found = [path for path in found if target.resolve() not in path.resolve().parents or target == source]
    if len(found) > MAX_FILES:
        raise BadInput(f"{source}: holds {len(found)} clips; at most {MAX_FILES} are converted in one run")
    shared = Counter(path.with_suffix("") for path in found)
    for path in found:
        name = path.name if shared[path.with_suffix("")] > 1 else path.stem
        yield path, target / path.relative_to(source).parent / f"{name}{suffix}"


def opened(options: argparse.Namespace, suffix: str) -> tuple[BodyModel, Preset | None, Character | None]:
    """What all clips are converted with."""
    character = open_character(
        options.rig, options.mapping, [f"clip{suffix}"], options.preset, options.root_motion, options.t_pose
    )
    return open_body(options.body), chosen(options.preset, options.root_motion, options.t_pose), character


#: Of a process that converts: what ``opened`` gave, and frames per second.
_WORKER: dict[str, Any] = {}


def _prepare(options: argparse.Namespace, suffix: str) -> None:
    _WORKER["with"], _WORKER["fps"] = opened(options, suffix), options.fps


def _convert(path: Path, made: Path) -> str | None:
    """Convert one file; why that cannot be, or None."""
    body, preset, character = _WORKER["with"]
    try:
        made.parent.mkdir(parents=True, exist_ok=True)
        if character is not None and is_worn(character, str(made)):
            clip = conversion.read_clip(path, body.skeleton(), _WORKER["fps"])
            character.write(clip, str(made), conversion.provenance_of(path))
        else:
            conversion.convert(path, made, skin=body.skin(), shaped=body.skin, fps=_WORKER["fps"], preset=preset)
    except (MotionError, OSError, MemoryError) as error:
        return " ".join(str(error).removeprefix(f"{path}: ").split()) or type(error).__name__
    except Exception as error:  # one file of a thousand must not end the run
        return f"unexpected {type(error).__name__}: {' '.join(str(error).split())}"
    return None


def cores() -> int:
    """How many processes may run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def converted(
    options: argparse.Namespace, suffix: str, pairs: list[tuple[Path, Path]]
) -> Iterator[tuple[Path, Path, str | None]]:
    """Every pair as it is done, with why it could not be, or None. A file that kills its process is told too."""
    waiting, alone = list(pairs), list[tuple[Path, Path]]()
    while waiting or alone:
        several = bool(waiting)
        batch, waiting, alone = (waiting, [], alone) if several else (alone[:1], [], alone[1:])
        for path, made, why in _in_one_pool(options, suffix, batch, min(cores(), len(batch)) if several else 1):
            if why is not _KILLED:
                yield path, made, why
            elif several:
                alone.append((path, made))  # it, or what ran beside it: each is tried by itself
            else:
                yield path, made, "ended the process that converted it; it is damaged, or too large for this machine"


_KILLED = "killed"


def _in_one_pool(
    options: argparse.Namespace, suffix: str, pairs: list[tuple[Path, Path]], workers: int
) -> Iterator[tuple[Path, Path, str | None]]:
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_prepare, initargs=(options, suffix))
    running: dict[Future[str | None], tuple[Path, Path]] = {}
    left = iter(pairs)
    try:
        while True:
            for pair in left:
                running[pool.submit(_convert, *pair)] = pair
                if len(running) >= workers * AHEAD:
                    break
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                pair = running.pop(future)
                yield (*pair, future.result())
    except BrokenProcessPool:
        lost = [pair, *running.values(), *left]
        yield from ((*one, _KILLED) for one in lost)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
