"""Checks that all conditions share: numbers that are numbers, spans that are spans, JSON without surprises."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.core.clip import Motion
from motion.core.errors import BadInput, UnknownName

Array = NDArray[np.floating]

#: Reads the clip that a JSON object names; conditions themselves open no files.
Load = Callable[[str], Motion]

#: Latest moment and furthest place that mean anything, in seconds and metres.
MAX_TIME = 3600.0
MAX_PLACE = 10_000.0


def number(name: str, value: object, low: float, high: float, unit: str = "") -> float:
    """``value`` as a float from ``low`` to ``high``; raises ``BadInput`` that names it."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        raise BadInput(f"{name} must be a number, got {value!r:.60}")
    if not low <= value <= high:  # refuses NaN as well, and whole numbers too large for a float
        raise BadInput(f"{name} must be {low:g} to {high:g}{' ' * bool(unit)}{unit}, got {value!s:.30}")
    return float(value)


def moment(name: str, value: object) -> float:
    """A time in seconds."""
    return number(name, value, 0.0, MAX_TIME, "s")


def span(kind: str, start: object, end: object | None) -> tuple[float, float | None]:
    """A span of time in seconds whose end, if it has one, comes after its start."""
    first = moment(f"a {kind}'s start", start)
    last = None if end is None else moment(f"a {kind}'s end", end)
    if last is not None and last <= first:
        raise BadInput(f"a {kind} must end after it starts, got {first:g} to {last:g} s")
    return first, last


def flag(name: str, value: object) -> bool:
    """``value`` if it is true or false."""
    if not isinstance(value, bool | np.bool_):
        raise BadInput(f"{name} must be true or false, got {value!r:.60}")
    return bool(value)


def word(name: str, value: object) -> str:
    """``value`` if it is text."""
    if not isinstance(value, str):
        raise BadInput(f"{name} must be text, got {value!r:.60}")
    return value


def array(name: str, value: object, shape: tuple[int | None, ...]) -> Array:
    """``value`` as finite float64 of the shape; None there stands for any number."""
    try:
        result = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise BadInput(f"{name} must hold numbers only") from error
    wanted = "(" + ", ".join("N" if size is None else str(size) for size in shape) + ")"
    if result.ndim != len(shape) or any(n is not None and n != m for n, m in zip(shape, result.shape, strict=True)):
        raise BadInput(f"{name} must be {wanted} numbers, got {result.shape}")
    if not np.all(np.isfinite(result)):
        raise BadInput(f"{name} must not contain NaN or infinite numbers")
    if result.size and np.abs(result).max() > MAX_PLACE:
        raise BadInput(f"{name} must stay within {MAX_PLACE:g}, got {np.abs(result).max():g}")
    return result


def rotation(name: str, value: object, shape: tuple[int | None, ...]) -> Array:
    """``value`` as rotation matrices; columns may be off by what a file's rounding does to them."""
    matrices = array(name, value, shape)
    off = np.abs(np.swapaxes(matrices, -1, -2) @ matrices - np.eye(3)).max(initial=0.0)
    if off > 1e-3 or np.any(np.linalg.det(matrices) < 0):
        raise BadInput(f"{name} must be rotation matrices: orthonormal columns, determinant 1")
    return matrices


def sequence(name: str, value: object, most: int) -> Sequence[Any]:
    """``value`` as a sequence of at most ``most``."""
    if isinstance(value, str) or not isinstance(value, Sequence | np.ndarray):
        raise BadInput(f"{name} must be a list, got {value!r:.60}")
    if len(value) > most:
        raise BadInput(f"{name} may have at most {most} entries, got {len(value)}")
    return list(value)


def entries(kind: str, data: object, needed: Collection[str], allowed: Collection[str] = ()) -> dict[str, Any]:
    """The entries of a JSON object but its ``kind``; raises for what is missing and for what does not belong."""
    if not isinstance(data, Mapping):
        raise BadInput(f"a {kind} must be a JSON object, got {data!r:.60}")
    for name in data:
        if name not in needed and name not in allowed and name != "kind":
            raise UnknownName(f"entry of a {kind}", str(name), [*needed, *allowed])
    missing = [name for name in needed if name not in data]
    if missing:
        raise BadInput(f"a {kind} needs {' and '.join(repr(name) for name in missing)}")
    return {name: value for name, value in data.items() if name != "kind"}


def loaded(kind: str, file: object, load: Load | None) -> Motion:
    """The clip that a JSON object names."""
    if load is None:
        raise BadInput(f"a {kind} names the clip {file!r:.60}, and nothing is there to load clips with")
    return load(word(f"a {kind}'s clip", file))
