"""Which bone of a character does what: by names, then by topology; shown with how sure it is, and editable as JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from motion.core.errors import BadFile, BadInput, UnknownName
from motion.core.skeleton import Skeleton
from motion.formats.contents import content_of
from motion.rigging.names import named
from motion.rigging.topology import Tree, guessed

LIMBS = ("hip", "knee", "ankle", "foot", "collar", "shoulder", "elbow", "wrist", "hand")
#: What a bone may do. ``spine`` and ``neck`` are chains, from the bottom up.
ROLES = ("pelvis", "spine", "neck", "head", *(f"{side}_{limb}" for side in ("left", "right") for limb in LIMBS))
CHAINS = ("spine", "neck")
#: Without these nobody walks.
NEEDED = ("pelvis", *(f"{side}_{limb}" for side in ("left", "right") for limb in ("hip", "knee", "ankle")))

#: How sure: told by the user or by a plain name, by the place alone, by a name that the place speaks against.
SURE, BY_PLACE, DOUBTED = 1.0, 0.6, 0.7
MAX_BYTES = 1 << 20


@dataclass(frozen=True)
class BoneMap:
    """The bones of a character by what they do.

    Attributes:
        bones: role -> its bones; one each, but for the chains ``spine`` and ``neck``.
        confidence: role -> how sure that is, 0 to 1.
        unmapped: the other bones: they follow those above them.
    """

    bones: Mapping[str, tuple[str, ...]]
    confidence: Mapping[str, float] = field(default_factory=dict)
    unmapped: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The object that ``read_mapping`` understands; whoever is unsure edits it."""
        bones = {role: list(self.bones.get(role, ())) if role in CHAINS else next(iter(self.bones.get(role, ())), None)
                 for role in ROLES}  # fmt: skip
        return {"bones": bones, "confidence": dict(self.confidence), "unmapped": list(self.unmapped)}

    def to_text(self) -> list[str]:
        """A line for each role."""
        lines = []
        for role in ROLES:
            names = ", ".join(self.bones.get(role, ())) or "-"
            lines.append(f"{role:15} {names:40} {self.confidence.get(role, 0.0):4.0%}".rstrip())
        return lines


def map_bones(skeleton: Skeleton, told: Mapping[str, tuple[str, ...]] | None = None) -> BoneMap:
    """Find out which bone is which.

    Args:
        skeleton: the character at rest, in metres, Y up.
        told: roles that the user has told, by role; an empty tuple: there is no such bone.

    Raises:
        BadInput: legs or hips are not found, or bones do not hang together as a person's do.
    """
    told = told or {}
    by_name, by_place, tree = named(skeleton.joint_names), guessed(skeleton), Tree(skeleton)
    found: dict[str, tuple[int, float]] = {}
    for role in (role for role in ROLES if role not in CHAINS):
        if role in told:
            if told[role]:
                found[role] = skeleton.index(told[role][0]), SURE
        elif role in by_name:
            bone, sure = by_name[role]
            agrees = by_place.get(role, bone) == bone
            found[role] = bone, sure if agrees else min(sure, DOUBTED) if _doubtful(role) else sure
        elif role in by_place and by_place[role] not in (bone for bone, _ in by_name.values()):
            found[role] = by_place[role], BY_PLACE
    _believe_places(found, by_place, tree, set(told))
    _drop_broken(found, tree, set(told))
    _place_pelvis(found, tree, "pelvis" in told)
    chains = _chains(found, tree, skeleton, told)
    missing = [role for role in NEEDED if role not in found]
    if missing:
        raise BadInput(
            f"no bone is found for {', '.join(missing)}; say which with --mapping FILE, a JSON object such as "
            f'{{"bones": {{"{missing[0]}": "{skeleton.joint_names[0]}"}}}}'
        )
    names = skeleton.joint_names
    bones: dict[str, tuple[str, ...]] = {role: (names[bone],) for role, (bone, _) in found.items()}
    bones |= {role: tuple(names[bone] for bone in chain) for role, chain in chains.items() if chain}
    confidence = {role: sure for role, (_, sure) in found.items()}
    confidence |= {role: SURE if role in told else min(confidence["pelvis"], 0.9) for role in CHAINS if role in bones}
    used = {name for chain in bones.values() for name in chain}
    _refuse_twice(bones)
    return BoneMap(bones, confidence, tuple(name for name in names if name not in used))


def _doubtful(role: str) -> bool:
    """Roles whose place is told well by the rest pose."""
    return role.split("_")[-1] in ("hip", "knee", "ankle", "shoulder", "elbow", "wrist")


#: The bones of each limb, from the body outwards.
_LIMBS = tuple(
    tuple(f"{side}_{part}" for part in parts)
    for side in ("left", "right")
    for parts in (("hip", "knee", "ankle", "foot"), ("collar", "shoulder", "elbow", "wrist", "hand"))
)


