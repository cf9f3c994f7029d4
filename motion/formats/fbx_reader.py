"""Read a clip from a binary .fbx: ours, or anybody's with an animated skeleton (Maya, Mixamo, Blender, ...)."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from motion.core.clip import MAX_FRAMES, Motion
from motion.core.errors import BadFile, MotionError
from motion.core.skin import Skin
from motion.formats import provenance as record
from motion.formats.fbx_binary import FbxFile, read_fbx_file
from motion.formats.fbx_curves import Curve, read_curve
from motion.formats.fbx_mesh import bind_matrices, read_surface
from motion.formats.fbx_scene import BONES, FbxScene, Object, local_matrices, time_property
from motion.formats.folding import Folded, ancestors, fold, joint_tree, unique_names
from motion.formats.gltf_tracks import rate_of_times

Array = NDArray[np.floating]
Found = TypeVar("Found")

#: Limits on what a file may claim.
MAX_JOINTS = 1000
MAX_TRANSFORMS = 1_200_000
#: More frames than this from key to key, on average over a clip of any length, nobody animates.
MAX_GAP, ANY_LENGTH = 100, 2000
_MALFORMED = (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError, ZeroDivisionError)
_PATHS = ("Lcl Translation", "Lcl Rotation", "Lcl Scaling")


def read_fbx(path: str | os.PathLike[str], *, skeleton: Any = None) -> Motion:
    """Read the first animation of a .fbx; the file's own skeleton is used. Raises ``BadFile``."""
    return guarded(path, lambda scene: _fold(FbxRig.of(scene)).clip)


def read_fbx_with_skin(path: str | os.PathLike[str]) -> tuple[Motion, Skin | None]:
    """Read the first animation and the surface bound to its skeleton, or None when there is no surface."""

    return guarded(path, lambda scene: clip_and_skin(FbxRig.of(scene)))


def clip_and_skin(rig: FbxRig) -> tuple[Motion, Skin | None]:
    """The first animation of a parsed file and the surface bound to its skeleton. Raises ``BadFile``."""
    folded = _fold(rig)
    return folded.clip, read_surface(rig.scene, [rig.models[i].number for i in rig.joints], rig.base, folded)


def read_skin(path: str | os.PathLike[str]) -> Skin | None:
    """The surface alone."""
    return read_fbx_with_skin(path)[1]


def read_provenance(path: str | os.PathLike[str]) -> dict[str, Any] | None:
    """The record of how the clip was made, or None when the file carries none."""
    return guarded(path, own_record)


def own_record(scene: FbxScene) -> dict[str, Any] | None:
    """The record of a parsed file."""
    return record.from_text(_own(scene, "stride_provenance"))


def guarded(path: str | os.PathLike[str], read: Callable[[FbxScene], Found]) -> Found:
    """What ``read`` finds in a file; whatever is wrong with the file becomes a ``BadFile``."""
    file: FbxFile = read_fbx_file(path)
    try:
        with np.errstate(all="ignore"):  # what overflows is refused as not finite
            return read(FbxScene.of(file))
    except BadFile:
        raise
    except MotionError as error:
        raise BadFile(file.path, str(error)) from error
    except _MALFORMED as error:
        raise BadFile(file.path, f"is not valid FBX ({type(error).__name__}: {error})") from error


def _own(scene: FbxScene, name: str) -> str:
    """One of our own properties, as text."""
    given = next((one.properties[name] for one in scene.models if name in one.properties), [])
    return str(given[0]) if given else ""


@dataclass(frozen=True)
class FbxRig:
    """The nodes that matter, what moves them, and where they are bound.

    Attributes:
        scene: the document.
        models: its nodes.
        curves: index of a node -> property -> its three curves (or None) with the values they stand for.
        stack: the animation, or None.
        joints: index of each joint among the models, parents first.
        joint_parents: index into ``joints`` of each joint's parent, -1 for the root.
        base: (4, 4), from the file's axes and unit to ours.
    """

    scene: FbxScene
    models: list[Object]
    curves: dict[int, dict[str, list[Curve | float]]]
    stack: Object
    joints: list[int]
    joint_parents: list[int]
    base: Array

    @classmethod
    def of(cls, scene: FbxScene) -> FbxRig:
        models, parents = scene.models, scene.parents
        stack, curves = _animation(scene)
        joints, above = joint_tree(parents, members_of(scene, curves))
        if len(joints) > MAX_JOINTS:
            raise BadFile(scene.file.path, f"has {len(joints)} bones; at most {MAX_JOINTS} are accepted")
        base = np.eye(4)
        base[:3, :3] = scene.axes * scene.unit
        return cls(scene, models, curves, stack, joints, above, base)

    @property
    def needed(self) -> list[int]:
        """The joints and every node above them, parents first."""
        chains = [ancestors(self.scene.parents, joint)[::-1] for joint in self.joints]
        return list(dict.fromkeys(node for chain in chains for node in chain))

    def world(self, times: Array | None) -> dict[int, Array]:
        """Node -> (T, 4, 4) m in our axes at the times (T,), or (1, 4, 4) without the animation."""
        found: dict[int, Array] = {}
        for node in self.needed:
            model, moved = self.models[node], self.curves.get(node, {}) if times is not None else {}
            values = []
            for path in _PATHS:
                still = model.vector(path, 1.0 if path == "Lcl Scaling" else 0.0)
                values.append(sampled(moved[path], times) if path in moved and times is not None else still[None])
            above = self.scene.parents[node]
            found[node] = (found[above] if above != -1 else self.base) @ local_matrices(model, *values)
        return found


