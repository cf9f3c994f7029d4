"""A body at rest on something: the posture in which it touches where a body touches and goes into nothing.

A posture of few kinds is bent, within what joints can do, until points of the skin agree with the field of distances:
what carries the body touches, soles stand on the floor, nothing else is inside. L-BFGS with bounds (Byrd, Lu, Nocedal,
Zhu 1995) on exact derivatives, as in section 8 of PROX (Hassan et al. 2019), but on points of a skin and in one go.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from motion.core.axes import UP, from_ground, ground, height
from motion.core.field import DistanceField
from motion.core.rotation import rotvec_to_rotmat, yaw_to_rotmat
from motion.refine.postures import Posture
from motion.refine.surface import Surface

Array = NDArray[np.floating]
Flags = NDArray[np.bool_]

#: Flesh and cushions give way by so much where they touch, in metres; the rest of the body by hardly anything.
GIVES, TOUCHES = 0.004, 0.001

#: Sharpness of the nearest point of a region, in metres.
_SHARP = 0.002

#: Differences count in units of a centimetre, angles in shares of what they may be.
_CM = 100.0

#: Weights: of what is inside something (shares of the skin), of contacts, places, and of leaving the posture.
_INSIDE, _PLACE, _POSTURE = 8000.0, 0.5, 0.5

#: Centimetres from the floor beyond which a sole is drawn to it less and less.
_HANGS = 1.5

#: Steps of the search.
STEPS = 70


@dataclass(frozen=True)
class Contact:
    """A region (N,) of the skin of which the nearest point comes to a distance ``gap`` m from what there is."""

    region: Flags
    weight: float
    gap: float = -GIVES


@dataclass(frozen=True)
class Sole:
    """A region (N,) of the skin of which the lowest point comes to a height in metres."""

    region: Flags
    height: float
    weight: float


@dataclass(frozen=True)
class Pin:
    """A joint that is to be at a point (3,) m; ``axes`` (3,) are the weights along the world's axes."""

    joint: int
    point: Array
    axes: Array


@dataclass(frozen=True)
class Wanted:
    """What a resting body is to meet."""

    contacts: tuple[Contact, ...]
    soles: tuple[Sole, ...]
    pins: tuple[Pin, ...]
    soft: Flags  # (N,) skin that may give way


@dataclass(frozen=True)
class Rest:
    """A posture: where the root is, (3,) m, rotations (J, 3, 3) R_parent_joint, and what is left of the misfit."""

    root_position: Array
    joint_rotation: Array
    misfit: float


def settled(
    surface: Surface, field: DistanceField, posture: Posture, facing: float, root: Array, wanted: Wanted,
    steps: int = STEPS,
) -> Rest:  # fmt: skip
    """The posture nearest to ``posture`` that meets what is wanted.

    Args:
        surface: the body's skin.
        field: what it rests on.
        posture: where to begin, and how far to go.
        facing: rad; stays as it is.
        root: (3,) m, where the pelvis begins.
        wanted: what is to touch, and where joints are to be.
        steps: of the search, at most.
    """
    problem = _Problem(surface, field, posture, facing, wanted)
    start = np.concatenate([root, np.zeros(problem.count)])
    bounds = [(place - 0.35, place + 0.35) for place in root] + [(-1.0, 1.0)] * problem.count
    found = minimize(
        problem, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": steps, "maxcor": 20}
    )
    return Rest(found.x[:3], problem.rotations(found.x)[0], float(found.fun))


