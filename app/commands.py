"""What each command does: options in, the object that ``--json`` prints out. Without ``--json`` they speak plainly.

What only one command needs is imported inside it.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from app import directions
from app.characters import lines, open_character, say
from app.report import Numbers
from app.request import Request
from app.studio import check_outputs, make, open_body
from app.terminal import Stages, answer, warn
from motion.core.errors import BadInput
from motion.formats import conversion
from motion.formats.check import check_file
from motion.formats.presets import chosen


def generate(options: argparse.Namespace) -> dict[str, Any]:
    """``stride generate``."""
    request = request_of(options)
    if request.loop and any(getattr(request, name) for name in AT_TIMES):
        warn("a loop is cut out of the clip somewhere: what is asked for at a time may be outside of it")
    with Stages() as stages:
        result = make(request, stages)
    if result.report["far_from_training"]:
        warn(f"nothing like this prompt was recorded for training; nearest is: {', '.join(result.known)}")
    if not options.json:
        numbers = (
            f"{name} {value:.4g}"
            for name, value in result.report.items()
            if isinstance(value, float) and not name.startswith(TOLD_BESIDE)
        )
        made = f"{result.duration_s:g} s at {result.fps:g} fps, seed {result.seed}"
        model = f"model {result.model['name']} ({result.model['licence']}, sha256 {result.model['sha256'][:12]})"
        worn = lines(result.rig) if result.rig is not None else []
        answer(*result.files, f"{made}, {model}", *beside(result.report), ", ".join(numbers), *worn)
    return result.to_json()


#: Numbers that ``beside`` tells in words, or that are twice in the report.
TOLD_BESIDE = (
    "requested_", "realised_duration", "path_", "key_", "loop_", "known_", "mean_planar", "goal_", "heading_",
    "scene_penetration", "scene_worst",
)  # fmt: skip


#: What is asked for at a time, and can be lost when a loop is cut.
AT_TIMES = ("keyframes", "start_from", "edit", "texts")

#: A duration that is met to so many seconds is not spoken of.
SECONDS_OFF = 0.1


def request_of(options: argparse.Namespace) -> Request:
    """The request that the flags come to; raises ``MotionError``."""
    given = {entry.name: getattr(options, entry.name) for entry in fields(Request) if entry.name in options}
    given["path"] = directions.points(options.path).tolist() if options.path is not None else ()
    given["waypoints"] = directions.waypoints(options.waypoints) if options.waypoints is not None else ()
    given["speed"] = None if options.speed is None else directions.speed(options.speed)
    given["facing"] = directions.facing(options.facing)
    for name, flag in (("start", "--from"), ("goal", "--to")):
        text = getattr(options, name)
        given[name] = None if text is None else directions.place(text, flag)
    for name in ("sit", "lie"):
        text = getattr(options, name)
        given[name] = directions.place(text, f"--{name}") if text and directions.is_place(text) else text
    heading = options.goal_heading
    given["goal_heading"] = None if heading is None else directions.degrees(heading)
    return Request(**given)


def beside(report: Numbers) -> list[str]:
    """What was asked for beside what came of it, a line each; nothing of what was not asked for."""
    value = {name: number for name, number in report.items() if isinstance(number, float)}
    lines = []
    if "requested_speed" in value:
        lines.append(f"speed: asked for {value['requested_speed']:.2f} m/s, is {value['realised_speed']:.2f} m/s")
    seconds = value.get("requested_duration_s", value["realised_duration_s"])
    if abs(seconds - value["realised_duration_s"]) > SECONDS_OFF and "playback_rate" not in value:
        lines.append(f"duration: asked for {seconds:.2f} s, is {value['realised_duration_s']:.2f} s")
    if "playback_rate" in value:
        lines.append(
            f"retimed: played {value['playback_rate']:.2f} times as fast, {value['realised_duration_s']:.2f} s"
        )
    for name, of in (("path", "way"), ("key", "keys")):
        if f"{name}_error_m" in value:
            mean, most = 100 * value[f"{name}_error_m"], 100 * value[f"{name}_error_max_m"]
            lines.append(f"{of}: {mean:.1f} cm off on average, {most:.1f} cm at most")
    if "goal_distance_m" in value:
        turned = value.get("heading_error_rad")
        facing = "" if turned is None else f", {np.degrees(turned):.0f} degrees off the heading asked for"
        lines.append(f"goal: {100 * value['goal_distance_m']:.1f} cm off{facing}")
        part, deep = report.get("scene_worst_part"), 100 * value["scene_penetration"]
        where = f" ({part} at {value['scene_worst_s']:.1f} s)" if part else ""
        lines.append(f"scene: {deep:.1f} cm in things at most{where}")
    if "loop_seam_m" in value:
        lines.append(f"loop: seam of {1000 * value['loop_seam_m']:.1f} mm, {value['loop_seam_m_s']:.2f} m/s")
    return lines


def teach(options: argparse.Namespace) -> dict[str, Any]:
    """``stride teach``."""
    from app.teach import run

    with Stages() as stages:
        options.progress = stages
        done = run(options)
    if done.get("known_before"):
        warn(f"prompts that say {done['word']['name']!r}, such as {done['known_before']!r}, now mean what was taught")
    if options.json:
        return done
    for word in done.get("words", [done["word"]] if "word" in done else []):
        kept = f"{word['seconds']:g} s, from {word['clips']} clips, {word['bytes'] / 1e3:.0f} kB"
        answer(f"{word['name']}: {word['caption']} ({kept})")
    if "words" not in done:
        answer(f"{'removed' if 'removed' in done else 'kept in'} {done['file']}")
    return done


def convert(options: argparse.Namespace) -> dict[str, Any]:
    """``stride convert``."""
    if Path(options.source).is_dir():
        from app.folders import convert_folder

        return convert_folder(options)
    if options.to is not None:
        raise BadInput("--to names the format of the clips of a folder; of one clip the suffix of OUT does")
    preset = chosen(options.preset, options.root_motion, options.t_pose)
    character = open_character(
        options.rig, options.mapping, [options.target], options.preset, options.root_motion, options.t_pose
    )
    check_outputs([options.target], preset)
    body = open_body(options.body)
    told: dict[str, Any] = {}
    if character is not None:
        clip = conversion.read_clip(options.source, body.skeleton(), options.fps)
        say(character.mapping)
        told = {"rig": character.write(clip, options.target, conversion.provenance_of(options.source))}
    else:
        clip = conversion.convert(
            options.source, options.target, skin=body.skin(), shaped=body.skin, fps=options.fps, preset=preset
        )
    if not options.json:
        answer(options.target, *(lines(told["rig"]) if told else ()))
    return {"files": [options.target], "frames": clip.num_frames, "fps": clip.fps, "duration_s": clip.duration, **told}


def check(options: argparse.Namespace) -> dict[str, Any]:
    """``stride check``: ends with 2 when an item is not as it should be."""
    items = check_file(options.file, skeleton=open_body(None).skeleton())
    wrong = [item for item in items if not item.ok]
    if not options.json:
        for item in items:
            limit = f" ({item.limit})" if item.limit else ""
            answer(f"{'ok   ' if item.ok else 'WRONG'} {item.name}: {item.value} {item.unit}".rstrip() + limit)
    return {"file": options.file, "ok": not wrong, "items": [asdict(item) for item in items]}


def data_build(options: argparse.Namespace) -> dict[str, Any]:
    """``stride data build``."""
    from motion.datasets.build import build

    with Stages() as stages:
        report = build(options.source, options.folder, options.out, stages)
    if not options.json:
        answer(f"{options.out}: {report.clips} clips, {report.frames} frames of {report.source}")
        for kind, fidelity in report.fidelity.items():
            feet = f"{100 * fidelity.source_foot_speed:.1f} -> {100 * fidelity.target_foot_speed:.1f} cm/s"
            answer(f"  {kind}: joint error {fidelity.pose_error_mm:.1f} mm, standing feet {feet}")
        for name, why in list(report.dropped.items())[:10]:
            answer(f"  left out {name}: {why}")
    return asdict(report)


def train(options: argparse.Namespace) -> dict[str, Any]:
    """``stride train``."""
    if options.preset == "forecaster":
        from app.forecaster_commands import train as train_forecaster

        return train_forecaster(options)
    if options.tracks or options.fold:
        raise BadInput("--tracks and --fold belong to 'stride train forecaster'")
    if (options.preset == "average") != bool(options.of):
        raise BadInput("--of NAME belongs to 'stride train average', which needs two or more")
    out = Path(options.out or Path("runs") / options.preset)
    if options.preset == "average":
        from motion.training.averaging import average

        model = average(options.of, out)
        if not options.json:
            answer(f"{model}: use it with --model {model}")
        return {"model": str(model), "log": None}
    from motion.training.run import train as train_preset

    with Stages() as stages:
        model = train_preset(
            options.preset, Path(options.data), out, device=options.device, steps=options.steps,
            seconds=options.seconds, teacher=options.teacher, start=options.start, progress=stages,
        )  # fmt: skip
    if not options.json:
        answer(f"{model}: use it with --model {model}")
    log = out / "log.jsonl"
    return {"model": str(model), "log": str(log) if log.is_file() else None}


def bench(options: argparse.Namespace) -> dict[str, Any]:
    """``stride bench``."""
    if options.what == "batch":
        from app.batch.bench import bench_batch

        with Stages() as stages:
            numbers = bench_batch(options.model, options.clips, stages)
        if not options.json:
            answer(numbers.to_text())
        return dict(numbers.numbers)
    if options.what in ("forecasting", "corridors"):
        from app.forecaster_commands import bench as bench_forecasting

        return bench_forecasting(options)
    from app.timing import waits
    from motion.baselines.mdm import FrameDenoiser
    from motion.datasets.store import TrainingSet
    from motion.evaluation.bench import bench_generation
    from motion.generation import load_generator
    from motion.understanding.encoder import load_encoder

    training = TrainingSet.open(options.data)
    generator = load_generator(options.model)
    with Stages() as stages:
        table = bench_generation(
            training, load_encoder(), generator,
            teacher=load_generator(options.teacher) if options.teacher else None,
            mdm=load_generator(options.mdm, FrameDenoiser) if options.mdm else None, progress=stages,
        )  # fmt: skip
        table = replace(table, speed=table.speed | waits(options.model, progress=stages))
    if not options.json:
        answer(table.to_text())
    return {**table.to_json(), "model": generator.info}


def evaluate(options: argparse.Namespace) -> dict[str, Any]:
    """``stride evaluate``: a bar that is not held is a finding, not bad input."""
    from motion.evaluation.control.table import SEEDS, evaluate_control
    from motion.evaluation.evaluate import evaluate as judge
    from motion.generation import load_for_steps

    if options.only and options.what == "generation":
        raise BadInput("--only picks a kind of control; ask for it with 'stride evaluate control --only speed'")
    if options.what == "scenes":
        return _evaluate_scenes(options)
    if options.scenes:
        raise BadInput("--scenes is a folder of places; ask for them with 'stride evaluate scenes --scenes DIR'")
    with Stages() as stages:
        generator = load_for_steps(options.model, options.steps)
        if options.what == "control":
            seeds = SEEDS if options.seeds is None else options.seeds
            table = evaluate_control(
                options.data, generator, only=options.only or (), seeds=seeds, steps=options.steps, progress=stages
            )
        else:
            seeds = 4 if options.seeds is None else options.seeds
            table = judge(
                options.data, generator, model=options.model, seeds=seeds, steps=options.steps, progress=stages
            )
    if not options.json:
        answer(table.to_text())
    return {**table.to_json(), "model": generator.info}


def _evaluate_scenes(options: argparse.Namespace) -> dict[str, Any]:
    """``stride evaluate scenes``: the model is loaded when the first row asks for clips."""
    from app.evaluation.scene_table import ROOMS, evaluate_scenes
    from motion.generation import Generator, load_for_steps

    loaded: list[Generator] = []

    def load() -> Generator:
        loaded.append(load_for_steps(options.model, options.steps))
        return loaded[0]

    with Stages() as stages:
        table = evaluate_scenes(
            load, scenes=options.scenes, only=options.only or (),
            rooms=ROOMS if options.seeds is None else options.seeds, steps=options.steps, progress=stages,
        )  # fmt: skip
    if not options.json:
        answer(table.to_text())
    return {**table.to_json(), "model": loaded[0].info if loaded else None}
