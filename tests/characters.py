"""Characters for tests: people of any names, bone axes, rest pose, spine and size, as skeletons and as files.

Import as ``from characters import character`` (pytest puts this folder on the path).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from helpers import smpl_skeleton
from motion.core.clip import Motion
from motion.core.rotation import rotvec_to_rotmat, vectors_to_rotmat
from motion.core.skeleton import Skeleton
from motion.core.skin import Skin
from motion.formats import save
from motion.formats.presets import PRESETS
from motion.formats.rig import Posed, Rig, write_rig

Array = NDArray[np.floating]

#: Words that no convention knows, for somebody with five bones of the spine.
ODD = {
    "pelvis": "Becken", "head": "Kopf", "neck": "Hals", "left_collar": "Schluessel.1", "right_collar": "Schluessel.2",
    "left_shoulder": "Ober.1", "right_shoulder": "Ober.2", "left_elbow": "Unter.1", "right_elbow": "Unter.2",
    "left_wrist": "Pfote.1", "right_wrist": "Pfote.2", "left_hand": "Kralle.1", "right_hand": "Kralle.2",
    "left_hip": "Keule.1", "right_hip": "Keule.2", "left_knee": "Haxe.1", "right_knee": "Haxe.2",
    "left_ankle": "Huf.1", "right_ankle": "Huf.2", "left_foot": "Zeh.1", "right_foot": "Zeh.2",
    "spine1": "w1", "spine2": "w3", "spine3": "w5",
}  # fmt: skip
NAMES = {"mixamo": PRESETS["mixamo"].bones, "unreal": PRESETS["unreal"].bones, "odd": ODD}


def posed_at_rest(skeleton: Skeleton, turns: dict[str, tuple[float, float, float]]) -> Skeleton:
    """The skeleton resting in another pose: joints turned by rotation vectors in radians."""
    rotation = np.tile(np.eye(3), (1, skeleton.num_joints, 1, 1))
    for name, turn in turns.items():
        rotation[0, skeleton.index(name)] = rotvec_to_rotmat(np.array(turn))
    places = skeleton.forward_kinematics(skeleton.rest_offsets[:1], rotation)[1][0]
    parents = skeleton.parents
    return Skeleton(skeleton.joint_names, parents, np.where(parents[:, None] >= 0, places - places[parents], places))


A_POSE = {"left_shoulder": (0.0, 0.0, -0.8), "right_shoulder": (0.0, 0.0, 0.8), "left_elbow": (0.0, -0.2, 0.0),
          "right_elbow": (0.0, 0.2, 0.0), "left_hip": (0.0, 0.0, 0.1), "right_hip": (0.0, 0.0, -0.1),
          "left_ankle": (0.0, 0.0, -0.1), "right_ankle": (0.0, 0.0, 0.1)}  # fmt: skip


def lumps(skeleton: Skeleton) -> Skin:
    """A tetrahedron around every joint, each corner pulled by it and a little by its parent."""
    corners = 0.03 * np.array([[1, 1, 1], [-1, -1, 1], [-1, 1, -1], [1, -1, -1]])
    count = skeleton.num_joints
    faces = np.array([[0, 1, 3], [0, 2, 1], [0, 3, 2], [1, 2, 3]])
    weights = np.zeros((4 * count, count))
    for joint, parent in enumerate(skeleton.parents):
        weights[4 * joint : 4 * joint + 4, joint] = 1.0 if parent < 0 else 0.8
        if parent >= 0:
            weights[4 * joint : 4 * joint + 4, parent] = 0.2
    points = (skeleton.rest_positions[:, None] + corners).reshape(-1, 3)
    return Skin(skeleton, points, np.concatenate([faces + 4 * joint for joint in range(count)]), weights)


def rig_of(skeleton: Skeleton, seed: int | None = None, turn: Array | None = None) -> Rig:
    """The skeleton as a character whose bones have random axes, resting turned as a whole by ``turn`` (3, 3)."""
    count = skeleton.num_joints
    rest = np.tile(np.eye(4), (count, 1, 1))
    if seed is not None:
        rest[:, :3, :3] = rotvec_to_rotmat(np.random.default_rng(seed).normal(size=(count, 3)))
    rest[:, :3, 3] = skeleton.rest_positions
    if turn is not None:
        rest[:, :3] = turn @ rest[:, :3]
    return Rig(
        Path("character.glb"), skeleton.joint_names, skeleton.parents, rest, np.tile(np.eye(4), (count, 1, 1)),
        np.ones(count, bool), (None,), lambda: lumps(skeleton),
    )  # fmt: skip


def named(skeleton: Skeleton, names: Mapping[str, str]) -> Skeleton:
    """The same with other names."""
    return Skeleton(tuple(names.get(n, n) for n in skeleton.joint_names), skeleton.parents, skeleton.rest_offsets)


def with_more(skeleton: Skeleton, added: list[tuple[str, str, float]], root: str | None = None) -> Skeleton:
    """The same with bones (name, end, share) on the way from the end's parent to it, and a root on the floor."""
    names, parents, places = list(skeleton.joint_names), skeleton.parents.tolist(), list(skeleton.rest_positions)
    above = {name: names[p] if p >= 0 else root for name, p in zip(names, parents, strict=True)}
    place = dict(zip(names, places, strict=True))
    for bone, end, share in added:
        start = above[end]
        assert start is not None
        place[bone] = place[start] + share * (place[end] - place[start])
        above[bone], above[end] = start, bone
    if root is not None:
        place[root], above[root] = np.zeros(3), None
    order: list[str] = []
    while len(order) < len(place):
        order += [name for name in place if name not in order and (above[name] is None or above[name] in order)]
    index = [order.index(above[name]) if above[name] is not None else -1 for name in order]  # type: ignore[arg-type]
    points = np.array([place[name] for name in order])
    return Skeleton(
        tuple(order), np.array(index), np.where(np.array(index)[:, None] >= 0, points - points[index], points)
    )


