"""Which of the training set's actions a clip shows: a small temporal convolution network over joint positions.

It judges generated motion, so it is trained on real clips only and must not be led astray by small differences
between real and generated motion: training adds noise, smoothing, other tempos, mirroring and cropping.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from motion.core import BadFile, BadInput, Motion
from motion.core.progress import Progress, silent
from motion.understanding.joints import NUM_JOINT_FEATURES, augmented, joint_features, middle, padded, sampled_positions

Array = NDArray[np.floating]

#: Clips per training step.
BATCH = 64


def mirrored_name(content: str) -> str:
    """The content of the mirrored clip: ``wave-left-hand`` for ``wave-right-hand``."""
    words = {"left": "right", "right": "left"}
    return "-".join(words.get(word, word) for word in content.split("-"))


class ActionNetwork(nn.Module):
    """Residual temporal convolutions, then mean and maximum over the clip's frames."""

    def __init__(self, num_contents: int, width: int = 96, depth: int = 4) -> None:
        super().__init__()
        self.first = nn.Conv1d(NUM_JOINT_FEATURES, width, 5, padding=2)
        self.blocks = nn.ModuleList(nn.Conv1d(width, width, 5, padding=2 * 2**i, dilation=2**i) for i in range(depth))
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(depth))
        self.drop = nn.Dropout(0.2)
        self.last = nn.Linear(2 * width, num_contents)

    def forward(self, positions: Tensor, lengths: Tensor) -> Tensor:
        """Logits (B, C) of positions (B, T, 22, 3) in metres, of which the first ``lengths (B,)`` frames count."""
        valid = torch.arange(positions.shape[1], device=positions.device)[None] < lengths[:, None]
        mask = valid[:, None].to(positions.dtype)
        hidden = self.first(joint_features(positions).transpose(1, 2) * mask)
        for block, norm in zip(self.blocks, self.norms, strict=True):
            normal = norm(hidden.transpose(1, 2)).transpose(1, 2)
            hidden = hidden + nn.functional.gelu(block(normal * mask))
        mean = (hidden * mask).sum(-1) / lengths[:, None]
        most = hidden.masked_fill(mask == 0, -torch.inf).amax(-1)
        return self.last(self.drop(torch.cat([mean, most], dim=-1)))


@dataclass(frozen=True)
class Classifier:
    """A trained network and the contents its outputs stand for."""

    network: ActionNetwork
    contents: tuple[str, ...]

    def probabilities(self, positions: Sequence[Array]) -> Array:
        """(N, C) probability of each content for joint positions (T, 22, 3) at ``RATE``.

        Of a clip longer than 8 s the middle is judged.
        """
        with torch.inference_mode():
            logits = [self.network(*padded([middle(points)])) for points in positions]
        return torch.cat(logits).softmax(-1).numpy() if logits else np.zeros((0, len(self.contents)))

    def names_of_positions(self, positions: Sequence[Array]) -> list[str]:
        """The most probable content of each clip, given as for ``probabilities``."""
        return [self.contents[best] for best in self.probabilities(positions).argmax(axis=1)]

    def names(self, clips: Sequence[Motion]) -> list[str]:
        """The most probable content of each clip."""
        return self.names_of_positions([sampled_positions(clip) for clip in clips])

    def accuracy(self, clips: Sequence[Motion], contents: Sequence[str]) -> float:
        """Share of clips whose most probable content is the right one."""
        return float(np.mean([found == right for found, right in zip(self.names(clips), contents, strict=True)]))

    def save(self, path: Path) -> None:
        """Write weights and contents; read back by ``load_classifier``."""
        temporary = path.with_name(path.name + ".tmp")
        save_file(self.network.state_dict(), temporary, metadata={"contents": json.dumps(self.contents)})
        os.replace(temporary, path)


def load_classifier(path: Path) -> Classifier:
    """A classifier written by ``Classifier.save``; raises ``BadFile`` for anything else."""
    try:
        with safe_open(path, framework="pt") as file:
            contents = tuple(json.loads((file.metadata() or {})["contents"]))
            state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
        network = ActionNetwork(len(contents))
        network.load_state_dict(state)
    except (KeyError, ValueError, RuntimeError, SafetensorError) as error:
        raise BadFile(path, f"not a saved action classifier: {error}") from error
    return Classifier(network.eval(), contents)


def train_classifier(
    clips: Sequence[Array], contents: Sequence[str], *, steps: int = 500, seed: int = 0, progress: Progress = silent
) -> Classifier:
    """Train on joint positions ``(T, 22, 3)`` of real clips at ``RATE`` (``sampled_positions``) and their contents.

    About 0.1 s a step on one core. Raises ``BadInput`` without clips.
    """
    if not clips:
        raise BadInput("a classifier needs labelled clips to train on; got none")
    names = tuple(sorted(set(contents)))
    target = np.array([names.index(content) for content in contents])
    mirror = np.array([names.index(mirrored_name(n)) if mirrored_name(n) in names else -1 for n in names])
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    network = ActionNetwork(len(names)).train()
    optimiser = torch.optim.AdamW(network.parameters(), lr=2e-3, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=steps, pct_start=0.1)
    share = np.bincount(target)[target] ** -0.7  # between every clip alike and every content alike
    share = share / share.sum()
    for step in range(steps):
        chosen = rng.choice(len(clips), BATCH, p=share)
        flips = (rng.random(BATCH) < 0.5) & (mirror[target[chosen]] >= 0)
        batch = [augmented(clips[i], rng, flip) for i, flip in zip(chosen, flips, strict=True)]
        wanted = np.where(flips, mirror[target[chosen]], target[chosen])
        loss = nn.functional.cross_entropy(network(*padded(batch)), torch.from_numpy(wanted), label_smoothing=0.05)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        progress("classifier", (step + 1) / steps)
    return Classifier(network.eval(), names)
