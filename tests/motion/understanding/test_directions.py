from dataclasses import replace

import numpy as np
import pytest

from helpers import smpl_skeleton, walking_clip
from motion.core import Motion
from motion.core.rotation import rotvec_to_rotmat, yaw_to_rotmat
from motion.understanding.directions import directions, named


def arms(left_up: bool, right_up: bool, frames: int = 40) -> Motion:
    """Somebody stands with hanging arms and raises some of them."""
    skeleton = smpl_skeleton()
    share = np.sin(np.linspace(0, np.pi, frames))
    rotvec = np.zeros((frames, 24, 3))
    for side, sign, up in (("left", 1.0, left_up), ("right", -1.0, right_up)):
        rotvec[:, skeleton.index(f"{side}_shoulder"), 2] = sign * (-1.3 + 2.3 * share * up)
    return Motion(skeleton, np.tile([0.0, 0.93, 0.0], (frames, 1)), rotvec_to_rotmat(rotvec), 30.0)


@pytest.mark.parametrize(
    ("left", "right", "hands"),
    [(True, False, "left"), (False, True, "right"), (True, True, "both"), (False, False, "")],
)
def test_raised_hands_are_told(left: bool, right: bool, hands: str):
    found = directions(arms(left, right))
    assert found.hands == hands
    for name in ("left-hand", "right-hand", "both-hands"):
        assert found.agrees_with(f"wave-{name}") == (bool(hands) and name.startswith(hands))


@pytest.mark.parametrize("angle", [1.5, -1.5])
def test_turns_have_a_side(angle: float):
    walk = walking_clip(2.0)
    yaw = yaw_to_rotmat(np.linspace(2.5, 2.5 + angle, walk.num_frames))
    rotation = walk.joint_rotation.copy()
    rotation[:, 0] = yaw @ rotation[:, 0]
    found = directions(replace(walk, joint_rotation=rotation))
    assert found.turn == pytest.approx(angle, abs=0.25)
    assert found.agrees_with("walk-turn-left") == (angle > 0)
    assert found.agrees_with("walk-turn-right") == (angle < 0)


def test_displacement_is_seen_from_the_first_heading():
    still = arms(False, False)
    moved = still.root_position + np.linspace(0, 1, still.num_frames)[:, None] * np.array([1.0, 0.0, 0.0])
    for yaw, name in ((0.0, "walk-left"), (np.pi, "walk-right"), (-np.pi / 2, "walk-back")):
        rotation = still.joint_rotation.copy()
        rotation[:, 0] = yaw_to_rotmat(np.array(yaw))
        found = directions(replace(still, root_position=moved, joint_rotation=rotation))
        claims = {claim: found.agrees_with(claim) for claim in ("walk-left", "walk-right", "walk-back")}
        assert claims == {claim: claim == name for claim in claims}


def test_only_names_with_a_side_can_be_wrong():
    assert named("raise-up-left-hand")
    assert named("walk-turn-right")
    assert not named("bow")
    assert directions(arms(False, False)).agrees_with("bow")
    assert not directions(arms(False, False)).agrees_with("walk-back")
