"""Futures, and the forecaster that goes straight on."""

from __future__ import annotations

import numpy as np
import pytest

from motion.core import BadInput, Tracks
from motion.forecasting.constant_velocity import ConstantVelocity
from motion.forecasting.futures import Futures, present


def walkers() -> Tracks:
    """One walks along x at 1 m/s and is missed once, one stands, one has left, one has just come."""
    positions = np.zeros((4, 5, 2))
    positions[0, :, 0] = np.arange(5) * 0.4
    positions[1:] = 3.0
    valid = np.ones((4, 5), bool)
    valid[0, 2] = valid[2, -1] = False
    valid[3, :-1] = False
    return Tracks(positions, valid, fps=2.5)


def test_everybody_goes_on_as_before() -> None:
    futures = ConstantVelocity().forecast(walkers(), horizon=4.8, samples=20, seed=0)
    assert futures.ids == ("0", "1", "3") and futures.positions.shape == (3, 20, 12, 2)
    np.testing.assert_allclose(futures.best[0, :, 0], 1.6 + 0.4 * np.arange(1, 13))
    np.testing.assert_allclose(futures.best[1:], 3.0)
    np.testing.assert_allclose(futures.times, 1.6 + 0.4 * np.arange(1, 13))
    turns = np.unwrap(np.arctan2(*np.moveaxis(futures.positions[0, :, -1] - [1.6, 0.0], -1, 0)))
    assert 0.1 < turns.std() < 0.7, "samples spread"


def test_the_same_seed_gives_the_same() -> None:
    one, two, other = (ConstantVelocity().forecast(walkers(), horizon=2, samples=5, seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(one.positions, two.positions)
    assert not np.allclose(one.positions[0], other.positions[0])


def test_a_speed_is_kept_by_every_sample() -> None:
    asked = np.linspace(0, 1.5, 12)
    futures = ConstantVelocity().forecast(walkers(), horizon=4.8, samples=7, seed=0, speed=asked)
    here = walkers().positions[present(walkers()), -1]
    steps = np.diff(futures.positions, axis=2, prepend=np.tile(here[:, None, None], (1, 7, 1, 1)))
    np.testing.assert_allclose(
        np.linalg.norm(steps, axis=-1) * 2.5, np.broadcast_to(asked, steps.shape[:-1]), atol=1e-9
    )


def test_nobody_leaves_the_walkable_ground() -> None:
    futures = ConstantVelocity().forecast(
        walkers(), horizon=4.8, samples=20, seed=0, walkable=lambda points: points[..., 0] < 2.5
    )
    assert futures.positions[0, ..., 0].max() < 2.5 and futures.best[0, ..., 0].max() == pytest.approx(2.4)
    np.testing.assert_allclose(futures.best[1], 3.0)  # stands outside of it already


@pytest.mark.parametrize(
    "asked", [{"horizon": np.nan}, {"horizon": 1e9}, {"samples": 0}, {"speed": -1.0}, {"speed": np.ones(5)}]
)
def test_what_cannot_be_is_refused(asked: dict) -> None:
    with pytest.raises(BadInput):
        ConstantVelocity().forecast(walkers(), **{"horizon": 4.8, "samples": 20, "seed": 0, **asked})


def test_probabilities_must_sum_to_one() -> None:
    with pytest.raises(BadInput, match="sum to 1"):
        Futures(np.zeros((1, 2, 3, 2)), np.ones((1, 2)), np.zeros((1, 3, 2)), None, 2.5, 0.0, ("a",))
