"""The batch from its first job to its papers: a crew is given jobs, records come back, failures are tried again."""

from __future__ import annotations

import itertools
import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.batch.card import write_papers
from app.batch.crew import Bundle, Crew, Done, LocalCrew, Lost
from app.batch.jobs import Job, JobFile
from app.batch.journal import DONE, FAILED, OPEN, Journal
from app.batch.layouts import layout_of
from app.batch.meter import Meter
from app.batch.packs import Packer, require
from app.batch.plan import HOME, Part, Plan, settle
from app.batch.work import FAULT, PLACE, Bench, Record, failure, tidy
from motion.core.errors import BadInput, MotionError

#: Jobs among which those of like length are looked for, and most of one bundle, in number and in seconds of motion.
WINDOW, BUNDLE, BUNDLE_SECONDS = 256, 8, 200.0

#: Seconds within which lengths are taken for the same: about those of one token of the network.
SPAN = 0.4

#: How often a job is tried, and after how many deaths of workers in a row nothing more is.
TRIES, DEATHS = 3, 12


@dataclass(frozen=True)
class Batch:
    """What ``run`` is asked for.

    Attributes:
        source: the file of jobs, looked through.
        folder: of the data set.
        plan: what it will be.
        part: which jobs are this run's.
        crew: hires whoever works, ``crew(bench, workers)``.
        workers: how many.
        bundle: how many jobs are computed together.
        resume: whether there may be something already.
    """

    source: JobFile
    folder: Path
    plan: Plan
    part: Part = field(default_factory=Part)
    crew: Callable[[Bench, int], Crew] = LocalCrew
    workers: int = 1
    bundle: int = BUNDLE
    resume: bool = False


def run(batch: Batch) -> dict[str, Any]:
    """Make what is not made yet; the summary that ``stride batch --json`` prints.

    Raises:
        MotionError: the folder holds something else or cannot be written, or nothing at all works.
    """
    plan, folder = batch.plan, batch.folder
    plan.filters()
    require(plan.kind)
    journal_there = (folder / HOME / f"journal-{batch.part}.jsonl").is_file()
    if journal_there and not batch.resume:
        raise BadInput(f"{folder}: holds a batch that was begun; go on with --resume, or name another folder")
    settle(folder, plan)
    block = plan.pack if layout_of(plan.kind).packed else 1
    with Journal(folder, batch.part, plan.count) as journal:
        packer = Packer(folder, plan, journal)
        ordinals = [ordinal for ordinal in range(plan.count) if batch.part.has(ordinal, block)]
        _reopen(ordinals, folder, journal, packer)
        staging = folder / HOME / f"staging-{batch.part}"
        tidy(staging)
        before = sum(journal.state[ordinal] == DONE for ordinal in ordinals)
        meter = Meter(len(ordinals), before)
        todo = (
            job for job in batch.source.jobs(plan.defaults, plan.seed)
            if batch.part.has(job.ordinal, block) and journal.state[job.ordinal] == OPEN
        )  # fmt: skip
        _Run(batch, journal, packer, meter, Bench(folder, staging, plan)).all(todo, len(ordinals) - before)
        tidy(staging)
        for ordinal in range(0, plan.count, block) if packer.suffix else ():
            if batch.part.has(ordinal, block):
                packer.over(ordinal)
        journal.sync()
        journal.read()
        failed = sum(journal.state[ordinal] == FAILED for ordinal in ordinals)
        complete = OPEN not in journal.state
        if complete:
            write_papers(folder, plan, journal, packer)
    return {
        "folder": str(folder), "jobs": len(ordinals), "done": len(ordinals) - failed, "before": before,
        "clips": meter.clips, "rejected": meter.rejected, "failed": failed, "complete": complete, "ok": not failed,
        "seconds": round(meter.seconds, 3), "clips_per_minute": round(meter.rate, 2), "workers": batch.workers,
    }  # fmt: skip


def _reopen(ordinals: list[int], folder: Path, journal: Journal, packer: Packer) -> None:
    """What failed is tried again, and so is what has lost its files."""
    for ordinal in ordinals:
        state = journal.state[ordinal]
        if state == FAILED or (state == DONE and not _there(folder, journal.record(ordinal), packer)):
            journal.reopen(ordinal)
            packer.reopen(ordinal)


def _there(folder: Path, record: Record, packer: Packer) -> bool:
    if not packer.waits(record):
        return not packer.lost(record["job"])
    files = [one for clip in record["clips"] for one in clip["files"]]
    return all(_size(folder / one["file"]) == one["bytes"] for one in files)


