"""Do motions fit their texts, and are they distributed as real ones: the field's metrics, as functions of embeddings.

An embedding row is one clip or one sentence, made by whatever evaluator; row i of texts and of motions belong together.
The definitions are those of Guo et al. 2022 ("Generating Diverse and Natural 3D Human Motions from Text"): batches of
32, Euclidean distances, 20 repetitions with a 95 % interval. The treatment of captions that say the same follows TMR
(Petrovich et al. 2023). Evaluators trained on cosines (TMR's kind) give rows of length 1: normalise before calling.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from motion.core.errors import BadInput

Array = NDArray[np.floating]

#: One true motion and 31 others.
BATCH = 32
#: R-precision at 1, 2 and 3.
TOP = 3
#: Captions whose sentence embeddings have a cosine above this say the same. TMR's 0.95 on the scale (1 + cosine) / 2.
SAME_CAPTION = 0.9
#: Pairs drawn for Diversity, and for each text for MultiModality.
DIVERSITY_PAIRS = 300
MULTIMODALITY_PAIRS = 10


def r_precision(
    texts: Array,
    motions: Array,
    *,
    rng: np.random.Generator,
    sentences: Array | None = None,
    same: float = SAME_CAPTION,
    batch: int = BATCH,
) -> Array:
    """(3,) share of texts whose motion is among the 1, 2, 3 nearest of a batch; clips left over by 32 are not used.

    With ``sentences`` a motion whose caption says the same as the query's is right as well: the best placed of them
    counts (TMR). Motions at exactly the same distance take their places at random, so an evaluator that gives the same
    embedding to everything scores as chance does. Exchange the first two arguments for motion to text.

    Args:
        texts, motions: (N, D) embeddings; row i of one belongs to row i of the other.
        rng: draws the batches and the order of ties.
        sentences: (N, S) embeddings of the captions by a sentence encoder, any length; None: only row i is right for i.
        same: cosine above which two captions say the same.
        batch: how many motions a text is compared with, its own included.

    Raises:
        BadInput: fewer clips than one batch, shapes that do not fit, numbers that are not finite.
    """
    texts, motions = _pairs(texts, motions)
    hits = []
    for chosen, right in _batches(len(texts), sentences, same, batch, rng):
        distance = np.linalg.norm(texts[chosen][:, None] - motions[chosen], axis=-1)
        order = np.lexsort((rng.random(distance.shape), distance))
        hits.append(np.cumsum(np.take_along_axis(right, order, axis=1)[:, :TOP], axis=1) > 0)
    return np.concatenate(hits).mean(axis=0)


def chance_r_precision(
    count: int,
    *,
    rng: np.random.Generator,
    sentences: Array | None = None,
    same: float = SAME_CAPTION,
    batch: int = BATCH,
) -> Array:
    """(3,) what ``r_precision`` expects of motions that have nothing to do with the text; k / 32 without ``sentences``.

    To print beside it: in a corpus of few captions many motions of a batch are right. Arguments as there, with the
    number of clips in place of their embeddings.
    """
    expected = []
    for _, right in _batches(count, sentences, same, batch, rng):
        wrong = batch - right.sum(axis=1)
        left = [(wrong - k).clip(0) / (batch - k) for k in range(TOP)]  # the next one is wrong too, given those before
        expected.append(1.0 - np.cumprod(left, axis=0).T)
    return np.concatenate(expected).mean(axis=0)


def _batches(
    count: int, sentences: Array | None, same: float, batch: int, rng: np.random.Generator
) -> list[tuple[NDArray[np.integer], NDArray[np.bool_]]]:
    """Random rows of each batch and, (batch, batch), which of them are right for which."""
    if not TOP <= batch <= count:
        raise BadInput(f"R-precision needs batches of {TOP} or more and a whole batch of {batch}, got {count} clips")
    if sentences is not None:
        sentences = _embeddings("sentences", sentences)
        if len(sentences) != count:
            raise BadInput(f"R-precision needs one sentence embedding a clip, got {len(sentences)} for {count}")
        sentences = sentences / np.maximum(np.linalg.norm(sentences, axis=1, keepdims=True), 1e-12)
    order = rng.permutation(count)[: count // batch * batch].reshape(-1, batch)
    itself = np.eye(batch, dtype=bool)
    if sentences is None:
        return [(chosen, itself) for chosen in order]
    return [(chosen, itself | (sentences[chosen] @ sentences[chosen].T > same)) for chosen in order]


def mm_distance(texts: Array, motions: Array) -> float:
    """Mean distance between a text and its own motion (MM-Dist, matching score); lower is better."""
    texts, motions = _pairs(texts, motions)
    return float(np.linalg.norm(texts - motions, axis=1).mean())


def frechet_distance(real: Array, generated: Array, *, shrinkage: float = 0.0) -> float:
    """FID: the squared Fréchet distance of the Gaussians fitted to two sets of embeddings (N, D) and (M, D).

    |m1 - m2|^2 + tr(S1) + tr(S2) - 2 tr((S1 S2)^1/2). The last trace is the sum of the singular values of
    S1^1/2 S2^1/2, whose factors come from symmetric eigen-decompositions: real and stable also where S is singular.

    Args:
        shrinkage: 0 to 1, how far each covariance is drawn to the multiple of the identity with the same trace. Values
            of different shrinkage, and of very different numbers of clips, do not compare.

    Raises:
        BadInput: D or fewer clips on a side and no shrinkage (the covariance would be singular, the number biased).
    """
    real, generated = _embeddings("real", real), _embeddings("generated", generated)
    width = real.shape[1]
    if generated.shape[1] != width:
        raise BadInput(f"FID needs embeddings of one width, got {width} and {generated.shape[1]}")
    if not 0.0 <= shrinkage <= 1.0:
        raise BadInput(f"shrinkage must be 0 to 1, got {shrinkage:g}")
    fewest, needed = min(len(real), len(generated)), 2 if shrinkage > 0 else width + 1
    if fewest < needed:
        raise BadInput(
            f"FID of {width}-dimensional embeddings needs {needed} or more clips on each side, got {fewest}; "
            "give more clips, or a shrinkage above 0 in all rows of the table"
        )
    offset = real.mean(axis=0) - generated.mean(axis=0)
    first, second = _covariance(real, shrinkage), _covariance(generated, shrinkage)
    overlap = np.linalg.svd(_square_root(first) @ _square_root(second), compute_uv=False).sum()
    return max(0.0, float(offset @ offset + np.trace(first) + np.trace(second) - 2.0 * overlap))


def _covariance(embeddings: Array, shrinkage: float) -> Array:
    covariance = np.cov(embeddings, rowvar=False).reshape(embeddings.shape[1], -1)
    width = len(covariance)
    return (1.0 - shrinkage) * covariance + shrinkage * np.trace(covariance) / width * np.eye(width)


def _square_root(covariance: Array) -> Array:
    values, vectors = np.linalg.eigh(covariance)
    return (vectors * np.sqrt(values.clip(0.0))) @ vectors.T


def diversity(motions: Array, *, rng: np.random.Generator, pairs: int = DIVERSITY_PAIRS) -> float:
    """Mean distance between two clips of a set, over random pairs of different clips; best where real data has it."""
    motions = _embeddings("motions", motions)
    if len(motions) < 2:
        raise BadInput("Diversity needs 2 or more clips, got 1")
    return _mean_distance(motions[None], pairs, rng)


def multimodality(motions: Array, *, rng: np.random.Generator, pairs: int = MULTIMODALITY_PAIRS) -> float:
    """Mean distance between two clips of the same text, over random pairs of its different samples.

    Args:
        motions: (texts, samples, D) embeddings; Guo et al. take 100 texts and 30 samples.
        pairs: how many pairs are drawn for each text.
    """
    motions = _embeddings("motions", motions, axes=3)
    if motions.shape[1] < 2:
        raise BadInput("MultiModality needs 2 or more samples of each text, got 1")
    return _mean_distance(motions, pairs, rng)


def _mean_distance(groups: Array, pairs: int, rng: np.random.Generator) -> float:
    """Over ``pairs`` draws of two different members in each of the groups (G, M, D)."""
    if pairs < 1:
        raise BadInput(f"at least 1 pair must be drawn, got {pairs}")
    count, members = groups.shape[:2]
    first = rng.integers(members, size=(count, pairs))
    second = (first + rng.integers(1, members, size=(count, pairs))) % members
    group = np.arange(count)[:, None]
    return float(np.linalg.norm(groups[group, first] - groups[group, second], axis=-1).mean())


@dataclass(frozen=True)
class Interval:
    """A mean over repetitions and half the width of its 95 % interval, of one number or of several ``(K,)``."""

    mean: Array
    half_width: Array

    def __str__(self) -> str:
        columns = zip(np.atleast_1d(self.mean), np.atleast_1d(self.half_width), strict=True)
        return " ".join(f"{mean:.3f}±{half:.3f}" for mean, half in columns)


def with_interval(
    measure: Callable[[np.random.Generator], ArrayLike], *, repetitions: int = 20, seed: int = 0
) -> Interval:
    """Repeat a measurement with independent random numbers: 1.96 standard errors on either side of the mean.

    ``measure(rng)`` returns a number or an array; what it draws from ``rng`` (batches, pairs, a sampler's seed) is what
    the interval is about. Repetition i depends on ``seed`` and i alone, so more repetitions extend fewer.
    """
    if repetitions < 2:
        raise BadInput(f"an interval needs 2 or more repetitions, got {repetitions}")
    seeds = np.random.SeedSequence(seed).spawn(repetitions)
    values = np.array([measure(np.random.default_rng(each)) for each in seeds], dtype=np.float64)
    return Interval(values.mean(axis=0), 1.96 * values.std(axis=0, ddof=1) / np.sqrt(repetitions))


def _pairs(texts: Array, motions: Array) -> tuple[Array, Array]:
    texts, motions = _embeddings("texts", texts), _embeddings("motions", motions)
    if texts.shape != motions.shape:
        raise BadInput(f"texts and motions must have one shape, got {texts.shape} and {motions.shape}")
    return texts, motions


def _embeddings(name: str, array: Array, axes: int = 2) -> Array:
    """The array in double precision, its shape and numbers checked."""
    array = np.asarray(array, dtype=np.float64)
    if array.ndim != axes or 0 in array.shape:
        raise BadInput(f"{name} must be {'(N, D)' if axes == 2 else '(texts, samples, D)'}, got {array.shape}")
    if not np.all(np.isfinite(array)):
        raise BadInput(f"{name} must not contain NaN or infinite numbers")
    return array
