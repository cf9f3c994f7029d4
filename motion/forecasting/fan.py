"""Pictures of a forecast: the fan of futures over the ground with its probabilities (.png), and how it opens (.gif)."""

from __future__ import annotations

import colorsys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from motion.core.errors import BadInput
from motion.forecasting.futures import Futures, Walkable
from motion.forecasting.track_files.sightings import Sightings
from motion.formats.atomic import atomic_path

Array = NDArray[np.floating]
Colour = tuple[int, int, int]

#: Drawn so many times as large and made smaller: smooth lines.
FINE = 2
PNG_WIDTH, GIF_WIDTH, GIF_FPS = 1400, 720, 10.0
#: Height of a picture, in widths.
FLATTEST, TALLEST = 0.45, 1.1
#: Ground shown around everybody, in metres, and cells of ground that are asked whether they are walkable.
MARGIN, CELL = 1.2, 0.1
#: More people than this get no numbers beside their futures.
TOLD = 12

_PAPER, _INK, _FAINT, _CLOSED = (252, 252, 250), (38, 44, 54), (168, 174, 182), (226, 222, 214)


@dataclass(frozen=True)
class View:
    """Ground from above: x to the right, z downwards. ``corner`` (2,) m is at the top left."""

    corner: Array
    scale: float
    size: tuple[int, int]

    @classmethod
    def around(cls, points: Array, width: int) -> View:
        """Of all points (N, 2) m."""
        low, high = points.min(axis=0) - MARGIN, points.max(axis=0) + MARGIN
        wide, tall = high - low
        tall_px = np.clip(tall / wide, FLATTEST, TALLEST) * width
        scale = min(width / wide, tall_px / tall)
        size = (width, int(np.clip(tall_px, 1, None)))
        corner = (low + high) / 2 - np.array(size) / scale / 2
        return cls(corner, float(scale), size)

    def at(self, points: Array) -> list[tuple[float, float]]:
        """Fine pixels of points (N, 2) m."""
        return [(float(x), float(z)) for x, z in (points - self.corner) * self.scale * FINE]

    def finer(self, metres: float) -> float:
        """Metres as fine pixels."""
        return metres * self.scale * FINE


def write_fan_png(
    futures: Futures, seen: Sightings, path: str | Path, walkable: Walkable | None = None, title: str = ""
) -> None:
    """Write the fan as .png; it appears whole or not at all."""
    view = View.around(_everything(futures, seen), PNG_WIDTH)
    picture = _finished(_drawn(futures, seen, view, _ground(view, walkable), futures.times[-1]), title, view)
    with atomic_path(path) as temporary:
        picture.save(temporary, format="PNG", optimize=True)


def write_fan_gif(
    futures: Futures, seen: Sightings, path: str | Path, walkable: Walkable | None = None, title: str = ""
) -> None:
    """Write people walking up and their futures opening as an endless .gif."""
    view = View.around(_everything(futures, seen), GIF_WIDTH)
    ground = _ground(view, walkable)
    first = max(float(seen.time.min()), futures.start - 3.2)
    times = np.append(np.arange(first, futures.times[-1], 1 / GIF_FPS), futures.times[-1])
    pictures = []
    for time in times:
        said = f"{title}   {time - futures.start:+.1f} s".strip()
        pictures.append(_finished(_drawn(futures, seen, view, ground, float(time)), said, view))
    palette = pictures[-1].quantize(255, method=Image.Quantize.MEDIANCUT)
    indexed = [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures]
    waits = [round(1000 / GIF_FPS)] * (len(indexed) - 1) + [1500]
    with atomic_path(path) as temporary:
        indexed[0].save(temporary, format="GIF", save_all=True, append_images=indexed[1:], duration=waits, loop=0)


def _everything(futures: Futures, seen: Sightings) -> Array:
    """All places that are to be in the picture, (N, 2) m: outliers among futures are cut at the edge."""
    if not len(futures.ids):
        raise BadInput("nobody is forecast, there is nothing to draw")
    forecast = futures.positions.reshape(-1, 2)
    low, high = np.quantile(forecast, [0.001, 0.999], axis=0)
    inside = np.all((forecast >= low) & (forecast <= high), axis=-1)
    shown = np.isin(seen.person, [seen.ids.index(name) for name in futures.ids])
    return np.concatenate([forecast[inside], futures.best.reshape(-1, 2), seen.position[shown]])


