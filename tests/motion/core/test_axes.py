"""The one coordinate convention."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from motion.core import axes

points = st.lists(st.tuples(*[st.floats(-100, 100)] * 3), min_size=1, max_size=5).map(np.array)


@given(points)
def test_ground_and_height_rebuild_the_point(p: np.ndarray) -> None:
    np.testing.assert_array_equal(axes.from_ground(axes.ground(p), axes.height(p)), p)


@given(points)
def test_z_up_and_back(p: np.ndarray) -> None:
    np.testing.assert_array_equal(axes.z_up_from_y_up(axes.y_up_from_z_up(p)), p)


def test_up_stays_up() -> None:
    np.testing.assert_array_equal(axes.y_up_from_z_up(np.array([0.0, 0.0, 1.0])), axes.UP)
    assert axes.height(axes.UP) == 1.0
    np.testing.assert_array_equal(axes.ground(axes.UP), [0.0, 0.0])


def test_the_change_of_axes_keeps_handedness() -> None:
    assert np.linalg.det(axes.Y_UP_FROM_Z_UP) == 1.0


def test_from_ground_takes_one_height_for_all() -> None:
    np.testing.assert_array_equal(axes.from_ground(np.array([[1.0, 2.0], [3.0, 4.0]]), 0.5)[:, 1], [0.5, 0.5])
