"""The body follows its feet: a slide goes out of the path, a clean clip stays."""

from dataclasses import replace

import numpy as np
import pytest

from helpers import walking_clip
from motion.core.axes import from_ground, ground
from motion.metrics.contacts import foot_contacts, foot_positions
from motion.metrics.physical import foot_skate_ratio
from motion.refine.root_follow import follow_feet


def _slipping(clip, speed):
    path = np.outer(np.arange(clip.num_frames) / clip.fps, [speed, 0.0])
    return replace(clip, root_position=clip.root_position + from_ground(path))


def _standing_speed(clip, contacts):
    moving = np.linalg.norm(np.diff(ground(foot_positions(clip)), axis=0), axis=-1) * clip.fps
    return moving[contacts[1:] & contacts[:-1]].mean()


@pytest.mark.parametrize("fps", [30.0, 60.0])
def test_a_steady_slip_is_taken_out(fps):
    clip = walking_clip(4.0, fps=fps)
    contacts = foot_contacts(clip)
    slipping = replace(_slipping(clip, 0.4), contacts=contacts)
    mended = follow_feet(slipping)
    assert _standing_speed(mended, contacts) < 0.4 * _standing_speed(slipping, contacts)
    assert foot_skate_ratio(mended) < foot_skate_ratio(slipping)
    end = ground(mended.root_position - clip.root_position)[-1]
    assert np.linalg.norm(end) < 0.35  # of the 1.6 m it had slipped


def test_only_the_path_changes():
    slipping = _slipping(walking_clip(3.0), 0.3)
    mended = follow_feet(slipping)
    assert np.array_equal(mended.joint_rotation, slipping.joint_rotation)
    assert np.array_equal(mended.root_position[0], slipping.root_position[0])
    assert np.allclose(mended.root_position[:, 1], slipping.root_position[:, 1])


def test_without_contact_nothing_changes():
    clip = walking_clip(2.0)
    nowhere = np.zeros((clip.num_frames, 4), dtype=bool)
    assert np.array_equal(follow_feet(clip, nowhere).root_position, clip.root_position)


def test_known_places_are_not_left():
    slipping = _slipping(walking_clip(3.0), 0.3)
    known = np.isin(np.arange(90), [0, 40, 80])
    mended = follow_feet(slipping, known=known)
    np.testing.assert_array_equal(mended.root_position[known], slipping.root_position[known])
    assert np.abs(mended.root_position - slipping.root_position).max() > 0.003
    whole = follow_feet(slipping, known=np.ones(90, bool))
    np.testing.assert_array_equal(whole.root_position, slipping.root_position)
