import numpy as np

from motion.forecasting.inside import kept_inside
from motion.forecasting.together import APART_M, kept_apart, pull, scene_probabilities, scene_samples
from motion.metrics.futures import best_of, best_scene, collision_share, one_of

T = np.arange(1, 13)[:, None] * 0.4


def head_on() -> tuple[np.ndarray, np.ndarray]:
    here = np.array([[0.0, 0.0], [4.8, 0.02]])
    ways = np.array([[1.0, 0.0], [-1.0, 0.0]])
    return np.stack([here[i] + T * ways[i] for i in range(2)])[:, None], here


def test_people_who_meet_give_way() -> None:
    positions, here = head_on()
    assert collision_share(positions) > 0
    kept = kept_apart(positions, here)
    apart = np.linalg.norm(kept[0] - kept[1], axis=-1)
    assert apart.min() > 0.9 * APART_M
    assert collision_share(kept) == 0
    assert np.abs(kept - positions).max() < APART_M


def test_people_who_walk_close_together_may_go_on() -> None:
    here = np.array([[0.0, 0.0], [0.0, 0.12]])
    positions = np.stack([place + T * np.array([1.0, 0.0]) for place in here])[:, None]
    np.testing.assert_allclose(kept_apart(positions, here), positions)


def test_a_scene_of_many_keeps_to_the_middle() -> None:
    random = np.random.default_rng(0)
    positions, best = random.normal(size=(16, 5, 12, 2)), np.zeros((16, 12, 2))
    np.testing.assert_allclose(scene_samples(positions, best, 0.5), positions / 4)
    assert pull(1, 0.5) == 1


def test_the_best_scene_is_never_better_than_the_best_of_each_person() -> None:
    random = np.random.default_rng(1)
    positions, truth = random.normal(size=(6, 20, 12, 2)), random.normal(size=(6, 12, 2))
    assert np.all(best_scene(positions, truth)[0].mean() >= best_of(positions, truth)[0].mean())
    alone = [best_scene(positions[i : i + 1], truth[i : i + 1])[1][0] for i in range(6)]
    np.testing.assert_allclose(alone, best_of(positions, truth)[1])


def test_errors_by_hand() -> None:
    truth = np.zeros((1, 2, 2))
    samples = np.array([[[[3.0, 4.0], [0.0, 1.0]], [[0.0, 2.0], [0.0, 2.0]]]])
    mean, last = best_of(samples, truth)
    assert (mean[0], last[0]) == (2.0, 1.0)
    assert [float(x[0]) for x in one_of(samples[:, 0], truth)] == [3.0, 1.0]


def test_scene_probabilities_are_the_geometric_mean() -> None:
    np.testing.assert_allclose(scene_probabilities(np.array([[0.9, 0.1], [0.1, 0.9]])), [0.5, 0.5])
    np.testing.assert_allclose(scene_probabilities(np.zeros((0, 4))), 0.25)


def test_futures_off_the_ground_are_turned_or_shortened_and_the_others_left() -> None:
    positions, here = head_on()

    def west(points: np.ndarray) -> np.ndarray:
        return points[..., 0] < 3.0

    kept = kept_inside(positions, here, west)
    assert west(kept[0]).all()
    np.testing.assert_allclose(kept[1], positions[1])  # stands outside already: the map is wrong there
    assert np.linalg.norm(kept[0, 0, -1]) > 1.0
    everywhere = kept_inside(positions, here, lambda points: np.ones(points.shape[:-1], bool))
    np.testing.assert_allclose(everywhere, positions)
