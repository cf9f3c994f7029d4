import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from motion.core.tracks import Tracks
from motion.forecasting.augment import Augmentation, augmented
from motion.forecasting.forecaster import as_batch
from motion.forecasting.model import ForecastConfig
from motion.forecasting.objectives import winners
from motion.forecasting.training import ForecastTrainer, ForecastTraining
from motion.forecasting.windows import Windows, windows_of

SMALL = ForecastTraining(steps=60, batch=64, validations=3, network=ForecastConfig(heads=6, width=32, neighbour=16))


def walks(seed: int) -> Windows:
    """People who turn left or right, as nobody can know before."""
    random = np.random.default_rng(seed)
    turn = random.choice([-0.12, 0.12], (40, 1)) * np.maximum(np.arange(40) - 7, 0) + random.uniform(-3, 3, (40, 1))
    steps = 0.5 * np.stack([np.cos(turn), np.sin(turn)], axis=-1)
    positions = np.cumsum(steps, axis=1) + 20.0 * np.arange(40)[:, None, None]
    return windows_of(Tracks(positions[:, :20], np.ones((40, 20), bool), 2.5))


def trainer(folder: Path, config: ForecastTraining = SMALL) -> ForecastTrainer:
    return ForecastTrainer(config, walks(0), walks(1), walks(2), folder)


def test_training_learns_both_ways(tmp_path: Path) -> None:
    run = trainer(tmp_path, replace(SMALL, steps=240))
    run.run()
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert lines[-1]["min_ade"] < 0.5 * lines[0]["min_ade"]
    assert lines[-1]["min_ade"] < 0.6 * lines[-1]["ade"]  # one forecast cannot say which way


def test_a_stopped_run_goes_on_as_if_it_had_not_been(tmp_path: Path) -> None:
    whole = trainer(tmp_path / "whole")
    expected = whole.run()
    halted = trainer(tmp_path / "halted")
    while halted.step < 20:
        halted.one_step()
    halted.judge()
    halted.save()
    going_on = trainer(tmp_path / "halted")
    going_on.resume()
    assert going_on.step == 20
    for name, value in going_on.run().items():
        torch.testing.assert_close(value, expected[name])


def test_only_the_nearest_heads_are_trained() -> None:
    futures = torch.zeros(1, 3, 12, 2)
    futures[0, 1] += 1.0
    futures[0, 2] += 9.0
    futures.requires_grad_()
    winners(futures, torch.full((1, 12, 2), 1.2), torch.ones(1), few=1).backward()
    pulled = futures.grad[0].abs().sum(dim=(1, 2))  # type: ignore[index]
    assert pulled[1] > 20 * pulled[0] and pulled[1] > 20 * pulled[2]


def test_augmented_people_keep_their_way_and_their_neighbours() -> None:
    batch = as_batch(walks(0))
    how = Augmentation(noise_m=0.0, short_share=0.0, alone_share=0.0, log_scale=0.0)
    changed, _ = augmented(batch, how, torch.Generator().manual_seed(0))
    for before, after in ((batch.past, changed.past), (batch.future, changed.future)):
        torch.testing.assert_close(
            before.diff(dim=1).norm(dim=-1), after.diff(dim=1).norm(dim=-1), atol=1e-4, rtol=1e-4
        )
    apart = (batch.around[:, :, -1] - batch.past[:, None, -1]).norm(dim=-1)
    torch.testing.assert_close(
        apart, (changed.around[:, :, -1] - changed.past[:, None, -1]).norm(dim=-1), rtol=1e-4, atol=1e-3
    )
