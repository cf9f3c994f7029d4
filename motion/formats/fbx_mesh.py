"""The surface of an FBX document, and the pose in which its bones are bound to it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from motion.core.errors import BadFile
from motion.core.skin import Skin
from motion.formats.fbx_scene import FbxScene, Object, turned
from motion.formats.folding import Folded

Array = NDArray[np.floating]

#: Largest number of vertices times bones.
MAX_WEIGHTS = 40_000_000


def matrix_of(values: object) -> Array | None:
    """(4, 4) of sixteen numbers, column after column; None when it is no such thing."""
    if isinstance(values, np.ndarray) and values.size == 16 and np.all(np.isfinite(values)):
        return values.reshape(4, 4).T.astype(np.float64)
    return None


def clusters_of(scene: FbxScene, skin: Object) -> list[tuple[int, Object]]:
    """The clusters of a skin, each with the number of its bone."""
    found = []
    for cluster in scene.within(skin.number, "Deformer"):
        bones = scene.within(cluster.number, "Model")
        if bones:
            found.append((bones[0].number, cluster))
    return found


def bind_matrices(scene: FbxScene, bones: list[int], parents: list[int], base: Array, still: Array) -> Array:
    """(J, 4, 4) where the bones were when the surface was bound to them, in our axes and metres.

    By the skin, else by the bind pose, else as they stand under their parents without the animation.

    Args:
        scene: the document.
        bones: (J,) numbers of the joints' nodes.
        parents: of each joint, parents first.
        base: (4, 4), from the file's axes and unit to ours.
        still: (J, 4, 4) the joints without the animation, in ours.
    """
    known: dict[int, Array] = {}
    for pose in scene.named("Pose"):
        if pose.kind == "BindPose":
            for node in pose.node.all("PoseNode"):
                matrix = matrix_of(node.value("Matrix"))
                if matrix is not None:
                    known[node.value("Node")] = matrix
    for skin in scene.named("Deformer"):
        for bone, cluster in clusters_of(scene, skin) if skin.kind == "Skin" else []:
            matrix = matrix_of(cluster.node.value("TransformLink"))
            if matrix is not None:
                known[bone] = matrix
    bind = still.copy()
    for joint, bone in enumerate(bones):
        above = parents[joint]
        if bone in known:
            bind[joint] = base @ known[bone]
        elif above >= 0:
            bind[joint] = bind[above] @ np.linalg.inv(still[above]) @ still[joint]
    return bind


def read_surface(scene: FbxScene, bones: list[int], base: Array, folded: Folded) -> Skin | None:
    """Every mesh that is bound to the bones, as one; None when there is none. Raises ``BadFile``."""
    column = {bone: i for i, bone in enumerate(bones)}
    vertices, faces, weights, count = [], [], [], 0
    for mesh in scene.named("Geometry"):
        clusters = [pair for skin in scene.within(mesh.number, "Deformer") for pair in clusters_of(scene, skin)
                    if pair[0] in column]  # fmt: skip
        points, corners = mesh.node.value("Vertices"), mesh.node.value("PolygonVertexIndex")
        if not clusters or not isinstance(points, np.ndarray) or not isinstance(corners, np.ndarray):
            continue
        points = points.astype(np.float64).reshape(-1, 3)
        if not np.all(np.isfinite(points)):
            raise scene.file.damaged("a vertex is NaN or infinite")
        if (count + len(points)) * len(bones) > MAX_WEIGHTS:
            raise BadFile(scene.file.path, "its surface is too large")
        weight = np.zeros((len(points), len(bones)))
        for bone, cluster in clusters:
            rows, values = cluster.node.value("Indexes"), cluster.node.value("Weights")
            if isinstance(rows, np.ndarray) and isinstance(values, np.ndarray):
                np.add.at(weight[:, column[bone]], rows, values)
        total = weight.sum(axis=1, keepdims=True)
        if not np.all(np.isfinite(total)):
            raise scene.file.damaged("a weight is NaN or infinite")
        weight[:, :1] += total <= 0
        weights.append(folded.weights(weight / np.where(total > 0, total, 1.0)))
        place = base @ _mesh_at_bind(scene, mesh, clusters[0][1])
        placed = points @ place[:3, :3].T + place[:3, 3]
        vertices.append(placed @ folded.world_from_mesh.T)
        faces.append(_triangles(scene, corners.astype(np.int64), len(points)) + count)
        count += len(points)
    if not vertices:
        return None
    return Skin(folded.clip.skeleton, np.concatenate(vertices), np.concatenate(faces), np.concatenate(weights))


def _mesh_at_bind(scene: FbxScene, mesh: Object, cluster: Object) -> Array:
    """(4, 4), from the mesh's own coordinates to the file's world when it was bound. Raises ``BadFile``."""
    link, transform = (matrix_of(cluster.node.value(name)) for name in ("TransformLink", "Transform"))
    if link is None or transform is None:
        raise scene.file.damaged("a bone of the skin does not say where it was bound")
    own = np.eye(4)
    holders = [scene.objects[number] for number, _ in scene.onto[mesh.number] if number in scene.objects]
    for holder in (one for one in holders if one.node.name == "Model"):
        own[:3, :3] = turned(holder.vector("GeometricRotation")) * holder.vector("GeometricScaling", 1.0)
        own[:3, 3] = holder.vector("GeometricTranslation")
    return link @ transform @ own


def _triangles(scene: FbxScene, corners: NDArray[np.integer], vertices: int) -> NDArray[np.integer]:
    """(F, 3) of polygons whose last corners are marked by their complement; larger ones are cut into fans."""
    ends = np.flatnonzero(corners < 0)
    corners = np.where(corners < 0, ~corners, corners)
    if not len(ends) or corners.min() < 0 or corners.max() >= vertices:
        raise scene.file.damaged("a face refers to a vertex that does not exist")
    starts = np.concatenate([[0], ends[:-1] + 1])
    fans = np.maximum(ends - starts - 1, 0)  # triangles of each polygon
    first = np.repeat(starts, fans)
    step = np.arange(fans.sum()) - np.repeat(np.cumsum(fans) - fans, fans)
    return corners[np.stack([first, first + step + 1, first + step + 2], axis=-1)]
