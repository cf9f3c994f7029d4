"""A place as it steers sampling: spheres in the body are led out of things, in the space of clean control points.

After every prediction the spheres of trunk, head and arms are looked up in the distance field, and the rotations that
carry them follow the gradient of how deep they are (as TeSMo and DART do, through forward kinematics and never through
the network). The way over the ground and the legs are left to the route and to the footsteps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import grid_sample

from motion.core import DistanceField, Place, Skeleton, Skin
from motion.generation.windows import moved_to
from motion.representation.layout import LIMBS, NUM_FEATURES, PARTS, ROOT
from motion.representation.normalisation import Statistics

Array = NDArray[np.floating]

#: The parts that give way, and what stands on the floor or carries the body and does not.
GIVE_WAY = ("torso", "left_arm", "right_arm")

#: Metres that a sphere keeps from things, and from the border of the ground that one can stand on.
KEEPS, ROOM = 0.03, 0.08

#: Metres between spheres along a bone.
APART = 0.08

#: Diffusion time from which a prediction is clear enough to be steered; steps down the gradient each time.
FROM, INNER = 0.2, 3


@dataclass(frozen=True)
class Spheres:
    """S spheres along the bones: the ``joint`` (S,) that carries each, its middle (S, 3) m there, its radius (S,) m."""

    joint: NDArray[np.integer]
    middle: Array
    radius: Array


def spheres_of(skin: Skin) -> Spheres:
    """Spheres along the bones of trunk, head and arms, as thick as the skin around them."""
    skeleton = skin.skeleton
    rest, owner = skeleton.rest_positions, np.argmax(skin.weights, axis=1)
    found: list[tuple[int, Array, float]] = []
    for name in (joint for part in GIVE_WAY for joint in PARTS[part].joints):
        joint = skeleton.index(name)
        around = skin.vertices[owner == joint]
        if not len(around):
            continue
        ends = [rest[child] for child in np.flatnonzero(skeleton.parents == joint)] or [around.mean(axis=0)]
        for end in ends:
            bone = end - rest[joint]
            length = float(np.linalg.norm(bone))
            for share in (np.arange(count := max(1, int(np.ceil(length / APART)))) + 0.5) / count:
                middle = share * bone
                away = np.linalg.norm(around - rest[joint] - middle, axis=-1)
                found.append((joint, middle, float(np.percentile(away, 25))))
    joints, middles, radii = zip(*found, strict=True)
    return Spheres(np.array(joints), np.stack(middles), np.array(radii))


class Surroundings:
    """What sampling knows of a place."""

    def __init__(self, place: Place, skeleton: Skeleton, spheres: Spheres, statistics: Statistics) -> None:
        self.place, self.skeleton, self.statistics = place, skeleton, statistics
        self.fields = [(_Sampled(place.field), KEEPS)] + ([] if place.room is None else [(_Sampled(place.room), ROOM)])
        self.joint = torch.tensor(spheres.joint)
        self.middle, self.radius = (torch.tensor(one, dtype=torch.float32) for one in (spheres.middle, spheres.radius))
        self.mean, self.scale = (torch.tensor(one, dtype=torch.float32) for one in (statistics.mean, statistics.scale))
        self.offsets = torch.tensor(skeleton.rest_offsets, dtype=torch.float32)
        moves = torch.zeros(NUM_FEATURES)
        for part in LIMBS:
            if part.name in GIVE_WAY:
                moves[part.rotations] = 1.0
        self.moves = moves

    def avoided(self, x_0: Tensor, frames: list[tuple[Array, float]], open_: Tensor) -> Tensor:
        """Clean control points (G, C, F), normalised, whose spheres are less deep in things.

        Args:
            x_0: a prediction.
            frames: where in the world each sample's window lies.
            open_: (G, C, F) 1 where a feature may change.
        """
        with torch.inference_mode(False), torch.enable_grad():
            x = x_0.detach().clone().float()
            world = self._world(x, frames)
            free = self.moves * open_.detach().clone()
            for _ in range(INNER):
                x = x.requires_grad_()
                depth = self._depth(self._placed(x * self.scale + self.mean, *world))
                loss = 0.5 * (depth**2).sum(dim=-1)
                if not bool((loss > 0).any()):
                    break
                (slope,) = torch.autograd.grad(loss.sum(), x)
                slope = slope * free
                # Polyak's step: as far as would take the loss of each control point to nothing
                step = loss / (slope**2).sum(dim=-1).clamp(min=1e-6)
                x = (x - (step[..., None] * slope).clamp(-0.5, 0.5)).detach()
            return x.detach()

    def _world(self, x: Tensor, frames: list[tuple[Array, float]]) -> tuple[Tensor, Tensor]:
        """The floor below each control point's hips, (G, C, 3) m in the world, and the heading (G, C) rad there."""
        controls = self.statistics.restore(x.double().numpy())
        there = np.stack([moved_to(one, *frame) for one, frame in zip(controls, frames, strict=True)])
        ground, heading = there[..., ROOT["ground"]], there[..., ROOT["heading"]]
        floor = np.stack(
            [np.interp(np.arange(len(way)), np.arange(0, len(way), 2), self.place.along(way[::2])) for way in ground]
        )
        root = np.stack([ground[..., 0], floor, ground[..., 1]], axis=-1)
        yaw = np.arctan2(heading[..., 1], heading[..., 0])
        return torch.tensor(root, dtype=torch.float32), torch.tensor(yaw, dtype=torch.float32)

    def _placed(self, features: Tensor, root: Tensor, yaw: Tensor) -> Tensor:
        """(G, C, S, 3) m, the middles of the spheres in the world."""
        rotations = {0: _rotation(features[..., ROOT["rotation"]])}
        for part in LIMBS:
            blocks = features[..., part.rotations].unflatten(-1, (len(part.joints), 6))
            rotations |= {self.skeleton.index(name): _rotation(blocks[..., k, :]) for k, name in enumerate(part.joints)}
        places = {0: torch.zeros_like(root) + features[..., ROOT["height"]] * torch.tensor([0.0, 1.0, 0.0])}
        for joint in range(1, self.skeleton.num_joints):
            parent = int(self.skeleton.parents[joint])
            rotations.setdefault(joint, rotations[parent])  # a hand goes with its wrist
            places[joint] = places[parent] + rotations[parent] @ self.offsets[joint]
        turn = torch.stack([rotations[int(joint)] for joint in self.joint], dim=-3)
        middles = (
            torch.stack([places[int(joint)] for joint in self.joint], dim=-2) + (turn @ self.middle[..., None])[..., 0]
        )
        cos, sin = yaw.cos()[..., None], yaw.sin()[..., None]
        x, y, z = middles.unbind(-1)
        return torch.stack([cos * x + sin * z, y, -sin * x + cos * z], dim=-1) + root[..., None, :]

    def _depth(self, middles: Tensor) -> Tensor:
        """(G, C, S) m that each sphere is too near to something."""
        near = [(keeps + self.radius - field(middles)).clamp(min=0.0) for field, keeps in self.fields]
        return torch.stack(near).amax(dim=0)


