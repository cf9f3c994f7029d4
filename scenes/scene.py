"""Scene: a place made ready for people: what is where, how far from it, and where one can walk."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from motion.core.axes import UP, from_ground, ground, height
from motion.core.errors import BadFile
from motion.core.field import DistanceField
from scenes import cache
from scenes.claims import gltf_geometry
from scenes.field import MAX_SAMPLES, inside_above, make_field
from scenes.files import read_mesh
from scenes.heights import Agent, Spans, find_spans
from scenes.mesh import Mesh, Part, mesh_of
from scenes.orientation import Orientation, understand
from scenes.search import Blocks, Search, make_search
from scenes.seats import Seat, find_seats
from scenes.walkable import Walkable, make_walkable
from scenes.winding import winding_numbers

Array = NDArray[np.floating]

#: Heights in metres above the ground at which a cell is looked at for being inside something.
_BODY = (0.5, 1.1)

#: Around a thing without a floor a ground is laid: so far, and so thick, in metres.
_GROUND, _THICK = 1.5, 0.5

#: Free cells that tell which winding number free space has.
_PROBES = 2000


@dataclass(frozen=True)
class Scene:
    """A place, in metres, Y up, its main floor at height 0.

    Attributes:
        name: of the file.
        mesh: all of it.
        orientation: how the file's coordinates became these.
        removed: faces without area that were left out.
        laid: whether a ground was laid because the file has none; it is the mesh's last part.
        threshold: winding number above which a point is inside something.
        walkable: where one can walk.
        field: distances to everything.
        search: finds ways over the walkable ground.
        seats: where one can sit or lie, the best first.
    """

    name: str
    mesh: Mesh
    orientation: Orientation
    removed: int
    laid: bool
    threshold: float
    walkable: Walkable
    field: DistanceField
    search: Search
    seats: tuple[Seat, ...] = ()

    def distance(self, points: Array) -> Array:
        """Distances (...) m at points (..., 3): positive in free space, negative inside things."""
        return self.field.distance(points)

    @cached_property
    def boxes(self) -> Array:
        """(P, 2, 3) m lowest and highest corner of each part."""
        triangles = self.mesh.triangles
        spans = [triangles[part.start : part.stop].reshape(-1, 3) for part in self.mesh.parts]
        return np.stack([np.stack([points.min(axis=0), points.max(axis=0)]) for points in spans])

    @property
    def main_area(self) -> float:
        """m² of the largest connected walkable area."""
        return float(self.walkable.sizes.max(initial=0.0))

    def in_ours(self, points: Array) -> Array:
        """Points (..., 3) in the file's coordinates as ours."""
        probe = Mesh(np.asarray(points, dtype=np.float64).reshape(-1, 3), np.zeros((0, 3), dtype=np.int64), ())
        return self.orientation.applied(probe).vertices.reshape(np.shape(points))


def open_scene(
    path: str | Path, *, up: str | None = None, unit: str | None = None, floor: float | None = None,
    agent: Agent | None = None, keep: bool = True,
) -> Scene:  # fmt: skip
    """The scene in a mesh file, from the cache if it was prepared before.

    Args:
        path: .obj .glb .gltf .ply .stl.
        up: the axis that points up in the file, such as ``+z``; None: detected, as are
        unit: ``m``, ``cm``, ``mm``, ``in`` or ``ft``, and
        floor: height of the main floor in metres above the file's zero.
        agent: who walks; None: a grown-up.
        keep: whether the prepared scene is read from and kept in the cache.

    Raises:
        BadFile: no mesh in it, or too much.
        BadInput, UnknownName: an option outside its limits.
    """
    path, agent = Path(path), agent or Agent()
    key = None
    if keep and path.is_file():
        key = cache.key_of([path, *_buffers(path)], (path.suffix.lower(), up, unit, floor, agent))

    def made() -> Scene:
        mesh, removed = read_mesh(path)
        orientation = understand(mesh, path.suffix.lower(), up, unit, floor)
        return prepare(orientation.applied(mesh), orientation, agent, name=path.name, removed=removed)

    return kept_or_made(key, path.name, agent, made)


def kept_or_made(key: str | None, name: str, agent: Agent, make: Callable[[], Scene]) -> Scene:
    """The scene kept in the cache under ``key``, or else made and kept; None: neither looked for nor kept."""
    kept = cache.load(key) if key is not None else None
    if kept is not None:
        return _from_arrays(name, agent, kept)
    scene = make()
    if key is not None:
        cache.save(key, _to_arrays(scene))
    return scene


def prepare(
    mesh: Mesh, orientation: Orientation, agent: Agent, name: str = "scene", removed: int = 0,
    max_samples: int | None = None,
) -> Scene:  # fmt: skip
    """A scene from a clean mesh that is in metres, Y up, its floor at height 0; ``max_samples`` for its field."""
    laid = not orientation.is_place
    mesh = mesh.joined(_ground(mesh)) if laid else mesh
    spans = find_spans(mesh, agent)
    if not laid and not np.any(make_walkable(spans, agent).areas >= 0):
        laid, mesh = True, mesh.joined(_ground(mesh))
        spans = find_spans(mesh, agent)
    threshold = _threshold(mesh, make_walkable(spans, agent))
    walkable = make_walkable(_outside(mesh, spans, threshold), agent)
    scene = Scene(
        name,
        mesh,
        orientation,
        removed,
        laid,
        threshold,
        walkable,
        make_field(mesh, threshold, max_samples or MAX_SAMPLES),
        make_search(walkable),
    )
    return replace(scene, seats=find_seats(scene))


