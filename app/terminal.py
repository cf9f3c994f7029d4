"""What the command line says: stages and errors on stderr, answers on stdout."""

from __future__ import annotations

import sys
import time


def fail(message: str, code: int = 2) -> int:
    """One line on stderr; returns the exit code."""
    sys.stderr.write(f"stride: {' '.join(message.split())}\n")
    return code


def warn(message: str) -> None:
    """One line on stderr about what the user should know."""
    sys.stderr.write(f"stride: note: {' '.join(message.split())}\n")


def answer(*lines: str) -> None:
    """Lines on stdout."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))


class Stages:
    """A ``Progress`` that shows on stderr the stage, the share done and, when it takes long, the time left.

    On a terminal one line is rewritten; elsewhere each stage gets one line, and one more every minute.
    """

    def __init__(self) -> None:
        self.stage = ""
        self.begun = (0.0, 0.0)  # when the stage was first heard of, and how far it was then
        self.shown = 0.0
        self.live = sys.stderr.isatty()

    def __call__(self, stage: str, share: float) -> None:
        now = time.monotonic()
        new = stage != self.stage
        if new:
            if self.live and self.stage:
                sys.stderr.write("\n")
            self.stage, self.begun = stage, (now, share)
        elif now - self.shown < (0.1 if self.live else 60.0) and not (self.live and share >= 1.0):
            return
        self.shown = now
        line = f"stride: {stage}{self._done(share, now, new)}"
        sys.stderr.write(f"\r{line:<60}" if self.live else f"{line}\n")
        sys.stderr.flush()

    def _done(self, share: float, now: float, new: bool) -> str:
        """Share and time left; nothing where a log only names the stage."""
        if new and not self.live:
            return ""
        began, first = self.begun
        seconds = (now - began) * (1.0 - share) / max(share - first, 1e-9)
        left = f", {spoken(seconds)} left" if now - began > 5.0 and first < share < 1.0 else ""
        return f" {share:.0%}{left}"

    def __enter__(self) -> Stages:
        return self

    def __exit__(self, *error: object) -> None:
        """End the line that is being rewritten."""
        if self.live and self.stage:
            sys.stderr.write("\n")
        self.stage = ""


def spoken(seconds: float) -> str:
    """Seconds as a person would say them: 40 s, 12 min, 2 h 05 min."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02d} min"
