"""The last seconds at the forecaster's rate, and a stream of lines step by step."""

from __future__ import annotations

import json

import numpy as np
import pytest

from motion.core import BadInput, MotionError
from motion.forecasting.constant_velocity import ConstantVelocity
from motion.forecasting.track_files.sightings import Sightings, from_rows
from motion.forecasting.watching import HISTORY_S, Stream, Watched


def at_30_hertz() -> Sightings:
    """Somebody at 1.5 m/s along x, ten seconds, thirty sights a second; somebody else left after two."""
    times = np.concatenate([np.arange(301), np.arange(61)]) / 30
    person = np.array([0] * 301 + [1] * 61)
    return from_rows(person, times, np.stack([1.5 * times, 0 * times], axis=-1), ("a", "b"))


def test_any_rate_is_resampled_and_said() -> None:
    watched = Watched.of(at_30_hertz(), 10.0)
    assert watched.seen.ids == ("a",) and watched.tracks.fps == 2.5
    np.testing.assert_allclose(watched.tracks.positions[0, -8:, 0], 15 - 0.6 * np.arange(7, -1, -1), atol=1e-9)
    assert any("every 0.0333 s; resampled" in note for note in watched.notes)
    futures = watched.forecast(ConstantVelocity(), horizon=2.0, samples=3, seed=0)
    assert futures.ids == ("a",) and futures.start == 10.0
    np.testing.assert_allclose(futures.best[0, :, 0], 15 + 0.6 * np.arange(1, 6))


def test_another_moment_and_nobody_there() -> None:
    assert Watched.of(at_30_hertz(), 2.0).seen.ids == ("a", "b")
    with pytest.raises(BadInput, match="nobody is seen between"):
        Watched.of(at_30_hertz(), 30.0)
    with pytest.raises(BadInput, match=r"nobody is there at 12 s; the last before it was seen at 10 s"):
        Watched.of(at_30_hertz(), 12.0)


@pytest.mark.parametrize(("count", "said"), [(1, "one step only"), (3, "less than 2.8 s"), (8, None)])
def test_short_histories_are_said(count: int, said: str | None) -> None:
    times = np.arange(count) * 0.4
    watched = Watched.of(from_rows(np.zeros(count, int), times, np.ones((count, 2)), ("a",)), times[-1])
    assert [said in note for note in watched.notes] == [True] if said else watched.notes == ()
    assert watched.forecast(ConstantVelocity(), horizon=4.8, samples=2, seed=0).best.shape == (1, 12, 2)


def walked(lines: list[str], fps: float | None = None) -> list[Watched]:
    return list(Stream(fps).steps(lines))


STREAMS: dict[str, tuple[list[str], float | None]] = {
    "csv": (["time,id,x,y", "0,a,0,0", "0.4,a,0.5,1", "0.4,b,3,3", "0.8,a,1,2"], None),
    "no header": (["0,a,0,0", "0.4,a,0.5,1", "0.4,b,3,3", "0.8,a,1,2"], None),
    "social-gan": (["0 1.0 0 0", "10 1 0.5 1", "10 2.0 3 3", "20\t1.0\t1\t2"], 25.0),
    "frames": (["frame,id,x,y", "0,a,0,0", "10,a,0.5,1", "10,b,3,3", "20,a,1,2"], 25.0),
    "json": ([json.dumps({"time": t, "id": i, "x": x, "y": y}) for t, i, x, y in
              [(0, "a", 0, 0), (0.4, "a", 0.5, 1), (0.4, "b", 3, 3), (0.8, "a", 1, 2)]], None),
}  # fmt: skip


@pytest.mark.parametrize("form", STREAMS)
def test_one_answer_a_step(form: str) -> None:
    steps = walked(*STREAMS[form])
    assert [step.now for step in steps] == pytest.approx([0.0, 0.4, 0.8])
    assert [len(step.forecast(ConstantVelocity(), horizon=1, samples=1, seed=0).ids) for step in steps] == [1, 2, 1]
    np.testing.assert_allclose(steps[-1].tracks.positions[0], [[0, 0], [0.5, -1], [1, -2]], atol=1e-9)


def test_trajnet_lines_count_frames() -> None:
    lines = [json.dumps({"track": {"f": 10 * k, "p": 4, "x": k, "y": 0}}) for k in range(3)]
    assert [step.now for step in walked(lines, 25.0)] == pytest.approx([0.0, 0.4, 0.8])
    with pytest.raises(BadInput, match="--fps"):
        walked(lines)


def test_an_empty_line_ends_a_step_at_once() -> None:
    stream = Stream().steps(iter(["0,a,0,0", "", "0.4,a,1,0"]))
    assert next(stream).now == 0.0


def test_what_is_long_ago_is_forgotten() -> None:
    lines = [f"{0.4 * k:.1f},{k // 10},{k},0" for k in range(200)]
    last = walked(lines)[-1]
    assert last.seen.begin >= last.now - HISTORY_S - 1e-6 and len(last.seen.ids) <= 3


BAD: dict[str, tuple[list[str], str]] = {
    "backwards": (["1,a,0,0", "0.5,a,0,0"], "line 2: time runs backwards, from 1 to 0.5"),
    "ended": (["1,a,0,0", "", "1,b,0,0"], "line 3: time runs backwards"),
    "twice": (["1,a,0,0", "1,a,0,0"], "line 2: person a is there twice"),
    "nan": (["1,a,nan,0"], "line 1: time, x and y should be numbers"),
    "short": (["1,a,0"], "line 1 has 3 columns"),
    "json": (["{"], "line 1 is no JSON"),
    "object": (['{"time": 1}'], "time, id, x and y"),
    "long": (["1" * 20_000], "more than 10000 characters"),
    "frames": (["0 1 2 3"], "--fps"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_lines_are_named(case: str) -> None:
    lines, why = BAD[case]
    with pytest.raises(MotionError, match=".*" + why.replace("(", r"\(")):
        walked(lines)
