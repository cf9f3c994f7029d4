"""What each engine and tool calls the bones, where it wants the way of the person, its unit and its axes.

A plain table over SMPL's 24 joints. ``motion.formats.take`` puts a clip into a preset's shape; the writers of nodes
(.glb, .fbx, .bvh) do the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from motion.core.errors import UnknownName
from motion.core.skeleton import SMPL_JOINT_NAMES, SMPL_PARENTS

#: Where the way of the person may be: on a root bone on the floor, on the hips, or nowhere (played on the spot).
ROOT_MOTIONS = ("root", "hips", "in-place")


@dataclass(frozen=True)
class Preset:
    """One row of the table.

    Attributes:
        name: what it is called.
        bones: SMPL's joint -> the name of its bone, for all 24.
        between: bones that SMPL has no joint for, as (name, joint, share): on the way from the joint's parent to the
            joint, at that share of it. They never turn, so every joint stays exactly where it is.
        root: the bone on the floor above the hips, or None where the hips are the root.
        root_motion: one of ``ROOT_MOTIONS``.
        unit: metres per unit of length in a .fbx; a .glb is always in metres.
        up: the axis that points up in a .fbx, ``Y`` (facing +Z) or ``Z`` (facing -Y).
        t_pose: whether the first frame shows the rest pose, and the movement begins with the second.
    """

    name: str
    bones: Mapping[str, str]
    between: tuple[tuple[str, str, float], ...] = ()
    root: str | None = None
    root_motion: str = "hips"
    unit: float = 0.01
    up: str = "Y"
    t_pose: bool = False

    def with_options(self, root_motion: str | None = None, t_pose: bool = False) -> Preset:
        """The same preset, where the user wants the way or the first frame otherwise; a root bone is added when the
        way is wanted on one. Raises ``UnknownName``."""
        if root_motion is not None and root_motion not in ROOT_MOTIONS:
            raise UnknownName("root motion", root_motion, ROOT_MOTIONS)
        root = self.root or ("root" if root_motion == "root" else None)
        return replace(self, root=root, root_motion=root_motion or self.root_motion, t_pose=t_pose or self.t_pose)

    def parents(self) -> dict[str, str | None]:
        """Every bone's parent; the root has None."""
        above: dict[str, str | None] = {} if self.root is None else {self.root: None}
        for joint, parent in zip(SMPL_JOINT_NAMES, SMPL_PARENTS, strict=True):
            last = self.bones[SMPL_JOINT_NAMES[parent]] if parent >= 0 else self.root
            for bone in (*(bone for bone, end, _ in self.between if end == joint), self.bones[joint]):
                above[bone], last = last, bone
        return above


def _bones(middle: str, sided: str, left: str, right: str) -> dict[str, str]:
    """SMPL's joints -> names, from those of pelvis, spine1-3, neck, head and of hip, knee, ankle, foot, collar,
    shoulder, elbow, wrist, hand with ``*`` in place of the side."""
    names = dict(zip(("pelvis", "spine1", "spine2", "spine3", "neck", "head"), middle.split(), strict=True))
    limbs = ("hip", "knee", "ankle", "foot", "collar", "shoulder", "elbow", "wrist", "hand")
    for limb, pattern in zip(limbs, sided.split(), strict=True):
        names[f"left_{limb}"] = pattern.replace("*", left)
        names[f"right_{limb}"] = pattern.replace("*", right)
    return {joint: names[joint] for joint in SMPL_JOINT_NAMES}


#: The hand's one joint sits at the knuckles: it is called like the first bone of the middle finger.
_HUMANOID = _bones(
    "Hips Spine Chest UpperChest Neck Head",
    "*UpperLeg *LowerLeg *Foot *Toes *Shoulder *UpperArm *LowerArm *Hand *MiddleProximal",
    "Left", "Right",
)  # fmt: skip
_HUMAN_IK = _bones(
    "Hips Spine Spine1 Spine2 Neck Head",
    "*UpLeg *Leg *Foot *ToeBase *Shoulder *Arm *ForeArm *Hand *HandMiddle1",
    "Left", "Right",
)  # fmt: skip
_UNREAL = _bones(
    "pelvis spine_01 spine_03 spine_05 neck_01 head",
    "thigh_* calf_* foot_* ball_* clavicle_* upperarm_* lowerarm_* hand_* middle_01_*",
    "l", "r",
)  # fmt: skip
_BLENDER = _bones(
    "hips spine chest upper_chest neck head",
    "thigh.* shin.* foot.* toe.* shoulder.* upper_arm.* forearm.* hand.* f_middle.01.*",
    "L", "R",
)  # fmt: skip
_UNREAL_BETWEEN = (("spine_02", "spine2", 0.5), ("spine_04", "spine3", 0.5), ("neck_02", "head", 0.5))

PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset("unreal", _UNREAL, _UNREAL_BETWEEN, root="root", root_motion="root"),
        Preset("unity", _HUMANOID, root="Root", root_motion="root"),
        Preset("godot", _HUMANOID, root="Root", root_motion="root"),
        Preset("blender", _BLENDER, root="root", root_motion="root", unit=1.0, up="Z"),
        Preset("maya", _HUMAN_IK, root="Reference"),
        Preset("mixamo", {joint: f"mixamorig:{bone}" for joint, bone in _HUMAN_IK.items()}),
        Preset("smpl", {joint: joint for joint in SMPL_JOINT_NAMES}),
        Preset("vrm", {joint: bone[0].lower() + bone[1:] for joint, bone in _HUMANOID.items()}),
    )
}


def preset_of(name: str) -> Preset:
    """The preset of that name; raises ``UnknownName`` listing those there are."""
    if name not in PRESETS:
        raise UnknownName("preset", name, PRESETS)
    return PRESETS[name]


def chosen(name: str | None, root_motion: str | None = None, t_pose: bool = False) -> Preset | None:
    """The preset that a user's options come to: that of the name, or SMPL's own where only the way or the first frame
    is wanted otherwise; None where nothing is. Raises ``UnknownName``."""
    if name is None and root_motion is None and not t_pose:
        return None
    return preset_of(name or "smpl").with_options(root_motion, t_pose)
