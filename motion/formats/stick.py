"""A figure for skeletons without a body: a rounded stick along every bone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import UP
from motion.core.rotation import vectors_to_rotmat
from motion.core.skeleton import Skeleton
from motion.core.skin import Skin

Array = NDArray[np.floating]

_AROUND, _ALONG = 12, 5


def stick_skin(skeleton: Skeleton) -> Skin:
    """Capsules from each joint to its children, each moved by its joint alone, thick in proportion to the figure."""
    rest = skeleton.rest_positions
    radius = 0.018 * max(float(np.ptp(rest, axis=0).max()), 1e-3) / 1.7
    vertices: list[Array] = []
    faces: list[NDArray[np.integer]] = []
    owner: list[NDArray[np.integer]] = []
    shape, shape_faces = _capsule()
    for joint, parent in enumerate(skeleton.parents):
        start = rest[parent] if parent >= 0 else rest[joint]
        bone = rest[joint] - start
        length = float(np.linalg.norm(bone))
        turn = vectors_to_rotmat(np.array([0.0, 0.0, 1.0]), bone) if length > 1e-6 else np.eye(3)
        thick = radius * (1.6 if parent < 0 else 1.0)
        local = shape * [thick, thick, thick]
        local[shape[:, -1] >= 0, -1] += length
        faces.append(shape_faces + len(shape) * len(vertices))
        vertices.append(local @ turn.T + start)
        owner.append(np.full(len(shape), max(int(parent), 0)))
    for joint in _heads(skeleton):
        faces.append(shape_faces + len(shape) * len(vertices))
        vertices.append(shape * 5 * radius + rest[joint] + 3 * radius * UP)
        owner.append(np.full(len(shape), joint))
    weights = np.zeros((len(vertices) * len(shape), skeleton.num_joints))
    weights[np.arange(len(weights)), np.concatenate(owner)] = 1.0
    return Skin(skeleton, np.concatenate(vertices), np.concatenate(faces), weights)


def _heads(skeleton: Skeleton) -> list[int]:
    """Joints that carry a head: named so, and not merely a part or the end of one."""
    named = [j for j, name in enumerate(skeleton.joint_names) if name.lower().rsplit(":")[-1] == "head"]
    return named[:1]


def _capsule() -> tuple[Array, NDArray[np.integer]]:
    """A unit sphere about the origin, its equator doubled so that the upper half can be pulled along the last axis."""
    angles = np.concatenate([np.linspace(-np.pi / 2, -1e-3, _ALONG), np.linspace(0, np.pi / 2, _ALONG)])
    turn = np.arange(_AROUND) * 2 * np.pi / _AROUND
    ring = np.stack([np.cos(turn), np.sin(turn)], axis=-1)
    vertices = np.concatenate(
        [np.concatenate([np.cos(a) * ring, np.full((_AROUND, 1), np.sin(a))], axis=1) for a in angles]
    )
    here = np.arange(_AROUND)
    beside = (here + 1) % _AROUND
    quads = [(r * _AROUND + here, r * _AROUND + beside, (r + 1) * _AROUND + beside, (r + 1) * _AROUND + here)
             for r in range(len(angles) - 1)]  # fmt: skip
    triangles = [np.stack(t, axis=-1) for a, b, c, d in quads for t in ((a, b, c), (a, c, d))]
    return vertices, np.concatenate(triangles)
