"""A set of described clips, and an evaluator that reads off a clip what its caption says."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from helpers import smpl_skeleton, walking_clip
from motion.core import Motion
from motion.datasets.store import Caption, Item, TrainingSet, write_store
from motion.evaluation import text_motion_rows

COUNT = 40


def numbered_clip(number: int, seconds: float = 1.2) -> Motion:
    """A walk that starts ``number`` metres above the floor: so a clip tells which one it is."""
    clip = walking_clip(seconds, seed=number)
    root = clip.root_position - clip.root_position[0] + [0.0, float(number), 0.0]
    return Motion(clip.skeleton, root, clip.joint_rotation, clip.fps)


class NumberEncoder:
    """Puts clip and caption of one number at one place of a circle."""

    def clips(self, clips: list[Motion]) -> Any:
        return self._places(np.array([round(clip.root_position[0, 1]) for clip in clips]))

    def texts(self, texts: list[str]) -> Any:
        return self._places(np.array([int(text.split()[-1]) for text in texts]))

    @staticmethod
    def _places(numbers: Any) -> Any:
        return np.stack([np.cos(0.15 * numbers), np.sin(0.15 * numbers)], axis=1)


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> NumberEncoder:
    """The evaluator; the sentence encoder, too, finds every caption different."""

    def encode_many(texts: list[str]) -> Any:
        numbers = [int(text.split()[-1]) for text in texts]
        return SimpleNamespace(sentence=SimpleNamespace(numpy=lambda: np.eye(COUNT)[numbers]))

    monkeypatch.setattr(text_motion_rows, "text_encoder", lambda: SimpleNamespace(encode_many=encode_many))
    monkeypatch.setattr(text_motion_rows, "FEWEST", COUNT)
    return NumberEncoder()


@pytest.fixture(scope="session")
def numbered(tmp_path_factory: pytest.TempPathFactory) -> TrainingSet:
    """``COUNT`` clips to train on and as many to validate with."""
    folder, items = tmp_path_factory.mktemp("numbered"), []
    for split in ("train", "val"):
        for number in range(COUNT):
            clip = numbered_clip(number)
            caption = Caption(f"walk number {number}", None, None, "test")
            items.append(Item(f"{split}{number}", "test", clip, (caption,), split, "CC0-1.0", "walk", "normal"))
    write_store(folder, items, smpl_skeleton(), 30.0)
    return TrainingSet.open(folder)
