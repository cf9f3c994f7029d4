"""Conformance of a .fbx as it is stored, before anything is folded into a clip."""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import FORWARD, UP, Y_UP_FROM_Z_UP
from motion.core.rotation import euler_to_rotmat
from motion.formats.check import CheckItem, Examined, at_most
from motion.formats.fbx_binary import VERSION
from motion.formats.fbx_curves import STRAIGHT, Curve
from motion.formats.fbx_mesh import clusters_of
from motion.formats.fbx_reader import FbxRig, clip_and_skin, frame_times, guarded, own_record, sampled
from motion.formats.fbx_scene import BONES, FbxScene, order_of, time_property
from motion.formats.folding import FLOOR_NAMES, ancestors
from motion.formats.presets import PRESETS

Array = NDArray[np.floating]

#: Samples in a frame when the way between frames is looked at, and frames looked at in one go.
FINER, AT_ONCE = 4, 512

#: Where the left arm points at rest.
SIDE: Array = np.cross(UP, FORWARD)


def check_fbx(path: str | os.PathLike[str]) -> list[CheckItem]:
    """Container, units, nodes, stack, curves and skin of a .fbx. Raises ``BadFile``."""

    return guarded(path, lambda scene: _items(scene, FbxRig.of(scene)))


def examine_fbx(path: str | os.PathLike[str]) -> Examined:
    """All that is in a .fbx, parsed once. Raises ``BadFile``."""

    def both(scene: FbxScene) -> Examined:
        rig = FbxRig.of(scene)
        clip, skin = clip_and_skin(rig)
        return Examined(clip, skin, own_record(scene), _items(scene, rig))

    return guarded(path, both)


def _items(scene: FbxScene, rig: FbxRig) -> list[CheckItem]:
    return [*_container(scene), *_nodes(rig), *_stack(rig), *_curves(rig), *_turns(rig), *_skin(scene)]


def _container(scene: FbxScene) -> list[CheckItem]:
    axes = " ".join(f"{'-' if row.sum() < 0 else ''}{'XYZ'[int(np.abs(row).argmax())]}" for row in scene.axes)
    usual = any(np.array_equal(scene.axes, known) for known in (np.eye(3), Y_UP_FROM_Z_UP))
    unit = round(100 * scene.unit, 9)
    return [
        CheckItem("version", scene.file.version == VERSION, scene.file.version, str(VERSION)),
        CheckItem("unit of length", unit in (1.0, 100.0), unit, "1, or 100 for metres", "cm"),
        CheckItem("side, up and front", usual, axes, "X Y Z, or X Z -Y"),
    ]


def _nodes(rig: FbxRig) -> list[CheckItem]:
    models, parents = rig.models, rig.scene.parents
    scaled = sum(bool(np.abs(model.vector("Lcl Scaling", 1.0) - 1).max() > 1e-4) for model in models)
    world = rig.world(None)
    sizes = [np.cbrt(np.abs(np.linalg.det(world[node][0, :3, :3]))) / rig.scene.unit for node in rig.needed]
    turned = [node for node in ancestors(parents, rig.joints[0])[1:]
              if np.abs(world[node][0, :3, :3] / rig.scene.unit - rig.scene.axes).max() > 1e-4]  # fmt: skip
    bones = {i for i, model in enumerate(models) if model.kind in BONES}
    roots = [models[i].name for i in sorted(bones) if not bones & set(ancestors(parents, i)[1:])]
    ends = sum(models[i].name.lower().endswith(("_end", "endsite", "nub")) for i in bones)
    top = models[rig.joints[0]]
    items = [
        CheckItem("nodes with a scale", scaled == 0, scaled, "0"),
        at_most("scale of a bone in the world, away from 1", max(abs(size - 1) for size in sizes), 1e-4, ""),
        CheckItem("wrapper nodes that turn or scale", not turned, len(turned), "0"),
        CheckItem("skeleton roots", len(roots) == 1, len(roots), "1"),
        CheckItem("the root is a bone", top.kind in BONES, f"{top.name} ({top.kind})", "LimbNode or Root"),
        CheckItem("end bones that move nothing", ends == 0, ends, "0"),
        *_preset(rig),
    ]
    if top.name.rsplit(":", 1)[-1].lower() in FLOOR_NAMES:
        away = float(np.linalg.norm(world[rig.joints[0]][0, :3, 3]))
        items.append(at_most("root bone at rest, away from the origin", 1000 * away, 1.0, "mm"))
    return items


