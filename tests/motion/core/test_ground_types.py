"""Waypoint, Route, Trajectory, Tracks, Observation and DistanceField: what they compute and what they refuse."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import walking_clip
from motion.core import BadInput, DistanceField, Observation, Route, Tracks, Trajectory, Waypoint

CORNER = np.array([[0.0, 0.0], [3.0, 0.0], [3.0, 4.0]])


def test_a_route_is_measured_along_its_pieces() -> None:
    route = Route(CORNER)
    assert route.length == 7.0
    np.testing.assert_allclose(route.point_at(np.array([0.0, 1.5, 5.0, 99.0])), [[0, 0], [1.5, 0], [3, 2], [3, 4]])


@given(st.floats(0, 7))
def test_points_on_a_route_are_no_further_apart_than_along_it(distance: float) -> None:
    route = Route(CORNER)
    assert np.linalg.norm(route.point_at(distance) - CORNER[0]) <= distance + 1e-9


def test_a_trajectory_knows_its_speed() -> None:
    way = Trajectory(CORNER, fps=2.0)
    np.testing.assert_allclose(way.speeds, [6.0, 8.0])
    np.testing.assert_allclose(way.position_at(0.25), [1.5, 0.0])
    np.testing.assert_allclose(way.position_at(-5), [0.0, 0.0])


def test_tracks_bridge_what_was_not_seen() -> None:
    positions = np.array([[[0.0, 0.0], [np.nan, np.nan], [2.0, 4.0], [9.0, 9.0]]])
    tracks = Tracks(positions, np.array([[True, False, True, False]]), fps=2.5)
    assert tracks.num_people == 1
    assert tracks.positions[0, 1].tolist() == [0.0, 0.0]
    np.testing.assert_allclose(tracks.trajectory(0).positions, [[0, 0], [1, 2], [2, 4]])


def test_a_person_never_seen_has_no_trajectory() -> None:
    with pytest.raises(BadInput, match="never seen"):
        Tracks(np.zeros((1, 2, 2)), np.zeros((1, 2), bool), 1.0).trajectory(0)


def test_everything_known_of_a_clip_wins_over_nothing() -> None:
    clip = walking_clip()
    nothing, everything = Observation.nothing(clip.num_frames, 24), Observation.everything(clip)
    for merged in (nothing.merged(everything), everything.merged(nothing)):
        np.testing.assert_array_equal(merged.joint_position, clip.joint_positions())
        assert merged.joint_rotation_known.all()
        assert merged.heading_known.all()


def test_the_later_observation_wins_where_both_know() -> None:
    def at(x: float, known: list[bool]) -> Observation:
        nothing = Observation.nothing(2, 1)
        return Observation(**{**vars(nothing), "heading": np.full(2, x), "heading_known": np.array(known)})

    merged = at(1.0, [True, True]).merged(at(2.0, [False, True]))
    assert merged.heading.tolist() == [1.0, 2.0]


def test_what_is_not_known_is_zero_and_may_be_anything() -> None:
    nothing = Observation.nothing(2, 3)
    filled = Observation(**{**vars(nothing), "joint_position": np.full((2, 3, 3), np.nan)})
    np.testing.assert_array_equal(filled.joint_position, 0.0)


def linear_field(slope: np.ndarray) -> DistanceField:
    origin, spacing = np.array([-1.0, 0.0, 2.0]), 0.5
    grid = np.stack(np.meshgrid(*[np.arange(n) for n in (4, 5, 6)], indexing="ij"), axis=-1)
    return DistanceField((origin + spacing * grid) @ slope, origin, spacing)


@given(st.tuples(st.floats(-1, 0.5), st.floats(0, 2), st.floats(2, 4.5)))
def test_trilinear_is_exact_on_linear_fields(point: tuple[float, float, float]) -> None:
    slope = np.array([1.0, -2.0, 0.5])
    assert linear_field(slope).distance(np.array(point)) == pytest.approx(np.array(point) @ slope, abs=1e-9)


def test_outside_the_grid_the_border_counts() -> None:
    field = linear_field(np.array([0.0, 1.0, 0.0]))
    outside = field.distance(np.array([[0.0, 99.0, 3.0], [0.0, -99.0, 3.0]]))
    np.testing.assert_allclose(outside, [2.0, 0.0])
    assert field.distance(np.zeros((2, 0, 3))).shape == (2, 0)


REFUSED: dict[str, Callable[[], object]] = {
    "waypoint off the plane": lambda: Waypoint(np.zeros(3)),
    "waypoint before the start": lambda: Waypoint(np.zeros(2), time=-1.0),
    "waypoint facing nowhere": lambda: Waypoint(np.zeros(2), heading=float("nan")),
    "route of one point": lambda: Route(np.zeros((1, 2))),
    "route with NaN": lambda: Route(np.array([[0.0, 0.0], [np.nan, 0.0]])),
    "trajectory without time": lambda: Trajectory(CORNER, fps=0.0),
    "tracks with NaN": lambda: Tracks(np.full((1, 2, 2), np.nan), np.ones((1, 2), bool), 1.0),
    "tracks without mask": lambda: Tracks(np.zeros((1, 2, 2)), np.ones((2, 1), bool), 1.0),
    "observations of two lengths": lambda: Observation.nothing(2, 1).merged(Observation.nothing(3, 1)),
    "observation with NaN": lambda: Observation(
        **{**vars(Observation.nothing(1, 1)), "heading": np.array([np.nan]), "heading_known": np.array([True])}
    ),
    "flat field": lambda: DistanceField(np.zeros((1, 2, 2)), np.zeros(3), 0.1),
    "field with NaN": lambda: DistanceField(np.full((2, 2, 2), np.nan), np.zeros(3), 0.1),
    "field without spacing": lambda: DistanceField(np.zeros((2, 2, 2)), np.zeros(3), 0.0),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_broken_values_are_refused(case: str) -> None:
    with pytest.raises(BadInput):
        REFUSED[case]()
