"""A small model and a small word for tests: random, quick, of no use.

Import as ``from taught import small_generator`` (pytest puts this folder on the path).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from helpers import smpl_skeleton, walking_clip
from motion.core.clip import Motion
from motion.core.rotation import rotvec_to_rotmat
from motion.generation import Generator
from motion.generation.denoiser import Denoiser
from motion.generation.lesson import Lesson, adaptable
from motion.generation.taught_word import TaughtWord
from motion.metrics.contacts import foot_contacts
from motion.networks.text_encoder import WIDTH
from motion.representation.features import motion_to_features
from motion.representation.normalisation import statistics_of
from motion.training.presets import PRESETS

SHA256 = "ab" * 32


def small_generator(*, distilled: bool = False, sha256: str = SHA256) -> Generator:
    """The tiny preset's network, untrained, in the scale of two walks."""
    torch.manual_seed(0)
    denoiser = Denoiser(replace(PRESETS["tiny"]().denoiser, leaps=distilled))
    for parameter in denoiser.parameters():
        torch.nn.init.normal_(parameter, std=0.05)
    clips = (walking_clip(2.0), arms_up(0))
    statistics = statistics_of(np.concatenate([motion_to_features(clip, foot_contacts(clip)) for clip in clips]))
    info = {"name": "tiny", "sha256": sha256, "licence": "CC0-1.0"}
    return Generator(denoiser.eval(), statistics, smpl_skeleton(), info, distilled=distilled)


def small_lesson(generator: Generator, seed: int = 0) -> Lesson:
    """A lesson that changes the network at random."""
    noise = torch.Generator().manual_seed(seed)

    def random(*shape: int) -> torch.Tensor:
        return 0.1 * torch.randn(shape, generator=noise)

    factors = {
        name: (random(1, layer.in_features), random(layer.out_features, 1))
        for name, layer in adaptable(generator.denoiser).items()
    }
    return Lesson(random(4, WIDTH), random(WIDTH), torch.linspace(0.5, 1.0, 16), factors).rounded()


def small_word(generator: Generator, name: str = "zorb", caption: str = "a person does a zorb thing") -> TaughtWord:
    """A word that the model was taught such a lesson of."""
    return TaughtWord(name, caption, 2.5, 5, {generator.info["sha256"]: small_lesson(generator)})


def arms_up(seed: int) -> Motion:
    """Somebody who walks with the arms held up: what few walkers do."""
    clip = walking_clip(2.0, seed=seed)
    rotation = clip.joint_rotation.copy()
    for side, sign in (("left", 1.0), ("right", -1.0)):
        rotation[:, clip.skeleton.index(f"{side}_shoulder")] = rotvec_to_rotmat(np.array([0.0, 0.0, 1.2 * sign]))
    return replace(clip, joint_rotation=rotation)
