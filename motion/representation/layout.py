"""The feature layout, declared once: which numbers describe a person at one moment, grouped by body part.

Per moment, in a frame that stands on the ground under the pelvis and faces where the pelvis faces:

===========  =====================================================================================================
root         ground position in the clip's frame (2, m), height (1, m), cos and sin of the heading (2), pelvis
             rotation without its heading (6), planar speed (1, m/s)
other parts  for each joint its rotation (6) and position (3, m), both in that frame; legs also two contacts (0 to 1)
===========  =====================================================================================================

Rotations are global (pelvis frame without tilt), not parent-relative: joint positions are then almost linear in them,
and errors do not add up along a limb. Exports use the root and the rotations only; positions, contacts and speed are
auxiliary: they carry constraints and losses.
"""

from __future__ import annotations

from dataclasses import dataclass

from motion.core.body_parts import LIMB_JOINTS
from motion.core.errors import UnknownName


@dataclass(frozen=True)
class Part:
    """A body part: its joints, and where its features lie in the vector."""

    name: str
    joints: tuple[str, ...]
    start: int
    size: int

    @property
    def features(self) -> slice:
        """All of the part's features."""
        return slice(self.start, self.start + self.size)

    @property
    def rotations(self) -> slice:
        """The 6-D rotations of the part's joints."""
        return slice(self.start, self.start + 6 * len(self.joints))

    @property
    def positions(self) -> slice:
        """The positions of the part's joints."""
        first = self.start + 6 * len(self.joints)
        return slice(first, first + 3 * len(self.joints))

    @property
    def contacts(self) -> slice:
        """The two contacts of a leg (ankle, foot); empty for other parts."""
        return slice(self.start + 9 * len(self.joints), self.start + self.size)


ROOT_FIELDS: dict[str, int] = {"ground": 2, "height": 1, "heading": 2, "rotation": 6, "speed": 1}


def _root_slices() -> dict[str, slice]:
    slices, start = {}, 0
    for name, size in ROOT_FIELDS.items():
        slices[name] = slice(start, start + size)
        start += size
    return slices


def _parts() -> dict[str, Part]:
    parts = {"root": Part("root", (), 0, sum(ROOT_FIELDS.values()))}
    start = parts["root"].size
    for name, joints in LIMB_JOINTS.items():
        size = 9 * len(joints) + (2 if name.endswith("leg") else 0)
        parts[name] = Part(name, joints, start, size)
        start += size
    return parts


#: Slices of the root's fields.
ROOT: dict[str, slice] = _root_slices()

#: All parts in the order of the vector, the root first.
PARTS: dict[str, Part] = _parts()

#: The parts that have joints of their own.
LIMBS: tuple[Part, ...] = tuple(PARTS[name] for name in LIMB_JOINTS)

NUM_FEATURES: int = sum(part.size for part in PARTS.values())

#: What may be given without the rest: of the root its path, its heading and its posture; any other part as a whole.
GROUPS: dict[str, tuple[slice, ...]] = {
    "path": (ROOT["ground"], ROOT["speed"]),
    "heading": (ROOT["heading"],),
    "posture": (ROOT["height"], ROOT["rotation"]),
    **{part.name: (part.features,) for part in LIMBS},
}

#: How many groups each part of ``PARTS`` has.
GROUPS_OF_PART: tuple[int, ...] = (len(GROUPS) - len(LIMBS), *(1 for _ in LIMBS))


def _group_of() -> tuple[int, ...]:
    owner = [0] * NUM_FEATURES
    for number, slices in enumerate(GROUPS.values()):
        for span in slices:
            owner[span] = [number] * (span.stop - span.start)
    return tuple(owner)


#: The number of the group that each feature belongs to.
GROUP_OF: tuple[int, ...] = _group_of()


def part(name: str) -> Part:
    """The part called ``name``; raises ``UnknownName`` listing the parts there are."""
    if name not in PARTS:
        raise UnknownName("body part", name, PARTS)
    return PARTS[name]
