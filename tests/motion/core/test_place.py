"""Place: floors of storeys, followed from step to step."""

from __future__ import annotations

import numpy as np
import pytest

from motion.core import BadInput, DistanceField, Place

FIELD = DistanceField(np.ones((2, 2, 2)), np.zeros(3), 1.0)


def stairs(places: np.ndarray, near: np.ndarray) -> np.ndarray:
    """Treads of 0.3 m along x, each 0.2 m higher, and another storey 3 m above; no floor beyond x = 3."""
    low = 0.2 * np.floor(places[..., 0] / 0.3 + 1e-9)
    high = low + 3.0
    return np.where(places[..., 0] > 3.0, np.nan, np.where(np.abs(near - high) < np.abs(near - low), high, low))


def test_heights_are_followed_up_and_held_where_there_is_no_floor() -> None:
    way = np.stack([np.linspace(0.0, 4.0, 81), np.zeros(81)], axis=-1)
    heights = Place(FIELD, stairs).along(way)
    assert heights[0] == 0.0 and heights[-1] == pytest.approx(2.0)
    assert np.diff(heights).max() == pytest.approx(0.2)


def test_who_begins_upstairs_stays_there() -> None:
    way = np.stack([np.linspace(0.0, 2.0, 41), np.zeros(41)], axis=-1)
    assert Place(FIELD, stairs, level=3.0).along(way)[[0, -1]] == pytest.approx([3.0, 4.2])


def test_under_keeps_to_the_storey() -> None:
    place = Place(FIELD, stairs)
    assert place.under(np.array([[0.7, 0.0], [5.0, 0.0], [0.7, 0.0]]), np.array([0.2, 0.7, -5.0])) == pytest.approx(
        [0.4, 0.7, -5.0]
    )


def test_a_level_that_is_no_number_is_refused() -> None:
    with pytest.raises(BadInput, match="finite"):
        Place(FIELD, stairs, level=float("nan"))
