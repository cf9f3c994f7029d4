from dataclasses import replace

import numpy as np
import pytest

from helpers import smpl_skeleton, walking_clip
from motion.core import BadInput, Motion, Observation
from motion.core.axes import from_ground, ground
from motion.core.rotation import rotvec_to_rotmat
from motion.metrics.control import (
    control_errors,
    gait,
    key_error,
    loop_seam,
    path_error,
    prediction_errors,
    seam_jerk,
    target_errors,
)


def moved(clip: Motion, by: tuple[float, float]) -> Motion:
    return replace(clip, root_position=clip.root_position + from_ground(np.array(by)))


def statue(root: np.ndarray, fps: float = 30.0) -> Motion:
    return Motion(smpl_skeleton(), root, np.tile(np.eye(3), (len(root), 24, 1, 1)), fps)


def test_errors_of_the_literature_count_clips_and_targets():
    found = control_errors([np.array([0.0, 0.1]), np.array([0.3, 0.1, 0.1, 0.1]), np.array([0.6, 0.3])])
    assert found.traj_error_20cm == pytest.approx(2 / 3) and found.traj_error_50cm == pytest.approx(1 / 3)
    assert found.loc_error_20cm == pytest.approx(3 / 8) and found.loc_error_50cm == pytest.approx(1 / 8)
    assert found.average_m == pytest.approx(0.2) and found.largest_m == 0.6
    assert found.to_json()["average_m"] == found.average_m


def test_errors_of_nothing_are_refused():
    for nothing in ([], [np.zeros(0)]):
        with pytest.raises(BadInput, match="one or more"):
            control_errors(nothing)


def test_targets_are_joints_and_where_only_the_ground_is_known_the_root():
    clip = walking_clip(1.0)
    asked = Observation.nothing(30, 24)
    place, known, ground_known = np.zeros((30, 24, 3)), np.zeros((30, 24), bool), np.zeros(30, bool)
    known[3, 20] = known[4, 0] = ground_known[4] = ground_known[9] = True
    place[known] = clip.joint_positions()[known]
    asked = replace(asked, joint_position=place, joint_position_known=known, root_ground_known=ground_known,
                    root_ground=ground(clip.root_position))  # fmt: skip
    np.testing.assert_allclose(target_errors(moved(clip, (0.3, 0.4)), asked), [0.5, 0.5, 0.5])


def test_path_error_is_the_distance_of_the_root_over_the_ground():
    clip = walking_clip(1.0)
    path = ground(clip.root_position).copy()
    path[10] += [0.0, 0.3]
    assert path_error(clip, path) == (pytest.approx(0.01), pytest.approx(0.3))
    assert path_error(clip, path, np.arange(30) != 10) == (0.0, 0.0)
    with pytest.raises(BadInput, match=r"path must be \(30, 2\)"):
        path_error(clip, path[:5])


def test_key_error_counts_whole_poses_alone():
    clip = walking_clip(1.0)
    everything = Observation.everything(clip)
    known = np.zeros((30, 24), bool)
    known[5], known[7, 3] = True, True
    asked = replace(everything, joint_position_known=known)
    assert key_error(moved(clip, (0.0, 0.02)), asked) == pytest.approx(0.02)
    assert key_error(clip, Observation.nothing(30, 24)) == 0.0


def test_a_jolt_at_the_seam_is_seen_and_elsewhere_is_not():
    time = np.arange(240) / 30
    smooth = np.stack([0.1 * np.sin(3 * time), 0 * time, time], axis=-1)
    peak, area = seam_jerk(statue(smooth), [4.0])
    assert peak == pytest.approx(1.0, abs=0.1) and area == pytest.approx(1.0, abs=0.2)
    jolted = smooth + 0.05 * np.array([1.0, 0.0, 0.0]) * (time >= 4.0)[:, None]
    assert seam_jerk(statue(jolted), [4.0])[0] > 10
    peak, area = seam_jerk(statue(jolted), [1.5])
    assert peak < 0.5 and area < 0.5


def test_jerk_is_compared_with_something():
    clip = walking_clip(2.0)
    with pytest.raises(BadInput, match="has none"):
        seam_jerk(clip, [0.5, 1.0, 1.5])
    with pytest.raises(BadInput, match="within the clip"):
        seam_jerk(clip, [9.0])


def test_gait_counts_the_steps_between_footfalls():
    frames, fps = 150, 30.0
    contacts = np.zeros((frames, 4), bool)
    for step, start in enumerate(range(10, frames, 15)):  # a step every half second
        contacts[start : start + 20, [0, 1] if step % 2 == 0 else [2, 3]] = True
    root = np.zeros((frames, 3)) + np.arange(frames)[:, None] / fps * np.array([0.0, 0.0, 1.2])
    found = gait(replace(statue(root), contacts=contacts))
    assert found.cadence == pytest.approx(2.0) and found.step_length == pytest.approx(0.6)


def test_who_stands_has_no_gait():
    assert gait(statue(np.tile([0.0, 0.93, 0.0], (30, 1)))).cadence == 0.0


def test_prediction_errors_grow_with_a_constant_drift():
    truth = walking_clip(1.0)
    drift = np.arange(30)[:, None] / 30 * np.array([0.5, 0.0, 0.0])
    found = prediction_errors(replace(truth, root_position=truth.root_position + drift), truth)
    assert list(found) == [80, 160, 320, 400, 560]  # the clip ends before a second
    for horizon, error in found.items():
        assert error == pytest.approx(0.5 * horizon / 1000, abs=1e-6)


def test_a_perfect_loop_has_no_seam_and_a_broken_one_shows_where():
    turns = 2 * np.pi * np.arange(91) / 90
    rotvec = np.zeros((91, 24, 3))
    rotvec[:, 18, 1] = -0.5 + 0.3 * np.sin(turns)
    clip = replace(statue(np.arange(91)[:, None] * np.array([0.0, 0.0, 0.03])), joint_rotation=rotvec_to_rotmat(rotvec))
    seam = loop_seam(clip)
    assert seam.position_m < 1e-9 and seam.rotation_rad < 1e-6 and seam.velocity_m_s < 0.001
    cut = loop_seam(clip.sliced(0, 80))
    assert cut.position_m > 0.03 and cut.rotation_rad == pytest.approx(0.3 * np.sin(turns[79] + np.pi), rel=0.01)
    faster = clip.root_position.copy()
    faster[-3:] += np.array([[-2.0], [-1.0], [0.0]]) * np.array([0.0, 0.0, 0.01])
    assert loop_seam(replace(clip, root_position=faster)).velocity_m_s == pytest.approx(0.3, abs=0.01)


def test_a_loop_needs_three_frames():
    with pytest.raises(BadInput, match="3 or more"):
        loop_seam(walking_clip(2 / 30))
