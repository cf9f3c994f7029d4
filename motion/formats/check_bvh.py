"""Conformance of a .bvh as it is stored."""

from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np

from motion.formats.check import CheckItem, at_most
from motion.formats.folding import on_floor


def check_bvh(path: str | os.PathLike[str]) -> list[CheckItem]:
    """Channels, continuity of the Euler angles, and the digits of the frame time; the file was readable before."""
    head, _, tail = Path(path).read_text(encoding="utf-8", errors="replace").partition("MOTION")
    kinds = [kind for line in re.findall(r"CHANNELS\s+\d+([^\n]*)", head) for kind in line.split()]
    frame_time = re.search(r"Frame\s*Time:?\s*(\S+)", tail)
    values = np.array(tail[frame_time.end() :].split() if frame_time else [], dtype=np.float64)
    frames = values[: len(values) // max(len(kinds), 1) * len(kinds)].reshape(-1, max(len(kinds), 1))
    turning = np.array([kind.lower().endswith("rotation") for kind in kinds], dtype=bool)
    jump = float(np.abs(np.diff(frames[:, turning], axis=0)).max()) if len(frames) > 1 and turning.any() else 0.0
    root = re.search(r"ROOT\s+(\S+)", head)
    carries = root is not None and on_floor(root.group(1))  # it and the hips above it
    joints_that_move = sum(kind.lower() == "xposition" for kind in kinds)
    digits = len(re.sub(r"\D", "", frame_time.group(1)).lstrip("0")) if frame_time else 0
    exact = digits >= 7 or (frame_time is not None and float(1 / float(frame_time.group(1))).is_integer())
    return [
        at_most("largest jump of an Euler angle", jump, 179.0, "degrees"),
        CheckItem("joints with position channels", joints_that_move <= 1 + carries, joints_that_move, "the root alone"),
        CheckItem("digits of the frame time", exact, digits, "7 or more, or an exact rate"),
        CheckItem("End Sites", True, len(re.findall(r"End\s+Site", head))),
    ]
