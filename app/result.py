"""Result: what comes back of a request, frozen, JSON in and out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


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
        rig: how the user's own character fits the first clip, or None.
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
    rig: dict[str, Any] | None = None

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
            **({"rig": self.rig} if self.rig is not None else {}),
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
        return cls(**plain, samples=samples, known=tuple(data["known"]), rig=data.get("rig"))
