"""Angles of a foreign document's bones: between what comes before and after them, in an order that does not swing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motion.core.rotation import euler_to_rotmat, rotmat_to_euler
from motion.formats.euler import ORDERS, TOLERANCE, best_angles, error_between, unrolled
from motion.formats.fbx_scene import Object, order_of, turned

Array = NDArray[np.floating]


@dataclass(frozen=True)
class Angles:
    """What the curves of bones say.

    Attributes:
        degrees: (T, J, 3) about X, Y and Z.
        still: (J, 3) the same when nothing is animated.
        orders: bone -> FBX's number of its order, for those that turn in another than the file has.
    """

    degrees: Array
    still: Array
    orders: dict[int, int]


def angles_of(models: list[Object], turns: Array) -> Angles:
    """Angles of nodes whose transforms turn by (T, J, 3, 3) in all.

    A bone keeps its order of axes unless straight lines between the frames would swing by more than ``TOLERANCE``.
    """
    before, after = (np.stack([_constant(model, when) for model in models]) for when in ("Pre", "Post"))
    inner = np.swapaxes(before, -1, -2) @ turns @ after
    still = np.stack([model.vector("Lcl Rotation") for model in models])
    degrees, error = np.empty((*turns.shape[:2], 3)), np.zeros(len(models))
    for order in set(map(order_of, models)):
        nodes = [node for node, model in enumerate(models) if order_of(model) == order]
        columns, back = ["XYZ".index(axis) for axis in order], [order.index(axis) for axis in "XYZ"]
        angles = rotmat_to_euler(inner[:, nodes], order)
        near = unrolled(np.concatenate([np.radians(still[nodes][:, columns])[None], angles]))[1:]  # from those at rest
        degrees[:, nodes], error[nodes] = np.degrees(near[..., back]), error_between(inner[:, nodes], near, order)
    poor = [node for node in np.flatnonzero(error > TOLERANCE).tolist() if _may_change(models[node])]
    orders: dict[int, int] = {}
    if poor:
        found, better = best_angles(inner[:, poor])
        for column, node in enumerate(poor):
            order = ORDERS[int(found[column])]
            if order != order_of(models[node]):
                orders[node] = int(found[column])
                degrees[:, node] = np.degrees(better[:, column])
                still[node] = _in_order(models[node], order)
    return Angles(degrees, still, orders)


def _constant(model: Object, when: str) -> Array:
    """(3, 3) the rotation before or after the animated one."""
    return turned(model.vector(f"{when}Rotation") * bool(model.number_of("RotationActive")))


def _may_change(model: Object) -> bool:
    """Whether an order that is given is heeded and changes nothing else: rotations before and after come with it."""
    idle = not np.any(model.vector("PreRotation")) and not np.any(model.vector("PostRotation"))
    return bool(model.number_of("RotationActive")) or idle


def _in_order(model: Object, order: str) -> Array:
    """(3,) degrees about X, Y and Z of a node at rest, in another order than its own."""
    own = order_of(model)
    angles = np.radians(model.vector("Lcl Rotation"))[["XYZ".index(axis) for axis in own]]
    other = np.degrees(rotmat_to_euler(euler_to_rotmat(angles, own), order))
    return other[[order.index(axis) for axis in "XYZ"]]
