"""Export: one card per tool with its settings chosen, and the file checked by reading it back."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from typing import Any

from app.page.history import History, clip_file
from motion.body import default_body
from motion.core.errors import MissingDependency, UnknownName
from motion.formats import format_of, save
from motion.formats.check import check_file
from motion.formats.conversion import provenance_of
from motion.formats.presets import chosen


@dataclass(frozen=True)
class Card:
    """One way out: what it is for, the suffix, the preset of bones and root, and what an artist wants to know."""

    name: str
    title: str
    suffix: str
    preset: str | None
    about: str


CARDS: dict[str, Card] = {
    card.name: card
    for card in (
        Card("unreal", "Unreal", ".fbx", "unreal", "Manny's bones, root motion, cm"),
        Card("unity", "Unity", ".fbx", "unity", "Humanoid names, root motion"),
        Card("godot", "Godot", ".glb", "godot", "SkeletonProfileHumanoid, metres"),
        Card("blender", "Blender", ".fbx", "blender", "Z up, metres, .L .R names"),
        Card("maya", "Maya", ".fbx", "maya", "HumanIK names, Reference node"),
        Card("mixamo", "Mixamo", ".fbx", "mixamo", "mixamorig: names, hips move"),
        Card("gltf", "glTF", ".glb", None, "skinned body for any viewer"),
        Card("bvh", "BVH", ".bvh", None, "skeleton and angles, cm"),
        Card("amass", "AMASS", ".npz", None, "SMPL parameters, Z up"),
        Card("video", "Video", ".mp4", None, "720p film"),
        Card("gif", "GIF", ".gif", None, "picture that moves"),
    )
}


def cards() -> list[dict[str, Any]]:
    """The cards that can be used here."""
    return [asdict(card) for card in CARDS.values() if _usable(card)]


def export(history: History, name: str, number: int, card_name: str) -> dict[str, Any]:
    """Write a clip of a result as a card says, read it back, and tell where it is and whether it is as it should be.

    Raises:
        UnknownName, MissingDependency, BadInput: no such card, package, result or clip.
    """
    if card_name not in CARDS:
        raise UnknownName("card", card_name[:40], CARDS)
    card, entry = CARDS[card_name], history.entry(name)
    needs = format_of(f"clip{card.suffix}").needs
    if needs and not _usable(card):
        raise MissingDependency(needs[0], f"writing {card.suffix}", needs[1])
    number = int(number)
    variation = f"_{number + 1}" if len(entry.result.samples) > 1 else ""
    target = history.file(name, f"{slug(entry.recipe.title)}{variation}_{card.name}{card.suffix}")
    body = default_body()
    made_from = history.file(name, clip_file(entry.result, number, ".npz"))
    save(
        history.clip(name, number), target, skin=body.skin(), provenance=provenance_of(made_from),
        preset=chosen(card.preset),
    )  # fmt: skip
    readable = format_of(target).read is not None
    items = [asdict(item) for item in check_file(target, skeleton=body.skeleton())] if readable else []
    return {
        "card": card.name, "file": target.name, "bytes": target.stat().st_size, "items": items,
        "ok": all(item["ok"] for item in items), "checked": readable,
    }  # fmt: skip


def slug(title: str) -> str:
    """A name for a file: lower case letters, digits and dashes, nothing else."""
    plain = re.sub(r"[^a-z0-9]+", "-", title.lower())[:40].strip("-")
    return re.sub(r"^(a|the)-(person|man|woman)-", "", plain) or "clip"


def _usable(card: Card) -> bool:
    needs = format_of(f"clip{card.suffix}").needs
    return needs is None or find_spec(needs[0]) is not None
