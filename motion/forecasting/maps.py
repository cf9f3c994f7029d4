"""WalkableMap: a picture that is black where one cannot walk, laid over the ground by a homography."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from motion.core.errors import BadFile
from motion.forecasting.track_files.sightings import laid_out

Array = NDArray[np.floating]

#: Largest map read, in pixels.
MAX_PIXELS = 64_000_000


@dataclass(frozen=True)
class WalkableMap:
    """Tells of ground positions whether one can stand there; off the picture nobody can.

    Attributes:
        free: (H, W) bool.
        to_pixels: (3, 3), metres as the file of tracks lays them out, to (column, row, 1).
        flat: that plan; see ``Sightings``.
    """

    free: NDArray[np.bool_]
    to_pixels: Array
    flat: str = "xy"

    def __call__(self, points: Array) -> NDArray[np.bool_]:
        """(...) bool of ground positions (..., 2) m."""
        planar = laid_out(np.asarray(points, dtype=np.float64), self.flat)
        projected = np.concatenate([planar, np.ones((*planar.shape[:-1], 1))], axis=-1) @ self.to_pixels.T
        with np.errstate(divide="ignore", invalid="ignore"):
            column, row = np.moveaxis(np.floor(projected[..., :2] / projected[..., 2:] + 0.5), -1, 0)
        height, width = self.free.shape
        inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
        at = (np.where(inside, row, 0).astype(int), np.where(inside, column, 0).astype(int))
        return inside & self.free[at]


def read_map(path: str | Path, homography: Array, flat: str = "xy") -> WalkableMap:
    """A map from a picture and the homography (3, 3) that takes its (column, row, 1) to metres. Raises ``BadFile``."""
    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise BadFile(path, f"has more than {MAX_PIXELS} pixels")
            free = np.asarray(picture.convert("L") if picture.mode not in ("L", "1", "P", "I") else picture) > 0
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadFile(path, f"is no picture that can be read ({error})") from error
    if free.ndim != 2 or not free.any():
        raise BadFile(path, "is black all over: nobody could walk anywhere")
    return WalkableMap(free, np.linalg.inv(homography), flat)
