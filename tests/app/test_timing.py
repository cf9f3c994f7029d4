"""What users wait for: medians over requests, and the command that is timed is one that the command line takes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from app import timing
from app.arguments import generate as declare
from app.cli import OneLineParser
from app.timing import waits


def test_requests_and_commands_are_timed(walker: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []
    clock = iter(range(1000))

    def run(command: list[str], **options: Any) -> Any:
        commands.append(command[command.index("generate") + 1 :])
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(timing, "TIMES", 3)
    monkeypatch.setattr(timing.subprocess, "run", run)
    monkeypatch.setattr(timing.time, "perf_counter", lambda: next(clock) * 1.0)
    found = waits("stride-nc")
    sampling, whole, cold = found.values()
    assert all(f"best of {walker[0]['samples']}" in name for name in found)
    assert cold == 1.0 and whole >= 1.0 and sampling > 0
    assert [call["timeline"].seed for call in walker] == [0, 0, 1, 2]
    assert len(commands) == timing.COLD_TIMES
    parser = OneLineParser()
    declare(parser)
    assert parser.parse_args(commands[0]).duration == timing.SECONDS
