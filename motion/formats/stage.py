"""A small photo studio: a camera, a floor with metre lines, soft light, and one figure on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from motion.core.axes import UP, from_ground, ground, height
from motion.core.skin import vertex_normals
from motion.formats.raster import rasterise

Array = NDArray[np.floating]

#: Linear colours: red, green, blue from 0 to 1.
BACKDROP = np.array([0.930, 0.937, 0.948])
FLOOR = np.array([0.872, 0.884, 0.902])
LINES = np.array([0.700, 0.720, 0.750])
FIGURE = np.array([0.600, 0.670, 0.780])
WAY = (226, 120, 62)

_KEY_LIGHT = np.array([0.45, 0.80, 0.40])
_SHADOW = 0.42


@dataclass(frozen=True)
class Camera:
    """A perspective camera.

    Attributes:
        eye: (3,) m.
        target: (3,) m, in the middle of the image.
        width, height: pixels of the image.
        focal: focal length in pixels.
    """

    eye: Array
    target: Array
    width: int
    height: int
    focal: float

    def axes(self) -> Array:
        """(3, 3) rows: right, up and forward in the world."""
        forward = (self.target - self.eye) / np.linalg.norm(self.target - self.eye)
        right = np.cross(forward, UP)
        right /= np.linalg.norm(right)
        return np.stack([right, np.cross(right, forward), forward])

    def project(self, points: Array) -> tuple[Array, Array]:
        """Pixels (..., 2) and depths (...) of world points (..., 3)."""
        right, up, depth = np.moveaxis((points - self.eye) @ self.axes().T, -1, 0)
        safe = np.where(depth > 1e-6, depth, 1e-6)
        centre = np.array([self.width / 2, self.height / 2])
        return centre + self.focal * np.stack([right, -up], axis=-1) / safe[..., None], depth

    def floor_hits(self) -> tuple[Array, NDArray[np.bool_]]:
        """Where each pixel's ray meets the floor, ground-plane (H, W, 2) m, and whether it does."""
        right, up, forward = self.axes()
        x = (np.arange(self.width) + 0.5 - self.width / 2) / self.focal
        y = (np.arange(self.height) + 0.5 - self.height / 2) / self.focal
        ray = forward + x[None, :, None] * right - y[:, None, None] * up
        down = -height(ray)
        hit = down > 1e-3
        reach = height(self.eye) / np.where(hit, down, 1.0)
        return ground(self.eye) + ground(ray) * reach[..., None], hit


def draw_figure(camera: Camera, vertices: Array, faces: NDArray[np.integer], way: Array, here: Array) -> Image.Image:
    """One posed surface (V, 3) on the floor, antialiased.

    Args:
        camera: where it is seen from, at the size of the result.
        vertices, faces: the surface, in metres.
        way: (T, 2) m, the root's way over the ground, drawn on the floor.
        here: (2,) m, where the floor is brightest.
    """
    image = _floor(camera, here)
    image *= 1 - _SHADOW * _shadow(camera, vertices, faces)[..., None]
    image = _with_way(camera, image, way).reshape(-1, 3)
    fine = Camera(camera.eye, camera.target, 2 * camera.width, 2 * camera.height, 2 * camera.focal)
    points, depth = fine.project(vertices)
    seen = rasterise(points, depth, faces, (fine.height, fine.width))
    normal = seen.interpolate(vertex_normals(vertices, faces), faces)
    normal /= np.maximum(_length(normal), 1e-9)
    to_eye = camera.eye - seen.interpolate(vertices, faces)
    colour = _shade(normal, to_eye / _length(to_eye), camera)
    # four fine pixels make one: what the figure does not cover of it stays floor
    coarse = seen.pixel // fine.width // 2 * camera.width + seen.pixel % fine.width // 2
    count = len(image)
    covered = np.bincount(coarse, minlength=count) / 4
    image *= 1 - covered[:, None]
    for channel in range(3):
        image[:, channel] += np.bincount(coarse, colour[:, channel], minlength=count) / 4
    pixels = (image.clip(0, 1) * 255 + 0.5).astype(np.uint8)
    return Image.fromarray(pixels.reshape(camera.height, camera.width, 3))


