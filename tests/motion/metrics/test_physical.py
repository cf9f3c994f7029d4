from dataclasses import replace

import numpy as np
import pytest

from helpers import smpl_skeleton, walking_clip
from motion.core import BadInput, Motion
from motion.core.rotation import yaw_to_rotmat
from motion.metrics.contacts import standing_heights
from motion.metrics.physical import (
    floor_error_mm,
    foot_skate_ratio,
    joint_position_error,
    mean_jerk,
    mean_planar_speed,
    pairwise_distance,
    physical_report,
)  # fmt: skip


def moved(offset: np.ndarray, fps: float = 30.0) -> Motion:
    """The rest pose, standing on the floor, carried along ``offset (T, 3)``."""
    skeleton = smpl_skeleton()
    drop = skeleton.rest_positions[:, 1].min() - standing_heights(skeleton).min()
    root = skeleton.rest_offsets[0] - [0.0, drop, 0.0] + offset
    return Motion(skeleton, root, np.tile(np.eye(3), (len(offset), 24, 1, 1)), fps)


def along(values: np.ndarray, axis: int) -> np.ndarray:
    offset = np.zeros((len(values), 3))
    offset[:, axis] = values
    return offset


@pytest.mark.parametrize(("speed", "ratio"), [(0.0, 0.0), (0.15, 0.0), (0.25, 1.0)])
def test_a_sliding_statue_skates_above_a_fifth_of_a_metre_per_second(speed: float, ratio: float):
    assert foot_skate_ratio(moved(along(speed * np.arange(60) / 30, 2))) == ratio


def test_half_a_slide_is_half_the_ratio_at_every_frame_rate():
    for fps in (30.0, 60.0, 120.0):
        time = np.arange(round(4 * fps) + 1) / fps
        clip = moved(along(np.clip(time - 2.0, 0, None), 2), fps)
        assert foot_skate_ratio(clip) == pytest.approx(0.5, abs=0.01)


def test_feet_in_the_air_do_not_skate():
    assert foot_skate_ratio(moved(along(np.arange(60) / 30, 2) + along(np.full(60, 0.06), 1))) == 0.0


def test_jerk_of_a_cubic_is_its_third_derivative():
    time = np.arange(61) / 30
    assert mean_jerk(moved(along(2.0 * time**3, 2))) == pytest.approx(12.0)
    assert mean_jerk(moved(along(time**2, 2))) == pytest.approx(0.0, abs=1e-6)
    assert mean_jerk(moved(np.zeros((3, 3)))) == 0.0


def test_floor_errors_are_signed_and_in_millimetres():
    assert floor_error_mm(moved(np.zeros((30, 3)))) == pytest.approx((0.0, 0.0), abs=1e-9)
    assert floor_error_mm(moved(along(np.full(30, -0.012), 1))) == pytest.approx((12.0, 0.0))
    assert floor_error_mm(moved(along(np.full(30, 0.3), 1))) == pytest.approx((0.0, 300.0))


def test_planar_speed_follows_the_path_not_the_sway():
    time = np.arange(121) / 30
    assert mean_planar_speed(moved(along(1.3 * time, 2) + along(time, 1))) == pytest.approx(1.3)
    circle = 2.0 * np.stack([np.cos(time), 0 * time, np.sin(time)], axis=-1)
    assert mean_planar_speed(moved(circle)) == pytest.approx(2.0, rel=0.01)


def test_pairwise_distance_ignores_place_and_heading_but_not_the_path():
    still, walk = moved(np.zeros((31, 3))), moved(along(np.arange(31) / 30, 2))
    assert pairwise_distance([still, walk]) == pytest.approx(0.5)
    assert pairwise_distance([still, walk], per_frame=True) == pytest.approx(0.0, abs=1e-9)
    turned = yaw_to_rotmat(np.array(1.0))
    rotation = walk.joint_rotation.copy()
    rotation[:, 0] = turned @ rotation[:, 0]
    elsewhere = replace(walk, root_position=walk.root_position @ turned.T + [3.0, 0, 4.0], joint_rotation=rotation)
    assert pairwise_distance([walk, elsewhere]) == pytest.approx(0.0, abs=1e-9)
    with pytest.raises(BadInput, match="two or more"):
        pairwise_distance([walk])
    assert joint_position_error(still, walk) == pytest.approx(0.5)


def test_the_report_of_a_walk_is_finite_and_calm():
    report = physical_report(walking_clip(3.0))
    assert all(np.isfinite(value) for value in report.to_json().values())
    assert report.foot_skate_ratio < 0.35
    assert report.mean_planar_speed_m_s > 0.3
