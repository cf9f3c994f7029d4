"""One space for sentences and movements: two encoders trained to put a clip and what is said of it close together.

After TMR (Petrovich et al. 2023), without its decoder; the sentence side reads the token states of the frozen sentence
encoder. Embeddings have unit length, so that a dot product is a cosine.

Shape suffixes: B batch, T frames, L words, E token width, W width.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn

from motion.core import BadFile, Motion
from motion.formats.atomic import write_bytes, write_text
from motion.networks.layers import EncoderBlock, Standardised, rotary
from motion.networks.text_encoder import Encoded, text_encoder
from motion.resources import asset, check_sha256, sha256_of
from motion.understanding.joints import (
    MAX_FRAMES,
    NUM_JOINT_FEATURES,
    RATE,
    joint_features,
    middle,
    padded,
    sampled_positions,
)

Array = NDArray[np.floating]

#: Clips that are embedded at once.
BATCH = 64

WEIGHTS, CONFIG = "weights.safetensors", "config.json"


@dataclass(frozen=True)
class EncoderConfig:
    """Size of the two encoders; ``embedding`` is the width of the common space."""

    width: int = 192
    depth: int = 4
    text_depth: int = 2
    heads: int = 4
    text_width: int = 384
    embedding: int = 64
    dropout: float = 0.1


class _Pooled(nn.Module):
    """Blocks over a sequence, then its mean and maximum as one vector of unit length."""

    def __init__(self, config: EncoderConfig, depth: int) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(EncoderBlock(config.width, config.heads, config.dropout) for _ in range(depth))
        self.norm = nn.LayerNorm(config.width)
        self.last = nn.Linear(2 * config.width, config.embedding)

    def forward(self, x_BNW: Tensor, mask_BN: Tensor, tables: tuple[Tensor, Tensor] | None = None) -> Tensor:
        for block in self.blocks:
            x_BNW = block(x_BNW, mask_BN, tables)
        x_BNW = self.norm(x_BNW)
        there = mask_BN[..., None]
        mean = (x_BNW * there).sum(1) / there.sum(1)
        most = x_BNW.masked_fill(~there, -torch.inf).amax(1)
        return F.normalize(self.last(torch.cat([mean, most], dim=-1)).float(), dim=-1)


class JointEncoder(nn.Module):
    """Sentences and movements to unit vectors (B, embedding)."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.config = config
        self.movement_in = nn.Linear(NUM_JOINT_FEATURES, config.width)
        self.movement = _Pooled(config, config.depth)
        self.words_in = Standardised(config.text_width, nn.Linear(config.text_width, config.width))
        self.words = _Pooled(config, config.text_depth)

    def embed_movement(self, positions: Tensor, lengths: Tensor) -> Tensor:
        """Of joint positions (B, T, 22, 3) in metres at ``RATE``, of which the first ``lengths`` (B,) frames count."""
        frames = torch.arange(positions.shape[1], device=positions.device)
        tables = rotary(frames / RATE, self.config.width // self.config.heads // 2)
        return self.movement(self.movement_in(joint_features(positions)), frames[None] < lengths[:, None], tables)

    def embed_words(self, words_BLE: Tensor, mask_BL: Tensor) -> Tensor:
        """Of the sentence encoder's token states (B, L, 384), which already know their places."""
        return self.words(self.words_in(words_BLE), mask_BL)


@dataclass(frozen=True)
class TextMotionEncoder:
    """Trained encoders with the model's name and sha256."""

    network: JointEncoder
    info: dict[str, str]

    @torch.inference_mode()
    def clips(self, clips: Sequence[Motion]) -> Array:
        """(N, embedding) of clips of the SMPL skeleton; of one longer than 8 s the middle counts."""
        return self.positions([sampled_positions(clip) for clip in clips])

    @torch.inference_mode()
    def positions(self, positions: Sequence[Array]) -> Array:
        """(N, embedding) of joint positions (T, 22, 3) at ``RATE``."""
        parts = [
            self.network.embed_movement(*padded([middle(points) for points in positions[i : i + BATCH]]))
            for i in range(0, len(positions), BATCH)
        ]
        return torch.cat(parts).numpy() if parts else np.zeros((0, self.network.config.embedding))

    @torch.inference_mode()
    def texts(self, texts: Sequence[str]) -> Array:
        """(N, embedding) of sentences."""
        if not texts:
            return np.zeros((0, self.network.config.embedding))
        if len(texts) <= BATCH:
            return self.encoded(text_encoder().encode(list(texts)))
        library, rows = text_encoder().encode_many(texts), torch.arange(len(texts)).split(4 * BATCH)
        return np.concatenate([self.encoded(library[chosen]) for chosen in rows])

    @torch.inference_mode()
    def encoded(self, encoded: Encoded) -> Array:
        """(N, embedding) of sentences that the sentence encoder has read already."""
        return self.network.embed_words(encoded.words, encoded.mask).numpy()

    def save(self, folder: Path, training: dict[str, object]) -> None:
        """Write a model folder; read back by ``load_encoder``."""
        folder.mkdir(parents=True, exist_ok=True)
        content = save({k: v.detach().half().contiguous() for k, v in self.network.state_dict().items()})
        write_bytes(folder / WEIGHTS, content)
        description = {**self.info, "sha256": sha256_of(folder / WEIGHTS), "rate": RATE, "max_frames": MAX_FRAMES}
        description |= {"network": asdict(self.network.config), "training": training}
        write_text(folder / CONFIG, json.dumps(description, indent=1) + "\n")


def load_encoder(folder: Path | None = None) -> TextMotionEncoder:
    """The shipped encoder, or the one in a model folder; weights with a wrong checksum are refused."""
    folder = folder or asset("models", "text-motion-encoder")
    try:
        config = json.loads((folder / CONFIG).read_text())
        check_sha256(folder / WEIGHTS, config["sha256"])
        network = JointEncoder(EncoderConfig(**config["network"]))
        network.load_state_dict({k: v.float() for k, v in load((folder / WEIGHTS).read_bytes()).items()})
        info = {"name": config["name"], "sha256": config["sha256"], "licence": config["licence"]}
    except BadFile:  # a wrong checksum, told as such
        raise
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise BadFile(folder, f"is not a folder of a text-motion encoder ({type(error).__name__})") from error
    return TextMotionEncoder(network.eval(), info)
