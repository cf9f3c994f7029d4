"""What bones are called: a dozen conventions brought down to a side and a word.

Read are the names of Mixamo and HumanIK, Unreal, Unity, Godot and VRM, VRoid, Blender (Rigify, MakeHuman), 3ds Max's
Biped, Character Creator, Daz, CMU and Acclaim, Xsens, Kinect, Roblox and SMPL, in any namespace and any case.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

#: Words that say nothing about which bone it is.
_EMPTY = {
    "mixamorig", "bip", "biped", "valvebiped", "cc", "base", "def", "org", "j", "m", "c", "f", "avg", "jnt", "joint",
    "bone", "bind", "skin", "sk", "jx", "rig", "skel", "drv", "b", "center", "centre", "mid", "character", "armature",
}  # fmt: skip
_SIDES = {"left": "left", "l": "left", "lft": "left", "lt": "left",
          "right": "right", "r": "right", "rgt": "right", "rt": "right"}  # fmt: skip

#: Words of bones on the middle line -> what they are. ``spine`` and ``neck`` may be chains.
MIDDLE = {
    "pelvis": ("pelvis", "hips", "hip", "lowertorso", "cog"),
    "spine": ("spine", "chest", "upperchest", "lowerback", "abdomen", "abdomenlower", "abdomenupper", "chestlower",
              "chestupper", "uppertorso", "torso", "waist", "back", "spinelower", "spineupper", "thorax", "ribs",
              "lspine", "l5", "l3", "t12", "t8", "spinebase", "spinemid", "spineshoulder", "spinenaval", "spinechest"),
    "neck": ("neck", "necklower", "neckupper", "lowerneck", "upperneck"),
    "head": ("head",),
}  # fmt: skip

#: Words of bones with a side -> what they are, the surest first. A word may stand under two: see ``told_apart``.
SIDED = {
    "hip": ("upleg", "thigh", "upperleg", "femur", "thighbend", "upperthigh", "legupper", "hip"),
    "knee": ("calf", "shin", "lowerleg", "knee", "tibia", "lowleg", "shank", "leglower", "leg"),
    "ankle": ("ankle", "foot"),
    "foot": ("toebase", "toe", "toes", "ball", "toe0", "foottoe", "foot"),
    "collar": ("clavicle", "collar", "collarbone", "clav", "shoulder"),
    "shoulder": ("upperarm", "uparm", "arm", "humerus", "shldr", "shldrbend", "armupper", "bicep", "shoulder"),
    "elbow": ("forearm", "lowerarm", "elbow", "radius", "forearmbend", "lowarm", "armlower", "forarm"),
    "wrist": ("wrist", "hand"),
    "hand": ("middle1", "handmiddle1", "middleproximal", "fmiddle1", "mid1", "finger2", "fingers", "hand"),
}

#: A word that belongs to the second where the first has another word: a shoulder is a collar bone beside an upper arm.
_EITHER = {"shoulder": ("shoulder", "collar"), "hand": ("wrist", "hand"), "foot": ("ankle", "foot")}


def parsed(name: str) -> tuple[str, str]:
    """A bone's side (``left``, ``right`` or nothing) and its word: ``mixamorig12:LeftUpLeg`` -> left, upleg."""
    plain = re.split(r"[:|]", name)[-1]
    plain = re.sub(r"(?i)^mixamorig\d*_?", "", plain)
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", plain)
    parts = re.findall(r"[a-z]+|\d+", plain.lower())
    side, words = "", []
    for part in parts:
        if part in _SIDES and not side:
            side = _SIDES[part]
        elif part not in _EMPTY:
            words.append(str(int(part)) if part.isdigit() else part)
    if words and words[0].isdigit() and len(words) > 1:  # Bip01 L Thigh
        words = words[1:]
    word = "".join(words)
    if not side:
        side, word = _attached(word)
    return side, word


def _attached(word: str) -> tuple[str, str]:
    """A side that is written together with the word: lthigh, shldrl, leftfoot."""
    known = {one for words in SIDED.values() for one in words} | {"hipjoint"}
    for label, side in _SIDES.items():
        if word.startswith(label) and _bare(word[len(label) :]) in known:
            return side, word[len(label) :]
        if word.endswith(label) and _bare(word[: -len(label)]) in known:
            return side, word[: -len(label)]
    return "", word


def _bare(word: str) -> str:
    """Without the number at the end, which only counts bones of a chain."""
    return re.sub(r"\d+$", "", word)


def rank(word: str, known: Sequence[str]) -> int | None:
    """Place of a bone's word among those known for a role, numbered ones after plain ones; None where it is none."""
    if word in known:
        return known.index(word)
    number = word[len(_bare(word)) :]
    if _bare(word) in known and number in ("0", "1"):
        return len(known) + known.index(_bare(word))
    return None


def named(names: Sequence[str]) -> dict[str, tuple[int, float]]:
    """Role -> the bone of that name, and how sure that is (0 to 1); only roles with a single bone."""
    sides = [parsed(name) for name in names]
    found: dict[str, tuple[int, float]] = {}
    for role, known in (("pelvis", MIDDLE["pelvis"]), ("head", MIDDLE["head"])):
        _keep(found, role, [(rank(word, known), i) for i, (side, word) in enumerate(sides) if not side])
    for side in ("left", "right"):
        own = [(i, word) for i, (of, word) in enumerate(sides) if of == side]
        for part, known in SIDED.items():
            _keep(found, f"{side}_{part}", [(rank(word, known), i) for i, word in own])
        _tell_apart(found, side, dict(own))
    return found


def _keep(found: dict[str, tuple[int, float]], role: str, ranked: list[tuple[int | None, int]]) -> None:
    best = min(((place, bone) for place, bone in ranked if place is not None), default=None)
    if best is not None:
        found[role] = best[1], 1.0


def _tell_apart(found: dict[str, tuple[int, float]], side: str, word: dict[int, str]) -> None:
    """One bone has one role: where its word fits two, it has the one that nothing else is."""
    for either, (first, second) in _EITHER.items():
        one, other = found.get(f"{side}_{first}"), found.get(f"{side}_{second}")
        if one is not None and one == other and _bare(word[one[0]]) == either:
            del found[f"{side}_{second}"]
            found[f"{side}_{first}"] = one[0], 0.9


def chain_words(names: Sequence[str], kind: str) -> list[int]:
    """Bones whose word is one of the spine's or the neck's, in the file's order."""
    fits = {_bare(word) for word in MIDDLE[kind]} | set(MIDDLE[kind])
    return [i for i, name in enumerate(names) if (p := parsed(name))[0] == "" and (p[1] in fits or _bare(p[1]) in fits)]
