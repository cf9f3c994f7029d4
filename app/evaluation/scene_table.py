"""``stride evaluate scenes``: places, routes, crowds, and people in places; DIMOS's published numbers beside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from app.evaluation.moving_rows import resting_rows, walking_rows
from app.evaluation.place_rows import crowd_rows, mesh_rows, preparing_rows, route_rows
from app.evaluation.scene_trial import Findings, SceneTrial
from motion.core.errors import BadFile, BadInput, UnknownName
from motion.core.progress import Progress, silent
from motion.evaluation.scorecard import Evaluation, Row
from motion.generation import Generator
from motion.generation.pipeline import MAX_STEPS

#: The kinds of rows, in the order of the table.
KINDS: dict[str, Callable[[SceneTrial], Findings]] = {
    "meshes": mesh_rows, "preparing": preparing_rows, "routes": route_rows, "crowd": crowd_rows,
    "walking": walking_rows, "resting": resting_rows,
}  # fmt: skip

#: Drawn rooms, and clips in each of them.
ROOMS, WAYS, MAX_ROOMS = 4, 2, 50


def evaluate_scenes(
    load: Callable[[], Generator], *, scenes: str | PathLike[str] | None = None, only: Sequence[str] = (),
    rooms: int = ROOMS, steps: int | None = None, progress: Progress = silent,
) -> Evaluation:  # fmt: skip
    """Measure places, and people in them; a few minutes on two cores.

    Args:
        load: brings the model to judge; called when the first row needs it.
        scenes: a folder of meshes of real places; None: only rooms that are drawn.
        only: names of ``KINDS``; none means all.
        rooms: how many rooms are drawn.
        steps: sampling steps; None: as many as the model is made for.
        progress: told the stage and its share done.

    Raises:
        BadFile, BadInput, UnknownName: no such folder, a number outside its limits, a kind that is not known.
    """
    for name in only:
        if name not in KINDS:
            raise UnknownName("kind of row about scenes", name, KINDS)
    if not 1 <= rooms <= MAX_ROOMS:
        raise BadInput(f"1 to {MAX_ROOMS} rooms are drawn, got {rooms}")
    if steps is not None and not 1 <= steps <= MAX_STEPS:
        raise BadInput(f"steps must be 1 to {MAX_STEPS}, got {steps}")
    folder = Path(scenes) if scenes is not None else None
    if folder and not folder.is_dir():
        raise BadFile(folder, "no such folder; --scenes takes a folder of meshes")
    return judged(SceneTrial(load, folder, rooms, WAYS, steps, progress), only)


def judged(trial: SceneTrial, only: Sequence[str] = ()) -> Evaluation:
    """The table of some kinds of rows, or of all."""
    rows: list[Row] = []
    details: dict[str, Any] = {"rooms": trial.rooms, "scenes": trial.folder is not None}
    for name, kind in KINDS.items():
        if not only or name in only:
            found = kind(trial)
            rows += found.rows
            details[name] = found.details
    return Evaluation(tuple(rows), details, beside="DIMOS")