def _preset(rig: FbxRig) -> list[CheckItem]:
    """Which preset's bones these are, whether they hang together as that preset's do, and whether they rest in a T."""
    names = [rig.models[joint].name for joint in rig.joints]
    above = {name: names[p] if p >= 0 else None for name, p in zip(names, rig.joint_parents, strict=True)}
    for preset in PRESETS.values():
        wanted = preset.parents()
        if wanted.keys() <= above.keys():
            wrong = [name for name, parent in wanted.items() if parent is not None and above[name] != parent]
            found = CheckItem(f"bones of preset {preset.name!r}", not wrong, ", ".join(wrong) or "all", "right parents")
            return [found, *_t_pose(rig, {joint: names.index(bone) for joint, bone in preset.bones.items()})]
    return [CheckItem("bones of a preset", True, "none")]


def _t_pose(rig: FbxRig, bone: dict[str, int]) -> list[CheckItem]:
    """How far arms and legs are from a T when nothing is animated."""
    world = rig.world(None)
    place = {name: world[rig.joints[index]][0, :3, 3] for name, index in bone.items()}
    across = place["left_hip"] - place["right_hip"]
    arms = [_degrees(place[f"{side}_wrist"] - place[f"{side}_shoulder"], sign * SIDE)
            for side, sign in (("left", 1.0), ("right", -1.0))]  # fmt: skip
    legs = [_degrees(place[f"{side}_ankle"] - place[f"{side}_hip"], -UP) for side in ("left", "right")]
    return [
        at_most("arms at rest, away from the side", max(arms), 3.0, "degrees"),
        at_most("legs at rest, away from straight down", max(legs), 5.0, "degrees"),
        at_most("at rest, away from facing +Z", _degrees(np.cross(across, UP), FORWARD), 2.0, "degrees"),
    ]


def _degrees(a: Array, b: Array) -> float:
    return float(np.degrees(np.arctan2(np.linalg.norm(np.cross(a, b)), a @ b)))


def _stack(rig: FbxRig) -> list[CheckItem]:
    times, fps = frame_times(rig)
    stacks = len(rig.scene.named("AnimationStack"))
    start, stop = time_property(rig.stack, "LocalStart"), time_property(rig.stack, "LocalStop")
    keys = [curve for curve in all_curves(rig) if len(curve.times) > 1]
    uneven = max((float(np.abs(c.times * fps - np.round(c.times * fps)).max()) for c in keys), default=0.0)
    sparse = sum(len(curve.times) < len(times) for curve in keys)
    bent = sum(bool(np.any((curve.flags & STRAIGHT) == 0)) for curve in keys)
    return [
        CheckItem("animation stacks", stacks == 1, stacks, "1"),
        CheckItem("name of the stack", "|" not in rig.stack.name, rig.stack.name, "plain"),
        at_most("start of the stack", abs(start), 1e-6, "s"),
        at_most("end of the stack, away from the last frame", abs(stop - (len(times) - 1) / fps), 1e-6, "s"),
        at_most("keys away from a frame", uneven, 1e-4, "frames"),
        CheckItem("curves without a key on every frame", True, sparse),
        CheckItem("curves that are not straight between keys", True, bent),
    ]


def all_curves(rig: FbxRig, path: str | None = None) -> list[Curve]:
    """The curves of the animation, or only those of a property."""
    tables = [three for of_node in rig.curves.values() for name, three in of_node.items() if path in (None, name)]
    return [curve for three in tables for curve in three if isinstance(curve, Curve)]


