"""How the skeletons of the corpora correspond to SMPL's joints."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from motion.refine.retarget import Place, SkeletonMap

Array = NDArray[np.floating]


def _sided(pairs: dict[str, str], sides: dict[str, str]) -> dict[str, str]:
    """``{"left_hip": "LeftUpLeg", ...}`` from ``{"hip": "%sUpLeg"}`` and what each side is called."""
    return {f"{side}_{joint}": name % word for side, word in sides.items() for joint, name in pairs.items()}


def _basis(x: tuple[float, ...], y: tuple[float, ...]) -> Array:
    """Columns x, y and their cross product, made orthonormal."""
    first = np.array(x) / np.linalg.norm(x)
    second = np.array(y) - first * np.dot(first, y)
    second /= np.linalg.norm(second)
    return np.stack([first, second, np.cross(first, second)], axis=-1)


def _bandai_rest() -> dict[str, Array]:
    """Bandai-Namco's bones run along local x (left: towards the child, right: away from it); arms out, feet flat."""
    rest = {"Hips": _basis((0, 1, 0), (-1, 0, 0))}
    rest |= {name: _basis((0, 1, 0), (0, 0, 1)) for name in ("Spine", "Chest", "Neck", "Head")}
    for side, sign in (("L", 1.0), ("R", -1.0)):
        for name in ("Shoulder", "UpperArm", "LowerArm", "Hand"):
            rest[f"{name}_{side}"] = np.diag([1.0, sign, sign])
        down, foot, toe = (0, -sign, 0), (0, -0.64 * sign, 0.77 * sign), (0, -0.39 * sign, 0.92 * sign)
        for name, x in (("UpperLeg", down), ("LowerLeg", down), ("Foot", foot), ("Toes", toe)):
            rest[f"{name}_{side}"] = _basis(x, (1, 0, 0))
    return rest


_BANDAI_LIMBS = _sided(
    {"hip": "UpperLeg_%s", "knee": "LowerLeg_%s", "ankle": "Foot_%s", "shoulder": "UpperArm_%s",
     "elbow": "LowerArm_%s", "wrist": "Hand_%s"},
    {"left": "L", "right": "R"},
)  # fmt: skip

BANDAI = SkeletonMap(
    name="bandai",
    rotations={
        "pelvis": "Hips", "spine1": "Spine", "spine2": ("Spine", "Chest", 0.7), "spine3": "Chest", "neck": "Neck",
        "head": "Head", "left_collar": "Shoulder_L", "right_collar": "Shoulder_R", "left_foot": "Toes_L",
        "right_foot": "Toes_R", **_BANDAI_LIMBS,
    },
    places={"pelvis": "Hips", **_BANDAI_LIMBS, "neck": "Neck", "head": "Head"},
    toes={"left": "Toes_L", "right": "Toes_R"},
    rest=_bandai_rest(),
)  # fmt: skip

_ASF_LIMBS = _sided(
    {"hip": "%sfemur", "knee": "%stibia", "ankle": "%sfoot", "shoulder": "%shumerus", "elbow": "%sradius",
     "wrist": "%shand"},
    {"left": "l", "right": "r"},
)  # fmt: skip
_ASF_SPINE: dict[str, Place] = {
    "spine1": ("lowerback", "upperback", 0.9), "spine2": "thorax", "spine3": ("thorax", "lowerneck", 0.6),
    "neck": ("lowerneck", "upperneck", 0.5), "head": "head",
}  # fmt: skip

#: ASF/AMC skeletons of CMU and HDM05.
ASF = SkeletonMap(
    name="asf",
    rotations={
        "pelvis": "root", "spine1": "upperback", "spine2": "thorax", "spine3": "thorax",
        "neck": ("lowerneck", "upperneck", 0.5), "head": "head", "left_collar": "lclavicle",
        "right_collar": "rclavicle", **_ASF_LIMBS, "left_elbow": ("lradius", "lwrist", 0.5),
        "right_elbow": ("rradius", "rwrist", 0.5), "left_foot": "ltoes", "right_foot": "rtoes",
    },
    places={"pelvis": "root", **_ASF_SPINE, **_ASF_LIMBS, "left_collar": ("lclavicle", "lhumerus", 0.3),
            "right_collar": ("rclavicle", "rhumerus", 0.3)},
    toes={"left": "ltoes", "right": "rtoes"},
    neck=("upperneck", "head"),
)  # fmt: skip

_MB_LIMBS = _sided(
    {"hip": "%sUpLeg", "knee": "%sLeg", "ankle": "%sFoot", "shoulder": "%sArm", "elbow": "%sForeArm",
     "wrist": "%sHand"},
    {"left": "Left", "right": "Right"},
)  # fmt: skip

