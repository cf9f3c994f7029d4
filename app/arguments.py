"""What each command of ``stride`` takes. Standard library only: ``stride --help`` is instant."""

from __future__ import annotations

import argparse


def generate(parser: argparse.ArgumentParser) -> None:
    """Every flag is a field of ``app.request.Request``; its limits are checked there."""
    parser.add_argument("prompt", help='what the person does: "a person walks forward and waves"')
    parser.add_argument(
        "--out", action="append", required=True, metavar="FILE",
        help="file to write: .glb .bvh .npz; may be given several times",
    )  # fmt: skip
    parser.add_argument("--duration", type=float, default=6.0, metavar="S", help="seconds, 1 to 30 (default 6)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="same seed, same clip (default 0)")
    parser.add_argument(
        "--samples", type=int, default=1, metavar="K",
        help="how many different clips (default 1); several are written as clip_0.glb, clip_1.glb, ...",
    )  # fmt: skip
    parser.add_argument("--pick", choices=("best",), help="write only the best of the samples, as the verifier sees it")
    parser.add_argument(
        "--budget", type=float, default=1.5, metavar="S",
        help="seconds for which several candidates may be drawn for one clip (default 1.5; 0: only one)",
    )  # fmt: skip
    parser.add_argument(
        "--steps",
        type=int,
        choices=(1, 2, 4, 10),
        default=4,
        help="sampling steps (default 4): 10 is best, 1 and 2 are quick previews",
    )
    parser.add_argument(
        "--guidance", type=float, metavar="W", help="how strongly the prompt pulls (default: the model's)"
    )
    parser.add_argument("--fps", type=float, default=30.0, metavar="F", help="frames per second (default 30)")
    parser.add_argument("--model", default="stride-nc", metavar="NAME", help="which weights (default stride-nc)")
    body(parser)
    common(parser)


def convert(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="IN", help="a clip: .glb .bvh .npz")
    parser.add_argument("target", metavar="OUT", help="the file to write; its suffix picks the format")
    parser.add_argument("--fps", type=float, metavar="F", help="frames per second (default: as in the file)")
    body(parser)
    common(parser)


def check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a clip: .glb .bvh .npz")
    common(parser)


def data(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    build = actions.add_parser("build", help="build a corpus into a training set", allow_abbrev=False)
    build.add_argument(
        "source", metavar="SOURCE", help="which corpus: bandai cmu hdm05 deepmimic amass humanml3d 100style"
    )
    build.add_argument(
        "--from", dest="folder", required=True, metavar="DIR", help="the corpus, unpacked or as an archive"
    )
    build.add_argument("--out", required=True, metavar="DIR", help="the training set; corpora add up in it")
    common(build)


def common(parser: argparse.ArgumentParser) -> None:
    """What every command takes."""
    parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")


def train(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "preset",
        metavar="PRESET",
        help="what to train: stride-nc stride-open stride-nc-gpu few-steps evaluator mdm tiny",
    )
    parser.add_argument(
        "--data", default="data", metavar="DIR", help="a training set of 'stride data build' (default data)"
    )
    parser.add_argument(
        "--out", metavar="DIR", help="checkpoints and the model; resumed when found (default runs/PRESET)"
    )
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto", help="where (default auto)")
    parser.add_argument("--teacher", metavar="NAME", help="few-steps: the model, or model folder, to be distilled")
    parser.add_argument("--steps", type=int, metavar="N", help="optimiser steps in all (default: the preset's)")
    parser.add_argument("--seconds", type=float, metavar="S", help="stop and save after this long")
    common(parser)


def evaluate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", nargs="?", choices=("generation", "control"), default="generation",
        help="what is judged: what comes of prompts alone (default), or whether controls are met",
    )  # fmt: skip
    parser.add_argument(
        "--only", action="append", metavar="KIND",
        help="control: one kind of it, may be given several times: speed path waypoints keys reach between prediction "
        "edit loop timeline all (default: every kind)",
    )  # fmt: skip
    parser.add_argument(
        "--data", default="data", metavar="DIR", help="a training set with 'bandai' in it (default data)"
    )
    parser.add_argument("--model", default="stride-nc", metavar="NAME", help="a shipped model or a model folder")
    parser.add_argument("--seeds", type=int, metavar="N", help="clips of everything asked (default 4, of controls 5)")
    parser.add_argument("--steps", type=int, metavar="N", help="sampling steps (default: 4 if distilled, else 10)")
    common(parser)


def bench(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("generation",), help="what to compare and to time")
    parser.add_argument(
        "--data", default="data", metavar="DIR", help="a training set with 'bandai' in it (default data)"
    )
    parser.add_argument("--model", default="stride-nc", metavar="NAME", help="a shipped model or a model folder")
    parser.add_argument("--teacher", metavar="NAME", help="the model it was distilled from")
    parser.add_argument("--mdm", metavar="DIR", help="the folder of a model that 'stride train mdm' made")
    common(parser)


def body(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--body", metavar="DIR", help="your own SMPL-format body: a .npz or a folder with one")
