"""A small model and a small word for tests: random, quick, of no use.

Import as ``from taught import small_generator`` (pytest puts this folder on the path).
"""

from __future__ import annotations

import torch

from helpers import smpl_skeleton, walking_clip
from motion.core.clip import Motion
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
    """The tiny preset's network, untrained, in the scale of a walk."""
    torch.manual_seed(0)
    denoiser = Denoiser(PRESETS["tiny"]().denoiser)
    for parameter in denoiser.parameters():
        torch.nn.init.normal_(parameter, std=0.05)
    clip = walking_clip(3.0)
    statistics = statistics_of(motion_to_features(clip, foot_contacts(clip)))
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


def bowing_clip(seconds: float = 2.0, seed: int = 0) -> Motion:
    """Somebody who stands and holds the arms in another way than a walker does."""
    clip = walking_clip(seconds, seed=seed)
    still = clip.sampled_at(torch.zeros(clip.num_frames).double().numpy(), clip.fps)
    return still
