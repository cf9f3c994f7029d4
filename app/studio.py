"""The studio: one function that makes what a request asks for, from the words to the files."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import fields, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from app import VERSION
from app.places import Going, fit, going_of
from app.report import report
from app.request import CANDIDATES, Request
from app.result import Result, Sample
from app.teach import words_said
from app.timeline import DURATION, fps_of, main_prompt, timeline_of
from motion.body import BodyModel, default_body, load_user_body
from motion.conditions import Loop, Timeline
from motion.conditions.timeline import MIN_DURATION
from motion.core import MissingDependency, Motion, Skeleton, Trajectory
from motion.core.progress import Progress, silent
from motion.formats import format_of, require_presets, save
from motion.formats.atomic import require_place
from motion.formats.presets import Preset, chosen
from motion.refine.loop import sampled
from motion.refine.playback import in_place, retimed

if TYPE_CHECKING:
    from motion.generation import Generated
    from motion.generation.taught_word import TaughtWord

#: Bones that differ by less, in metres, are the same body's: what a clip keeps of another stays to the last bit.
SAME = 1e-5

#: The fields of a request that direct the motion and that a record of it can hold.
DIRECTIONS = (
    "texts", "parts", "speed", "path", "facing", "waypoints", "keyframes", "start_from", "edit", "edit_span",
    "edit_parts", "loop", "retime", "in_place", "mirror", "feet", "scene", "start", "goal", "goal_heading", "sit",
    "lie", "stay", "preset", "root_motion", "t_pose",
)  # fmt: skip

#: Seconds of a clip of a taught word, at most, where nothing tells its duration.
LONG = 10.0

#: What one more candidate takes on two cores, in seconds per step and second of motion.
SECONDS_EACH = 0.004

#: What putting it into a scene takes, in seconds per second of motion.
SECONDS_PLACED = 0.12


def make(request: Request, progress: Progress = silent) -> Result:
    """Generate the clips of a request, write its files and measure them.

    Everything that can be refused is refused before the model is loaded. Each file appears whole or not at all.

    Raises:
        MotionError: something in the request, a body or the weights is not as it should be.
        Cancelled: ``progress`` raised it.
    """
    preset = chosen(request.preset, request.root_motion, request.t_pose)
    check_outputs(request.out, preset)
    words = words_said([one for one in (request.prompt, *request.texts, *request.parts) if isinstance(one, str)])
    going = going_of(request)
    timeline = timeline_of(request, default_body().skeleton(), usual_seconds(request, words), going)
    body = open_body(request.body)
    from motion.generation import generate, load_for_steps  # brings PyTorch
    from motion.understanding.verifier import best, verify

    generator = load_for_steps(request.model, request.steps)
    if words:
        from motion.generation.vocabulary import with_words

        generator = with_words(generator, words)
    steps = generator.steps if request.steps is None else request.steps
    candidates = number_of_candidates(request, timeline.duration, steps, going)
    prompt = main_prompt(request, timeline)
    made = generate(
        timeline, generator, samples=candidates, steps=steps, guidance=request.guidance,
        fps=fps_of(request, timeline), feet=request.feet, progress=progress, place=going.place if going else None,
    )  # fmt: skip
    begin = time.perf_counter()
    progress("verify", 0.0)
    verdicts = verify([one.clip for one in made], explained(prompt, words))
    numbers = [best(verdicts)] if request.samples == 1 or request.pick == "best" else list(range(candidates))
    nearest = generator.known.nearest(prompt) if generator.known and prompt is not None else ()
    verified = time.perf_counter()
    clips = [dressed(made[number].clip, body) for number in numbers]
    record = {**provenance(request, timeline), "steps": steps, "model": generator.info}
    if words:
        record["words"] = {word.name: word.sha256 for word in words}
    shown = [played(clip, request, timeline) for clip in clips]
    written = write_all(shown, numbers, request, body, preset, record, progress)
    seconds = {**stage_seconds(made), "verify": verified - begin, "export": time.perf_counter() - verified}
    samples = tuple(
        Sample(
            files,
            report(made[number], verdicts[number], clip, timeline, nearest, play)
            | (fit(clip, body, going) if going else {}),
            number,
        )
        for files, number, clip, play in zip(written, numbers, clips, shown, strict=True)
    )
    first, known = shown[0], tuple(one.text for one in nearest)
    return Result(
        first.num_frames, first.fps, first.duration, seconds, dict(generator.info), request.seed, samples, candidates,
        known,
    )  # fmt: skip


def usual_seconds(request: Request, words: Sequence[TaughtWord]) -> float:
    """How long a clip is when nothing tells it: as long as what was taught of its prompt's word, else ``DURATION``."""
    said = [word.seconds for word in words if request.prompt is not None and word.said_in(request.prompt)]
    return min(max([MIN_DURATION, *said]), LONG) if said else DURATION


