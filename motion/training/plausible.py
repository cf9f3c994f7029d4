"""Composed clips that do not look like what their captions say are left out of training."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from motion.core.skeleton import Skeleton
from motion.training.corpus import Corpus, Take, weights_of
from motion.training.encoder_training import movement
from motion.understanding.encoder import TextMotionEncoder

#: A composed clip must fit its captions at least as well as this share of recorded clips fails to fit theirs.
WORST = 0.05

#: Recorded takes that are looked at for that.
RECORDED = 400


@dataclass(frozen=True)
class Kept:
    """The corpus without the implausible, how many of each kind there were, and how many are left."""

    corpus: Corpus
    before: dict[str, int]
    after: dict[str, int]


def without_implausible(corpus: Corpus, encoder: TextMotionEncoder, skeleton: Skeleton) -> Kept:
    """Drop made takes that fit their captions worse than all but the ``WORST`` share of recorded takes fit theirs."""
    recorded = [take for take in corpus.takes if not take.made]
    made = [take for take in corpus.takes if take.made]
    spread = np.linspace(0, len(recorded), min(RECORDED, len(recorded)), endpoint=False).astype(int)
    least = np.quantile(_fits(corpus, [recorded[i] for i in spread], encoder, skeleton), WORST)
    fits = _fits(corpus, made, encoder, skeleton)
    dropped = {id(take) for take, fit in zip(made, fits, strict=True) if fit < least}
    takes = tuple(take for take in corpus.takes if id(take) not in dropped)
    return Kept(replace(corpus, takes=takes, weights=weights_of(takes)), _counts(corpus.takes), _counts(takes))


def _fits(corpus: Corpus, takes: list[Take], encoder: TextMotionEncoder, skeleton: Skeleton) -> np.ndarray:
    """(N,) the mean cosine between each take and its captions."""
    if not takes:
        return np.zeros(0)
    movements = encoder.positions([movement(corpus.controls[take.start : take.stop], skeleton) for take in takes])
    ids = sorted({caption for take in takes for caption in take.captions})
    words = dict(zip(ids, encoder.texts([corpus.texts[i] for i in ids]), strict=True))
    pairs = zip(takes, movements, strict=True)
    return np.array([np.mean([vector @ words[caption] for caption in take.captions]) for take, vector in pairs])


def _counts(takes: tuple[Take, ...]) -> dict[str, int]:
    kinds = sorted({take.made for take in takes if take.made})
    return {kind: sum(take.made == kind for take in takes) for kind in kinds}
