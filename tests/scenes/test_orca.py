"""Half-planes of safe velocities, and the best velocity among them, against trying very many."""

from __future__ import annotations

import numpy as np
import pytest

from scenes.orca import HalfPlanes, best_velocities, half_planes, least_bad_velocity


def planes_of(rng: np.random.Generator, people: int, count: int) -> HalfPlanes:
    angle = rng.uniform(0, 2 * np.pi, (people, count))
    normals = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    return HalfPlanes(normals, rng.uniform(-1.0, 0.3, (people, count)), np.zeros(count, dtype=bool))


@pytest.mark.parametrize("seed", range(3))
def test_the_best_velocity_is_the_nearest_of_all_that_are_safe(seed: int) -> None:
    rng = np.random.default_rng(seed)
    planes = planes_of(rng, 40, 6)
    preferred, centre = rng.normal(0, 1, (40, 2)), rng.normal(0, 0.3, (40, 2))
    found, safe = best_velocities(preferred, centre, np.full(40, 0.8), planes)
    radius, angle = 0.8 * np.sqrt(rng.uniform(0, 1, 20_000)), rng.uniform(0, 2 * np.pi, 20_000)
    tried = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    assert 0 < safe.sum() < 40
    for who in range(40):
        points = tried + centre[who]
        kept = points[np.all(points @ planes.normals[who].T >= planes.offsets[who], axis=1)]
        if not safe[who]:
            assert len(kept) < 5, "there would have been one"
            continue
        assert np.all(planes.normals[who] @ found[who] >= planes.offsets[who] - 1e-6)
        assert np.linalg.norm(found[who] - centre[who]) <= 0.8 + 1e-6
        least = np.linalg.norm(kept - preferred[who], axis=-1).min(initial=np.inf)
        assert np.linalg.norm(found[who] - preferred[who]) <= least + 1e-6


@pytest.mark.parametrize("seed", range(20))
def test_two_who_keep_to_their_half_planes_do_not_touch(seed: int) -> None:
    rng = np.random.default_rng(seed)
    place = np.array([[0.0, 0.0], rng.uniform(-3, 3, 2)])
    place[1] *= max(1.0, 0.7 / np.linalg.norm(place[1]))
    velocity, reach, horizon = rng.normal(0, 1.5, (2, 2)), 0.6, 2.0
    away = (place[None] - place[:, None])[[0, 1], [1, 0]][:, None]
    share = np.array([[0.3], [0.7]])
    planes = half_planes(
        away, velocity, velocity[[1, 0]][:, None], np.full((2, 1), reach), share, np.ones((2, 1), dtype=bool),
        horizon=horizon, step=0.1,
    )  # fmt: skip
    chosen, safe = best_velocities(velocity, np.zeros((2, 2)), np.full(2, 50.0), planes)
    assert safe.all()
    times = np.linspace(0, horizon, 200)[:, None]
    apart = np.linalg.norm(place[1] - place[0] + times * (chosen[1] - chosen[0]), axis=-1)
    assert apart.min() >= reach - 1e-6


def test_who_would_not_collide_keeps_the_velocity() -> None:
    away, velocity = np.array([[[5.0, 0.0]]]), np.array([[0.0, 1.0]])
    planes = half_planes(
        away, velocity, np.zeros((1, 1, 2)), np.array([[0.6]]), np.ones((1, 1)), np.ones((1, 1), dtype=bool),
        horizon=2.0, step=0.1,
    )  # fmt: skip
    chosen, _ = best_velocities(velocity, velocity, np.array([0.2]), planes)
    np.testing.assert_allclose(chosen, velocity)


def test_where_nothing_is_safe_walls_count_more_than_people() -> None:
    normals = np.array([[[1.0, 0.0], [-1.0, 0.0]]])
    planes = HalfPlanes(normals, np.array([[0.5, 0.5]]), np.array([True, False]))
    _, safe = best_velocities(np.zeros((1, 2)), np.zeros((1, 2)), np.array([1.0]), planes)
    x, _ = least_bad_velocity(np.zeros(2), 1.0, planes, 0)
    assert not safe[0] and x > 0.3, "near to what the wall asks for, x >= 0.5"
