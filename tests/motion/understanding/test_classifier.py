from pathlib import Path

import numpy as np
import pytest
import torch

from helpers import walking_clip
from motion.core import BadFile, BadInput
from motion.core.rotation import yaw_to_rotmat
from motion.understanding.classifier import (
    ActionNetwork,
    Classifier,
    load_classifier,
    mirrored_name,
    train_classifier,
)
from motion.understanding.joints import augmented, joint_features, sampled_positions


def test_names_mirror_word_by_word():
    assert mirrored_name("raise-up-left-hand") == "raise-up-right-hand"
    assert mirrored_name("walk-right") == "walk-left"
    assert mirrored_name("bow") == "bow"


def test_features_do_not_depend_on_place_and_heading():
    points = sampled_positions(walking_clip(2.0))
    moved = points @ yaw_to_rotmat(np.array(0.7)).T.astype(np.float32) + np.array([3.0, 0.0, -2.0], dtype=np.float32)
    first, second = (joint_features(torch.from_numpy(p.astype(np.float32))[None]) for p in (points, moved))
    torch.testing.assert_close(first, second, atol=2e-4, rtol=0)


def test_padding_does_not_change_the_verdict():
    network = ActionNetwork(3).eval()
    points = torch.from_numpy(sampled_positions(walking_clip(2.0)))[None, :20]
    length = torch.tensor([20])
    padded = torch.cat([points, points[:, -1:].expand(-1, 30, -1, -1)], dim=1)
    with torch.inference_mode():
        torch.testing.assert_close(network(points, length), network(padded, length), atol=2e-3, rtol=0)


def test_augmentation_keeps_the_shape_of_a_clip():
    points = sampled_positions(walking_clip(20.0))
    for seed in range(20):
        result = augmented(points, np.random.default_rng(seed), flip=bool(seed % 2))
        assert result.dtype == np.float32
        assert 4 <= len(result) <= 100
        assert np.isfinite(result).all()


def test_it_learns_to_tell_walking_from_standing_and_survives_a_file(tmp_path: Path):
    walks = [walking_clip(2.0, seed=seed) for seed in range(4)]
    stands = [walk.sampled_at(np.full(60, 0.3), 30.0) for walk in walks]
    contents = ["walk"] * 4 + ["stand"] * 4
    trained = train_classifier([sampled_positions(clip) for clip in walks + stands], contents, steps=30)
    assert trained.accuracy(walks + stands, contents) == 1.0
    trained.save(tmp_path / "judge.safetensors")
    loaded = load_classifier(tmp_path / "judge.safetensors")
    points = [sampled_positions(clip) for clip in walks]
    np.testing.assert_allclose(loaded.probabilities(points), trained.probabilities(points), atol=1e-6)
    assert isinstance(loaded, Classifier)


def test_other_files_and_no_clips_are_refused(tmp_path: Path):
    (tmp_path / "judge.safetensors").write_bytes(b"nothing")
    with pytest.raises(BadFile, match="not a saved action classifier"):
        load_classifier(tmp_path / "judge.safetensors")
    with pytest.raises(BadInput, match="labelled clips"):
        train_classifier([], [])
