"""The body in an FBX document: mesh, skin, the pose in which they are bound, and a plain material."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from motion.core.skin import vertex_normals
from motion.formats.fbx_binary import Node
from motion.formats.fbx_objects import Document, entry, prop, properties

Array = NDArray[np.floating]

#: Of the mesh's node and material, and the material's calm light grey.
NAME = "body"
_COLOUR = (0.72, 0.74, 0.77)


def add_surface(
    document: Document,
    models: list[np.int64],
    bind: Array,
    points: Array,
    faces: NDArray[np.integer],
    joints: NDArray[np.integer],
    weights: Array,
) -> None:
    """Add a mesh bound to the skeleton at rest.

    Args:
        document: what it is added to.
        models: (J,) numbers of the bones.
        bind: (J, 3) where they rest, unturned, in the file's unit; or (J, 4, 4) with their axes.
        points: (V, 3) vertices at rest.
        faces: (F, 3).
        joints, weights: (V, 4 | 8) the bones that pull each vertex, and how much.
    """
    lines = [
        prop("InheritType", "enum", 1), prop("DefaultAttributeIndex", "int", 0),
        prop("Lcl Translation", "Lcl Translation", 0.0, 0.0, 0.0), prop("Lcl Rotation", "Lcl Rotation", 0.0, 0.0, 0.0),
        prop("Lcl Scaling", "Lcl Scaling", 1.0, 1.0, 1.0),
    ]  # fmt: skip
    head = (entry("Version", 232), properties(*lines), entry("Shading", True), entry("Culling", "CullingOff"))
    model = document.add("Model", NAME, "Model", "Mesh", *head)
    mesh = document.add("Geometry", NAME, "Geometry", "Mesh", *_mesh(points, faces))
    material = document.add("Material", NAME, "Material", "", *_material())
    skin = document.add("Deformer", NAME, "Deformer", "Skin", entry("Version", 101), entry("Link_DeformAcuracy", 50.0))
    document.join(model, 0)
    document.join(mesh, model)
    document.join(material, model)
    document.join(skin, mesh)
    for bone, number in enumerate(models):
        rows, columns = np.nonzero((joints == bone) & (weights > 0))
        if len(rows):
            cluster = document.add("Deformer", NAME, "SubDeformer", "Cluster", *_cluster(
                rows, weights[rows, columns], bind[bone]))  # fmt: skip
            document.join(cluster, skin)
            document.join(number, cluster)
    bound = [(model, np.zeros(3)), *zip(models, bind, strict=True)]
    poses = [
        Node("PoseNode", (), (entry("Node", number), entry("Matrix", _columns(_matrix(place)))))
        for number, place in bound
    ]
    about = (entry("Type", "BindPose"), entry("Version", 100), entry("NbPoseNodes", len(poses)))
    document.add("Pose", "bind", "Pose", "BindPose", *about, *poses)


def _matrix(place: Array) -> Array:
    """(4, 4) of a place (3,), or as it is."""
    if place.shape == (4, 4):
        return place
    matrix = np.eye(4)
    matrix[:3, 3] = place
    return matrix


def _columns(matrix: Array) -> Array:
    """A matrix column after column (16,)."""
    return matrix.T.ravel().astype("<f8")


def _cluster(rows: NDArray[np.integer], weights: Array, place: Array) -> tuple[Node, ...]:
    return (
        entry("Version", 100),
        entry("UserData", "", ""),
        entry("Indexes", rows.astype("<i4")),
        entry("Weights", weights.astype("<f8")),
        entry("Transform", _columns(np.linalg.inv(_matrix(place)))),
        entry("TransformLink", _columns(_matrix(place))),
    )


def _mesh(points: Array, faces: NDArray[np.integer]) -> tuple[Node, ...]:
    corners = faces.astype("<i4").copy()
    corners[:, -1] = ~corners[:, -1]  # so the last corner of a polygon is marked
    normals = vertex_normals(points, faces).astype("<f8").ravel()
    return (
        entry("GeometryVersion", 124),
        entry("Vertices", points.astype("<f8").ravel()),
        entry("PolygonVertexIndex", corners.ravel()),
        _layer("Normal", "ByVertice", "Direct", entry("Normals", normals)),
        _layer("Smoothing", "ByPolygon", "Direct", entry("Smoothing", np.ones(len(faces), dtype="<i4"))),
        _layer("Material", "AllSame", "IndexToDirect", entry("Materials", np.zeros(1, dtype="<i4"))),
        Node("Layer", (0,), (
            entry("Version", 100),
            *(Node("LayerElement", (), (entry("Type", f"LayerElement{kind}"), entry("TypedIndex", 0)))
              for kind in ("Normal", "Smoothing", "Material")),
        )),
    )  # fmt: skip


def _layer(kind: str, mapping: str, reference: str, *content: Node) -> Node:
    head = (entry("Version", 102 if kind == "Smoothing" else 101), entry("Name", ""))
    how = (entry("MappingInformationType", mapping), entry("ReferenceInformationType", reference))
    return Node(f"LayerElement{kind}", (0,), (*head, *how, *content))


def _material() -> tuple[Node, ...]:
    lines = properties(
        Node("P", ("DiffuseColor", "Color", "", "A", *_COLOUR)), Node("P", ("DiffuseFactor", "Number", "", "A", 1.0)),
        Node("P", ("SpecularFactor", "Number", "", "A", 0.0)), Node("P", ("Shininess", "Number", "", "A", 2.0)),
    )  # fmt: skip
    return entry("Version", 102), entry("ShadingModel", "phong"), entry("MultiLayer", 0), lines
