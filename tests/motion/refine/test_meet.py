from dataclasses import fields, replace

import numpy as np
import pytest

from helpers import smpl_skeleton, walking_clip
from motion.core import BadInput, Motion, Observation
from motion.core.axes import UP, from_ground, ground, height
from motion.core.rotation import rotmat_to_yaw, rotvec_to_rotmat, yaw_to_rotmat
from motion.metrics.contacts import foot_clearances
from motion.metrics.physical import foot_skate_ratio, mean_jerk
from motion.refine.limb_ik import Limb, flexion
from motion.refine.meet import errors, meet

SECONDS, FPS = 5.0, 30.0


def nothing(clip: Motion) -> Observation:
    return Observation.nothing(clip.num_frames, clip.skeleton.num_joints)


def path_asked(clip: Motion, path: np.ndarray, frames: list[int] | None = None) -> Observation:
    known = np.ones(clip.num_frames, bool) if frames is None else np.isin(np.arange(clip.num_frames), frames)
    return replace(nothing(clip), root_ground=path, root_ground_known=known)


def keys_of(clip: Motion, frames: list[int]) -> Observation:
    """All of these frames, and nothing else."""
    all_of_it, here = Observation.everything(clip), np.isin(np.arange(clip.num_frames), frames)
    masks = {f.name: getattr(all_of_it, f.name) for f in fields(all_of_it) if f.name.endswith("_known")}
    return replace(all_of_it, **{name: (mask.T & here).T for name, mask in masks.items()})


def targets_for(clip: Motion, name: str, frames: list[int], offsets: np.ndarray) -> Observation:
    joint, shape = clip.skeleton.index(name), (clip.num_frames, clip.skeleton.num_joints)
    place, known = np.zeros((*shape, 3)), np.zeros(shape, bool)
    place[frames, joint] = clip.joint_positions()[frames, joint] + offsets
    known[frames, joint] = True
    return replace(nothing(clip), joint_position=place, joint_position_known=known)


def moved(clip: Motion, by: tuple[float, float]) -> Motion:
    return replace(clip, root_position=clip.root_position + from_ground(np.array(by)))


def distances(clip: Motion, asked: Observation) -> np.ndarray:
    known = asked.joint_position_known
    return np.linalg.norm(clip.joint_positions()[known] - asked.joint_position[known], axis=-1)


def travelled(clip: Motion) -> np.ndarray:
    steps = np.linalg.norm(np.diff(ground(clip.root_position), axis=0), axis=-1)
    return np.concatenate([[0.0], np.cumsum(steps)])


def circle(clip: Motion, radius: float = 1.5) -> np.ndarray:
    angle = travelled(clip) / radius
    return radius * np.stack([1 - np.cos(angle), np.sin(angle)], axis=-1)


def winding(clip: Motion) -> np.ndarray:
    way = travelled(clip)
    angle = 0.9 * np.sin(2 * np.pi * way / way[-1])
    return np.cumsum(np.stack([np.sin(angle), np.cos(angle)], axis=-1) * np.gradient(way)[:, None], axis=0)


@pytest.mark.parametrize("shape", [circle, winding])
def test_a_known_path_is_followed_and_the_body_turns_with_it(shape):
    clip = walking_clip(SECONDS)
    path = shape(clip)
    met, report = meet(clip, path_asked(clip, path))
    assert report == {"path_m": pytest.approx(0.0, abs=1e-9)}
    assert mean_jerk(met) < 1.2 * mean_jerk(clip)
    way = np.arctan2(*np.gradient(path, axis=0).T)
    turn = (rotmat_to_yaw(met.joint_rotation[:, 0]) - rotmat_to_yaw(clip.joint_rotation[:, 0]) - way + np.pi) % (
        2 * np.pi
    ) - np.pi
    assert np.abs(turn[10:-10]).mean() < 0.25


@pytest.mark.parametrize("shape", [circle, winding])
def test_feet_slide_no_more_on_another_path(shape):
    clip = steady_walk()
    met, _ = meet(clip, path_asked(clip, shape(clip)))
    assert foot_skate_ratio(met) <= foot_skate_ratio(clip) + 0.03