def sampled(curves: list[Curve | float], times: Array) -> Array:
    """(T, 3) values of three curves."""
    columns = [one.sampled(times) if isinstance(one, Curve) else np.full(len(times), one) for one in curves]
    return np.stack(columns, axis=-1)


def _animation(scene: FbxScene) -> tuple[Object, dict[int, dict[str, list[Curve | float]]]]:
    """The first stack whose first moving layer moves a node, and that layer's curves by node and property."""
    place = {model.number: i for i, model in enumerate(scene.models)}
    for stack in scene.named("AnimationStack"):
        for layer in scene.within(stack.number, "AnimationLayer"):
            found: dict[int, dict[str, list[Curve | float]]] = {}
            for group in scene.within(layer.number, "AnimationCurveNode"):
                for number, path in scene.onto[group.number]:
                    if number in place and path in _PATHS:
                        found.setdefault(place[number], {})[path] = _axes_of(scene, group)
            if any(isinstance(c, Curve) for of_node in found.values() for three in of_node.values() for c in three):
                return stack, found
    raise BadFile(scene.file.path, "holds no animation of a node")


def _axes_of(scene: FbxScene, group: Object) -> list[Curve | float]:
    """The curves about or along X, Y and Z; where there is none, the value that stays."""
    curves: list[Curve | float] = [float(group.number_of(f"d|{axis}")) for axis in "XYZ"]
    if not np.all(np.isfinite(curves)):  # type: ignore[arg-type]
        raise scene.file.damaged("the value of a property is NaN or infinite")
    for child, where in scene.inside[group.number]:
        axis = where.rpartition("|")[2]
        if scene.objects[child].node.name == "AnimationCurve" and axis in ("X", "Y", "Z"):
            curves["XYZ".index(axis)] = read_curve(scene.objects[child].node) or curves["XYZ".index(axis)]
    return curves


def members_of(scene: FbxScene, curves: dict[int, Any]) -> list[int]:
    """Which nodes are joints: the largest tree of bones, or, where there are none, of nodes that turn."""
    place = {model.number: i for i, model in enumerate(scene.models)}
    bones = {i for i, model in enumerate(scene.models) if model.kind in BONES}
    for cluster in (one for one in scene.named("Deformer") if one.kind == "Cluster"):
        bones |= {place[child] for child, _ in scene.inside[cluster.number] if child in place}
    bones = bones or {node for node, paths in curves.items() if "Lcl Rotation" in paths}
    trees: dict[int, list[int]] = {}
    for bone in sorted(bones):
        trees.setdefault(ancestors(scene.parents, bone)[-1], []).append(bone)
    if not trees:
        raise BadFile(scene.file.path, "holds no skeleton")
    members = max(trees.values(), key=len)
    if len(members) > MAX_JOINTS:
        raise BadFile(scene.file.path, f"has {len(members)} bones; at most {MAX_JOINTS} are accepted")
    return members


def frame_times(rig: FbxRig) -> tuple[Array, float]:
    """Times (T,) in seconds at which the clip is sampled, and their rate.

    From the first key to the last, inside the span of the stack. The rate is ours where the file is ours; else that of
    the keys when they are regular and at least as dense as the file's own rate, else that rate, else 30.
    """
    keys = [c.times for of_node in rig.curves.values() for three in of_node.values() for c in three
            if isinstance(c, Curve)]  # fmt: skip
    first, last = min(float(times[0]) for times in keys), max(float(times[-1]) for times in keys)
    start, stop = time_property(rig.stack, "LocalStart"), time_property(rig.stack, "LocalStop")
    claimed = rig.scene.rate
    fps = claimed or rate_of_times(max(keys, key=len))
    if claimed and not _own(rig.scene, "stride_fps"):
        dense = max(keys, key=len)
        fps = rate_of_times(dense) if len(dense) > 1 and rate_of_times(dense) > 1.01 * claimed else claimed
    if stop > start and max(first, start) < min(last, stop):
        first, last = max(first, start), min(last, stop)
    frames, most = round((last - first) * fps) + 1, max(len(times) for times in keys)
    if not 1 <= frames <= min(MAX_FRAMES, ANY_LENGTH + MAX_GAP * most) or frames * len(rig.needed) > MAX_TRANSFORMS:
        raise BadFile(
            rig.scene.file.path,
            f"claims {frames} frames of {len(rig.needed)} nodes, with {most} keys; that is too long to read",
        )
    return first + np.arange(frames) / fps, fps


def _fold(rig: FbxRig) -> Folded:
    """The clip of the file's first animation."""
    times, fps = frame_times(rig)
    default = rig.world(None)
    still = np.stack([default[joint][0] for joint in rig.joints])
    bind = bind_matrices(rig.scene, [rig.models[i].number for i in rig.joints], rig.joint_parents, rig.base, still)
    moved = rig.world(times)
    shape = (len(times), len(rig.joints), 4, 4)
    world = np.stack([np.broadcast_to(moved[j], (len(times), 4, 4)) for j in rig.joints], axis=1).reshape(shape)
    names = unique_names([rig.models[joint].name for joint in rig.joints], rig.joints)
    folded = fold(names, rig.joint_parents, world, still, np.linalg.inv(bind), fps)
    betas = json.loads(_own(rig.scene, "stride_betas") or "null")
    if not betas:
        return folded
    return replace(folded, clip=replace(folded.clip, betas=np.array(betas, dtype=np.float64)))
