"""Orders in a queue: one is worked on at a time, everybody can ask how far theirs is and take it back."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.page.history import Entry
from app.page.recipe import Recipe
from motion.core.errors import MotionError
from motion.core.progress import Cancelled, Progress

#: Orders that may wait; more are refused.
MAX_WAITING = 32

#: Finished orders that can still be asked about.
MAX_REMEMBERED = 200

#: ``work(recipe, progress) -> Entry``.
Work = Callable[[Recipe, Progress], Entry]

_LOG = logging.getLogger(__name__)


class Busy(MotionError):
    """The queue is full."""


@dataclass
class Job:
    """One order: ``state`` is waiting, working, done, failed or cancelled; ``share`` is that of the stage."""

    recipe: Recipe
    name: str = field(default_factory=lambda: secrets.token_hex(8))
    state: str = "waiting"
    stage: str = ""
    share: float = 0.0
    message: str = ""
    result: str | None = None
    ended: threading.Event = field(default_factory=threading.Event)
    stopped: bool = False
    begun: float = field(default_factory=time.monotonic)


class Jobs:
    """The queue and the thread that works on it."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._waiting: list[Job] = []
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="studio-jobs", daemon=True)
        self._thread.start()

    def submit(self, recipe: Recipe) -> Job:
        """Put an order at the end of the queue; raises ``Busy``."""
        with self._changed:
            if len(self._waiting) >= MAX_WAITING:
                raise Busy(f"{MAX_WAITING} others are waiting already; try again in a minute")
            job = Job(recipe)
            self._jobs[job.name] = job
            self._waiting.append(job)
            ended = [one for one in self._jobs.values() if one.ended.is_set()]
            for old in ended[: max(0, len(ended) - MAX_REMEMBERED)]:
                del self._jobs[old.name]
            self._changed.notify()
            return job

    def get(self, name: str) -> Job | None:
        """The order of that name, or None where nobody remembers it."""
        with self._changed:
            return self._jobs.get(name)

    def cancel(self, name: str) -> Job | None:
        """Take an order back; one that is worked on stops at its next step."""
        with self._changed:
            job = self._jobs.get(name)
            if job is not None and not job.ended.is_set():
                job.stopped = True
                if job in self._waiting:
                    self._waiting.remove(job)
                    self._end(job, "cancelled")
            return job

    def told(self, job: Job) -> dict[str, Any]:
        """A JSON object about an order; ``place`` counts those before it."""
        with self._changed:
            place = self._waiting.index(job) + 1 if job in self._waiting else 0
            return {
                "job": job.name, "state": job.state, "stage": job.stage, "share": round(job.share, 3), "place": place,
                "message": job.message, "result": job.result, "seconds": round(time.monotonic() - job.begun, 1),
            }  # fmt: skip

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._waiting:
                    self._changed.wait()
                job = self._waiting.pop(0)
                job.state = "working"
            self._do(job)

    def _do(self, job: Job) -> None:
        def progress(stage: str, share: float) -> None:
            if job.stopped:
                raise Cancelled
            job.stage, job.share = stage, min(max(share, 0.0), 1.0)

        try:
            job.result = self._work(job.recipe, progress).name
            self._end(job, "done")
        except Cancelled:
            self._end(job, "cancelled")
        except MotionError as error:
            self._end(job, "failed", str(error))
        except Exception:
            _LOG.exception("an order of the studio page failed")
            self._end(job, "failed", "something went wrong inside Stride; its log says what")

    @staticmethod
    def _end(job: Job, state: str, message: str = "") -> None:
        job.state, job.message = state, message
        job.ended.set()
