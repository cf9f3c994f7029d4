"""What cameras and annotators write: the Stanford Drone Dataset, MOT, WildTrack, TrajNet++."""

from __future__ import annotations

import configparser
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.core.errors import BadFile, BadInput
from motion.forecasting.track_files.plain import rows_by_frame
from motion.forecasting.track_files.rows import Rows
from motion.forecasting.track_files.sightings import Sightings, usual_step
from motion.forecasting.track_files.tables import MAX_ROWS, Head, number_table, text_column
from motion.formats.contents import content_of

Array = NDArray[np.floating]

SDD_FPS, MOT_FPS, WILDTRACK_FPS = 30.0, 25.0, 10.0

#: We write the form of the Stanford Drone Dataset at this many metres per pixel, people as boxes of so many pixels.
SDD_SCALE, SDD_BOX = 0.01, 50

#: Classes of MOT16 that are people on their feet; -1: not told.
MOT_PEOPLE = (-1, 1, 7)

#: WildTrack's grid: places in metres are ``origin + spacing * (column, row)``.
GRID_COLUMNS, GRID_ROWS, GRID_SPACING = 480, 1440, 0.025
GRID_ORIGIN = np.array([-3.0, -9.0])

#: Largest JSON of one frame, in bytes.
MAX_FRAME_BYTES = 1 << 24


def is_sdd(head: Head) -> bool:
    """Ten columns, the last a label in quotes."""
    return len(head.cells) == 10 and head.delimiter is None and head.cells[-1].startswith('"')


def read_sdd(head: Head) -> Rows:
    """``id xmin ymin xmax ymax frame lost occluded generated "label"``: middles of pedestrians' boxes, in pixels."""
    table = number_table(head, (0, 1, 2, 3, 4, 5, 6))
    labels = text_column(head, 9)
    lost, people = table[:, 6] != 0, labels == "Pedestrian"
    notes = []
    if lost.any():
        notes.append(f"{int(lost.sum())} rows of people out of sight were left out")
    if not people.all():
        notes.append(f"{int((~people).sum())} rows of {', '.join(sorted(set(labels[~people])))[:80]} were left out")
    kept = table[people & ~lost]
    who, when, boxes = kept[:, 0], kept[:, 5], kept[:, 1:5].reshape(-1, 2, 2)
    return Rows(when, who, boxes.mean(axis=1), SDD_FPS, pixels=True, notes=tuple(notes))


def write_sdd(sightings: Sightings) -> str:
    """A picture from above at ``SDD_SCALE`` metres per pixel, which holds places to half of that."""
    order, frames, numbers = rows_by_frame(sightings, SDD_FPS)
    corners = np.round(sightings.position[order] / SDD_SCALE - SDD_BOX / 2).astype(np.int64).tolist()
    return "".join(
        f'{number} {left} {top} {left + SDD_BOX} {top + SDD_BOX} {frame} 0 0 0 "Pedestrian"\n'
        for number, frame, (left, top) in zip(numbers, frames, corners, strict=True)
    )


def is_mot(head: Head) -> bool:
    """Seven to ten numbers with commas."""
    return 7 <= head.numbers <= 10 and head.delimiter == ","


def read_mot(head: Head) -> Rows:
    """``frame,id,left,top,width,height,conf,...``: world x and y where the file tells them, else feet in pixels."""
    count = len(head.cells)
    table = number_table(head, range(count))
    frame, who, box, confidence = table[:, 0], table[:, 1], table[:, 2:6], table[:, 6]
    if np.all(who == -1):
        raise BadFile(head.path, "holds detections without ids (-1); run a tracker on them first")
    world = table[:, 7:9]
    told = count == 10 and not np.all(world == -1)
    kept = confidence != 0
    if count == 9:  # MOT16 and later: class and visibility
        kept &= np.isin(table[:, 7], MOT_PEOPLE)
    feet = box[:, :2] + box[:, 2:] * np.array([0.5, 1.0])
    notes = (
        [] if kept.all() else [f"{int((~kept).sum())} rows that are no pedestrians or not to be counted were left out"]
    )
    rate = _sequence_rate(head.path)
    if rate is None:
        notes.append(f"{MOT_FPS:g} frames a second were assumed; --fps says otherwise")
    return Rows(
        frame[kept], who[kept], (world if told else feet)[kept], rate or MOT_FPS, pixels=not told, notes=tuple(notes)
    )  # fmt: skip


def _sequence_rate(path: Path) -> float | None:
    """Frames per second that MOT's seqinfo.ini beside the folder tells, or None."""
    for file in (path.parent / "seqinfo.ini", path.parent.parent / "seqinfo.ini"):
        info = configparser.ConfigParser()
        try:
            info.read_string(file.read_text(encoding="utf-8")[: 1 << 16])
            rate = info.getfloat("Sequence", "frameRate")
        except (OSError, ValueError, configparser.Error):
            continue
        if 0 < rate < MAX_ROWS:
            return rate
    return None


def write_mot(sightings: Sightings) -> str:
    """World places; boxes are -1, for there is no camera."""
    order, frames, numbers = rows_by_frame(sightings, MOT_FPS)
    return "".join(
        f"{frame},{number},-1,-1,-1,-1,1,{x:.6f},{y:.6f},0\n"
        for frame, number, (x, y) in zip(frames, numbers, sightings.written[order].tolist(), strict=True)
    )


def is_wildtrack(path: Path) -> bool:
    """A folder of frames such as 00000005.json."""
    return path.is_dir() and any(file.stem.isdecimal() for file in path.glob("*.json"))


