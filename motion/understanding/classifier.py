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

Array = NDArray[np.floating]

#: The network sees joint positions at this rate, at most so many frames, of so many joints (SMPL without hands).
RATE = 12.5
MAX_FRAMES = 100
NUM_JOINTS = 22

#: Clips per training step.
BATCH = 64

#: SMPL's 22 joints, left and right exchanged.
_MIRROR = [0, 2, 1, 3, 5, 4, 6, 8, 7, 9, 11, 10, 12, 14, 13, 15, 17, 16, 19, 18, 21, 20]
_LEFT_HIP, _RIGHT_HIP, _LEFT_SHOULDER, _RIGHT_SHOULDER = 1, 2, 16, 17


def mirrored_name(content: str) -> str:
    """The content of the mirrored clip: ``wave-left-hand`` for ``wave-right-hand``."""
    words = {"left": "right", "right": "left"}
    return "-".join(words.get(word, word) for word in content.split("-"))


def sampled_positions(clip: Motion) -> Array:
    """(T, 22, 3) float32 m, joint positions at ``RATE``."""
    times = np.arange(0.0, (clip.num_frames - 1) / clip.fps + 1e-6, 1.0 / RATE)
    return clip.sampled_at(times, RATE).joint_positions()[:, :NUM_JOINTS].astype(np.float32)


def features(positions: Tensor) -> Tensor:
    """(B, T, 136): what the network sees of joint positions (B, T, 22, 3) in metres.

    Per frame the positions relative to the root on the ground and to the heading of hips and shoulders, their
    velocities in m/s, the root's ground velocity in that frame and the turning speed in rad/s.
    """
    across = positions[:, :, _LEFT_HIP] - positions[:, :, _RIGHT_HIP]
    across = across + positions[:, :, _LEFT_SHOULDER] - positions[:, :, _RIGHT_SHOULDER]
    x, _, z = (across / across[..., [0, 2]].norm(dim=-1, keepdim=True).clamp_min(1e-6)).unbind(-1)
    zero, one = torch.zeros_like(x), torch.ones_like(x)
    to_local = torch.stack([x, zero, z, zero, one, zero, -z, zero, x], dim=-1).unflatten(-1, (3, 3))
    root = positions[:, :, :1] * positions.new_tensor([1.0, 0.0, 1.0])
    local = torch.einsum("btij,btkj->btki", to_local, positions - root)
    travel = torch.einsum("btij,btj->bti", to_local[:, 1:], (root[:, 1:] - root[:, :-1])[:, :, 0]) * RATE
    turn = (x[:, 1:] * z[:, :-1] - z[:, 1:] * x[:, :-1]).clamp(-1, 1).asin() * RATE
    rates = torch.cat([(local[:, 1:] - local[:, :-1]).flatten(2) * RATE, travel, turn[..., None]], dim=-1)
    return torch.cat([local.flatten(2) * 3.0, nn.functional.pad(0.5 * rates, (0, 0, 1, 0), mode="replicate")], dim=-1)


class ActionNetwork(nn.Module):
    """Residual temporal convolutions, then mean and maximum over the clip's frames."""

    def __init__(self, num_contents: int, width: int = 96, depth: int = 4) -> None:
        super().__init__()
        self.first = nn.Conv1d(NUM_JOINTS * 6 + 4, width, 5, padding=2)
        self.blocks = nn.ModuleList(nn.Conv1d(width, width, 5, padding=2 * 2**i, dilation=2**i) for i in range(depth))
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(depth))
        self.drop = nn.Dropout(0.2)
        self.last = nn.Linear(2 * width, num_contents)

    def forward(self, positions: Tensor, lengths: Tensor) -> Tensor:
        """Logits (B, C) of positions (B, T, 22, 3) in metres, of which the first ``lengths (B,)`` frames count."""
        valid = torch.arange(positions.shape[1], device=positions.device)[None] < lengths[:, None]
        mask = valid[:, None].to(positions.dtype)
        hidden = self.first(features(positions).transpose(1, 2) * mask)
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
            logits = [self.network(*_batch([_middle(points)])) for points in positions]
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
        loss = nn.functional.cross_entropy(network(*_batch(batch)), torch.from_numpy(wanted), label_smoothing=0.05)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        progress("classifier", (step + 1) / steps)
    return Classifier(network.eval(), names)


def augmented(positions: Array, rng: np.random.Generator, flip: bool) -> Array:
    """A random variant of (T, 22, 3): mirrored, another tempo, cropped, noisier or smoother, larger or smaller."""
    if flip:
        positions = positions[:, _MIRROR] * np.array([-1.0, 1.0, 1.0], dtype=np.float32)
    whole = len(positions) / rng.uniform(0.85, 1.2)
    kept = min(whole * rng.uniform(0.8, 1.0), MAX_FRAMES)
    first = rng.uniform(0.0, max(whole - kept, 0.0))
    frame = np.linspace(first, first + kept, max(4, round(kept))) * (len(positions) - 1) / whole
    low = np.clip(frame.astype(int), 0, max(0, len(positions) - 2))
    weight = (frame - low)[:, None, None].astype(np.float32)
    result = positions[low] * (1 - weight) + positions[np.minimum(low + 1, len(positions) - 1)] * weight
    if rng.random() < 0.4:
        result = _smoothed(result, int(rng.integers(1, 3)))
    if rng.random() < 0.7:
        result = result + _noise(result.shape, rng)
    return (result * rng.uniform(0.93, 1.07)).astype(np.float32)


def _noise(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """A constant displacement of every joint, and a shaking one, as an imperfect generator makes."""
    constant = rng.normal(0, rng.uniform(0, 0.02), size=(1, *shape[1:]))
    shaking = _smoothed(rng.normal(0, rng.uniform(0, 0.02), size=shape), int(rng.integers(0, 3)))
    return constant + shaking


def _smoothed(values: Array, times: int) -> Array:
    """Values averaged along the first axis with their neighbours, ``times`` times over."""
    for _ in range(times):
        padded = np.concatenate([values[:1], values, values[-1:]])
        values = 0.25 * padded[:-2] + 0.5 * padded[1:-1] + 0.25 * padded[2:]
    return values


def _middle(positions: Array) -> Array:
    first = max(0, (len(positions) - MAX_FRAMES) // 2)
    return positions[first : first + MAX_FRAMES]


def _batch(clips: Sequence[Array]) -> tuple[Tensor, Tensor]:
    """Clips of any length padded with their last frame to (B, T, 22, 3), and their lengths (B,)."""
    longest = max(len(clip) for clip in clips)
    padded = [np.concatenate([clip, np.repeat(clip[-1:], longest - len(clip), axis=0)]) for clip in clips]
    return torch.from_numpy(np.stack(padded)), torch.tensor([len(clip) for clip in clips])
