"""Up axis, unit and floor found whatever a file's axes and unit are."""

from __future__ import annotations

import numpy as np
import pytest

from motion.core import BadInput, UnknownName
from scene_meshes import box, room, two_floors
from scenes.mesh import Mesh, mesh_of
from scenes.orientation import UNITS, UP_AXES, understand

CHAIR = mesh_of([
    box("seat", (-0.25, 0.42, -0.25), (0.25, 0.47, 0.25)), box("back", (-0.25, 0.47, -0.25), (0.25, 0.95, -0.21)),
    *(box("leg", (x, 0, z), (x + 0.04, 0.42, z + 0.04)) for x in (-0.25, 0.21) for z in (-0.25, 0.21)),
])  # fmt: skip
CHAIR = Mesh(CHAIR.vertices, CHAIR.faces, CHAIR.parts[:1])


def test_every_up_axis_is_a_rotation_onto_y() -> None:
    for name, matrix in UP_AXES.items():
        axis = np.eye(3)["xyz".index(name[1])] * (1 if name[0] == "+" else -1)
        np.testing.assert_allclose(matrix @ axis, [0, 1, 0])
        np.testing.assert_allclose(matrix @ matrix.T, np.eye(3))
        assert np.linalg.det(matrix) == pytest.approx(1)


@pytest.mark.parametrize("up", ["+x", "+y", "-y", "+z", "-z"])
@pytest.mark.parametrize("unit", ["m", "cm", "mm"])
@pytest.mark.parametrize("mesh", [room(), two_floors(), CHAIR], ids=["room", "two floors", "chair"])
def test_scrambled_axes_and_units_are_found(mesh: Mesh, up: str, unit: str) -> None:
    scrambled = mesh.moved(UP_AXES[up].T, 1 / UNITS[unit], np.zeros(3))
    found = understand(scrambled, ".obj")
    assert (found.up, found.unit) == (up, unit)
    assert found.floor == pytest.approx(0.0, abs=0.02)
    ours = found.applied(scrambled)
    np.testing.assert_allclose(ours.bounds, mesh.bounds, atol=0.03)


def test_a_lifted_room_has_its_floor_found() -> None:
    lifted = room().moved(np.eye(3), 1.0, np.array([0.0, 7.3, 0.0]))
    assert understand(lifted, ".glb").floor == pytest.approx(7.3, abs=0.02)


def test_what_is_given_is_believed() -> None:
    found = understand(room(), ".obj", up="z", unit="FT", floor=0.5)
    assert (found.up, found.unit, found.floor) == ("+z", "ft", 0.5)


def test_wrong_options_are_refused() -> None:
    with pytest.raises(UnknownName, match="up axis"):
        understand(room(), ".obj", up="w")
    with pytest.raises(UnknownName, match="known: cm, ft, in, m, mm"):
        understand(room(), ".obj", unit="cmm")
    with pytest.raises(BadInput, match="choose its unit"):
        understand(room().moved(np.eye(3), 1e6, np.zeros(3)), ".obj", unit="m")
    with pytest.raises(BadInput, match="floor"):
        understand(room(), ".obj", floor=float("nan"))
