"""Baselines: MDM trains by the common trainer and samples; the floors answer with what they have."""

import numpy as np
import pytest

from helpers import smpl_skeleton, walking_clip
from motion.baselines.floors import NearestRecording, StandingStill
from motion.baselines.mdm import FrameDenoiser, mdm_sampler
from motion.datasets.store import Caption, Item, TrainingSet, write_store
from motion.generation import load_generator
from motion.generation.denoiser import DenoiserConfig
from motion.training.mdm_training import MdmTrainer
from motion.training.presets import TrainConfig


@pytest.fixture(scope="module")
def training(tmp_path_factory):
    folder, items = tmp_path_factory.mktemp("set"), []
    for i, text in enumerate(["a person walks", "a person bows", "a person kicks"]):
        clip = walking_clip(2.0, seed=i)
        caption = Caption(text, 0.0, clip.duration, "test")
        items += [
            Item(f"{i}{split}", "test", clip, (caption,), split, "CC0-1.0", "walk", "normal")
            for split in ("train", "val")
        ]
    write_store(folder, items, smpl_skeleton(), 30.0)
    return TrainingSet.open(folder)


def test_mdm_learns_and_samples(training, tmp_path):
    network = DenoiserConfig(width=32, depth=2, heads=2, dropout=0.0, patch=1, max_controls=64)
    config = TrainConfig(
        "mdm",
        "CC0-1.0",
        plausible=False,
        denoiser=network,
        steps=60,
        controls_per_batch=256,
        learning_rate=3e-3,
        warmup=5,
        detail=(-1, 0),
    )
    trainer = MdmTrainer(config, training, tmp_path)
    before = trainer.validation_loss()
    trainer.run()
    assert trainer.validation_loss() < 0.8 * before
    generator = load_generator(str(tmp_path / "mdm"), FrameDenoiser)
    sample = mdm_sampler(generator, seed=1, fps=30.0, steps=4)
    first, again = sample("a person walks", 2.0, 2), sample("a person walks", 2.0, 2)
    assert [clip.num_frames for clip in first] == [60, 60]
    assert np.array_equal(first[0].joint_rotation, again[0].joint_rotation)
    assert not np.allclose(first[0].joint_rotation, first[1].joint_rotation)
    (long,) = sample("a person walks", 6.0, 1)  # longer than any it was trained on: made, not held
    assert long.num_frames == 180 and not np.allclose(long.joint_rotation[-1], long.joint_rotation[-30])


def test_the_nearest_recording_is_found_and_held(training):
    nearest = NearestRecording(training)
    (clip,) = nearest("someone is bowing", 3.0, 1)
    assert clip.num_frames == 90
    recorded = training.clip(training.select("train")[1])
    assert np.allclose(clip.joint_rotation[:60], recorded.joint_rotation[:60], atol=1e-6)
    assert np.allclose(clip.joint_rotation[60:], clip.joint_rotation[59])
    assert len(nearest("someone is bowing", 1.0, 3)) == 3


def test_standing_still_stands_still(training):
    (clip,) = StandingStill(training)("a person runs", 2.0, 1)
    assert clip.num_frames == 60 and np.ptp(clip.joint_positions(), axis=0).max() < 1e-9
