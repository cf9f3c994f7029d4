"""``stride batch``: flags in, the object that ``--json`` prints out."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from app.batch.crew import Crew, LocalCrew, usable_cores
from app.batch.filters import limits_of
from app.batch.jobs import JobFile
from app.batch.layouts import layout_of
from app.batch.plan import Part, Plan
from app.batch.run import Batch, run
from app.batch.work import Bench
from app.terminal import answer, fail
from motion.core.errors import BadInput
from motion.resources import model_folder, sha256_of

#: Fields of a request that may be said once for all jobs.
DEFAULTS = ("duration", "fps", "steps", "budget", "model", "body")

#: So many failures are told one by one.
TOLD = 10


def batch(options: argparse.Namespace) -> dict[str, Any]:
    """``stride batch``; ends with 2 when jobs failed."""
    summary = run(asked(options))
    if summary["failed"]:
        _tell_failures(Path(options.out), summary)
    if not options.json:
        answer(*_lines(summary))
    return summary


def asked(options: argparse.Namespace) -> Batch:
    """The batch that the flags come to; raises ``MotionError``."""
    if (options.jobs is None) == (options.grid is None):
        raise BadInput("name a file of jobs (.jsonl, .csv), or --grid FILE; one of them")
    for name in ("pack", "bundle", "workers"):
        value = getattr(options, name)
        if value is not None and not 1 <= value <= 100_000:
            raise BadInput(f"--{name} must be 1 to 100000, got {value}")
    layout_of(options.kind)
    limits = tuple(str(one) for one in limits_of(options.limits))
    defaults = {name: getattr(options, name) for name in DEFAULTS if getattr(options, name) is not None}
    weights = sha256_of(model_folder(defaults.get("model", "stride-nc")) / "config.json")  # it holds the weights' own
    source = JobFile.open(Path(options.grid or options.jobs), grid=options.grid is not None)
    plan = Plan(source.sha256, len(source), defaults, weights, options.kind, options.pack, limits, options.seed)
    crew, workers = _crew(options)
    return Batch(
        source, Path(options.out), plan, Part.parsed(options.shard), crew, workers, options.bundle, options.resume
    )


def _crew(options: argparse.Namespace) -> tuple[Callable[[Bench, int], Crew], int]:
    if options.engine == "local":
        if options.address is not None:
            raise BadInput("--address is a Ray cluster's; ask for it with --engine ray")
        return LocalCrew, options.workers or usable_cores()
    from app.batch.cluster import RayCrew, join

    cores = join(options.address, options.workers)
    return partial(RayCrew, address=options.address), options.workers or cores


def _tell_failures(folder: Path, summary: dict[str, Any]) -> None:
    from app.batch.card import failures_of

    for record in failures_of(folder, TOLD):
        fail(f"{record['id']}: {record['failed']}")
    if summary["failed"] > TOLD:
        fail(f"and {summary['failed'] - TOLD} more, see failures.jsonl in {folder}")


def _lines(summary: dict[str, Any]) -> list[str]:
    new = f"{summary['clips']} clips in {summary['seconds']:.1f} s, {summary['clips_per_minute']:.0f} a minute"
    lines = [f"{summary['folder']}: {summary['done']} of {summary['jobs']} jobs done, {new}"]
    if summary["rejected"]:
        lines.append(f"{summary['rejected']} clips rejected, see rejected.jsonl")
    if not summary["complete"]:
        lines.append("other parts of it are not done yet; the last one writes metadata and card")
    return lines
