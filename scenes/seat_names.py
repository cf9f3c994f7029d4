"""What an object under a seat is called, and what its name says of whether people sit or lie on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import ground, height

if TYPE_CHECKING:
    from scenes.scene import Scene

Array = NDArray[np.floating]

#: Words in names of what is made to sit on, to lie on, and for neither.
_WORDS = {
    "seat": ("chair", "sofa", "couch", "bench", "stool", "seat", "settee", "pouf", "ottoman"),
    "bed": ("bed", "mattress", "sofa", "couch", "daybed", "futon", "lounger", "mat"),
    "other": (
        "table", "desk", "cabinet", "shelf", "shoerack", "rack", "counter", "window", "stand", "wall", "door", "trash",
        "box", "kitchen", "cooking", "tv", "sink", "stove", "fitness", "equipment", "fridge", "dumbbell",
    ),
}  # fmt: skip

#: How much a name adds to a score.
_SAYS, _DENIES = 0.3, -0.6

#: A part over so much of the ground is the building, or all of a scan that was never divided: no object's name.
_BUILDING = 0.5

#: The surface under a seat is searched so far above and below it, in metres.
_NEAR = 0.08


def bonus_of(name: str | None, kind: str) -> float:
    """What an object's name adds to the score of a seat or bed on it."""
    if name is None:
        return 0.0
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
    ends = re.split(r"[^a-z]+", words)

    def named(kind: str) -> bool:
        return any(end.rstrip("s").endswith(word) for end in ends if end for word in _WORDS[kind])

    if named(kind):
        return _SAYS
    return _DENIES if named("other") or (kind == "bed" and named("seat")) else 0.0


def part_under(scene: Scene, point: Array) -> tuple[float, str | None]:
    """Height in metres of the surface at a point (3,) m on it, exactly, and the name of the object it belongs to."""
    levels, faces = heights_under(scene.mesh.triangles, ground(point))
    near = np.abs(levels - height(point)) <= _NEAR
    if not near.any():
        return float(height(point)), None
    top = int(np.argmax(np.where(near, levels, -np.inf)))
    part = int(scene.mesh.part_of(faces[[top]])[0])
    low, high = ground(scene.boxes[part, 0]), ground(scene.boxes[part, 1])
    whole = np.prod(np.subtract(*(ground(corner) for corner in scene.mesh.bounds[::-1])))
    building = np.prod(high - low) > _BUILDING * whole
    return float(levels[top]), None if building else scene.mesh.parts[part].name


def heights_under(triangles: Array, place: Array) -> tuple[Array, NDArray[np.int64]]:
    """Heights (N,) m at which triangles (F, 3, 3) cross the vertical at a ground position (2,), and their rows (N,)."""
    flat = ground(triangles) - place
    over = np.flatnonzero(np.all((flat.min(axis=1) <= 0) & (flat.max(axis=1) >= 0), axis=-1))
    a, b, c = np.moveaxis(flat[over], 1, 0)
    areas = np.stack([_cross(b, c), _cross(c, a), _cross(a, b)], axis=-1)
    whole = areas.sum(axis=-1)
    shares = areas / np.where(np.abs(whole) > 1e-12, whole, np.nan)[:, None]
    inside = np.all(shares >= -1e-9, axis=-1)  # NaN: an upright triangle, which has no height
    return np.sum(shares * height(triangles[over]), axis=-1)[inside], over[inside]


def _cross(a: Array, b: Array) -> Array:
    x, z = a.T
    u, w = b.T
    return x * w - z * u
