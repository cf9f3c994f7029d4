"""What ``stride batch`` takes. Standard library only: ``stride --help`` is instant."""

from __future__ import annotations

import argparse

from app.arguments import common


def batch(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "jobs", nargs="?", metavar="JOBS",
        help='.jsonl with a request on each line, {"id": "a1", "prompt": "a person walks", "speed": 1.2}, or a .csv',
    )  # fmt: skip
    add(
        "--grid", metavar="FILE",
        help='instead of JOBS: {"prompts": [...], "speeds": [...], "durations": [...], "seeds": 5}, each with each; '
        "any other field of a request holds for all",
    )  # fmt: skip
    add("--out", required=True, metavar="DIR", help="the folder of the data set")
    add("--resume", action="store_true", help="go on with a batch that was stopped or killed, and try failures again")
    add(
        "--format", dest="kind", default="npz", metavar="KIND",
        help="npz (default), glb, fbx, bvh: a file for each clip; tar (WebDataset), parquet: many in one; amass, "
        "humanml3d: their folders",
    )  # fmt: skip
    add("--pack", type=int, default=1000, metavar="N", help="tar, parquet: clips of so many jobs in one (default 1000)")
    add(
        "--filter", dest="limits", action="append", nargs="?", const="verified", default=[], metavar="LIMIT",
        help="keep only clips such as prompt_similarity>=0.3 or foot_skate_ratio<=0.2, may be given several times; "
        "alone: sensible limits; what is not kept is in rejected.jsonl with the reason",
    )  # fmt: skip
    add("--seed", type=int, default=0, metavar="N", help="another seed, other clips of the same jobs (default 0)")
    add("--shard", default="1/1", metavar="I/N", help="make only part I of N, on one of N machines with a common DIR")
    _defaults(parser)
    _workers(parser)
    common(parser)


def _defaults(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("for jobs that do not say it themselves")
    add = group.add_argument
    add("--duration", type=float, metavar="S", help="seconds")
    add("--fps", type=float, metavar="F", help="frames per second (default 30)")
    add("--steps", type=int, choices=(1, 2, 4, 10), help="sampling steps")
    add(
        "--budget", type=float, metavar="S", help="as of 'stride generate'; 0: one candidate for each clip, the fastest"
    )
    add("--model", metavar="NAME", help="which weights (default stride-nc)")
    add("--body", metavar="DIR", help="your own SMPL-format body: a .npz or a folder with one")


def _workers(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("who works")
    add = group.add_argument
    add("--engine", choices=("local", "ray"), default="local", help="processes of this machine (default), or Ray")
    add("--workers", type=int, metavar="N", help="how many, with one thread each (default: one for each core)")
    add("--address", metavar="ADDRESS", help="ray: of a cluster, such as auto (default: one on this machine)")
    add("--bundle", type=int, default=8, metavar="N", help="jobs that are computed together (default 8)")
