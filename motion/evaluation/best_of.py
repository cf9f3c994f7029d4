"""What picking by the verifier gains: the best of several clips of a prompt beside the first of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from motion.core import Motion
from motion.core.progress import Progress, silent
from motion.evaluation.sampling import Sampler
from motion.understanding.encoder import TextMotionEncoder
from motion.understanding.verifier import TOLERABLE, Verdict, best, verify

#: Clips drawn of every prompt.
CANDIDATES = 4


@dataclass(frozen=True)
class Picked:
    """Mean over the prompts of one number, of a single clip and of the best of ``CANDIDATES``."""

    what: str
    single: float
    best: float


def singles_and_picks(
    sampler: Sampler, encoder: TextMotionEncoder, prompt: str, duration: float, count: int
) -> tuple[list[Motion], list[Motion]]:
    """``count`` clips as they come, and for each the one that the verifier picks of it and three more."""
    made = sampler(prompt, duration, CANDIDATES * count)
    groups = [made[i : i + CANDIDATES] for i in range(0, len(made), CANDIDATES)]
    return [group[0] for group in groups], [group[best(verify(group, prompt, encoder))] for group in groups]


def single_and_best(
    asked: Sequence[tuple[str, float]],
    sampler: Sampler,
    encoder: TextMotionEncoder,
    *,
    progress: Progress = silent,
) -> tuple[Picked, ...]:
    """Similarity and physical numbers for prompts and durations ``asked``.

    The encoder that picks is the one that measures the similarity: that it rises says that picking works, not by how
    much the clips are better.
    """
    singles, picked = [], []
    for number, (prompt, duration) in enumerate(asked):
        progress("best of several", number / len(asked))
        verdicts = verify(sampler(prompt, duration, CANDIDATES), prompt, encoder)
        singles.append(verdicts[0])
        picked.append(verdicts[best(verdicts)])
    names = ("similarity", *TOLERABLE)
    return tuple(Picked(name, _mean(name, singles), _mean(name, picked)) for name in names)


def _mean(name: str, verdicts: Sequence[Verdict]) -> float:
    return float(np.mean([getattr(v, name) if hasattr(v, name) else getattr(v.physical, name) for v in verdicts]))
