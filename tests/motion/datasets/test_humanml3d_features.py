"""HumanML3D's 263 numbers of movements whose numbers are known, and the way back."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from helpers import random_clip, smpl_skeleton, walking_clip
from motion.core import BadInput, Motion, Skeleton
from motion.core.rotation import sixd_to_rotmat, yaw_to_rotmat
from motion.datasets.humanml3d import read_points
from motion.datasets.humanml3d_features import (
    LAYOUT,
    WIDTH,
    bone_lengths,
    features_from_clip,
    features_from_points,
    placed,
    points_from_features,
    save_features,
    with_bone_lengths,
)

#: The original's chains, and where the bone to each joint rests in its figure.
CHAINS = [[0, 2, 5, 8, 11], [0, 1, 4, 7, 10], [0, 3, 6, 9, 12, 15], [9, 14, 17, 19, 21], [9, 13, 16, 18, 20]]
REST = np.array(
    [[0, 0, 0], [1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, -1, 0], [0, 1, 0], [0, -1, 0], [0, -1, 0], [0, 1, 0],
     [0, 0, 1], [0, 0, 1], [0, 1, 0], [1, 0, 0], [-1, 0, 0], [0, 0, 1], *[[0, -1, 0]] * 6]
)  # fmt: skip
MIRROR = smpl_skeleton().mirror_indices[:22]


def moving(frames: int, fps: float, velocity: tuple[float, float, float] = (0, 0, 0), turning: float = 0.0) -> Motion:
    """A person in T-pose, pelvis at 0.93 m, that travels in m/s or turns on the spot in rad/s."""
    time = np.arange(frames)[:, None] / fps
    rotation = np.tile(np.eye(3), (frames, 24, 1, 1))
    rotation[:, 0] = yaw_to_rotmat(turning * time[:, 0])
    return Motion(smpl_skeleton(), np.array([3.0, 0.93, -2.0]) + time * velocity, rotation, fps)


def turned(clip: Motion, yaw: float) -> Motion:
    rotation = clip.joint_rotation.copy()
    rotation[:, 0] = yaw_to_rotmat(np.array(yaw)) @ rotation[:, 0]
    return replace(clip, root_position=clip.root_position @ yaw_to_rotmat(np.array(-yaw)), joint_rotation=rotation)


def group(features: np.ndarray, name: str) -> np.ndarray:
    return features[:, LAYOUT[name]]


def test_layout() -> None:
    assert WIDTH == 263
    assert {name: (part.start, part.stop) for name, part in LAYOUT.items()} == {
        "yaw_velocity": (0, 1), "root_velocity": (1, 3), "root_height": (3, 4), "positions": (4, 67),
        "rotations": (67, 193), "velocities": (193, 259), "contacts": (259, 263),
    }  # fmt: skip


def test_standing_still() -> None:
    features = features_from_clip(moving(41, 20))
    assert features.shape == (40, 263)
    for name in ("yaw_velocity", "root_velocity", "velocities"):
        assert np.abs(group(features, name)).max() < 1e-12
    assert np.all(group(features, "contacts") == 1)
    rest = smpl_skeleton().rest_positions
    assert np.allclose(group(features, "root_height"), 0.93 - rest[:22, 1].min())
    positions = group(features, "positions").reshape(-1, 21, 3)
    assert np.allclose(positions, rest[1:22] - [0, rest[:22, 1].min(), 0])
    assert np.allclose(features, features[:1])


@pytest.mark.parametrize("facing", [0.0, 2.0])
def test_walking_forward_at_a_metre_a_second(facing: float) -> None:
    features = features_from_clip(turned(moving(100, 30, (0, 0, 1.0)), facing))
    assert features.shape == (66, 263)  # 3.3 s are 67 frames
    assert np.allclose(group(features, "root_velocity"), [0.0, 0.05], atol=1e-9)
    assert np.allclose(group(features, "velocities").reshape(-1, 22, 3), [0, 0, 0.05], atol=1e-9)
    assert np.abs(group(features, "yaw_velocity")).max() < 1e-9
    assert not group(features, "contacts").any()  # 0.05 m squared is above 0.002


def test_contacts_are_of_slow_feet() -> None:
    slow, fast = (features_from_clip(moving(20, 20, (speed, 0, 0))) for speed in (0.89, 0.90))
    assert np.all(group(slow, "contacts") == 1)  # 0.0445 m squared is below 0.002
    assert np.all(group(fast, "contacts") == 0)


def test_turning_on_the_spot() -> None:
    """A rad/s to the left is -1/40 a frame: half the angle, positive to the right; smoothing changes the ends."""
    features = features_from_clip(moving(400, 20, turning=1.0))
    assert np.allclose(group(features, "yaw_velocity")[100:-100], -0.025, atol=1e-6)
    assert np.abs(group(features, "root_velocity")).max() < 1e-12
    assert (np.sign(group(features, "yaw_velocity")) == -1).all()  # also where the heading crosses straight back


def test_where_and_whither_does_not_matter() -> None:
    clip = walking_clip(3.0, fps=20)
    moved = replace(turned(clip, 2.5), root_position=turned(clip, 2.5).root_position + [4.0, 0.3, -7.0])
    assert np.allclose(features_from_clip(moved), features_from_clip(clip), atol=1e-9)


@pytest.mark.parametrize("clip", [walking_clip(4.0, fps=20), random_clip(120, fps=20, seed=2)], ids=["walk", "random"])
def test_joints_come_back(clip: Motion) -> None:
    points = clip.joint_positions()[:, :22]
    back = points_from_features(features_from_clip(clip))
    assert np.abs(placed(back) - placed(points[:-1])).max() < 1e-6


def test_joints_come_back_from_a_file(tmp_path: Path) -> None:
    points = turned(walking_clip(4.0, fps=20), 0.7).joint_positions()[:, :22]
    save_features(features_from_points(points), tmp_path / "000001.npy")
    assert np.load(tmp_path / "000001.npy").dtype == np.float32
    assert np.abs(placed(read_points(tmp_path / "000001.npy")) - placed(points[:-1])).max() < 1e-4
    assert [path.name for path in tmp_path.iterdir()] == ["000001.npy"]


def test_rotations_lead_to_the_joints() -> None:
    """Forward kinematics along the original's chains, each of which begins with the rotation from world to heading."""
    clip = turned(moving(60, 20, turning=0.5), 0.3)
    clip = replace(clip, joint_rotation=clip.joint_rotation @ random_clip(60, fps=20, seed=1).joint_rotation)
    points = placed(clip.joint_positions()[:, :22])[:-1]
    features = features_from_clip(clip)
    columns = group(features, "rotations").reshape(-1, 21, 2, 3)
    local = sixd_to_rotmat(np.swapaxes(columns, -1, -2).reshape(-1, 21, 6))
    assert np.allclose(np.linalg.norm(columns, axis=-1), 1.0)
    # the smoothed heading of every frame, as the original sums it, and of the first one
    root = points_from_features(features)
    first = np.arctan2(*_pelvis_to_hip(root)[0]) - np.arctan2(*_pelvis_to_hip(points)[0])
    yaw = -first - 2.0 * np.concatenate([[0.0], np.cumsum(features[:-1, 0])])
    lengths = bone_lengths(points[0])
    found = points.copy()
    for chain in CHAINS:
        rotation = yaw_to_rotmat(-yaw)
        for before, joint in pairwise(chain):
            rotation = rotation @ local[:, joint - 1]
            found[:, joint] = found[:, before] + rotation @ (REST[joint] * lengths[joint])
    assert np.abs(found - points).max() < 1e-9


