"""The mean of trained models: one that was trained on, averaged with where it began, keeps what both know."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from motion.core.errors import BadInput
from motion.generation.checkpoint import Generator, load_generator, save_generator


def average(names: Sequence[str], out: Path, name: str | None = None) -> Path:
    """Write the model whose weights are the means of others' (Wortsman et al. 2022, model soups); returns ``out``.

    Args:
        names: two or more models, or model folders, of which one was trained on from another or all from a third;
            its known phrases are those of the last.
        out: the model folder.
        name: of the model; None: the first one's, whose licence and teacher it has, too.

    Raises:
        BadInput: fewer than two models, or networks, scales or licences that differ.
        BadFile: a model that cannot be read.
    """
    if len(names) < 2:
        raise BadInput(f"an average is taken of two models or more, got {len(names)}")
    models = [load_generator(one) for one in names]
    first, *others = models
    for path, other in zip(names[1:], others, strict=True):
        _check_alike(names[0], first, path, other)
    states = [model.denoiser.state_dict() for model in models]
    save_generator(
        out,
        {key: torch.stack([state[key].float() for state in states]).mean(dim=0) for key in states[0]},
        first.denoiser.config,
        first.statistics,
        first.skeleton,
        name=name or first.info["name"],
        licence=first.info["licence"],
        training={"average_of": [model.info["sha256"] for model in models]},
        distilled=first.distilled,
        teacher=first.teacher,
    )
    known = models[-1].known
    if known is not None:
        known.save(out)
    return out


def _check_alike(path: str, first: Generator, other_path: str, other: Generator) -> None:
    if first.denoiser.config != other.denoiser.config or first.distilled != other.distilled:
        raise BadInput(f"{path} and {other_path} are networks of different kinds; an average needs the same one")
    same = np.allclose(first.statistics.mean, other.statistics.mean) and np.allclose(
        first.statistics.scale, other.statistics.scale
    )
    if not same:
        raise BadInput(f"{path} and {other_path} scale their features differently; one must come from the other")
    if first.info["licence"] != other.info["licence"]:
        raise BadInput(f"{path} is under {first.info['licence']}, {other_path} under {other.info['licence']}")
