"""Joint positions as .csv for spreadsheets and scripts: one line per frame, metres, Y up, facing +Z at rest."""

from __future__ import annotations

import io
import os
from typing import Any

import numpy as np

from motion.core.clip import Motion
from motion.core.skin import Skin
from motion.formats.atomic import write_text


def write_csv(
    clip: Motion,
    path: str | os.PathLike[str],
    *,
    skin: Skin | None = None,
    provenance: dict[str, Any] | None = None,
) -> None:
    """Write ``frame,time_s,<joint>_x_m,<joint>_y_m,<joint>_z_m,...``; positions to a hundredth of a millimetre.

    A table has no place for a body or a provenance; the frame rate is one over the step of ``time_s``.
    """
    names = [f"{joint}_{axis}_m" for joint in clip.skeleton.joint_names for axis in "xyz"]
    positions = clip.joint_positions().reshape(clip.num_frames, -1) + 0.0
    frames = np.arange(clip.num_frames)
    table = np.column_stack([frames, frames / clip.fps, positions])
    text = io.StringIO()
    np.savetxt(text, table, delimiter=",", fmt=["%d", "%.9f"] + ["%.5f"] * len(names), newline="\n")
    write_text(path, ",".join(["frame", "time_s", *map(_quoted, names)]) + "\n" + text.getvalue())


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"' if any(c in name for c in ',"\r\n') else name