def steady_walk() -> Motion:
    """The walk of the helpers, its path smoothed and its feet cleaned as those of generated clips."""
    clip = walking_clip(SECONDS)
    smooth = np.stack(
        [np.convolve(np.pad(p, 15, "edge"), np.ones(31) / 31, "valid") for p in ground(clip.root_position).T]
    )
    return meet(clip, path_asked(clip, smooth.T))[0]


def test_sparse_places_are_passed_at_their_time_without_hurry():
    clip, frames = walking_clip(SECONDS), [20, 70, 130]
    path = ground(clip.root_position).copy()
    path[frames] += [[0.15, 0.0], [-0.15, 0.1], [0.0, 0.15]]
    met, report = meet(clip, path_asked(clip, path, frames))
    assert report["path_m"] < 0.001
    added = np.diff(ground(met.root_position - clip.root_position), axis=0) * FPS
    assert np.linalg.norm(added, axis=-1).max() < 0.35  # 0.32 m in 50 frames: 0.19 m/s on average
    assert foot_skate_ratio(met) <= foot_skate_ratio(clip) + 0.03


def test_a_known_heading_turns_the_whole_body():
    clip = walking_clip(SECONDS)
    asked = replace(
        nothing(clip), heading=np.full(clip.num_frames, 0.7), heading_known=np.arange(clip.num_frames) == 60
    )
    met, report = meet(clip, asked, feet="never")
    assert report["heading_rad"] < 1e-6
    assert np.abs(rotmat_to_yaw(met.joint_rotation[:, 0]) - rotmat_to_yaw(clip.joint_rotation[:, 0]))[-1] < 0.1
    np.testing.assert_array_equal(met.joint_rotation[:, 1:], clip.joint_rotation[:, 1:])
    np.testing.assert_array_equal(met.root_position, clip.root_position)


@pytest.mark.parametrize("feet", ["auto", "always", "never"])
@pytest.mark.parametrize("frames", [[40], [30, 36, 42], [0, 60, 149]])
def test_key_poses_are_met_exactly_whatever_the_feet_do(feet: str, frames: list[int]):
    clip, other = walking_clip(SECONDS), moved(walking_clip(SECONDS, seed=4), (0.1, 0.05))
    placed = replace(
        other, root_position=other.root_position + from_ground(ground(clip.root_position - other.root_position))
    )
    asked = keys_of(moved(placed, (0.12, -0.1)), frames)
    met, report = meet(clip, asked, feet=feet)
    assert max(report.values()) < 1e-6
    assert distances(met, asked).max() < 0.001
    assert mean_jerk(met) < 1.2 * mean_jerk(clip)


def test_between_far_keys_the_clip_is_itself_again():
    clip, other = walking_clip(SECONDS), walking_clip(SECONDS, seed=4)
    met, _ = meet(clip, keys_of(replace(other, root_position=clip.root_position), [10, 140]), feet="never")
    away = np.linalg.norm(met.joint_positions() - clip.joint_positions(), axis=-1).max(axis=1)
    assert away[10] > 0.05 and away[60:90].max() < 0.01


def test_a_key_of_points_alone_gets_the_rotations_that_fit():
    clip = walking_clip(SECONDS)
    key = keys_of(moved(walking_clip(SECONDS, seed=4), (0.1, 0.0)), [50])
    asked = replace(key, joint_rotation_known=np.zeros_like(key.joint_rotation_known))
    met, _ = meet(clip, asked)
    assert distances(met, asked).mean() < 0.01


