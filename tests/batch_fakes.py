"""A batch without PyTorch: clips that walk, a verifier that likes them, a crew of one that works where it is hired.

Import as ``from batch_fakes import Alone`` (pytest puts this folder on the path). As a program it makes a batch, for
tests that kill it: ``python batch_fakes.py JOBS DIR KIND``.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from app.batch import work
from app.batch.crew import Bundle, Done, Lost, made
from app.batch.jobs import JobFile
from app.batch.plan import Plan
from app.batch.run import Batch, run
from app.batch.work import Bench
from helpers import walking_clip
from motion.body import default_body
from motion.core import BadInput

INFO = {"name": "stride-nc", "sha256": "0" * 64, "licence": "CC-BY-NC-4.0"}


@dataclass(frozen=True)
class Order:
    """As of ``motion.generation``."""

    timeline: Any
    samples: int = 1
    steps: int | None = None
    guidance: float | None = None
    fps: float = 30.0
    feet: str = "auto"
    place: Any = None


def generate_together(orders: list[Order], generator: Any) -> list[Any]:
    """A walk for each; a prompt of the word ``odd`` is refused, one of ``broken`` a fault of ours."""
    found: list[Any] = []
    for order in orders:
        said = " ".join(text.prompt for text in order.timeline.texts)
        if "odd" in said or "broken" in said:
            found.append(BadInput("too odd") if "odd" in said else RuntimeError("broken"))
            continue
        clips = [
            walking_clip(
                order.timeline.duration, order.fps, (order.timeline.seed + n) % 2**32, default_body().skeleton()
            )
            for n in range(order.samples)
        ]
        seconds = {"text": 0.0, "sample": 0.1, "refine": 0.1}
        found.append([SimpleNamespace(clip=clip, seconds=seconds, report={}) for clip in clips])
    return found


def verify(clips: list[Any], prompt: str | None) -> list[Any]:
    """The verifier's likeness is how far a clip goes."""
    return [SimpleNamespace(similarity=float(clip.root_position[-1, 2]), joint_limit_ratio=0.0) for clip in clips]


def modules() -> dict[str, ModuleType]:
    """What is put in the place of the two modules that bring PyTorch."""
    generation, verifier = ModuleType("motion.generation"), ModuleType("motion.understanding.verifier")
    generation.__dict__.update(Order=Order, generate_together=generate_together)
    verifier.__dict__.update(verify=verify, best=lambda verdicts: int(np.argmax([one.similarity for one in verdicts])))
    understanding = ModuleType("motion.understanding")
    understanding.__dict__.update(verifier=verifier)
    return {
        "motion.generation": generation, "motion.understanding": understanding,
        "motion.understanding.verifier": verifier,
    }  # fmt: skip


def load_model(name: str, steps: int | None) -> Any:
    """A generator that is only looked at."""
    return SimpleNamespace(info=dict(INFO), steps=4, known=None)


@dataclass
class Alone:
    """A crew of one. ``before`` is called with each bundle, and may raise ``Dies``."""

    bench: Bench
    workers: int = 1
    before: Callable[[Bundle], None] = lambda bundle: None
    bundles: list[Bundle] = field(default_factory=list)

    def room(self) -> int:
        return 1 - len(self.bundles)

    def idle(self) -> bool:
        return not self.bundles

    def give(self, bundle: Bundle) -> None:
        self.bundles.append(bundle)

    def hear(self, seconds: float) -> list[Done | Lost]:
        if not self.bundles:
            return []
        bundle = self.bundles.pop()
        try:
            self.before(bundle)
        except Dies:
            return [Lost(bundle, "the worker died (killed by SIGKILL)")]
        return [Done(made(bundle, self.bench))]

    def close(self) -> None:
        pass


class Dies(Exception):
    """The worker is gone."""


def batch(jobs: Path, folder: Path, **change: Any) -> Batch:
    """A batch of a file of jobs, made by one."""
    source = JobFile.open(jobs)
    plan = {name: change.pop(name) for name in ("kind", "pack", "limits", "seed", "defaults") if name in change}
    return Batch(source, folder, Plan(source.sha256, len(source), **plan), **{"crew": Alone, **change})


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a data set, but for what the batch keeps for itself."""
    files = [path for path in folder.rglob("*") if path.is_file() and ".batch" not in path.parts]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def main(jobs: str, folder: str, kind: str) -> None:
    """Make a batch, slowly enough to be killed in the midst of it; say when it begins."""
    sys.modules.update(modules())
    work.load_model = load_model
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    slow = float(os.environ.get("SLOW", "0"))
    crew = lambda bench, workers: Alone(bench, workers, lambda bundle: time.sleep(slow))  # noqa: E731
    summary = run(batch(Path(jobs), Path(folder), kind=kind, pack=5, crew=crew, bundle=2, resume=True))
    sys.stdout.write(json.dumps(summary) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
