from pathlib import Path

import numpy as np
import pytest
from corpora import straight_walk, write_raw_bvh

from helpers import random_clip, walking_clip
from motion.core import BadFile
from motion.core.clip import Motion
from motion.core.rotation import euler_to_rotmat, yaw_to_rotmat
from motion.formats.bvh import read_bvh, unrolled_euler, write_bvh

SMALL = """HIERARCHY
ROOT hips
{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
  JOINT knee
  {
    OFFSET 0 -40 0
    CHANNELS 3 Zrotation Xrotation Yrotation
    End Site
    {
      OFFSET 0 -10 2
    }
  }
}
MOTION
Frames: 2
Frame Time: 0.0333333
0 90 0 0 0 0 0 90 0
1 90 0 0 0 90 0 0 0
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "clip.bvh"
    path.write_text(text)
    return path


def test_a_small_file_by_hand(tmp_path: Path) -> None:
    clip = read_bvh(written(tmp_path, SMALL), end_sites=True)
    assert clip.skeleton.joint_names == ("hips", "knee", "knee_end")
    assert clip.fps == 30.0
    points = clip.joint_positions()
    assert np.allclose(points[0], [[0, 0.9, 0], [0, 0.5, 0], [0, 0.48, -0.1]], atol=1e-9)
    assert np.allclose(points[1], [[0.01, 0.9, 0], [0.01, 0.5, 0], [0.03, 0.4, 0]], atol=1e-9)
    assert read_bvh(written(tmp_path, SMALL)).skeleton.joint_names == ("hips", "knee")


def test_other_units(tmp_path: Path) -> None:
    assert read_bvh(written(tmp_path, SMALL), scale=1.0).root_position[0, 1] == 90.0


@pytest.mark.parametrize(
    ("text", "fps"),
    [("0.0333333", 30), (".0083333", 120), ("0.033333333333333333", 30), ("0.0166667", 60), ("0.04", 25), ("0.033", 30),
     ("0.0333667", 30000 / 1001), ("0.0417083", 24000 / 1001), ("0.01", 100), ("0.05", 20), ("8.33333e-03", 120)],
)  # fmt: skip
def test_the_frame_rate_that_was_meant(tmp_path: Path, text: str, fps: float) -> None:
    assert read_bvh(written(tmp_path, SMALL.replace("0.0333333", text))).fps == pytest.approx(fps, rel=1e-12)


def test_a_reference_joint_and_positions_on_every_joint(tmp_path: Path) -> None:
    """Bandai-Namco's files: a still root above the hips, offsets repeated in channels, nonsense in the hips' OFFSET."""
    clip = straight_walk(0.5)
    path = write_raw_bvh(clip, tmp_path / "a.bvh", reference="joint_Root", all_channels=True)
    back = read_bvh(path)
    assert back.skeleton.joint_names[0] == "pelvis"
    order = [back.skeleton.index(name) for name in clip.skeleton.joint_names]
    assert np.abs(back.joint_positions()[:, order] - clip.joint_positions()).max() < 1e-5


DAMAGE = {
    "empty": ("", "HIERARCHY"),
    "no motion": (SMALL.split("MOTION")[0], "MOTION"),
    "cut short": (SMALL[:-20], "cut short"),
    "one number too many": (SMALL + "7\n", "numbers"),
    "not a number": (SMALL.replace(" 90 0 0 0\n", " 90 zero 0 0\n"), "not a number"),
    "NaN": (SMALL.replace("1 90 0", "1 nan 0"), "NaN"),
    "infinite": (SMALL.replace("1 90 0", "1 inf 0"), "NaN"),
    "two roots": (SMALL.replace("JOINT knee", "ROOT knee"), "ROOT"),
    "brace missing": (SMALL.replace("  }\n}\nMOTION", "  }\nMOTION"), "brace"),
    "unknown channel": (SMALL.replace("CHANNELS 3 Zrotation", "CHANNELS 3 Wrotation"), "channels"),
    "repeated channel": (SMALL.replace("CHANNELS 3 Zrotation", "CHANNELS 3 Xrotation"), "channels"),
    "offset of two": (SMALL.replace("OFFSET 0 -40 0", "OFFSET 0 -40"), "damaged"),
    "no frames": (SMALL.replace("Frames: 2", "Frames: 0"), "0 frames"),
    "a billion frames": (SMALL.replace("Frames: 2", "Frames: 1000000000"), "frames"),
    "no time": (SMALL.replace("Frame Time: 0.0333333", "Frame Time: 0"), "Frame Time"),
    "negative time": (SMALL.replace("0.0333333", "-0.0333333"), "fps"),
    "same name twice": (SMALL.replace("JOINT knee", "JOINT hips"), "unique"),
    "deep": ("HIERARCHY ROOT a { " + "JOINT b { OFFSET 0 0 0 " * 5000 + "MOTION\n", "levels"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damaged_files_are_refused_in_one_line(tmp_path: Path, name: str) -> None:
    text, message = DAMAGE[name]
    with pytest.raises(BadFile, match=message) as caught:
        read_bvh(written(tmp_path, text))
    assert "\n" not in str(caught.value)


def test_what_is_written_is_what_tools_expect(tmp_path: Path) -> None:
    clip = walking_clip(0.5, fps=30.0)
    path = tmp_path / "a.bvh"
    write_bvh(clip, path)
    text = path.read_text()
    assert text.count("Xposition") == 1
    assert text.count("JOINT") == 23
    assert text.count("End Site") == 5
    assert "ROOT pelvis" in text
    assert "JOINT left_wrist" in text
    time = next(line for line in text.splitlines() if line.startswith("Frame Time")).split()[-1]
    assert len(time) >= 12
    assert round(1 / float(time), 9) == 30.0
    hips = float(text.splitlines()[-1].split()[1])
    assert 80 < hips < 110  # centimetres


def test_smpl_joints_come_back_in_their_order(tmp_path: Path) -> None:
    clip = random_clip(10, seed=1)
    write_bvh(clip, tmp_path / "a.bvh", order="ZYX")
    back = read_bvh(tmp_path / "a.bvh")
    assert back.skeleton.joint_names == clip.skeleton.joint_names
    assert np.abs(back.joint_positions() - clip.joint_positions()).max() < 5e-4


@pytest.mark.parametrize("order", ["ZXY", "ZYX", "XYZ"])
def test_angles_do_not_jump_while_turning_three_times(order: str) -> None:
    yaw = np.linspace(0, 6 * np.pi, 200)
    tilt = euler_to_rotmat(np.stack([0 * yaw, 0.4 * np.sin(yaw), 0 * yaw], axis=-1), "ZXY")
    turning = (yaw_to_rotmat(yaw) @ tilt)[:, None]
    angles = unrolled_euler(turning, order)
    assert np.abs(np.diff(angles, axis=0)).max() < 0.5
    assert np.abs(euler_to_rotmat(angles, order) - turning).max() < 1e-9


def test_gimbal_lock_keeps_the_pose(tmp_path: Path) -> None:
    clip = walking_clip(0.5)
    rotation = clip.joint_rotation.copy()
    swing = np.linspace(-np.pi / 2 - 0.2, np.pi / 2 + 0.2, clip.num_frames)
    rotation[:, clip.skeleton.index("left_shoulder")] = euler_to_rotmat(
        np.stack([0.3 + 0 * swing, swing, 0.2 + 0 * swing], axis=-1), "ZXY"
    )
    rotation[7, clip.skeleton.index("right_hip")] = euler_to_rotmat(np.array([0.3, np.pi / 2, 0.1]), "ZXY")
    locked = Motion(clip.skeleton, clip.root_position, rotation, clip.fps)
    write_bvh(locked, tmp_path / "a.bvh")
    assert np.abs(read_bvh(tmp_path / "a.bvh").joint_positions() - locked.joint_positions()).max() < 5e-4
