"""Which bone is which: by a dozen conventions of names, by place alone, and as the user says."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from characters import ODD, foreign, named

from helpers import smpl_skeleton
from motion.core.errors import BadFile, BadInput, MotionError, UnknownName
from motion.core.skeleton import SMPL_JOINT_NAMES, Skeleton
from motion.formats.presets import PRESETS
from motion.rigging.mapping import NEEDED, map_bones, read_mapping
from motion.rigging.names import parsed

LIMBS = ("hip", "knee", "ankle", "foot", "collar", "shoulder", "elbow", "wrist", "hand")


def convention(middle: str, left: str, right: str) -> dict[str, str]:
    """SMPL's joints -> names: of pelvis, spine1-3, neck and head, then of the limbs of each side; - is SMPL's own."""
    names = dict(zip(("pelvis", "spine1", "spine2", "spine3", "neck", "head"), middle.split(), strict=True))
    for side, told in (("left", left), ("right", right)):
        names |= dict(zip((f"{side}_{limb}" for limb in LIMBS), told.split(), strict=True))
    return {joint: name for joint, name in names.items() if name != "-"}


def sided(pattern: str, left: str, right: str) -> tuple[str, str]:
    return pattern.replace("*", left), pattern.replace("*", right)


CONVENTIONS = {
    **{name: dict(preset.bones) for name, preset in PRESETS.items()},
    "mixamo in a namespace": {j: b.replace("mixamorig", "guy:mixamorig12") for j, b in PRESETS["mixamo"].bones.items()},
    "biped": convention("Bip01_Pelvis Bip01_Spine Bip01_Spine1 Bip01_Spine2 Bip01_Neck Bip01_Head", *sided(
        "Bip01_*_Thigh Bip01_*_Calf Bip01_*_Foot Bip01_*_Toe0 Bip01_*_Clavicle Bip01_*_UpperArm Bip01_*_Forearm "
        "Bip01_*_Hand Bip01_*_Finger2", "L", "R")),
    "valve": convention("ValveBiped.Bip01_Pelvis ValveBiped.Bip01_Spine ValveBiped.Bip01_Spine1 "
        "ValveBiped.Bip01_Spine2 ValveBiped.Bip01_Neck1 ValveBiped.Bip01_Head1", *sided(
        "ValveBiped.Bip01_*_Thigh ValveBiped.Bip01_*_Calf ValveBiped.Bip01_*_Foot ValveBiped.Bip01_*_Toe0 "
        "ValveBiped.Bip01_*_Clavicle ValveBiped.Bip01_*_UpperArm ValveBiped.Bip01_*_Forearm ValveBiped.Bip01_*_Hand "
        "ValveBiped.Bip01_*_Finger2", "L", "R")),
    "character creator": convention("CC_Base_Hip CC_Base_Waist CC_Base_Spine01 CC_Base_Spine02 CC_Base_NeckTwist01 "
        "CC_Base_Head", *sided("CC_Base_*_Thigh CC_Base_*_Calf CC_Base_*_Foot CC_Base_*_ToeBase CC_Base_*_Clavicle "
        "CC_Base_*_Upperarm CC_Base_*_Forearm CC_Base_*_Hand CC_Base_*_Mid1", "L", "R")),
    "vroid": convention("J_Bip_C_Hips J_Bip_C_Spine J_Bip_C_Chest J_Bip_C_UpperChest J_Bip_C_Neck J_Bip_C_Head", *sided(
        "J_Bip_*_UpperLeg J_Bip_*_LowerLeg J_Bip_*_Foot J_Bip_*_ToeBase J_Bip_*_Shoulder J_Bip_*_UpperArm "
        "J_Bip_*_LowerArm J_Bip_*_Hand J_Bip_*_Middle1", "L", "R")),
    "daz": convention("hip abdomenLower abdomenUpper chestLower neckLower head", *sided(
        "*ThighBend *Shin *Foot *Toe *Collar *ShldrBend *ForearmBend *Hand *Mid1", "l", "r")),
    "rigify": convention("DEF-spine DEF-spine.001 DEF-spine.002 DEF-spine.003 DEF-spine.004 DEF-spine.006", *sided(
        "DEF-thigh.* DEF-shin.* DEF-foot.* DEF-toe.* DEF-shoulder.* DEF-upper_arm.* DEF-forearm.* DEF-hand.* "
        "DEF-f_middle.01.*", "L", "R")),
    "makehuman": convention("root spine05 spine03 spine01 neck01 head", *sided(
        "upperleg01.* lowerleg01.* foot.* toe1-1.* clavicle.* upperarm01.* lowerarm01.* wrist.* finger3-1.*",
        "L", "R")),
    "acclaim": convention("root lowerback upperback thorax lowerneck head", *sided(
        "*femur *tibia *foot *toes *clavicle *humerus *radius *wrist *hand", "l", "r")),
    "smpl with prefixes": convention("m_avg_Pelvis m_avg_Spine1 m_avg_Spine2 m_avg_Spine3 m_avg_Neck m_avg_Head",
        *sided("m_avg_*_Hip m_avg_*_Knee m_avg_*_Ankle m_avg_*_Foot m_avg_*_Collar m_avg_*_Shoulder m_avg_*_Elbow "
        "m_avg_*_Wrist m_avg_*_Hand", "L", "R")),
    "xsens": convention("Pelvis L5 L3 T8 Neck Head", *sided(
        "*UpperLeg *LowerLeg *Foot *Toe *Shoulder *UpperArm *ForeArm *Hand *Fingers", "Left", "Right")),
    "kinect": convention("SpineBase SpineLow SpineMid SpineShoulder Neck Head", *sided(
        "Hip* Knee* Ankle* Foot* Clavicle* Shoulder* Elbow* Wrist* Hand*", "Left", "Right")),
    "shouting": {joint: bone.upper() for joint, bone in PRESETS["unreal"].bones.items()},
    "nothing but numbers": {joint: f"bone_{i:03d}" for i, joint in enumerate(SMPL_JOINT_NAMES)},
    "odd": ODD,
}  # fmt: skip


@pytest.mark.parametrize("name", CONVENTIONS)
def test_conventions(name: str) -> None:
    names = CONVENTIONS[name]
    found = map_bones(named(smpl_skeleton(), names)).bones
    expected = {joint: names.get(joint, joint) for joint in SMPL_JOINT_NAMES}
    assert found["spine"] == tuple(expected[f"spine{i}"] for i in (1, 2, 3))
    for joint in SMPL_JOINT_NAMES:
        if not joint.startswith("spine"):
            assert found.get(joint) == (expected[joint],), joint


def test_sides_and_words() -> None:
    assert parsed("mixamorig12:LeftUpLeg") == ("left", "upleg")
    assert parsed("Armature|upperarm_r") == ("right", "upperarm")
    assert parsed("lShldrBend") == ("left", "shldrbend")
    assert parsed("leg") == ("", "leg")  # the l is the word's own


def test_names_are_surer_than_places() -> None:
    by_name, by_place = map_bones(foreign("mixamo")), map_bones(foreign("odd"))
    assert min(by_name.confidence.values()) >= 0.9 > 0.7 > min(by_place.confidence.values())
    assert by_place.bones["spine"] == ("w1", "w2", "w3", "w4", "w5")


def test_what_does_not_hang_together_is_found_by_place() -> None:
    """Somebody has called the thumb a forearm."""
    names = dict(PRESETS["unity"].bones)
    names["left_elbow"], names["left_hand"] = "LeftSomething", "LeftLowerArm"
    found = map_bones(named(smpl_skeleton(), names))
    assert found.bones["left_wrist"] == ("LeftHand",)
    assert found.bones.get("left_elbow") != ("LeftLowerArm",)


def test_a_file_tells_it_better(tmp_path: Path) -> None:
    skeleton = foreign("odd")
    path = tmp_path / "map.json"
    path.write_text(json.dumps({"bones": {"left_hand": None, "spine": ["w1", "w5"], "head": "Hals", "neck": []}}))
    found = map_bones(skeleton, read_mapping(path, skeleton))
    assert "left_hand" not in found.bones and found.bones["spine"] == ("w1", "w5")
    assert found.bones["head"] == ("Hals",) and found.confidence["head"] == 1.0
    assert {"w2", "Kralle.1", "Kopf"} <= set(found.unmapped)


def test_what_is_shown_can_be_given_back(tmp_path: Path) -> None:
    skeleton = foreign("unreal")
    found = map_bones(skeleton)
    (tmp_path / "map.json").write_text(json.dumps(found.to_json()))
    again = map_bones(skeleton, read_mapping(tmp_path / "map.json", skeleton))
    assert again.bones == found.bones and set(again.confidence.values()) == {1.0}
    assert len(found.to_text()) == 22


@pytest.mark.parametrize(
    ("content", "error", "says"),
    [
        ("{", BadFile, "no JSON"), ("[]", BadFile, '"bones"'), ('{"bones": {"tail": "w1"}}', UnknownName, "left_hip"),
        ('{"bones": {"pelvis": "Tail"}}', UnknownName, "Becken"),
        ('{"bones": {"pelvis": 3}}', BadFile, "name of a bone"),
        ('{"bones": {"spine": ["w5", "w1"]}}', BadInput, "bottom up"), ("[" * 100_000, BadFile, "no JSON"),
        ('{"bones": {"head": "Hals", "neck": "Hals"}}', BadInput, "twice"),
        ('{"bones": {"left_knee": "Haxe.2"}}', BadInput, "below"),
        ('{"bones": {"left_hip": null}}', BadInput, "left_hip"), ('{"bones": {"head": "w1"}}', BadInput, "below"),
    ],
)  # fmt: skip
def test_mistakes_in_a_file_are_told_in_one_line(
    tmp_path: Path, content: str, error: type[MotionError], says: str
) -> None:
    skeleton, path = foreign("odd"), tmp_path / "map.json"
    path.write_text(content)
    with pytest.raises(error, match=says) as told:
        map_bones(skeleton, read_mapping(path, skeleton))
    assert "\n" not in str(told.value)


def test_what_is_no_person_is_refused() -> None:
    chain = Skeleton(("a", "b", "c"), np.array([-1, 0, 1]), np.ones((3, 3)))
    with pytest.raises(BadInput, match="--mapping") as told:
        map_bones(chain)
    assert all(role in str(told.value) for role in NEEDED[1:])
