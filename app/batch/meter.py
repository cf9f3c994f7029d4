"""How far a batch is: one line that is rewritten on a terminal, one a minute elsewhere."""

from __future__ import annotations

import sys
import time

from app.terminal import spoken


class Meter:
    """Jobs done of all that there are to do, clips a minute, time left, failures and rejections."""

    def __init__(self, total: int, before: int = 0) -> None:
        self.total, self.before = total, before
        self.jobs = self.clips = self.failed = self.rejected = 0
        self.begun, self.shown = time.monotonic(), -1e9
        self.first: tuple[float, int, int] | None = None  # when the first came, and how many jobs and clips with it
        self.live = sys.stderr.isatty()

    def add(self, clips: int, rejected: int, failed: bool) -> None:
        """One more job is over."""
        self.jobs += 1
        self.clips += clips
        self.rejected += rejected
        self.failed += failed

    def arrived(self) -> None:
        """All that came together is counted: from the first time on there is a rate, of workers that have started."""
        self.first = self.first or (time.monotonic(), self.jobs, self.clips)

    @property
    def seconds(self) -> float:
        """Since the beginning."""
        return time.monotonic() - self.begun

    @property
    def rate(self) -> float:
        """Clips a minute, once the workers have started."""
        return 60.0 * self._pace(self.clips, 2)

    def _pace(self, count: int, which: int) -> float:
        """So many of a second: without those that came first and the time they took, where there are others."""
        if self.first is not None and self.jobs > self.first[1]:
            return (count - int(self.first[which])) / max(time.monotonic() - self.first[0], 1e-9)
        return count / max(self.seconds, 1e-9)

    def show(self, last: bool = False) -> None:
        """Say it, unless it was said a moment ago."""
        now = time.monotonic()
        if not last and now - self.shown < (0.5 if self.live else 60.0):
            return
        self.shown = now
        sys.stderr.write(f"\r{self.line():<100}" if self.live else f"stride: {self.line()}\n")
        if last and self.live:
            sys.stderr.write("\n")
        sys.stderr.flush()

    def line(self) -> str:
        """Such as ``batch 37 %, 370 of 1000 jobs, 312 clips a minute, 2 min left, 3 failed, 12 rejected``."""
        over, left = self.before + self.jobs, self.total - self.before - self.jobs
        parts = [f"batch {100 * over // max(1, self.total)} %, {over} of {self.total} jobs"]
        if self.jobs:
            parts.append(f"{self.rate:.0f} clips a minute")
            if left:
                parts.append(f"{spoken(left / max(self._pace(self.jobs, 1), 1e-9))} left")
        parts += [f"{count} {what}" for count, what in ((self.failed, "failed"), (self.rejected, "rejected")) if count]
        return ", ".join(parts)
