"""What each command of ``stride`` takes. Standard library only: ``stride --help`` is instant."""

from __future__ import annotations

import argparse


def generate(parser: argparse.ArgumentParser) -> None:
    """Every flag is a field of ``app.request.Request``; limits are checked there and in ``app.timeline``."""
    parser.add_argument(
        "prompt", nargs="?",
        help='what the person does: "a person walks forward and waves"; beside --prompt it fills the time between',
    )  # fmt: skip
    parser.add_argument(
        "--out", action="append", required=True, metavar="FILE",
        help="file to write: .glb .fbx .bvh .npz; may be given several times",
    )  # fmt: skip
    parser.add_argument(
        "--duration", type=float, metavar="S",
        help="seconds, 1 to 600 (default: as long as the path, the prompts or the edited clip need, else 6)",
    )  # fmt: skip
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
        help="sampling steps: 4 is the default, 10 is best and slower, 1 and 2 are previews",
    )
    parser.add_argument(
        "--guidance", type=float, metavar="W", help="how strongly the prompt pulls (default: the model's)"
    )
    parser.add_argument(
        "--fps", type=float, metavar="F", help="frames per second (default 30, of an edited clip its own)"
    )
    parser.add_argument("--model", default="stride-nc", metavar="NAME", help="which weights (default stride-nc)")
    body(parser)
    directions(parser)
    place(parser)
    exports(parser)
    common(parser)


def directions(parser: argparse.ArgumentParser) -> None:
    """What directs the motion; metres, seconds, radians."""
    group = parser.add_argument_group(
        "directing the motion", "every one alone or together with others; metres, seconds, radians or 90deg"
    )
    add = group.add_argument
    add(
        "--speed", metavar="M_PER_S",
        help="how fast over the ground, 0 to 6 m/s; '0.8@0; 2@4' is a curve through speeds at times in seconds, "
        "'1.2@0-3; 2@3-6' one speed for each span",
    )  # fmt: skip
    add(
        "--path", metavar='"x,z; x,z"',
        help="a line over the ground to follow, corners rounded; x is left, z forward (minus first: --path=-1,0;2,3)",
    )  # fmt: skip
    add("--facing", default="along", metavar="HOW", help="on a path: along (default), free, or an angle: 1.57 or 90deg")
    add(
        "--waypoints", metavar='"x,z@t^HEADING; x,z"',
        help="places to pass, each with or without a time in seconds (@t) and a heading there (^1.57, ^90deg): 0 looks "
        "along z, a quarter turn along x",
    )  # fmt: skip
    add("--keyframes", metavar="FILE", help="a JSON file of poses, hands, feet, head and other conditions at times")
    add(
        "--start-from",
        metavar="CLIP",
        help="a clip (.glb .fbx .bvh .npz): begin with its last second and go on from it",
    )
    add(
        "--prompt", dest="texts", action="append", default=[], metavar='"TEXT@START-END"',
        help="what happens from START to END seconds; several times: a timeline",
    )  # fmt: skip
    add(
        "--parts", action="append", default=[], metavar='"PART: TEXT"',
        help="a prompt for some of the body, such as 'left_arm: waves@2-5': root torso left_arm right_arm left_leg "
        "right_leg, or arms legs upper_body lower_body; several times",
    )  # fmt: skip
    add("--edit", metavar="CLIP", help="make a part of this clip anew (--span, --edit-parts), the rest stays as it is")
    add("--span", dest="edit_span", metavar="A-B", help="with --edit: the seconds that are made anew")
    add(
        "--edit-parts", action="append", default=[], metavar="PARTS",
        help="with --edit: the body parts that are made anew, such as left_arm+right_arm",
    )  # fmt: skip
    add(
        "--loop", action="store_true", help="the end runs into the beginning; as long as cycles come near to --duration"
    )
    add("--retime", type=float, metavar="S", help="play the finished clip in so many seconds, all of it alike")
    add("--in-place", action="store_true", help="take the way over the ground out; .glb, .fbx and .npz record it")
    add("--mirror", action="store_true", help="exchange left and right in the finished clip, its way included")
    add(
        "--feet", choices=("auto", "always", "never"), default="auto",
        help="how sliding feet are cleaned (default auto: where a control does not drag them)",
    )  # fmt: skip


