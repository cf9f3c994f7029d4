"""Request and Result: what is asked of the studio and what comes back, frozen, JSON in and out.

The command line, and later the page, the HTTP API and the batch engine, all speak in these two.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields
from typing import Any

from motion.core.errors import BadInput, UnknownName

#: Sampling steps the model is made for: 1 and 2 are previews, 10 is best and slowest.
STEPS = (1, 2, 4, 10)

#: What may be done with several samples: write all, or the best.
PICKS = ("best",)

#: Candidates that are drawn for one clip when nothing else is asked for and time allows.
CANDIDATES = 4

MAX_SAMPLES = 64
MAX_BUDGET = 3600.0
MAX_FPS = 240.0
MAX_GUIDANCE = 20.0


@dataclass(frozen=True)
class Request:
    """One order for clips.

    Attributes:
        prompt: what the person does, in English.
        out: files to write; the suffix picks the format. With several samples, ``clip.glb`` becomes ``clip_0.glb``, ...
        duration: s, 1 to 30.
        seed: fixes the result.
        samples: how many different clips.
        pick: ``best`` writes only the best of the samples; None writes all. One sample is the best of ``CANDIDATES``.
        budget: s, about what drawing several candidates for one sample may take on two cores; with 0 there is one.
        steps: sampling steps, one of ``STEPS``.
        guidance: how strongly the prompt pulls, or None for the model's own best value.
        fps: frames per second of the files.
        body: an SMPL-format body (.npz) or a folder with one, or None for the shipped body.
        model: which weights.
    """

    prompt: str
    out: tuple[str, ...]
    duration: float = 6.0
    seed: int = 0
    samples: int = 1
    pick: str | None = None
    budget: float = 1.5
    steps: int = 4
    guidance: float | None = None
    fps: float = 30.0
    body: str | None = None
    model: str = "stride-nc"

    def __post_init__(self) -> None:
        _text("prompt", self.prompt)
        if isinstance(self.out, str) or not self.out or not all(isinstance(name, str) for name in self.out):
            raise BadInput("out must name one or more files, such as clip.glb")
        object.__setattr__(self, "out", tuple(self.out))
        if len(set(self.out)) != len(self.out):
            raise BadInput(f"out names a file twice: {', '.join(self.out)}")
        _number("duration", self.duration)
        _whole("seed", self.seed)
        if not 1 <= _whole("samples", self.samples) <= MAX_SAMPLES:
            raise BadInput(f"samples must be 1 to {MAX_SAMPLES}, got {self.samples}")
        if self.pick is not None and self.pick not in PICKS:
            raise BadInput(f"pick must be {' or '.join(PICKS)}, got {self.pick!r}")
        if not 0 <= _number("budget", self.budget) <= MAX_BUDGET:
            raise BadInput(f"budget must be 0 to {MAX_BUDGET:g} s, got {self.budget:g}")
        if _whole("steps", self.steps) not in STEPS:
            raise BadInput(f"steps must be one of {', '.join(map(str, STEPS))}, got {self.steps}")
        if self.guidance is not None and not 0 <= _number("guidance", self.guidance) <= MAX_GUIDANCE:
            raise BadInput(f"guidance must be 0 to {MAX_GUIDANCE:g}, got {self.guidance:g}")
        if not 1 <= _number("fps", self.fps) <= MAX_FPS:
            raise BadInput(f"fps must be 1 to {MAX_FPS:g}, got {self.fps:g}")
        if self.body is not None:
            _text("body", self.body)
        _text("model", self.model)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Request:
        """A request from a JSON object; raises ``UnknownName`` or ``BadInput`` for what does not belong."""
        known = {entry.name: entry for entry in fields(cls)}
        for name in data:
            if name not in known:
                raise UnknownName("request field", name, known)
        missing = [name for name, entry in known.items() if entry.default is MISSING and name not in data]
        if missing:
            raise BadInput(f"a request needs {' and '.join(missing)}")
        return cls(**data)

    def to_json(self) -> dict[str, Any]:
        """A JSON object from which ``from_json`` makes an equal request."""
        return {**asdict(self), "out": list(self.out)}


@dataclass(frozen=True)
class Sample:
    """One clip of a result: its files, its numbers, and which of the candidates it is."""

    files: tuple[str, ...]
    report: dict[str, float | str | None]
    number: int = 0


@dataclass(frozen=True)
class Result:
    """What came of a request.

    Attributes:
        frames, fps, duration_s: of every clip.
        seconds: wall time by stage: text, sample, refine, verify, export.
        model: name, sha256 and licence of the weights.
        seed: that of the request.
        samples: the clips.
        candidates: how many were drawn for them.
        known: what of the training recordings is nearest to the prompt, in words.
    """

    frames: int
    fps: float
    duration_s: float
    seconds: dict[str, float]
    model: dict[str, str]
    seed: int
    samples: tuple[Sample, ...] = field(default=())
    candidates: int = 1
    known: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """All files written, sample by sample."""
        return tuple(name for sample in self.samples for name in sample.files)

    @property
    def report(self) -> dict[str, float | str | None]:
        """The numbers of the clip, or with several samples their means; what is no number is the first clip's."""
        first, *others = (sample.report for sample in self.samples)
        means: dict[str, float | str | None] = {}
        for name, value in first.items():
            values = [value, *(report[name] for report in others)]
            numbers = [x for x in values if isinstance(x, int | float) and not isinstance(x, bool)]
            means[name] = sum(numbers) / len(numbers) if len(numbers) == len(values) else value
        return means

    def to_json(self) -> dict[str, Any]:
        """The object that ``stride generate --json`` prints."""
        return {
            "files": list(self.files),
            "frames": self.frames,
            "fps": self.fps,
            "duration_s": self.duration_s,
            "seconds": self.seconds,
            "report": self.report,
            "model": self.model,
            "seed": self.seed,
            "candidates": self.candidates,
            "known": list(self.known),
            "samples": [
                {"files": list(sample.files), "report": sample.report, "number": sample.number}
                for sample in self.samples
            ],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Result:
        """A result from what ``to_json`` made."""
        names = ("frames", "fps", "duration_s", "seconds", "model", "seed", "candidates")
        plain = {name: data[name] for name in names}
        samples = tuple(
            Sample(tuple(entry["files"]), dict(entry["report"]), entry["number"]) for entry in data["samples"]
        )
        return cls(**plain, samples=samples, known=tuple(data["known"]))


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise BadInput(f"{name} must be text, got {value!r}")
    return value


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadInput(f"{name} must be a number, got {value!r}")
    return value


def _whole(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadInput(f"{name} must be a whole number, got {value!r}")
    return value
