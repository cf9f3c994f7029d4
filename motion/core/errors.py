"""Errors that speak: what was wrong and what would be right, in one line.

Everything a user can cause is a ``MotionError``; the command line prints its message and exits with 2.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from os import PathLike


class MotionError(ValueError):
    """Base class of every error a user's input can cause."""


class BadInput(MotionError):
    """A value outside its limits."""


class BadFile(MotionError):
    """A file that cannot be read as what it claims to be."""

    def __init__(self, path: str | PathLike[str], problem: str) -> None:
        super().__init__(f"{path}: {problem}")


class UnknownName(MotionError):
    """A name that is not in a table; the message lists what is."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        close = difflib.get_close_matches(name, names, n=1)
        hint = f" (did you mean {close[0]!r}?)" if close else ""
        super().__init__(f"unknown {kind} {name!r}{hint}; known: {', '.join(names)}")


class MissingDependency(MotionError):
    """An optional package is needed; the message says how to install it."""

    def __init__(self, package: str, purpose: str, extra: str) -> None:
        super().__init__(f"{purpose} needs {package!r}; install it with: pip install 'stride-studio[{extra}]'")