def place(parser: argparse.ArgumentParser) -> None:
    """Where it happens."""
    group = parser.add_argument_group("going somewhere in a scene", "metres; Y up, the main floor at height 0")
    add = group.add_argument
    add("--scene", metavar="MESH", help="a place: .obj .glb .gltf .ply .stl; 'stride scene MESH' says what is in it")
    add(
        "--from", dest="start", metavar="x,z",
        help="where from: x,z on the lowest floor, or x,y,z with y the height of a floor (minus first: --from=-1,2)",
    )  # fmt: skip
    add("--to", dest="goal", metavar="x,z", help="where to, likewise; the clip ends there")
    add(
        "--heading",
        dest="goal_heading",
        metavar="DEG",
        help="direction to face there, in degrees: 0 along z, 90 along x",
    )
    add(
        "--sit", nargs="?", const="", metavar="OBJECT|x,z",
        help="sit down there (nothing named: on the best seat near), and get up if --to says where to go on to",
    )  # fmt: skip
    add("--lie", nargs="?", const="", metavar="OBJECT|x,z", help="lie down there, likewise")
    add("--stay", type=float, metavar="SECONDS", help="how long one sits or lies (default 3)")
    add("--up", dest="scene_up", metavar="AXIS", help="the axis that points up in the file (default: detected)")
    add("--unit", dest="scene_unit", metavar="UNIT", help="the file's unit: m cm mm in ft (default: detected)")
    add(
        "--floor", dest="scene_floor", type=float, metavar="M",
        help="height of the main floor in metres above the file's zero (default: detected)",
    )  # fmt: skip


