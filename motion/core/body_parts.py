"""Body parts: which joints move together, under the names that prompts, edits and the network share."""

from __future__ import annotations

from motion.core.errors import UnknownName

#: The joints of each limb.
LIMB_JOINTS: dict[str, tuple[str, ...]] = {
    "torso": ("spine1", "spine2", "spine3", "neck", "head"),
    "left_arm": ("left_collar", "left_shoulder", "left_elbow", "left_wrist"),
    "right_arm": ("right_collar", "right_shoulder", "right_elbow", "right_wrist"),
    "left_leg": ("left_hip", "left_knee", "left_ankle", "left_foot"),
    "right_leg": ("right_hip", "right_knee", "right_ankle", "right_foot"),
}

#: All parts, the root first: where the person is, which way it faces and how the pelvis is held.
BODY_PARTS: tuple[str, ...] = ("root", *LIMB_JOINTS)

#: Several parts under one name. Legs that walk take the person along.
SEVERAL_PARTS: dict[str, tuple[str, ...]] = {
    "arms": ("left_arm", "right_arm"),
    "legs": ("root", "left_leg", "right_leg"),
    "upper_body": ("torso", "left_arm", "right_arm"),
    "lower_body": ("root", "left_leg", "right_leg"),
}


def parts_called(name: str) -> tuple[str, ...]:
    """The part, or the several, of that name; raises ``UnknownName`` listing the names there are."""
    if name in BODY_PARTS:
        return (name,)
    if name not in SEVERAL_PARTS:
        raise UnknownName("body part", name, [*BODY_PARTS, *SEVERAL_PARTS])
    return SEVERAL_PARTS[name]


def joints_of_part(name: str, joint_names: tuple[str, ...]) -> tuple[int, ...]:
    """Indices of a part's joints in a skeleton; an arm ends with its hand, the root is joint 0."""
    if name == "root":
        return (0,)
    joints = LIMB_JOINTS[name]
    hand = (name.replace("arm", "hand"),) if name.endswith("arm") else ()
    return tuple(number for number, joint in enumerate(joint_names) if joint in joints + hand)