@pytest.mark.parametrize("name", ["left_wrist", "right_wrist", "left_hand", "left_ankle", "right_foot", "head"])
def test_single_joints_come_to_their_places(name: str):
    clip, frames = walking_clip(SECONDS), [15, 45, 75, 105, 135]
    offsets = np.random.default_rng(1).normal(size=(5, 3))
    offsets *= 0.2 / np.linalg.norm(offsets, axis=-1, keepdims=True)
    if name == "head":  # nobody grows
        offsets = from_ground(ground(offsets), -np.abs(height(offsets))) / 2
    if name.endswith(("ankle", "foot")):
        offsets = from_ground(ground(offsets) / 2, np.abs(height(offsets)))
    asked = targets_for(clip, name, frames, offsets)
    met, report = meet(clip, asked)
    assert report["joint_m"] < 0.005
    assert mean_jerk(met) < 1.2 * mean_jerk(clip)
    if "ankle" not in name and "foot" not in name:
        assert foot_skate_ratio(met) <= foot_skate_ratio(clip) + 0.03


def bend(clip: Motion, limb: Limb) -> np.ndarray:
    return flexion(limb, *clip.skeleton.forward_kinematics(clip.root_position, clip.joint_rotation))


@pytest.mark.parametrize("name", ["left_wrist", "left_ankle"])
def test_knees_and_elbows_never_bend_back(name: str):
    clip = walking_clip(SECONDS)
    asked = targets_for(clip, name, [20, 60, 100], np.array([[0.3, 0.3, 0.4], [-0.3, 0.5, 0.0], [0.1, 0.6, -0.5]]))
    met, _ = meet(clip, asked)
    limb = Limb.arm(clip.skeleton, "left") if "wrist" in name else Limb.leg(clip.skeleton, "left")
    assert bend(met, limb).min() > np.radians(-1.0)
    assert bend(met, limb).max() < np.radians(156.0)


def test_between_keys_elbows_do_not_bend_back():
    clip, other = walking_clip(SECONDS), walking_clip(SECONDS)
    rotation, elbow = clip.joint_rotation.copy(), clip.skeleton.index("left_elbow")
    frames = np.arange(clip.num_frames)[:, None]
    rotation[:, elbow] = rotvec_to_rotmat(np.array([0.0, -1.0, 0.0]) * (0.9 + 0.8 * np.cos(frames / 6)))
    straight = rotation.copy()
    straight[:, elbow] = np.eye(3)
    clip, other = replace(clip, joint_rotation=rotation), replace(other, joint_rotation=straight)
    met, _ = meet(clip, keys_of(other, [38, 75, 113]))
    assert bend(met, Limb.arm(clip.skeleton, "left")).min() > -1e-6


def test_a_hand_known_in_every_frame_is_followed_without_jolts():
    clip = walking_clip(SECONDS)
    time = np.arange(clip.num_frames) / FPS
    offsets = 0.15 * np.stack([np.sin(2 * time), np.cos(3 * time), np.sin(time)], axis=-1)
    met, report = meet(clip, targets_for(clip, "left_wrist", list(range(clip.num_frames)), offsets))
    assert report["joint_m"] < 0.005
    assert mean_jerk(met) < 1.2 * mean_jerk(clip)


def test_what_is_out_of_reach_is_approached_and_reported():
    clip = walking_clip(SECONDS)
    asked = targets_for(clip, "left_wrist", [60], np.array([[0.0, 3.0, 0.0]]))
    met, report = meet(clip, asked)
    assert report["joint_m"] == pytest.approx(distances(met, asked).max())
    assert 1.0 < report["joint_m"] < 3.0


def test_a_low_target_makes_the_body_lean_and_sink_with_its_feet_in_place():
    skeleton = smpl_skeleton()
    rotation = np.tile(np.eye(3), (90, 24, 1, 1))
    clip = Motion(skeleton, np.tile(skeleton.rest_positions[0], (90, 1)), rotation, FPS)
    hand = clip.joint_positions()[45, skeleton.index("left_wrist")]
    asked = targets_for(clip, "left_wrist", [45], np.array([[0.2, 0.5, 0.5]]) - hand)
    met, report = meet(clip, asked)
    assert report["joint_m"] < 0.005
    feet = [skeleton.index(f"{side}_ankle") for side in ("left", "right")]
    assert np.linalg.norm(met.joint_positions() - clip.joint_positions(), axis=-1)[:, feet].max() < 0.02


