import numpy as np
import pytest

from motion.core.tracks import Tracks
from motion.forecasting.protocol import linked, tracks_of_rows
from motion.forecasting.windows import AROUND, FUTURE, PAST, alone, joined, observed, stretched, windows_of


def walkers(people: int, columns: int) -> Tracks:
    """People side by side, each a metre a second faster than the one before."""
    t = np.arange(columns) / 2.5
    lanes = np.arange(people)[:, None]
    positions = np.stack([t[None] * (1 + lanes), np.broadcast_to(2.0 * lanes, (people, columns))], axis=-1)
    return Tracks(positions, np.ones((people, columns), bool), 2.5)


def test_every_whole_person_of_every_window_is_a_row() -> None:
    windows = windows_of(walkers(3, PAST + FUTURE + 2))
    assert len(windows) == 9
    assert np.array_equal(np.unique(windows.window), [0, 1, 2])
    np.testing.assert_allclose(windows.future[0, 0] - windows.past[0, -1], [0.4, 0.0], atol=1e-6)


def test_rule_a_leaves_out_windows_of_one_person_and_rule_b_keeps_them() -> None:
    tracks = walkers(2, PAST + FUTURE)
    valid = tracks.valid.copy()
    valid[1, -1] = False
    tracks = Tracks(tracks.positions, valid, 2.5)
    assert len(windows_of(tracks)) == 0
    assert len(windows_of(tracks, at_least=1)) == 1


def test_people_around_are_the_nearest_at_the_last_sight_and_never_oneself() -> None:
    windows = windows_of(walkers(AROUND + 3, PAST + FUTURE))
    first = windows.around[0, 0, -1] - windows.past[0, -1]
    assert windows.around_seen[0].all()
    np.testing.assert_allclose(first, [PAST * 0.4 - 0.4, 2.0], atol=1e-5)
    assert np.linalg.norm(windows.around[:, :, -1] - windows.past[:, None, -1], axis=-1).min() > 1.0


def test_a_gap_is_bridged_and_told_and_a_short_past_stands_at_its_first_sight() -> None:
    tracks = walkers(1, PAST)
    valid = tracks.valid.copy()
    valid[0, :3] = valid[0, 5] = False
    windows = observed(Tracks(tracks.positions, valid, 2.5), np.array([0]))
    assert windows.seen[0].tolist() == valid[0].tolist()
    np.testing.assert_allclose(windows.past[0, 5], tracks.positions[0, 5], atol=1e-6)
    np.testing.assert_allclose(windows.past[0, 0], tracks.positions[0, 3], atol=1e-6)


def test_a_single_column_is_enough() -> None:
    windows = observed(walkers(2, 1), np.array([0, 1]))
    assert windows.past.shape == (2, PAST, 2)
    assert windows.seen.sum() == 2


def test_columns_farther_apart_make_people_faster() -> None:
    slow, fast = walkers(1, 30), stretched(walkers(1, 30), 1.5, phase=0.5)
    np.testing.assert_allclose(
        np.diff(fast.positions, axis=1)[0, 0], 1.5 * np.diff(slow.positions, axis=1)[0, 0], atol=1e-9
    )
    assert fast.valid.all()


def test_nothing_is_bridged_where_nobody_is_seen() -> None:
    tracks = walkers(1, 10)
    valid = tracks.valid.copy()
    valid[0, 4] = False
    assert not stretched(Tracks(tracks.positions, valid, 2.5), 0.5).valid[0, 7:10].any()


def test_windows_of_joined_sets_stay_apart() -> None:
    one = windows_of(walkers(2, PAST + FUTURE))
    both = joined([one, one])
    assert both.window.tolist() == [0, 0, 1, 1]
    assert not alone(one.past).around_seen.any()


def test_columns_are_the_frames_that_occur() -> None:
    rows = np.array([[10, 1, 0, 0], [20, 1, 1, 0], [50, 1, 2, 0], [20, 7, 5, 5]], float)
    tracks = tracks_of_rows(rows)
    assert tracks.positions.shape == (2, 3, 2)
    assert tracks.valid.tolist() == [[True, True, True], [False, True, False]]


def test_pieces_of_one_way_become_one_person_and_others_do_not() -> None:
    way = [[12 * t, 1 if t < 3 else 2, 0.5 * t, 0.0] for t in range(6)]
    far = [[12 * t, 3, 0.5 * t, 9.0] for t in range(3, 6)]
    rows = linked(np.array(way + far), 12)
    assert len(np.unique(rows[:, 1])) == 2
    assert np.bincount(rows[:, 1].astype(int)).max() == 6


@pytest.mark.parametrize("columns", [0, PAST + FUTURE - 1])
def test_too_short_tracks_have_no_windows(columns: int) -> None:
    assert len(windows_of(walkers(2, columns), at_least=1)) == 0
