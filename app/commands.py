"""What each command does: options in, the object that ``--json`` prints out. Without ``--json`` they speak plainly.

What only one command needs is imported inside it.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from app.request import Request
from app.studio import check_outputs, make, open_body
from app.terminal import Stages, answer, warn
from motion.core.errors import BadInput
from motion.formats import conversion
from motion.formats.check import check_file


def generate(options: argparse.Namespace) -> dict[str, Any]:
    """``stride generate``."""
    request = Request(**{entry.name: getattr(options, entry.name) for entry in fields(Request)})
    with Stages() as stages:
        result = make(request, stages)
    if result.report["far_from_training"]:
        warn(f"nothing like this prompt was recorded for training; nearest is: {', '.join(result.known)}")
    if not options.json:
        numbers = (f"{name} {value:.4g}" for name, value in result.report.items() if isinstance(value, float))
        made = f"{result.duration_s:g} s at {result.fps:g} fps, seed {result.seed}"
        model = f"model {result.model['name']} ({result.model['licence']}, sha256 {result.model['sha256'][:12]})"
        answer(*result.files, f"{made}, {model}", ", ".join(numbers))
    return result.to_json()


def convert(options: argparse.Namespace) -> dict[str, Any]:
    """``stride convert``."""
    check_outputs([options.target])
    body = open_body(options.body)
    clip = conversion.convert(options.source, options.target, skin=body.skin(), shaped=body.skin, fps=options.fps)
    if not options.json:
        answer(options.target)
    return {"files": [options.target], "frames": clip.num_frames, "fps": clip.fps, "duration_s": clip.duration}


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
    from motion.training.run import train as train_preset

    out = Path(options.out or Path("runs") / options.preset)
    with Stages() as stages:
        model = train_preset(
            options.preset, Path(options.data), out, device=options.device, steps=options.steps,
            seconds=options.seconds, teacher=options.teacher, progress=stages,
        )  # fmt: skip
    if not options.json:
        answer(f"{model}: use it with --model {model}")
    log = out / "log.jsonl"
    return {"model": str(model), "log": str(log) if log.is_file() else None}


def bench(options: argparse.Namespace) -> dict[str, Any]:
    """``stride bench generation``."""
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
    from motion.generation import load_generator

    if options.only and options.what != "control":
        raise BadInput("--only picks a kind of control; ask for it with 'stride evaluate control --only speed'")
    with Stages() as stages:
        generator = load_generator(options.model)
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
