"""Who works: a crew takes bundles of jobs and gives records back; here one of processes, one for each core.

Every process has one thread for what it computes and one that finishes and writes clips, while the next ones are
sampled. A process that dies takes only its bundles with it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import queue
import signal
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol

from app.batch.jobs import Job
from app.batch.work import Bench, Record, Sampled, failure, finish, sample

Bundle = list[Job]

#: Bundles that a worker has at a time: it never waits for the next one.
AHEAD = 2

#: Seconds after which a job, counted for each of its bundle, is taken for stuck.
PATIENCE = 900.0


@dataclass(frozen=True)
class Done:
    """What came of a bundle, job by job."""

    records: list[Record]


@dataclass(frozen=True)
class Lost:
    """Bundles that went down with a worker, and why."""

    jobs: Bundle
    why: str


class Crew(Protocol):
    """Workers of one kind or another."""

    def room(self) -> int:
        """How many more bundles can be taken now."""

    def idle(self) -> bool:
        """Whether nobody has anything to do."""

    def give(self, bundle: Bundle) -> None:
        """Have the jobs of a bundle made."""

    def hear(self, seconds: float) -> list[Done | Lost]:
        """What has come back; waits so long for it."""

    def close(self) -> None:
        """Send everybody home."""


def usable_cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def made(bundle: Bundle, bench: Bench) -> list[Record]:
    """The records of a bundle, by this process itself."""
    return finished(sample(bundle, bench), bench)


def finished(sampled: Sequence[Sampled], bench: Bench) -> list[Record]:
    """Verify, measure and write what was sampled."""
    return [one if isinstance(one, dict) else finish(*one, bench) for one in sampled]


@dataclass
class _Worker:
    """A process, the line to it, and what it has to do, with the time when that began."""

    process: Any
    line: Connection
    bundles: deque[Bundle] = field(default_factory=deque)
    begun: float = 0.0

    def late(self, now: float) -> bool:
        return bool(self.bundles) and now - self.begun > PATIENCE * sum(map(len, self.bundles))


class LocalCrew:
    """Processes on this machine."""

    def __init__(self, bench: Bench, workers: int) -> None:
        self.bench, self.count = bench, workers
        self._number = 0
        with _one_thread_each():
            self._workers = [self._hired() for _ in range(workers)]

    def room(self) -> int:
        """How many more bundles can be taken now."""
        return sum(AHEAD - len(one.bundles) for one in self._workers)

    def idle(self) -> bool:
        """Whether nobody has anything to do."""
        return not any(one.bundles for one in self._workers)

    def give(self, bundle: Bundle) -> None:
        """Have the jobs of a bundle made, by whoever has least to do."""
        worker = min(self._workers, key=lambda one: len(one.bundles))
        if not worker.bundles:
            worker.begun = time.monotonic()
        worker.bundles.append(bundle)
        with contextlib.suppress(OSError):  # it has died: `hear` will notice
            worker.line.send(bundle)

    def hear(self, seconds: float) -> list[Done | Lost]:
        """What has come back; waits so long for it."""
        lines: dict[Any, _Worker] = {one.line: one for one in self._workers}
        sentinels: dict[Any, _Worker] = {one.process.sentinel: one for one in self._workers}
        ready = wait([*lines, *sentinels], seconds)
        heard: list[Done | Lost] = [Done(record) for one in ready if one in lines for record in _read(lines[one])]
        for worker in [one for one in self._workers if not one.process.is_alive() or one.late(time.monotonic())]:
            heard += [Done(record) for record in _read(worker)]  # what it still said before it died
            heard += self._replaced(worker)
        return heard

    def close(self) -> None:
        """Send everybody home."""
        for one in self._workers:
            one.line.close()
            one.process.terminate()
        for one in self._workers:
            one.process.join(5.0)
            if one.process.is_alive():
                one.process.kill()

    def _hired(self) -> _Worker:
        here, there = multiprocessing.get_context("spawn").Pipe()
        self._number += 1
        process = multiprocessing.get_context("spawn").Process(
            target=serve, args=(there, self.bench), name=f"stride-batch-{self._number}", daemon=True
        )
        process.start()
        there.close()
        return _Worker(process, here)

    def _replaced(self, worker: _Worker) -> list[Lost]:
        late = worker.process.is_alive()
        if late:
            worker.process.kill()
        worker.process.join()
        worker.line.close()
        with _one_thread_each():
            self._workers[self._workers.index(worker)] = self._hired()
        why = "it took too long" if late else f"the worker died ({_ending(worker.process.exitcode)})"
        jobs = [job for bundle in worker.bundles for job in bundle]
        return [Lost(jobs, why)]


def _read(worker: _Worker) -> Iterator[list[Record]]:
    """All that lies on the line of a worker."""
    try:
        while worker.line.poll():
            records = worker.line.recv()
            worker.bundles.popleft()
            worker.begun = time.monotonic()
            yield records
    except (EOFError, OSError):
        return


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"


@contextlib.contextmanager
def _one_thread_each() -> Iterator[None]:
    """Processes that are started inside have one thread for a matrix product: there is one of them for each core."""
    names = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def serve(line: Connection, bench: Bench) -> None:
    """The life of a worker process: until the line is cut, if by the death of who hired it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who hired it says when it is over
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    import torch

    torch.set_num_threads(1)
    inbox: queue.Queue[Bundle] = queue.Queue()
    outbox: queue.Queue[list[Sampled]] = queue.Queue(maxsize=1)

    def listen() -> None:
        try:
            while True:
                inbox.put(line.recv())
        except (EOFError, OSError):
            os._exit(1)

    own = Bench(bench.folder, bench.staging / str(os.getpid()), bench.plan)
    threading.Thread(target=listen, daemon=True).start()
    threading.Thread(target=_finish_all, args=(line, outbox, own), daemon=True).start()
    while True:
        bundle = inbox.get()
        try:
            found: list[Sampled] = sample(bundle, own)
        except Exception as error:  # none of the single jobs': each is caught
            found = [failure(job, error) for job in bundle]
        outbox.put(found)


def _finish_all(line: Connection, outbox: queue.Queue[list[Sampled]], bench: Bench) -> None:
    """Verify, measure and write what was sampled, while the next is."""
    while True:
        found = outbox.get()
        try:
            line.send(finished(found, bench))
        except OSError:
            os._exit(1)
