"""Small people for tests: a skeleton of SMPL's 24 joints, a seeded walk and a skin of boxes. No files, no downloads.

Import as ``from helpers import walking_clip`` (pytest puts this folder on the path).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from motion.core.clip import Motion
from motion.core.rotation import rotvec_to_rotmat
from motion.core.skeleton import SMPL_JOINT_NAMES, SMPL_PARENTS, Skeleton
from motion.core.skin import Skin

#: Offsets of the joints on the middle line and on the left, in metres: a person of about 1.7 m in T-pose.
_OFFSETS = {
    "pelvis": (0.0, 0.93, 0.0), "left_hip": (0.09, -0.07, 0.0), "spine1": (0.0, 0.11, -0.01),
    "left_knee": (0.02, -0.38, 0.01), "spine2": (0.0, 0.13, 0.01), "left_ankle": (-0.01, -0.41, -0.03),
    "spine3": (0.0, 0.06, 0.0), "left_foot": (0.02, -0.05, 0.13), "neck": (0.0, 0.22, -0.02),
    "left_collar": (0.07, 0.12, -0.02), "head": (0.0, 0.09, 0.04), "left_shoulder": (0.11, 0.03, -0.01),
    "left_elbow": (0.26, 0.0, -0.01), "left_wrist": (0.25, 0.0, 0.0), "left_hand": (0.09, 0.0, 0.0),
}  # fmt: skip

#: Where limbs without a child joint end, relative to their joint.
_ENDS = {"head": (0.0, 0.16, 0.02), "left_foot": (0.0, 0.0, 0.07), "left_hand": (0.09, 0.0, 0.0)}


def _sided(table: dict[str, tuple[float, float, float]], name: str) -> NDArray[np.floating]:
    offset = np.array(table[name.replace("right_", "left_")])
    return offset * [-1, 1, 1] if name.startswith("right_") else offset


def smpl_skeleton(scale: float = 1.0) -> Skeleton:
    """SMPL's 24 joints with the proportions of an adult times ``scale``."""
    offsets = np.array([_sided(_OFFSETS, name) for name in SMPL_JOINT_NAMES]) * scale
    return Skeleton(SMPL_JOINT_NAMES, np.array(SMPL_PARENTS), offsets)


def _walking_pose(phase: NDArray[np.floating], rng: np.random.Generator) -> NDArray[np.floating]:
    """(T, 24, 3, 3) local rotations of a stride cycle; ``phase (T,)`` in radians, one cycle per two pi."""
    rotvec = np.zeros((len(phase), 24, 3))
    wobble = rng.normal(0, 0.02, size=(24, 3))
    rotvec += wobble * np.sin(phase + rng.uniform(0, 6))[:, None, None]
    joint = {name: i for i, name in enumerate(SMPL_JOINT_NAMES)}
    for side, sign, shift in (("left", 1.0, 0.0), ("right", -1.0, np.pi)):
        swing = np.sin(phase + shift)
        bend = np.clip(np.sin(phase + shift + 1.9), 0, None)
        rotvec[:, joint[f"{side}_hip"], 0] += -0.45 * swing
        rotvec[:, joint[f"{side}_knee"], 0] += 0.1 + 0.9 * bend
        rotvec[:, joint[f"{side}_ankle"], 0] += -0.1 + 0.2 * swing
        rotvec[:, joint[f"{side}_shoulder"], 2] += -1.25 * sign
        rotvec[:, joint[f"{side}_collar"], 1] += 0.35 * swing
        rotvec[:, joint[f"{side}_elbow"], 1] += -0.4 * sign
        rotvec[:, joint[f"{side}_hand"], 2] += -0.1 * sign
    return rotvec_to_rotmat(rotvec)


