"""Build the shipped body: ``python -m motion.body.build OUT.npz`` (needs the extra ``body``; about a minute).

An SMPL-format model from MakeHuman's CC0 mesh: T-pose, 24 joints, 10 shape directions by principal component analysis
over random adults, a joint regressor fitted over the same adults, no pose correctives.
"""

from __future__ import annotations

import logging
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from motion.body import calm, makehuman
from motion.body.decimate import Decimator
from motion.body.tpose import t_pose
from motion.core.axes import UP, height
from motion.core.skeleton import SMPL_JOINT_NAMES, SMPL_PARENTS, Skeleton

Array = NDArray[np.floating]
log = logging.getLogger(__name__)

NUM_BETAS = 10
NUM_SAMPLES = 160
NUM_CHECKS = 60  # further people, on whom the joint regressor is checked
#: Vertices of the mannequin; the base mesh has 13,380.
NUM_VERTICES = 9000
#: Metres over which skin weights are spread, and the weight that counts as none.
WEIGHT_SPREAD = 0.02
MIN_WEIGHT = 0.005
#: Where SMPL's own pelvis lies in its template; the same here, so that AMASS's ``trans`` means the same for both.
PELVIS = np.array([0.0, -0.2233, 0.0282])
#: Ranges of the random adults' phenotypes: 1.5 m to 2 m tall.
RANGES = {
    "gender": (0.0, 1.0), "age": (0.55, 1.0), "muscle": (0.1, 0.9), "weight": (0.1, 0.9), "height": (0.2, 0.6),
    "proportions": (0.0, 1.0),
}  # fmt: skip


#: Index of each joint's twin on the other side.
SMPL_MIRROR = Skeleton(SMPL_JOINT_NAMES, np.array(SMPL_PARENTS), np.zeros((24, 3))).mirror_indices


@dataclass(frozen=True)
class Sculpture:
    """How every person's base mesh becomes the mannequin; made once from the neutral person.

    Attributes:
        mesh: the base mesh with its blend shapes.
        standing: (V0, 3) m, the neutral person in the standing pose, soles at y = 0.
        base_weights: (V0, 24), spread over the surface so that folds at the joints are soft.
        kept: (V,) int, vertices of the base mesh that remain.
        faces: (F, 3) int over the kept ones.
        weights: (V, 24), at most four per vertex.
        rings: (24, V), the kept vertices whose mean is each joint of the standing body.
    """

    mesh: makehuman.MakeHuman
    standing: Array
    base_weights: Array
    kept: NDArray[np.integer]
    faces: NDArray[np.integer]
    weights: Array
    rings: Array

    @cached_property
    def twin(self) -> NDArray[np.integer]:
        """(V,) the kept vertex on the other side."""
        return np.searchsorted(self.kept, self.mesh.mirror[self.kept])

    def symmetric(self, regressor: Array) -> Array:
        """A joint regressor (24, V) averaged with its mirror image."""
        return (regressor + regressor[:, self.twin][SMPL_MIRROR]) / 2

    def calm(self, values: Array) -> Array:
        """Values per kept vertex (V, ...) of values per base vertex (V0, ...), without the details."""
        filmed = calm.film(values, self.standing, self.mesh.triangles)
        return calm.fair(filmed[self.kept], self._filmed[self.kept], self.faces)

    @cached_property
    def _filmed(self) -> Array:
        return calm.film(self.standing, self.standing, self.mesh.triangles)

    def t_posed(self, phenotype: Mapping[str, float]) -> tuple[Array, Array]:
        """Base vertices (V0, 3) and joints (24, 3) of one person in the T-pose, symmetric, pelvis at ``PELVIS``."""
        full = self.mesh.full_vertices(phenotype)
        body = self.mesh.body(full)
        index_side = self.mesh.marker(full, "l-finger-2-1") - self.mesh.marker(full, "l-finger-5-1")
        vertices, joints = t_pose(body, self.rings @ body[self.kept], self.base_weights, index_side)
        shift = PELVIS - joints[0]
        return vertices + shift, joints + shift


def sculpt(mesh: makehuman.MakeHuman) -> Sculpture:
    """Choose the vertices of the mannequin, their weights and the rings around its joints."""
    full = mesh.full_vertices(makehuman.NEUTRAL)
    ground = UP * height(mesh.body(full)).min()
    standing, joints = mesh.body(full) - ground, mesh.joints(full) - ground
    base_weights = calm.diffuse(mesh.weights, standing, mesh.triangles, WEIGHT_SPREAD)
    filmed = calm.film(standing, standing, mesh.triangles)
    kept, faces = Decimator(filmed, mesh.triangles, base_weights, mesh.mirror).run(NUM_VERTICES)
    rings = np.stack([ring(filmed[kept], joint) for joint in joints])
    draft = Sculpture(mesh, standing, base_weights, kept, faces, base_weights[kept], rings)
    rings = draft.symmetric(rings)
    weights = draft.symmetric(draft.calm(base_weights).T).T
    return replace(draft, rings=rings, weights=four_largest(weights))


