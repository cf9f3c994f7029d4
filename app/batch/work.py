"""What a worker does: a bundle of jobs in, the files of their clips in place, a record of each job out."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.batch.filters import broken
from app.batch.jobs import Job
from app.batch.layouts import CROWD, layout_of, split_of
from app.batch.plan import HOME, Plan
from app.request import Request
from app.studio import Ready, completed, load_model, prepared
from app.timeline import main_prompt
from motion.core.errors import MotionError

if TYPE_CHECKING:
    from motion.generation import Generated, Generator

#: Errors of the system that are no job's fault and that all others would meet too.
NO_PLACE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}

#: Why a job failed: what it asks for cannot be; the folder cannot be written; anything else, worth another try.
INPUT, PLACE, FAULT = "input", "place", "fault"

Record = dict[str, Any]

#: A job with what was made for it, or the record of why nothing was.
Sampled = tuple[Job, Ready, "list[Generated]"] | Record


@lru_cache(maxsize=4)
def model(name: str, steps: int | None) -> Generator:
    """A model, loaded once; kept as long as few others are asked for."""
    return load_model(name, steps)


@dataclass(frozen=True)
class Bench:
    """Where a worker works: the data set's folder, its own for files that are not finished, and the plan."""

    folder: Path
    staging: Path
    plan: Plan

    @property
    def packs(self) -> Path:
        """Where clips wait to be packed."""
        return self.folder / HOME / "clips"


def sample(jobs: Sequence[Job], bench: Bench) -> list[Sampled]:
    """The clips of all jobs, made together; for a job that cannot be, a record of why."""
    from motion.generation import Order, generate_together

    found: list[Any] = [_caught(job, partial(_prepared, job, bench)) for job in jobs]
    ready = [number for number, one in enumerate(found) if isinstance(one, Ready)]
    for generator in {id(found[number].generator): found[number].generator for number in ready}.values():
        chosen = [number for number in ready if found[number].generator is generator]
        orders = [Order(found[number].timeline, **found[number].options()) for number in chosen]
        for number, made in zip(chosen, generate_together(orders, generator), strict=True):
            job = jobs[number]
            found[number] = failure(job, made) if isinstance(made, Exception) else (job, found[number], made)
    return found


def finish(job: Job, ready: Ready, made: Sequence[Generated], bench: Bench) -> Record:
    """Verify, measure and write the clips of a job; its record, or that of why it failed."""
    return _caught(job, partial(_finished, job, ready, made, bench))


def failure(job: Job, error: Exception) -> Record:
    """The record of a job that failed."""
    system = error if isinstance(error, OSError) else error.__cause__
    why = str(error) if isinstance(error, MotionError) else f"{type(error).__name__}: {error}"
    kind = INPUT if isinstance(error, MotionError) else FAULT
    if isinstance(system, OSError):
        kind = PLACE if system.errno in NO_PLACE else FAULT
    return {"job": job.ordinal, "id": job.id, "failed": " ".join(why.split())[:500], "kind": kind}


def _caught(job: Job, function: Callable[[], Any]) -> Any:
    try:
        return function()
    except Exception as error:
        return failure(job, error)


def _prepared(job: Job, bench: Bench) -> Ready:
    if job.problem is not None:
        raise MotionError(job.problem)
    bench.staging.mkdir(parents=True, exist_ok=True)
    out = bench.staging / f"{job.ordinal}{layout_of(bench.plan.kind).suffix}"
    return prepared(Request.from_json({**job.fields, "out": (str(out),)}), model)


def _finished(job: Job, ready: Ready, made: Sequence[Generated], bench: Bench) -> Record:
    result = completed(ready, made)
    clips, rejected = [], []
    for one in result.samples:
        staged = Path(one.files[0])
        name = f"{job.id}@{one.number}" if len(result.samples) > 1 else job.id  # no job can be called so
        entry: Record = {
            "id": name, "job": job.id, "sample": one.number,
            "prompt": main_prompt(ready.request, ready.timeline), "seed": result.seed,
            "duration_s": result.duration_s, "frames": result.frames, "fps": result.fps, "split": split_of(job.id),
            "model": result.model, "request": job.fields, "report": _plain(one.report),
        }  # fmt: skip
        why = broken(bench.plan.filters(), one.report)
        if why:
            staged.unlink()
            rejected.append({**entry, "why": why})
        else:
            clips.append({**entry, "files": _put(staged, entry, bench)})
    return {"job": job.ordinal, "id": job.id, "clips": clips, "rejected": rejected}


def _plain(report: dict[str, Any]) -> dict[str, Any]:
    """Numbers to six figures: readable, and the same however they are written."""
    return {name: float(f"{value:.6g}") if isinstance(value, float) else value for name, value in report.items()}


def _put(staged: Path, entry: Record, bench: Bench) -> list[Record]:
    """Move a clip's files to their places; what and how large they are."""
    layout, name = layout_of(bench.plan.kind), entry["id"]
    if layout.packed:
        files = [(staged, f"{HOME}/clips/{name}{layout.suffix}")]
    elif layout.extra is None:
        files = [(staged, layout.place(name, entry["model"]["name"], bench.plan.count > CROWD))]
    else:
        files = list(layout.extra(staged, name, entry["prompt"] or "", staged.parent))
    found = []
    for path, place in files:
        content = path.read_bytes()
        target = bench.folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(path, target)
        found.append({"file": place, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()})
    return found


def tidy(staging: Path) -> None:
    """Remove what a run that was killed left half done."""
    shutil.rmtree(staging, ignore_errors=True)