class _Sampled:
    """A distance field that PyTorch samples, and takes the gradient of."""

    def __init__(self, field: DistanceField) -> None:
        self.values = torch.tensor(field.values, dtype=torch.float32)[None, None]
        self.origin = torch.tensor(field.origin, dtype=torch.float32)
        self.size = field.spacing * (torch.tensor(field.values.shape, dtype=torch.float32) - 1)

    def __call__(self, points: Tensor) -> Tensor:
        """Distances (...) m at points (..., 3) m, trilinear; outside, those of the nearest point inside."""
        share = (2 * (points - self.origin) / self.size - 1).flip(-1).reshape(1, -1, 1, 1, 3)
        found = grid_sample(self.values, share, mode="bilinear", padding_mode="border", align_corners=True)
        return found.reshape(points.shape[:-1])


def _rotation(sixd: Tensor) -> Tensor:
    """Matrices (..., 3, 3) of 6-D vectors (..., 6) by Gram-Schmidt."""
    columns = sixd.unflatten(-1, (3, 2))
    x = torch.nn.functional.normalize(columns[..., 0], dim=-1)
    y = columns[..., 1]
    y = torch.nn.functional.normalize(y - (x * y).sum(dim=-1, keepdim=True) * x, dim=-1)
    return torch.stack([x, y, torch.linalg.cross(x, y)], dim=-1)
