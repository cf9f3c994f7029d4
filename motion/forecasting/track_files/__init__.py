"""Tracks of people in and out of files: one function a form, chosen by content when read and by name when written."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from motion.core.errors import BadFile, BadInput, UnknownName
from motion.forecasting.track_files import cameras, plain, simulators
from motion.forecasting.track_files.rows import Reading, Rows, sightings_of
from motion.forecasting.track_files.sightings import Sightings
from motion.forecasting.track_files.tables import Head, head_of, is_number
from motion.formats.atomic import require_place, write_text
from motion.formats.contents import content_of

Array = NDArray[np.floating]


@dataclass(frozen=True)
class Form:
    """One row of the table.

    Attributes:
        name: what it is, in words.
        suffix: of files that hold it, when written; empty for a folder.
        is_it: tells by the beginning of a file; None for forms that are only written or a folder.
        read: the rows of a file.
        write: the whole text of a file; None for forms that are only read or a folder.
    """

    name: str
    suffix: str
    is_it: Callable[[Head], bool] | None = None
    read: Callable[[Head], Rows] | None = None
    write: Callable[[Sightings], str] | None = None


#: Looked through in this order.
FORMS: dict[str, Form] = {
    "trajnet": Form("TrajNet++ ndjson", ".ndjson", cameras.is_trajnet, cameras.read_trajnet, cameras.write_trajnet),
    "jupedsim": Form(
        "JuPedSim / PedPy text", ".txt", simulators.is_jupedsim, simulators.read_jupedsim, simulators.write_jupedsim
    ),
    "sdd": Form("Stanford Drone annotations", ".txt", cameras.is_sdd, cameras.read_sdd, cameras.write_sdd),
    "mot": Form(
        "MOT frame,id,left,top,width,height,conf,...", ".csv", cameras.is_mot, cameras.read_mot, cameras.write_mot
    ),
    "obsmat": Form("OpenTraj obsmat", ".txt", plain.is_obsmat, plain.read_obsmat, plain.write_obsmat),
    "social-gan": Form(
        "Social GAN text frame id x y", ".txt", plain.is_social_gan, plain.read_social_gan, plain.write_social_gan
    ),
    "sumo": Form("SUMO fcd xml", ".xml", simulators.is_sumo, simulators.read_sumo),
    "csv": Form("csv with a header time,id,x,y", ".csv", plain.is_csv, plain.read_csv, plain.write_csv),
    "wildtrack": Form("a folder of WildTrack json", ""),
    "carla": Form("CARLA walkers", ".json", write=simulators.write_carla),
    "geojson": Form("GeoJSON", ".geojson", write=simulators.write_geojson),
}


def read_sightings(path: str | os.PathLike[str], reading: Reading | None = None) -> Sightings:
    """Who is seen where and when in a file or folder whose form is told by its content.

    Args:
        path: a file, or a folder of WildTrack.
        reading: what the user says about rate and unit.

    Raises:
        BadFile: missing, damaged, too large, of no form we know, or contradicting itself.
        BadInput: ``reading`` makes no sense.
    """
    path, reading = Path(path), reading or Reading()
    if path.is_dir():
        if not cameras.is_wildtrack(path):
            raise BadFile(path, "is a folder without frames of WildTrack such as 00000005.json")
        return sightings_of(cameras.read_wildtrack(path), path, "wildtrack", reading)
    if not path.is_file():
        raise BadFile(path, "no such file")
    head = head_of(path)
    for key, form in FORMS.items():
        if form.is_it is not None and form.read is not None and form.is_it(head):
            return sightings_of(form.read(head), path, key, reading)
    if any(not is_number(cell) for cell in head.cells) and len(head.cells) > 2:
        columns = ", ".join(cell[:20] for cell in head.cells[:8])
        raise BadFile(path, f"its columns {columns} are unknown; needed are time (or frame), id, x and y")
    known = "; ".join(form.name for form in FORMS.values() if form.is_it) + "; " + FORMS["wildtrack"].name
    raise BadFile(path, f"its form is unknown; known: {known}")


def write_sightings(sightings: Sightings, path: str | os.PathLike[str], form: str) -> Path:
    """Write a file (a folder for ``wildtrack``) of a form; it appears whole or not at all.

    Raises ``UnknownName`` for a form that is not in ``FORMS``, ``BadFile`` where it cannot be written.
    """
    if form not in FORMS:
        raise UnknownName("form of tracks", form, FORMS)
    write = FORMS[form].write
    if form == "wildtrack":
        return _write_folder(sightings, Path(path))
    if write is None:
        raise BadInput(f"{FORMS[form].name} is only read, not written")
    return write_text(path, write(sightings))


def _write_folder(sightings: Sightings, path: Path) -> Path:
    require_place(path) if not path.exists() else _refuse(path)
    files = list(cameras.wildtrack_frames(sightings))
    temporary = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}-"))
    try:
        for name, content in files:
            (temporary / name).write_text(content, encoding="utf-8")
        temporary.chmod(0o755)
        temporary.rename(path)
    except OSError as error:
        raise BadFile(path, f"cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return path


def _refuse(path: Path) -> None:
    raise BadFile(path, "is there already; a folder of frames is only written to a new one")


def read_homography(path: str | os.PathLike[str]) -> Array:
    """(3, 3) from a text file of nine numbers; it takes (column, row, 1) of a picture to metres. Raises ``BadFile``."""
    words = content_of(Path(path), 1 << 16).decode("utf-8-sig", errors="replace").replace(",", " ").split()
    if len(words) != 9 or not all(is_number(word) for word in words):
        raise BadFile(path, f"a homography is nine numbers, three a line; this holds {len(words)} words")
    matrix = np.array([float(word) for word in words]).reshape(3, 3)
    if not np.all(np.isfinite(matrix)) or abs(np.linalg.det(matrix)) < 1e-300:
        raise BadFile(path, "is no homography: its determinant is 0, or a number is not finite")
    return matrix
