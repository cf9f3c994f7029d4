"""Pictures and files of a forecast show what it says."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from motion.core import BadInput
from motion.core.errors import BadFile
from motion.forecasting.constant_velocity import ConstantVelocity
from motion.forecasting.fan import GIF_FPS, PNG_WIDTH, View, write_fan_gif, write_fan_png
from motion.forecasting.future_files import as_sightings, futures_json, write_csv, write_geojson
from motion.forecasting.futures import Futures
from motion.forecasting.maps import WalkableMap, read_map
from motion.forecasting.track_files import read_sightings, write_sightings
from motion.forecasting.track_files.sightings import from_rows
from motion.forecasting.watching import Watched


def forecast(samples: int = 5) -> tuple[Futures, Watched]:
    times = np.tile(np.arange(8) * 0.4, 2)
    places = np.stack([times, np.repeat([0.0, -2.0], 8)], axis=-1)
    watched = Watched.of(from_rows(np.repeat([0, 1], 8), times, places, ("3", "8")), 2.8)
    return watched.forecast(ConstantVelocity(), horizon=2.0, samples=samples, seed=0), watched


def test_json_holds_everything_in_the_plan_of_the_file() -> None:
    futures, watched = forecast()
    data = json.loads(json.dumps(futures_json(futures, watched.seen, {"notes": []}), allow_nan=False))
    assert data["start"] == 2.8 and data["times"] == [3.2, 3.6, 4.0, 4.4, 4.8]
    second = data["people"][1]
    assert second["id"] == "8" and second["seen"][0] == [0.0, 0.0, 2.0]  # y upwards
    assert second["best"][-1] == [4.8, 2.0] and len(second["futures"]) == 5 and sum(second["probabilities"]) == 1


def test_csv_and_geojson_list_every_future() -> None:
    futures, watched = forecast()
    rows = write_csv(futures, watched.seen, {}).splitlines()
    assert rows[0] == "time,id,future,probability,x,y" and len(rows) == 1 + 2 * 6 * 5
    assert rows[1] == "3.2,3,best,,3.2000,0.0000"
    features = json.loads(write_geojson(futures, watched.seen, {"origin": (60.0, 10.0)}))["features"]
    assert len(features) == 2 * 7
    best = next(
        one for one in features if one["properties"] == {"id": "8", "kind": "best", "times": [3.2, 3.6, 4.0, 4.4, 4.8]}
    )
    longitude, latitude = best["geometry"]["coordinates"][-1]
    assert (longitude - 10) * 111_320 / 2 == pytest.approx(4.8, abs=1e-3)  # the cosine of 60 degrees is a half
    assert (latitude - 60) * 111_320 == pytest.approx(2.0, abs=1e-3)


def test_the_best_forecast_as_tracks(tmp_path: Path) -> None:
    futures, watched = forecast()
    path = write_sightings(as_sightings(futures, watched.seen), tmp_path / "a.txt", "social-gan")
    found = read_sightings(path)
    assert len(found.time) == 2 * (8 + 5) and found.end == pytest.approx(4.8)
    np.testing.assert_allclose(found.position[found.person == 1][-1], [4.8, -2.0], atol=1e-6)


def test_a_picture_shows_people_where_they_are(tmp_path: Path) -> None:
    futures, watched = forecast()
    write_fan_png(futures, watched.seen, tmp_path / "a.png", lambda points: points[..., 1] < 0.3, "a title")
    picture = np.asarray(Image.open(tmp_path / "a.png").convert("RGB")).astype(int)
    assert picture.shape[1] == PNG_WIDTH
    shade = picture[:, PNG_WIDTH // 2].sum(axis=-1)
    assert shade[-60] < shade[40] - 60  # below z = 0.3 nobody can walk: darker
    shown = np.concatenate([futures.positions.reshape(-1, 2), watched.seen.position])
    view = View.around(np.concatenate([shown, futures.best.reshape(-1, 2)]), PNG_WIDTH)
    assert view.size[0] == PNG_WIDTH
    dark = picture.sum(axis=-1) < 250  # where people have been is drawn in ink
    rows, columns = np.nonzero(dark)
    assert len(rows) > 300 and columns.min() < 0.2 * PNG_WIDTH


def test_an_animation_opens_the_fan(tmp_path: Path) -> None:
    futures, watched = forecast(2)
    write_fan_gif(futures, watched.seen, tmp_path / "a.gif")
    with Image.open(tmp_path / "a.gif") as film:
        count = film.n_frames
        assert count == pytest.approx((4.8 - 0.0) * GIF_FPS + 1, abs=1) and film.info["loop"] == 0
        first = np.asarray(film.convert("RGB")).astype(int)
        film.seek(count - 1)
        last = np.asarray(film.convert("RGB")).astype(int)
    coloured = [(np.ptp(picture, axis=-1) > 60).sum() for picture in (first, last)]
    assert coloured[0] < 50 < 500 < coloured[1]


def test_nobody_is_no_picture(tmp_path: Path) -> None:
    _, watched = forecast()
    nobody = Futures(np.zeros((0, 1, 3, 2)), np.zeros((0, 1)), np.zeros((0, 3, 2)), None, 2.5, 0.0, ())
    with pytest.raises(BadInput, match="nobody"):
        write_fan_png(nobody, watched.seen, tmp_path / "a.png")


def test_a_map_tells_where_one_can_stand(tmp_path: Path) -> None:
    pixels = np.zeros((4, 6), np.uint8)
    pixels[1, 2] = 1
    Image.fromarray(pixels).save(tmp_path / "map.png")
    walkable = read_map(tmp_path / "map.png", np.diag([0.5, 0.5, 1.0]))  # half a metre a pixel
    assert walkable(np.array([[1.0, -0.5], [1.2, -0.7], [1.0, 0.5], [9.0, 9.0], [1.5, -0.5]])).tolist() == [
        True, True, False, False, False,
    ]  # fmt: skip
    assert isinstance(walkable, WalkableMap)
    Image.fromarray(pixels * 0).save(tmp_path / "black.png")
    with pytest.raises(BadFile, match="black all over"):
        read_map(tmp_path / "black.png", np.eye(3))
    (tmp_path / "no.png").write_text("no")
    with pytest.raises(BadFile, match="no picture"):
        read_map(tmp_path / "no.png", np.eye(3))
