"""Folders of trained forecasters: ``config.json`` (what they are), ``weights.safetensors`` (fp16), sha256 checked."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save

from motion.core.errors import BadFile, MotionError
from motion.forecasting.calibration import Calibration
from motion.forecasting.forecaster import TrainedForecaster
from motion.forecasting.model import ForecastConfig, ForecastNetwork
from motion.formats.atomic import write_bytes, write_text
from motion.resources import check_sha256, model_folder

WEIGHTS = "weights.safetensors"

#: The shipped forecaster that is trained on every scene of ETH and UCY; ``forecaster-eth`` and so on leave one out.
DEFAULT = "forecaster-all"

LARGEST_CONFIG = 100_000


def load_forecaster(name: str = DEFAULT) -> TrainedForecaster:
    """Load a shipped forecaster by name, or a folder of ``stride train forecaster`` by path.

    Raises ``UnknownName``, or ``BadFile`` for weights with a wrong checksum or a config that does not fit them.
    """
    folder = model_folder(name)
    path, weights = folder / "config.json", folder / WEIGHTS
    if not path.is_file() or not weights.is_file():
        raise BadFile(folder, f"is not the folder of a forecaster: it needs config.json and {WEIGHTS}")
    try:
        if path.stat().st_size > LARGEST_CONFIG:
            raise BadFile(path, "is too large for the config of a forecaster")
        config = json.loads(path.read_text(encoding="utf-8"))
        info = {key: str(config[key]) for key in ("name", "sha256", "licence")}
        check_sha256(weights, info["sha256"])
        network = ForecastNetwork(ForecastConfig(**config["network"]))
        network.load_state_dict({key: value.float() for key, value in load_file(weights).items()})
        calibration = Calibration(**{key: _number(value) for key, value in config["calibration"].items()})
    except MotionError:
        raise
    except (OSError, KeyError, TypeError, ValueError, AttributeError, RuntimeError, SafetensorError) as error:
        raise BadFile(folder, f"config and weights do not fit together ({type(error).__name__})") from error
    return TrainedForecaster(network.eval(), calibration, info)


def save_forecaster(
    folder: Path,
    weights: dict[str, torch.Tensor],
    network: ForecastConfig,
    calibration: Calibration,
    *,
    name: str,
    licence: str,
    training: dict[str, Any],
) -> None:
    """Write a folder; each file is replaced in one step."""
    folder.mkdir(parents=True, exist_ok=True)
    content = save({key: value.detach().to("cpu", torch.float16).contiguous() for key, value in weights.items()})
    description = {
        "name": name,
        "licence": licence,
        "sha256": hashlib.sha256(content).hexdigest(),
        "network": asdict(network),
        "calibration": asdict(calibration),
        "training": training,
    }
    write_bytes(folder / WEIGHTS, content)
    write_text(folder / "config.json", json.dumps(description, indent=1) + "\n")


def recalibrated(folder: Path, calibration: Calibration) -> None:
    """Put another calibration into a folder that ``save_forecaster`` wrote; raises ``BadFile``."""
    load_forecaster(str(folder))
    path = folder / "config.json"
    description = json.loads(path.read_text(encoding="utf-8"))
    write_text(path, json.dumps({**description, "calibration": asdict(calibration)}, indent=1) + "\n")


def _number(value: object) -> Any:
    return tuple(float(x) for x in value) if isinstance(value, list) else float(value)  # type: ignore[arg-type]
