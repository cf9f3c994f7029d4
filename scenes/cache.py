"""Prepared scenes on disk, found by what is in the file: preparing takes seconds, finding again takes none."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

#: Changes whenever prepared scenes from before would no longer fit.
VERSION = 11

#: So many prepared scenes are kept, the ones used last.
KEPT = 30


def folder() -> Path:
    """Where prepared scenes are kept: ``stride/scenes`` in the user's cache."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "stride" / "scenes"


def key_of(files: list[Path], options: object) -> str:
    """A name for the contents of these files prepared with these options."""
    digest = hashlib.sha256(repr((VERSION, options)).encode())
    for path in files:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def load(key: str) -> dict[str, Any] | None:
    """The arrays kept under this name; None when there are none or they are damaged."""
    path = folder() / f"{key}.npz"
    try:
        with np.load(path, allow_pickle=False) as kept:
            arrays = dict(kept)
        os.utime(path)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    return arrays


def save(key: str, arrays: Mapping[str, Any]) -> None:
    """Keep arrays under this name; where nothing can be written, nothing is kept."""
    try:
        folder().mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder(), suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(file, **arrays)
            os.replace(name, folder() / f"{key}.npz")
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _forget()
    except OSError:
        return


def _forget() -> None:
    """Remove the scenes that were not used for longest."""
    kept = sorted(folder().glob("*.npz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[KEPT:]:
        path.unlink(missing_ok=True)
