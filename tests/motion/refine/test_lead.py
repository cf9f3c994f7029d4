"""Who is to touch something far off goes there."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from helpers import walking_clip
from motion.core import Motion, Observation
from motion.core.axes import from_ground, ground
from motion.refine.lead import NEAR, led_to
from motion.refine.meet import meet
from motion.refine.path import on_path

HAND = "right_wrist"


def reaching(clip: Motion, far: float, frames: tuple[int, ...] = (50, 90)) -> Observation:
    """The hand is to be ``far`` metres to the side of where it is."""
    asked = Observation.nothing(clip.num_frames, clip.skeleton.num_joints)
    joint = clip.skeleton.index(HAND)
    places, known = asked.joint_position.copy(), asked.joint_position_known.copy()
    for frame in frames:
        places[frame, joint] = clip.joint_positions()[frame, joint] + from_ground(np.array([far, 0.0]))
        known[frame, joint] = True
    return replace(asked, joint_position=places, joint_position_known=known)


def missed(clip: Motion, asked: Observation) -> float:
    known = asked.joint_position_known
    return float(np.linalg.norm((clip.joint_positions() - asked.joint_position)[known], axis=-1).max())


@pytest.mark.parametrize("far", [0.8, 2.5])
def test_what_is_far_is_reached_by_going_there(far: float) -> None:
    clip = walking_clip(4.0)
    asked = reaching(clip, far)
    led = led_to(clip, asked, partial(on_path, clip))
    assert missed(clip, asked) == pytest.approx(far)
    assert missed(led, asked) < 2 * NEAR
    assert missed(meet(led, asked)[0], asked) < 0.005
    steps = np.linalg.norm(np.diff(ground(led.root_position), axis=0), axis=-1) * clip.fps
    assert steps.max() < 3.5  # it walks there and does not fly


def test_what_is_near_moves_nobody() -> None:
    clip = walking_clip(4.0)
    asked = reaching(clip, 0.5 * NEAR)
    assert led_to(clip, asked, partial(on_path, clip)) is clip


def test_who_has_a_place_keeps_it() -> None:
    clip = walking_clip(4.0)
    asked = reaching(clip, 1.0)
    asked = replace(asked, root_ground=ground(clip.root_position), root_ground_known=np.ones(clip.num_frames, bool))
    assert led_to(clip, asked, partial(on_path, clip)) is clip
