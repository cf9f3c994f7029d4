"""Steps that are as long as the way asks for: no foot slides because its body goes faster or slower."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from helpers import walking_clip
from motion.core import Motion
from motion.core.axes import from_ground, ground, height
from motion.metrics.contacts import foot_contacts, foot_positions
from motion.metrics.physical import mean_planar_speed
from motion.refine.stride import at_speed, with_strides


def carried(clip: Motion, factor: float) -> Motion:
    """The clip whose root goes ``factor`` times as far and whose pose stays."""
    return replace(clip, root_position=from_ground(factor * ground(clip.root_position), height(clip.root_position)))


def slide(clip: Motion, stands: np.ndarray) -> float:
    """m/s, mean speed over the ground of what stood in the walk."""
    moving = np.linalg.norm(np.diff(ground(foot_positions(clip)), axis=0), axis=-1) * clip.fps
    return float(moving[stands[1:] & stands[:-1]].mean())


@pytest.mark.parametrize("factor", [0.5, 0.8, 1.3])
def test_standing_feet_slide_less_than_half_as_fast_when_their_steps_are_scaled(factor: float) -> None:
    walk = walking_clip(4.0)
    stands = foot_contacts(walk)
    stands[:, [0, 2]] = False  # the helper's walk rests on its toes
    moved = carried(walk, factor)
    strided = with_strides(moved, ground(walk.root_position))
    inside = np.zeros_like(stands)
    inside[15:-15] = stands[15:-15]
    assert slide(strided, inside) < 0.5 * slide(moved, inside)
    np.testing.assert_array_equal(strided.root_position, moved.root_position)
    legs = [i for i, name in enumerate(walk.skeleton.joint_names) if any(p in name for p in ("hip", "knee", "ankle"))]
    others = [i for i in range(walk.skeleton.num_joints) if i not in legs]
    np.testing.assert_array_equal(strided.joint_rotation[:, others], moved.joint_rotation[:, others])


def test_nothing_changes_on_the_own_way_nor_of_somebody_who_stands() -> None:
    walk = walking_clip(2.0)
    same = with_strides(walk, ground(walk.root_position))
    np.testing.assert_allclose(same.joint_positions(), walk.joint_positions(), atol=1e-9)
    still = replace(walk, root_position=np.tile(walk.root_position[:1], (walk.num_frames, 1)))
    assert (
        np.abs(with_strides(still, ground(still.root_position)).joint_positions() - still.joint_positions()).max()
        < 1e-9
    )


def test_a_way_is_gone_at_the_speeds_asked_for_along_its_own_line() -> None:
    times = np.arange(181) / 30.0
    way = np.stack([np.zeros(181), times + 0.02 * np.sin(12 * times)], axis=1)
    speeds = np.where(times < 3.0, 0.5, np.nan)
    gone = at_speed(way, speeds, 30.0)
    np.testing.assert_allclose(gone[0], way[0])
    assert gone[80, 1] / times[80] == pytest.approx(0.5, rel=0.03)
    assert (gone[180, 1] - gone[100, 1]) == pytest.approx(way[180, 1] - way[100, 1])
    assert np.all(gone[:, 0] == 0.0)
    np.testing.assert_array_equal(at_speed(way, np.full(181, np.nan), 30.0), way)


def test_a_way_that_sways_is_gone_at_the_speed_that_will_be_reported() -> None:
    times = np.arange(181) / 30.0
    way = np.stack([0.05 * np.sin(8 * times), 2.4 * times], axis=1)
    walk = walking_clip(6.0)
    for speeds in (np.full(180, 3.0), 2.5 + times[:180] / 6):
        gone = replace(walk, root_position=from_ground(at_speed(way[:180], speeds, 30.0), height(walk.root_position)))
        assert mean_planar_speed(gone) == pytest.approx(3.0, abs=0.02)


def test_a_curve_of_speeds_is_followed_and_zero_stands() -> None:
    times = np.arange(181) / 30.0
    way = np.stack([np.zeros(181), times], axis=1)
    gone = at_speed(way, 0.5 + 0.2 * times, 30.0)
    assert gone[-1, 1] == pytest.approx(0.5 * 6 + 0.1 * 36, rel=0.01)
    np.testing.assert_allclose(at_speed(way, np.zeros(181), 30.0), 0.0)


def test_somebody_who_stands_is_not_thrown_across_the_room() -> None:
    still = np.tile([[1.0, 2.0]], (60, 1))
    np.testing.assert_allclose(at_speed(still, np.full(60, 1.4), 30.0), still)
