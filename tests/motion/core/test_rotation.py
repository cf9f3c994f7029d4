"""Axioms of the rotation conversions: every form and back, near the identity and near half a turn too."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from motion.core import rotation as R

Array = NDArray[np.floating]

unit = st.tuples(*[st.floats(-1, 1)] * 3).map(np.array).filter(lambda v: np.linalg.norm(v) > 0.1)
angle = st.one_of(
    st.floats(0, np.pi),
    st.floats(0, 1e-7),
    st.floats(np.pi - 1e-7, np.pi),
    st.sampled_from([0.0, np.pi / 2, np.pi]),
)


@st.composite
def rotations(draw: st.DrawFn) -> Array:
    axis = draw(unit)
    return R.rotvec_to_rotmat(axis / np.linalg.norm(axis) * draw(angle))


ROUND_TRIPS: dict[str, Callable[[Array], Array]] = {
    "rotvec": lambda m: R.rotvec_to_rotmat(R.rotmat_to_rotvec(m)),
    "quaternion": lambda m: R.quat_xyzw_to_rotmat(R.rotmat_to_quat_xyzw(m)),
    "sixd": lambda m: R.sixd_to_rotmat(R.rotmat_to_sixd(m)),
    **{
        order: lambda m, order=order: R.euler_to_rotmat(R.rotmat_to_euler(m, order), order)  # type: ignore[misc]
        for order in ("XYZ", "ZXY", "ZYX", "YXZ")
    },
}


@pytest.mark.parametrize("form", sorted(ROUND_TRIPS))
@given(matrix=rotations())
def test_there_and_back_is_the_same_rotation(form: str, matrix: Array) -> None:
    np.testing.assert_allclose(ROUND_TRIPS[form](matrix), matrix, atol=2e-7)


@given(rotations())
def test_matrices_are_rotations(matrix: Array) -> None:
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(matrix) == pytest.approx(1.0)


@given(rotations(), rotations(), rotations())
def test_group_axioms(a: Array, b: Array, c: Array) -> None:
    np.testing.assert_allclose((a @ b) @ c, a @ (b @ c), atol=1e-12)
    np.testing.assert_allclose(R.rotvec_to_rotmat(-R.rotmat_to_rotvec(a)) @ a, np.eye(3), atol=2e-7)


@given(unit, angle)
def test_rotvec_keeps_axis_and_angle(axis: Array, turn: float) -> None:
    rotvec = axis / np.linalg.norm(axis) * turn
    back = R.rotmat_to_rotvec(R.rotvec_to_rotmat(rotvec))
    assert np.linalg.norm(back) == pytest.approx(turn, abs=1e-7)
    if turn < np.pi - 1e-6:
        np.testing.assert_allclose(back, rotvec, atol=1e-7)


@given(rotations(), st.floats(0.1, 10))
def test_sixd_ignores_scale(matrix: Array, scale: float) -> None:
    np.testing.assert_allclose(R.sixd_to_rotmat(R.rotmat_to_sixd(matrix) * scale), matrix, atol=1e-9)


def test_sixd_is_the_first_two_columns_row_by_row() -> None:
    matrix = np.arange(9.0).reshape(3, 3)
    assert R.rotmat_to_sixd(matrix).tolist() == [0, 1, 3, 4, 6, 7]


@given(st.floats(-np.pi + 1e-9, np.pi))
def test_yaw_turns_left_from_plus_z_to_plus_x(yaw: float) -> None:
    facing = R.yaw_to_rotmat(np.array(yaw)) @ [0.0, 0.0, 1.0]
    np.testing.assert_allclose(facing, [np.sin(yaw), 0.0, np.cos(yaw)], atol=1e-12)
    assert R.rotmat_to_yaw(R.yaw_to_rotmat(np.array(yaw))) == pytest.approx(yaw)


@given(unit, unit)
def test_vectors_to_rotmat_takes_one_direction_to_the_other(a: Array, b: Array) -> None:
    matrix = R.vectors_to_rotmat(a, b)
    np.testing.assert_allclose(matrix @ a / np.linalg.norm(a), b / np.linalg.norm(b), atol=1e-7)


@given(unit)
def test_vectors_to_rotmat_of_opposite_directions_is_half_a_turn(a: Array) -> None:
    matrix = R.vectors_to_rotmat(a, -a)
    np.testing.assert_allclose(matrix @ a, -a, atol=1e-7)
    assert np.linalg.det(matrix) == pytest.approx(1.0)


@given(rotations(), rotations(), st.floats(0, 1))
def test_slerp_starts_ends_and_moves_evenly(a: Array, b: Array, weight: float) -> None:
    np.testing.assert_allclose(R.slerp(a, b, np.array(0.0)), a, atol=1e-9)
    np.testing.assert_allclose(R.slerp(a, b, np.array(1.0)), b, atol=2e-7)
    whole = np.linalg.norm(R.rotmat_to_rotvec(a.T @ b))
    part = np.linalg.norm(R.rotmat_to_rotvec(a.T @ R.slerp(a, b, np.array(weight))))
    assert part == pytest.approx(weight * whole, abs=1e-6)


@pytest.mark.parametrize("batch", [(), (2,), (2, 3), (0,)])
def test_any_leading_batch_shape(batch: tuple[int, ...]) -> None:
    rotvec = np.random.default_rng(0).normal(size=(*batch, 3))
    matrix = R.rotvec_to_rotmat(rotvec)
    assert matrix.shape == (*batch, 3, 3)
    assert R.rotmat_to_rotvec(matrix).shape == (*batch, 3)
    assert R.rotmat_to_quat_xyzw(matrix).shape == (*batch, 4)
    assert R.sixd_to_rotmat(R.rotmat_to_sixd(matrix)).shape == (*batch, 3, 3)
    assert R.euler_to_rotmat(R.rotmat_to_euler(matrix, "ZXY"), "ZXY").shape == (*batch, 3, 3)


def test_euler_is_intrinsic() -> None:
    angles = np.array([0.3, -0.5, 0.7])
    about = [R.rotvec_to_rotmat(np.eye(3)[axis] * turn) for axis, turn in zip((2, 0, 1), angles, strict=True)]
    np.testing.assert_allclose(R.euler_to_rotmat(angles, "ZXY"), about[0] @ about[1] @ about[2], atol=1e-12)