def explained(prompt: str | None, words: Sequence[TaughtWord]) -> str | None:
    """The prompt with what taught words stand for in their place: the verifier does not know them."""
    for word in words:
        prompt = None if prompt is None else word.explained(prompt)
    return prompt


def number_of_candidates(request: Request, duration: float, steps: int, going: Going | None = None) -> int:
    """How many clips are drawn: those asked for; for a single one as many as the budget allows, at most ``CANDIDATES``.

    The time is reckoned, not measured: the same request gives the same clip on a slow machine and on a fast one.
    """
    if request.samples > 1 or request.pick is not None:
        return request.samples
    each = (SECONDS_EACH * steps + (SECONDS_PLACED if going else 0.0)) * duration
    return max(1, min(CANDIDATES, int(request.budget / each)))


def check_outputs(paths: Sequence[str], preset: Preset | None = None) -> None:
    """Refuse, before any work, a file that cannot be written (suffix, package, folder), or a preset none can have."""
    require_presets(paths, preset)
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
    if np.allclose(skeleton.rest_offsets, clip.skeleton.rest_offsets, rtol=0.0, atol=SAME):  # weights keep 32 bits
        return clip
    scale = leg_length(skeleton) / leg_length(clip.skeleton)
    return replace(clip, skeleton=skeleton, root_position=clip.root_position * scale)


def leg_length(skeleton: Skeleton) -> float:
    """Metres from hip to knee to ankle, mean of both legs."""
    joints = [skeleton.index(f"{side}_{name}") for side in ("left", "right") for name in ("knee", "ankle")]
    return float(np.linalg.norm(skeleton.rest_offsets[joints], axis=-1).sum() / 2)


def played(clip: Motion, request: Request, timeline: Timeline) -> Motion:
    """The clip in the seconds it is retimed to, itself where that is not asked; a loop keeps its seam."""
    if request.retime is None:
        return clip
    if any(isinstance(one, Loop) for one in timeline.conditions):
        return sampled(clip, max(1, round(request.retime * clip.fps)), clip.fps)
    return retimed(clip, request.retime)


def finished(clip: Motion, request: Request) -> tuple[Motion, Trajectory | None]:
    """The clip as it is written, mirrored and on the spot if that was asked for, and the way that was taken out."""
    clip = clip.mirrored() if request.mirror else clip
    return in_place(clip) if request.in_place else (clip, None)


def provenance(request: Request, timeline: Timeline) -> dict[str, Any]:
    """How the clips are made, for the files: what was asked for, and what of the rest is not as always."""
    plain = {entry.name: entry.default for entry in fields(Request)}
    asked = {name: getattr(request, name) for name in DIRECTIONS if getattr(request, name) != plain[name]}
    return {
        "generator": f"stride {VERSION}",
        "prompt": request.prompt, "duration_s": timeline.duration, "seed": request.seed,
        "guidance": request.guidance, **asked,
    }  # fmt: skip


def write_all(
    clips: Sequence[Motion],
    numbers: Sequence[int],
    request: Request,
    body: BodyModel,
    preset: Preset | None,
    record: dict[str, Any],
    progress: Progress,
) -> list[tuple[str, ...]]:
    """Write every clip to every file asked for; the names written, clip by clip."""
    skin = body.skin()
    written = []
    for done, (number, clip) in enumerate(zip(numbers, clips, strict=True)):
        progress("export", done / len(clips))
        made, way = finished(clip, request)
        own: dict[str, Any] = {**record, "sample": number}
        if way is not None:
            own["removed_path"] = {"fps": way.fps, "positions": np.round(way.positions, 4).tolist()}
        names = [numbered(name, number) if len(clips) > 1 else name for name in request.out]
        written.append(tuple(str(save(made, name, skin=skin, provenance=own, preset=preset)) for name in names))
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
