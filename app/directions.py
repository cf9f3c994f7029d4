"""What directs a clip, as it is written: points of a line, spans, prompts with a time or a part, files of keyframes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from motion.conditions import Condition, Text, conditions_from_json
from motion.core.body_parts import parts_called
from motion.core.clip import Motion
from motion.core.errors import BadFile, BadInput, MotionError
from motion.core.skeleton import Skeleton
from motion.formats import load

Array = NDArray[np.floating]

#: Largest file of keyframes that is read, in bytes; longest list of points, in characters.
MAX_BYTES, MAX_CHARACTERS = 10_000_000, 1_000_000

#: Reads the clip of that name.
Read = Callable[[str], Motion]

#: Radians in a unit that may follow an angle.
ANGLES = {"deg": np.pi / 180, "\N{DEGREE SIGN}": np.pi / 180, "rad": 1.0}

_SPAN = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*-\s*(\d+(?:\.\d*)?|\.\d+)?")


def points(text: str, at_least: int = 2) -> Array:
    """Ground positions (N, 2) m of ``x,z; x,z; ...``; raises ``BadInput``."""
    if len(text) > MAX_CHARACTERS:
        raise BadInput(f"points may take {MAX_CHARACTERS} characters, got {len(text)}")
    rows = [row.split(",") for row in text.split(";") if row.strip()]
    try:
        result = np.array([[float(x), float(z)] for x, z in rows])
    except ValueError as error:
        raise BadInput(
            f"points must read 'x,z; x,z; ...' in metres, such as '0,0; 0,3; 2,3', got {text!r:.60}"
        ) from error
    if len(result) < at_least or not np.all(np.isfinite(result)):
        raise BadInput(f"{at_least} or more points of finite numbers are needed, such as '0,0; 0,3', got {text!r:.60}")
    return result


def waypoints(text: str) -> list[tuple[float | None, ...]]:
    """Places (x, z) m, (x, z, s), (x, z, s or None, heading) of ``x,z; x,z@t; x,z@t^HEADING``; raises ``BadInput``."""
    rows = [re.fullmatch(r"([^@^]*)(?:@([^^]*))?(?:\^(.*))?", row, re.DOTALL) for row in text.split(";") if row.strip()]
    if not all(rows):
        raise BadInput(f"a waypoint must read x,z or x,z@SECONDS^HEADING, such as '2,3@4.5^90deg', got {text!r:.60}")
    places = points(";".join(row[1] for row in rows if row), at_least=1).tolist()
    found: list[tuple[float | None, ...]] = []
    for place, row in zip(places, rows, strict=True):
        assert row
        time = () if row[2] is None else (_seconds("a waypoint's time", row[2], "'2,3@4.5'"),)
        found.append((*place, *time) if row[3] is None else (*place, *(time or (None,)), angle(row[3])))
    return found


def speed(text: str) -> float | list[tuple[float, ...]]:
    """A speed in m/s, or (m/s, s) and (m/s, s, s) of ``V@T; V@START-END; ...``; raises ``BadInput``."""
    if len(text) > MAX_CHARACTERS:
        raise BadInput(f"a speed may take {MAX_CHARACTERS} characters, got {len(text)}")
    rows = [row.partition("@") for row in text.split(";") if row.strip()]
    try:
        if len(rows) == 1 and not rows[0][1]:
            return float(rows[0][0])
        if not rows:
            raise ValueError(text)
        return [(float(value), *_moments(times)) for value, _, times in rows]
    except ValueError as error:
        raise BadInput(
            "a speed must read M_PER_S, or several at their times or spans in seconds, such as '0.8@0; 2@4' or "
            f"'1.2@0-3; 2@3-6', got {text!r:.60}"
        ) from error


def angle(text: str) -> float:
    """Radians of ``1.57``, ``1.57rad``, ``90deg`` or ``90°``; raises ``BadInput``."""
    plain = text.strip()
    unit = next((one for one in ANGLES if plain.endswith(one)), "")
    try:
        value = float(plain.removesuffix(unit))
    except ValueError as error:
        raise BadInput(f"an angle must read 1.57 (radians) or 90deg, got {text!r:.60}") from error
    if not unit and abs(value) > 2 * np.pi:
        raise BadInput(f"an angle of {value:g} radians is more than a turn; for degrees write {value:g}deg")
    return value * ANGLES.get(unit, 1.0)


def degrees(text: str) -> float:
    """Radians of ``90``, ``90deg`` or ``1.57rad``: plain numbers are degrees; raises ``BadInput``."""
    plain = text.strip()
    return angle(plain if plain.endswith(tuple(ANGLES)) else f"{plain}deg")


def is_place(text: str) -> bool:
    """Whether a text is made of numbers and commas: a place, not a name."""
    return "," in text and not any(letter.isalpha() for letter in text)


def place(text: str, flag: str) -> tuple[float, ...]:
    """Metres (x, z) or (x, y, z) of ``x,z`` or ``x,y,z``; raises ``BadInput`` that names the flag."""
    try:
        numbers = tuple(float(word) for word in text.split(","))
    except ValueError:
        numbers = ()
    if len(numbers) not in (2, 3) or not all(np.isfinite(numbers)):
        raise BadInput(f"{flag} takes x,z or x,y,z in metres, such as 1.5,2; got {text:.60}")
    return numbers


def span(text: str) -> tuple[float, float | None]:
    """Seconds of ``START-END`` or ``START-``; raises ``BadInput``."""
    found = _SPAN.fullmatch(text.strip())
    if not found:
        raise BadInput(f"a span must read START-END in seconds, such as '2-3.5', got {text!r:.60}")
    return _ends(found)


def facing(text: str) -> str | float:
    """``along`` or ``free`` as they are, an angle as a number in radians; raises ``BadInput``."""
    return angle(text) if re.match(r"\s*[-+.\d]", text) else text


def parts(names: Iterable[str]) -> tuple[str, ...]:
    """Body parts of names, each of one part, of several (``arms``) or joined by ``+``; raises ``UnknownName``."""
    every = [name.strip() for joined in names for name in joined.split("+")]
    return tuple(dict.fromkeys(part for name in every for part in parts_called(name)))


def timed_text(text: str) -> Text:
    """``TEXT`` for all of the clip, ``TEXT@START-END`` or ``TEXT@START-`` for a span in seconds."""
    prompt, at, tail = text.rpartition("@")
    if not at or not re.match(r"\s*[-+.\d]", tail):  # an @ that no number follows is part of the sentence
        return Text(text.strip())
    found = _SPAN.fullmatch(tail.strip())
    if not found:
        raise BadInput(f"a prompt's time must read TEXT@START-END in seconds, such as 'waves@2-5', got {text!r:.60}")
    return Text(prompt.strip(), *_ends(found))


def part_text(text: str) -> Text:
    """``PART: TEXT`` or ``PART: TEXT@START-END``, several parts joined by ``+``."""
    names, colon, rest = text.partition(":")
    if not colon or not names.strip():
        raise BadInput(f"a part's prompt must read PART: TEXT, such as 'left_arm: waves@2-5', got {text!r:.60}")
    whole = timed_text(rest)
    return Text(whole.prompt, whole.start, whole.end, parts([names]))


def keyframes(path: str, skeleton: Skeleton | None = None) -> tuple[Condition, ...]:
    """The conditions of a file, as ``motion.conditions.kinds`` describes it.

    Args:
        path: a JSON file; clips that it names are looked up beside it.
        skeleton: the body, for clips in files that carry no skeleton.

    Raises:
        BadFile: the file is missing, too large or no JSON.
        MotionError: a condition or a clip in it is not as it should be.
    """
    file = Path(path)
    clips: dict[str, Motion] = {}

    def read(name: str) -> Motion:
        if name not in clips:
            clips[name] = load(file.parent / name, skeleton=skeleton)
        return clips[name]

    try:
        return conditions_from_json(read_json(file, "keyframes"), read)
    except BadFile:
        raise
    except MotionError as error:
        raise BadFile(path, str(error)) from error


def _moments(text: str) -> tuple[float, ...]:
    """Seconds of ``T`` or ``START-END``; raises ``ValueError``."""
    found = _SPAN.fullmatch(text.strip())
    if found and not found[2]:
        raise ValueError(text)
    return (float(found[1]), float(found[2])) if found else (float(text),)


def _seconds(name: str, text: str, example: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise BadInput(f"{name} must be seconds, such as {example}, got {text.strip()!r:.60}") from error


def _ends(found: re.Match[str]) -> tuple[float, float | None]:
    return float(found[1]), float(found[2]) if found[2] else None


def read_json(file: Path, what: str) -> Any:
    """What a small JSON file holds, NaN refused; ``what`` it is a file of, for the error. Raises ``BadFile``."""
    try:
        if not file.is_file():
            raise BadFile(file, "no such file")
        if file.stat().st_size > MAX_BYTES:
            raise BadFile(file, f"a file of {what} may have {MAX_BYTES} bytes, got {file.stat().st_size}")
        return json.loads(file.read_text(encoding="utf-8"), parse_constant=_no_number)
    except OSError as error:
        raise BadFile(file, f"cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        if isinstance(error, BadFile):
            raise
        raise BadFile(file, f"is no JSON: {error}") from error


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
