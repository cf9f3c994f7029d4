"""Which way is up, how long is a metre, how high is the floor: read off the mesh, because files do not say.

Up is the axis along which much area lies level, most of it at one height, along which the scene is flat, and whose
zero is the scene's lowest point. The unit is the one in which a place has the size of a place, or a thing of a thing.
The weights were set on rooms, houses and furniture whose axes were known; ``up``, ``unit`` and ``floor`` overrule.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motion.core.errors import BadInput, UnknownName
from scenes.mesh import Mesh, areas, normals, samples

Array = NDArray[np.floating]

#: Metres in one unit of a file.
UNITS = {"m": 1.0, "cm": 0.01, "mm": 0.001, "in": 0.0254, "ft": 0.3048}

#: Rotations that bring each up axis to +Y, the next axes following in their cyclic order.
UP_AXES: dict[str, Array] = {
    "+y": np.eye(3),
    "-y": np.diag([1.0, -1.0, -1.0]),
    "+z": np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]]),
    "-z": np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]]),
    "+x": np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]),
    "-x": np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]),
}

#: Which axis is up where a kind of file is usually written, and how much that counts.
_USUAL = {".glb": "y", ".gltf": "y", ".obj": "y", ".ply": "z", ".stl": "z"}
_USUAL_WEIGHT = 0.1

#: What counts for an axis: level area, most at one height, flatness, its zero at the scene's bottom or top.
_LEVEL, _ONE_HEIGHT, _FLAT, _ZERO = 0.7, 0.9, 0.3, 1.2

#: Share of a scene's height within which its bottom counts as being at the file's zero.
_NEAR = 0.06

#: Sizes in metres of a place to be in and of a thing: of the longest side least, typical and most; typical height.
_PLACE, _THING = (2.2, 8.0, 150.0, 3.0), (0.25, 1.2, 6.5, 0.8)

#: How odd a place without much low floor is, a place taller than long, a thing with low floor, one with many parts.
_CRAMPED, _TOWER, _ROOMY, _MANY = 0.15, 0.3, 0.3, 1.0

#: A scene is a place when this share of its ground has a floor low down with room above it, or with so many parts.
_PLACE_SHARE, _PLACE_PARTS = 0.28, 5

_POINTS = 30_000


@dataclass(frozen=True)
class Orientation:
    """How a file's coordinates become ours.

    Attributes:
        up: the axis that points up in the file, such as ``+z``.
        unit: the file's unit, ``m``, ``cm``, ``mm``, ``in`` or ``ft``.
        floor: height of the main floor along ``up``, in metres from the file's zero; it becomes height 0.
        is_place: whether one can be in it; otherwise it is a thing to stand in front of.
    """

    up: str
    unit: str
    floor: float
    is_place: bool

    def applied(self, mesh: Mesh) -> Mesh:
        """The mesh in metres, Y up, its floor at height 0."""
        return mesh.moved(UP_AXES[self.up], UNITS[self.unit], np.array([0.0, -self.floor, 0.0]))


@dataclass(frozen=True)
class _Surface:
    """Points (N, 3) spread evenly over a mesh, the normals (N, 3) there, and the area (N,) each stands for."""

    points: Array
    normals: Array
    weights: Array

    def turned(self, rotation: Array) -> _Surface:
        return _Surface(self.points @ rotation.T, self.normals @ rotation.T, self.weights)


def understand(
    mesh: Mesh, suffix: str, up: str | None = None, unit: str | None = None, floor: float | None = None
) -> Orientation:
    """What a mesh from a file with this suffix means; what is given is believed, the rest detected.

    Raises:
        UnknownName: an up axis or unit that is not in the tables.
        BadInput: in the given unit nothing can be done with it.
    """
    if up is not None and up.lstrip("+-").lower() in ("x", "y", "z") and up[0] not in "+-":
        up = f"+{up}"
    if up is not None and up.lower() not in UP_AXES:
        raise UnknownName("up axis", up, UP_AXES)
    if unit is not None and unit.lower() not in UNITS:
        raise UnknownName("unit", unit, UNITS)
    surface = _surface(mesh)
    up = up.lower() if up else _detected_up(surface, _USUAL.get(suffix, "y"))
    turned = surface.turned(UP_AXES[up])
    sides = np.ptp(turned.points, axis=0)
    size = float(sides.max())
    units = (unit.lower(),) if unit else ("m", "cm", "mm")
    roomy = _place_share(turned) > _PLACE_SHARE
    unit, is_place = _kind(size, float(sides[1]), units, roomy, len(mesh.parts) >= _PLACE_PARTS)
    if not 0.01 <= size * UNITS[unit] <= 2000:
        raise BadInput(
            f"the scene would be {size * UNITS[unit]:.3g} m long in {unit}; a scene has 0.01 to 2000 m: choose its unit"
        )
    scaled = _Surface(turned.points * UNITS[unit], turned.normals, turned.weights)
    if floor is not None and not np.isfinite(floor):
        raise BadInput(f"the floor must be a height in metres, got {floor}")
    return Orientation(up, unit, _detected_floor(scaled, is_place) if floor is None else float(floor), is_place)


def _surface(mesh: Mesh) -> _Surface:
    triangles = mesh.triangles
    area = areas(triangles)
    drawn = list(samples(triangles, float(np.sqrt(area.sum() / _POINTS))))
    points = np.concatenate([points for points, _ in drawn])
    faces = np.concatenate([faces for _, faces in drawn])
    each = area / np.maximum(np.bincount(faces, minlength=len(area)), 1)
    return _Surface(points, normals(triangles)[faces], each[faces])


def _detected_up(surface: _Surface, usual: str) -> str:
    """The signed axis that looks most like up."""
    low, high = surface.points.min(axis=0), surface.points.max(axis=0)
    size = np.maximum(high - low, 1e-9)
    scores = {}
    for number, name in enumerate("xyz"):
        level = np.abs(surface.normals[:, number]) > 0.95
        heights = (surface.points[level, number] - low[number]) / size[number]
        areas_at = np.histogram(heights, bins=50, range=(0, 1), weights=surface.weights[level])[0]
        ground = float(np.prod(np.delete(size, number)))
        zero = min(abs(low[number]), abs(high[number])) < _NEAR * size[number]
        scores[name] = (
            _LEVEL * surface.weights[level].sum() / surface.weights.sum()
            + _ONE_HEIGHT * min(areas_at.max() / ground, 1.0)
            + _FLAT * (1 - size[number] / size.max())
            + _ZERO * zero
            + _USUAL_WEIGHT * (name == usual)
        )
    name = max(scores, key=lambda axis: scores[axis])
    number = "xyz".index(name)
    at_zero, hangs = abs(low[number]) < _NEAR * size[number], abs(high[number]) < _NEAR * size[number]
    if at_zero != hangs:
        return ("-" if hangs else "+") + name
    shares = {sign: _place_share(surface.turned(UP_AXES[sign + name])) for sign in "+-"}
    return ("-" if shares["-"] > shares["+"] + 0.2 else "+") + name


def _place_share(surface: _Surface, cells: int = 24) -> float:
    """Share of the ground with an upward face near the bottom and nothing above it for a third of the height."""
    low, size = surface.points.min(axis=0), np.maximum(np.ptp(surface.points, axis=0), 1e-9)
    places = (surface.points - low) / size
    column = np.minimum(places[:, [0, 2]] * cells, cells - 1).astype(np.int64) @ [cells, 1]
    order = np.lexsort((places[:, 1], column))
    column, heights, up = column[order], places[order, 1], surface.normals[order, 1] > 0.7
    same = np.append(column[1:] == column[:-1], False)
    above = np.where(same, np.append(heights[1:], 0.0), np.inf)
    free = up & (heights < 0.12) & (above - heights > 0.35)
    return len(np.unique(column[free])) / cells**2


def _kind(size: float, tall: float, units: tuple[str, ...], roomy: bool, many: bool) -> tuple[str, bool]:
    """The unit of these, and whether it is a place or a thing, for which longest side and height are most usual."""

    def oddness(case: tuple[str, bool]) -> float:
        unit, is_place = case
        least, typical, most, usual_height = _PLACE if is_place else _THING
        metres, height = size * UNITS[unit], max(tall * UNITS[unit], 1e-6)
        outside = max(np.log10(least / metres), np.log10(metres / most), 0.0)
        unusual = 0.2 * abs(np.log10(metres / typical)) + 0.2 * abs(np.log10(height / usual_height))
        without = (
            _CRAMPED * (not (roomy or many)) + _TOWER * (tall >= size) if is_place else _ROOMY * roomy + _MANY * many
        )
        return float(outside + unusual + without)

    return min(((unit, is_place) for unit in units for is_place in (True, False)), key=oddness)


def _detected_floor(surface: _Surface, is_place: bool, step: float = 0.02) -> float:
    """The lowest height at which much area lies level; of a thing its lowest point."""
    heights = surface.points[:, 1]
    bottom = float(heights.min())
    level = surface.normals[:, 1] > 0.9
    if not is_place or not level.any():
        return bottom
    bins = ((heights[level] - bottom) / step).astype(np.int64)
    area = np.convolve(np.bincount(bins, surface.weights[level]), np.ones(5), mode="same")
    lowest = int(np.argmax(area >= 0.3 * area.max()))
    around = np.abs(bins - (lowest + 2)) <= 4
    order = np.argsort(heights[level][around])
    gone = np.cumsum(surface.weights[level][around][order])
    return float(heights[level][around][order][np.searchsorted(gone, gone[-1] / 2)])
