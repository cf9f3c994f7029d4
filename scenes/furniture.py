"""Furniture out of boxes: true sizes, drawn at random; what people sit on, lie on and walk around."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import from_ground, ground, height

Array = NDArray[np.floating]

#: Faces of a box whose corners run x slowest, z fastest; outward.
_FACES = np.array([
    [0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1], [2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4],
    [1, 5, 7], [1, 7, 3],
])  # fmt: skip


@dataclass(frozen=True)
class Furniture:
    """A thing at the origin: on the floor, its front along +Z.

    Attributes:
        kind: what it is, a key of ``KINDS``.
        boxes: (N, 2, 3) m, lowest and highest corners.
        leans: (N,) m by which the top of each box is further back than its bottom.
        seat: m, height at which one sits or lies on it; None where one does not.
    """

    kind: str
    boxes: Array
    leans: Array
    seat: float | None = None

    @property
    def size(self) -> Array:
        """(2,) m along x and z."""
        extent: Array = np.ptp(ground(self.boxes).reshape(-1, 2), axis=0)
        return extent

    @property
    def tall(self) -> float:
        """Metres."""
        return float(height(self.boxes).max())

    def pieces(self, place: Array, yaw: float) -> tuple[Array, NDArray[np.int64]]:
        """Vertices and faces of it at a ground position (2,), turned left by ``yaw`` rad."""
        choice = np.array([[i, j, k] for i in (0, 1) for j in (0, 1) for k in (0, 1)])
        corners = np.take_along_axis(self.boxes, choice[None], axis=1).reshape(-1, 3)
        backward = np.where(np.tile(choice @ np.array([0, 1, 0]), len(self.boxes)), np.repeat(self.leans, 8), 0.0)
        planar = ground(corners) - np.stack([np.zeros_like(backward), backward], axis=-1)
        vertices = from_ground(planar @ turned(yaw).T + place, height(corners))
        faces = (_FACES + 8 * np.arange(len(self.boxes))[:, None, None]).reshape(-1, 3)
        return vertices, faces


def turned(yaw: float) -> Array:
    """(2, 2) what turns ground positions left by ``yaw`` rad: from +Z towards +X."""
    cos, sin = np.cos(yaw), np.sin(yaw)
    return np.array([[cos, sin], [-sin, cos]])


class _Builder:
    """Collects boxes given by their middle and sizes, x to the left, z to the front."""

    def __init__(self) -> None:
        self.boxes: list[list[list[float]]] = []
        self.leans: list[float] = []

    def box(self, x: float, z: float, bottom: float, wide: float, deep: float, top: float, lean: float = 0.0) -> None:
        self.boxes.append([[x - wide / 2, bottom, z - deep / 2], [x + wide / 2, top, z + deep / 2]])
        self.leans.append(lean)

    def legs(self, wide: float, deep: float, top: float, thick: float = 0.05) -> None:
        for x in (-1, 1):
            for z in (-1, 1):
                self.box(x * (wide - thick) / 2, z * (deep - thick) / 2, 0.0, thick, thick, top)

    def done(self, kind: str, seat: float | None = None) -> Furniture:
        return Furniture(kind, np.array(self.boxes), np.array(self.leans), seat)


def sofa(rng: np.random.Generator, kind: str = "sofa", cushions: int | None = None) -> Furniture:
    """A base, cushions, arms and a back that leans; with one cushion an armchair."""
    cushions = int(rng.integers(2, 4)) if cushions is None else cushions
    arm, each, deep = rng.uniform(0.12, 0.2), rng.uniform(0.58, 0.68), rng.uniform(0.82, 0.95)
    seat, back, thick = rng.uniform(0.4, 0.46), rng.uniform(0.75, 0.9), rng.uniform(0.16, 0.22)
    inner = cushions * each
    make = _Builder()
    make.box(0, 0, 0.1, inner + 2 * arm, deep, seat - 0.12)
    make.legs(inner + 2 * arm, deep, 0.1, 0.06)
    for number in range(cushions):
        x = (number - (cushions - 1) / 2) * each
        make.box(x, thick / 2, seat - 0.12, each - 0.02, deep - thick, seat)
    for side in (-1, 1):
        make.box(side * (inner + arm) / 2, 0, seat - 0.12, arm, deep, seat + 0.18)
    make.box(0, -(deep - thick) / 2, seat - 0.12, inner, thick, back, lean=0.06)
    return make.done(kind, seat)


def armchair(rng: np.random.Generator) -> Furniture:
    """A sofa for one."""
    return sofa(rng, "armchair", 1)


def chair(rng: np.random.Generator) -> Furniture:
    """Four legs, a seat, a straight back."""
    side, seat = rng.uniform(0.42, 0.48), rng.uniform(0.43, 0.47)
    make = _Builder()
    make.legs(side, side, seat - 0.04, 0.04)
    make.box(0, 0, seat - 0.04, side, side, seat)
    for x in (-1, 1):
        make.box(x * (side - 0.04) / 2, -(side - 0.04) / 2, seat, 0.04, 0.04, 0.9, lean=0.05)
    make.box(0, -(side - 0.04) / 2, 0.68, side - 0.08, 0.03, 0.88, lean=0.02)
    return make.done("chair", seat)


def bed(rng: np.random.Generator) -> Furniture:
    """A frame, a mattress, pillows and a head board at its back."""
    wide, deep, lies = rng.choice([0.9, 1.4, 1.6, 1.8]), rng.uniform(2.0, 2.1), rng.uniform(0.45, 0.55)
    make = _Builder()
    make.box(0, 0, 0.08, wide, deep, lies - 0.2)
    make.legs(wide, deep, 0.08, 0.08)
    make.box(0, 0.02, lies - 0.2, wide - 0.06, deep - 0.06, lies)
    make.box(0, -deep / 2 - 0.03, 0.0, wide + 0.04, 0.06, 1.0)
    pillows = 1 if wide < 1.2 else 2
    for number in range(pillows):
        x = (number - (pillows - 1) / 2) * wide / 2
        make.box(x, -deep / 2 + 0.28, lies, min(0.6, wide / pillows - 0.1), 0.38, lies + 0.09)
    return make.done("bed", lies)


def desk(rng: np.random.Generator) -> Furniture:
    """A top on two legs and a cabinet."""
    wide, deep, top = rng.uniform(1.2, 1.6), rng.uniform(0.6, 0.75), rng.uniform(0.72, 0.76)
    side = rng.choice([-1.0, 1.0])
    make = _Builder()
    make.box(0, 0, top - 0.03, wide, deep, top)
    make.box(side * (wide / 2 - 0.22), 0, 0.05, 0.4, deep - 0.06, top - 0.03)
    for z in (-1, 1):
        make.box(-side * (wide / 2 - 0.04), z * (deep / 2 - 0.04), 0.0, 0.05, 0.05, top - 0.03)
    make.box(-side * 0.2, -deep / 2 + 0.02, 0.35, wide - 0.5, 0.02, top - 0.03)
    return make.done("desk")


def table(rng: np.random.Generator) -> Furniture:
    """A top on four legs: to eat at, or low, before a sofa."""
    low = rng.random() < 0.4
    smallest, largest = ((0.8, 0.5, 0.4), (1.2, 0.7, 0.46)) if low else ((1.2, 0.8, 0.72), (1.8, 0.9, 0.76))
    wide, deep, top = rng.uniform(smallest, largest)
    make = _Builder()
    make.box(0, 0, top - 0.04, wide, deep, top)
    make.legs(wide - 0.04, deep - 0.04, top - 0.04, 0.06)
    return make.done("table")


#: Every kind of furniture, and how many a room has at most (those of DIMOS's rooms); the largest first.
KINDS: dict[str, tuple[Callable[[np.random.Generator], Furniture], int]] = {
    "sofa": (sofa, 3), "bed": (bed, 1), "table": (table, 2), "desk": (desk, 2), "armchair": (armchair, 4),
    "chair": (chair, 4),
}  # fmt: skip
