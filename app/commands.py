"""What each command does: options in, the object that ``--json`` prints out. Without ``--json`` they speak plainly.

What only one command needs is imported inside it.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict, fields
from typing import Any

from app.request import Request
from app.studio import check_outputs, make, open_body
from app.terminal import Stages, answer
from motion.formats import load, save
from motion.formats.glb import fits


def generate(options: argparse.Namespace) -> dict[str, Any]:
    """``stride generate``."""
    request = Request(**{entry.name: getattr(options, entry.name) for entry in fields(Request)})
    with Stages() as stages:
        result = make(request, stages)
    if not options.json:
        numbers = (f"{name} {value:.4g}" for name, value in result.report.items() if isinstance(value, float))
        answer(*result.files, ", ".join(numbers))
    return result.to_json()


def convert(options: argparse.Namespace) -> dict[str, Any]:
    """``stride convert``."""
    check_outputs([options.target])
    body = open_body(options.body)
    skin = body.skin()
    clip = load(options.source, skeleton=skin.skeleton)
    if options.fps is not None:
        clip = clip.resampled(options.fps)
    path = save(clip, options.target, skin=skin if fits(skin, clip.skeleton) else None)
    if not options.json:
        answer(str(path))
    return {"files": [str(path)], "frames": clip.num_frames, "fps": clip.fps, "duration_s": clip.duration}


def data_build(options: argparse.Namespace) -> dict[str, Any]:
    """``stride data build``."""
    from motion.datasets.build import build

    with Stages() as stages:
        report = build(options.source, options.folder, options.out, stages)
    if not options.json:
        answer(f"{options.out}: {report.clips} clips, {report.frames} frames of {report.source}")
    return asdict(report)