def _curves(rig: FbxRig) -> list[CheckItem]:
    scales = len(all_curves(rig, "Lcl Scaling"))
    moved = [node for node in rig.joints if any(
        isinstance(c, Curve) and np.ptp(c.values) * rig.scene.unit > 1e-3
        for c in rig.curves.get(node, {}).get("Lcl Translation", []))]  # fmt: skip
    loose = [node for node in moved if node not in rig.joints[:2]]
    jumps = [float(np.abs(np.diff(c.values)).max()) for c in all_curves(rig, "Lcl Rotation") if len(c.values) > 1]
    return [
        CheckItem("curves that scale", scales == 0, scales, "0"),
        CheckItem("bones that move, beside root and hips", not loose, len(loose), "0"),
        at_most("largest jump of an Euler angle", max(jumps, default=0.0), 179.0, "degrees"),
    ]


def _turns(rig: FbxRig) -> list[CheckItem]:
    """How much further than from frame to frame a bone turns when it is drawn four times as often."""
    times, fps = frame_times(rig)
    worst = 0.0
    members: dict[str, list[int]] = {}
    for node in (node for node in rig.joints if "Lcl Rotation" in rig.curves.get(node, {})):
        members.setdefault(order_of(rig.models[node]), []).append(node)
    for begin in range(0, len(times) - 1, AT_ONCE):
        frames = times[begin : begin + AT_ONCE + 1]
        fine = frames[0] + np.arange((len(frames) - 1) * FINER + 1) / (FINER * fps)
        for order, nodes in members.items():
            rotation = _rotations(order, [rig.curves[node]["Lcl Rotation"] for node in nodes], fine)
            drawn = _angles(rotation).reshape(-1, FINER, len(nodes)).sum(axis=1)
            worst = max(worst, float(np.max(drawn - _angles(rotation[::FINER]), initial=0.0)))
    return [at_most("detour of a bone between two frames", np.degrees(worst), 2.0, "degrees")]


def _rotations(order: str, curves: list[list[Curve | float]], times: Array) -> Array:
    """(T, J, 3, 3) of bones that turn in one order, at the times."""
    degrees = np.stack([sampled(three, times) for three in curves], axis=1)
    return euler_to_rotmat(np.radians(degrees[..., ["XYZ".index(axis) for axis in order]]), order)


def _angles(rotation: Array) -> Array:
    """(T - 1, J) rad from each rotation to the next."""
    turn = np.swapaxes(rotation[:-1], -1, -2) @ rotation[1:]
    skew = turn - np.swapaxes(turn, -1, -2)
    sine = np.sqrt((skew**2).sum(axis=(-1, -2)) / 8)
    return np.arctan2(sine, (np.trace(turn, axis1=-2, axis2=-1) - 1) / 2)


def _skin(scene: FbxScene) -> list[CheckItem]:
    worst, most, skins = 0.0, 0, 0
    for mesh in scene.named("Geometry"):
        clusters = [c for skin in scene.within(mesh.number, "Deformer") for _, c in clusters_of(scene, skin)]
        if not clusters:
            continue
        skins += 1
        rows = np.concatenate([c.node.value("Indexes", np.zeros(0, dtype=np.int64)) for c in clusters])
        values = np.concatenate([c.node.value("Weights", np.zeros(0)) for c in clusters])
        count = np.asarray(mesh.node.value("Vertices")).size // 3
        worst = max(worst, float(np.abs(np.bincount(rows, values, minlength=count) - 1).max()))
        most = max(most, int(np.bincount(rows[values > 0], minlength=count).max()))
    if not skins:
        return [CheckItem("skin", True, "none")]
    bound = any(pose.kind == "BindPose" for pose in scene.named("Pose"))
    return [
        CheckItem("skin", skins == 1, skins, "1 mesh"),
        CheckItem("bind pose", bound, "present" if bound else "missing", "present"),
        at_most("skin weights away from a sum of one", worst, 1e-3, ""),
        at_most("joints that pull one vertex", most, 8, "(engines that read four drop the rest)" if most > 4 else ""),
    ]
