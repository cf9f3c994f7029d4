"""The mean of trained models."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from helpers import smpl_skeleton
from motion.core import BadInput
from motion.core.skeleton import Skeleton
from motion.generation.checkpoint import load_generator, save_generator
from motion.generation.denoiser import Denoiser, DenoiserConfig
from motion.representation.layout import NUM_FEATURES
from motion.representation.normalisation import Statistics
from motion.training.averaging import average

SMALL = DenoiserConfig(width=32, depth=1, heads=2, dropout=0.0)


def model(folder: Path, seed: int, licence: str = "CC0-1.0", config: DenoiserConfig = SMALL) -> str:
    torch.manual_seed(seed)
    skeleton: Skeleton = smpl_skeleton()
    statistics = Statistics(np.zeros(NUM_FEATURES), np.ones(NUM_FEATURES))
    weights = {key: torch.randn_like(value) for key, value in Denoiser(config).state_dict().items()}
    save_generator(folder, weights, config, statistics, skeleton, name="small", licence=licence, training={})
    return str(folder)


def test_weights_lie_half_way(tmp_path: Path) -> None:
    names = [model(tmp_path / "a", 1), model(tmp_path / "b", 2)]
    first, second = (load_generator(name).denoiser.state_dict() for name in names)
    found = load_generator(str(average(names, tmp_path / "mean"))).denoiser.state_dict()
    for key, value in found.items():
        torch.testing.assert_close(value, (first[key] + second[key]) / 2, atol=4e-3, rtol=2e-3)
    assert not torch.allclose(first["part_bias"], found["part_bias"], atol=1e-2)


def test_what_cannot_be_averaged_is_refused(tmp_path: Path) -> None:
    first = model(tmp_path / "a", 1)
    with pytest.raises(BadInput, match="two models or more"):
        average([first], tmp_path / "mean")
    with pytest.raises(BadInput, match="different kinds"):
        average([first, model(tmp_path / "b", 2, config=DenoiserConfig(width=16, depth=1, heads=2))], tmp_path / "mean")
    with pytest.raises(BadInput, match="is under"):
        average([first, model(tmp_path / "c", 2, licence="CC-BY-4.0")], tmp_path / "mean")
    assert not (tmp_path / "mean").exists()
