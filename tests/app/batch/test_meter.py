"""How far a batch is, in words: the rate is that of workers that have started."""

from __future__ import annotations

import pytest

from app.batch import meter
from app.batch.meter import Meter


def test_rate_and_time_left_are_of_what_came_after_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(meter.time, "monotonic", lambda: now[0])
    one = Meter(100, before=20)
    assert one.line() == "batch 20 %, 20 of 100 jobs"
    now[0] = 10.0  # ten seconds of starting
    for _ in range(8):
        one.add(1, 0, False)
    one.arrived()
    assert one.rate == pytest.approx(48.0)
    now[0] = 16.0
    for number in range(8):
        one.add(2, number % 2, number == 7)
    one.arrived()
    assert one.rate == pytest.approx(160.0) and one.seconds == 16.0
    assert one.line() == "batch 36 %, 36 of 100 jobs, 160 clips a minute, 48 s left, 1 failed, 4 rejected"


def test_elsewhere_than_on_a_terminal_it_says_a_line_a_minute(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [0.0]
    monkeypatch.setattr(meter.time, "monotonic", lambda: now[0])
    one = Meter(1)
    for now[0] in (0.0, 30.0, 59.0, 61.0):
        one.show()
    one.show(last=True)
    assert len(capsys.readouterr().err.splitlines()) == 3
