"""Splines: exact on what they can represent, derivatives, affine invariance."""

import numpy as np
import pytest

from motion.representation import spline


def test_a_cubic_is_reproduced_exactly():
    times = np.arange(61) / 30
    values = np.stack([times**3 - times, 2 - times**2], axis=-1)
    controls = spline.fit(values, 30.0)
    assert len(controls) == spline.num_controls(2.0) == 23
    assert np.abs(spline.evaluate(controls, times) - values).max() < 2e-4


def test_derivatives_are_those_of_the_curve():
    controls = np.random.default_rng(0).normal(size=(20, 3))
    times = np.linspace(0.2, 1.4, 50)
    step = 1e-5
    ahead, behind = spline.evaluate(controls, times + step), spline.evaluate(controls, times - step)
    velocity = spline.basis(times, 20, derivative=1) @ controls
    acceleration = spline.basis(times, 20, derivative=2) @ controls
    here = spline.evaluate(controls, times)
    assert np.allclose(velocity, (ahead - behind) / (2 * step), atol=1e-5)
    assert np.allclose(acceleration, (ahead - 2 * here + behind) / step**2, rtol=1e-2, atol=1e-1)


def test_weights_sum_to_one_so_that_moving_the_points_moves_the_curve():
    assert np.allclose(spline.basis(np.linspace(0, 1.7, 40), 20).sum(axis=1), 1.0)


@pytest.mark.parametrize("frames", [2, 3, 4, 5, 31, 32])
def test_any_length_is_fitted(frames):
    values = np.linspace(0, 1, frames)[:, None]
    controls = spline.fit(values, 30.0)
    assert np.abs(spline.evaluate(controls, np.arange(frames) / 30) - values).max() < 1e-3
