from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from motion.core.errors import BadFile, BadInput, UnknownName
from motion.core.tracks import Tracks
from motion.forecasting.calibration import Calibration, coverage, fitted
from motion.forecasting.checkpoint import load_forecaster, save_forecaster
from motion.forecasting.forecaster import TrainedForecaster
from motion.forecasting.futures import Futures, present
from motion.forecasting.model import Output
from motion.forecasting.objectives import FREEDOM, log_density
from motion.metrics.futures import collision_share, speeds_of
from motion.resources import asset


def forecast(forecaster: TrainedForecaster, tracks: Tracks, **changes: object) -> Futures:
    options = {"horizon": 4.8, "samples": 20, "seed": 0, **changes}
    return forecaster.forecast(tracks, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("samples", [1, 5, 20, 47])
@pytest.mark.parametrize("horizon", [0.4, 4.8, 9.6])
def test_any_number_of_samples_and_seconds(
    untrained: TrainedForecaster, crowd: Tracks, samples: int, horizon: float
) -> None:
    futures = forecast(untrained, crowd, samples=samples, horizon=horizon)
    assert futures.positions.shape == (len(present(crowd)), samples, round(horizon * 2.5), 2)
    np.testing.assert_allclose(futures.probabilities.sum(axis=1), 1.0)


def test_turning_and_shifting_the_world_turns_and_shifts_the_futures(
    untrained: TrainedForecaster, crowd: Tracks
) -> None:
    cos, sin = np.cos(2.0), np.sin(2.0)
    turn, shift = np.array([[cos, sin], [-sin, cos]]), np.array([30.0, -20.0])
    moved = Tracks(crowd.positions @ turn + shift, crowd.valid, crowd.fps)
    np.testing.assert_allclose(
        forecast(untrained, moved).positions, forecast(untrained, crowd).positions @ turn + shift, atol=2e-3
    )


def test_what_comes_after_beyond_the_horizon_changes_nothing_before(
    untrained: TrainedForecaster, crowd: Tracks
) -> None:
    near, far = forecast(untrained, crowd), forecast(untrained, crowd, horizon=12.0)
    np.testing.assert_allclose(far.positions[:, :, :12], near.positions)


def test_neighbours_matter_and_their_order_does_not(untrained: TrainedForecaster, crowd: Tracks) -> None:
    swapped = Tracks(crowd.positions[::-1], crowd.valid[::-1], crowd.fps)
    futures = forecast(untrained, crowd)
    np.testing.assert_allclose(forecast(untrained, swapped).positions[::-1], futures.positions, atol=1e-4)
    lonely = Tracks(crowd.positions[:1], crowd.valid[:1], crowd.fps)
    assert np.abs(forecast(untrained, lonely).positions[0] - futures.positions[0]).max() > 1e-3


def test_a_speed_asked_for_is_walked(untrained: TrainedForecaster, crowd: Tracks) -> None:
    futures = forecast(untrained, crowd, speed=0.9)
    here = np.repeat(crowd.positions[present(crowd), -1][:, None], 20, axis=1)
    assert np.abs(speeds_of(here, futures.positions, 2.5) - 0.9).mean() < 0.05


def test_samples_of_a_scene_belong_together(untrained: TrainedForecaster, crowd: Tracks) -> None:
    close = Tracks(crowd.positions * 0.1, crowd.valid, crowd.fps)
    assert forecast(untrained, close).joint is None
    together = forecast(untrained.together(), close)
    assert together.joint is not None and together.joint.shape == (20,)
    assert collision_share(together.positions) < collision_share(forecast(untrained, close).positions)


def test_the_walkable_ground_is_kept(untrained: TrainedForecaster, crowd: Tracks) -> None:
    def free(points: np.ndarray) -> np.ndarray:
        return points[..., 0] < 2.0

    inside = free(crowd.positions[present(crowd), -1])
    futures = forecast(untrained, crowd, walkable=free)
    assert free(futures.positions[inside]).all()
    assert not free(forecast(untrained, crowd).positions[inside]).all()


def test_nobody_there_and_a_foreign_rate(untrained: TrainedForecaster, crowd: Tracks) -> None:
    nobody = Tracks(crowd.positions, np.zeros_like(crowd.valid), 2.5)
    assert forecast(untrained, nobody).positions.shape == (0, 20, 12, 2)
    with pytest.raises(BadInput, match="resample"):
        forecast(untrained, replace(crowd, fps=10.0))


def test_a_folder_is_read_as_it_was_written(untrained: TrainedForecaster, crowd: Tracks, tmp_path: Path) -> None:
    folder = tmp_path / "forecaster-mine"
    weights, calibration = untrained.network.state_dict(), Calibration((1.5,) * 12, 0.8, 0.3)
    save_forecaster(folder, weights, untrained.network.config, calibration, name="mine", licence="none", training={})
    read = load_forecaster(str(folder))
    assert read.calibration == calibration
    np.testing.assert_allclose(forecast(read, crowd).positions, forecast(untrained, crowd).positions, atol=0.02)
    path = folder / "weights.safetensors"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(BadFile, match="sha256"):
        load_forecaster(str(folder))
    (folder / "config.json").write_text("[]")
    with pytest.raises(BadFile, match="do not fit"):
        load_forecaster(str(folder))


def test_an_unknown_name_lists_the_known() -> None:
    with pytest.raises(UnknownName, match="stride-nc"):
        load_forecaster("forecaster-nowhere")


def mixture(people: int, wide: float) -> tuple[Output, torch.Tensor]:
    """Two heads, spreads of ``wide``, and truths drawn from the mixture whose spread is one."""
    random = torch.Generator().manual_seed(1)
    futures = torch.tensor([[-3.0, 0.0], [3.0, 0.0]])[None, :, None].expand(people, 2, 12, 2)
    head = torch.randint(2, (people,), generator=random)
    squares = torch.randn((people, 1, 1, int(FREEDOM)), generator=random).square().sum(-1)
    noise = torch.randn((people, 12, 2), generator=random) * (FREEDOM / squares).sqrt()
    output = Output(
        futures, torch.zeros(people, 2), torch.full((people, 2, 12, 2), wide), futures[:, 0], torch.zeros(people, 1)
    )
    return output, futures[torch.arange(people), head] + noise


def test_the_densest_half_holds_half_of_what_comes_of_the_mixture_itself() -> None:
    output, truth = mixture(800, wide=1.0)
    inside = coverage(output, truth, (0.5, 0.9))
    assert abs(float(inside[0.5].float().mean()) - 0.5) < 0.05
    assert abs(float(inside[0.9].float().mean()) - 0.9) < 0.03
    narrow, truth = mixture(800, wide=0.3)
    assert float(coverage(narrow, truth, (0.5,))[0.5].float().mean()) < 0.3


def test_calibration_finds_the_spread_that_was_lost() -> None:
    output, truth = mixture(2000, wide=0.5)
    found = fitted(output, truth)
    assert all(1.7 < factor <= 2.3 for factor in found.spread)
    better = -log_density(found.applied(output), truth).mean()
    assert better < -log_density(output, truth).mean()


def test_densities_sum_to_one() -> None:
    output, _ = mixture(1, wide=1.0)
    axis = torch.linspace(-30, 30, 301)
    places = torch.stack(torch.meshgrid(axis, axis, indexing="ij"), dim=-1).reshape(-1, 1, 2).expand(-1, 12, 2)
    every = Output(*[part.expand(len(places), *part.shape[1:]) for part in output])
    total = log_density(every, places)[:, 0].exp().sum() * 0.2**2
    assert abs(float(total) - 1.0) < 0.02


@pytest.mark.skipif(not (asset("models").joinpath("forecaster-all")).is_dir(), reason="no forecaster is shipped")
def test_the_shipped_forecaster_sees_a_straight_walker_go_on() -> None:
    forecaster = load_forecaster()
    steps = np.arange(8) * 1.3 / 2.5
    tracks = Tracks(np.stack([steps, 0 * steps], axis=-1)[None], np.ones((1, 8), bool), 2.5)
    futures = forecast(forecaster, tracks)
    assert np.linalg.norm(futures.best[0, -1] - [steps[-1] + 4.8 * 1.3, 0.0]) < 1.0
    spread = np.linalg.norm(futures.positions[0, :, -1] - futures.best[0, -1], axis=-1)
    assert spread.max() > 1.0
