"""The bench: all contenders in one table, times beside ours, and the floor of this machine."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import torch

from motion.core import Motion
from motion.datasets.store import TrainingSet
from motion.evaluation import bench, sampling
from motion.evaluation.bench import Bench, Line, bench_generation, seconds_of

SIZE = 32


@pytest.fixture
def generate(numbered: TrainingSet, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """A generator that gives out validation clips; the list collects the options of each call."""
    calls: list[dict[str, Any]] = []
    clips = {numbered.rows[i]["captions"][0]["text"]: numbered.clip(i) for i in numbered.select("val")}

    def generate(timeline: Any, generator: Any, **options: Any) -> list[Any]:
        calls.append(options)
        torch.ones(SIZE, SIZE) @ torch.ones(SIZE, SIZE)
        clip = clips.get(timeline.texts[0].prompt, clips["walk number 1"])
        return [SimpleNamespace(clip=clip, seconds={"sample": 0.5})] * options.get("samples", 1)

    for module in (bench, sampling):
        monkeypatch.setattr(module, "generate", generate)
    monkeypatch.setattr(bench, "TIMES", 1)
    monkeypatch.setattr(bench, "matmul_rate", lambda: 1e6)
    return calls


def test_all_contenders_stand_in_one_table(numbered: TrainingSet, encoder: Any, generate: list[Any]) -> None:
    nobody: Any = None
    table = bench_generation(numbered, encoder, nobody, teacher=SimpleNamespace())  # type: ignore[arg-type]
    lines = {line.name: line for line in table.lines}
    ours = ["ours, 4 steps", "ours, 2 steps", "ours, 1 step", "ours, 10 steps"]
    floors = ["nearest recording", "standing still"]
    assert list(lines) == ["real, validation", *ours, "teacher, 10 steps", *floors]
    assert {options["steps"] for options in generate} == {4, 2, 1, 10}
    real, still = lines["real, validation"], lines["standing still"]
    assert lines[ours[0]].r_precision_1 == real.r_precision_1 == 1.0
    assert still.r_precision_1 < 0.2 and still.diversity == 0.0 and still.median_jerk_m_s3 < 1e-6
    assert real.foot_skate_ratio == lines[ours[0]].foot_skate_ratio
    assert [line.seconds is None for line in table.lines] == [True, *[False] * 5, True, True]
    assert table.speed["gigaflop of sampling"] == pytest.approx(2 * SIZE**3 / 1e9)
    assert table.speed["floor, s"] == pytest.approx(2 * SIZE**3 / 1e6)
    assert table.speed["achieved share of the floor"] == pytest.approx(2 * SIZE**3 / 1e6 / 0.5)


def test_times_are_told_as_multiples_of_ours() -> None:
    numbers = (0.5, 0.8, 0.1, 0.01, 1.0, 1.2, 0.05, 20.0)
    lines = (Line("ours", *numbers, seconds=0.2), Line("MDM", *numbers, seconds=3.0), Line("still", *numbers))
    table = Bench(lines, {"floor, s": 0.0125})
    _, ours, mdm, still, floor = table.to_text().splitlines()
    assert ours.split()[-2:] == ["0.200", "1.0"]
    assert mdm.split()[-2:] == ["3.000", "15.0"]
    assert still.split()[-2:] == ["-", "-"]
    assert floor == "floor, s: 0.0125"
    assert table.to_json()["lines"][1]["seconds"] == 3.0 and table.to_json()["speed"] == table.speed


def test_the_first_clip_warms_up(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 9.0, 10.0, 11.0, 20.0, 22.0, 30.0, 33.0])
    monkeypatch.setattr(bench.time, "perf_counter", lambda: next(clock))
    asked: list[float] = []

    def sampler(prompt: str, duration: float, samples: int) -> list[Motion]:
        asked.append(duration)
        return []

    assert seconds_of(sampler, 3) == 2.0 / bench.BATCH
    assert asked == [bench.TIMED_SECONDS] * 4
