"""Small places for tests, made of boxes: a room with a wall and a door, stairs, a ramp, a scan that is open."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from motion.core.axes import from_ground, ground, height
from scenes.heights import Agent
from scenes.mesh import Mesh, mesh_of, samples
from scenes.orientation import Orientation
from scenes.routing import PlannedRoute
from scenes.scene import Scene, prepare

FACES = np.array([
    [0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1], [2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4],
    [1, 5, 7], [1, 7, 3],
])  # fmt: skip

#: As if a file had said so: what the meshes here are.
OURS = Orientation("+y", "m", 0.0, True)

Piece = tuple[str, np.ndarray, np.ndarray]


def box(name: str, low: tuple[float, float, float], high: tuple[float, float, float]) -> Piece:
    """A closed box, faces outward."""
    corners = np.array([[(low, high)[i][0], (low, high)[j][1], (low, high)[k][2]]
                        for i in (0, 1) for j in (0, 1) for k in (0, 1)])  # fmt: skip
    return name, corners, FACES


def room_pieces(door: bool = True) -> list[Piece]:
    """6 x 4 m, walls 2.5 m high, a wall across at x = 0 with a door of 0.9 m at z = 1, a sofa and a table."""
    walls = [
        box("wall", (-3.1, 0, -2.1), (3.1, 2.5, -2)), box("wall", (-3.1, 0, 2), (3.1, 2.5, 2.1)),
        box("wall", (-3.1, 0, -2), (-3, 2.5, 2)), box("wall", (3, 0, -2), (3.1, 2.5, 2)),
        box("partition", (-0.05, 0, -2), (0.05, 2.5, 0.55)),
        box("partition", (-0.05, 0, 1.45 if door else 0.5), (0.05, 2.5, 2)),
    ]  # fmt: skip
    things = [box("sofa", (-2.9, 0, -1.0), (-2.0, 0.8, 1.0)), box("table", (1.4, 0.7, -0.6), (2.4, 0.75, 0.6))]
    return [box("floor", (-3.1, -0.1, -2.1), (3.1, 0, 2.1)), *walls, *things]


def room(door: bool = True) -> Mesh:
    return mesh_of(room_pieces(door))


def two_floors() -> Mesh:
    """A floor at 0 and one at 2.4 m above part of it, 16 stairs of 0.15 m between them, a ramp down from the upper."""
    stairs = [box("stairs", (-3 + 0.28 * i, 0, -1), (-3 + 0.28 * (i + 1), 0.15 * (i + 1), 0)) for i in range(16)]
    end = -3 + 0.28 * 16
    upper = box("upper floor", (end, 2.2, -1), (end + 3, 2.4, 4))
    corners = np.array([[end, 2.4, 3.0], [end, 2.4, 4.0], [end - 5, 0, 4.0], [end - 5, 0, 3.0]])
    ramp = ("ramp", corners, np.array([[0, 2, 1], [0, 3, 2]]))
    return mesh_of([box("floor", (-6, -0.1, -3), (6, 0, 6)), *stairs, upper, ramp])


def prepared(mesh: Mesh, agent: Agent, orientation: Orientation = OURS) -> Scene:
    """The scene with a coarse field: quick."""
    return prepare(mesh, orientation, agent, max_samples=40_000)


def write_obj(path: Path, mesh: Mesh) -> Path:
    """An OBJ file with one object for each part."""
    lines = [f"v {x:.17g} {y:.17g} {z:.17g}" for x, y, z in mesh.vertices.tolist()]
    for part in mesh.parts:
        lines.append(f"o {part.name}")
        lines += [f"f {a} {b} {c}" for a, b, c in (mesh.faces[part.start : part.stop] + 1).tolist()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def clearance_in(mesh: Mesh, route: PlannedRoute, low: float = 0.3, high: float = 1.75) -> float:
    """Least distance over the ground, in metres, from a route to any surface between these heights above it.

    From the triangles alone, with nothing of what planned the route.
    """
    surface = np.concatenate([points for points, _ in samples(mesh.triangles, 0.04)])
    planar, up = ground(surface), height(surface)
    least = np.inf
    for place, floor in zip(route.route.points, route.heights, strict=True):
        band = (up > floor + low) & (up < floor + high)
        least = min(least, float(np.linalg.norm(planar[band] - place, axis=-1).min(initial=np.inf)))
    return least


def at(x: float, z: float, y: float | None = None) -> np.ndarray:
    """A place (2,), or (3,) on the floor at height y."""
    return np.array([x, z]) if y is None else from_ground(np.array([x, z]), y)


def chair(name: str = "chair", at: tuple[float, float] = (0.0, 0.0), seat: float = 0.45) -> list[Piece]:
    """A chair that faces +Z: a seat of 0.44 x 0.42 m with its middle at ``at``, a back, four legs."""
    x, z = at
    legs = [(i * 0.2 + x, j * 0.19 + z) for i in (-1, 1) for j in (-1, 1)]
    solid = [box(name, (x - 0.22, seat - 0.05, z - 0.21), (x + 0.22, seat, z + 0.21)),
             box(name, (x - 0.22, seat, z - 0.25), (x + 0.22, seat + 0.5, z - 0.21)),
             *(box(name, (a - 0.02, 0, b - 0.02), (a + 0.02, seat - 0.05, b + 0.02)) for a, b in legs)]  # fmt: skip
    return [merged(name, solid)]


def bed(name: str = "bed", at: tuple[float, float] = (0.0, 0.0)) -> list[Piece]:
    """A bed of 1.4 x 2 m, 0.5 m high, its headboard at -Z."""
    x, z = at
    solid = [box(name, (x - 0.7, 0, z - 1), (x + 0.7, 0.5, z + 1)),
             box(name, (x - 0.7, 0, z - 1.1), (x + 0.7, 1.0, z - 1))]  # fmt: skip
    return [merged(name, solid)]


def merged(name: str, pieces: list[Piece]) -> Piece:
    """Several pieces as one."""
    offsets = np.cumsum([0, *(len(vertices) for _, vertices, _ in pieces)])
    faces = [some + offset for (_, _, some), offset in zip(pieces, offsets, strict=False)]
    return name, np.concatenate([vertices for _, vertices, _ in pieces]), np.concatenate(faces)


def furnished() -> Mesh:
    """6 x 6 m of floor: a chair, a bench without a back, a bed, a table; a second chair whose front is at a wall."""
    bench = box("bench", (1.4, 0, -2.4), (2.6, 0.44, -2.0))
    wall = box("wall", (-2.9, 0, 1.0), (-1.5, 1.2, 1.1))
    things = [*chair(at=(0.0, 0.0)), *chair("walled chair", at=(-2.2, 0.7)), bench, *bed(at=(2.0, 1.6))]
    return mesh_of(
        [box("floor", (-3, -0.1, -3), (3, 0, 3)), *things, wall, box("table", (-2.5, 0.7, -2), (-1.5, 0.75, -1))]
    )
