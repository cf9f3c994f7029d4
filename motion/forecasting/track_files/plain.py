"""Plain text: Social GAN's ``frame id x y``, OpenTraj's obsmat, and our ``time,id,x,y`` with a header."""

from __future__ import annotations

import difflib

import numpy as np
from numpy.typing import NDArray

from motion.core.errors import BadFile
from motion.forecasting.track_files.rows import BENCHMARK_STEP, Rows
from motion.forecasting.track_files.sightings import Sightings
from motion.forecasting.track_files.tables import Head, number_table, text_column, whole_names

Array = NDArray[np.floating]

#: Frames per second of what we write in frames when the source counted in seconds: Social GAN's ten frames a step.
FRAMES_PER_S = 25.0

#: Slower people tell no frame rate by their velocity, in m/s.
MOVING = 0.3

#: Columns of a table with a header, and what else they are called.
NAMES: dict[str, tuple[str, ...]] = {
    "time": ("time", "t", "time_s", "seconds", "timestamp"),
    "frame": ("frame", "frame_id", "frameid", "fr", "frame_number"),
    "id": ("id", "person", "person_id", "personid", "ped", "ped_id", "pedestrian", "pedestrian_id", "agent", "agent_id",
           "track", "track_id", "trackid"),
    "x": ("x", "pos_x", "x_m", "x/m"),
    "y": ("y", "pos_y", "y_m", "y/m"),
    "z": ("z", "pos_z", "z_m", "z/m"),
}  # fmt: skip


def is_social_gan(head: Head) -> bool:
    """Four numbers a row."""
    return head.numbers == 4 and not head.comments


def read_social_gan(head: Head) -> Rows:
    """Metres, seen from above; SDD's text in metres and TrajNet's text have this form too."""
    table = number_table(head, (0, 1, 2, 3))
    when, who, where = table[:, 0], table[:, 1], table[:, 2:]
    return Rows(when, who, where)


def write_social_gan(sightings: Sightings) -> str:
    """Tabs, sorted by frame; people get numbers when they have names."""
    seconds = sightings.frames_per_s == 1 and sightings.step > 0
    order, frames, numbers = rows_by_frame(sightings, 10 / sightings.step if seconds else None)
    places = sightings.written[order]
    return "".join(
        f"{frame}\t{number}\t{place}\n"
        for frame, number, place in zip(frames, numbers, (f"{x:.6f}\t{y:.6f}" for x, y in places), strict=True)
    )


def is_obsmat(head: Head) -> bool:
    """Eight numbers a row, no commas."""
    return head.numbers == 8 and head.delimiter is None and not head.comments


def read_obsmat(head: Head) -> Rows:
    """``frame id x z y vx vz vy`` with z upwards; the velocities tell the frame rate, which the form does not."""
    table = number_table(head, (0, 1, 2, 4, 5, 7))
    when, who, where, velocity = table[:, 0], table[:, 1], table[:, 2:4], table[:, 4:]
    order = np.lexsort((when, who))
    frames, apart = np.diff(when[order]), np.linalg.norm(np.diff(where[order], axis=0), axis=-1)
    speed = np.linalg.norm(velocity[order], axis=-1)
    speed = (speed[1:] + speed[:-1]) / 2
    clear = (np.diff(who[order]) == 0) & (frames > 0) & (speed > MOVING) & (apart > 0)
    if not clear.any():
        return Rows(when, who, where)
    step = float(np.median(frames[clear]))
    seconds = float(np.median(apart[clear] / speed[clear]))
    if abs(seconds - BENCHMARK_STEP) < 0.1 * BENCHMARK_STEP:  # velocities are rounded or smoothed
        seconds = BENCHMARK_STEP
    return Rows(when, who, where, step / seconds, notes=(f"by its velocities {step:g} frames are {seconds:.3g} s",))


