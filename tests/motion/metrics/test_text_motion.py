"""Metrics of text and motion: closed forms and cases whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from motion.core import BadInput
from motion.metrics.text_motion import (
    chance_r_precision,
    diversity,
    frechet_distance,
    mm_distance,
    multimodality,
    r_precision,
    with_interval,
)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def with_moments(count: int, mean: np.ndarray, covariance: np.ndarray, seed: int = 0) -> np.ndarray:
    """Samples whose sample mean and covariance are exactly the given ones."""
    raw = rng(seed).normal(size=(count, len(mean)))
    raw -= raw.mean(axis=0)
    white = raw @ np.linalg.inv(np.linalg.cholesky(np.atleast_2d(np.cov(raw, rowvar=False)))).T
    return white @ np.linalg.cholesky(covariance).T + mean


def test_perfect_embeddings_are_always_first() -> None:
    texts = rng().normal(size=(100, 8))
    assert r_precision(texts, texts, rng=rng()).tolist() == [1.0, 1.0, 1.0]


def test_second_place_counts_from_two_on() -> None:
    """The motions of texts 2 i and 2 i + 1 are exchanged: each text has a stranger first and its own second."""
    texts = np.arange(32)[:, None] * 10.0
    texts[1::2] -= 9.0
    motions = texts.copy()
    motions[0::2], motions[1::2] = texts[1::2], texts[0::2]
    assert r_precision(texts, motions, rng=rng()).tolist() == [0.0, 1.0, 1.0]


def test_random_embeddings_score_as_chance() -> None:
    texts, motions = rng(1).normal(size=(2, 6400, 16))
    found = r_precision(texts, motions, rng=rng())
    assert found == pytest.approx(np.array([1, 2, 3]) / 32, abs=0.01)
    assert chance_r_precision(6400, rng=rng()) == pytest.approx(np.array([1, 2, 3]) / 32, abs=1e-12)


def test_an_evaluator_that_sees_nothing_scores_as_chance() -> None:
    same = np.ones((6400, 4))
    assert r_precision(same, same, rng=rng()) == pytest.approx(np.array([1, 2, 3]) / 32, abs=0.01)


def test_near_duplicate_captions_are_no_errors() -> None:
    """Sixteen captions twice; the motions of two equal captions are exchanged."""
    captions = np.repeat(np.eye(16), 2, axis=0)
    texts = np.repeat(np.arange(16.0), 2)[:, None]
    motions = texts + np.tile([0.3, -0.1], 16)[:, None]  # the second is nearer to both
    strict = r_precision(texts, motions, rng=rng())
    assert strict.tolist() == [0.5, 1.0, 1.0]
    assert r_precision(texts, motions, rng=rng(), sentences=captions).tolist() == [1.0, 1.0, 1.0]


def test_the_threshold_is_a_cosine() -> None:
    texts = np.array([[0.0], [0.4], [100.0], [200.0]])
    motions = np.array([[0.3], [0.1], [100.0], [200.0]])  # of the first two, each is nearer to the other's motion
    angle = np.arccos(0.95)
    captions = np.array([[1, 0, 0, 0], [np.cos(angle), np.sin(angle), 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]) * 7.0

    def first(same: float) -> float:
        return float(r_precision(texts, motions, rng=rng(), sentences=captions, same=same, batch=4)[0])

    assert (first(0.94), first(0.96)) == (1.0, 0.5)


def test_chance_grows_with_the_number_of_equal_captions() -> None:
    captions = np.repeat(np.eye(8), 400, axis=0)
    texts, motions = rng(2).normal(size=(2, 3200, 16))
    expected = chance_r_precision(3200, rng=rng(), sentences=captions)
    assert expected[0] > 0.1
    assert r_precision(texts, motions, rng=rng(), sentences=captions) == pytest.approx(expected, abs=0.02)
    assert chance_r_precision(64, rng=rng(), sentences=np.ones((64, 2))).tolist() == [1.0, 1.0, 1.0]


def test_what_is_left_over_is_not_used() -> None:
    texts = rng().normal(size=(32 + 31, 4))
    assert r_precision(texts, texts, rng=rng())[0] == 1.0
    with pytest.raises(BadInput, match="whole batch of 32, got 31"):
        r_precision(texts[:31], texts[:31], rng=rng())


def test_mm_distance() -> None:
    texts = np.zeros((4, 2))
    assert mm_distance(texts, texts + [3.0, 4.0]) == 5.0


def test_identical_sets_have_no_distance() -> None:
    motions = rng().normal(size=(300, 32)) * np.logspace(-4, 2, 32)
    assert frechet_distance(motions, motions) == pytest.approx(0.0, abs=1e-8)
    assert frechet_distance(motions, motions[::-1]) == pytest.approx(0.0, abs=1e-8)


def test_frechet_distance_in_closed_form() -> None:
    """Covariances that commute: |m1 - m2|^2 + sum (sqrt a - sqrt b)^2; and one-dimensional Gaussians."""
    turn = np.linalg.qr(rng(3).normal(size=(3, 3)))[0]
    a, b = np.array([1.0, 4.0, 9.0]), np.array([4.0, 4.0, 0.25])
    first = with_moments(50, np.zeros(3), turn @ np.diag(a) @ turn.T)
    second = with_moments(70, np.array([1.0, 2.0, 2.0]), turn @ np.diag(b) @ turn.T, seed=1)
    assert frechet_distance(first, second) == pytest.approx(9.0 + 1.0 + 0.0 + 2.5**2, rel=1e-9)
    assert frechet_distance(second, first) == pytest.approx(frechet_distance(first, second), rel=1e-9)
    narrow, wide = with_moments(9, np.zeros(1), np.eye(1)), with_moments(9, np.full(1, 2.0), 9.0 * np.eye(1))
    assert frechet_distance(narrow, wide) == pytest.approx(4.0 + 4.0, rel=1e-9)


def test_frechet_distance_of_covariances_that_do_not_commute() -> None:
    from scipy.linalg import sqrtm

    factors = rng(4).normal(size=(2, 5, 5))
    s1, s2 = (f @ f.T + 0.1 * np.eye(5) for f in factors)
    first, second = with_moments(40, np.zeros(5), s1), with_moments(40, np.ones(5), s2)
    wanted = 5.0 + np.trace(s1 + s2 - 2.0 * sqrtm(s1 @ s2).real)
    assert frechet_distance(first, second) == pytest.approx(wanted, rel=1e-9)


def test_too_few_clips_for_a_covariance() -> None:
    few = rng().normal(size=(16, 16))
    with pytest.raises(BadInput, match="needs 17 or more clips on each side, got 16"):
        frechet_distance(few, rng(1).normal(size=(40, 16)))
    assert frechet_distance(few, few, shrinkage=0.2) == pytest.approx(0.0, abs=1e-9)
    assert frechet_distance(few, few + 1.0, shrinkage=0.2) == pytest.approx(16.0, rel=1e-9)
    # wholly shrunk, only mean and total variance are compared
    a = with_moments(20, np.zeros(2), np.diag([1.0, 7.0]))
    b = with_moments(20, np.zeros(2), np.diag([1.0, 1.0]))
    assert frechet_distance(a, b, shrinkage=1.0) == pytest.approx(2.0 * (2.0 - 1.0) ** 2, rel=1e-9)
    with pytest.raises(BadInput, match="0 to 1"):
        frechet_distance(a, b, shrinkage=1.5)


def test_diversity_of_two_points() -> None:
    assert diversity(np.array([[0.0, 0.0], [3.0, 4.0]]), rng=rng()) == 5.0  # a clip is never paired with itself
    spread = rng().normal(size=(2000, 8))
    every = np.linalg.norm(spread[:, None] - spread[None, :400], axis=-1)
    assert diversity(spread, rng=rng(), pairs=20000) == pytest.approx(every[every > 0].mean(), rel=0.01)


def test_multimodality_stays_within_a_text() -> None:
    far_apart = np.arange(5.0)[:, None, None] * 1000.0
    assert multimodality(far_apart + np.zeros((5, 3, 1)), rng=rng()) == 0.0
    assert multimodality(far_apart + np.array([[0.0], [2.0]]), rng=rng()) == 2.0
    with pytest.raises(BadInput, match="2 or more samples"):
        multimodality(far_apart, rng=rng())


def test_interval() -> None:
    found = with_interval(lambda rng: rng.normal(size=2), repetitions=400, seed=3)
    assert found.mean == pytest.approx(np.zeros(2), abs=0.2)
    assert found.half_width == pytest.approx(np.full(2, 1.96 / 20), rel=0.1)
    constant = with_interval(lambda rng: 0.5)
    assert (str(constant), float(constant.half_width)) == ("0.500±0.000", 0.0)
    with pytest.raises(BadInput, match="2 or more repetitions"):
        with_interval(lambda rng: 0.5, repetitions=1)


def test_repetitions_come_from_the_seed_alone() -> None:
    drawn: list[float] = []

    def measure(rng: np.random.Generator) -> float:
        drawn.append(float(rng.random()))
        return drawn[-1]

    first = with_interval(measure, repetitions=3, seed=5)
    assert with_interval(measure, repetitions=3, seed=5).mean == first.mean
    with_interval(measure, repetitions=4, seed=5)
    assert drawn[:3] == drawn[3:6] == drawn[6:9]
    assert len(set(drawn)) == 4
    assert with_interval(measure, repetitions=3, seed=6).mean != first.mean


@pytest.mark.parametrize("bad", [np.zeros(32), np.zeros((0, 4)), np.full((32, 4), np.nan)])
def test_what_is_no_embedding_is_refused(bad: np.ndarray) -> None:
    good = np.zeros((32, 4))
    for call in (
        lambda: mm_distance(bad, good),
        lambda: r_precision(good, bad, rng=rng()),
        lambda: r_precision(good, good, rng=rng(), sentences=bad),
        lambda: frechet_distance(bad, good),
        lambda: diversity(bad, rng=rng()),
        lambda: multimodality(bad, rng=rng()),
    ):
        with pytest.raises(BadInput, match="must"):
            call()


def test_rows_that_do_not_pair() -> None:
    with pytest.raises(BadInput, match="one shape"):
        mm_distance(np.zeros((3, 2)), np.zeros((4, 2)))
    with pytest.raises(BadInput, match="one sentence embedding a clip"):
        r_precision(np.zeros((32, 2)), np.zeros((32, 2)), rng=rng(), sentences=np.zeros((31, 2)))
