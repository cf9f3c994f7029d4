"""Build the shipped body: ``python -m motion.body.build OUT.npz`` (needs the extra ``body``; about a minute).

An SMPL-format model from MakeHuman's CC0 mesh: T-pose, 24 joints, 10 shape directions by principal component analysis
over random adults, a joint regressor fitted over the same adults, no pose correctives.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from motion.body import makehuman
from motion.body.tpose import t_pose
from motion.core.skeleton import SMPL_JOINT_NAMES, SMPL_PARENTS

Array = NDArray[np.floating]
log = logging.getLogger(__name__)

NUM_BETAS = 10
NUM_SAMPLES = 160
#: Where SMPL's own pelvis lies in its template; the same here, so that AMASS's ``trans`` means the same for both.
PELVIS = np.array([0.0, -0.2233, 0.0282])
#: Ranges of the random adults' phenotypes: 1.5 m to 2 m tall.
RANGES = {
    "gender": (0.0, 1.0), "age": (0.55, 1.0), "muscle": (0.1, 0.9), "weight": (0.1, 0.9), "height": (0.2, 0.6),
    "proportions": (0.0, 1.0),
}  # fmt: skip


def random_adults(count: int, seed: int) -> list[dict[str, float]]:
    """Phenotypes drawn uniformly from ``RANGES``."""
    rng = np.random.default_rng(seed)
    return [{name: float(rng.uniform(*limits)) for name, limits in RANGES.items()} for _ in range(count)]


def sample(mesh: makehuman.MakeHuman, phenotype: dict[str, float]) -> tuple[Array, Array]:
    """Vertices (V, 3) and joints (24, 3) of one person in the T-pose, left-right symmetric, pelvis at ``PELVIS``."""
    full = mesh.full_vertices(phenotype)
    vertices = full[: mesh.num_vertices]
    vertices = (vertices + vertices[mesh.mirror] * [-1.0, 1.0, 1.0]) / 2
    joints = mesh.joints(full)
    index_side = mesh.marker(full, "l-finger-2-1") - mesh.marker(full, "l-finger-5-1")
    vertices, joints = t_pose(vertices, joints, mesh.weights, index_side)
    shift = PELVIS - joints[0]
    return vertices + shift, joints + shift


def shape_directions(vertices: Array, neutral: Array) -> Array:
    """(V, 3, 10) m per standard deviation: principal components of samples (N, V, 3); the first makes one taller."""
    flat = vertices.reshape(len(vertices), -1)
    _, scale, rows = np.linalg.svd(flat - flat.mean(axis=0), full_matrices=False)
    directions = rows[:NUM_BETAS] * scale[:NUM_BETAS, None] / np.sqrt(len(flat) - 1)
    share = np.sum(scale[:NUM_BETAS] ** 2) / np.sum(scale**2)
    log.info("10 shape directions carry %.3f %% of the variance", 100 * share)
    taller = np.array([np.ptp((neutral + d.reshape(-1, 3))[:, 1]) for d in directions]) > np.ptp(neutral[:, 1])
    directions = directions * np.where(taller, 1.0, -1.0)[:, None]
    return np.moveaxis(directions.reshape(NUM_BETAS, -1, 3), 0, -1)


def fit_regressor(vertices: Array, joints: Array, candidates: int = 600) -> Array:
    """(J, V) non-negative rows summing to one with ``regressor @ vertices = joints`` over samples; the first is exact.

    For every joint a non-negative least squares over the vertices nearest to it in the first sample (the neutral
    person), which weighs so much that its joints come out to micrometres; rows that sum to one the same way.
    """
    count, num_vertices = len(vertices), vertices.shape[1]
    regressor = np.zeros((joints.shape[1], num_vertices))
    importance = np.ones(count)
    importance[0] = 300.0
    for joint in range(joints.shape[1]):
        near = np.argsort(np.linalg.norm(vertices[0] - joints[0, joint], axis=1))[:candidates]
        offsets = (vertices[:, near] - joints[:, joint, None]) * importance[:, None, None]
        rows = np.concatenate([np.moveaxis(offsets, 1, 2).reshape(-1, candidates), np.full((1, candidates), 100.0)])
        target = np.append(np.zeros(len(rows) - 1), 100.0)
        solution, _ = nnls(rows, target, maxiter=50 * candidates)
        regressor[joint, near] = solution / solution.sum()
    return regressor


def build() -> dict[str, NDArray]:
    """The arrays of the shipped file."""
    mesh = makehuman.load()
    people = [sample(mesh, phenotype) for phenotype in [dict(makehuman.NEUTRAL), *random_adults(NUM_SAMPLES, seed=0)]]
    vertices, joints = np.stack([p[0] for p in people]), np.stack([p[1] for p in people])
    regressor = fit_regressor(vertices, joints)
    error = np.linalg.norm(np.einsum("jv,nvc->njc", regressor, vertices) - joints, axis=-1)
    for name, row in zip(SMPL_JOINT_NAMES, error.T, strict=True):
        numbers = 1e3 * np.array([row[0], row.mean(), row.max()])
        log.info("%-15s neutral %.4f mm, mean %.2f mm, max %.2f mm", name, *numbers)
    quads = mesh.faces
    faces = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    faces = faces[(faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])]
    parents = np.array(SMPL_PARENTS)
    tree = np.stack([np.where(parents < 0, 2**32 - 1, parents), np.arange(len(parents))])
    return {
        "v_template": vertices[0].astype(np.float32),
        "shapedirs": shape_directions(vertices[1:], vertices[0]).astype(np.float32),
        "posedirs": np.zeros((vertices.shape[1], 3, 9 * (len(parents) - 1)), dtype=np.float32),
        "J_regressor": regressor.astype(np.float32),
        "weights": mesh.weights.astype(np.float32),
        "f": faces.astype(np.uint32),
        "kintree_table": tree.astype(np.uint32),
    }


def write(path: Path, arrays: dict[str, NDArray]) -> None:
    """Save compressed, whole or not at all."""
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as file:
        np.savez_compressed(file, **arrays)
    os.replace(file.name, path)


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if len(sys.argv) != 2:
        sys.exit("usage: python -m motion.body.build OUT.npz")
    write(Path(sys.argv[1]), build())


if __name__ == "__main__":
    main()