def _size(path: Path) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return -1


def bundles(jobs: Iterator[Job], most: int, workers: int) -> Iterator[Bundle]:
    """Jobs of like length together, a window of the stream at a time; few enough in each that all have work."""
    while window := list(itertools.islice(jobs, WINDOW)):
        window.sort(key=_likeness)
        size = max(1, min(most, -(-len(window) // (2 * workers))))
        bundle: Bundle = []
        for job in window:
            full = len(bundle) == size or sum(one.seconds for one in (*bundle, job)) > BUNDLE_SECONDS
            if bundle and (full or _likeness(job) != _likeness(bundle[0])):
                yield bundle
                bundle = []
            bundle.append(job)
        yield bundle


def _likeness(job: Job) -> tuple[str, str, int]:
    """Jobs that are equal in this can share the forwards of a network: a little in length does not matter."""
    return str(job.fields.get("model")), str(job.fields.get("steps")), round(job.seconds / SPAN)


@dataclass
class _Run:
    """The run of a batch: who is at work, who is to be tried again, and why all has to end."""

    batch: Batch
    journal: Journal
    packer: Packer
    meter: Meter
    bench: Bench
    at_work: dict[int, Job] = field(default_factory=dict)
    tries: dict[int, int] = field(default_factory=dict)
    again: deque[Job] = field(default_factory=deque)
    suspects: deque[Job] = field(default_factory=deque)
    alone: bool = False
    deaths: int = 0
    stopped: str | None = None

    def all(self, jobs: Iterator[Job], count: int) -> None:
        """Have all jobs made; raises ``MotionError`` where that cannot go on."""
        if not count:
            return
        workers = max(1, min(self.batch.workers, count))
        source = bundles(jobs, self.batch.bundle, workers)
        with closing(self.batch.crew(self.bench, workers)) as crew:
            while self._gave(crew, source) or not crew.idle():
                for event in crew.hear(0.5):
                    if isinstance(event, Done):
                        self.deaths = 0
                        for record in event.records:
                            self._take(record)
                        self.meter.arrived()
                    else:
                        self._lose(event)
                self.meter.show()
        self.meter.show(last=True)
        if self.stopped:
            over = self.meter.before + self.meter.jobs
            raise MotionError(f"{self.stopped}; {over} of {self.meter.total} jobs are done, go on with --resume")

    def _gave(self, crew: Crew, source: Iterator[Bundle]) -> bool:
        """Give out work: a job that may kill its worker alone, others as long as there is room for them."""
        if self.stopped:
            return False
        self.alone = self.alone and not crew.idle()
        if self.suspects and crew.idle():
            self._give(crew, [self.suspects.popleft()])
            self.alone = True
        if self.suspects or self.alone:
            return True
        gave = False
        while crew.room() > 0:
            bundle = [self.again.popleft()] if self.again else next(source, None)
            if bundle is None:
                break
            self._give(crew, bundle)
            gave = True
        return gave

    def _give(self, crew: Crew, bundle: Bundle) -> None:
        self.at_work.update((job.ordinal, job) for job in bundle)
        crew.give(bundle)

    def _take(self, record: Record) -> None:
        """A job is over, or will be tried again."""
        job = self.at_work.pop(record["job"])
        kind = record.get("kind")
        if kind == PLACE:
            self.stopped = self.stopped or record["failed"]
            return
        if kind == FAULT and self._tried(job) < TRIES:
            self.again.append(job)
            return
        try:
            self.journal.write(record)
            self.meter.add(len(record.get("clips", ())), len(record.get("rejected", ())), "failed" in record)
            self.packer.over(job.ordinal)
        except (OSError, MotionError) as error:
            self.stopped = self.stopped or _why(error, self.batch.folder)

    def _lose(self, lost: Lost) -> None:
        """A worker died: each of its jobs is tried again, alone."""
        self.deaths += 1
        if self.deaths > DEATHS:
            self.stopped = self.stopped or f"workers die before they make anything: {lost.why}"
            return
        for job in lost.jobs:
            if self._tried(job) < TRIES:
                self.at_work.pop(job.ordinal)
                self.suspects.append(job)
            else:
                self._take(failure(job, MotionError(lost.why)))

    def _tried(self, job: Job) -> int:
        self.tries[job.ordinal] = self.tries.get(job.ordinal, 0) + 1
        return self.tries[job.ordinal]


def _why(error: Exception, folder: Path) -> str:
    return f"{folder}: cannot be written: {error.strerror or error}" if isinstance(error, OSError) else str(error)
