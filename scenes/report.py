"""What was understood of a scene, as data and in words."""

from __future__ import annotations

from typing import Any

import numpy as np

from scenes.orientation import UNITS
from scenes.scene import Scene, floor_levels
from scenes.seats import Seat

#: Most objects and areas that are listed in words.
_LISTED = 12


def report(scene: Scene) -> dict[str, Any]:
    """Everything that ``stride scene`` says, ready for JSON; metres, Y up, the main floor at height 0."""
    low, high = scene.mesh.bounds
    orientation = scene.orientation
    things = zip(scene.mesh.parts, scene.boxes, strict=True)
    return {
        "file": scene.name,
        "kind": "place" if orientation.is_place else "thing",
        "up": orientation.up,
        "unit": orientation.unit,
        "metres_per_unit": UNITS[orientation.unit],
        "floor_in_file_m": round(orientation.floor, 4),
        "ground_laid": scene.laid,
        "bounds_m": [low.round(3).tolist(), high.round(3).tolist()],
        "size_m": (high - low).round(3).tolist(),
        "faces": len(scene.mesh.faces),
        "faces_removed": scene.removed,
        "objects": [
            {"name": part.name, "faces": part.stop - part.start, "bounds_m": box.round(3).tolist()}
            for part, box in things
        ],
        "walkable_m2": round(float(scene.walkable.sizes.sum()), 2),
        "areas": [{"height_m": round(level, 3), "m2": round(size, 2)} for level, size in floor_levels(scene)],
        "agent": {name: getattr(scene.walkable.agent, name) for name in ("radius", "height", "climb", "slope")},
        "seats": [_seat(seat) for seat in scene.seats],
        "cell_m": round(scene.walkable.spans.cell, 4),
        "field": {"spacing_m": round(scene.field.spacing, 4), "samples": list(scene.field.values.shape)},
    }


def _seat(seat: Seat) -> dict[str, Any]:
    """A seat for JSON: metres and radians; the place of its surface under the pelvis."""
    return {
        "kind": seat.kind, "object": seat.name, "position": seat.position.round(3).tolist(),
        "height_m": round(seat.height, 3), "facing": round(seat.facing, 4),
        "size_m": [round(side, 2) for side in seat.size], "back_m": None if seat.back is None else round(seat.back, 3),
        "approach": seat.approach.round(3).tolist(), "score": round(seat.score, 3),
    }  # fmt: skip


def _seats_in_words(seats: list[dict[str, Any]]) -> list[str]:
    """A line for each of the best, and how many more there are."""
    lines = []
    for seat in seats[:_LISTED]:
        x, _, z = seat["position"]
        name = f" on {seat['object']}" if seat["object"] else ""
        turn = np.degrees(seat["facing"])
        lines.append(
            f"  {seat['kind']} at {x:.2f},{z:.2f}{name}, {seat['height_m']:.2f} m high, facing {turn:.0f} degrees"
            + (", with a back" if seat["back_m"] is not None else "")
        )
    more = len(seats) - _LISTED
    return [*lines, *([f"  and {more} more"] if more > 0 else [])]


def to_text(about: dict[str, Any]) -> list[str]:
    """The same in words, a line each."""
    wide, tall, deep = about["size_m"]
    names = [thing["name"] for thing in about["objects"]]
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    lines = [
        f"{about['file']}: a {about['kind']} of {wide:.2f} x {deep:.2f} m, {tall:.2f} m high",
        f"up axis {about['up']}, unit {about['unit']}, floor at {about['floor_in_file_m']:.2f} m in the file",
        f"{about['faces']:,} faces ({about['faces_removed']:,} without area left out), {len(names)} objects: "
        + ", ".join(names[:_LISTED]) + more,
    ]  # fmt: skip
    if about["ground_laid"]:
        lines.append("no floor in the file: a ground was laid under it")
    areas = about["areas"]
    if not areas:
        return [*lines, "nowhere to walk: see --radius, --height, --climb, --slope, --up, --unit"]
    parts = ", ".join(f"{area['m2']:.1f} m² at {area['height_m']:.2f} m" for area in areas[:_LISTED])
    lines.append(f"walkable: {np.sum([area['m2'] for area in areas]):.1f} m² ({parts})")
    kinds = [seat["kind"] for seat in about["seats"]]
    lines.append(f"to sit: {kinds.count('seat')} places, to lie: {kinds.count('bed')}")
    return [*lines, *_seats_in_words(about["seats"])]
