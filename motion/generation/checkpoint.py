"""Model folders: ``config.json`` (what the weights are) and ``weights.safetensors`` (fp16), checked by sha256."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save

from motion.core.errors import BadFile, MotionError
from motion.core.skeleton import Skeleton
from motion.formats.atomic import write_bytes, write_text
from motion.generation.denoiser import Denoiser, DenoiserConfig
from motion.generation.known import Known, load_known
from motion.generation.taught_word import TaughtWord
from motion.representation.layout import NUM_FEATURES
from motion.representation.normalisation import Statistics
from motion.representation.spline import KNOT_RATE
from motion.resources import check_sha256, model_folder

WEIGHTS = "weights.safetensors"


#: Sampling steps that a distilled model is made for, at most, and those of one that is not.
FEW_STEPS, MANY_STEPS = 4, 10


@dataclass(frozen=True)
class Generator:
    """A trained denoiser with all that is needed to make motion of its output.

    Attributes:
        denoiser: the network, in evaluation mode.
        statistics: scales of its features.
        skeleton: the SMPL skeleton it was trained for.
        info: name, sha256 of the weights, licence.
        known: what it was trained on, in words; None where the model came without.
        distilled: whether it takes the strength of guidance as an input, and few steps.
        teacher: the model it was distilled from, for ``load_generator``; None: it was not, or nobody says.
        words: what was taught beside; they change nothing where a prompt does not say them.
    """

    denoiser: Denoiser
    statistics: Statistics
    skeleton: Skeleton
    info: dict[str, str]
    known: Known | None = None
    distilled: bool = False
    teacher: str | None = None
    words: tuple[TaughtWord, ...] = ()

    @property
    def steps(self) -> int:
        """The sampling steps it is made for."""
        return FEW_STEPS if self.distilled else MANY_STEPS


def load_generator(name: str = "stride-nc", network: type[Denoiser] = Denoiser) -> Generator:
    """Load a shipped model by name, or a model folder by path; weights with a wrong checksum are refused."""
    folder = model_folder(name)
    config = _read_config(folder)
    weights = folder / WEIGHTS
    if not weights.is_file():
        raise BadFile(folder, f"is not a model folder: {WEIGHTS} is missing")
    try:
        info = {key: str(config[key]) for key in ("name", "sha256", "licence")}
        check_sha256(weights, info["sha256"])
        denoiser = network(DenoiserConfig(**config["denoiser"]))
        denoiser.load_state_dict({k: v.float() for k, v in load_file(weights).items()})
        statistics = Statistics(np.array(config["mean"]), np.array(config["scale"]))
        skeleton = Skeleton(tuple(config["joint_names"]), np.array(config["parents"]), np.array(config["rest_offsets"]))
    except MotionError:  # a wrong checksum or skeleton, told as such
        raise
    except (KeyError, TypeError, ValueError, ArithmeticError, RuntimeError, SafetensorError) as error:
        raise BadFile(folder, f"config and weights do not fit together ({type(error).__name__})") from error
    distilled, teacher = bool(config.get("distilled")), config.get("teacher")
    return Generator(
        denoiser.eval(), statistics, skeleton, info, load_known(folder), distilled, str(teacher) if teacher else None
    )


def load_for_steps(name: str, steps: int | None) -> Generator:
    """``load_generator``, but of a distilled model its teacher for more than ``FEW_STEPS``: it is better then."""
    generator = load_generator(name)
    return load_generator(generator.teacher) if generator.teacher and (steps or 0) > FEW_STEPS else generator


def _read_config(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    try:
        config = json.loads(path.read_text())
    except FileNotFoundError:
        raise BadFile(folder, "is not a model folder: config.json is missing") from None
    except (OSError, ValueError, RecursionError) as error:
        raise BadFile(path, f"is not JSON ({error})") from error
    if not isinstance(config, dict):
        raise BadFile(path, "must hold an object, as 'stride train' writes it")
    if config.get("num_features") != NUM_FEATURES or config.get("knot_rate") != KNOT_RATE:
        raise BadFile(path, "was trained for another feature layout; use the version of Stride that made it")
    return config


def save_generator(
    folder: Path,
    weights: dict[str, torch.Tensor],
    config: DenoiserConfig,
    statistics: Statistics,
    skeleton: Skeleton,
    *,
    name: str,
    licence: str,
    training: dict[str, Any],
    distilled: bool = False,
    teacher: str | None = None,
) -> None:
    """Write a model folder; each file is replaced in one step."""
    folder.mkdir(parents=True, exist_ok=True)
    content = save({k: v.detach().to("cpu", torch.float16).contiguous() for k, v in weights.items()})
    description = {
        "name": name,
        "licence": licence,
        "sha256": hashlib.sha256(content).hexdigest(),
        "num_features": NUM_FEATURES,
        "knot_rate": KNOT_RATE,
        "denoiser": asdict(config),
        "distilled": distilled,
        "teacher": teacher,
        "training": training,
        "joint_names": skeleton.joint_names,
        "parents": skeleton.parents.tolist(),
        "rest_offsets": skeleton.rest_offsets.round(6).tolist(),
        "mean": statistics.mean.round(6).tolist(),
        "scale": statistics.scale.round(6).tolist(),
    }
    write_bytes(folder / WEIGHTS, content)
    write_text(folder / "config.json", json.dumps(description, indent=1) + "\n")
