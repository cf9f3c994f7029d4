"""A place and the ways through it as a picture: seen from above, drawn with Pillow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from motion.core.axes import from_ground, ground, height
from scenes.routing import PlannedRoute
from scenes.scene import Scene

Array = NDArray[np.floating]
Colour = tuple[int, int, int]

#: Pixels of the longer side, and around the plan; it is drawn this many times larger, then made smaller: smooth edges.
LONGER_SIDE, _EDGE, _FINER = 1200, 30, 2

#: Metres above the main floor above which nothing is drawn: ceilings and lamps hide the plan.
_HIGHEST = 2.0

#: Metres above the main floor at which what is solid is filled.
_HIPS = 1.1

#: Colours of people, in their order; easy to tell apart for all eyes (Okabe and Ito 2008).
COLOURS: tuple[Colour, ...] = (
    (0, 114, 178), (213, 94, 0), (0, 158, 115), (204, 121, 167), (230, 159, 0), (86, 180, 233), (120, 94, 60),
    (70, 70, 70),
)  # fmt: skip

_PAPER, _GROUND, _CLOSE, _LOW, _HIGH, _TEXT = (
    (255, 255, 255), (238, 243, 236), (250, 250, 247), (222, 216, 206), (120, 112, 104), (60, 60, 60),
)  # fmt: skip


@dataclass(frozen=True)
class _Plan:
    """Where metres are on the picture: +X to the right, +Z down."""

    low: Array
    scale: float
    size: tuple[int, int]

    def at(self, places: Array) -> Array:
        """Pixels (..., 2) of ground positions (..., 2) m."""
        return (places - self.low) * self.scale + _EDGE * _FINER


def top_view(scene: Scene, routes: Sequence[PlannedRoute] = (), longer_side: int = LONGER_SIDE) -> Image.Image:
    """The ground people can walk on, everything that stands on it, and ways with a dot and a number each second."""
    low, high = (ground(corner) for corner in scene.mesh.bounds)
    scale = (longer_side - 2 * _EDGE) * _FINER / float(max(high - low))
    width, tall = (round(side) + 2 * _EDGE * _FINER for side in ((high - low) * scale).tolist())
    plan = _Plan(low, scale, (width, tall))
    picture = Image.fromarray(_painted(scene, plan))
    draw = ImageDraw.Draw(picture)
    _draw_things(draw, scene, plan)
    for number, route in enumerate(routes):
        _draw_route(draw, plan, route, COLOURS[number % len(COLOURS)], str(number + 1) if len(routes) > 1 else "")
    _draw_metre(draw, plan)
    return picture.resize((width // _FINER, tall // _FINER), Image.Resampling.LANCZOS)


def _painted(scene: Scene, plan: _Plan) -> NDArray[np.uint8]:
    """Pixels (H, W, 3) of the ground, and of what is solid at the height of the hips."""
    width, tall = plan.size
    paint = np.full((tall, width, 3), _PAPER, dtype=np.uint8)
    spans, walkable = scene.walkable.spans, scene.walkable
    for cells, colour in ((np.flatnonzero(spans.heights < _HIGHEST), _CLOSE), (walkable.free, _GROUND)):
        _dab(paint, plan.at(spans.place_of(cells)), spans.cell * plan.scale, np.array(colour))
    rows, columns = np.meshgrid(np.arange(tall), np.arange(width), indexing="ij")
    places = (np.stack([columns, rows], axis=-1) - _EDGE * _FINER) / plan.scale + plan.low
    paint[scene.distance(from_ground(places, _HIPS)) < 0] = _HIGH
    return paint


def _draw_things(draw: ImageDraw.ImageDraw, scene: Scene, plan: _Plan) -> None:
    """Faces from the lowest to the highest, the darker the higher; floors and ceilings are left out."""
    triangles = scene.mesh.triangles
    up = height(triangles)
    shown = (up.max(axis=1) > scene.walkable.agent.climb) & (up.max(axis=1) < _HIGHEST)
    order = np.flatnonzero(shown)[np.argsort(up[shown].max(axis=1), kind="stable")]
    share = np.clip(up[order].mean(axis=1) / _HIGHEST, 0.0, 1.0)[:, None]
    colours = np.round((1 - share) * np.array(_LOW) + share * np.array(_HIGH)).astype(int)
    for corners, colour in zip(plan.at(ground(triangles[order])).tolist(), colours.tolist(), strict=True):
        draw.polygon([tuple(corner) for corner in corners], fill=tuple(colour))


def _dab(paint: NDArray[np.uint8], middles: Array, side: float, colour: Array) -> None:
    """Fill squares of ``side`` pixels around pixels (N, 2)."""
    half = int(np.ceil(side / 2))
    column, row = np.round(middles).astype(np.int64).T
    for down in range(-half, half + 1):
        for right in range(-half, half + 1):
            rows, columns = np.clip(row + down, 0, len(paint) - 1), np.clip(column + right, 0, paint.shape[1] - 1)
            paint[rows, columns] = colour


def _draw_route(draw: ImageDraw.ImageDraw, plan: _Plan, route: PlannedRoute, colour: Colour, name: str) -> None:
    """The way, a dot each second, the seconds now and then, a ring at its start and a disc at its end."""
    line = [tuple(point) for point in plan.at(route.route.points).tolist()]
    draw.line(line, fill=colour, width=3 * _FINER, joint="curve")
    seconds = np.arange(1, int(route.duration) + 1)
    places = np.stack([np.interp(seconds, route.times, column) for column in route.route.points.T], axis=-1)
    font = ImageFont.load_default(11 * _FINER)
    told = -np.inf
    for second, (x, z) in zip(seconds.tolist(), plan.at(places).tolist(), strict=True):
        _disc(draw, x, z, 3.5, colour)
        if second - told >= 2 and np.linalg.norm(plan.at(route.route.points[-1]) - [x, z]) > 20 * _FINER:
            draw.text((x + 6 * _FINER, z - 7 * _FINER), str(second), colour, font, anchor="lm")
            told = second
    for (x, z), inner in ((line[0], _PAPER), (line[-1], colour)):
        _disc(draw, x, z, 9, colour)
        _disc(draw, x, z, 6.5, inner)
        draw.text((x, z), name, colour if inner == _PAPER else _PAPER, ImageFont.load_default(10 * _FINER), anchor="mm")
    x, z = line[-1]
    draw.text((x + 12 * _FINER, z), f"{route.duration:.1f} s", colour, font, anchor="lm")


def _disc(draw: ImageDraw.ImageDraw, x: float, z: float, radius: float, colour: Colour) -> None:
    radius *= _FINER
    draw.ellipse((x - radius, z - radius, x + radius, z + radius), fill=colour)


def _draw_metre(draw: ImageDraw.ImageDraw, plan: _Plan) -> None:
    """How long a metre is, at the lower edge."""
    x, z = _EDGE * _FINER, plan.size[1] - _EDGE * _FINER / 2
    draw.line([(x, z), (x + plan.scale, z)], fill=_TEXT, width=2 * _FINER)
    draw.text((x + plan.scale + 6 * _FINER, z), "1 m", _TEXT, ImageFont.load_default(11 * _FINER), anchor="lm")
