"""Which bone is which by where it rests: two legs down, two arms out, a head up. Names are not looked at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import UP, ground, height
from motion.core.skeleton import Skeleton

Array = NDArray[np.floating]


@dataclass(frozen=True)
class Tree:
    """A skeleton as a tree of places."""

    skeleton: Skeleton

    @cached_property
    def rest(self) -> Array:
        return self.skeleton.rest_positions

    @cached_property
    def leaves(self) -> list[int]:
        return sorted(set(range(self.skeleton.num_joints)) - set(self.skeleton.parents.tolist()))

    def chain(self, joint: int) -> list[int]:
        """The joint, its parent and so on up to the root."""
        found = [joint]
        while self.skeleton.parents[found[-1]] >= 0:
            found.append(int(self.skeleton.parents[found[-1]]))
        return found

    def between(self, above: int, below: int) -> list[int]:
        """The joints on the way down from one (left out) to another (included); empty if it is not below."""
        chain = self.chain(below)
        return chain[: chain.index(above)][::-1] if above in chain else []

    def shared(self, *joints: int) -> int:
        """The lowest joint above (or at) all of them."""
        chains = [self.chain(joint) for joint in joints]
        return next(joint for joint in chains[0] if all(joint in chain for chain in chains))


def guessed(skeleton: Skeleton) -> dict[str, int]:
    """Role -> bone, as far as a rest pose tells: standing or spread, in our axes. Empty for what is no person."""
    tree = Tree(skeleton)
    rest, leaves = tree.rest, tree.leaves
    size = float(np.ptp(height(rest)))
    if len(leaves) < 4 or size <= 0:
        return {}
    feet = _feet(tree, size)
    if feet is None:
        return {}
    pelvis = tree.shared(*feet)
    inside = {leaf for leaf in leaves if pelvis in tree.chain(leaf)}
    upper = [leaf for leaf in inside if height(rest[leaf]) > height(rest[pelvis]) or leaf not in feet]
    upper = [leaf for leaf in upper if not set(tree.between(pelvis, leaf)[:1]) & set(_first(tree, pelvis, feet))]
    if len(upper) < 3:
        return {}
    middle = rest[pelvis]
    side = _lateral(tree, feet)
    aside = {leaf: float((rest[leaf] - middle) @ side) for leaf in upper}
    hands = max(upper, key=lambda leaf: aside[leaf]), min(upper, key=lambda leaf: aside[leaf])
    if min(aside[hands[0]], -aside[hands[1]]) < 0.1 * size:
        return {}
    chest = tree.shared(*hands)
    found = {"pelvis": pelvis}
    tops = [leaf for leaf in upper if leaf not in hands and abs(aside[leaf]) < 0.1 * size and
            height(rest[leaf]) > height(rest[chest])]  # fmt: skip
    if tops and chest != pelvis:
        found |= _neck_and_head(tree, chest, max(tops, key=lambda leaf: float(height(rest[leaf]))))
    for name, foot, hand in (("left", feet[0], hands[0]), ("right", feet[1], hands[1])):
        found |= {f"{name}_{role}": bone for role, bone in _leg(tree, pelvis, foot).items()}
        found |= {f"{name}_{role}": bone for role, bone in _arm(tree, chest, hand).items()}
    return found


def _first(tree: Tree, above: int, joints: tuple[int, int]) -> list[int]:
    """The children of ``above`` on the way to each of the joints."""
    return [joint for end in joints for joint in tree.between(above, end)[:1]]


def _feet(tree: Tree, size: float) -> tuple[int, int] | None:
    """The lowest leaves on either side, left (+X before it is turned) first."""
    low = [leaf for leaf in tree.leaves if height(tree.rest[leaf]) < height(tree.rest).min() + 0.12 * size]
    pairs = [(a, b) for a in low for b in low if a < b and not _same_leg(tree, a, b)]
    if not pairs:
        return None

    def unlike(pair: tuple[int, int]) -> float:
        """How far two leaves are from mirroring each other, with long legs first."""
        a, b = (len(tree.between(tree.shared(*pair), leaf)) for leaf in pair)
        return abs(a - b) * size + abs(float(height(tree.rest[pair[0]]) - height(tree.rest[pair[1]]))) - 1e-3 * (a + b)

    a, b = min(pairs, key=unlike)
    side = _lateral(tree, (a, b))
    return (a, b) if (tree.rest[a] - tree.rest[b]) @ side > 0 else (b, a)


def _same_leg(tree: Tree, a: int, b: int) -> bool:
    """Whether two leaves are toes of one foot: they part low."""
    rest = tree.rest
    return bool(height(rest[tree.shared(a, b)]) < height(rest).min() + 0.3 * np.ptp(height(rest)))


def _lateral(tree: Tree, feet: tuple[int, int]) -> Array:
    """(3,) to the left: across, on the side that the toes tell, or +X where they tell none."""
    rest = tree.rest
    across = rest[feet[0]] - rest[feet[1]]
    across = across - UP * height(across)
    across = across / max(float(np.linalg.norm(across)), 1e-9)
    toes = np.zeros(3)
    for foot in feet:
        last = tree.chain(foot)[:2]
        if len(last) == 2:
            toes += rest[last[0]] - rest[last[1]]
    forward = float(np.cross(across, UP) @ toes)
    if abs(forward) < 0.02 * float(np.ptp(height(rest))):
        forward = float(ground(across)[0])  # +X is the left of what faces +Z
    return across if forward > 0 else -across


def _longest_two(tree: Tree, path: list[int]) -> int:
    """Index in a path where the two longest bones that follow each other begin."""
    lengths = np.linalg.norm(np.diff(tree.rest[path], axis=0), axis=-1)
    return int(np.argmax(np.minimum(lengths[:-1], lengths[1:]))) if len(lengths) > 1 else -1


def _leg(tree: Tree, pelvis: int, foot: int) -> dict[str, int]:
    path = tree.between(pelvis, foot)
    start = _longest_two(tree, path)
    if start < 0:
        return {}
    return dict(zip(("hip", "knee", "ankle", "foot"), path[start : start + 4], strict=False))


def _arm(tree: Tree, chest: int, hand: int) -> dict[str, int]:
    path = tree.between(chest, hand)
    start = _longest_two(tree, path)
    if start < 0:
        return {}
    found = dict(zip(("shoulder", "elbow", "wrist", "hand"), path[start : start + 4], strict=False))
    return found | ({"collar": path[start - 1]} if start > 0 else {})


def _neck_and_head(tree: Tree, chest: int, top: int) -> dict[str, int]:
    path = tree.between(chest, top)
    if len(path) == 1:
        return {"head": path[0]}
    return {"neck": path[0], "head": path[1] if len(path) <= 3 else path[-2]}
