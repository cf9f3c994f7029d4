"""What the command line says: stages and errors on stderr, answers on stdout."""

from __future__ import annotations

import sys
import time


def fail(message: str, code: int = 2) -> int:
    """One line on stderr; returns the exit code."""
    sys.stderr.write(f"stride: {' '.join(message.split())}\n")
    return code


def answer(*lines: str) -> None:
    """Lines on stdout."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))


class Stages:
    """A ``Progress`` that shows the stage and the share done on stderr.

    On a terminal one line is rewritten; elsewhere each stage gets one line, so that logs stay short.
    """

    def __init__(self) -> None:
        self.stage = ""
        self.shown = 0.0
        self.live = sys.stderr.isatty()

    def __call__(self, stage: str, share: float) -> None:
        new, now = stage != self.stage, time.monotonic()
        if not new and not (self.live and (share >= 1.0 or now - self.shown > 0.1)):
            return
        if self.live:
            sys.stderr.write(f"{chr(10) if new and self.stage else chr(13)}stride: {stage} {share:4.0%}")
        else:
            sys.stderr.write(f"stride: {stage}\n")
        sys.stderr.flush()
        self.stage, self.shown = stage, now

    def __enter__(self) -> Stages:
        return self

    def __exit__(self, *error: object) -> None:
        """End the line that is being rewritten."""
        if self.live and self.stage:
            sys.stderr.write("\n")
        self.stage = ""
