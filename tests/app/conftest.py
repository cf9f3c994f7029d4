"""A studio without weights: the generator is replaced by one that walks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from helpers import walking_clip
from motion import generation
from motion.body import default_body
from motion.conditions import Timeline
from motion.core import Motion, UnknownName
from motion.generation.known import Nearest
from motion.understanding import verifier

INFO = {"name": "stride-nc", "sha256": "0" * 64, "licence": "CC-BY-NC-4.0"}


class FakeKnown:
    def nearest(self, prompt: str, count: int = 3) -> tuple[Nearest, ...]:
        similarity = 0.9 if "wav" in prompt or "walk" in prompt else 0.2
        return (Nearest("walking", similarity), Nearest("waving", similarity / 2))


class FakeEncoder:
    """Likes the clips that go furthest."""

    def clips(self, clips: list[Motion]) -> Any:
        return np.array([[clip.root_position[-1, 2]] for clip in clips])

    def texts(self, texts: list[str]) -> Any:
        return np.ones((len(texts), 1))


@dataclass
class FakeGenerator:
    info: dict[str, str] = field(default_factory=lambda: dict(INFO))
    known: Any = field(default_factory=lambda: FakeKnown())
    steps: int = 4


@dataclass
class FakeGenerated:
    clip: Motion
    seconds: dict[str, float]
    report: dict[str, Any]


@pytest.fixture(autouse=True)
def nothing_taught(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Words that whoever runs the tests has taught are not heard."""
    monkeypatch.setenv("STRIDE_HOME", str(tmp_path_factory.getbasetemp() / "nothing-taught"))


@pytest.fixture
def walker(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Puts fakes in the place of the functions of ``motion.generation``; the list collects the options of each call."""
    return walking_instead(monkeypatch)


@pytest.fixture(scope="module")
def long_walker() -> Iterator[list[dict[str, Any]]]:
    """The same for all tests of a module, for a server that lives as long."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield walking_instead(monkeypatch)


def walking_instead(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = []

    def load_generator(name: str = "stride-nc") -> FakeGenerator:
        if name != "stride-nc":
            raise UnknownName("model", name, ["stride-nc"])
        return FakeGenerator()

    def generate(timeline: Timeline, generator: FakeGenerator, **options: Any) -> list[FakeGenerated]:
        calls.append({"timeline": timeline, **options})
        made = []
        for number in range(options["samples"]):
            options["progress"]("sample", number / options["samples"])
            clip = walking_clip(timeline.duration, options["fps"], timeline.seed + number, default_body().skeleton())
            made.append(FakeGenerated(clip, {"text": 0.01, "sample": 0.5, "refine": 0.1}, {"foot_skate_before": 0.2}))
        return made

    monkeypatch.setattr(verifier, "shipped_encoder", FakeEncoder)
    monkeypatch.setattr(generation, "load_generator", load_generator)
    monkeypatch.setattr(generation, "load_for_steps", lambda name, steps: load_generator(name))
    monkeypatch.setattr(generation, "generate", generate)
    return calls
