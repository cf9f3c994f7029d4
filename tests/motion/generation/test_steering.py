"""What is known is imposed where it is known, in the window's own frame; ways are stretched to the speed asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from helpers import random_clip, walking_clip
from motion.body import default_body
from motion.conditions import Keep, Loop, Path, Pose, Prefix, Speed, Text, Timeline
from motion.core.axes import ground
from motion.generation.finishing import finished, hard_part
from motion.generation.steering import Steering
from motion.generation.windows import Window
from motion.metrics.contacts import foot_contacts
from motion.metrics.physical import jerk
from motion.representation.features import motion_to_features, placed
from motion.representation.layout import GROUPS, NUM_FEATURES, ROOT
from motion.representation.normalisation import Statistics
from motion.representation.spline import KNOT_RATE, evaluate, fit, num_controls

SKELETON = default_body().skeleton()
STATISTICS = Statistics(np.zeros(NUM_FEATURES), np.full(NUM_FEATURES, 0.5))
WALK = Text("a person walks")
NOTHING = np.zeros((4, 0, NUM_FEATURES))


def steering(duration: float, *conditions: object) -> Steering:
    return Steering.of(Timeline(duration, (WALK, *conditions)), 30.0, SKELETON)  # type: ignore[arg-type]


def test_without_conditions_nothing_is_held() -> None:
    free = steering(4.0)
    window = Window(0, 43, 0)
    assert free.known is None and free.speed(window) is None
    held = free.held(window, 44, NOTHING, STATISTICS)
    x = torch.randn(4, 44, NUM_FEATURES)
    assert torch.equal(held.imposed(x), x) and held.at_speed(x, STATISTICS) is x
    controls = np.random.default_rng(0).normal(size=(4, 43, NUM_FEATURES))
    assert np.allclose(held.in_world(controls), controls)


def test_a_path_is_imposed_in_the_windows_frame_and_comes_back_in_the_world() -> None:
    line = np.array([[3.0, 1.0], [7.0, 1.0]])  # to +X, from a place that is not the origin
    path = steering(4.0, Path(line))
    window = Window(0, 43, 0)
    held = path.held(window, 44, NOTHING, STATISTICS)
    made = STATISTICS.restore(held.imposed(torch.zeros(4, 44, NUM_FEATURES))[:, :43].double().numpy())
    assert np.abs(made[0, :, ROOT["ground"]][:, 0]).max() < 1e-4  # straight ahead of where it starts
    world = held.in_world(made)[0]
    assert np.allclose(world[1, ROOT["ground"]], line[0], atol=0.05)
    assert np.allclose(world[-2, ROOT["ground"]], line[1], atol=0.05)
    names = [name for number, name in enumerate(GROUPS) if held.known[0, 5, number]]
    assert names == ["path", "heading"]
    assert path.speed(window) == pytest.approx(1.0, abs=0.05)


def test_ways_are_stretched_to_the_speed() -> None:
    asked = steering(4.0, Speed.constant(1.5))
    window = Window(0, 43, 0)
    assert asked.speed(window) == 1.5
    held = asked.held(window, 44, NOTHING, STATISTICS)
    x_0 = torch.zeros(4, 44, NUM_FEATURES)
    x_0[:, :, ROOT["ground"].start + 1] = torch.arange(44.0) * 0.2  # 0.1 m a knot: 1 m/s
    faster = held.at_speed(x_0, STATISTICS)
    steps = np.diff(STATISTICS.restore(faster.numpy())[0, :, ROOT["ground"]], axis=0)
    assert np.allclose(np.linalg.norm(steps, axis=-1) * KNOT_RATE, 1.5, atol=1e-3)
    assert torch.equal(faster[..., ROOT["heading"]], x_0[..., ROOT["heading"]])


def test_what_was_there_before_is_known_and_not_stretched() -> None:
    clip = replace(walking_clip(3.0), contacts=None)
    controls = fit(motion_to_features(clip, foot_contacts(clip)), clip.fps)[:12]
    begun = np.stack([placed(controls, np.array([k, 0.0]), 0.3 * k) for k in range(4)])
    window = Window(31, 80, 12)
    held = steering(8.0, Speed.constant(2.5)).held(window, 52, begun, STATISTICS)
    assert held.known[:, :12].min() == 1.0 and held.known[:, 12:].max() == 0.0
    x = held.at_speed(held.imposed(torch.randn(4, 52, NUM_FEATURES)), STATISTICS)
    back = held.in_world(STATISTICS.restore(x[:, :49].double().numpy()))
    assert np.abs(back[:, :12] - begun).max() < 1e-4


def test_a_hard_pose_is_met_and_a_soft_one_is_not_forced() -> None:
    other = random_clip(frames=5, seed=3)
    clip = walking_clip(3.0)
    controls = fit(motion_to_features(clip, foot_contacts(clip)), clip.fps)
    for hard in (True, False):
        pose = Pose.of(other, 2, 1.5, hard=hard, moving=False)
        timeline = Timeline(3.0, (WALK, pose))
        made, report = finished(controls, timeline, hard_part(timeline, clip.skeleton), clip.skeleton, 30.0)
        error = np.abs(made.joint_rotation[45, 1:] - other.joint_rotation[2, 1:]).max()
        assert (error < 1e-6) == hard and ("rotation_rad" in report) == hard


def test_what_is_kept_is_kept_to_the_bit() -> None:
    clip = walking_clip(3.0)
    timeline = Timeline(3.0, (WALK, Keep(clip, parts=("left_arm", "right_arm"))))
    controls = fit(motion_to_features(clip, foot_contacts(clip)), clip.fps)
    controls[:, 60:80] += 0.1
    made, _ = finished(controls, timeline, hard_part(timeline, clip.skeleton), clip.skeleton, clip.fps)
    legs = [clip.skeleton.index(f"{side}_{name}") for side in ("left", "right") for name in ("hip", "knee", "ankle")]
    count = made.num_frames
    assert np.array_equal(made.joint_rotation[:, legs], clip.joint_rotation[:count, legs])
    assert np.array_equal(made.root_position, clip.root_position[:count])


def test_a_loop_ends_as_it_begins() -> None:
    clip = walking_clip(4.0)
    timeline = Timeline(4.0, (WALK, Loop()))
    controls = fit(motion_to_features(clip, foot_contacts(clip)), clip.fps)
    made, _ = finished(controls, timeline, hard_part(timeline, clip.skeleton), clip.skeleton, 30.0)
    assert 0.5 < made.duration <= 4.0
    assert np.abs(made.joint_rotation[0, 1:] - made.joint_rotation[-1, 1:]).max() < 0.3


def test_a_beginning_goes_on_where_it_was() -> None:
    clip = walking_clip(3.0)
    begun = steering(4.0, Prefix(clip, 1.0))
    assert np.allclose(begun.start[0], ground(clip.root_position)[-1 - 30], atol=0.02)
    assert begun.known is not None and begun.known.known[:8].all() and not begun.known.known[20:].any()


def test_a_pose_without_a_place_is_taken_where_the_person_is() -> None:
    clip, other = walking_clip(3.0), random_clip(frames=5, seed=4)
    pose = Pose.of(other, 2, 2.0, placed=False, moving=False)
    timeline = Timeline(3.0, (WALK, pose))
    controls = fit(motion_to_features(clip, foot_contacts(clip)), clip.fps)
    made, report = finished(controls, timeline, hard_part(timeline, clip.skeleton), clip.skeleton, 30.0)
    assert np.linalg.norm(ground(made.root_position - clip.root_position[: made.num_frames])[60]) < 0.2
    assert report["rotation_rad"] < 1e-3 and report["joint_m"] < 0.01


def test_the_shorter_a_gap_between_known_postures_the_less_noise_it_is_filled_from() -> None:
    def spread(*conditions: object) -> np.ndarray:
        window = Window(0, 63, 0)
        return steering(6.0, *conditions).held(window, 64, NOTHING, STATISTICS).spread[:, 0].numpy()

    clip = walking_clip(6.1)
    short, long = spread(Keep(clip, 2.0, 2.5)), spread(Keep(clip, 1.0, 4.0))
    assert 0.05 < short[24] < 0.25 < 0.6 < long[24] < 0.9
    assert short[5] == short[50] == 1.0
    assert (spread() == 1.0).all()
    assert (spread(Prefix(clip, 1.0)) == 1.0).all()  # nothing says where it ends
    assert (spread(Keep(clip, 0.0, None, ("left_arm",))) == 1.0).all()


def test_a_gap_meets_the_frames_on_both_sides_whatever_was_predicted() -> None:
    clip = walking_clip(6.1)
    held = steering(6.0, Keep(clip, 2.0, 3.0)).held(Window(0, 63, 0), 64, NOTHING, STATISTICS)
    curve = fit(motion_to_features(clip, foot_contacts(clip)), 30.0)[:63]
    x_0 = torch.zeros(4, 64, NUM_FEATURES)
    x_0[:, :63] = torch.tensor(STATISTICS.normalise(placed(curve, *held.frames[0])) + 0.3)
    x_0 = held.imposed(x_0)
    met = held.met(x_0)
    assert torch.equal(held.imposed(met), met)  # what is known stays
    frames = np.arange(181)[[58, 59, 60, 90, 91, 92]]
    truth = motion_to_features(clip, foot_contacts(clip))[frames][:, ROOT["ground"]]

    def away(x: torch.Tensor) -> float:
        curve = evaluate(held.in_world(STATISTICS.restore(x.double().numpy()))[0], frames / 30)
        return float(np.abs(curve[:, ROOT["ground"]] - truth).max())

    assert away(x_0) > 0.02 and away(met) < 0.01


def test_a_gap_of_which_both_ends_are_known_has_the_speed_between_them() -> None:
    clip = walking_clip(3.0)
    gone = float(np.linalg.norm(ground(clip.root_position[75] - clip.root_position[15]))) / 2.0
    gap = steering(3.0, Keep(clip, 0.5, 2.5))
    assert gap.speed(Window(0, 33, 0)) == pytest.approx(gone, rel=0.1)
    assert steering(3.0, Prefix(clip, 0.5)).speed(Window(0, 33, 0)) is None


def test_a_window_goes_on_from_the_one_before_without_a_jerk() -> None:
    begun = np.repeat(fit(motion_to_features(walking_clip(3.0), foot_contacts(walking_clip(3.0))), 30.0)[None], 4, 0)
    held = steering(8.0).held(Window(20, 63, 12), 44, begun[:, 20:32], STATISTICS)
    x_0 = held.imposed(torch.ones(4, 44, NUM_FEATURES))
    before, after = (x[:, 9:16].diff(n=3, dim=1).abs().max() for x in (x_0, held.met(x_0)))
    assert after < 0.3 * before


def test_where_one_text_passes_into_the_next_arms_are_calmed() -> None:
    clip, up = walking_clip(4.0), random_clip(frames=5, seed=3).joint_rotation[2]
    rotation = clip.joint_rotation.copy()
    rotation[60:, 16:20] = up[16:20]
    sudden = replace(clip, joint_rotation=rotation)
    controls = fit(motion_to_features(sudden, foot_contacts(sudden)), clip.fps)
    worst = []
    for texts in ((WALK,), (replace(WALK, end=2.0), Text("waves", 2.0))):
        timeline = Timeline(4.0, texts)
        made, _ = finished(controls, timeline, hard_part(timeline, clip.skeleton), clip.skeleton, 30.0, "never")
        worst.append(float(jerk(made).max()))
    assert worst[1] < 0.6 * worst[0]


def test_a_path_may_last_any_time() -> None:
    for duration in np.linspace(5.0, 5.2, 13).tolist():  # the curve's last control point may lie after the last frame
        count = num_controls(duration)
        asked = steering(duration, Path(((0.0, 0.0), (0.0, 6.0))))
        held = asked.held(Window(0, count, 0), 56, NOTHING, STATISTICS)
        assert held.is_known[0, : count - 1, ROOT["ground"]].all() and not held.is_known[0, count:].any()
