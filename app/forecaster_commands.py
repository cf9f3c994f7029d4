"""``stride train forecaster`` and ``stride bench forecasting``: what is done with recorded tracks of people."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.terminal import Stages, answer
from motion.core.errors import BadInput

#: Options of ``stride train`` that say nothing to a forecaster, and what they are when left alone.
OF_GENERATORS = {"teacher": None, "start": None}


def train(options: argparse.Namespace) -> dict[str, Any]:
    """Train one fold; a run found in the folder is resumed."""
    from motion.training.forecasting import train_forecaster

    for name, left in OF_GENERATORS.items():
        if getattr(options, name) != left:
            raise BadInput(f"--{name} does not belong to forecaster")
    if options.device == "cuda":
        raise BadInput("forecasters are trained on the CPU; leave out --device cuda")
    if not options.fold:
        raise BadInput("which forecaster? --fold eth, hotel, univ, zara1, zara2, all, sdd or every")
    out = Path(options.out or Path("runs") / "forecaster")
    with Stages() as stages:
        model = train_forecaster(
            _tracks(options), options.fold, out, steps=options.steps, seconds=options.seconds, progress=stages
        )
    if not options.json:
        answer(f"{model}: use it with load_forecaster({str(model)!r})")
    return {"model": str(model), "log": str(out / f"state-{options.fold}" / "log.jsonl")}


def bench(options: argparse.Namespace) -> dict[str, Any]:
    """The whole table, or what is gained by learning a place."""
    if options.what == "corridors":
        return _bench_corridors(options)
    from motion.evaluation.forecasting import bench_forecasting

    with Stages() as stages:
        table = bench_forecasting(_tracks(options), models=options.forecasters, progress=stages)
    if not options.json:
        answer(table.to_text())
    return table.to_json()


def _bench_corridors(options: argparse.Namespace) -> dict[str, Any]:
    from dataclasses import asdict

    from motion.evaluation.corridors import bench_corridors, corridor_text

    with Stages() as stages:
        rows = bench_corridors(_tracks(options), models=options.forecasters, progress=stages)
    if not options.json:
        answer(corridor_text(rows))
    return {"rows": [{**asdict(row), "change": row.change} for row in rows]}


def _tracks(options: argparse.Namespace) -> Path:
    if not options.tracks:
        raise BadInput("where are the recordings? --tracks DIR")
    folder = Path(options.tracks)
    if not folder.is_dir():
        raise BadInput(f"{folder}: no such folder")
    return folder
