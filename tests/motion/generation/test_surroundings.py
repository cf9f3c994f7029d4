"""Sampling in a place: spheres of the body are led out of things, and nothing else changes."""

from __future__ import annotations

import numpy as np
import torch

from motion.body import default_body
from motion.core import DistanceField, Motion, Place
from motion.core.axes import from_ground
from motion.core.rotation import rotvec_to_rotmat
from motion.generation.surroundings import KEEPS, Surroundings, spheres_of
from motion.representation.features import motion_to_features, placed
from motion.representation.layout import NUM_FEATURES, PARTS
from motion.representation.normalisation import Statistics

BODY = default_body()
STATISTICS = Statistics(np.linspace(-0.1, 0.1, NUM_FEATURES), np.full(NUM_FEATURES, 0.5))
START = (np.array([0.4, -0.3]), 0.7)


def wall(face: float) -> Place:
    """A wall along z from x = ``face`` on, on a floor at height 1."""
    axes = [np.arange(start, stop, 0.05) for start, stop in ((-1.0, 1.5), (0.5, 3.0), (-2.0, 2.0))]
    x = np.meshgrid(*axes, indexing="ij")[0]
    field = DistanceField(face - x, np.array([axis[0] for axis in axes]), 0.05)
    return Place(field, lambda places, near: np.ones(places.shape[:-1]), level=1.0)


def arms_down(frames: int = 8) -> Motion:
    skeleton = BODY.skeleton()
    rotvec = np.zeros((frames, skeleton.num_joints, 3))
    rotvec[:, skeleton.index("left_shoulder"), 2] = -1.0
    rotvec[:, skeleton.index("right_shoulder"), 2] = 1.0
    root = skeleton.rest_offsets[0] + from_ground(np.stack([np.zeros(frames), np.linspace(-0.3, 0.3, frames)], -1))
    return Motion(skeleton, root, rotvec_to_rotmat(rotvec), 10.0)


def predicted() -> torch.Tensor:
    """Two samples of somebody with arms down, in windows that begin at ``START``."""
    features = placed(motion_to_features(arms_down(), np.ones((8, 4), bool)), *START)
    return torch.tensor(np.stack([STATISTICS.normalise(features)] * 2), dtype=torch.float32)


def surroundings(face: float) -> Surroundings:
    return Surroundings(wall(face), BODY.skeleton(), spheres_of(BODY.skin()), STATISTICS)


def depth(around: Surroundings, x_0: torch.Tensor) -> float:
    frames = [START, START]
    return float(around._depth(around._placed(x_0 * around.scale + around.mean, *around._world(x_0, frames))).max())


def test_spheres_fill_the_body() -> None:
    spheres = spheres_of(BODY.skin())
    assert spheres.radius.min() > 0.02 and spheres.radius.max() < 0.2
    names = {BODY.joint_names[joint] for joint in spheres.joint}
    assert {"head", "left_elbow", "right_shoulder", "spine2"} <= names and not {"left_knee", "right_foot"} & names


def test_spheres_are_where_the_body_is() -> None:
    around, x_0 = surroundings(9.0), predicted()
    middles = around._placed(x_0 * around.scale + around.mean, *around._world(x_0, [START, START]))[0].numpy()
    skeleton, clip = BODY.skeleton(), arms_down()
    rotations, positions = skeleton.forward_kinematics(clip.root_position, clip.joint_rotation)
    spheres = spheres_of(BODY.skin())
    wanted = positions[:, spheres.joint] + (rotations[:, spheres.joint] @ spheres.middle[..., None])[..., 0]
    assert np.abs(middles - wanted - [0.0, 1.0, 0.0]).max() < 1e-4


def test_arms_are_led_out_of_a_wall_and_nothing_else_moves() -> None:
    around, x_0 = surroundings(0.33), predicted()
    with torch.inference_mode():
        steered = around.avoided(x_0.clone(), [START, START], torch.ones_like(x_0))
    assert depth(around, x_0) > 0.06
    assert depth(around, steered) < 0.5 * depth(around, x_0)
    changed = (steered - x_0).abs().amax(dim=(0, 1))
    assert changed[PARTS["left_arm"].rotations].max() > 0.05
    for part in ("root", "left_leg", "right_leg"):
        assert changed[PARTS[part].features].max() == 0.0
    assert torch.equal(steered[0], steered[1])


def test_what_is_known_and_who_is_free_stay() -> None:
    x_0 = predicted()
    closed = surroundings(0.33).avoided(x_0, [START, START], torch.zeros_like(x_0))
    assert torch.equal(closed, x_0)
    assert torch.equal(surroundings(1.4).avoided(x_0, [START, START], torch.ones_like(x_0)), x_0)
    assert KEEPS > 0
