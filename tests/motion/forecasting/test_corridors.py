from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from motion.core.errors import BadFile, BadInput
from motion.core.tracks import Tracks
from motion.evaluation.corridors import corridor_rows
from motion.forecasting.corridors import NUMBERS, AdaptedForecaster, Corridors, adapted
from motion.forecasting.forecaster import TrainedForecaster
from motion.forecasting.windows import windows_of


def street(seed: int, bend: float, columns: int = 250) -> Tracks:
    """Walkers along x at y = 0 who all turn towards ``bend`` beyond x = 0: nothing but the place tells."""
    random = np.random.default_rng(seed)
    people = columns // 8
    positions, valid = np.zeros((people, columns, 2)), np.zeros((people, columns), bool)
    for person in range(people):
        start = 8 * person
        count = min(40, columns - start)
        x = -10 + np.arange(count) * random.uniform(0.45, 0.55)
        positions[person, start : start + count] = np.stack([x, bend * np.maximum(x, 0) + random.normal(0, 0.3)], -1)
        valid[person, start : start + count] = True
    return Tracks(positions, valid, 2.5)


def test_no_more_than_a_thousand_numbers_are_learned() -> None:
    assert NUMBERS <= 1000


def test_a_place_is_learned_and_another_place_does_not_help(untrained: TrainedForecaster) -> None:
    scenes = {"left": street(0, 1.0), "right": street(1, -1.0)}
    rows = corridor_rows(dict.fromkeys(scenes, untrained), scenes)
    assert {row.observed_s for row in rows} == {30, 60}
    for row in rows:
        assert row.corridors < row.frozen
        assert row.shuffled is not None and row.corridors < row.shuffled
        assert row.seconds < 60


def test_more_seconds_come_in_without_the_earlier_ones(untrained: TrainedForecaster) -> None:
    windows = windows_of(street(2, 1.0), at_least=1)
    half = len(windows) // 2
    empty = Corridors.empty(np.array([-10.0, -3.0]), np.array([10.0, 12.0]))
    twice = empty.updated(untrained, windows[:half])
    twice = replace(twice, weights=empty.weights).updated(untrained, windows[half:])
    np.testing.assert_allclose(twice.weights, empty.updated(untrained, windows).weights, atol=1e-3)
    assert twice.people == len(windows)


def test_what_was_learned_is_kept_in_a_file(untrained: TrainedForecaster, tmp_path: Path) -> None:
    known = adapted(untrained, street(3, 1.0))
    known.corridors.save(tmp_path / "street.json")
    read = Corridors.load(tmp_path / "street.json")
    tracks = street(4, 1.0, 60)
    futures = [
        AdaptedForecaster(untrained, corridors).forecast(tracks, horizon=6.0, samples=7, seed=0)
        for corridors in (known.corridors, read)
    ]
    np.testing.assert_allclose(futures[0].positions, futures[1].positions)
    plain = untrained.forecast(tracks, horizon=6.0, samples=7, seed=0)
    assert np.abs(futures[0].best - plain.best).max() > 0.1


@pytest.mark.parametrize("text", ["[]", "{}", "{", '{"lower": [0, 0], "upper": [1, 1], "weights": ["x"]}'])
def test_a_damaged_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "street.json"
    path.write_text(text)
    with pytest.raises(BadFile):
        Corridors.load(path)


def test_too_little_is_refused(untrained: TrainedForecaster) -> None:
    with pytest.raises(BadInput, match="8 s"):
        adapted(untrained, street(5, 1.0, 16))


def test_a_speed_asked_for_is_kept(untrained: TrainedForecaster) -> None:
    known = adapted(untrained, street(6, 1.0))
    options = {"horizon": 4.8, "samples": 5, "seed": 0}
    tracks = street(7, 1.0, 60)
    one, other = (f.forecast(tracks, speed=1.0, **options) for f in (known, untrained))  # type: ignore[arg-type]
    np.testing.assert_allclose(one.positions, other.positions)
