"""Clips as pictures: a contact sheet (.png) and an animation (.gif), drawn without a graphics card."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

from motion.core.axes import from_ground, ground, height
from motion.core.clip import Motion
from motion.core.rotation import rotmat_to_yaw
from motion.core.skin import Skin
from motion.formats.atomic import atomic_path
from motion.formats.glb import require_fit
from motion.formats.provenance import to_text
from motion.formats.stage import Camera, draw_figure
from motion.formats.stick import stick_skin

Array = NDArray[np.floating]

#: The camera stands this far to the side of the person's front and above the horizon, in radians.
SIDE, ELEVATION = np.deg2rad(38.0), np.deg2rad(11.0)
#: Vertical field of view in radians.
VIEW = np.deg2rad(24.0)
#: The way over the floor is drawn this long before and after the moment shown; longer ones become a scribble.
WAY_SECONDS = 1.5
#: Frames per second of a .gif: five hundredths of a second each, which every viewer plays as written.
GIF_FPS = 20.0
MAX_GIF_SECONDS = 60.0

_TEXT, _FAINT, _PAPER = (38, 44, 54), (120, 128, 140), (255, 255, 255)


def write_png(
    clip: Motion,
    path: str | os.PathLike[str],
    *,
    skin: Skin | None = None,
    provenance: dict[str, Any] | None = None,
) -> None:
    """Write a contact sheet of ten poses; the prompt, when the provenance has one, is its title."""
    contact_sheet(clip, path, skin=skin, title=title_of(provenance), provenance=provenance)


def contact_sheet(
    clip: Motion,
    path: str | os.PathLike[str],
    *,
    skin: Skin | None = None,
    poses: int = 10,
    title: str = "",
    provenance: dict[str, Any] | None = None,
) -> None:
    """Write a .png of poses spread evenly over the clip, in reading order, each with its time.

    Args:
        clip: what to show.
        path: the file.
        skin: the body; without one, sticks along the bones.
        poses: how many, at least 1.
        title: a line above, such as the prompt.
        provenance: kept as text in the file.
    """
    poses = max(1, min(poses, clip.num_frames))
    frames = np.round(np.linspace(0, clip.num_frames - 1, poses)).astype(int)
    columns = poses if poses <= 6 else -(-poses // 2)
    rows = -(-poses // columns)
    width, tall, gap, head = 250, 330, 6, 58 if title else 34
    sheet = Image.new("RGB", (columns * (width + gap) + gap, head + rows * (tall + gap)), _PAPER)
    draw = ImageDraw.Draw(sheet)
    shot = _Shot.of(clip, skin, (width, tall))
    for place, frame in enumerate(frames):
        left, top = gap + place % columns * (width + gap), head + place // columns * (tall + gap)
        sheet.paste(shot.at(int(frame)), (left, top))
        draw.text((left + 10, top + tall - 26), f"{frame / clip.fps:.1f} s", _FAINT, ImageFont.load_default(14))
    facts = f"{clip.duration:.1f} s  ·  {clip.fps:.4g} fps"
    draw.text((sheet.width - 2 * gap, head / 2), facts, _FAINT, ImageFont.load_default(15), anchor="rm")
    room = sheet.width - 8 * gap - draw.textlength(facts, ImageFont.load_default(15))
    draw.text((2 * gap, head / 2), _shortened(draw, title, room), _TEXT, ImageFont.load_default(24), anchor="lm")
    notes = PngImagePlugin.PngInfo()
    if provenance:
        notes.add_itxt("provenance", to_text(provenance))
    with atomic_path(path) as temporary:
        sheet.save(temporary, format="PNG", optimize=True, pnginfo=notes)


def write_gif(
    clip: Motion,
    path: str | os.PathLike[str],
    *,
    skin: Skin | None = None,
    provenance: dict[str, Any] | None = None,
) -> None:
    """Write an endless .gif at 20 frames a second, at most the first minute of the clip."""
    times = np.arange(0, min(clip.duration, MAX_GIF_SECONDS), 1 / GIF_FPS)
    shown = clip.sampled_at(times, GIF_FPS)
    pictures = list(film(shown, (320, 400), skin=skin, title=title_of(provenance)))
    palette = _shared_palette(pictures)
    indexed = [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures]
    with atomic_path(path) as temporary:
        indexed[0].save(
            temporary, format="GIF", save_all=True, append_images=indexed[1:], duration=round(1000 / GIF_FPS), loop=0,
            comment=to_text(provenance).encode()[:255] if provenance else b"",
        )  # fmt: skip


def film(clip: Motion, size: tuple[int, int], *, skin: Skin | None = None, title: str = "") -> Iterator[Image.Image]:
    """Pictures of (width, height) pixels of every frame, the camera following the person."""
    shot = _Shot.of(clip, skin, size)
    font = ImageFont.load_default(max(11, size[0] // 22))
    for frame in range(clip.num_frames):
        picture = shot.at(frame)
        draw = ImageDraw.Draw(picture)
        draw.text((12, 12), _shortened(draw, title, size[0] - 24, font), _TEXT, font)
        yield picture


@dataclass(frozen=True)
class _Shot:
    """A clip in front of a camera that keeps its direction and follows the person's smoothed way."""

    clip: Motion
    skin: Skin
    size: tuple[int, int]
    follow: Array
    side: float
    distance: float
    aim: float

    @staticmethod
    def of(clip: Motion, skin: Skin | None, size: tuple[int, int]) -> _Shot:
        if skin is None:
            skin = stick_skin(clip.skeleton)
        require_fit(skin, clip.skeleton)
        follow = _smoothed(ground(clip.root_position), clip.fps)
        joints = clip.joint_positions()
        reach = np.linalg.norm(ground(joints) - follow[:, None], axis=-1)
        top = max(float(np.percentile(height(joints), 99.5)) + 0.22, 1.0)
        focal = size[1] / (2 * np.tan(VIEW / 2))
        for_height = (top + 0.16) / (2 * np.tan(VIEW / 2))
        for_width = (float(np.percentile(reach, 99.5)) + 0.18) * 2 * focal / size[0]
        yaw = rotmat_to_yaw(clip.joint_rotation[:, 0])
        front = float(np.arctan2(np.sin(yaw).mean(), np.cos(yaw).mean()))
        return _Shot(clip, skin, size, follow, front + SIDE, max(for_height, for_width), top / 2 - 0.05)

    def at(self, frame: int) -> Image.Image:
        clip, here = self.clip, self.follow[frame]
        target = from_ground(here, self.aim)
        away = from_ground(np.array([np.sin(self.side), np.cos(self.side)]) * np.cos(ELEVATION), np.sin(ELEVATION))
        width, tall = self.size
        focal = tall / (2 * np.tan(VIEW / 2))
        camera = Camera(target + (self.distance + 0.3) * away, target, width, tall, focal)
        vertices = self.skin.deform(clip.root_position[frame], clip.joint_rotation[frame])
        near = np.linalg.norm(self.follow - here, axis=-1) < self.distance / 2
        return draw_figure(camera, vertices, self.skin.faces, self._stretch(near, frame), here)

    def _stretch(self, near: NDArray[np.bool_], frame: int) -> Array:
        """The part of the way shortly before and after this frame that stays in front of the camera."""
        reach = round(WAY_SECONDS * self.clip.fps)
        before = np.flatnonzero(~near[:frame])
        after = np.flatnonzero(~near[frame:])
        start = int(before[-1]) + 1 if len(before) else 0
        stop = frame + int(after[0]) if len(after) else len(near)
        return self.follow[max(start, frame - reach) : min(stop, frame + reach + 1)]


