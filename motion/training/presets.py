"""Training presets: functions that return a config. The options of the command line override single fields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from motion.generation.denoiser import DenoiserConfig


@dataclass(frozen=True)
class TrainConfig:
    """How a generator is trained.

    Attributes:
        name: of the model.
        licence: of the weights.
        sources: the corpora it may see; empty means all.
        denoiser: size of the network.
        steps: optimiser steps in all.
        controls_per_batch: control points in a batch (a 6-s clip has 63).
        learning_rate: AdamW's, after ``warmup`` steps and until ``decay_share`` of the steps are left.
        decay_share: share of the steps at the end over which the learning rate falls to zero.
        detail: between these shares of the steps the losses of detail rise from nothing to their full weight.
        ema: decay of the averaged weights.
        plausible: whether composed clips are checked by the shipped encoder, and the implausible left out.
        seed: of everything.
    """

    name: str
    licence: str
    sources: tuple[str, ...] = ()
    denoiser: DenoiserConfig = field(default_factory=DenoiserConfig)
    steps: int = 24_000
    controls_per_batch: int = 1024
    learning_rate: float = 1e-3
    weight_decay: float = 0.02
    warmup: int = 200
    decay_share: float = 0.3
    detail: tuple[float, float] = (0.45, 0.6)
    ema: float = 0.999
    plausible: bool = True
    seed: int = 0


def stride_nc() -> TrainConfig:
    """All sources at hand, on two CPU cores in about an hour and a half: the shipped weights."""
    return TrainConfig(name="stride-nc", licence="CC-BY-NC-4.0")


def stride_open() -> TrainConfig:
    """Only recordings that may be used for everything (HDM05's licence asks the same of what is made of it)."""
    return TrainConfig(
        name="stride-open",
        licence="CC-BY-SA-4.0",
        sources=("cmu", "hdm05"),
        denoiser=DenoiserConfig(width=128, depth=6, dropout=0.15),
        steps=7000,
        plausible=False,  # the encoder that would judge was trained on other recordings, too
    )


def stride_nc_gpu() -> TrainConfig:
    """The same recipe, larger, for one GPU; not yet timed on one."""
    return TrainConfig(
        name="stride-nc",
        licence="CC-BY-NC-4.0",
        denoiser=DenoiserConfig(width=256, depth=10, heads=8, patch=2, dropout=0.15),
        steps=20_000,
        controls_per_batch=16_384,
    )


def few_steps() -> TrainConfig:
    """The distilled model: from a teacher's weights, on two CPU cores in about forty minutes."""
    return TrainConfig(
        name="stride-nc",
        licence="CC-BY-NC-4.0",
        steps=3000,
        learning_rate=3e-4,
        warmup=100,
        decay_share=0.5,
        ema=0.995,
        detail=(-1.0, 0.0),
    )


def mdm() -> TrainConfig:
    """The baseline: as many clips a step, of the same length, for as many steps as ``stride-nc``."""
    denoiser = DenoiserConfig(width=256, depth=8, patch=1, max_controls=124)
    return TrainConfig(name="mdm", licence="CC-BY-NC-4.0", denoiser=denoiser, controls_per_batch=1984)


def tiny() -> TrainConfig:
    """A network for tests: it learns nothing useful, quickly."""
    return TrainConfig(
        name="tiny",
        licence="CC0-1.0",
        denoiser=DenoiserConfig(width=32, depth=2, heads=2, dropout=0.0),
        steps=4,
        controls_per_batch=256,
        warmup=1,
        detail=(-1.0, 0.0),
        plausible=False,
    )


PRESETS: dict[str, Callable[[], TrainConfig]] = {
    "stride-nc": stride_nc,
    "stride-open": stride_open,
    "stride-nc-gpu": stride_nc_gpu,
    "few-steps": few_steps,
    "mdm": mdm,
    "tiny": tiny,
}
