"""What the denoiser is trained to make small."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from roma import special_gramschmidt
from torch import Tensor

from motion.core.skeleton import Skeleton
from motion.representation.layout import LIMBS, NUM_FEATURES, PARTS, ROOT

#: Weights of first and second differences of the control points.
VELOCITY, ACCELERATION = 1.0, 0.5

#: Weight of joint positions through forward kinematics at first and at last, and the error in metres that counts as
#: one.
FIRST_POSITION, POSITION, POSITION_SCALE = 0.25, 1.0, 0.1

#: Weight of the feet's world velocity (at last; at first it is 0), the error in m/s that counts as one, and how much
#: more it counts in contact.
FEET, FEET_SCALE, FEET_CONTACT = 0.3, 0.5, 4.0

#: Weight of the root's features, of which there are few, but where somebody goes hangs on them alone.
ROOT_WEIGHT = 5.0

#: The loss at diffusion time t is weighted by 1 / (1 - t), at most this. Terms about detail (velocity, acceleration,
#: feet) are further weighted by t squared: in much noise detail cannot be known, and its noise would drown what the
#: prompt decides there.
MAX_WEIGHT = 3.0


@dataclass(frozen=True)
class Losses:
    """The total and its terms, each a scalar tensor."""

    total: Tensor
    terms: dict[str, Tensor]


class MotionLoss:
    """Weighted errors of predicted control points (B, C, F), or of frames, against clean ones, all normalised.

    ``rate`` is how many of them there are per second.
    """

    def __init__(self, skeleton: Skeleton, mean: Tensor, scale: Tensor, *, curve: bool = True, rate: float) -> None:
        self.curve, self.rate = curve, rate
        self.skeleton, self.mean, self.scale = skeleton, mean, scale
        device = mean.device
        self.offsets = torch.tensor(skeleton.rest_offsets, dtype=torch.float32, device=device)
        self.feature_weight = torch.ones(NUM_FEATURES, device=device)
        self.feature_weight[PARTS["root"].features] = ROOT_WEIGHT
        for side in ("left", "right"):
            self.feature_weight[PARTS[f"{side}_leg"].features] = 1.5
        self.feature_weight /= self.feature_weight.mean()
        self.feet = [skeleton.index(f"{side}_{joint}") for side in ("left", "right") for joint in ("ankle", "foot")]

    def __call__(
        self,
        predicted: Tensor,
        x_0: Tensor,
        valid_BC: Tensor,
        t_B: Tensor,
        *,
        detail: float = 1.0,
        robust: float = 0.0,
    ) -> Losses:
        """The losses at diffusion times t_B.

        ``detail`` of 0 leaves the feet out: from the start, their noise drowns what the prompt decides (measured: after
        5,000 steps "turns left" and "turns right" still gave the same path). With ``robust`` large errors of the shape
        count logarithmically.
        """
        weight_B = (1.0 / (1.0 - t_B)).clamp(max=MAX_WEIGHT)
        detail_B = weight_B * t_B.square()
        error = predicted - x_0
        weighted = error * self.feature_weight.sqrt()
        first = weighted.diff(dim=1)
        terms = {
            "shape": self._mean(_size(weighted, robust).mean(-1), valid_BC, weight_B),
            "velocity": self._mean(first.square().mean(-1), valid_BC[:, 1:], weight_B, detail_B),
            "acceleration": self._mean(first.diff(dim=1).square().mean(-1), valid_BC[:, 2:], weight_B, detail_B),
        }
        joints, feet = self._kinematics(predicted)
        with torch.no_grad():
            true_joints, true_feet = self._kinematics(x_0)
            standing = self._contacts(x_0)
        inner = valid_BC[:, 2:] if self.curve else valid_BC
        position = ((joints - true_joints) / POSITION_SCALE).square().mean((-1, -2))
        terms["position"] = self._mean(position, inner, weight_B)
        slip = (feet.diff(dim=1) - true_feet.diff(dim=1)) * self.rate / FEET_SCALE
        slip = (slip.square().mean(-1) * (1 + FEET_CONTACT * standing[:, 1:])).mean(-1)
        terms["feet"] = self._mean(slip, inner[:, 1:], weight_B, detail_B)
        total = (
            terms["shape"]
            + VELOCITY * terms["velocity"]
            + ACCELERATION * terms["acceleration"]
            + (FIRST_POSITION + (POSITION - FIRST_POSITION) * detail) * terms["position"]
            + FEET * detail * terms["feet"]
        )
        return Losses(total, terms)

    @staticmethod
    def _mean(error_BC: Tensor, valid_BC: Tensor, weight_B: Tensor, detail_B: Tensor | None = None) -> Tensor:
        """Mean over valid entries, weighted by ``weight_B``; ``detail_B`` replaces the weight of the errors alone."""
        used_B = weight_B if detail_B is None else detail_B
        return (error_BC * valid_BC * used_B[:, None]).sum() / (valid_BC * weight_B[:, None]).sum().clamp(min=1.0)

    def _at_knots(self, x: Tensor) -> Tensor:
        """Values in metres: the curve's at the knots (B, C - 2, F), or the frames themselves."""
        if self.curve:
            x = (x[:, :-2] + 4 * x[:, 1:-1] + x[:, 2:]) / 6
        return x * self.scale + self.mean

    def _contacts(self, x: Tensor) -> Tensor:
        values = self._at_knots(x)
        both = [values[..., PARTS[f"{side}_leg"].contacts] for side in ("left", "right")]
        return torch.cat(both, dim=-1).clamp(0, 1)

    def _kinematics(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Joint positions below the pelvis's heading frame (B, K, 22, 3) and the feet in the world (B, K, 4, 3)."""
        values = self._at_knots(x)
        rotations = {0: special_gramschmidt(values[..., ROOT["rotation"]].unflatten(-1, (3, 2)))}
        for part in LIMBS:
            matrices = special_gramschmidt(values[..., part.rotations].unflatten(-1, (-1, 3, 2)))
            for i, name in enumerate(part.joints):
                rotations[self.skeleton.index(name)] = matrices[..., i, :, :]
        height = values[..., ROOT["height"]]
        zero = torch.zeros_like(height)
        positions = {0: torch.cat([zero, height, zero], dim=-1)}
        for joint in range(1, 22):
            parent = int(self.skeleton.parents[joint])
            positions[joint] = positions[parent] + rotations[parent] @ self.offsets[joint]
        joints = torch.stack([positions[joint] for joint in range(22)], dim=-2)
        return joints, self._in_world(joints[..., self.feet, :], values)

    @staticmethod
    def _in_world(points: Tensor, values: Tensor) -> Tensor:
        heading = torch.nn.functional.normalize(values[..., ROOT["heading"]], dim=-1)[..., None, :]
        c, s = heading.unbind(-1)
        x, y, z = points.unbind(-1)
        ground = values[..., None, ROOT["ground"]]
        return torch.stack([c * x + s * z + ground[..., 0], y, -s * x + c * z + ground[..., 1]], dim=-1)


def _size(error: Tensor, robust: float) -> Tensor:
    """Squared errors; above about ``robust`` they grow with their logarithm (Cauchy's loss, scaled to agree below)."""
    return error.square() if robust == 0 else 2 * robust**2 * torch.log1p(0.5 * (error / robust).square())
