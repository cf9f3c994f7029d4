"""100STYLE: ``Style/Style_FW.bvh`` at 60 fps and ``Frame_Cuts.csv`` with the frames worth keeping."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from motion.core.errors import BadFile
from motion.core.skeleton import Skeleton
from motion.datasets.captions import sentence
from motion.datasets.cleaning import at_30_fps
from motion.datasets.skeletons import STYLE100
from motion.datasets.source import Record, Recording
from motion.datasets.store import Caption
from motion.formats.bvh import read_bvh

#: What the letters at the end of a file name mean, as verb phrases; transitions (TR1 ...) mix several.
MOVEMENTS: dict[str, tuple[str, str]] = {
    "FW": ("walk", "*walk forward"),
    "BW": ("walk-back", "*walk backward"),
    "SW": ("walk-sideways", "*walk sideways"),
    "FR": ("run", "*run forward"),
    "BR": ("run-back", "*run backward"),
    "SR": ("run-sideways", "*run sideways"),
    "ID": ("idle", "*stand around"),
    "TR1": ("transition", "*start and *stop walking"),
    "TR2": ("transition", "*change between walking and running"),
    "TR3": ("transition", "*change the way of walking"),
    "TR4": ("transition", "*change the way of moving"),
}
_NAME = re.compile(r"([A-Za-z0-9]+)_([A-Z]+\d?)")
#: Every this many styles one is held out for validation.
VAL_EVERY = 17


def find(folder: Path) -> list[Record]:
    """Every ``Style_KIND.bvh`` below the folder with its frames worth keeping."""
    cuts = _cuts(folder)
    records = []
    paths = sorted(path for path in folder.rglob("*_*.bvh") if _known(path))
    styles = sorted({path.stem.split("_")[0] for path in paths})
    for path in paths:
        style, kind = path.stem.split("_")
        split = "val" if styles.index(style) % VAL_EVERY == VAL_EVERY - 1 else "train"
        labels = {"style": style, "kind": kind, "split": split, "cut": cuts.get(path.stem)}
        records.append(Record(f"100style/{path.stem}", path.relative_to(folder).as_posix(), labels))
    return records


def _known(path: Path) -> bool:
    match = _NAME.fullmatch(path.stem)
    return match is not None and match[2] in MOVEMENTS


def _cuts(folder: Path) -> dict[str, list[int]]:
    """``Style_KIND`` -> first and last frame to keep; the rest is T-poses and walking on and off."""
    path = next(iter(sorted(folder.rglob("Frame_Cuts.csv"))), None)
    cuts: dict[str, list[int]] = {}
    if path is None:
        return cuts
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            for row in csv.DictReader(file):
                cells = {str(key).strip().upper(): str(value).strip() for key, value in row.items()}
                for kind in MOVEMENTS:
                    first, last = cells.get(f"{kind}_START", ""), cells.get(f"{kind}_STOP", "")
                    if first.isdigit() and last.isdigit():
                        cuts[f"{cells['STYLE_NAME']}_{kind}"] = [int(first), int(last)]
    except (OSError, KeyError, ValueError, csv.Error) as error:
        raise BadFile(path, "must have the columns STYLE_NAME, FW_START, FW_STOP, ...") from error
    return cuts


def load(record: Record, folder: Path, skeleton: Skeleton) -> list[Recording]:
    """One recording; the skeleton is not needed."""
    clip = read_bvh(folder / record.path)
    first, last = record.labels["cut"] or (0, clip.num_frames)
    if not 0 <= first < min(last, clip.num_frames):
        raise BadFile(folder / record.path, f"has {clip.num_frames} frames, Frame_Cuts.csv keeps {first} to {last}")
    clip = at_30_fps(clip.sliced(first, last))
    content, phrase = MOVEMENTS[record.labels["kind"]]
    style = record.labels["style"]
    words = re.sub(r"(?<=[a-z])(?=[A-Z0-9])", " ", style).lower()
    manner = "" if style == "Neutral" else f", {words} style"
    texts = [sentence(phrase, form) + manner for form in ("plain", "progressive", "order")]
    captions = tuple(Caption(text, 0.0, clip.duration, "template from file name") for text in texts)
    return [Recording(record.id, clip, STYLE100, captions, record.labels["split"], content, style)]