def walking_clip(seconds: float = 2.0, fps: float = 30.0, seed: int = 0, skeleton: Skeleton | None = None) -> Motion:
    """Somebody walks along +Z, feet on the floor, the standing foot not sliding; different seeds sway differently."""
    skeleton = skeleton or smpl_skeleton()
    rng = np.random.default_rng(seed)
    frames = max(1, round(seconds * fps))
    phase = np.arange(frames) / fps * (2 * np.pi * rng.uniform(0.85, 1.0)) + rng.uniform(0, 2 * np.pi)
    rotation = _walking_pose(phase, rng)
    feet = [skeleton.index("left_foot"), skeleton.index("right_foot")]
    relative = skeleton.forward_kinematics(np.zeros((frames, 3)), rotation)[1][:, feet]
    standing = (np.cos(phase[1:]) > 0).astype(int)  # the foot whose hip swings backward carries the person
    step = np.zeros((frames, 3))
    step[1:] = relative[np.arange(frames - 1), standing] - relative[np.arange(1, frames), standing]
    root = np.cumsum(step, axis=0)
    root[:, 1] = 0.02 - relative[..., 1].min(axis=1)
    return Motion(skeleton, root, rotation, fps)


def random_clip(frames: int = 20, fps: float = 30.0, seed: int = 0, skeleton: Skeleton | None = None) -> Motion:
    """Smooth random rotations of every joint, up to a half turn: no body moves so, every format must hold it."""
    skeleton = skeleton or smpl_skeleton()
    rng = np.random.default_rng(seed)
    time = np.linspace(0, 1, frames)[:, None, None]
    waves = rng.normal(size=(2, 1, skeleton.num_joints, 3))
    rotvec = 1.2 * waves[0] * np.sin(2 * np.pi * time + rng.uniform(0, 6)) + 0.8 * waves[1] * time
    root = rng.normal(size=3) * time[:, 0] + [0.0, 0.9, 0.0]
    return Motion(skeleton, root, rotvec_to_rotmat(rotvec), fps)


def _box(start: NDArray[np.floating], end: NDArray[np.floating], width: float) -> NDArray[np.floating]:
    """(12, 3) corners of a box in three rings along the line from start to end."""
    along = (end - start) / max(float(np.linalg.norm(end - start)), 1e-9)
    helper = np.array([0.0, 0.0, 1.0]) if abs(along[2]) < 0.9 else np.array([1.0, 0.0, 0.0])
    u = np.cross(along, helper)
    u /= np.linalg.norm(u)
    ring = np.array([u, np.cross(along, u), -u, -np.cross(along, u)]) * width
    return np.concatenate([ring + start, ring + (start + end) / 2, ring + end])


def box_skin(skeleton: Skeleton | None = None, width: float = 0.04) -> Skin:
    """A closed box along every bone; its first ring shared with the parent joint, so weights are blended."""
    skeleton = skeleton or smpl_skeleton()
    quads = [(r + i, r + (i + 1) % 4, r + 4 + (i + 1) % 4, r + 4 + i) for r in (0, 4) for i in range(4)]
    faces_of_box = np.array([t for a, b, c, d in quads for t in ((a, b, c), (a, c, d))] + [
        (2, 1, 0), (3, 2, 0), (8, 9, 10), (8, 10, 11)])  # fmt: skip
    vertices, faces, weights = [], [], []
    rest = skeleton.rest_positions
    for joint, name in enumerate(skeleton.joint_names):
        ends = [rest[c] for c in np.flatnonzero(skeleton.parents == joint)]
        if not ends:
            ends = [rest[joint] + _sided(_ENDS, name)]
        for end in ends:
            faces.append(faces_of_box + 12 * len(vertices))
            vertices.append(_box(rest[joint], end, width))
            weight = np.zeros((12, skeleton.num_joints))
            weight[:, joint] = 1.0
            parent = skeleton.parents[joint]
            if parent >= 0:
                weight[:4, joint], weight[:4, parent] = 0.6, 0.4
            weights.append(weight)
    return Skin(skeleton, np.concatenate(vertices), np.concatenate(faces), np.concatenate(weights))
