"""``stride bench batch``: what is measured, with commands that only pretend."""

from __future__ import annotations

from typing import Any

import pytest

from app.batch import bench
from app.batch.bench import Run, bench_batch, measured
from motion.core import MotionError


def test_a_command_is_measured_with_all_that_it_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        "import json, subprocess, sys, time\n"
        "subprocess.run([sys.executable, '-c', 'import time\\nwhile time.process_time() < 0.3: pass'], check=True)\n"
        "print(json.dumps({'clips_per_minute': 60.0, 'workers': 2, 'words': sys.argv}))"
    )
    monkeypatch.setattr(bench, "_COMMAND", code)
    run = measured(["jobs"])
    assert run.seconds >= run.cpu_seconds > 0.3 and run.peak_mb > 5
    assert run.clips_per_minute == 60.0 and run.busy == run.cpu_seconds / (2 * run.seconds)


def test_a_command_that_fails_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "_COMMAND", "import sys; sys.exit('no such file')")
    with pytest.raises(MotionError, match="no such file"):
        measured(["jobs"])


def test_the_table_compares_like_with_like(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def pretended(words: list[str]) -> Run:
        asked.append(words)
        return Run(10.0, 18.0, 80.0 if "ray" in words else 100.0, 500.0, 2)

    monkeypatch.setattr(bench, "measured", pretended)
    monkeypatch.setattr(bench, "separate", lambda folder, model, count: 25.0)
    monkeypatch.setattr(bench, "find_spec", lambda name: object())
    table: dict[str, Any] = bench_batch("stride-nc", 6).numbers
    assert table["local against separate requests, times"] == 4.0
    assert table["ray: overhead after start, %"] == pytest.approx(25.0)
    assert any("cores busy" in name and value == 90.0 for name, value in table.items())
    assert ["--budget" in words for words in asked] == [True, False, True]