def _pelvis_to_hip(points: np.ndarray) -> np.ndarray:
    return (points[:, 1] - points[:, 0])[:, [0, 2]]


def test_a_mirrored_clip_has_mirrored_groups() -> None:
    clip = walking_clip(4.0, fps=20, seed=3)
    one, other = features_from_clip(clip), features_from_clip(clip.mirrored())
    flip = np.array([-1.0, 1.0, 1.0])
    assert np.allclose(group(other, "yaw_velocity"), -group(one, "yaw_velocity"), atol=1e-9)
    assert np.allclose(group(other, "root_velocity"), group(one, "root_velocity") * [-1, 1], atol=1e-9)
    assert np.allclose(group(other, "root_height"), group(one, "root_height"), atol=1e-9)
    body = MIRROR[1:] - 1
    points = [group(f, "positions").reshape(-1, 21, 3) for f in (one, other)]
    assert np.allclose(points[1], points[0][:, body] * flip, atol=1e-9)
    speeds = [group(f, "velocities").reshape(-1, 22, 3) for f in (one, other)]
    assert np.allclose(speeds[1], speeds[0][:, MIRROR] * flip, atol=1e-9)
    assert np.array_equal(group(other, "contacts"), group(one, "contacts")[:, [2, 3, 0, 1]])
    columns = [group(f, "rotations").reshape(-1, 21, 2, 3) for f in (one, other)]
    assert np.allclose(columns[1], columns[0][:, body] * flip * flip[:2, None], atol=1e-9)


def test_frames_are_taken_at_20_fps() -> None:
    fast = walking_clip(3.0, fps=60)
    slow = replace(fast, root_position=fast.root_position[::3], joint_rotation=fast.joint_rotation[::3], fps=20.0)
    assert np.allclose(features_from_clip(fast), features_from_clip(slow), atol=1e-12)


def test_bones_of_another_person() -> None:
    large = smpl_skeleton(1.2)
    lengths = bone_lengths(large.rest_positions[:22])
    clip = walking_clip(3.0, fps=20)
    wanted = Motion(large, clip.root_position * 1.2, clip.joint_rotation, 20.0)
    assert np.allclose(features_from_clip(clip, lengths=lengths), features_from_clip(wanted), atol=1e-9)
    points = clip.joint_positions()[:, :22]
    assert np.allclose(with_bone_lengths(points, bone_lengths(points[0])), points)


def test_what_cannot_be_told_is_refused() -> None:
    with pytest.raises(BadInput, match="retarget it to SMPL"):
        names = tuple(f"j{i}" for i in range(24))
        other = Skeleton(names, smpl_skeleton().parents, smpl_skeleton().rest_offsets)
        features_from_clip(replace(moving(10, 20), skeleton=other))
    with pytest.raises(BadInput, match=r"\(T, 22, 3\)"):
        features_from_clip(moving(2, 60))
    with pytest.raises(BadInput, match="same place"):
        features_from_points(np.zeros((5, 22, 3)))