def _ground(view: View, walkable: Walkable | None) -> Image.Image:
    """Paper with a line every metre (or more, where metres are small), and what cannot be walked on darker."""
    width, tall = view.size[0] * FINE, view.size[1] * FINE
    paper = Image.new("RGB", (width, tall), _PAPER)
    if walkable is not None:
        cell = max(CELL, 2 / view.scale)
        count = np.ceil(np.array(view.size) / view.scale / cell).astype(int)
        x, z = np.meshgrid(*(np.arange(n) for n in count))
        free = np.asarray(walkable(view.corner + cell * (np.stack([x, z], axis=-1) + 0.5)), bool)
        shades = np.where(free[..., None], np.array(_PAPER), np.array(_CLOSED)).astype(np.uint8)
        large = (round(count[0] * view.finer(cell)), round(count[1] * view.finer(cell)))
        paper.paste(Image.fromarray(shades).resize(large, Image.Resampling.NEAREST), (0, 0))
    draw = ImageDraw.Draw(paper)
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 1000, 1e9) if s * view.scale >= 24)
    for axis, length in enumerate(view.size):
        for mark in np.arange(np.ceil(view.corner[axis] / step), (view.corner[axis] + length / view.scale) / step):
            at = float((mark * step - view.corner[axis]) * view.scale * FINE)
            ends = [(at, 0), (at, tall)] if axis == 0 else [(0, at), (width, at)]
            draw.line(ends, tuple(max(0, c - 12) for c in _PAPER), 1)
    label = f"{step:g} m"
    left, low = 20 * FINE, tall - 22 * FINE
    draw.line([(left, low), (left + view.finer(step), low)], _INK, 2 * FINE)
    draw.text((left, low - 20 * FINE), label, _INK, ImageFont.load_default(13 * FINE))
    return paper