def foreign(kind: str, scale: float = 1.0) -> Skeleton:
    """Somebody of another tool: ``mixamo`` in a T, ``unreal`` in an A, ``odd`` with five bones of the spine."""
    body = smpl_skeleton(scale)
    if kind == "unreal":
        body = posed_at_rest(body, A_POSE)
        return with_more(
            named(body, NAMES[kind]), [("spine_02", "spine_03", 0.5), ("spine_04", "spine_05", 0.5)], root="root"
        )
    if kind == "odd":
        body = posed_at_rest(body, {"left_shoulder": (0.0, 0.0, -0.4), "right_shoulder": (0.0, 0.0, 0.4)})
        return with_more(named(body, ODD), [("w2", "w3", 0.4), ("w4", "w5", 0.6)])
    return named(body, NAMES[kind])


def written(rig: Rig, path: Path) -> Path:
    """A still character in a file."""
    rest = Posed(np.tile(np.eye(3), (1, len(rig.names), 1, 1)), rig.rest[None, :, :3, 3], 30.0, ())
    write_rig(rig, rest, path)
    return path


def lying_bvh(skeleton: Skeleton, path: Path) -> Path:
    """A .bvh of bones that all lie along X in its zero pose, as such axes make it; its first frame stands."""
    rig = rig_of(skeleton)
    for bone in range(skeleton.num_joints):
        below = np.flatnonzero(skeleton.parents == bone)
        along = skeleton.rest_offsets[below[0] if len(below) else bone]
        rig.rest[bone, :3, :3] = vectors_to_rotmat(np.array([1.0, 0.0, 0.0]), along)
    rest = Posed(np.tile(np.eye(3), (1, len(rig.names), 1, 1)), rig.rest[None, :, :3, 3], 30.0, ())
    local = rig.locals(rest)
    bones = Skeleton(skeleton.joint_names, skeleton.parents, local[0, :, :3, 3])
    save(Motion(bones, local[:, 0, :3, 3], local[..., :3, :3], 30.0), path)
    return path


def places(rig: Rig, posed: Posed) -> Array:
    """(T, J, 3) m, where the bones come to by the transforms that a file would keep."""
    local = rig.locals(posed)
    world = np.empty_like(local)
    for bone, parent in enumerate(rig.parents):
        above = rig.links[bone] if parent < 0 else world[:, parent] @ rig.links[bone]
        world[:, bone] = above @ local[:, bone]
    return world[..., :3, 3]
