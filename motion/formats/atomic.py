"""Files appear whole or not at all."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from motion.core.errors import BadFile


@contextmanager
def atomic_path(path: str | os.PathLike[str]) -> Iterator[Path]:
    """A temporary path beside ``path`` to write to; it takes the place of ``path`` when the block ends well.

    When the block raises, nothing is left behind and a file that was there before is untouched. The temporary name
    keeps the suffix, because encoders choose their format by it. Raises ``BadFile`` when the system refuses to write.
    """
    path = require_place(path)
    temporary = path.with_name(f".{path.stem}-{secrets.token_hex(4)}{path.suffix}")
    try:
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        raise BadFile(path, f"cannot be written: {error.strerror or error}") from error
    finally:
        _discard(temporary)


def require_place(path: str | os.PathLike[str]) -> Path:
    """The path, if a file may be put there; else ``BadFile``, before any work is spent on its content."""
    path = Path(path)
    if not path.parent.is_dir():
        raise BadFile(path, f"cannot be written: the folder {path.parent} does not exist")
    if path.is_dir():
        raise BadFile(path, "cannot be written: it is a folder")
    try:  # asking for permissions is not enough: an administrator has them even where nobody can write
        with tempfile.TemporaryFile(dir=path.parent):
            return path
    except OSError as error:
        raise BadFile(path, f"cannot be written: {path.parent}: {error.strerror or error}") from None


def _discard(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:  # the folder itself is no folder: there is nothing to remove
        return


def write_bytes(path: str | os.PathLike[str], content: bytes) -> Path:
    """Write a whole file atomically; returns its path."""
    with atomic_path(path) as temporary:
        temporary.write_bytes(content)
    return Path(path)


def write_text(path: str | os.PathLike[str], text: str) -> Path:
    """Write a whole UTF-8 text file atomically, lines ending in a line feed on every system; returns its path."""
    return write_bytes(path, text.encode("utf-8"))