def _drawn(futures: Futures, seen: Sightings, view: View, ground: Image.Image, until: float) -> Image.Image:
    """The fine picture of everything up to a moment in seconds."""
    layer = Image.new("RGBA", ground.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    steps = np.append(futures.start, futures.times)
    colours = [_colour(row) for row in range(len(futures.ids))]
    if until > futures.start:
        for row, colour in enumerate(colours):
            here = _place(seen, futures.ids[row], futures.start)
            _draw_futures(draw, futures, row, here, steps, until, view, colour)
    for row, (name, colour) in enumerate(zip(futures.ids, colours, strict=True)):
        here = _place(seen, name, futures.start)
        _draw_seen(draw, seen, name, min(until, futures.start), view)
        if until > futures.start:
            way = _cut(np.vstack([here, futures.best[row]]), steps, until)
            dark = _mixed(colour, 1.2)
            draw.line(view.at(way), (255, 255, 255, 255), 8 * FINE, joint="curve")
            draw.line(view.at(way), (*dark, 255), 4 * FINE, joint="curve")
            _dot(draw, view.at(way[-1:])[0], 6 * FINE, dark, (255, 255, 255))
    if until > futures.start and len(futures.ids) <= TOLD:
        for row, colour in enumerate(colours):
            _draw_shares(draw, futures, row, steps, until, view, colour)
    return Image.alpha_composite(ground.convert("RGBA"), layer)


def _draw_futures(
    draw: ImageDraw.ImageDraw, futures: Futures, row: int, here: Array, steps: Array, until: float, view: View,
    colour: Colour,
) -> None:  # fmt: skip
    """Every future of a person, the likelier the stronger."""
    shares = futures.probabilities[row]
    strong = shares / shares.max()
    for sample in np.argsort(shares):
        way = _cut(np.vstack([here, futures.positions[row, sample]]), steps, until)
        tone = (*_mixed(colour, 0.25 + 0.6 * float(strong[sample])), 235)
        draw.line(view.at(way), tone, round((1 + 1.5 * float(strong[sample])) * FINE), joint="curve")
        _dot(draw, view.at(way[-1:])[0], (2.0 + 3.5 * float(np.sqrt(strong[sample]))) * FINE, tone[:3], (255, 255, 255))


def _draw_shares(
    draw: ImageDraw.ImageDraw, futures: Futures, row: int, steps: Array, until: float, view: View, colour: Colour
) -> None:
    """The probabilities of the likeliest futures beside their ends, in percent, where there is room."""
    font, taken = ImageFont.load_default(12 * FINE), list[tuple[float, float]]()
    for sample in np.argsort(-futures.probabilities[row])[:4]:
        way = _cut(np.vstack([futures.best[row, :1], futures.positions[row, sample]]), steps, until)
        x, y = view.at(way[-1:])[0]
        if all(abs(x - a) > 34 * FINE or abs(y - b) > 14 * FINE for a, b in taken):
            taken.append((x, y))
            text = f"{100 * futures.probabilities[row, sample]:.0f} %"
            draw.text((x + 7 * FINE, y - 7 * FINE), text, (*_mixed(colour, 1.3), 255), font,
                      stroke_width=2 * FINE, stroke_fill=(255, 255, 255, 230))  # fmt: skip


def _draw_seen(draw: ImageDraw.ImageDraw, seen: Sightings, name: str, until: float, view: View) -> None:
    """Where a person has been, and the name where the person is."""
    rows = (seen.person == seen.ids.index(name)) & (seen.time <= until + 1e-6)
    if not rows.any():
        return
    points = np.vstack([seen.position[rows], _place(seen, name, until)])
    draw.line(view.at(points), (*_INK, 255), 2 * FINE, joint="curve")
    dots = seen.position[rows]
    for point in view.at(dots) if len(dots) < 40 else []:
        _dot(draw, point, 2.2 * FINE, _INK, None)
    x, y = view.at(points[-1:])[0]
    _dot(draw, (x, y), 6 * FINE, _INK, (255, 255, 255))
    draw.text((x + 8 * FINE, y + 4 * FINE), name[:16], (*_INK, 255), ImageFont.load_default(13 * FINE),
              stroke_width=2 * FINE, stroke_fill=(255, 255, 255, 220))  # fmt: skip


def _finished(fine: Image.Image, title: str, view: View) -> Image.Image:
    """At its size, with the title."""
    draw = ImageDraw.Draw(fine)
    draw.text((16 * FINE, 12 * FINE), " ".join(title.split())[:120], _INK, ImageFont.load_default(16 * FINE),
              stroke_width=3 * FINE, stroke_fill=_PAPER)  # fmt: skip
    return fine.convert("RGB").resize(view.size, Image.Resampling.LANCZOS)


def _place(seen: Sightings, name: str, time: float) -> Array:
    """(2,) m where somebody is at a time, straight between sights."""
    rows = seen.person == seen.ids.index(name)
    return np.array([np.interp(time, seen.time[rows], column) for column in seen.position[rows].T])


def _cut(way: Array, times: Array, until: float) -> Array:
    """The way (N, 2) at ``times`` (N,) up to a moment, the last place between two steps."""
    count = int(np.searchsorted(times, until + 1e-9))
    end = np.array([np.interp(until, times, column) for column in way.T])
    return np.vstack([way[:count], end])


def _dot(draw: ImageDraw.ImageDraw, at: tuple[float, float], radius: float, fill: Colour, edge: Colour | None) -> None:
    box = (at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius)
    draw.ellipse(box, (*fill, 255), None if edge is None else (*edge, 255), FINE if edge else 0)


def _colour(number: int) -> Colour:
    """Colours that stay apart however many there are: hues a golden section from each other."""
    red, green, blue = colorsys.hls_to_rgb((0.58 + number * 0.618034) % 1.0, 0.42, 0.72)
    return round(255 * red), round(255 * green), round(255 * blue)


def _mixed(colour: Sequence[int], strength: float) -> Colour:
    """The colour on white: 0 is white, 1 the colour, above it darker."""
    mixed = [round(np.clip(255 + (part - 255) * strength, 0, 255)) for part in colour]
    return mixed[0], mixed[1], mixed[2]


#: Pictures of a forecast, by suffix.
PICTURES = {".png": write_fan_png, ".gif": write_fan_gif}
