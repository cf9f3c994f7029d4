"""What Blender finds in a .fbx or .glb: ``python bpy_facts.py FILE FRAMES.json FACTS.npz``, run by a Python with bpy.

World positions of the bones' heads in metres and our axes at the frames, by each of Blender's importers.
"""

from __future__ import annotations

import json
import sys

import bpy
import numpy as np


def main(path: str, frames_file: str, out: str) -> None:
    with open(frames_file) as stream:
        frames = json.load(stream)
    importers = {
        ".fbx": [lambda: bpy.ops.wm.fbx_import(filepath=path), lambda: bpy.ops.import_scene.fbx(filepath=path)],
        ".glb": [lambda: bpy.ops.import_scene.gltf(filepath=path)],
        ".bvh": [lambda: bpy.ops.import_anim.bvh(filepath=path, global_scale=0.01, update_scene_fps=True)],
    }[path[-4:]]
    facts = {}
    for number, read in enumerate(importers):
        bpy.ops.wm.read_factory_settings(use_empty=True)
        scene = bpy.context.scene
        scene.render.fps = 30  # of a .glb, which has seconds, Blender makes frames of its own
        read()
        armature = next(one for one in bpy.data.objects if one.type == "ARMATURE")
        action = armature.animation_data.action
        start = round(action.frame_range[0])
        names = [bone.name for bone in armature.pose.bones]
        places = []
        for frame in frames:
            scene.frame_set(frame + start)
            moved = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
            heads = np.array([moved.matrix_world @ bone.head for bone in moved.pose.bones])
            places.append(np.stack([heads[:, 0], heads[:, 2], -heads[:, 1]], axis=-1))
        told = {"names": names, "range": list(action.frame_range), "fps": scene.render.fps / scene.render.fps_base}
        facts[f"told{number}"], facts[f"places{number}"] = json.dumps(told), np.array(places)
    np.savez(out, **facts)


if __name__ == "__main__":
    main(*sys.argv[1:])
