"""A person's own frame: where they are and where they head to; and what the network reads of it."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

#: A step counts this much less for the heading than the step after it.
FADING = 0.5

#: Who moved less than this in all, m, has no heading.
STANDING_M = 0.02


@dataclass(frozen=True)
class Batch:
    """Windows as tensors, in metres, on the ground; shapes as in ``Windows``."""

    past: Tensor
    seen: Tensor
    future: Tensor
    around: Tensor
    around_seen: Tensor


@dataclass(frozen=True)
class Frame:
    """Of N people: origin (N, 2) m and turn (N, 2, 2), the matrix that takes world to own (column vectors)."""

    origin: Tensor
    turn: Tensor

    def own(self, points: Tensor) -> Tensor:
        """World points (N, ..., 2) in each person's frame."""
        lead = (slice(None),) + (None,) * (points.ndim - 2)
        return torch.einsum("nij,n...j->n...i", self.turn, points - self.origin[lead])

    def world(self, points: Tensor) -> Tensor:
        """Points (N, ..., 2) of each person's frame in the world."""
        lead = (slice(None),) + (None,) * (points.ndim - 2)
        return torch.einsum("nji,n...j->n...i", self.turn, points) + self.origin[lead]


def filled(past: Tensor, seen: Tensor) -> Tensor:
    """``past`` (..., T, 2) where not ``seen`` (..., T): bridged to the next sight, which the first ones stand at."""
    out = past.clone()
    for t in range(past.shape[-2] - 2, -1, -1):
        out[..., t, :] = torch.where(seen[..., t, None], past[..., t, :], out[..., t + 1, :])
    return out


def own_frame(past: Tensor, jitter: Tensor | None = None) -> Frame:
    """The frame at the last of ``past`` (N, T, 2) m, x along the recent way; ``jitter`` (N,) rad is added to it."""
    steps = past[:, 1:] - past[:, :-1]
    weights = FADING ** torch.arange(steps.shape[1] - 1, -1, -1, dtype=past.dtype, device=past.device)
    way = (steps * weights[:, None]).sum(dim=1)
    angle = torch.atan2(way[:, 1], way[:, 0])
    angle = torch.where(steps.norm(dim=-1).sum(dim=-1) > STANDING_M, angle, torch.zeros_like(angle))
    if jitter is not None:
        angle = angle + jitter
    cos, sin = angle.cos(), angle.sin()
    turn = torch.stack([torch.stack([cos, sin], -1), torch.stack([-sin, cos], -1)], -2)
    return Frame(past[:, -1], turn)


def told(past: Tensor, seen: Tensor) -> Tensor:
    """What the network reads of a past (..., T, 2) m in somebody's frame: (..., PERSON)."""
    steps = past[..., 1:, :] - past[..., :-1, :]
    return torch.cat([past.flatten(-2), steps.flatten(-2), seen.to(past.dtype)], dim=-1)


def read(batch: Batch, jitter: Tensor | None = None) -> tuple[Frame, tuple[Tensor, Tensor, Tensor]]:
    """The frame of each person and the three inputs of ``ForecastNetwork``."""
    past = filled(batch.past, batch.seen)
    frame = own_frame(past, jitter)
    nobody = ~batch.around_seen[..., -1]
    around = frame.own(filled(batch.around, batch.around_seen))
    around = torch.where(nobody[..., None, None], torch.zeros_like(around), around)
    return frame, (told(frame.own(past), batch.seen), told(around, batch.around_seen), nobody)
