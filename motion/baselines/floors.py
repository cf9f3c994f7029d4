"""Floors of a comparison: what one gets without any generative model."""

from __future__ import annotations

import numpy as np

from motion.core import Motion
from motion.datasets.store import TrainingSet
from motion.networks.text_encoder import text_encoder


class NearestRecording:
    """Answers a prompt with the training clips whose captions are most like it, cut or held to the duration."""

    def __init__(self, training: TrainingSet) -> None:
        self.training = training
        first: dict[str, int] = {}
        for index in training.select("train"):
            for caption in training.rows[index]["captions"]:
                first.setdefault(caption["text"], index)
        self.rows = list(first.values())
        self.sentences = text_encoder().encode_many(list(first)).sentence

    def __call__(self, prompt: str, duration: float, samples: int, fps: float = 30.0) -> list[Motion]:
        likeness = self.sentences @ text_encoder().encode([prompt]).sentence[0]
        ranked = dict.fromkeys(self.rows[i] for i in likeness.argsort(descending=True, stable=True).tolist())
        return [_held(self.training.clip(row), duration, fps) for row in list(ranked)[:samples]]


class StandingStill:
    """Answers every prompt with the middle frame of a training clip, held."""

    def __init__(self, training: TrainingSet) -> None:
        clip = training.clip(training.select("train")[0])
        self.pose = clip.sliced(clip.num_frames // 2, clip.num_frames // 2 + 1)

    def __call__(self, prompt: str, duration: float, samples: int, fps: float = 30.0) -> list[Motion]:
        return [_held(self.pose, duration, fps)] * samples


def _held(clip: Motion, duration: float, fps: float) -> Motion:
    """The first ``duration`` seconds, the last frame held where the clip is shorter."""
    return clip.sampled_at(np.arange(max(1, round(duration * fps))) / fps, fps)
