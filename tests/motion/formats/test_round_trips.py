"""Write, read back, compare: over every readable format, frame rate and kind of movement."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from helpers import random_clip, smpl_skeleton, walking_clip
from motion.core.clip import Motion
from motion.formats import FORMATS, load, save

#: How far a joint may be off after a round trip, in metres.
LIMIT = {".npz": 1e-4, ".glb": 1e-4, ".fbx": 1e-4, ".bvh": 5e-4}
READABLE = [suffix for suffix, entry in FORMATS.items() if entry.read]


def round_trip(clip: Motion, path: Path) -> Motion:
    save(clip, path)
    return load(path)


def worst(clip: Motion, other: Motion) -> float:
    """Largest distance of equally named joints, in metres."""
    order = [other.skeleton.index(name) for name in clip.skeleton.joint_names]
    difference = clip.joint_positions() - other.joint_positions()[:, order]
    return float(np.linalg.norm(difference, axis=-1).max())


@pytest.mark.parametrize("suffix", READABLE)
@pytest.mark.parametrize("fps", [24.0, 25.0, 30000 / 1001, 30.0, 60.0, 120.0])
def test_joints_and_frame_rate_survive(tmp_path: Path, suffix: str, fps: float) -> None:
    clip = walking_clip(1.0, fps=fps, seed=3)
    back = round_trip(clip, tmp_path / f"clip{suffix}")
    assert back.fps == fps
    assert back.num_frames == clip.num_frames
    assert worst(clip, back) < LIMIT[suffix]


@pytest.mark.parametrize("suffix", READABLE)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_wild_rotations_survive(tmp_path: Path, suffix: str, seed: int) -> None:
    clip = random_clip(25, seed=seed)
    assert worst(clip, round_trip(clip, tmp_path / f"clip{suffix}")) < LIMIT[suffix]


@pytest.mark.parametrize("suffix", READABLE)
def test_rotations_of_leaf_joints_survive(tmp_path: Path, suffix: str) -> None:
    clip = random_clip(25, seed=4)
    back = round_trip(clip, tmp_path / f"clip{suffix}")
    hand = clip.skeleton.index("left_hand")
    found = back.joint_rotation[:, back.skeleton.index("left_hand")]
    assert np.abs(found - clip.joint_rotation[:, hand]).max() < 1e-4


@pytest.mark.parametrize("suffix", READABLE)
def test_a_single_frame_survives(tmp_path: Path, suffix: str) -> None:
    clip = walking_clip(1.0).sliced(4, 5)
    back = round_trip(clip, tmp_path / f"clip{suffix}")
    assert back.num_frames == 1
    assert worst(clip, back) < LIMIT[suffix]


@pytest.mark.parametrize("suffix", READABLE)
def test_a_long_way_from_the_origin(tmp_path: Path, suffix: str) -> None:
    clip = walking_clip(0.5, skeleton=smpl_skeleton(0.6))
    far = Motion(clip.skeleton, clip.root_position + [80.0, 3.0, -90.0], clip.joint_rotation, clip.fps)
    assert worst(far, round_trip(far, tmp_path / f"clip{suffix}")) < LIMIT[suffix]


@pytest.mark.parametrize("suffix", READABLE)
def test_the_same_clip_gives_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    clip = walking_clip(0.5)
    first = save(clip, tmp_path / f"a{suffix}").read_bytes()
    (tmp_path / "again").mkdir()
    assert save(clip, tmp_path / "again" / f"a{suffix}").read_bytes() == first  # an .fbx holds its own name
