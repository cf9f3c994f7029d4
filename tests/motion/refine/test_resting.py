"""Bodies at rest: they touch what carries them, go into nothing, bend within their limits; derivatives are exact."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from motion.body import default_body
from motion.core import DistanceField, Motion
from motion.core.axes import UP, from_ground, ground, height
from motion.core.rotation import rotmat_to_yaw, rotvec_to_rotmat
from motion.metrics.joint_limits import joint_limit_ratio
from motion.metrics.scene import penetration
from motion.refine.postures import SEATED
from motion.refine.resting import Contact, Pin, Rest, Sole, Wanted, _Problem
from motion.refine.seating import Figure, lying, seated
from motion.refine.settling import backwards, lain_down, sat_down, stayed, stood_up
from motion.refine.surface import Surface

SKIN = default_body().skin()
FIGURE = Figure(Surface.of(SKIN))
FPS = 30.0


def boxes(*solid: tuple[tuple[float, float, float], tuple[float, float, float]]) -> DistanceField:
    """The field of closed boxes, on a floor at height 0."""
    low, high, spacing = np.array([-1.3, -0.2, -1.5]), np.array([1.3, 1.9, 1.5]), 0.03
    axes = [np.arange(a, b, spacing) for a, b in zip(low, high, strict=True)]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    values = height(points)
    for corner, other in solid:
        middle, half = (np.add(corner, other)) / 2, (np.subtract(other, corner)) / 2
        away = np.abs(points - middle) - half
        outside = np.linalg.norm(np.maximum(away, 0.0), axis=-1)
        values = np.minimum(values, outside + np.minimum(away.max(axis=-1), 0.0))
    return DistanceField(values, low, spacing)


def stool(seat: float) -> DistanceField:
    """A block with a back at -Z, sat on with the middle at the origin."""
    return boxes(((-0.25, 0, -0.2), (0.25, seat, 0.3)), ((-0.25, 0, -0.26), (0.25, seat + 0.5, -0.2)))


def sitting(seat: float) -> tuple[DistanceField, Rest]:
    field = stool(seat)
    return field, seated(FIGURE, field, seat * UP, 0.0, 0.0, 0.3, 0.2)


def skin_of(rest: Rest) -> np.ndarray:
    return SKIN.deform(rest.root_position, rest.joint_rotation)


@pytest.mark.parametrize("seat", [0.36, 0.45, 0.54])
def test_who_sits_touches_the_seat_and_goes_into_nothing(seat: float) -> None:
    field, rest = sitting(seat)
    distance = field.distance(skin_of(rest))
    owner = np.isin(np.argmax(SKIN.weights, axis=1), [0, 1, 2])
    assert abs(distance[owner].min()) < 0.015
    assert penetration(distance[None]).sum_mean_m < 0.6
    assert distance.min() > -0.02
    assert np.linalg.norm(ground(rest.root_position)) < 0.04
    assert abs(rotmat_to_yaw(rest.joint_rotation[0])) < np.radians(5)


def test_feet_stand_flat_and_joints_stay_within_their_limits() -> None:
    _, rest = sitting(0.45)
    clip = Motion(SKIN.skeleton, rest.root_position[None], rest.joint_rotation[None], FPS)
    points = FIGURE.surface.posed(*(a[0] for a in _kinematics(clip)))[0]
    for side in ("left", "right"):
        for region in (FIGURE.heel(side), FIGURE.ball(side)):
            assert abs(height(points[region]).min()) < 0.012
    assert joint_limit_ratio(clip) == 0.0


def test_a_seat_that_is_turned_turns_who_sits_on_it() -> None:
    field = boxes(((-0.4, 0, -0.4), (0.4, 0.45, 0.4)))
    for facing in (0.0, np.pi / 2, -2.0):
        rest = seated(FIGURE, field, 0.45 * UP, facing, 0.0, 0.35, None)
        away = float(rotmat_to_yaw(rest.joint_rotation[0])) - facing
        assert abs((away + np.pi) % (2 * np.pi) - np.pi) < np.radians(5)


def test_who_lies_touches_the_bed_with_head_back_buttocks_and_heels() -> None:
    field = boxes(((-0.6, 0, -1.1), (0.6, 0.5, 1.1)))
    rest = lying(FIGURE, field, 0.5 * UP, 0.0)
    rotations, positions = SKIN.skeleton.forward_kinematics(rest.root_position, rest.joint_rotation)
    distance = field.distance(FIGURE.surface.posed(rotations, positions)[0])
    for region in (FIGURE.buttocks, FIGURE.back, FIGURE.head, FIGURE.heel("left"), FIGURE.heel("right")):
        assert abs(distance[region].min()) < 0.02
    assert penetration(field.distance(skin_of(rest))[None]).sum_mean_m < 2.0
    head, ankle = (positions[SKIN.skeleton.index(name)] for name in ("head", "left_ankle"))
    assert ground(ankle)[1] > 0.6
    assert ground(head)[1] < -0.4


def test_derivatives_are_exact() -> None:
    rng = np.random.default_rng(0)
    surface, field = FIGURE.surface, stool(0.45)
    wanted = Wanted(
        (Contact(FIGURE.buttocks, 2.0), Contact(FIGURE.back, 1.0)), (Sole(FIGURE.heel("left"), 0.0, 1.0),),
        (Pin(20, np.array([0.1, 0.6, 0.3]), np.array([1.0, 0.5, 0.2])),), FIGURE.buttocks,
    )  # fmt: skip
    problem = _Problem(surface, field, SEATED, 0.4, wanted)
    x = np.concatenate([[0.013, 0.551, 0.007], rng.normal(0, 0.2, problem.count)])
    _, gradient = problem(x)
    numeric = approx_fprime(x, lambda y: problem(y)[0], 1e-7)
    assert np.abs(gradient - numeric).max() < 2e-3 * np.abs(numeric).max()


def test_points_move_with_the_skin() -> None:
    rng = np.random.default_rng(1)
    local = rotvec_to_rotmat(rng.normal(0, 0.3, size=(24, 3)))
    root = np.array([0.2, 1.0, -0.3])
    rotations, positions = SKIN.skeleton.forward_kinematics(root, local)
    points, _ = FIGURE.surface.posed(rotations, positions)
    off = np.linalg.norm(SKIN.deform(root, local)[None] - points[::40, None], axis=-1).min(axis=1)
    assert off.max() < 0.01
    assert FIGURE.surface.shares.sum() == pytest.approx(1.0)


def test_sitting_down_and_standing_up_keep_the_feet_and_end_where_they_should() -> None:
    field, rest = sitting(0.45)
    down, up = (make(FIGURE, field, rest, 0.0, 0.0, FPS) for make in (sat_down, stood_up))
    for clip in (down, up):
        feet = clip.joint_positions()[:, [7, 8, 10, 11]]
        assert np.ptp(feet, axis=0).max() < 0.003
        depth = -np.stack([field.distance(skin) for skin in default_body().vertices(clip)]).min(axis=1)
        assert depth.max() < 0.03
        speed = np.linalg.norm(np.diff(clip.root_position, axis=0), axis=-1) * FPS
        assert speed.max() < 1.5
    for seat, stand in ((down, down.root_position[0]), (up, up.root_position[-1])):
        assert height(stand) > 0.85
        assert seat.skeleton is SKIN.skeleton
    np.testing.assert_allclose(down.root_position[-1], rest.root_position, atol=1e-6)
    np.testing.assert_allclose(up.root_position[0], rest.root_position, atol=1e-6)
    np.testing.assert_allclose(down.joint_rotation[-1], rest.joint_rotation, atol=1e-4)


def test_nobody_floats_backwards_before_bending() -> None:
    field, rest = sitting(0.45)
    down = sat_down(FIGURE, field, rest, 0.0, 0.0, FPS)
    head, hips = down.joint_positions()[:, 15], down.root_position
    middle = np.argmin(np.abs(height(hips) - (height(hips[0]) + height(hips[-1])) / 2))
    assert ground(head[middle])[1] - ground(hips[middle])[1] > 0.2  # the trunk leans forward
    assert np.all(np.diff(height(hips)) < 0.004)


def test_who_stays_breathes_and_hardly_moves() -> None:
    field, rest = sitting(0.45)
    down = sat_down(FIGURE, field, rest, 0.0, 0.0, FPS)
    still, other = stayed(down, 4.0, 1), stayed(down, 4.0, 2)
    assert still.num_frames == 120
    positions = still.joint_positions()
    assert np.ptp(positions[:, :9], axis=0).max() < 1e-9
    assert 1e-3 < np.ptp(positions[:, 15], axis=0).max() < 0.08
    assert not np.allclose(still.joint_rotation, other.joint_rotation)
    np.testing.assert_allclose(still.joint_rotation[-1], down.joint_rotation[-1], atol=1e-3)
    assert stayed(down, 0.0, 1).num_frames == 1


def test_lying_down_goes_from_the_edge_to_the_bed_and_back() -> None:
    field = boxes(((-0.7, 0, -1.1), (0.5, 0.5, 1.1)))
    edge = seated(FIGURE, field, from_ground(np.array([0.2, 0.0]), 0.5), np.pi / 2, 0.0, 0.3, None)
    flat = lying(FIGURE, field, from_ground(np.array([0.05, 0.0]), 0.5), 0.0)
    clip = lain_down(FIGURE, field, [edge, edge, flat, flat], FPS)
    np.testing.assert_allclose(clip.root_position[0], edge.root_position, atol=1e-6)
    np.testing.assert_allclose(clip.joint_rotation[-1], flat.joint_rotation, atol=1e-6)
    again = backwards(clip)
    np.testing.assert_array_equal(again.root_position[0], clip.root_position[-1])
    turns = clip.joint_rotation @ np.swapaxes(clip.joint_rotation, -1, -2)
    np.testing.assert_allclose(turns, np.broadcast_to(np.eye(3), turns.shape), atol=1e-9)


def _kinematics(clip: Motion) -> tuple[np.ndarray, np.ndarray]:
    return clip.skeleton.forward_kinematics(clip.root_position, clip.joint_rotation)