def read_wildtrack(path: Path) -> Rows:
    """A folder with one JSON a frame, ten numbers a second: ``personID`` and ``positionID`` on the grid."""
    files = sorted((file for file in path.glob("*.json") if file.stem.isdecimal()), key=lambda file: int(file.stem))
    rows: list[tuple[float, float, float]] = []
    for file in files:
        for entry in _entries(file):
            place, person = entry.get("positionID", "nothing"), entry.get("personID", "nothing")
            if not (_whole(place) and _whole(person)) or not 0 <= int(place) < GRID_COLUMNS * GRID_ROWS:
                raise BadFile(
                    file,
                    f"each entry needs a personID and a positionID below {GRID_COLUMNS * GRID_ROWS}, got {place!r:.40}",
                )
            rows.append((float(file.stem), float(person), float(place)))
            if len(rows) > MAX_ROWS:
                raise BadFile(path, f"has more than {MAX_ROWS} rows; cut out the minutes that matter")
    table = np.array(rows).reshape(-1, 3)
    when, who, cell = table.T
    where = GRID_ORIGIN + GRID_SPACING * np.stack([cell % GRID_COLUMNS, cell // GRID_COLUMNS], axis=-1)
    return Rows(when, who, where, WILDTRACK_FPS)


def _entries(file: Path) -> list[dict[str, Any]]:
    try:
        entries = json.loads(content_of(file, MAX_FRAME_BYTES))
    except (ValueError, RecursionError) as error:
        raise BadFile(file, f"is no JSON ({error})") from None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BadFile(file, "a frame of WildTrack is a list of people")
    return entries


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 53


def wildtrack_frames(sightings: Sightings) -> Iterator[tuple[str, str]]:
    """Name and content of each frame's file; raises ``BadInput`` for places off the grid, which is 12 x 36 m."""
    order, _, numbers = rows_by_frame(sightings)
    cells = np.round((sightings.written[order] - GRID_ORIGIN) / GRID_SPACING).astype(np.int64)
    if np.any((cells < 0) | (cells >= np.array([GRID_COLUMNS, GRID_ROWS]))):
        raise BadInput("WildTrack's grid reaches from -3,-9 to 9,27 m; people outside of it cannot be written to it")
    frames: dict[int, list[dict[str, Any]]] = {}
    for time, number, (column, row) in zip(sightings.time[order], numbers, cells.tolist(), strict=True):
        entry = {"personID": number, "positionID": row * GRID_COLUMNS + column, "views": []}
        frames.setdefault(round(float(time) * WILDTRACK_FPS), []).append(entry)
    for frame, entries in frames.items():
        yield f"{frame:08d}.json", json.dumps(entries, indent=1)


def is_trajnet(head: Head) -> bool:
    """Lines of JSON."""
    return head.lines[0].startswith("{") and any(f'"{name}"' in head.lines[0] for name in ("track", "scene"))


def read_trajnet(head: Head) -> Rows:
    """``{"track": {"f", "p", "x", "y"}}`` a line; scenes tell the rate, predictions are left out."""
    rows, rate, predicted = [], None, 0
    with head.path.open(encoding="utf-8-sig", errors="replace") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            kind, entry = trajnet_entry(line, f"line {number}", head.path)
            if kind == "scene":
                rate = entry.get("fps", rate)
            elif entry.get("prediction_number") is not None:
                predicted += 1
            else:
                rows.append(tuple(float(entry[name]) for name in "fpxy"))
    table = np.array(rows, dtype=np.float64).reshape(-1, 4)
    when, who, where = table[:, 0], table[:, 1], table[:, 2:]
    order = np.lexsort((when, who))
    known = rate is not None and isinstance(rate, int | float) and 0 < rate < 1e4
    frames = usual_step(np.unique(who[order], return_inverse=True)[1], when[order]) or 1.0
    notes = (f"{predicted} rows that are predictions were left out",) if predicted else ()
    return Rows(when, who, where, frames * float(rate or 0) if known else None, notes=notes)


def trajnet_entry(line: str, where: str, path: Path) -> tuple[str, dict[str, Any]]:
    """``track`` or ``scene`` and its content; raises ``BadFile`` naming the line."""
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        raise BadFile(path, f"{where} is no JSON") from None
    for kind in ("track", "scene"):
        entry = data.get(kind) if isinstance(data, dict) else None
        if isinstance(entry, dict):
            if kind == "track" and not all(
                isinstance(entry.get(name), int | float) and abs(entry[name]) < 1e300 for name in "fpxy"
            ):
                raise BadFile(path, f"{where}: a track needs the numbers f, p, x and y")
            return kind, entry
    raise BadFile(path, f"{where} should hold a track or a scene")


def write_trajnet(sightings: Sightings) -> str:
    """One scene from beginning to end, about the person seen most often."""
    order, frames, numbers = rows_by_frame(sightings)
    main = numbers[int(np.flatnonzero(sightings.person[order] == np.bincount(sightings.person).argmax())[0])]
    fps = round(1.0 / sightings.step, 6) if sightings.step else 2.5
    scene = {"id": 0, "p": main, "s": frames[0], "e": frames[-1], "fps": fps, "tag": 0}
    lines = [json.dumps({"scene": scene})]
    for frame, number, (x, y) in zip(frames, numbers, sightings.written[order].tolist(), strict=True):
        lines.append(json.dumps({"track": {"f": frame, "p": number, "x": round(x, 6), "y": round(y, 6)}}))
    return "\n".join(lines) + "\n"
