"""A user's own body files: found, folded to SMPL's joints, and refused in one line when they are not bodies."""

from __future__ import annotations

import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from motion.body import default_body, load_user_body
from motion.core.errors import BadFile
from motion.core.skeleton import SMPL_PARENTS
from motion.resources import asset


@pytest.fixture(scope="module")
def arrays() -> dict[str, NDArray[Any]]:
    """The shipped body, cut down to its first joints' worth of vertices so that files stay small."""
    with np.load(asset("body", "neutral.npz"), allow_pickle=False) as file:
        return dict(file)


def like_smplx(arrays: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """The shipped body dressed up as SMPL-X: 55 joints, half of each hand's weight on a finger's tip, expressions."""
    parents = [*SMPL_PARENTS[:22], 15, 15, 15]
    for wrist in (20, 21):
        for _finger in range(5):
            parents += [wrist, len(parents), len(parents) + 1]
    count, vertices = len(parents), len(arrays["v_template"])
    weights, regressor = np.zeros((vertices, count)), np.zeros((count, vertices))
    weights[:, :22], regressor[:22] = arrays["weights"][:, :22], arrays["J_regressor"][:22]
    for hand, knuckle in ((22, 28), (23, 43)):
        regressor[knuckle] = arrays["J_regressor"][hand]
        weights[:, knuckle] = weights[:, knuckle + 2] = arrays["weights"][:, hand] / 2
    weights[:, 22] = weights[:, 15] / 2  # the jaw
    weights[:, 15] /= 2
    shapes = np.concatenate([arrays["shapedirs"], np.ones((vertices, 3, 10))], axis=2)
    return {
        **arrays, "weights": weights, "J_regressor": regressor, "shapedirs": shapes,
        "posedirs": np.zeros((vertices, 3, 9 * (count - 1))),
        "kintree_table": np.array([[2**32 - 1, *parents[1:]], range(count)]),
    }  # fmt: skip


def test_an_smpl_folder_gives_the_neutral_body(tmp_path: Path, arrays: dict[str, NDArray[Any]]) -> None:
    (tmp_path / "smpl").mkdir()
    np.savez(tmp_path / "smpl" / "SMPL_NEUTRAL.npz", **arrays)
    (tmp_path / "smpl" / "SMPL_FEMALE.npz").write_bytes(b"not looked at")
    body = load_user_body(tmp_path)
    assert np.array_equal(body.v_template, default_body().v_template)


def test_smplx_is_folded_to_smpls_joints(tmp_path: Path, arrays: dict[str, NDArray[Any]]) -> None:
    np.savez(tmp_path / "SMPLX_NEUTRAL.npz", **like_smplx(arrays))
    body, ours = load_user_body(tmp_path), default_body()
    assert body.joint_names == ours.joint_names
    assert np.allclose(body.weights, ours.weights, atol=1e-6)
    assert np.allclose(body.skeleton().rest_offsets, ours.skeleton().rest_offsets, atol=1e-6)
    assert body.num_betas == 10


def test_pose_correctives_are_kept(tmp_path: Path, arrays: dict[str, NDArray[Any]]) -> None:
    path = tmp_path / "body.npz"
    np.savez(path, **{**arrays, "posedirs": np.full_like(arrays["posedirs"], 1e-3)})
    assert load_user_body(path).posedirs is not None


class Bomb:
    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return exec, ("raise SystemExit('unpickled')",)


def test_a_pickle_is_never_opened(tmp_path: Path) -> None:
    path = tmp_path / "SMPL_NEUTRAL.pkl"
    path.write_bytes(pickle.dumps(Bomb()))
    for given in (path, tmp_path):
        with pytest.raises(BadFile, match=r"refused; convert it once.*python -c") as error:
            load_user_body(given)
        assert "\n" not in str(error.value)


def test_an_array_of_objects_is_never_opened(tmp_path: Path, arrays: dict[str, NDArray[Any]]) -> None:
    path = tmp_path / "body.npz"
    np.savez(path, **{**arrays, "f": np.array([Bomb()], dtype=object)})
    with pytest.raises(BadFile, match="without running code"):
        load_user_body(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weights": None}, "lacks weights"),
        ({"v_template": np.full((4, 3), np.nan)}, "must be"),
        ({"v_template": np.zeros(3)}, "2 dimensions"),
        ({"kintree_table": np.zeros((2, 7), dtype=int)}, "SMPL's 24 joints"),
        ({"kintree_table": np.zeros((0, 7), dtype=int)}, "kintree_table must be"),
        ({"kintree_table": np.tile(np.arange(55), (2, 1))}, "not those of the SMPL family"),
        ({"f": np.array([["a", "b", "c"]])}, "must be numbers"),
    ],
)
def test_what_is_no_body_is_refused(
    tmp_path: Path, arrays: dict[str, NDArray[Any]], change: dict[str, Any], message: str
) -> None:
    changed = {key: value for key, value in {**arrays, **change}.items() if value is not None}
    np.savez(tmp_path / "body.npz", **changed)
    with pytest.raises(BadFile, match=message):
        load_user_body(tmp_path)


def test_a_circle_among_the_fingers_is_refused(tmp_path: Path, arrays: dict[str, NDArray[Any]]) -> None:
    changed = like_smplx(arrays)
    changed["kintree_table"][0, 30] = 30
    np.savez(tmp_path / "body.npz", **changed)
    with pytest.raises(BadFile, match="parents before children"):
        load_user_body(tmp_path)


def test_damaged_and_missing_files_are_refused(tmp_path: Path) -> None:
    content = asset("body", "neutral.npz").read_bytes()
    broken = tmp_path / "broken.npz"
    for damaged in (content[: len(content) // 2], b"", b"PK\x03\x04" + bytes(50)):
        broken.write_bytes(damaged)
        with pytest.raises(BadFile, match=r"broken\.npz"):
            load_user_body(broken)
    for missing, message in ((tmp_path / "none.npz", "no such file"), (tmp_path / "body.txt", "a body is an .npz")):
        with pytest.raises(BadFile, match=message):
            load_user_body(missing)
    broken.unlink()
    with pytest.raises(BadFile, match="holds no body"):
        load_user_body(tmp_path)


def test_a_header_that_promises_terabytes_is_refused(tmp_path: Path, arrays: dict[str, NDArray[Any]]) -> None:
    path = tmp_path / "body.npz"
    np.savez(path, **{key: value for key, value in arrays.items() if key != "f"})
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000, 3), }"
    header += b" " * (118 - len(header) - 1) + b"\n"
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("f.npy", b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little") + header)
    with pytest.raises(BadFile):
        load_user_body(path)