#: cgspeed's MotionBuilder conversion of CMU (after the thorax bone is restored); also Mixamo-like names.
MOTIONBUILDER = SkeletonMap(
    name="motionbuilder",
    rotations={
        "pelvis": "Hips", "spine1": "Spine", "spine2": "Spine1", "spine3": "Spine1", "neck": ("Neck", "Neck1", 0.5),
        "head": "Head", "left_collar": "LeftShoulder", "right_collar": "RightShoulder", **_MB_LIMBS,
        "left_foot": "LeftToeBase", "right_foot": "RightToeBase", "left_elbow": ("LeftForeArm", "LeftHand", 0.5),
        "right_elbow": ("RightForeArm", "RightHand", 0.5), "left_wrist": "LeftFingerBase",
        "right_wrist": "RightFingerBase",
    },
    places={
        "pelvis": "Hips", "spine1": ("LowerBack", "Spine", 0.9), "spine2": "Spine1", "spine3": ("Spine1", "Neck", 0.6),
        "neck": ("Neck", "Neck1", 0.5), "head": "Head", **_MB_LIMBS,
        # the conversion lost the wrist bone, half as long as the radius in every CMU skeleton
        "left_wrist": ("LeftForeArm", "LeftHand", 1.5), "right_wrist": ("RightForeArm", "RightHand", 1.5),
        "left_collar": ("LeftShoulder", "LeftArm", 0.3), "right_collar": ("RightShoulder", "RightArm", 0.3),
    },
    toes={"left": "LeftToeBase", "right": "RightToeBase"},
    neck=("Neck1", "Head"),
)  # fmt: skip

_DAZ_LIMBS = _sided(
    {"hip": "%sThigh", "knee": "%sShin", "ankle": "%sFoot", "shoulder": "%sShldr", "elbow": "%sForeArm",
     "wrist": "%sHand"},
    {"left": "l", "right": "r"},
)  # fmt: skip

#: cgspeed's DAZ conversion of CMU.
DAZ = SkeletonMap(
    name="daz",
    rotations={
        "pelvis": "hip", "spine1": "abdomen", "spine2": ("abdomen", "chest", 0.6), "spine3": "chest", "neck": "neck",
        "head": "head", "left_collar": "lCollar", "right_collar": "rCollar", **_DAZ_LIMBS,
    },
    places={"pelvis": "hip", **_DAZ_LIMBS, "neck": "neck", "head": "head"},
    toes={"left": "lFoot_end", "right": "rFoot_end"},
)  # fmt: skip

_SIDES = {"left": "left", "right": "right"}
_DEEPMIMIC_LIMBS = _sided(
    {joint: f"%s_{joint}" for joint in ("hip", "knee", "ankle", "shoulder", "elbow", "wrist")}, _SIDES
)
_DOWN_TO_SIDE = {"left": _basis((0, 1, 0), (-1, 0, 0)), "right": _basis((0, -1, 0), (1, 0, 0))}

#: DeepMimic's 15 joints; arms hang in the zero pose.
DEEPMIMIC = SkeletonMap(
    name="deepmimic",
    rotations={
        "pelvis": "root", "spine1": ("root", "chest", 0.4), "spine2": ("root", "chest", 0.8), "spine3": "chest",
        "neck": ("chest", "neck", 0.5), "head": "neck", **_DEEPMIMIC_LIMBS,
    },
    places={"pelvis": "root", **_DEEPMIMIC_LIMBS, "neck": "neck"},
    toes={"left": "left_ankle_end", "right": "right_ankle_end"},
    rest={
        f"{side}_{joint}": turn for side, turn in _DOWN_TO_SIDE.items() for joint in ("shoulder", "elbow", "wrist")
    },
)  # fmt: skip

_STYLE100_LIMBS = _sided(
    {joint: f"%s{joint.capitalize()}" for joint in ("hip", "knee", "ankle", "shoulder", "elbow", "wrist")},
    {"left": "Left", "right": "Right"},
)

#: 100STYLE (Xsens names); the zero pose is a T-pose.
STYLE100 = SkeletonMap(
    name="100style",
    rotations={
        "pelvis": "Hips", "spine1": "Chest", "spine2": "Chest2", "spine3": "Chest4", "neck": "Neck", "head": "Head",
        "left_collar": "LeftCollar", "right_collar": "RightCollar", **_STYLE100_LIMBS, "left_foot": "LeftToe",
        "right_foot": "RightToe",
    },
    places={"pelvis": "Hips", **_STYLE100_LIMBS, "neck": "Neck", "head": "Head"},
    toes={"left": "LeftToe", "right": "RightToe"},
)  # fmt: skip
