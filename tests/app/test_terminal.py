"""What is said while work goes on."""

from __future__ import annotations

import io
import sys

import pytest

from app import terminal
from app.terminal import Stages, fail


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(terminal.time, "monotonic", lambda: now[0])
    return now


def test_a_log_names_each_stage_once_and_long_ones_every_minute(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    with Stages() as stages:
        stages("text", 0.0)
        for second in range(101):
            clock[0] = float(second)
            stages("train", 0.5 + second / 200)
    assert capsys.readouterr().err.splitlines() == ["stride: text", "stride: train", "stride: train 80%, 40 s left"]


def test_a_terminal_shows_one_line_per_stage(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    with Stages() as stages:
        for second in range(5):
            clock[0] = float(second)
            stages("sample", second / 4)
        stages("export", 1.0)
    lines = screen.getvalue().split("\n")
    assert [line.split("\r")[-1].strip() for line in lines] == ["stride: sample 100%", "stride: export 100%", ""]


def test_hours_are_spoken_as_hours(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    with Stages() as stages:
        stages("train", 0.0)
        clock[0] = 100.0
        stages("train", 0.01)
    assert "2 h 45 min left" in screen.getvalue()


def test_an_error_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert fail("what was\n  wrong") == 2
    assert capsys.readouterr().err == "stride: what was wrong\n"
