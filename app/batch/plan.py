"""What a batch is: everything that decides which files there will be, and nothing else; kept with them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from app import VERSION
from app.batch.filters import Limit, limits_of
from motion.core.errors import BadFile, BadInput
from motion.formats.atomic import write_text

#: Where a batch keeps its own things, in its folder.
HOME = ".batch"


@dataclass(frozen=True)
class Plan:
    """A batch.

    Attributes:
        jobs_sha256, count: of the file of jobs.
        defaults: fields of requests for jobs that do not say them.
        model_sha256: of the model's description, weights included, that jobs take which name no other.
        kind: what is written, of ``layouts.LAYOUTS``.
        pack: clips of so many jobs are in one file, where they are packed.
        limits: what a clip must be to be kept, in words.
        seed: enters the seeds of all jobs.
        version: of Stride; another one may make other clips.
    """

    jobs_sha256: str
    count: int
    defaults: dict[str, Any] = field(default_factory=dict)
    model_sha256: str = ""
    kind: str = "npz"
    pack: int = 1000
    limits: tuple[str, ...] = ()
    seed: int = 0
    version: str = VERSION

    def filters(self) -> tuple[Limit, ...]:
        """The limits, understood."""
        return limits_of(self.limits)

    def to_json(self) -> dict[str, Any]:
        """A plain object."""
        return {**asdict(self), "limits": list(self.limits)}


@dataclass(frozen=True)
class Part:
    """Part ``number`` (from 1) of ``of``: which jobs one run of several makes."""

    number: int = 1
    of: int = 1

    @classmethod
    def parsed(cls, text: str) -> Part:
        """From ``2/10``."""
        try:
            number, of = (int(word) for word in text.split("/"))
        except ValueError:
            raise BadInput(f"--shard takes I/N, such as 1/10, got {text!r:.40}") from None
        if not 1 <= number <= of <= 100_000:
            raise BadInput(f"--shard counts from 1/N to N/N, got {text}")
        return cls(number, of)

    def has(self, ordinal: int, block: int) -> bool:
        """Whether a job is in it; ``block`` of them, whose clips are in one file, stay together."""
        return ordinal // block % self.of == self.number - 1

    def __str__(self) -> str:
        return f"{self.number}-of-{self.of}"


def settle(folder: Path, plan: Plan) -> None:
    """Make the folder the plan's, or see that it is; raises ``MotionError`` if it holds anything else."""
    path = folder / HOME / "plan.json"
    if path.is_file():
        _compare(folder, path, plan)
        return
    if folder.is_dir() and any(one.name != HOME for one in folder.iterdir()):
        raise BadInput(f"{folder}: is not empty and holds no batch; name an empty or a new folder")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadFile(folder, f"cannot be written: {error.strerror or error}") from None
    write_text(path, json.dumps(plan.to_json(), indent=1) + "\n")


def _compare(folder: Path, path: Path, plan: Plan) -> None:
    try:
        there = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadFile(path, f"cannot be read ({error}); remove the folder and begin again") from error
    asked = json.loads(json.dumps(plan.to_json()))
    other = sorted(name for name in asked if not isinstance(there, dict) or there.get(name) != asked[name])
    if other:
        raise BadInput(f"{folder}: holds a batch of other {', '.join(other)}; name another folder, or ask for the same")
