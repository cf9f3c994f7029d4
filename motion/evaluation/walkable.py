"""Forecasts against the walkable maps of ETH and UCY: pictures whose pixels are 1 where one can walk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from motion.evaluation.futures import Trained
from motion.forecasting.forecaster import TrainedForecaster
from motion.forecasting.inside import kept_inside
from motion.forecasting.windows import Windows

Array = NDArray[np.floating]

#: Picture and homography of the scenes that have one map for all their test windows.
MAPS = {
    "eth": ("seq_eth_oracle.png", "biwi_eth_H.txt"),
    "hotel": ("seq_hotel_oracle.png", "biwi_hotel_H.txt"),
    "univ": ("students003_oracle.png", "students003_H.txt"),
    "zara1": ("crowds_zara01_oracle.png", "crowds_zara01_H.txt"),
    "zara2": ("crowds_zara02_oracle.png", "crowds_zara02_H.txt"),
}

#: People looked at in each scene, drawn evenly.
MOST = 600


@dataclass(frozen=True)
class WalkablePicture:
    """Ground that can be walked on, as a picture: ``inverse @ (x, y, 1)`` is (column, row, 1). Outside: walkable."""

    free: NDArray[np.bool_]
    inverse: Array

    def __call__(self, points: Array) -> NDArray[np.bool_]:
        pixel = np.concatenate([points, np.ones_like(points[..., :1])], axis=-1) @ self.inverse.T
        column, row = np.moveaxis(np.rint(pixel[..., :2] / pixel[..., 2:]), -1, 0)
        inside = (row >= 0) & (row < self.free.shape[0]) & (column >= 0) & (column < self.free.shape[1])
        row, column = np.where(inside, row, 0).astype(int), np.where(inside, column, 0).astype(int)
        return np.asarray(self.free[row, column] | ~inside)


def read_map(tracks: Path, scene: str) -> WalkablePicture | None:
    """The map of a scene; None where the folder has none."""
    folder = tracks / "maps" if (tracks / "maps").is_dir() else tracks
    picture, homography = (folder / name for name in MAPS[scene])
    if not picture.is_file() or not homography.is_file():
        return None
    with Image.open(picture) as image:
        free = np.asarray(image) > 0
    return WalkablePicture(free, np.linalg.inv(np.loadtxt(homography)))


def off_the_map(
    tracks: Path, forecasters: Mapping[str, TrainedForecaster], windows: Mapping[str, Windows]
) -> dict[str, tuple[float, float]]:
    """Share of the points of all samples off the map of each scene: when it is not given, and when it is."""
    shares = {}
    for scene in MAPS:
        walkable = read_map(tracks, scene)
        if walkable is None:
            continue
        rows = np.unique(np.linspace(0, len(windows[scene]) - 1, MOST).astype(int))
        part = windows[scene][rows]
        positions, _ = Trained(forecasters[scene]).foretell(part)
        kept = kept_inside(positions, part.past[:, -1].astype(np.float64), walkable)
        shares[scene] = (float((~walkable(positions)).mean()), float((~walkable(kept)).mean()))
    return shares