def ring(vertices: Array, joint: Array, candidates: int = 400) -> Array:
    """(V,) non-negative, summing to one, as even as possible over the vertices nearest to a joint whose mean is it.

    MakeHuman's joint markers drift from the skin around them from person to person (the knee's by 30 mm in tall
    people); a joint tied to its ring of skin stays in the middle of the limb.
    """
    near = np.argsort(np.linalg.norm(vertices - joint, axis=1))[:candidates]
    exact = 1e4 * np.vstack([(vertices[near] - joint).T, np.ones(candidates)])
    rows = np.vstack([exact, np.sqrt(candidates) * np.eye(candidates)])
    solution, _ = nnls(rows, np.concatenate([[0.0, 0.0, 0.0, 1e4], np.zeros(candidates)]), maxiter=50 * candidates)
    weights = np.zeros(len(vertices))
    weights[near] = solution / solution.sum()
    return weights


def four_largest(weights: Array) -> Array:
    """Weights (V, J) with all but the four largest of each row dropped (what glTF takes at once), summing to one."""
    fifth = np.sort(weights, axis=1)[:, -5, None]
    weights = np.clip(weights - np.maximum(fifth, MIN_WEIGHT), 0.0, None)  # without a jump where the fifth changes
    return weights / weights.sum(axis=1, keepdims=True)


def random_adults(count: int, seed: int) -> list[dict[str, float]]:
    """Phenotypes drawn uniformly from ``RANGES``."""
    rng = np.random.default_rng(seed)
    return [{name: float(rng.uniform(*limits)) for name, limits in RANGES.items()} for _ in range(count)]


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
    sculpture = sculpt(makehuman.load())
    people = [sculpture.t_posed(who) for who in (makehuman.NEUTRAL, *random_adults(NUM_SAMPLES + NUM_CHECKS, seed=0))]
    joints = np.stack([person[1] for person in people])
    vertices = np.moveaxis(sculpture.calm(np.stack([person[0] for person in people], axis=1)), 1, 0)
    vertices = (vertices + vertices[:, sculpture.twin] * [-1.0, 1.0, 1.0]) / 2  # the faces are not quite symmetric
    log.info("%d vertices, %d triangles", vertices.shape[1], len(sculpture.faces))
    regressor = sculpture.symmetric(fit_regressor(vertices[:NUM_SAMPLES], joints[:NUM_SAMPLES]))
    report(np.linalg.norm(np.einsum("jv,nvc->njc", regressor, vertices) - joints, axis=-1))
    parents = np.array(SMPL_PARENTS)
    tree = np.stack([np.where(parents < 0, 2**32 - 1, parents), np.arange(len(parents))])
    return {
        "v_template": vertices[0].astype(np.float32),
        "shapedirs": shape_directions(vertices[1:], vertices[0]).astype(np.float32),
        "posedirs": np.zeros((vertices.shape[1], 3, 9 * (len(parents) - 1)), dtype=np.float32),
        "J_regressor": regressor.astype(np.float32),
        "weights": sculpture.weights.astype(np.float32),
        "f": sculpture.faces.astype(np.uint32),
        "kintree_table": tree.astype(np.uint32),
    }


def report(error: Array) -> None:
    """Log the regressor's error (N, J) in metres on the neutral person and on those it was not fitted to."""
    checked = 1e3 * error[NUM_SAMPLES:]
    for joint, name in enumerate(SMPL_JOINT_NAMES):
        numbers = 1e3 * error[0, joint], checked[:, joint].mean(), checked[:, joint].max()
        log.info("%-15s neutral %.4f mm, others: mean %.2f mm, max %.2f mm", name, *numbers)


def write(path: Path, arrays: dict[str, NDArray]) -> None:
    """Save compressed, whole or not at all."""
    temporary = path.with_name(f".{path.stem}-{secrets.token_hex(4)}.npz")
    try:
        np.savez_compressed(temporary, **arrays)  # type: ignore[arg-type]
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if len(sys.argv) != 2:
        sys.exit("usage: python -m motion.body.build OUT.npz")
    write(Path(sys.argv[1]), build())


if __name__ == "__main__":
    main()