class _Problem:
    """The misfit of a posture and its derivative; angles are in shares of what they may be."""

    def __init__(self, surface: Surface, field: DistanceField, posture: Posture, facing: float, wanted: Wanted) -> None:
        skeleton = surface.skeleton
        self.surface, self.field, self.wanted = surface, field, wanted
        self.base = posture.rotations(skeleton)
        self.base[0] = yaw_to_rotmat(np.array(facing)) @ self.base[0]
        limits = posture.limits(skeleton)
        self.free = limits > 0
        self.limits = limits[self.free]
        self.count = len(self.limits)
        self.give = np.where(wanted.soft, GIVES, TOUCHES)

    def rotations(self, x: Array) -> tuple[Array, Array]:
        """R_parent_joint (J, 3, 3) and the rotation vectors (J, 3) they are turned by."""
        vectors = np.zeros(self.free.shape)
        vectors[self.free] = x[3:] * self.limits
        return self.base @ rotvec_to_rotmat(vectors), vectors

    def __call__(self, x: Array) -> tuple[float, Array]:
        local, vectors = self.rotations(x)
        rotations, positions = self.surface.skeleton.forward_kinematics(x[:3], local)
        points, taken = self.surface.posed(rotations, positions)
        misfit, pulls = self._of_skin(points)
        more, joint_pulls = self._of_joints(positions)
        force, torque = self.surface.turning(positions, taken, pulls, joint_pulls)
        by_vector = np.einsum("jab,ja->jb", rotations @ _right_jacobian(vectors), torque)
        gradient = np.concatenate([force, by_vector[self.free] * self.limits])
        gradient[3:] += 2 * _POSTURE * x[3:]
        return misfit + more + _POSTURE * float(x[3:] @ x[3:]), gradient

    def _of_skin(self, points: Array) -> tuple[float, Array]:
        """What the skin misses, and the derivative by its points (N, 3)."""
        distance, slope = self.field.distance(points), self.field.gradient(points)
        depth = np.maximum(-distance - self.give, 0.0) * _CM
        misfit = _INSIDE * float(self.surface.shares @ depth**2)
        by_distance = -2 * _CM * _INSIDE * self.surface.shares * depth
        for contact in self.wanted.contacts:
            nearest, share = _lowest(distance[contact.region])
            off = (nearest - contact.gap) * _CM
            misfit += contact.weight * off**2
            by_distance[contact.region] += 2 * _CM * contact.weight * off * share
        pulls = by_distance[:, None] * slope
        for sole in self.wanted.soles:
            lowest, share = _lowest(height(points[sole.region]))
            off = (lowest - sole.height) * _CM
            far = 1.0 + (off / _HANGS) ** 2  # whose seat is too high lets the feet hang
            misfit += sole.weight * _HANGS**2 * float(np.log(far))
            pulls[sole.region] += (2 * _CM * sole.weight * off / far * share)[:, None] * UP
        return misfit, pulls

    def _of_joints(self, positions: Array) -> tuple[float, Array]:
        pulls, misfit = np.zeros(positions.shape), 0.0
        for pin in self.wanted.pins:
            off = (positions[pin.joint] - pin.point) * _CM
            misfit += _PLACE * float(pin.axes @ off**2)
            pulls[pin.joint] += 2 * _CM * _PLACE * pin.axes * off
        return misfit, pulls


def _lowest(values: Array) -> tuple[float, Array]:
    """A smooth minimum of values (N,), and its derivative (N,) by them."""
    least = values.min()
    shares = np.exp(-(values - least) / _SHARP)
    total = shares.sum()
    return float(least - _SHARP * np.log(total)), shares / total


def _right_jacobian(vectors: Array) -> Array:
    """(J, 3, 3): how the rotation of vectors (J, 3) turns, in its own frame, when they change."""
    angle = np.linalg.norm(vectors, axis=-1)[:, None, None]
    x, y, z = vectors.T
    o = np.zeros_like(x)
    cross = np.stack([o, -z, y, z, o, -x, -y, x, o], axis=-1).reshape(-1, 3, 3)
    small = angle < 1e-4
    safe = np.where(small, 1.0, angle)
    first = np.where(small, 0.5, (1 - np.cos(safe)) / safe**2)
    second = np.where(small, 1 / 6, (safe - np.sin(safe)) / safe**3)
    return np.eye(3) - first * cross + second * cross @ cross


def flat(weight: float, up: float = 0.0) -> Array:
    """Weights of a pin: along the ground, and in height."""
    return from_ground(np.full(2, weight), up)


def over(point: Array, above: float) -> Array:
    """The point (3,) so far above another."""
    return from_ground(ground(point), height(point) + above)
