"""What the networks here see of a person: the positions of 22 joints, at one rate, in whatever place and heading."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from motion.core import Motion

Array = NDArray[np.floating]

#: Joint positions are seen at this rate, at most so many frames, of so many joints (SMPL without hands).
RATE = 12.5
MAX_FRAMES = 100
NUM_JOINTS = 22

#: Numbers per frame that ``joint_features`` makes of them.
NUM_JOINT_FEATURES = NUM_JOINTS * 6 + 4

#: SMPL's 22 joints, left and right exchanged.
_MIRROR = [0, 2, 1, 3, 5, 4, 6, 8, 7, 9, 11, 10, 12, 14, 13, 15, 17, 16, 19, 18, 21, 20]
_LEFT_HIP, _RIGHT_HIP, _LEFT_SHOULDER, _RIGHT_SHOULDER = 1, 2, 16, 17


def sampled_positions(clip: Motion) -> Array:
    """(T, 22, 3) float32 m, joint positions at ``RATE``."""
    times = np.arange(0.0, (clip.num_frames - 1) / clip.fps + 1e-6, 1.0 / RATE)
    return clip.sampled_at(times, RATE).joint_positions()[:, :NUM_JOINTS].astype(np.float32)


def joint_features(positions: Tensor) -> Tensor:
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


def middle(positions: Array) -> Array:
    """At most ``MAX_FRAMES`` frames from the middle."""
    first = max(0, (len(positions) - MAX_FRAMES) // 2)
    return positions[first : first + MAX_FRAMES]


def padded(clips: Sequence[Array]) -> tuple[Tensor, Tensor]:
    """Clips of any length padded with their last frame to (B, T, 22, 3), and their lengths (B,)."""
    longest = max(len(clip) for clip in clips)
    filled = [np.concatenate([clip, np.repeat(clip[-1:], longest - len(clip), axis=0)]) for clip in clips]
    return torch.from_numpy(np.stack(filled)), torch.tensor([len(clip) for clip in clips])