def _length(vectors: Array) -> Array:
    """(P, 1) lengths of vectors (P, 3)."""
    return np.sqrt(np.einsum("pc,pc->p", vectors, vectors))[:, None]


def _light(camera: Camera) -> Array:
    """(3,) towards the key light: above, in front and to the left of the camera."""
    right, _, forward = camera.axes()
    side, up, front = _KEY_LIGHT
    flat = forward - height(forward) * UP
    light = -side * right + up * UP - front * flat / np.linalg.norm(flat)
    return light / np.linalg.norm(light)


def _shade(normal: Array, to_eye: Array, camera: Camera) -> Array:
    """(P, 3) colours: sky and floor light, a soft key light, a pale rim."""
    light = _light(camera)
    sky = 0.5 + 0.5 * height(normal)
    key = np.clip((normal @ light + 0.15) / 1.15, 0, None)
    facing = np.clip(np.einsum("pc,pc->p", normal, to_eye), 0, 1)
    halfway = light + to_eye
    halfway /= _length(halfway)
    gloss = 0.10 * np.clip(np.einsum("pc,pc->p", normal, halfway), 0, 1) ** 24
    brightness = 0.30 + 0.28 * sky + 0.68 * key
    rim = 0.22 * (1 - facing) ** 3 * (0.4 + 0.6 * sky)
    return FIGURE * brightness[:, None] + (gloss + rim)[:, None]


def _floor(camera: Camera, here: Array) -> Array:
    """(H, W, 3) the floor fading into the backdrop, with a line every metre."""
    points, hit = camera.floor_hits()
    off = points - here
    near = np.where(hit, np.exp(-np.einsum("hwc,hwc->hw", off, off) / 3.2**2), 0.0)
    image = BACKDROP + (FLOOR - BACKDROP) * near[..., None]
    footprint = np.abs(np.gradient(points, axis=0)) + np.abs(np.gradient(points, axis=1))
    off_line = np.abs(points - np.round(points)) / np.maximum(footprint, 1e-9)
    line = np.clip(1.1 - np.minimum(*np.moveaxis(off_line, -1, 0)), 0, 1)
    return image + (LINES - image) * (0.75 * line * near)[..., None]


def _shadow(camera: Camera, vertices: Array, faces: NDArray[np.integer]) -> Array:
    """(H, W) from 0 to 1: the surface thrown onto the floor, softened."""
    light = _light(camera)
    thrown = vertices - np.clip(height(vertices), 0, None)[:, None] * light / height(light)
    flat = from_ground(ground(thrown), 0.0)
    points, depth = camera.project(flat)
    mask = np.zeros((camera.height, camera.width), dtype=np.uint8)
    mask.reshape(-1)[rasterise(points, depth, faces, mask.shape, cull=False).pixel] = 255
    soft = (
        Image.fromarray(mask)
        .filter(ImageFilter.BoxBlur(camera.width / 90))
        .filter(ImageFilter.BoxBlur(camera.width / 90))
    )
    return np.asarray(soft, dtype=np.float64) / 255


def _with_way(camera: Camera, image: Array, way: Array) -> Array:
    points, depth = camera.project(from_ground(way, 0.004))
    if len(way) < 2 or np.linalg.norm(np.ptp(way, axis=0)) < 0.8 or depth.min() <= 0.1:
        return image
    layer = Image.new("L", (camera.width, camera.height))
    ImageDraw.Draw(layer).line([tuple(p) for p in points.clip(-1e4, 1e4)], fill=190, width=max(2, camera.width // 140))
    cover = np.asarray(layer, dtype=np.float64)[..., None] / 255
    return image * (1 - cover) + cover * np.array(WAY) / 255
