"""What ufbx finds in a .fbx: ``python ufbx_facts.py FILE TIMES.npy FACTS.npz``.

A program of its own: the binding crashes on some accesses (node.parent) and now and then on the way out.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import numpy as np
import ufbx


def vector(value: Any) -> tuple[float, float, float]:
    return value.x, value.y, value.z


def matrix(value: Any) -> list[tuple[float, float, float]]:
    """Four columns: what becomes of x, y, z, and the place."""
    return [vector(column) for column in (value.c0, value.c1, value.c2, value.c3)]


def main(path: str, times: str, out: str) -> None:
    scene = ufbx.load_file(path)
    nodes = [node for node in scene.nodes if not node.is_root]
    stacks = [(stack.name, stack.time_begin, stack.time_end) for stack in scene.anim_stacks]
    axes = scene.settings.axes
    facts = {
        "version": scene.metadata.version,
        "warnings": len(list(scene.metadata.warnings)),
        "unit": scene.settings.unit_meters,
        "axes": [int(axes.right), int(axes.up), int(axes.front)],
        "fps": scene.settings.frames_per_second,
        "stacks": stacks,
        "names": [node.name for node in nodes],
        "kinds": [int(node.attrib_type) for node in nodes],
        "skins": len(list(scene.skin_deformers)),
        "meshes": len(list(scene.meshes)),
        "poses": len([pose for pose in scene.poses]),  # noqa: C416 - keeps them alive
    }
    rest = [matrix(node.node_to_world) for node in nodes]
    moved, skinned = [], []
    for time in np.load(times):
        posed = ufbx.evaluate_scene(scene, scene.anim, float(time), evaluate_skinning=True)
        moved.append([matrix(node.node_to_world) for node in posed.nodes if not node.is_root])
        for mesh in posed.meshes:
            points = mesh.skinned_position
            skinned.append([vector(value) for value in points.values])
    np.savez(out, facts=json.dumps(facts), rest=np.array(rest), moved=np.array(moved), skinned=np.array(skinned))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