def _believe_places(
    found: dict[str, tuple[int, float]], by_place: Mapping[str, int], tree: Tree, told: set[str]
) -> None:
    """Where names make a limb of bones that do not hang below each other, the places tell it better."""
    for limb in _LIMBS:
        bones = [found[role][0] for role in limb if role in found]
        broken = any(above not in tree.chain(below) for above, below in pairwise(bones))
        if broken and set(limb[-4:-1]) <= by_place.keys():
            for role in [role for role in limb if role not in told]:
                found.pop(role, None)
                if role in by_place:
                    found[role] = by_place[role], BY_PLACE


def _drop_broken(found: dict[str, tuple[int, float]], tree: Tree, told: set[str]) -> None:
    """Bones of a limb hang below each other; one that does not is none of it. What was told is believed or refused."""
    names = tree.skeleton.joint_names
    for limb in _LIMBS:
        above: int | None = None
        for role in [role for role in limb if role in found]:
            bone = found[role][0]
            if above is None or (bone != above and above in tree.chain(bone)):
                above = bone
            elif role in told:
                raise BadInput(f"{role}: {names[bone]!r} does not hang below {names[above]!r}")
            else:
                del found[role]


def _place_pelvis(found: dict[str, tuple[int, float]], tree: Tree, told: bool) -> None:
    """The pelvis is above both legs and the trunk; a bone of that name that is not, is one of its children."""
    upper = [found[role][0] for role in ("left_shoulder", "right_shoulder", "head") if role in found]
    legs = [found[role][0] for role in ("left_hip", "right_hip") if role in found]
    if told or len(legs) < 2:
        return
    above = tree.shared(*legs, *upper)
    if "pelvis" not in found or found["pelvis"][0] not in tree.chain(above):
        found["pelvis"] = above, SURE if "pelvis" in found else BY_PLACE
    elif found["pelvis"][0] != above and found["pelvis"][0] in tree.chain(above):
        return


def _chains(
    found: Mapping[str, tuple[int, float]], tree: Tree, skeleton: Skeleton, told: Mapping[str, tuple[str, ...]]
) -> dict[str, list[int]]:
    """Spine: from the pelvis to where the arms part; neck: from there to the head."""
    if "pelvis" not in found:
        return {}
    pelvis = found["pelvis"][0]
    arms = [found[role][0] for side in ("left", "right") for role in (f"{side}_collar", f"{side}_shoulder")
            if role in found]  # fmt: skip
    head = found["head"][0] if "head" in found else None
    if arms:
        ends = arms if len(arms) > 1 else [*arms, *([head] if head is not None else [])]
        chest = tree.shared(*ends)
        chest = int(skeleton.parents[chest]) if chest in arms else chest
    else:
        chest = int(skeleton.parents[head]) if head is not None else pelvis
    if head is not None and chest not in tree.chain(head) and "head" in told:
        names = skeleton.joint_names
        raise BadInput(f"head: {names[head]!r} does not hang below {names[chest]!r}, from which the arms part")
    used = {bone for bone, _ in found.values()}
    spine = [bone for bone in tree.between(pelvis, chest) if bone not in used]
    above = spine[-1] if spine else pelvis
    neck = [bone for bone in (tree.between(above, head)[:-1] if head is not None else []) if bone not in used]
    chains = {"spine": spine, "neck": neck}
    for role in CHAINS:
        if role in told:
            chains[role] = [skeleton.index(name) for name in told[role]]
            if any(below not in tree.chain(bone) for below, bone in zip(chains[role], chains[role][1:], strict=False)):
                raise BadInput(f"{role}: its bones must be told from the bottom up, each below the one before")
    return chains


def _refuse_twice(bones: Mapping[str, tuple[str, ...]]) -> None:
    roles: dict[str, str] = {}
    for role, names in bones.items():
        for name in names:
            if name in roles:
                raise BadInput(f"bone {name!r} is mapped twice, as {roles[name]} and as {role}")
            roles[name] = role


def read_mapping(path: str | os.PathLike[str], skeleton: Skeleton) -> dict[str, tuple[str, ...]]:
    """What a user's JSON file tells of a character's bones: role -> bones.

    ``{"bones": {"pelvis": "Hips", "spine": ["Spine", "Spine1"], "left_hand": null, ...}}``; roles that are left out are
    found as ever. Raises ``MotionError``.
    """
    path = Path(path)
    try:
        data = json.loads(content_of(path, MAX_BYTES))
    except (ValueError, RecursionError) as error:
        raise BadFile(path, f"is no JSON ({error})") from error
    bones = data.get("bones") if isinstance(data, dict) else None
    if not isinstance(bones, dict):
        raise BadFile(path, 'must be a JSON object with "bones": {"pelvis": "Hips", ...}')
    told: dict[str, tuple[str, ...]] = {}
    for role, names in bones.items():
        if role not in ROLES:
            raise UnknownName("role", str(role), ROLES)
        listed = [] if names is None else names if isinstance(names, list) else [names]
        if not all(isinstance(name, str) for name in listed) or (role not in CHAINS and len(listed) > 1):
            raise BadFile(path, f"{role} must be the name of a bone{' or a list of them' if role in CHAINS else ''}")
        for name in listed:
            skeleton.index(name)
        told[role] = tuple(listed)
    return told
