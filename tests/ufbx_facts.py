"""What ufbx finds in a .fbx: ``python ufbx_facts.py FILE TIMES.npy FACTS.npz``.

A program of its own: the binding crashes on some accesses (node.parent), when what it gave is freed, and at the end.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from typing import Any

import numpy as np
import ufbx

KEPT: list[Any] = []


def kept(value: Any) -> Any:
    """The value, never to be freed."""
    KEPT.append(value)
    return value


def every(members: Any) -> list[Any]:
    """A list of the binding as one of Python."""
    return [kept(member) for member in kept(members)]


def vector(value: Any) -> tuple[float, float, float]:
    return value.x, value.y, value.z


def matrix(value: Any) -> list[tuple[float, float, float]]:
    """Four columns: what becomes of x, y, z, and the place."""
    return [vector(column) for column in (value.c0, value.c1, value.c2, value.c3)]


def main(path: str, times: str, out: str) -> None:
    gc.disable()
    scene = kept(ufbx.load_file(path))
    nodes = [node for node in every(scene.nodes) if not node.is_root]
    settings, metadata = kept(scene.settings), kept(scene.metadata)
    axes = kept(settings.axes)
    facts = {
        "version": metadata.version,
        "warnings": len(every(metadata.warnings)),
        "unit": settings.unit_meters,
        "axes": [int(axes.right), int(axes.up), int(axes.front)],
        "fps": settings.frames_per_second,
        "stacks": [(stack.name, stack.time_begin, stack.time_end) for stack in every(scene.anim_stacks)],
        "names": [node.name for node in nodes],
        "kinds": [int(node.attrib_type) for node in nodes],
        "skins": len(every(scene.skin_deformers)),
        "meshes": len(every(scene.meshes)),
        "poses": len(every(scene.poses)),
    }
    rest = [matrix(node.node_to_world) for node in nodes]
    moved, skinned = [], []
    anim = kept(scene.anim)
    for time in np.load(times):
        posed = kept(ufbx.evaluate_scene(scene, anim, float(time), evaluate_skinning=True))
        moved.append([matrix(node.node_to_world) for node in every(posed.nodes) if not node.is_root])
        for mesh in every(posed.meshes):
            points = kept(mesh.skinned_position)
            skinned.append([vector(value) for value in every(points.values)])
    np.savez(out, facts=json.dumps(facts), rest=np.array(rest), moved=np.array(moved), skinned=np.array(skinned))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
