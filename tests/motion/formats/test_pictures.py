"""Pictures and tables: what they show, not how pretty they are."""

from __future__ import annotations

import csv
import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from helpers import box_skin, random_clip, walking_clip
from motion.core.errors import BadInput, MissingDependency
from motion.core.skeleton import Skeleton
from motion.formats import save
from motion.formats.picture import contact_sheet
from motion.formats.raster import rasterise
from motion.formats.stage import Camera
from motion.formats.stick import stick_skin


def test_a_triangle_covers_its_pixels_and_the_nearer_hides_the_farther() -> None:
    points = np.array([[0.0, 0.0], [0.0, 10.0], [10.0, 0.0], [0.0, 0.0], [0.0, 4.0], [4.0, 0.0]])
    depth = np.array([2.0, 2.0, 2.0, 1.0, 1.0, 1.0])
    faces = np.array([[0, 1, 2], [3, 4, 5]])
    seen = rasterise(points, depth, faces, (10, 10))
    owner = np.full(100, -1)
    owner[seen.pixel] = seen.face
    owner = owner.reshape(10, 10)
    assert owner[0, 0] == 1
    assert owner[0, 8] == 0
    assert owner[9, 9] == -1
    assert 45 <= len(seen.pixel) <= 55
    assert np.allclose(seen.weight.sum(axis=1), 1)
    assert len(rasterise(points, depth, faces[:, ::-1], (10, 10)).pixel) == 0  # seen from behind
    assert len(rasterise(points, -depth, faces, (10, 10)).pixel) == 0  # behind the camera
    assert len(rasterise(points + 100, depth, faces, (10, 10)).pixel) == 0  # beside the image


def test_the_camera_sees_left_right_and_the_floor_as_they_are() -> None:
    camera = Camera(np.array([0.0, 1.0, 5.0]), np.array([0.0, 1.0, 0.0]), 100, 80, 100.0)
    points, depth = camera.project(np.array([[0.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 0.0]]))
    assert np.allclose(points[0], [50, 40])
    assert points[1, 0] > 50  # who looks along -Z has +X at the right
    assert points[2, 1] > 40
    assert np.allclose(depth, 5)
    hits, is_floor = camera.floor_hits()
    row, column = 60, 70
    assert is_floor[row, column]
    assert not is_floor[10, 10]
    back, _ = camera.project(np.array([hits[row, column][0], 0.0, hits[row, column][1]]))
    assert np.allclose(back, [column + 0.5, row + 0.5])


def figure_pixels(path: Path) -> list[np.ndarray]:
    """Where the figure (clearly darker than the floor and its shadow is not blue) is, cell by cell."""
    with Image.open(path) as image:
        image.load()
        pixels = np.asarray(image.convert("RGB")).astype(int)
    return [(pixels[..., 2] - pixels[..., 0] > 25)]


def test_a_contact_sheet_shows_the_poses(tmp_path: Path) -> None:
    clip = walking_clip(2.0)
    contact_sheet(clip, tmp_path / "a.png", skin=box_skin(), poses=4, title="a person walks")
    contact_sheet(clip, tmp_path / "b.png", poses=4, title="a person walks")
    solid, sticks = (figure_pixels(tmp_path / f"{name}.png")[0] for name in "ab")
    width = solid.shape[1] // 4
    for cell in range(4):
        assert solid[:, cell * width : (cell + 1) * width].sum() > 2500
        assert sticks[:, cell * width : (cell + 1) * width].sum() > 600
    assert solid.sum() > 1.3 * sticks.sum()


def test_a_sheet_of_odd_clips(tmp_path: Path) -> None:
    clip = walking_clip(0.2)
    contact_sheet(clip.sliced(0, 1), tmp_path / "a.png", poses=10, title="x" * 1000)
    contact_sheet(replace(clip, root_position=clip.root_position - [0, 5, 0]), tmp_path / "b.png")
    one = Skeleton(("only",), np.array([-1]), np.zeros((1, 3)))
    contact_sheet(random_clip(5, skeleton=one), tmp_path / "c.png")
    for name in "abc":
        with Image.open(tmp_path / f"{name}.png") as image:
            assert min(image.size) > 100


def test_a_skin_of_another_body_is_refused(tmp_path: Path) -> None:
    clip = walking_clip(0.2)
    wide = replace(clip.skeleton, rest_offsets=clip.skeleton.rest_offsets * 1.1)
    with pytest.raises(BadInput, match="another skeleton"):
        contact_sheet(clip, tmp_path / "a.png", skin=box_skin(wide))


def test_provenance_is_in_the_picture(tmp_path: Path) -> None:
    save(walking_clip(0.2), tmp_path / "a.png", provenance={"prompt": "geht", "seed": 5})
    with Image.open(tmp_path / "a.png") as image:
        assert '"seed": 5' in image.info["provenance"]


def test_a_gif_lasts_as_long_as_the_clip(tmp_path: Path) -> None:
    save(walking_clip(0.5, fps=30), tmp_path / "a.gif", skin=box_skin(), provenance={"prompt": "walks"})
    with Image.open(tmp_path / "a.gif") as image:
        assert image.n_frames == 10
        assert image.info["duration"] == 50


@pytest.mark.skipif(importlib.util.find_spec("imageio_ffmpeg") is None, reason="needs the extra 'video'")
def test_a_video_lasts_as_long_as_the_clip(tmp_path: Path) -> None:
    import imageio_ffmpeg

    save(walking_clip(0.4, fps=30), tmp_path / "a.mp4")
    frames, seconds = imageio_ffmpeg.count_frames_and_secs(str(tmp_path / "a.mp4"))
    assert frames == 12
    assert seconds == pytest.approx(0.4, abs=0.01)


@pytest.mark.skipif(importlib.util.find_spec("imageio_ffmpeg") is not None, reason="the encoder is installed")
def test_without_an_encoder_the_way_to_one_is_told(tmp_path: Path) -> None:
    with pytest.raises(MissingDependency, match=r"stride-studio\[video\]"):
        save(walking_clip(0.2), tmp_path / "a.mp4")
    assert not list(tmp_path.iterdir())


def test_sticks_follow_the_bones() -> None:
    clip = random_clip(3)
    skin = stick_skin(clip.skeleton)
    assert np.allclose(skin.weights.sum(axis=1), 1)
    first, second, third = skin.vertices[skin.faces].swapaxes(0, 1)
    volume = np.sum(first * np.cross(second, third)) / 6
    assert volume > 0  # faces look outward
    surface = skin.deform(clip.root_position, clip.joint_rotation)
    for joint in clip.joint_positions().swapaxes(0, 1):
        assert np.linalg.norm(surface - joint[:, None], axis=-1).min(axis=1).max() < 0.1


def test_csv_holds_joints_in_metres(tmp_path: Path) -> None:
    clip = walking_clip(0.5, fps=24)
    save(clip, tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][:5] == ["frame", "time_s", "pelvis_x_m", "pelvis_y_m", "pelvis_z_m"]
    table = np.array(rows[1:], dtype=float)
    assert np.allclose(table[:, 1], np.arange(12) / 24)
    assert np.allclose(table[:, 2:].reshape(12, 24, 3), clip.joint_positions(), atol=1e-5)
