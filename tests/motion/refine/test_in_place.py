"""A clip put into a place: feet on floors, steps where a body glides, out of walls, and what is fixed stays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from motion.body import default_body
from motion.core import DistanceField, Motion, Observation, Place
from motion.core.axes import from_ground, ground, height
from motion.core.rotation import rotvec_to_rotmat
from motion.metrics.contacts import foot_contacts, foot_positions
from motion.metrics.scene import contact_score, foot_skate
from motion.refine.footholds import find_foothold
from motion.refine.on_floor import onto_floor
from motion.refine.outline import Outline
from motion.refine.place import put_into
from motion.refine.push_out import pushed_out

BODY = default_body()
OUTLINE = Outline.of(BODY.skin())
FAR = DistanceField(np.full((2, 2, 2), 9.0), np.zeros(3), 1.0)


def field_of(distance: object, low: float = -3.0, high: float = 5.0) -> DistanceField:
    """A field sampled every 5 cm, of a function of points (..., 3) m."""
    axes = [np.arange(start, stop, 0.05) for start, stop in ((-1.5, 1.5), (-0.2, 2.2), (low, high))]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    return DistanceField(distance(points), np.array([axis[0] for axis in axes]), 0.05)  # type: ignore[operator]


def flat(places: np.ndarray, near: np.ndarray) -> np.ndarray:
    return np.zeros(places.shape[:-1])


def stairs(places: np.ndarray, near: np.ndarray) -> np.ndarray:
    """From z = 1 on six treads of 0.3 m, each 0.17 m higher."""
    return 0.17 * np.clip(np.floor((places[..., 1] - 1.0) / 0.3 + 1e-9) + 1, 0, 6)


def ramp(places: np.ndarray, near: np.ndarray) -> np.ndarray:
    return 0.25 * np.clip(places[..., 1] - 1.0, 0.0, None)


def gliding(seconds: float = 4.0, speed: float = 1.0, fps: float = 30.0) -> Motion:
    """Somebody who stands, arms down, and is carried along z."""
    skeleton = BODY.skeleton()
    frames = round(seconds * fps)
    rotvec = np.zeros((frames, skeleton.num_joints, 3))
    rotvec[:, skeleton.index("left_shoulder"), 2] = -1.2
    rotvec[:, skeleton.index("right_shoulder"), 2] = 1.2
    for side in ("left", "right"):
        rotvec[:, skeleton.index(f"{side}_hip"), 0] = -0.12
        rotvec[:, skeleton.index(f"{side}_knee"), 0] = 0.24
        rotvec[:, skeleton.index(f"{side}_ankle"), 0] = -0.12
    gone = np.clip(np.arange(frames) / fps - 0.3, 0, seconds - 1.0) * speed
    root = skeleton.rest_offsets[0] + from_ground(np.stack([np.zeros(frames), gone], axis=-1), -0.012)
    clip = Motion(skeleton, root, rotvec_to_rotmat(rotvec), fps)
    return replace(clip, contacts=foot_contacts(clip, floor=None))


def floor_under(clip: Motion, place: Place) -> np.ndarray:
    feet = ground(foot_positions(clip))
    return place.under(feet, np.repeat(place.along(ground(clip.root_position))[:, None], 4, axis=1))


@pytest.mark.parametrize("floor", [flat, stairs, ramp])
def test_who_glides_walks_on_every_floor(floor: object) -> None:
    clip = gliding()
    place = Place(FAR, floor)  # type: ignore[arg-type]
    walked = onto_floor(clip, place, OUTLINE.feet)
    under = floor_under(walked, place)
    assert foot_skate(clip) > 0.5
    assert contact_score(walked, under) > 0.97
    assert foot_skate(walked, under) < 0.05
    assert np.allclose(ground(walked.root_position), ground(clip.root_position))
    for sole in OUTLINE.feet:
        points = sole.points(walked)
        level = place.under(
            ground(points), np.repeat(place.along(ground(walked.root_position))[:, None], points.shape[1], 1)
        )
        assert (height(points) - level).min() > -0.01
    end = place.along(ground(walked.root_position))[-1]
    assert height(walked.root_position[-1]) == pytest.approx(height(clip.root_position[-1]) + end, abs=0.06)


def test_feet_stand_on_treads_not_over_their_edges() -> None:
    place = Place(FAR, stairs)
    walked = onto_floor(gliding(), place, OUTLINE.feet)
    assert walked.contacts is not None
    climbing = (ground(walked.root_position)[:, 1] > 1.4) & (ground(walked.root_position)[:, 1] < 2.5)
    for side, sole in enumerate(OUTLINE.feet):
        stands = climbing & walked.contacts[:, 2 * side] & walked.contacts[:, 2 * side + 1]
        assert stands.any()
        points = sole.points(walked)[stands]
        near = place.along(ground(walked.root_position))[stands]
        level = place.under(ground(points), np.repeat(near[:, None], points.shape[1], axis=1))
        on = height(points) - level < 0.04
        assert on.mean(axis=1).min() > 0.5


def test_feet_may_be_left_alone() -> None:
    clip = gliding()
    kept = onto_floor(clip, Place(FAR, flat), OUTLINE.feet, steps=False)
    assert np.abs(foot_positions(kept) - foot_positions(clip)).max() < 0.02


def test_a_foothold_moves_back_from_an_edge_and_lies_on_a_slope() -> None:
    sole = from_ground(
        np.stack(np.meshgrid(np.linspace(-0.04, 0.04, 3), np.linspace(0.84, 1.06, 12)), -1).reshape(-1, 2)
    )
    hold = find_foothold(Place(FAR, stairs), sole, np.array([0.0, 1.0]), 0.0)
    assert hold.height == 0.0 and -0.1 < hold.shift[1] < -0.05
    slope = find_foothold(Place(FAR, ramp), sole + from_ground(np.array([0.0, 1.0])), np.array([0.0, 1.0]), 0.2)
    assert slope.slope == pytest.approx([0.0, 0.25], abs=1e-6) and np.abs(slope.shift).max() < 1e-9


def deepest(clip: Motion, field: DistanceField) -> float:
    return float(-field.distance(BODY.vertices(clip)).min())


def wall(points: np.ndarray) -> np.ndarray:
    """A wall along z whose face is at x = 0.27, where the left arm is."""
    return 0.27 - points[..., 0]


def test_an_arm_is_taken_out_of_a_wall_and_the_rest_stays() -> None:
    clip, field = gliding(), field_of(wall)
    assert deepest(clip, field) > 0.03
    result = pushed_out(clip, Place(field, flat), OUTLINE, np.zeros(clip.joint_rotation.shape[:2], bool))
    assert deepest(result, field) < 0.01
    assert np.linalg.norm(ground(result.root_position - clip.root_position), axis=-1).max() <= 0.12 + 1e-9
    right = clip.skeleton.index("right_elbow")
    assert np.abs(result.joint_rotation[:, right] - clip.joint_rotation[:, right]).max() < 0.02
    assert np.abs(foot_positions(result) - foot_positions(clip)).max() < 0.02
    jumps = np.abs(np.diff(result.joint_positions() - clip.joint_positions(), axis=0)).max()
    assert jumps < 0.02  # m between frames: the correction is smooth


def test_what_is_free_stays_to_the_last_bit() -> None:
    clip = gliding()
    fixed = np.zeros(clip.joint_rotation.shape[:2], bool)
    assert pushed_out(clip, Place(FAR, flat), OUTLINE, fixed) is clip


def test_what_must_hold_stays_inside_and_shows() -> None:
    clip, field = gliding(), field_of(wall)
    asked = Observation.nothing(clip.num_frames, clip.skeleton.num_joints)
    known = asked.joint_position_known.copy()
    known[:, clip.skeleton.index("left_wrist")] = True
    asked = replace(
        asked, joint_position_known=known, joint_position=np.where(known[..., None], clip.joint_positions(), 0)
    )
    placed = put_into(clip, Place(field, flat), OUTLINE, asked)
    wrist = clip.skeleton.index("left_wrist")
    assert np.abs((placed.joint_positions() - clip.joint_positions())[:, wrist]).max() < 0.02
    assert deepest(placed, field) > 0.02


def test_room_keeps_arms_from_over_what_nobody_stands_on() -> None:
    clip = gliding()
    room = field_of(lambda points: 0.3 - points[..., 0])
    away = 0.3 - BODY.vertices(clip)[..., 0].max()
    result = pushed_out(clip, Place(FAR, flat, room=room), OUTLINE, np.zeros(clip.joint_rotation.shape[:2], bool))
    assert away < 0.05 < 0.3 - BODY.vertices(result)[..., 0].max() + 0.01