def _smoothed(way: Array, fps: float, seconds: float = 0.6) -> Array:
    """(T, 2) the way averaged over a moving window, its ends held."""
    half = max(1, round(seconds * fps / 2))
    padded = np.concatenate([np.repeat(way[:1], half, axis=0), way, np.repeat(way[-1:], half, axis=0)])
    total = np.cumsum(np.concatenate([np.zeros((1, 2)), padded]), axis=0)
    window = 2 * half + 1
    return (total[window:] - total[:-window]) / window


def _shared_palette(pictures: list[Image.Image]) -> Image.Image:
    """One palette for all frames, so that still parts do not flicker."""
    some = pictures[:: max(1, len(pictures) // 6)]
    strip = Image.new("RGB", (some[0].width, some[0].height * len(some)))
    for place, picture in enumerate(some):
        strip.paste(picture, (0, place * picture.height))
    return strip.quantize(128, method=Image.Quantize.MEDIANCUT)


def title_of(provenance: dict[str, Any] | None) -> str:
    """The prompt, where a provenance names one."""
    prompt = (provenance or {}).get("prompt", "")
    return prompt if isinstance(prompt, str) else ""


def _shortened(draw: ImageDraw.ImageDraw, text: str, room: float, font: Any = None) -> str:
    """The text on one line, cut with an ellipsis where it would not fit."""
    font = font or ImageFont.load_default(24)
    text = " ".join(text.split())[:500]
    if draw.textlength(text, font) <= room:
        return text
    while text and draw.textlength(text + "…", font) > room:
        text = text[:-1]
    return text + "…"
