from dataclasses import replace

import numpy as np
import pytest

from helpers import walking_clip
from motion.core import BadInput
from motion.core.axes import from_ground, ground
from motion.metrics.contacts import foot_contacts
from motion.metrics.control import gait
from motion.metrics.physical import foot_skate_ratio, mean_planar_speed
from motion.refine.playback import in_place, retimed


def test_in_place_takes_the_way_out_and_gives_it_back():
    clip = walking_clip(2.0)
    spot, way = in_place(clip)
    assert np.all(ground(spot.root_position) == 0) and way.fps == clip.fps
    np.testing.assert_array_equal(spot.joint_rotation, clip.joint_rotation)
    np.testing.assert_array_equal(spot.root_position + from_ground(way.positions), clip.root_position)


@pytest.mark.parametrize("factor", [0.6, 1.5, 3.0])
def test_retimed_clips_last_as_long_as_asked_and_go_as_far(factor: float):
    clip = walking_clip(4.0)
    played = retimed(clip, factor * clip.duration)
    assert played.duration == pytest.approx(factor * clip.duration, abs=0.5 / clip.fps)
    np.testing.assert_allclose(ground(played.root_position[[0, -1]]), ground(clip.root_position[[0, -1]]), atol=1e-6)
    assert mean_planar_speed(played) * factor == pytest.approx(mean_planar_speed(clip), rel=0.05)
    assert foot_skate_ratio(played) < foot_skate_ratio(clip) + 0.15


def test_retiming_changes_cadence_but_not_the_step():
    clip = walking_clip(6.0)
    clip = replace(clip, contacts=foot_contacts(clip))
    before, after = gait(clip), gait(retimed(clip, 1.5 * clip.duration))
    assert after.cadence * 1.5 == pytest.approx(before.cadence, rel=0.1)
    assert after.step_length == pytest.approx(before.step_length, rel=0.1)


def test_the_same_duration_is_the_same_clip():
    clip = walking_clip(2.0)
    assert retimed(clip, clip.duration) is clip


@pytest.mark.parametrize("duration", [0.1, 100.0, float("nan")])
def test_impossible_durations_name_the_possible(duration: float):
    with pytest.raises(BadInput, match=r"can be retimed to 0\.50 to 8\.00 s"):
        retimed(walking_clip(2.0), duration)
