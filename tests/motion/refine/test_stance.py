"""What stands, and what swings, while somebody runs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from helpers import walking_clip
from motion.core import Motion
from motion.core.axes import from_ground, ground, height
from motion.metrics.contacts import FOOT_JOINTS, foot_clearances, foot_contacts, foot_positions
from motion.refine.foot_lock import lock_feet
from motion.refine.stance import RUNS, body_speed, with_stances
from motion.refine.swing import swing_clearance

TOES = [FOOT_JOINTS.index("left_foot"), FOOT_JOINTS.index("right_foot")]


def hurried(share: float) -> Motion:
    """A walk played twice as fast, whose root goes further than its feet push it: they slide."""
    clip = walking_clip(6.0)
    clip = replace(
        clip, root_position=from_ground((1 + share) * ground(clip.root_position), height(clip.root_position))
    )
    return clip.sampled_at(np.arange(90) / 15.0, 30.0)


def slow_walk() -> Motion:
    """The walk at half its speed: a foot is always on the floor."""
    return walking_clip(4.0).sampled_at(np.arange(180) / 60.0, 30.0)


def running(seconds: float = 3.0, low: float = 0.0) -> Motion:
    """The fast walk, ``low`` m lower than it was."""
    clip = hurried(0.0).sliced(0, round(30 * seconds))
    return replace(clip, root_position=clip.root_position - [0.0, low, 0.0])


def flying(clip: Motion) -> np.ndarray:
    """(T, 4) contacts of the toes, each cut short so that nobody stands in between."""
    contacts = foot_contacts(clip)
    contacts[:, [0, 2]] = False
    both = contacts[:, TOES]
    both[:-2] &= both[2:]
    contacts[:, TOES] = both
    return contacts


def test_the_bodys_speed_has_no_rhythm_of_steps() -> None:
    clip = walking_clip(4.0)
    speed = body_speed(clip)
    assert speed.shape == (120,) and np.ptp(speed[30:90]) < 0.1 * speed.mean()
    assert body_speed(clip.sliced(0, 1)).tolist() == [0.0]


def test_feet_that_lag_behind_a_runner_stand_and_what_is_known_stays() -> None:
    clip = hurried(0.35)
    assert (body_speed(clip) > RUNS).all()
    sure = foot_contacts(clip, floor=None, slack=1.25)
    found = with_stances(replace(clip, contacts=np.zeros_like(sure))).contacts
    assert found is not None and found.sum() > 1.3 * sure.sum()
    moving = np.linalg.norm(np.gradient(ground(foot_positions(clip)), axis=0), axis=-1) * clip.fps
    assert np.all((moving < 0.75 * body_speed(clip)[:, None])[found & ~sure])
    told = np.zeros_like(sure)
    told[10:20, 1] = True
    both = with_stances(replace(clip, contacts=told)).contacts
    np.testing.assert_array_equal(both, found | told)


def test_contacts_of_somebody_who_walks_are_left_alone() -> None:
    clip = slow_walk()
    told = np.random.default_rng(0).random((180, 4)) < 0.5
    np.testing.assert_array_equal(with_stances(replace(clip, contacts=told)).contacts, told)
    np.testing.assert_array_equal(with_stances(clip).contacts, foot_contacts(clip, floor=None, slack=1.25))


def test_only_the_swinging_toes_of_runners_must_clear_the_floor() -> None:
    clip = running()
    contacts = flying(clip)
    least = swing_clearance(clip, contacts)
    assert least[:, TOES].max() > 0.05 and np.all(least[:, [0, 2]] == 0.0)
    assert np.all(least[contacts] == 0.0)
    walk = slow_walk()
    assert np.all(swing_clearance(walk, foot_contacts(walk)) == 0.0)
    still = replace(clip, root_position=clip.root_position * [0.0, 1.0, 0.0])
    assert np.all(swing_clearance(still, contacts) == 0.0)


@pytest.mark.parametrize("low", [0.0, 0.03])
def test_toes_that_are_dragged_are_lifted(low: float) -> None:
    clip = running(low=low)
    contacts = flying(clip)
    least = swing_clearance(clip, contacts)
    locked = lock_feet(clip, contacts, least=least)
    plain = lock_feet(clip, contacts)
    lacking = [np.maximum(0.0, least - foot_clearances(one))[~contacts].sum() for one in (plain, locked)]
    assert lacking[0] > 0.0 and lacking[1] < 0.4 * lacking[0]
