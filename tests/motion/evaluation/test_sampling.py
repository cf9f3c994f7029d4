"""Every prompt has noise of its own, and the same one every time."""

from types import SimpleNamespace
from typing import Any

import pytest

from motion.evaluation import sampling


def test_seeds_differ_by_prompt_and_duration_and_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Any] = []

    def generate(timeline: Any, generator: Any, **options: Any) -> list[Any]:
        calls.append((timeline, options))
        return [SimpleNamespace(clip=number) for number in range(options["samples"])]

    monkeypatch.setattr(sampling, "generate", generate)
    nobody: Any = None
    sample, other = (sampling.sampler_of(nobody, steps=4, seed=seed) for seed in (1, 2))
    assert sample("a person walks", 2.0, 3) == [0, 1, 2]
    sample("a person walks", 2.0, 1)
    sample("a person runs", 2.0, 1)
    sample("a person walks", 3.0, 1)
    other("a person walks", 2.0, 1)
    first, again, *others = [timeline.seed for timeline, _ in calls]
    assert first == again and len({first, *others}) == 4
    assert {(options["steps"], options["fps"]) for _, options in calls} == {(4, 30.0)}
