"""Which clips are kept: limits of the numbers that the report of a clip has."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from motion.core.errors import BadInput

#: What ``--filter`` means without limits: like the sentence, as the verifier sees it, and such as a body could do it.
VERIFIED = ("prompt_similarity>=0.2", "foot_skate_ratio<=0.5", "joint_limit_ratio<=0.05", "floor_penetration_mm<=20")

_FORM = re.compile(r"\s*([a-z_0-9]+)\s*(<=|>=)\s*(-?\d+(?:\.\d+)?(?:e-?\d+)?)\s*")


@dataclass(frozen=True)
class Limit:
    """The least, or the most, that a number of the report may be."""

    name: str
    at_most: bool
    value: float

    def __str__(self) -> str:
        return f"{self.name}{'<=' if self.at_most else '>='}{self.value:g}"

    def broken(self, report: Mapping[str, Any]) -> str | None:
        """Why a clip is not kept; a number that does not apply to it breaks nothing."""
        value = report.get(self.name)
        if not isinstance(value, int | float) or (value <= self.value if self.at_most else value >= self.value):
            return None
        return f"{self.name} is {value:.4g}, not {'<=' if self.at_most else '>='} {self.value:g}"


def limits_of(words: Sequence[str]) -> tuple[Limit, ...]:
    """The limits that words such as ``foot_skate_ratio<=0.3`` or ``verified`` name; raises ``BadInput``."""
    from app.report import REPORT

    found = []
    for word in [one for given in words for one in (VERIFIED if given == "verified" else (given,))]:
        match = _FORM.fullmatch(word)
        if match is None:
            raise BadInput(f"--filter takes NAME<=NUMBER or NAME>=NUMBER, such as foot_skate_ratio<=0.3; got {word!r}")
        name, sign, number = match.groups()
        if name not in REPORT:
            raise BadInput(f"--filter knows no {name!r}; the numbers of a clip are {', '.join(REPORT)}")
        found.append(Limit(name, sign == "<=", float(number)))
    return tuple(found)


def broken(limits: Sequence[Limit], report: Mapping[str, Any]) -> list[str]:
    """All reasons for which a clip is not kept."""
    return [why for limit in limits if (why := limit.broken(report)) is not None]