def write_obsmat(sightings: Sightings) -> str:
    """Velocities are central differences."""
    order, frames, numbers = rows_by_frame(sightings)
    places, velocity = sightings.written, np.zeros((len(sightings.time), 2))
    for index in range(len(sightings.ids)):
        rows = sightings.person == index
        if rows.sum() > 1:
            velocity[rows] = np.gradient(places[rows], sightings.time[rows], axis=0)
    return "".join(
        f"{frame} {number} {x:.6f} 0 {y:.6f} {u:.6f} 0 {v:.6f}\n"
        for frame, number, (x, y), (u, v) in zip(frames, numbers, places[order], velocity[order], strict=True)
    )


def is_csv(head: Head) -> bool:
    """A header that names an id, a time or frame, and x."""
    found = _columns(head)
    return "id" in found and "x" in found and not head.comments


def read_csv(head: Head) -> Rows:
    """Columns in any order, found by their names; seen from above with x and y, or our ground with x and z."""
    found = _columns(head)
    plan = "xz" if "z" in found and "y" not in found else "xy"
    clock = "time" if "time" in found else "frame"
    for name in (clock, "id", "x", plan[1]):
        if name not in found:
            close = difflib.get_close_matches(name, head.cells, 1)
            raise BadFile(
                head.path,
                f"has no column {name!r}{f' (is it {close[0]!r}?)' if close else ''}; it has {', '.join(head.cells)}",
            )
    used = tuple(found[name] for name in (clock, "x", plan[1]))
    table = number_table(head, used, header=1)
    who = whole_names(text_column(head, found["id"], header=1))
    when, where = table[:, 0], table[:, 1:]
    left = [cell for number, cell in enumerate(head.cells) if number not in (*used, found["id"])]
    notes = (f"columns {', '.join(left[:8])[:80]} were left out",) if left else ()
    return Rows(when, who, where, 1.0 if clock == "time" else None, flat=plan, notes=notes)


def write_csv(sightings: Sightings) -> str:
    """Seconds and metres in the plan of the source."""
    order = np.lexsort((sightings.person, sightings.time))
    lines = [f"time,id,x,{sightings.flat[1]}"]
    for row in order:
        x, other = sightings.written[row]
        name = sightings.ids[sightings.person[row]]
        lines.append(f"{sightings.time[row]:.6f},{quoted(name)},{x:.6f},{other:.6f}")
    return "\n".join(lines) + "\n"


def quoted(name: str) -> str:
    """A cell of a table with commas."""
    return '"' + name.replace('"', '""') + '"' if any(sign in name for sign in ',;#"\n\r') else name


def rows_by_frame(sightings: Sightings, rate: float | None = None) -> tuple[NDArray[np.intp], list[int], list[int]]:
    """The order of rows by frame, their frame numbers, and their people's numbers.

    ``rate`` in frames per second is that of ``frames_per_s`` where it is not given.
    """
    rate = frames_per_s(sightings) if rate is None else rate
    order = np.lexsort((sightings.person, sightings.time))
    names = sightings.ids
    plain = all(name.lstrip("-").isdecimal() for name in names)
    number = np.array([int(name) if plain else index + 1 for index, name in enumerate(names)], dtype=object)
    frames = np.round(sightings.time[order] * rate).astype(np.int64)
    return order, frames.tolist(), number[sightings.person[order]].tolist()


def frames_per_s(sightings: Sightings, default: float = FRAMES_PER_S) -> float:
    """Of the source; where it counted in seconds, near ``default`` so that a step is a whole number of frames."""
    if sightings.frames_per_s != 1:
        return sightings.frames_per_s
    return max(1, round(sightings.step * default)) / sightings.step if sightings.step else default


def _columns(head: Head) -> dict[str, int]:
    """Which column is what, by the names in the first line."""
    found: dict[str, int] = {}
    for number, cell in enumerate(head.cells):
        for name, others in NAMES.items():
            if cell.strip('"').lower() in others:
                found.setdefault(name, number)
    return found
