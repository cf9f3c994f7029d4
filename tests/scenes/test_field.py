"""The distance field: exact distances, a sign that stands holes, flips and open scans, and the gradient."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh

from motion.core import DistanceField
from scene_meshes import box, prepared, room
from scenes.field import inside_above, make_field
from scenes.heights import Agent
from scenes.mesh import Mesh, Part, mesh_of
from scenes.winding import Distances


def ball(radius: float) -> Mesh:
    made = trimesh.creation.icosphere(subdivisions=4, radius=radius)
    return mesh_of([("ball", np.asarray(made.vertices), np.asarray(made.faces))])


def without(mesh: Mesh, share: float, seed: int) -> Mesh:
    """The mesh with a share of its faces missing."""
    keep = np.random.default_rng(seed).random(len(mesh.faces)) > share
    return Mesh(mesh.vertices, mesh.faces[keep], (Part("holes", 0, int(keep.sum())),))


def test_distances_are_exact() -> None:
    points = np.random.default_rng(0).uniform(-2, 2, (500, 3))
    outside = np.linalg.norm(np.maximum(np.abs(points) - 1, 0), axis=-1)
    inside = np.maximum(1 - np.abs(points).max(axis=-1), 0)
    cube = mesh_of([box("cube", (-1, -1, -1), (1, 1, 1))])
    np.testing.assert_allclose(Distances(cube)(points), np.maximum(outside, inside), atol=1e-5)


@pytest.mark.parametrize("missing", [0.0, 0.05])
def test_a_ball_is_negative_inside_also_with_holes(missing: float) -> None:
    field = make_field(without(ball(1.0), missing, 1), 0.5, max_samples=30_000)
    points = np.random.default_rng(2).uniform(-1.2, 1.2, (400, 3))
    points = points[np.abs(np.linalg.norm(points, axis=-1) - 1) > 0.15]
    expected = np.linalg.norm(points, axis=-1) - 1
    assert np.mean(np.sign(field.distance(points)) == np.sign(expected)) > 0.99
    if not missing:
        np.testing.assert_allclose(field.distance(points), expected, atol=0.02)


def test_the_gradient_is_that_of_the_distance() -> None:
    field = make_field(ball(1.0), 0.5, max_samples=30_000)
    points = np.random.default_rng(3).uniform(-1.1, 1.1, (300, 3))
    step = 1e-6
    for axis in range(3):
        change = np.eye(3)[axis] * step
        slope = (field.distance(points + change) - field.distance(points - change)) / (2 * step)
        np.testing.assert_allclose(field.gradient(points)[:, axis], slope, atol=1e-4)
    far = points[np.linalg.norm(points, axis=-1) > 0.3]
    outward = far / np.linalg.norm(far, axis=-1, keepdims=True)
    assert np.mean(np.einsum("ni,ni->n", field.gradient(far), outward)) > 0.98


def test_outside_the_grid_the_gradient_is_flat() -> None:
    field = DistanceField(np.arange(8.0).reshape(2, 2, 2), np.zeros(3), 1.0)
    np.testing.assert_array_equal(field.gradient(np.array([5.0, 5.0, 5.0])), np.zeros(3))
    np.testing.assert_allclose(field.gradient(np.array([0.5, 0.5, 0.5])), [4, 2, 1])


def shell(inward: bool) -> Mesh:
    """A room of single faces, a solid block standing in it, and no ceiling."""
    name, corners, faces = box("shell", (-2, 0, -2), (2, 2.6, 2))
    faces = faces[[not np.all(corners[face][:, 1] > 2) for face in faces]]
    return mesh_of([
        (name, corners, faces[:, ::-1] if inward else faces), box("block", (-0.5, 0, -0.5), (0.5, 1.0, 0.5)),
    ])  # fmt: skip


@pytest.mark.parametrize("inward", [False, True])
def test_an_open_shell_is_free_inside_and_its_block_is_not(inward: bool) -> None:
    scene = prepared(shell(inward), Agent(cell=0.1))
    free = np.array([[1.2, 1.0, 1.2], [-1.2, 0.5, 0.0], [0.0, 1.5, 1.5]])
    solid = np.array([[0.0, 0.5, 0.0], [0.2, 0.3, -0.2]])
    assert np.all(scene.distance(free) > 0.2)
    assert np.all(scene.distance(solid) < -0.2)


def test_a_room_of_boxes_is_free_between_them() -> None:
    scene = prepared(room(), Agent(cell=0.1))
    places = np.array([[1.0, 1.0, 1.5], [-1.0, 1.0, 0.0], [-2.4, 0.4, 0.0], [1.9, 0.4, 0.0]])
    assert (np.sign(scene.distance(places)) == [1, 1, -1, 1]).all()


def test_the_threshold_follows_free_space() -> None:
    assert inside_above(np.zeros(0)) == 0.5
    assert inside_above(np.zeros(9)) == 0.5
    assert inside_above(np.full(9, -1.0)) == -0.5
    assert 0.3 > inside_above(np.linspace(-1.0, -0.2, 50)) >= -0.15
