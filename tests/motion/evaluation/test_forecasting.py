import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from motion.core.tracks import Tracks
from motion.evaluation.forecasting import MEAN, ForecastTable, mean_of, speed_errors
from motion.evaluation.futures import StraightOn, Trained, scenes, scores_of
from motion.evaluation.published_forecasts import ROWS
from motion.evaluation.walkable import WalkablePicture
from motion.forecasting.constant_velocity import ConstantVelocity
from motion.forecasting.forecaster import TrainedForecaster
from motion.forecasting.model import ForecastConfig, ForecastNetwork
from motion.forecasting.windows import Windows, windows_of


@pytest.fixture
def windows() -> Windows:
    """Three people who walk straight for 22 columns, one of them 0.1 m a step faster at the end."""
    t = np.arange(22.0)
    positions = np.stack([np.stack([0.5 * t, 0 * t + lane], -1) for lane in (0.0, 3.0, 6.0)])
    positions[2, 8:, 0] += 0.1 * np.arange(1, 15)
    return windows_of(Tracks(positions, np.ones((3, 22), bool), 2.5))


@pytest.fixture
def small() -> TrainedForecaster:
    return TrainedForecaster(ForecastNetwork(ForecastConfig(width=32, neighbour=16)).eval())


def test_straight_on_is_right_about_those_who_go_straight_on(windows: Windows) -> None:
    first = windows[windows.window == 0]
    straight = scores_of(StraightOn(), first)
    assert straight.people == 3
    np.testing.assert_allclose(straight.ade, np.mean(0.1 * np.arange(1, 13)) / 3, atol=1e-5)
    np.testing.assert_allclose(straight.fde, 1.2 / 3, atol=1e-5)
    assert straight.min_ade == straight.ade == straight.jade
    many = scores_of(StraightOn(ConstantVelocity()), first)
    assert many.ade == straight.ade and many.jade >= many.min_ade


def test_pixels_are_metres_times_their_number(windows: Windows) -> None:
    pixels = replace(windows, per_metre=np.full(len(windows), 30.0, np.float32))
    one, other = scores_of(StraightOn(), windows), scores_of(StraightOn(), pixels)
    np.testing.assert_allclose([other.ade, other.jfde], [30 * one.ade, 30 * one.jfde], rtol=1e-5)


def test_a_trained_forecaster_tells_how_sure_it_is(windows: Windows, small: TrainedForecaster) -> None:
    scores = scores_of(Trained(small), windows)
    assert scores.nll is not None and scores.inside_50 is not None and scores.inside_90 is not None
    assert scores.inside_50 <= scores.inside_90
    assert scores.jade >= scores.min_ade
    assert [len(windows[rows]) for rows in scenes(windows)] == [3, 3, 3]


def test_speeds_asked_for_are_walked_at(windows: Windows, small: TrainedForecaster) -> None:
    errors = speed_errors(small, windows)
    assert set(errors) == {"0", "0.4", "1", "1.6"}
    assert max(errors.values()) < 0.05


def test_the_mean_of_scenes_counts_each_scene_once(windows: Windows) -> None:
    few, many = scores_of(StraightOn(), windows[:3]), scores_of(StraightOn(), windows)
    mean = mean_of({"few": few, "many": many})
    assert mean.people == 12
    np.testing.assert_allclose(mean.ade, (few.ade + many.ade) / 2)
    assert mean.nll is None


def test_the_table_says_what_is_published_and_is_json(windows: Windows, small: TrainedForecaster) -> None:
    row = {"zara1": scores_of(Trained(small), windows)}
    table = ForecastTable(
        {"rule A": {"stride": {**row, MEAN: mean_of(row)}}}, {"zara1": {"1": 0.01}}, {"zara1": (0.1, 0.0)}, 4.0
    )
    assert len(json.loads(json.dumps(table.to_json()))["published"]) == len(ROWS)
    text = table.to_text()
    for word in ("published", "measured", "collisions", "SDD", "10.00 % -> 0.00 %"):
        assert word in text


def test_a_map_is_read_by_row_and_column(tmp_path: Path) -> None:
    free = np.ones((4, 6), bool)
    free[3, 1] = False
    walkable = WalkablePicture(free, np.diag([2.0, 2.0, 1.0]))  # two pixels a metre
    points = np.array([[0.5, 1.5], [1.5, 0.5], [99.0, 0.0]])
    assert walkable(points).tolist() == [False, True, True]
