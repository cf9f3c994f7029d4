"""Is a clip what the sentence says, and could a body do it: one verdict, by which the best of several is picked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from motion.core import Motion
from motion.metrics.joint_limits import joint_limit_ratio
from motion.metrics.physical import PhysicalReport, physical_report
from motion.understanding.encoder import TextMotionEncoder, load_encoder

#: What is tolerable of each fault: so much of it costs as much as any other at its own measure.
TOLERABLE: dict[str, float] = {
    "foot_skate_ratio": 0.2,
    "floor_penetration_mm": 5.0,
    "floor_float_mm": 4.0,
    "median_jerk_m_s3": 30.0,
    "joint_limit_ratio": 0.01,
}

#: What all faults together cost at their tolerable measure, as cosine between clip and sentence.
PRICE = 0.25


@dataclass(frozen=True)
class Verdict:
    """Cosine of clip and sentence (None without a sentence), physical numbers, and joints beyond their limits."""

    similarity: float | None
    physical: PhysicalReport
    joint_limit_ratio: float

    @property
    def faults(self) -> float:
        """The mean fault in units of what is tolerable."""
        values = {**self.physical.to_json(), "joint_limit_ratio": self.joint_limit_ratio}
        return float(np.mean([min(values[name] / tolerable, 5.0) for name, tolerable in TOLERABLE.items()]))

    @property
    def score(self) -> float:
        """The higher the better."""
        return (self.similarity or 0.0) - PRICE * self.faults


def verify(clips: Sequence[Motion], prompt: str | None, encoder: TextMotionEncoder | None = None) -> list[Verdict]:
    """A verdict on every clip of the SMPL skeleton; ``encoder`` None takes the shipped one."""
    similarities: list[float | None] = [None] * len(clips)
    if prompt is not None and clips:
        encoder = encoder or shipped_encoder()
        similarities = list((encoder.clips(clips) @ encoder.texts([prompt])[0]).tolist())
    return [
        Verdict(similarity, physical_report(clip), joint_limit_ratio(clip))
        for clip, similarity in zip(clips, similarities, strict=True)
    ]


def best(verdicts: Sequence[Verdict]) -> int:
    """Index of the highest score; the first of equal ones."""
    return int(np.argmax([verdict.score for verdict in verdicts]))


@lru_cache(maxsize=1)
def shipped_encoder() -> TextMotionEncoder:
    """The shipped encoder, loaded once."""
    return load_encoder()
