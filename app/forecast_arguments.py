"""What ``stride forecast`` takes. Standard library only: ``stride --help`` is instant."""

from __future__ import annotations

import argparse

from app.arguments import common


def forecast(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "tracks", metavar="TRACKS",
        help="who was where: text frame id x y, csv time,id,x,y, TrajNet++, SDD, MOT, obsmat, JuPedSim or a folder of "
        "WildTrack, told by content; - for a live stream of lines, answered step by step",
    )  # fmt: skip
    add("--horizon", type=float, metavar="S", help="seconds to look ahead (default 4.8)")
    add("--samples", type=int, default=20, metavar="K", help="futures of each person (default 20)")
    add("--seed", type=int, default=0, metavar="N", help="same seed, same futures (default 0)")
    add("--at", type=float, metavar="S", help="forecast from this moment of the file (default: its last)")
    add(
        "--speed", metavar="M_PER_S",
        help="how fast people are to walk: 0 to 6 m/s, slow or fast; '0.8@0; 1.5@4' at seconds from now; '7=1.2; "
        "9=slow' for some of them",
    )  # fmt: skip
    add("--forecaster", metavar="NAME", help="a shipped forecaster, the folder of one, or constant-velocity")
    add(
        "--out", action="append", default=[], metavar="FILE",
        help=".json .csv .geojson everything; .png the fan, .gif how it opens; may be given several times",
    )  # fmt: skip
    add("--as", dest="form", metavar="FORM",
        help="write --out as tracks, the best forecast after what was seen: social-gan csv trajnet sdd mot obsmat "
        "jupedsim wildtrack carla geojson")  # fmt: skip
    add("--recorded", action="store_true", help="no forecast: animate or write the tracks as they were recorded")
    add("--animate", metavar="FILE.glb", help="the best forecast (or --recorded) as walking people, all in one .glb")
    add(
        "--future", default="best", metavar="WHICH",
        help="with --animate: best (default), likeliest, or the number of a future",
    )  # fmt: skip
    add("--one-each", action="store_true", help="with --animate: a file per person, FILE-ID.glb")
    add("--most", type=int, default=30, metavar="N", help="with --animate: at most so many people (default 30)")
    add("--model", default="stride-nc", metavar="NAME", help="with --animate: a shipped model or a model folder")
    units = parser.add_argument_group("the file", "what its form does not tell")
    units.add_argument("--fps", type=float, metavar="F", help="frames per second of its frame numbers")
    units.add_argument("--homography", metavar="FILE", help="positions are pixels: 3 x 3 numbers, picture to metres")
    units.add_argument("--scale", type=float, metavar="M", help="positions are pixels of so many metres, from above")
    units.add_argument("--origin", metavar="LAT,LON", help="of the place 0,0, for .geojson (default 0,0)")
    place = parser.add_argument_group("the place")
    place.add_argument(
        "--scene-adapt", metavar="OBSERVED",
        help="tracks of people seen in the same place before (in the same units), or a .json of what was learned of it",
    )  # fmt: skip
    place.add_argument("--scene", metavar="MESH", help="a mesh: people keep to where one can walk in it")
    place.add_argument("--map", metavar="PICTURE", help="a picture that is black where one cannot walk")
    place.add_argument("--map-homography", metavar="FILE", help="3 x 3 numbers, that picture to metres")
    common(parser)
