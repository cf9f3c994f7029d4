from pathlib import Path

import numpy as np
import pytest
from corpora import write_amc, write_asf

from motion.core import BadFile
from motion.formats.amc import INCH, read_amc, read_asf

UNIT = INCH / 0.45


def test_bones_become_joints_at_their_start(tmp_path: Path) -> None:
    skeleton = read_asf(write_asf(tmp_path / "01.asf")).skeleton
    rest = dict(zip(skeleton.joint_names, skeleton.rest_positions, strict=True))
    hip = np.array([0.57, -0.75, 0.34])
    assert np.allclose(rest["lfemur"] - rest["root"], hip / np.linalg.norm(hip) * 2.4 * UNIT)
    assert np.allclose(rest["lhand"] - rest["lradius"], [4.5 * UNIT, 0, 0])
    assert {"ltoes_end", "rhand_end", "head_end"} <= set(skeleton.joint_names)


def test_a_knee_bends_about_its_own_axis(tmp_path: Path) -> None:
    asf = read_asf(write_asf(tmp_path / "01.asf"))
    clip = read_amc(write_amc(tmp_path / "01_01.amc", frames=5, knee=90.0), asf)
    assert clip.fps == 120.0
    assert np.allclose(clip.root_position[3], [0, 16.5 * UNIT, 0.06 * UNIT])
    points = clip.joint_positions()[2]
    at = {name: points[clip.skeleton.index(name)] for name in ("lfemur", "ltibia", "lfoot", "rtibia", "rfoot")}
    shank = (at["lfoot"] - at["ltibia"]) / np.linalg.norm(at["lfoot"] - at["ltibia"])
    thigh = (at["ltibia"] - at["lfemur"]) / np.linalg.norm(at["ltibia"] - at["lfemur"])
    assert np.allclose(shank, [0, 0, -1], atol=2e-3)  # backward, although the leg is spread by twenty degrees
    assert abs(thigh @ shank) < 2e-3


def test_angles_turn_about_the_bones_axis_in_acclaims_order(tmp_path: Path) -> None:
    """R = C (Rz Ry Rx) C^-1 with C from the bone's axis, Rx first; written out by hand for one bone."""
    asf = read_asf(write_asf(tmp_path / "01.asf"))
    path = write_amc(tmp_path / "a.amc", frames=1)
    path.write_text(path.read_text().replace("rhumerus 0.00000 0.00000 0.00000", "rhumerus 10 20 30"))
    clip = read_amc(path, asf)

    def turn(axis: str, degrees: float) -> np.ndarray:
        c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        return {
            "x": np.array([[1, 0, 0], [0, c, -s], [0, s, c]]),
            "y": np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]]),
            "z": np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]),
        }[axis]

    own = turn("z", -90) @ turn("y", -30) @ turn("x", 180)
    wanted = own @ turn("z", 30) @ turn("y", 20) @ turn("x", 10) @ own.T
    assert np.allclose(clip.joint_rotation[0, clip.skeleton.index("rhumerus")], wanted)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.8])
def test_a_truncated_skeleton_is_refused(tmp_path: Path, share: float) -> None:
    path = write_asf(tmp_path / "01.asf")
    path.write_text(path.read_text()[: int(len(path.read_text()) * share)])
    with pytest.raises(BadFile) as caught:
        read_asf(path)
    assert "\n" not in str(caught.value)


def test_a_truncated_or_damaged_motion_is_refused(tmp_path: Path) -> None:
    asf = read_asf(write_asf(tmp_path / "01.asf"))
    path = write_amc(tmp_path / "a.amc", frames=6)
    text = path.read_text()
    damage = [("lhumerus", "tail"), ("0 16.5 0.02", "0 nan 0.02"), ("\n3\n", "\nx\n"), ("ltibia", "ltibia 5")]
    for broken in ("", text[: len(text) // 2], *(text.replace(old, new, 1) for old, new in damage)):
        path.write_text(broken)
        with pytest.raises(BadFile) as caught:
            read_amc(path, asf)
        assert "\n" not in str(caught.value)


def test_missing_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="cannot be read"):
        read_asf(tmp_path / "none.asf")
