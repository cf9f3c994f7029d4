import numpy as np

from motion.metrics.futures import collision_share


def test_collisions_are_counted_as_by_brute_force() -> None:
    random = np.random.default_rng(0)
    for _ in range(20):
        positions = random.normal(0, 1.5, (7, 3, 5, 2))
        apart = np.linalg.norm(positions[:, None] - positions[None], axis=-1)
        apart[np.arange(7), np.arange(7)] = np.inf
        np.testing.assert_allclose(collision_share(positions, near=0.3), (apart.min(axis=1) <= 0.3).mean())


def test_one_person_never_collides() -> None:
    assert collision_share(np.zeros((1, 4, 12, 2))) == 0.0