def test_kept_frames_keep_every_bit_and_the_rest_joins_them():
    clip, kept = walking_clip(SECONDS), np.arange(150) < 50
    path = ground(clip.root_position).copy()
    path[110] += [0.2, 0.0]
    met, report = meet(clip, path_asked(clip, path, [110]), kept=kept)
    np.testing.assert_array_equal(met.root_position[kept], clip.root_position[kept])
    np.testing.assert_array_equal(met.joint_rotation[kept], clip.joint_rotation[kept])
    assert report["path_m"] < 0.001
    assert mean_jerk(met.sliced(45, 60)) < 1.5 * mean_jerk(clip.sliced(45, 60))


def test_path_keys_and_hands_hold_together():
    clip = walking_clip(SECONDS)
    path = circle(clip)
    turn = travelled(clip) / 1.5
    rotation = clip.joint_rotation.copy()
    rotation[:, 0] = yaw_to_rotmat(turn) @ rotation[:, 0]
    key = keys_of(
        replace(clip, root_position=from_ground(path, height(clip.root_position)), joint_rotation=rotation), [70]
    )
    hand = targets_for(meet(clip, path_asked(clip, path))[0], "right_wrist", [30, 110], np.array([0.1, 0.1, 0.1]))
    _, report = meet(clip, path_asked(clip, path).merged(hand).merged(key))
    assert report["path_m"] < 0.001 and report["rotation_rad"] < 1e-6 and report["joint_m"] < 0.005


def test_nothing_asked_and_no_feet_to_clean_changes_nothing():
    clip = walking_clip(SECONDS)
    met, report = meet(clip, nothing(clip), feet="never")
    assert report == {}
    np.testing.assert_allclose(met.root_position, clip.root_position, atol=1e-12)
    np.testing.assert_allclose(met.joint_rotation, clip.joint_rotation, atol=1e-12)


def test_errors_are_measured_on_what_was_asked():
    clip = walking_clip(SECONDS)
    found = errors(moved(clip, (0.03, 0.04)), Observation.everything(clip))
    assert found["path_m"] == pytest.approx(0.05) and found["joint_m"] == pytest.approx(0.05)
    assert found["heading_rad"] < 1e-9 and found["rotation_rad"] < 1e-6


def test_wrong_requests_are_refused():
    clip = walking_clip(1.0)
    with pytest.raises(BadInput, match="auto, always, never"):
        meet(clip, nothing(clip), feet="sometimes")
    with pytest.raises(BadInput, match="30 frames"):
        meet(clip, Observation.nothing(31, 24))
    with pytest.raises(BadInput, match="kept must be"):
        meet(clip, nothing(clip), kept=np.ones(3, bool))


def test_who_stands_and_must_be_elsewhere_steps_there():
    skeleton = smpl_skeleton()
    rotvec = np.zeros((120, 24, 3))
    for side in ("left", "right"):  # knees a little bent
        for joint, angle in (("hip", -0.2), ("knee", 0.4), ("ankle", -0.2)):
            rotvec[:, skeleton.index(f"{side}_{joint}"), 0] = angle
    clip = Motion(skeleton, np.zeros((120, 3)), rotvec_to_rotmat(rotvec), FPS)
    clip = replace(clip, root_position=clip.root_position - foot_clearances(clip)[0].min() * UP)
    asked = keys_of(clip, [20]).merged(keys_of(moved(clip, (0.3, 0.1)), [60]))
    met, report = meet(clip, asked)
    assert max(report.values()) < 1e-6
    slid, _ = meet(clip, asked, feet="never")
    assert foot_skate_ratio(slid) > 0.1
    assert foot_skate_ratio(met) < 0.3 * foot_skate_ratio(slid)
    clearance = foot_clearances(met)[:, [1, 3]]
    assert clearance.max(axis=0).min() > 0.05  # both feet lift, but never both at once
    assert clearance.min(axis=1).max() < 0.02