def _ground(mesh: Mesh) -> Mesh:
    """A slab under the whole mesh whose top is at height 0."""
    low, high = (ground(corner) for corner in mesh.bounds)
    corners = np.array([[low[0], low[1]], [low[0], high[1]], [high[0], high[1]], [high[0], low[1]]])
    corners = corners + _GROUND * np.sign(corners - (low + high) / 2)
    vertices = np.concatenate([from_ground(corners, 0.0), from_ground(corners, -_THICK)])
    top = [[0, 1, 2], [0, 2, 3]]
    sides = [[a, a + 4, b] for a, b in ((0, 1), (1, 2), (2, 3), (3, 0))]
    sides += [[b, a + 4, b + 4] for a, b in ((0, 1), (1, 2), (2, 3), (3, 0))]
    faces = np.array([*top, *sides, [4, 6, 5], [4, 7, 6]])
    return mesh_of([("ground", vertices, faces)])


def _threshold(mesh: Mesh, walkable: Walkable) -> float:
    """The winding number above which a point is inside, told by the largest area one can walk on."""
    cells = np.flatnonzero(walkable.areas == 0)
    cells = cells[:: max(len(cells) // _PROBES, 1)]
    return inside_above(winding_numbers(mesh, walkable.points[cells] + 0.9 * UP))


def _outside(mesh: Mesh, spans: Spans, threshold: float) -> Spans:
    """The spans on which a body would not be inside something solid."""
    points = from_ground(spans.places, spans.heights)
    keep = np.ones(len(points), dtype=bool)
    for above in _BODY:
        keep &= winding_numbers(mesh, points + above * UP) <= threshold
    return replace(spans, columns=spans.columns[keep], heights=spans.heights[keep], rooms=spans.rooms[keep])


def _buffers(path: Path) -> list[Path]:
    """The files beside a .gltf that belong to it."""
    if path.suffix.lower() != ".gltf":
        return []
    uris = [buffer.get("uri", "data:") for buffer in gltf_geometry(path, path.stat().st_size).get("buffers", [])]
    return [path.parent / uri for uri in uris if not uri.startswith("data:")]


def _to_arrays(scene: Scene) -> dict[str, Any]:
    """All of a scene as arrays for the cache."""
    spans, walkable, blocks = scene.walkable.spans, scene.walkable, scene.search.blocks
    about = {
        "parts": [asdict(part) for part in scene.mesh.parts], "orientation": asdict(scene.orientation),
        "removed": scene.removed, "laid": scene.laid, "threshold": scene.threshold, "cell": spans.cell,
        "shape": spans.shape, "spacing": scene.field.spacing, "seats": [seat.to_json() for seat in scene.seats],
    }  # fmt: skip
    return {
        "about": np.array(json.dumps(about)), "vertices": scene.mesh.vertices,
        "faces": scene.mesh.faces.astype(np.int32), "origin": spans.origin, "columns": spans.columns.astype(np.int32),
        "heights": spans.heights, "rooms": spans.rooms, "links": walkable.links.astype(np.int32),
        "borders": walkable.borders.astype(np.float32), "areas": walkable.areas.astype(np.int32),
        "field": scene.field.values, "field_origin": scene.field.origin,
        "block_of": blocks.of.astype(np.int32), "block_cells": blocks.cells.astype(np.int32),
        "block_begins": blocks.begins, "block_ways": blocks.graph.data,
        "block_ends": blocks.graph.indices, "block_rows": blocks.graph.indptr,
    }  # fmt: skip


def _from_arrays(name: str, agent: Agent, kept: dict[str, Any]) -> Scene:
    """A scene from the arrays of the cache."""
    try:
        about = json.loads(str(kept["about"]))
        shape = (int(about["shape"][0]), int(about["shape"][1]))
        narrow = ("faces", "columns", "links", "areas", "block_of", "block_cells")
        wide = {key: kept[key].astype(np.int64) for key in narrow}
        spans = Spans(kept["origin"], about["cell"], shape, wide["columns"], kept["heights"], kept["rooms"])
        mesh = Mesh(kept["vertices"], wide["faces"], tuple(Part(**part) for part in about["parts"]))
        borders = kept["borders"].astype(np.float64)
        walkable = Walkable(agent, spans, wide["links"], borders, wide["areas"])
        field = DistanceField(kept["field"], kept["field_origin"], about["spacing"])
        orientation = Orientation(**about["orientation"])
        rows = kept["block_rows"]
        graph = csr_matrix((kept["block_ways"], kept["block_ends"], rows), shape=(len(rows) - 1, len(rows) - 1))
        search = Search(walkable, Blocks(wide["block_of"], wide["block_cells"], kept["block_begins"], graph))
        seats = tuple(Seat.from_json(seat) for seat in about["seats"])
        known = about["removed"], about["laid"], about["threshold"]
        return Scene(name, mesh, orientation, *known, walkable, field, search, seats)
    except (KeyError, TypeError, ValueError) as error:
        raise BadFile(cache.folder(), f"a kept scene is damaged ({error}); remove this folder") from None


def floor_levels(scene: Scene) -> list[tuple[float, float]]:
    """(height m, m²) of each connected walkable area, largest first."""
    walkable = scene.walkable
    heights = height(walkable.points)
    return [
        (float(np.median(heights[walkable.areas == area])), float(size)) for area, size in enumerate(walkable.sizes)
    ]
