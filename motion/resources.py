"""Where the shipped files are, and whether they are what they should be."""

from __future__ import annotations

import hashlib
import os
from importlib import resources
from pathlib import Path

from motion.core.errors import BadFile, UnknownName


def assets_folder() -> Path:
    """The folder of shipped data, in a wheel, an editable install or a bare checkout."""
    try:
        return Path(str(resources.files("motion._assets")))
    except ModuleNotFoundError:  # a checkout on sys.path without installation
        return Path(__file__).resolve().parent.parent / "assets"


def asset(*parts: str) -> Path:
    """Path of one shipped file; raises ``UnknownName`` listing the neighbours when it is missing."""
    path = assets_folder().joinpath(*parts)
    if not path.exists():
        known = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        raise UnknownName("asset", "/".join(parts), known)
    return path


def user_folder() -> Path:
    """Where what a user makes is kept: the variable STRIDE_HOME, else the system's folder for such data."""
    own = os.environ.get("STRIDE_HOME")
    if own:
        return Path(own)
    shared = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_DATA_HOME")
    return Path(shared or Path.home() / ".local" / "share") / "stride-studio"


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_sha256(path: Path, expected: str) -> None:
    """Refuse a file whose content is not the one it should be."""
    found = sha256_of(path)
    if found != expected:
        raise BadFile(path, f"sha256 is {found[:12]}..., expected {expected[:12]}...; restore the original file")


def model_folder(name: str) -> Path:
    """Where a model lies that is told by the name of a shipped one or by a path."""
    return Path(name) if os.sep in name or Path(name).is_dir() else asset("models", name)
