"""The papers of a data set: metadata, what was rejected and what failed, checksums, splits and the card."""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from app.batch.journal import Journal
from app.batch.layouts import SPLITS, layout_of
from app.batch.packs import Packer, told
from app.batch.plan import Plan
from motion.core.errors import MotionError
from motion.formats.atomic import atomic_path, write_text
from motion.resources import model_folder, sha256_of

#: Prompts that the card quotes.
QUOTED = 8

#: How large a data set is called by whoever lists many.
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


@dataclass
class Contents:
    """What is counted while the metadata are written."""

    clips: int = 0
    rejected: int = 0
    failed: int = 0
    seconds: float = 0.0
    splits: Counter[str] = field(default_factory=Counter)
    rates: set[float] = field(default_factory=set)
    models: dict[str, dict[str, str]] = field(default_factory=dict)
    prompts: array[int] = field(default_factory=lambda: array("q"))
    quoted: dict[str, None] = field(default_factory=dict)

    def add(self, clip: dict[str, Any]) -> None:
        """One more clip that is kept."""
        self.clips += 1
        self.seconds += clip["duration_s"]
        self.splits[clip["split"]] += 1
        self.rates.add(clip["fps"])
        self.models.setdefault(clip["model"]["name"], clip["model"])
        self.prompts.append(hash(clip["prompt"]))
        if clip["prompt"] and len(self.quoted) < QUOTED:
            self.quoted.setdefault(clip["prompt"])


def write_papers(folder: Path, plan: Plan, journal: Journal, packer: Packer) -> Contents:
    """Write them all; the same data set has the same papers, whatever happened on the way."""
    contents = Contents()
    names = {"metadata": "metadata.jsonl", "rejected": "rejected.jsonl", "failures": "failures.jsonl"}
    with ExitStack() as stack:
        papers = {
            name: stack.enter_context(stack.enter_context(atomic_path(folder / file)).open("w", encoding="utf-8"))
            for name, file in names.items()
        }
        for record in journal.records():
            for clip in record.get("clips", ()):
                contents.add(clip)
                files = {} if layout_of(plan.kind).packed else {"file_name": clip["files"][0]["file"]}
                papers["metadata"].write(json.dumps(files | told(clip)) + "\n")
            for clip in record.get("rejected", ()):
                contents.rejected += 1
                papers["rejected"].write(json.dumps(clip) + "\n")
            if "failed" in record:
                contents.failed += 1
                papers["failures"].write(json.dumps(record) + "\n")
    for name, count in (("rejected", contents.rejected), ("failures", contents.failed)):
        if not count:
            (folder / names[name]).unlink()
    if plan.kind == "humanml3d" and contents.clips:
        _humanml3d(folder, journal)
    write_text(folder / "README.md", card(plan, contents))
    _write_sums(folder, journal, packer)
    return contents


def _clips(journal: Journal) -> Iterator[dict[str, Any]]:
    for record in journal.records():
        yield from record.get("clips", ())


def _write_sums(folder: Path, journal: Journal, packer: Packer) -> None:
    """``sha256sum -c SHA256SUMS`` says whether everything is as it was made."""
    with atomic_path(folder / "SHA256SUMS") as temporary, temporary.open("w", encoding="utf-8") as file:
        if packer.suffix:
            file.writelines(f"{pack['sha256']}  {pack['file']}\n" for pack in packer.packed())
        else:
            file.writelines(f"{one['sha256']}  {one['file']}\n" for clip in _clips(journal) for one in clip["files"])
        for path in sorted(folder.iterdir()):
            if path.is_file() and not path.name.startswith(".") and path.name != "SHA256SUMS":
                file.write(f"{sha256_of(path)}  {path.name}\n")


def _humanml3d(folder: Path, journal: Journal) -> None:
    """The lists of the splits, and mean and spread of the features over all frames."""
    total, squares, frames = np.zeros(263), np.zeros(263), 0
    with ExitStack() as stack:
        lists = {
            split: stack.enter_context(stack.enter_context(atomic_path(folder / f"{split}.txt")).open("w"))
            for split in ("all", *SPLITS)
        }
        for clip in _clips(journal):
            for split in ("all", clip["split"]):
                lists[split].write(clip["id"] + "\n")
            features = np.load(folder / clip["files"][0]["file"]).astype(np.float64)
            total, squares, frames = total + features.sum(0), squares + (features**2).sum(0), frames + len(features)
    mean = total / max(1, frames)
    spread = np.sqrt(np.maximum(squares / max(1, frames) - mean**2, 1e-8))
    for name, values in (("Mean", mean), ("Std", spread)):
        with atomic_path(folder / f"{name}.npy") as temporary, temporary.open("wb") as file:
            np.save(file, values.astype(np.float32), allow_pickle=False)


