"""The engines, with the shipped model: a clip is the one that ``stride generate`` makes, whoever makes it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from batch_fakes import batch, contents

from app.batch.crew import LocalCrew
from app.batch.jobs import seed_of
from app.batch.run import run
from app.request import Request
from app.studio import make
from motion.core import MotionError

ROOT = Path(__file__).resolve().parents[3]

JOBS: list[dict[str, Any]] = [
    {"id": "walk", "prompt": "a person walks forward"},
    {"id": "wave", "prompt": "a person waves", "duration": 1.1},
    {"id": "several", "prompt": "a person runs", "samples": 2, "speed": 2.0},
    {"id": "seeded", "prompt": "a person kicks", "seed": 5},
]  # fmt: skip


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("jobs") / "jobs.jsonl"
    path.write_text("".join(json.dumps({"duration": 1.0, "steps": 1, "budget": 0, **job}) + "\n" for job in JOBS))
    return path


@pytest.fixture(scope="module")
def local(jobs: Path) -> Path:
    """What two processes make."""
    folder = jobs.parent / "local"
    summary = run(batch(jobs, folder, crew=LocalCrew, workers=2))
    assert (summary["clips"], summary["failed"]) == (5, 0)
    return folder


@pytest.mark.slow
def test_a_clip_is_that_of_stride_generate(jobs: Path, local: Path, tmp_path: Path) -> None:
    clips = [json.loads(line) for line in (local / "metadata.jsonl").read_text().splitlines()]
    assert [clip["seed"] for clip in clips] == [*(seed_of(one) for one in ("walk", "wave", "several", "several")), 5]
    for job in JOBS:
        asked = {"duration": 1.0, "steps": 1, "budget": 0, "seed": seed_of(job["id"]), **job}
        asked.pop("id")
        made = make(Request.from_json({**asked, "out": (str(tmp_path / f"{job['id']}.npz"),)}))
        names = [job["id"]] if len(made.files) == 1 else [f"{job['id']}@{n}" for n in range(len(made.files))]
        for name, file in zip(names, made.files, strict=True):
            with np.load(local / "clips" / f"{name}.npz") as ours, np.load(file) as theirs:
                assert all(np.array_equal(ours[key], theirs[key]) for key in theirs.files)


@pytest.mark.slow
def test_a_dead_worker_and_a_killed_run_leave_no_trace(jobs: Path, local: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from batch_fakes import batch; from app.batch.run import run\n"
        "from app.batch.crew import LocalCrew\n"
        "if __name__ == '__main__': run(batch(Path(sys.argv[1]), Path(sys.argv[2]), crew=LocalCrew, resume=True))"
    )
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    out = tmp_path / "out"
    process = subprocess.Popen([sys.executable, "-c", code, str(jobs), str(out)], env=environment)
    worker = _child(process.pid)
    process.send_signal(signal.SIGKILL)
    process.wait()
    _until(lambda: not Path(f"/proc/{worker}").exists())  # nobody goes on working for a dead run

    killed: list[int] = []

    class Beset(LocalCrew):
        """One of its workers is killed at its first bundle."""

        def give(self, bundle: Any) -> None:
            super().give(bundle)
            if not killed:
                pid = self._workers[0].process.pid
                assert pid is not None
                killed.append(pid)
                os.kill(pid, signal.SIGKILL)

    summary = run(batch(jobs, out, crew=Beset, workers=1, resume=True))
    assert killed and summary["failed"] == 0
    assert contents(out) == contents(local)
    assert not list((out / ".batch").glob("staging*"))


@pytest.mark.slow
@pytest.mark.skipif(find_spec("ray") is None, reason="needs the optional extra 'cluster'")
def test_ray_makes_the_same(jobs: Path, local: Path, tmp_path: Path) -> None:
    import ray

    from app.batch.cluster import RayCrew, join

    try:
        join(None, 1)
    except MotionError as error:  # it gives its own processes half a minute
        pytest.skip(f"Ray does not start on this machine: {error}")
    try:
        summary = run(batch(jobs, tmp_path / "out", crew=RayCrew, workers=1))
    finally:
        ray.shutdown()
    assert summary["failed"] == 0
    assert contents(tmp_path / "out") == contents(local)


def _child(pid: int) -> int:
    """The worker of a process, once there is one (beside multiprocessing's own helper)."""
    found: list[int] = []

    def looked() -> bool:
        found[:] = [
            int(path.name) for path in Path("/proc").glob("[0-9]*")
            if _parent(path) == pid and b"spawn_main" in _words(path)
        ]  # fmt: skip
        return bool(found)

    _until(looked)
    return found[0]


def _parent(path: Path) -> int:
    try:
        return int((path / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, ValueError):
        return -1


def _words(path: Path) -> bytes:
    try:
        return (path / "cmdline").read_bytes()
    except OSError:
        return b""


def _until(true: Any, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)