def teach(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("name", nargs="?", metavar="NAME", help="the word, as it will be said in prompts, such as cartwheel")
    add("--clips", metavar="DIR", help="a folder of 3 to 10 clips (.bvh .fbx .glb .npz, .amc beside .asf) of it")
    add("--caption", metavar="TEXT", help='what they show, in plain words: "a person does a cartwheel"')
    add("--model", default="stride-nc", metavar="NAME", help="which weights are to know it (default stride-nc)")
    add("--mirror", action="store_true", help="the action with left and right exchanged is the same word")
    add("--seed", type=int, default=0, metavar="N", help="same seed, same word (default 0)")
    add("--list", action="store_true", help="the words that were taught")
    add("--remove", action="store_true", help="forget NAME")
    add("--export", dest="export_to", metavar="FILE", help="write NAME to a file (.safetensors) that others can import")
    add("--import", dest="import_from", metavar="FILE", help="take a word from such a file")
    common(parser)


def exports(parser: argparse.ArgumentParser) -> None:
    """How .glb, .fbx and .bvh are written; what there is to choose from is checked in ``motion.formats.presets``."""
    group = parser.add_argument_group("bones and root of .glb, .fbx and .bvh")
    add = group.add_argument
    add(
        "--preset",
        metavar="NAME",
        help="names, root, unit and axes for unreal unity godot blender maya mixamo smpl vrm",
    )
    add(
        "--root-motion", metavar="WHERE",
        help="where the way over the ground is: root (a bone on the floor), hips, in-place (default: the preset's)",
    )  # fmt: skip
    add("--t-pose", action="store_true", help="begin with one frame of the rest pose")
    add(
        "--rig", metavar="CHARACTER",
        help="your own character (.fbx .glb .bvh): .glb, .fbx and .bvh are written with its bones and mesh",
    )  # fmt: skip
    add("--mapping", metavar="FILE", help="which of its bones is which, as 'stride rig CHARACTER --out FILE' writes it")


def convert(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="IN", help="a clip: .glb .fbx .bvh .npz; or a folder of them")
    parser.add_argument(
        "target", metavar="OUT", help="the file to write; its suffix picks the format; of a folder, the folder"
    )
    parser.add_argument("--to", metavar="FORMAT", help="of a folder: what its clips become (default glb)")
    parser.add_argument("--fps", type=float, metavar="F", help="frames per second (default: as in the file)")
    exports(parser)
    body(parser)
    common(parser)


def rig(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rig", metavar="CHARACTER", help="a character, animated or not: .fbx .glb .bvh")
    parser.add_argument("--mapping", metavar="FILE", help="what you know of its bones, as --out writes it")
    parser.add_argument("--out", metavar="FILE", help="write it as JSON, to be corrected and given to --mapping")
    common(parser)


def check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a clip: .glb .fbx .bvh .npz")
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
        help="what to train: stride-nc stride-open stride-nc-gpu few-steps evaluator mdm tiny forecaster; "
        "average makes the mean of models",
    )
    parser.add_argument(
        "--of", action="append", metavar="NAME", help="average: a model, or model folder; give two or more"
    )
    parser.add_argument("--tracks", metavar="DIR", help="forecaster: the folder of recorded tracks")
    parser.add_argument(
        "--fold", metavar="NAME", help="forecaster: leave out eth hotel univ zara1 or zara2; or all, sdd"
    )
    parser.add_argument(
        "--data", default="data", metavar="DIR", help="a training set of 'stride data build' (default data)"
    )
    parser.add_argument(
        "--out", metavar="DIR", help="checkpoints and the model; resumed when found (default runs/PRESET)"
    )
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto", help="where (default auto)")
    parser.add_argument("--teacher", metavar="NAME", help="few-steps: the model, or model folder, to be distilled")
    parser.add_argument("--start", metavar="NAME", help="the model, or model folder, to go on from (default: nothing)")
    parser.add_argument("--steps", type=int, metavar="N", help="optimiser steps in all (default: the preset's)")
    parser.add_argument("--seconds", type=float, metavar="S", help="stop and save after this long")
    common(parser)


def evaluate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", nargs="?", choices=("generation", "control", "scenes"), default="generation",
        help="what is judged: what comes of prompts alone (default), whether controls are met, or people in places",
    )  # fmt: skip
    parser.add_argument(
        "--only", action="append", metavar="KIND",
        help="control: one kind of it, may be given several times: speed path waypoints keys reach between prediction "
        "edit loop timeline all teach; scenes: meshes preparing routes crowd walking resting (default: every kind)",
    )  # fmt: skip
    parser.add_argument(
        "--data", default="data", metavar="DIR", help="a training set with 'bandai' in it (default data)"
    )
    parser.add_argument("--model", default="stride-nc", metavar="NAME", help="a shipped model or a model folder")
    parser.add_argument(
        "--seeds",
        type=int,
        metavar="N",
        help="clips of everything asked (default 4, of controls 5); scenes: drawn rooms",
    )
    parser.add_argument("--scenes", metavar="DIR", help="scenes: a folder of meshes of real places to measure as well")
    parser.add_argument("--steps", type=int, metavar="N", help="sampling steps (default: what the model is made for)")
    common(parser)


def bench(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("generation", "batch", "forecasting", "corridors"), help="what to measure")
    parser.add_argument("--clips", type=int, default=200, metavar="N", help="batch: how many clips (default 200)")
    parser.add_argument("--tracks", metavar="DIR", help="forecasting, corridors: the folder of recorded tracks")
    parser.add_argument(
        "--forecasters", default="forecaster", metavar="PREFIX",
        help="forecasting: the forecasters are PREFIX-eth and so on, shipped names or folders (default forecaster)",
    )  # fmt: skip
    parser.add_argument(
        "--data", default="data", metavar="DIR", help="a training set with 'bandai' in it (default data)"
    )
    parser.add_argument("--model", default="stride-nc", metavar="NAME", help="a shipped model or a model folder")
    parser.add_argument("--teacher", metavar="NAME", help="the model it was distilled from")
    parser.add_argument("--mdm", metavar="DIR", help="the folder of a model that 'stride train mdm' made")
    common(parser)


def body(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--body", metavar="DIR", help="your own SMPL-format body: a .npz or a folder with one")
