"""What is shown of a sample: every pattern as users ask for it, the groups as the layout says."""

from __future__ import annotations

import numpy as np

from motion.representation.layout import GROUP_OF, GROUPS, GROUPS_OF_PART, NUM_FEATURES, PARTS, ROOT
from motion.training.batches import CHANCES, GROUP, PATTERNS, _known

LENGTH = 40


def drawn(name: str, count: int = 50) -> list[np.ndarray]:
    return [PATTERNS[name](np.random.default_rng(seed), LENGTH) for seed in range(count)]


def test_every_feature_belongs_to_one_group_of_its_part() -> None:
    assert len(GROUP_OF) == NUM_FEATURES and sum(GROUPS_OF_PART) == len(GROUPS)
    first = 0
    for part, count in zip(PARTS.values(), GROUPS_OF_PART, strict=True):
        assert set(GROUP_OF[part.features]) == set(range(first, first + count))
        first += count
    assert set(GROUP_OF[ROOT["ground"]]) == set(GROUP_OF[ROOT["speed"]]) == {GROUP["path"]}
    assert set(GROUP_OF[ROOT["rotation"]]) == {GROUP["posture"]}


def test_a_path_says_nothing_of_the_posture() -> None:
    paths = [known for known in drawn("path") if not known[:4].all()]
    assert all(not known[:, GROUP["posture"] :].any() for known in paths)
    assert any(known[:, GROUP["heading"]].any() for known in paths)
    assert any(known[:, GROUP["path"]].all() and not known[:, GROUP["heading"]].any() for known in paths)


def test_a_beginning_and_keys_show_whole_poses() -> None:
    for known in drawn("prefix"):
        shown = known.all(axis=1)
        assert shown[:4].all() and not shown[LENGTH // 2 :].any() and np.array_equal(known.any(axis=1), shown)
    for known in drawn("keys"):
        shown = known.all(axis=1)
        assert np.array_equal(known.any(axis=1), shown) and 4 <= shown.sum() <= 32


def test_parts_are_known_all_the_time_or_never() -> None:
    assert all(np.array_equal(known.any(axis=0), known.all(axis=0)) for known in drawn("parts"))


def test_the_share_that_is_shown_something() -> None:
    random = np.random.default_rng(0)
    shown = np.mean([_known(random, LENGTH, 0.3).any() for _ in range(2000)])
    assert 0.25 < shown < 0.33
    assert np.isclose(sum(CHANCES), 1.0) and len(CHANCES) == len(PATTERNS)
