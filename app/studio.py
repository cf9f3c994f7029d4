"""The studio: one function that makes what a request asks for, from the words to the files."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from app import VERSION
from app.request import Request, Result, Sample
from motion.body import BodyModel, default_body, load_user_body
from motion.conditions import Text, Timeline
from motion.core import MissingDependency, Motion, Skeleton
from motion.core.progress import Progress, silent
from motion.formats import format_of, save
from motion.formats.atomic import require_place
from motion.metrics import physical_report

if TYPE_CHECKING:
    from motion.generation import Generated

#: The report's keys, in the order printed; those that do not apply to a request are null.
REPORT = (
    "foot_skate_ratio", "mean_jerk_m_s3", "floor_penetration_mm", "requested_speed", "realised_speed", "path_error_m",
    "scene_penetration", "nearest_training_caption", "caption_similarity",
)  # fmt: skip


def make(request: Request, progress: Progress = silent) -> Result:
    """Generate the clips of a request, write its files and measure them.

    Everything that can be refused is refused before the model is loaded. Each file appears whole or not at all.

    Raises:
        MotionError: something in the request, a body or the weights is not as it should be.
        Cancelled: ``progress`` raised it.
    """
    timeline = Timeline(request.duration, (Text(request.prompt),), request.seed)
    check_outputs(request.out)
    body = open_body(request.body)
    from motion.generation import generate, load_generator  # brings PyTorch

    generator = load_generator(request.model)
    made = generate(
        timeline, generator, samples=request.samples, steps=request.steps, guidance=request.guidance, fps=request.fps,
        progress=progress,
    )  # fmt: skip
    clips = [dressed(one.clip, body) for one in made]
    begin = time.perf_counter()
    written = write_all(clips, request, body, generator.info, progress)
    seconds = {**stage_seconds(made), "export": time.perf_counter() - begin}
    samples = tuple(Sample(files, report(one, clip)) for files, one, clip in zip(written, made, clips, strict=True))
    first = clips[0]
    return Result(first.num_frames, first.fps, first.duration, seconds, dict(generator.info), request.seed, samples)


def check_outputs(paths: Sequence[str]) -> None:
    """Refuse a file that cannot be written (suffix, optional package, folder), before any work is done."""
    for name in paths:
        needs = format_of(name).needs
        if needs and find_spec(needs[0]) is None:
            raise MissingDependency(needs[0], f"writing {Path(name).suffix}", needs[1])
        require_place(name)


def open_body(path: str | None) -> BodyModel:
    """The shipped body, or a user's own: an .npz file or a folder that holds one."""
    return default_body() if path is None else load_user_body(path)


def dressed(clip: Motion, body: BodyModel) -> Motion:
    """The clip on another body's skeleton; steps are scaled to its legs, so that the feet stay on the ground."""
    skeleton = body.skeleton()
    if np.array_equal(skeleton.rest_offsets, clip.skeleton.rest_offsets):
        return clip
    scale = leg_length(skeleton) / leg_length(clip.skeleton)
    return replace(clip, skeleton=skeleton, root_position=clip.root_position * scale)


def leg_length(skeleton: Skeleton) -> float:
    """Metres from hip to knee to ankle, mean of both legs."""
    joints = [skeleton.index(f"{side}_{name}") for side in ("left", "right") for name in ("knee", "ankle")]
    return float(np.linalg.norm(skeleton.rest_offsets[joints], axis=-1).sum() / 2)


def write_all(
    clips: Sequence[Motion], request: Request, body: BodyModel, model: dict[str, str], progress: Progress
) -> list[tuple[str, ...]]:
    """Write every clip to every file asked for; the names written, clip by clip."""
    skin = body.skin()
    written = []
    for number, clip in enumerate(clips):
        progress("export", number / len(clips))
        provenance: dict[str, Any] = {
            "generator": f"stride {VERSION}",
            "prompt": request.prompt, "duration_s": request.duration, "seed": request.seed, "sample": number,
            "steps": request.steps, "guidance": request.guidance, "model": model,
        }  # fmt: skip
        names = [numbered(name, number) if len(clips) > 1 else name for name in request.out]
        written.append(tuple(str(save(clip, name, skin=skin, provenance=provenance)) for name in names))
    progress("export", 1.0)
    return written


def numbered(name: str, number: int) -> str:
    """``clip.glb`` -> ``clip_3.glb``."""
    path = Path(name)
    return str(path.with_name(f"{path.stem}_{number}{path.suffix}"))


def stage_seconds(made: Sequence[Generated]) -> dict[str, float]:
    """Wall seconds by stage; the words are encoded once, the rest is the sum over the samples."""
    text = made[0].seconds.get("text", 0.0)
    return {"text": text} | {stage: sum(one.seconds.get(stage, 0.0) for one in made) for stage in ("sample", "refine")}


def report(made: Generated, clip: Motion) -> dict[str, float | str | None]:
    """The numbers of one clip: the keys of ``REPORT``, then what else the generator has to say."""
    measured = physical_report(clip).to_json()
    numbers: dict[str, Any] = {**made.report, **measured, "realised_speed": measured["mean_planar_speed_m_s"]}
    return {name: numbers.get(name) for name in REPORT} | {k: v for k, v in numbers.items() if k not in REPORT}