#: What is said of the content of each kind of file.
FORMS = {
    "npz": "AMASS's keys for SMPL-H (`poses` (T, 156) rad, `trans` (T, 3) m, Z up), hands in `stride_hand_pose`",
    "amass": "AMASS's folders `MODEL/SUBJECT/NAME_poses.npz` and its keys for SMPL-H (rad, m, Z up)",
    "humanml3d": "HumanML3D's folders: `new_joint_vecs` (T, 263), `new_joints` (T, 22, 3) m, Y up, 20 frames a second, "
    "`texts`; the words in `texts` carry no parts of speech",
    "tar": "WebDataset: `data/*.tar` with `ID.npz` (AMASS's keys for SMPL-H, rad, m, Z up) and `ID.json`",
    "parquet": "`data/*.parquet`: `poses` (T, 72) rad, SMPL's 24 joints; `trans` (T, 3) m; 32 bits, Z up as in AMASS",
    "glb": "binary glTF: skinned, animated body; metres, Y up",
    "fbx": "binary FBX: skinned, animated body; centimetres, Y up",
    "bvh": "BVH: centimetres, degrees, Y up",
}  # fmt: skip


def card(plan: Plan, contents: Contents) -> str:
    """The data set's README, with the head that dataset hubs read."""
    size = next((name for limit, name in SIZES if contents.clips < limit), "n>1M")
    licences = sorted({one["licence"] for one in contents.models.values()})
    prompts = len(np.unique(np.array(contents.prompts, np.int64))) if contents.clips else 0
    rates = ", ".join(f"{rate:g}" for rate in sorted(contents.rates))
    head = ["---", f"license: {_tag(licences)}", f"size_categories: [{size}]", "tags: [human-motion, smpl, synthetic]"]
    if layout_of(plan.kind).packed:
        head += ["configs:", "- config_name: default", f"  data_files: data/*{layout_of(plan.kind).packed}"]
    lines = [
        *head, "---", "# Synthetic human motion, made by Stride", "",
        f"{contents.clips} clips, {contents.seconds / 60:.1f} minutes, made from sentences by a neural network: nobody "
        "was recorded.", "",
        "| | |", "|---|---|",
        f"| source | stride {plan.version}, `stride batch`; jobs with sha256 `{plan.jobs_sha256[:16]}` |",
        "| skeleton | SMPL: 24 joints, of the shipped body where a job names no other |",
        "| units | metres, seconds, radians, where the format has no other |",
        f"| format | {FORMS[plan.kind]} |",
        f"| frames a second | {rates} |",
        f"| prompts | {prompts} different |",
        "| splits | " + ", ".join(f"{split} {contents.splits[split]}" for split in SPLITS)
        + f" (by the name of the job, {'/'.join(map(str, SPLITS.values()))} in a hundred) |",
        f"| seeds | of each job its own, of its name (batch seed {plan.seed}); in the metadata |",
        f"| filters | {', '.join(plan.limits) or 'none'}: {contents.rejected} clips rejected (`rejected.jsonl`) |",
        f"| failures | {contents.failed} jobs (`failures.jsonl`) |" if contents.failed else "| failures | none |",
        "", "`metadata.jsonl` has a line for each clip: request, seed, split, and its numbers, requested beside "
        "realised. `sha256sum -c SHA256SUMS` checks all files.", "",
        "## Prompts", "", *(f"- {' '.join(prompt.split())}" for prompt in contents.quoted), "",
        "## Licences", "",
        *(line for one in contents.models.values() for line in _licence(one)),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _tag(licences: list[str]) -> str:
    return licences[0].lower() if len(licences) == 1 else "other"


def _licence(model: dict[str, str]) -> list[str]:
    """What a model and the recordings it was trained on may be used for; of these its own card tells."""
    lines = [f"Model `{model['name']}` (sha256 `{model['sha256']}`): {model['licence']}.", ""]
    try:
        text = (model_folder(model["name"]) / "README.md").read_text(encoding="utf-8")
    except (MotionError, OSError):
        return lines
    section = text.partition("## What it was trained on")[2].partition("\n## ")[0]
    table = [line for line in section.splitlines() if line.startswith("|")]
    return [*lines, "It was trained on:", "", *table, ""] if table else lines


def failures_of(folder: Path, most: int) -> Iterator[dict[str, Any]]:
    """The first failures that are listed."""
    path = folder / "failures.jsonl"
    if path.is_file():
        with path.open(encoding="utf-8") as file:
            for line, _ in zip(file, range(most), strict=False):
                yield json.loads(line)
