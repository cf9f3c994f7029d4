"""How long work tells where it is and how it is stopped."""

from __future__ import annotations

from collections.abc import Callable

#: Called with the stage's name and the share done (0 to 1). It may raise ``Cancelled`` to stop the work.
Progress = Callable[[str, float], None]


class Cancelled(Exception):
    """The user stopped the work; nothing half-made is left behind."""


def silent(stage: str, share: float) -> None:
    """A ``Progress`` that says nothing."""
