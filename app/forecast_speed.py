"""How fast people are to walk, as ``--speed`` says it: everybody, over time, or somebody."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app import directions
from motion.core.errors import BadInput
from motion.forecasting.futures import FASTEST_M_S, FPS, Forecaster, Futures
from motion.forecasting.watching import Watched

Array = NDArray[np.floating]

#: m/s of people who are said to be slow or fast: below and above what Conditional Speed GAN calls so (0.66, 1.32).
PACES = {"slow": 0.5, "fast": 1.6}

SAYS = (
    f"--speed takes 0 to {FASTEST_M_S:g} m/s, slow or fast; several at seconds from now, such as '0.8@0; 1.5@4'; or "
    "one for some people, such as '7=1.2; 9=slow'"
)


@dataclass(frozen=True)
class Pace:
    """m/s: ``values`` at ``times`` s from now, straight between them, for everybody; or ``of`` some people by name."""

    times: tuple[float, ...] = ()
    values: tuple[float, ...] = ()
    of: dict[str, float] = field(default_factory=dict)

    def at(self, steps: int) -> Array | None:
        """(1, T) m/s at the steps of a forecast, for everybody; None where they go as they like."""
        times = (1 + np.arange(steps)) / FPS
        return np.interp(times, self.times, self.values)[None] if self.values else None


def read_pace(text: str | None) -> Pace:
    """What the words say; raises ``BadInput``."""
    if text is None:
        return Pace()
    if "=" in text:
        pairs = [row.rpartition("=") for row in text.split(";") if row.strip()]
        return Pace(of={name.strip(): _number(value) for name, _, value in pairs})
    if "@" not in text:
        return Pace((0.0,), (_number(text),))
    rows = directions.speed(text)
    if isinstance(rows, float) or any(len(row) != 2 for row in rows) or not _rises([row[1] for row in rows]):
        raise BadInput(f"{SAYS}; got {text[:40]!r}")
    return Pace(tuple(row[1] for row in rows), tuple(_number(str(row[0])) for row in rows))


def _rises(times: list[float]) -> bool:
    return all(math.isfinite(time) for time in times) and all(a < b for a, b in pairwise(times))


def _number(word: str) -> float:
    word = word.strip()
    try:
        speed = PACES[word] if word in PACES else float(word)
    except ValueError:
        speed = math.nan
    if not 0 <= speed <= FASTEST_M_S:
        raise BadInput(f"{SAYS}; got {word[:40]!r}")
    return speed


def paced(watched: Watched, forecaster: Forecaster, pace: Pace, **asked: Any) -> Futures:
    """The forecast at a pace; who has none of their own goes as they like. Raises ``BadInput`` for unknown people."""
    steps = max(1, round(asked["horizon"] * FPS)) if math.isfinite(asked["horizon"]) else 1
    free = watched.forecast(forecaster, **asked, speed=pace.at(min(steps, 10_000)))
    if not pace.of:
        return free
    strange = sorted(set(pace.of) - set(free.ids))
    if strange:
        raise BadInput(f"--speed names person {strange[0]!r}, who is not there; there are {', '.join(free.ids[:10])}")
    speeds = np.array([pace.of.get(name, 0.0) for name in free.ids])[:, None]
    held = watched.forecast(forecaster, **asked, speed=speeds)
    named = np.array([name in pace.of for name in free.ids])
    return replace(
        free,
        positions=np.where(named[:, None, None, None], held.positions, free.positions),
        probabilities=np.where(named[:, None], held.probabilities, free.probabilities),
        best=np.where(named[:, None, None], held.best, free.best),
    )
