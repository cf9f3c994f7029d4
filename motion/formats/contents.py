"""What is in a file, if it is not too large to be looked at."""

from __future__ import annotations

from pathlib import Path

from motion.core.errors import BadFile


def content_of(path: Path, most: int) -> bytes:
    """All bytes of a file of up to ``most``; raises ``BadFile`` for a larger one and for one that cannot be read."""
    try:
        if path.stat().st_size > most:
            raise BadFile(path, f"is larger than {most >> 20} MiB")
        return path.read_bytes()
    except OSError as error:
        raise BadFile(path, f"cannot be read: {error.strerror or error}") from error
