"""Which weights make how many steps."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from motion.generation import checkpoint
from motion.generation.checkpoint import FEW_STEPS, load_for_steps


def test_more_than_a_few_steps_are_made_by_the_teacher(monkeypatch: pytest.MonkeyPatch) -> None:
    models = {
        "fast": SimpleNamespace(name="fast", teacher="slow"),
        "slow": SimpleNamespace(name="slow", teacher=None),
    }
    monkeypatch.setattr(checkpoint, "load_generator", models.__getitem__)
    assert load_for_steps("fast", FEW_STEPS) is models["fast"]
    assert load_for_steps("fast", FEW_STEPS + 1) is models["slow"]  # type: ignore[comparison-overlap]
    assert load_for_steps("slow", 100) is models["slow"]
