"""The report as traffic lights: what was asked for beside what came of it, and how physical it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

Report = Mapping[str, Any]


@dataclass(frozen=True)
class Light:
    """One line: ``state`` is good, fair or poor; ``asked`` is empty where nothing was."""

    name: str
    state: str
    value: str
    asked: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Quality:
    """A number of the report that is better the smaller it is: up to ``good`` green, up to ``fair`` amber."""

    key: str
    name: str
    good: float
    fair: float
    scale: float
    unit: str
    hint: str


#: Limits are those at which an animator begins to see it, and begins to mind it.
QUALITIES = (
    Quality("path_error_m", "On the path", 0.10, 0.25, 100, "cm off", "distance from the line, on average"),
    Quality("key_error_m", "On the keys", 0.03, 0.08, 100, "cm off", "distance from poses and targets, on average"),
    Quality("loop_seam_m", "Loop seam", 0.02, 0.05, 100, "cm", "how far the end is from the beginning"),
    Quality("foot_skate_ratio", "Feet stay put", 0.20, 0.45, 100, "% slide", "frames in which a standing foot slides"),
    Quality("floor_penetration_mm", "Above the floor", 5, 15, 1, "mm deep", "how far feet sink into the floor"),
    Quality("mean_jerk_m_s3", "Smooth", 200, 400, 1, "m/s³ jerk", "sudden changes of acceleration"),
    Quality(
        "joint_limit_ratio", "Joints in range", 0.02, 0.06, 100, "% beyond", "joints turned further than a body can"
    ),
)


def lights(report: Report) -> list[dict[str, str]]:
    """The lines, in the order shown, as JSON objects; what does not apply to the clip is left out."""
    found = [_speed(report), _duration(report), *(_quality(report, one) for one in QUALITIES), _words(report)]
    return [asdict(one) for one in found if one is not None]


def graded(value: float, good: float, fair: float) -> str:
    """good, fair or poor."""
    return "good" if value <= good else "fair" if value <= fair else "poor"


def _speed(report: Report) -> Light | None:
    asked, got = report.get("requested_speed"), report.get("realised_speed")
    if not isinstance(got, int | float):
        return None
    if not isinstance(asked, int | float):
        return Light("Speed", "good", f"{got:.2f} m/s", "", "over the ground; none was asked for")
    off = abs(got - asked) / max(asked, 0.3)
    return Light("Speed", graded(off, 0.1, 0.25), f"{got:.2f} m/s", f"{asked:.2f} m/s", "over the ground")


def _duration(report: Report) -> Light | None:
    asked, got = report.get("requested_duration_s"), report.get("realised_duration_s")
    if not isinstance(got, int | float) or not isinstance(asked, int | float):
        return None
    return Light("Duration", graded(abs(got - asked), 0.1, 0.5), f"{got:.2f} s", f"{asked:.2f} s")


def _quality(report: Report, quality: Quality) -> Light | None:
    value = report.get(quality.key)
    if not isinstance(value, int | float):
        return None
    state = graded(value, quality.good, quality.fair)
    return Light(quality.name, state, f"{value * quality.scale:.1f} {quality.unit}", "", quality.hint)


def _words(report: Report) -> Light | None:
    value = report.get("prompt_similarity")
    if not isinstance(value, int | float):
        return None
    state = "good" if value >= 0.45 else "fair" if value >= 0.25 else "poor"
    return Light("Matches the words", state, f"{value:.2f}", "", "likeness of movement and sentence, at most 1")
