"""The table of an evaluation: what was measured, of ours and of real motion, and whether it holds its bar."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Row:
    """One measured number beside its bar.

    Attributes:
        what: what was measured.
        ours: the value of generated motion.
        real: the same of what it is compared with (real motion, an uncontrolled model), or None where nothing is.
        least, most: the bar; None where that side is open. Both None: printed for information only.
        unit: of all the numbers; ``"%"`` shows shares of 0 to 1 as per cent.
    """

    what: str
    ours: float
    real: float | None = None
    least: float | None = None
    most: float | None = None
    unit: str = ""

    @property
    def judged(self) -> bool:
        return self.least is not None or self.most is not None

    @property
    def passed(self) -> bool:
        """Whether the value lies within the bar; a value that could not be measured (NaN) never does."""
        if not self.judged:
            return True
        low = -math.inf if self.least is None else self.least
        high = math.inf if self.most is None else self.most
        return bool(low <= self.ours <= high)

    def to_json(self, beside: str = "real") -> dict[str, Any]:
        return {
            "what": self.what, "ours": _number(self.ours), beside: _number(self.real), "least": _number(self.least),
            "most": _number(self.most), "unit": self.unit, "passed": self.passed if self.judged else None,
        }  # fmt: skip


@dataclass(frozen=True)
class Evaluation:
    """All rows of one evaluation, and details such as what each prompt was recognised as.

    ``beside`` heads the column of what ours is compared with.
    """

    rows: tuple[Row, ...]
    details: dict[str, Any] = field(default_factory=dict)
    beside: str = "real"

    @property
    def passed(self) -> bool:
        return all(row.passed for row in self.rows)

    def to_json(self) -> dict[str, Any]:
        """Plain data for ``--json``; numbers that could not be measured are null."""
        return {"passed": self.passed, "rows": [row.to_json(self.beside) for row in self.rows], "details": self.details}

    def to_text(self) -> str:
        """The table for a terminal: one line per row, then how many bars were held."""
        cells = [("", "ours", self.beside, "bar", "")]
        for row in self.rows:
            cells.append((row.what, _text(row.ours, row.unit), _text(row.real, row.unit), _bar(row), _verdict(row)))
        widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
        lines = [
            "  ".join([line[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(line[1:], widths[1:], strict=True))])
            for line in cells
        ]
        judged = [row for row in self.rows if row.judged]
        return "\n".join([*lines, f"{sum(row.passed for row in judged)} of {len(judged)} bars held"])


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def _text(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    if math.isnan(value):
        return "?"
    if unit == "%":
        return f"{100 * value:.1f} %"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    return f"{value:.{digits}f} {unit}".strip()


def _bar(row: Row) -> str:
    if row.least is not None and row.most is not None:
        return f"{_text(row.least, row.unit)} to {_text(row.most, row.unit)}"
    if row.least is not None:
        return f">= {_text(row.least, row.unit)}"
    return f"<= {_text(row.most, row.unit)}" if row.most is not None else ""


def _verdict(row: Row) -> str:
    return ("pass" if row.passed else "FAIL") if row.judged else ""
