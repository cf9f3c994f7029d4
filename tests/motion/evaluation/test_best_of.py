"""The best of several: picked by the verifier, measured beside the first."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from motion.evaluation import best_of
from motion.evaluation.best_of import CANDIDATES, single_and_best, singles_and_picks
from motion.metrics.physical import PhysicalReport
from motion.understanding.verifier import TOLERABLE, Verdict


def verdict(similarity: float, skate: float) -> Verdict:
    numbers = dict.fromkeys(PhysicalReport.__dataclass_fields__, 0.0) | {"foot_skate_ratio": skate}
    return Verdict(similarity, PhysicalReport(**numbers), 0.002)  # type: ignore[arg-type]


def test_the_best_of_each_prompt_is_measured_beside_its_first(monkeypatch: pytest.MonkeyPatch) -> None:
    made = {"walk": [(0.2, 0.1), (0.9, 0.1), (0.3, 0.1), (0.1, 0.1)], "run": [(0.6, 0.0), (0.6, 0.4), (0.5, 0.0)]}
    asked: list[Any] = []

    def sampler(prompt: str, duration: float, samples: int) -> Any:
        asked.append((prompt, duration, samples))
        return made[prompt]

    monkeypatch.setattr(best_of, "verify", lambda clips, prompt, encoder: [verdict(*clip) for clip in clips])
    encoder: Any = None
    found = {one.what: one for one in single_and_best([("walk", 4.0), ("run", 6.0)], sampler, encoder)}
    assert set(found) == {"similarity", *TOLERABLE}
    assert (found["similarity"].single, found["similarity"].best) == (0.4, 0.75)
    assert np.isclose(found["foot_skate_ratio"].best, 0.05)
    assert found["joint_limit_ratio"].single == 0.002
    assert asked == [("walk", 4.0, CANDIDATES), ("run", 6.0, CANDIDATES)]


def test_of_each_four_the_first_and_the_picked_one(monkeypatch: pytest.MonkeyPatch) -> None:
    sampler: Any = lambda prompt, duration, samples: list(range(samples))  # noqa: E731
    monkeypatch.setattr(best_of, "verify", lambda clips, prompt, encoder: [verdict(clip % 3, 0.0) for clip in clips])
    encoder: Any = None
    assert singles_and_picks(sampler, encoder, "walk", 4.0, 2) == ([0, 4], [2, 5])
