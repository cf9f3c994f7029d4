import numpy as np
import pytest
import torch

from motion.core.tracks import Tracks
from motion.forecasting.forecaster import TrainedForecaster
from motion.forecasting.model import ForecastConfig, ForecastNetwork


@pytest.fixture
def crowd() -> Tracks:
    """Twelve people who walk in curves, seen for 60 columns; some come late and go early, one has a gap."""
    random = np.random.default_rng(3)
    turn = np.cumsum(random.normal(0, 0.05, (12, 60)), axis=1) + random.uniform(-3, 3, (12, 1))
    speed = random.uniform(0.2, 1.8, (12, 1)) / 2.5
    positions = np.cumsum(np.stack([speed * np.cos(turn), speed * np.sin(turn)], -1), axis=1)
    positions += random.uniform(-6, 6, (12, 1, 2))
    valid = np.ones((12, 60), bool)
    valid[:3, :10] = valid[3:5, -5:] = valid[6, 55:57] = False
    return Tracks(positions, valid, 2.5)


@pytest.fixture
def untrained() -> TrainedForecaster:
    torch.manual_seed(0)
    return TrainedForecaster(ForecastNetwork(ForecastConfig(heads=20, width=32, neighbour=16)).eval())
