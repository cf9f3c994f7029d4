"""How fast a batch is: clips a minute beside separate requests, how busy the cores are, memory, and Ray's overhead."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.batch.crew import usable_cores
from app.batch.jobs import JobFile
from app.request import Request
from app.studio import make
from motion.core.errors import MotionError
from motion.core.progress import Progress, silent

#: What is made: so many clips of so many seconds, and how many of them one by one, for comparison.
CLIPS, SECONDS, ALONE = 200, 6.0, 20

PROMPTS = ("a person walks forward", "a person waves with the right hand", "a person runs", "someone dances happily")

_COMMAND = "import sys; from app.cli import main; sys.exit(main())"


@dataclass(frozen=True)
class Run:
    """One batch: seconds of wall and of all its processes, start included; clips a minute once they have started."""

    seconds: float
    cpu_seconds: float
    clips_per_minute: float
    peak_mb: float
    workers: int

    @property
    def busy(self) -> float:
        """Share of the workers' cores that was used."""
        return self.cpu_seconds / (self.seconds * self.workers)


@dataclass(frozen=True)
class BatchTable:
    """What was measured, in words and numbers."""

    numbers: dict[str, float] = field(default_factory=dict)

    def to_text(self) -> str:
        """A line for each number."""
        return "\n".join(f"{name}: {value:.4g}" for name, value in self.numbers.items())


def bench_batch(model: str, clips: int = CLIPS, progress: Progress = silent) -> BatchTable:
    """Make the same clips one by one, by the local engine with one worker for each core, and by Ray where it is.

    One candidate for each clip (``budget`` 0), as in a comparison of samplings; a quarter of the jobs differs in words.
    """
    cores, numbers = usable_cores(), {}
    with TemporaryDirectory() as name:
        folder = Path(name)
        jobs = job_file(folder / "jobs.jsonl", model, clips)
        progress("separate requests", 0.0)
        rate = separate(folder, model, min(ALONE, clips))
        numbers["separate warm requests, clips a minute"] = rate
        for budget in (0.0, None):
            what = "one candidate" if budget == 0.0 else "best of candidates"
            progress(f"local engine, {what}", 0.0)
            words = [] if budget is None else ["--budget", "0"]
            local = measured([str(jobs), "--out", str(folder / f"local-{budget}"), "--workers", str(cores), *words])
            numbers |= told(f"local, {cores} workers, {what}", local)
            if budget == 0.0:
                numbers["local against separate requests, times"] = local.clips_per_minute / rate
                one = local
        if find_spec("ray") is not None:
            progress("Ray", 0.0)
            words = [
                str(jobs),
                "--out",
                str(folder / "ray"),
                "--workers",
                str(cores),
                "--budget",
                "0",
                "--engine",
                "ray",
            ]
            ray = measured(words)
            name = f"ray, {cores} workers, one candidate"  # its processes are nobody's children: only time can be told
            numbers |= {f"{name}: clips a minute": ray.clips_per_minute, f"{name}: whole command, s": ray.seconds}
            numbers["ray: overhead after start, %"] = 100 * (one.clips_per_minute / ray.clips_per_minute - 1)
    return BatchTable(numbers)


def told(name: str, run: Run) -> dict[str, float]:
    """The numbers of a run."""
    return {
        f"{name}: clips a minute": run.clips_per_minute, f"{name}: whole command, s": run.seconds,
        f"{name}: cores busy, %": 100 * run.busy, f"{name}: largest process, MB": run.peak_mb,
    }  # fmt: skip


def job_file(path: Path, model: str, clips: int) -> Path:
    """A file of jobs of one length."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(clips):
            job = {"id": f"job-{number}", "prompt": PROMPTS[number % len(PROMPTS)], "duration": SECONDS, "model": model}
            file.write(json.dumps(job) + "\n")
    return path


def separate(folder: Path, model: str, count: int) -> float:
    """Clips a minute of requests one by one in this process, the first of which loads what there is to load."""
    begin = time.perf_counter()
    for number in range(count + 1):
        if number == 1:
            begin = time.perf_counter()
        prompt = PROMPTS[number % len(PROMPTS)]
        out = (str(folder / "alone.npz"),)
        make(Request(prompt, out, duration=SECONDS, seed=number, budget=0.0, model=model))
    return 60.0 * count / (time.perf_counter() - begin)


def measured(words: Sequence[str]) -> Run:
    """Run ``stride batch`` and see what it takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    command = [sys.executable, "-c", _COMMAND, "batch", *words, "--json"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    seconds = time.perf_counter() - begin
    if done.returncode:
        raise MotionError(f"stride batch {' '.join(words)}: {(done.stderr.splitlines() or ['failed'])[-1]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    summary: dict[str, Any] = json.loads(done.stdout)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(seconds, cpu, summary["clips_per_minute"], after.ru_maxrss / 1024, summary["workers"])


def streaming_mb(jobs: int = 100_000) -> float:
    """MB that looking through a file of so many jobs, and reading them, takes at most."""
    import tracemalloc

    with TemporaryDirectory() as name:
        path = job_file(Path(name) / "jobs.jsonl", "stride-nc", jobs)
        tracemalloc.start()
        source = JobFile.open(path)
        for _ in source.jobs({}, 0):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak / 1e6
