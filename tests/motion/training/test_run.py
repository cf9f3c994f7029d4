"""``stride train``: which preset goes to which trainer, and what is refused before anything is loaded."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from motion.core import BadInput, UnknownName
from motion.training import run
from motion.training.presets import PRESETS


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Trainers that only write down what they were asked for."""
    calls: list[tuple[str, Any]] = []

    def fake(name: str) -> Any:
        class Fake:
            def __init__(self, config: Any, *_: Any, **options: Any) -> None:
                calls.append((name, {"steps": config.steps, **options}))

            def resume(self) -> bool:
                return False

            def run(self, **options: Any) -> None:
                calls.append(("run", options))

        return Fake

    for name in ("Trainer", "Distiller", "MdmTrainer"):
        monkeypatch.setattr(run, name, fake(name))
    monkeypatch.setattr(run, "train_encoder", lambda data, out, **options: calls.append(("encoder", options)) or out)
    monkeypatch.setattr(run, "TrainingSet", SimpleNamespace(open=lambda folder: None))
    return calls


@pytest.mark.parametrize(
    ("preset", "teacher", "trainer"),
    [("stride-nc", None, "Trainer"), ("few-steps", "big", "Distiller"), ("mdm", None, "MdmTrainer")],
)
def test_each_preset_has_its_trainer(
    preset: str, teacher: str | None, trainer: str, calls: list[Any], tmp_path: Path
) -> None:
    out = tmp_path / "run"
    model = run.train(preset, tmp_path, out, steps=7, seconds=3.0, teacher=teacher, device="cpu")
    (name, options), (_, ran) = calls
    assert (name, options["steps"], options.get("teacher"), options["device"]) == (trainer, 7, teacher, "cpu")
    assert ran["seconds"] == 3.0 and model == out / PRESETS[preset]().name and out.is_dir()


def test_the_evaluator_is_trained_by_contrast(calls: list[Any], tmp_path: Path) -> None:
    run.train("evaluator", tmp_path, tmp_path / "run")
    run.train("evaluator", tmp_path, tmp_path / "run", steps=5)
    assert [(name, options["steps"]) for name, options in calls] == [("encoder", run.STEPS), ("encoder", 5)]


@pytest.mark.parametrize(
    ("preset", "options", "error"),
    [
        ("tyni", {"teacher": "big"}, UnknownName),
        ("tiny", {"steps": 0}, BadInput),
        ("few-steps", {}, BadInput),
        ("mdm", {"teacher": "big"}, BadInput),
        ("mdm", {"start": "big"}, BadInput),
        ("few-steps", {"teacher": "big", "start": "big"}, BadInput),
        ("evaluator", {"teacher": "big"}, BadInput),
        ("evaluator", {"seconds": 3.0}, BadInput),
        ("evaluator", {"device": "cuda"}, BadInput),
    ],
)
def test_what_does_not_go_together_is_refused(
    preset: str, options: dict[str, Any], error: type[Exception], calls: list[Any], tmp_path: Path
) -> None:
    with pytest.raises(error):
        run.train(preset, tmp_path, tmp_path / "run", **options)
    assert not calls and not (tmp_path / "run").exists()
