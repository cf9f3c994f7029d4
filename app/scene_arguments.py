"""What the commands about places take. Standard library only: ``stride --help`` is instant."""

from __future__ import annotations

import argparse

from app.arguments import common


def scene(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a mesh: .obj .glb .gltf .ply .stl")
    understanding(parser)
    common(parser)


def plan(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="SCENE", help="a mesh: .obj .glb .gltf .ply .stl")
    place = "x,z in metres on the floor at height 0, or x,y,z with y the height of another floor (minus first: {}=-1,2)"
    parser.add_argument("--from", dest="start", metavar="x,z", help=place.format("--from"))
    parser.add_argument("--to", dest="goal", metavar="x,z", help="where to, likewise")
    parser.add_argument(
        "--people", metavar="FILE",
        help='instead: several people who do not run into each other; JSON: [{"from": [x, z], "to": [x, z], '
        '"speed": 1.3, "heading": 0.0}, ...]',
    )  # fmt: skip
    parser.add_argument("--speed", type=float, default=1.3, metavar="M_PER_S", help="0.1 to 6 m/s (default 1.3)")
    parser.add_argument("--out", metavar="FILE", help="a .json file for the route: waypoints, points, times")
    parser.add_argument("--picture", metavar="FILE", help="a .png file: the place from above, ways and seconds")
    understanding(parser)
    common(parser)


def understanding(parser: argparse.ArgumentParser) -> None:
    """How a mesh is to be understood, and who walks in it; what is not given is detected or a grown-up's."""
    group = parser.add_argument_group("the place", "what is not given is detected")
    group.add_argument("--up", metavar="AXIS", help="the axis that points up in the file: +x -x +y -y +z -z")
    group.add_argument("--unit", metavar="UNIT", help="the file's unit: m cm mm in ft")
    group.add_argument("--floor", type=float, metavar="M", help="height of the main floor in metres above its zero")
    group.add_argument("--no-cache", action="store_true", help="prepare it anew and do not keep it")
    walker = parser.add_argument_group("who walks", "metres and degrees")
    walker.add_argument("--radius", type=float, default=0.25, metavar="M", help="distance to everything (default 0.25)")
    walker.add_argument("--height", type=float, default=1.8, metavar="M", help="free height needed (default 1.8)")
    walker.add_argument("--climb", type=float, default=0.25, metavar="M", help="highest step (default 0.25)")
    walker.add_argument("--slope", type=float, default=35.0, metavar="DEG", help="steepest ground (default 35)")
