"""A recipe: everything that the page lets one choose, as plain JSON; kept with every result, and gives it again."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from app.request import STEPS, Request
from app.timeline import timeline_of
from motion.body import default_body
from motion.core.errors import BadInput, UnknownName

MAX_ROWS = 20
MAX_PROMPT = 500
MAX_SECONDS = 600.0
MAX_VARIATIONS = 8
MAX_POINTS = 200

#: m from the middle of the floor to where one may still walk.
MAX_PLACE = 200.0

#: Seconds of a sentence in a row of several that does not say how long it lasts.
ROW_SECONDS = 3.0

#: Seconds of a clip of one sentence that does not say how long it lasts, and that follows no path.
CLIP_SECONDS = 5.0


@dataclass(frozen=True)
class Row:
    """A sentence and how many seconds it lasts; None: as long as is usual."""

    text: str
    seconds: float | None = None


@dataclass(frozen=True)
class Recipe:
    """One order from the page.

    Attributes:
        prompts: what the person does, one after another.
        seed: fixes the result.
        variations: how many different clips, 1 to 8.
        speed: m/s over the ground, or None.
        steps: sampling steps, or None for what the model is made for.
        path: places (x, z) m to walk through; a single one is walked to from (0, 0).
        loop: the end runs into the beginning.
        in_place: the way over the ground is taken out.
        mirror: left and right are exchanged.
    """

    prompts: tuple[Row, ...]
    seed: int = 0
    variations: int = 1
    speed: float | None = None
    steps: int | None = None
    path: tuple[tuple[float, float], ...] = ()
    loop: bool = False
    in_place: bool = False
    mirror: bool = False

    @classmethod
    def from_json(cls, data: object) -> Recipe:
        """A recipe from untrusted JSON; raises ``BadInput`` or ``UnknownName``."""
        if not isinstance(data, Mapping):
            raise BadInput(f"a recipe must be a JSON object, got {data!r:.60}")
        known = [entry.name for entry in fields(cls)]
        for name in data:
            if name not in known:
                raise UnknownName("recipe field", str(name)[:60], known)
        steps = data.get("steps")
        if steps is not None and steps not in STEPS:
            raise BadInput(f"steps must be one of {', '.join(map(str, STEPS))}, got {steps!r:.60}")
        return cls(
            prompts=_rows(data.get("prompts")),
            seed=_whole("seed", data.get("seed", 0), 0, 2**32 - 1),
            variations=_whole("variations", data.get("variations", 1), 1, MAX_VARIATIONS),
            speed=None if data.get("speed") is None else _number("speed", data["speed"], 0.0, 6.0),
            steps=None if steps is None else int(steps),
            path=_places(data.get("path", ())),
            **{name: _yes(name, data) for name in ("loop", "in_place", "mirror")},
        )

    def to_json(self) -> dict[str, Any]:
        """A JSON object from which ``from_json`` makes an equal recipe."""
        return {**asdict(self), "prompts": [asdict(row) for row in self.prompts], "path": [list(p) for p in self.path]}

    @property
    def title(self) -> str:
        """The sentences on one line."""
        return ", then ".join(row.text for row in self.prompts)

    def check(self) -> None:
        """Raise the ``MotionError`` that making this would, before anybody waits for it."""
        timeline_of(self.to_request(["clip.glb"]), default_body().skeleton())

    def to_request(self, out: Sequence[str]) -> Request:
        """The request that this comes to, its files written to ``out``; raises ``MotionError``."""
        path = ((0.0, 0.0), *self.path) if len(self.path) == 1 else self.path
        asked: dict[str, Any] = {
            "seed": self.seed, "samples": self.variations, "speed": self.speed, "steps": self.steps, "path": path,
            "loop": self.loop, "in_place": self.in_place, "mirror": self.mirror,
        }  # fmt: skip
        first, *others = self.prompts
        if not others:
            seconds = first.seconds if first.seconds is not None or path else CLIP_SECONDS
            return Request(first.text, tuple(out), duration=seconds, **asked)
        texts, begin = [], 0.0
        for row in self.prompts:
            end = begin + (ROW_SECONDS if row.seconds is None else row.seconds)
            texts.append({"kind": "text", "prompt": row.text, "start": begin, "end": end})
            begin = end
        return Request(None, tuple(out), texts=tuple(texts), duration=begin, **asked)


def _rows(value: object) -> tuple[Row, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        raise BadInput("say what the person does, such as 'a person walks forward'")
    if len(value) > MAX_ROWS:
        raise BadInput(f"at most {MAX_ROWS} sentences follow one another, got {len(value)}")
    return tuple(_row(one) for one in value)


def _row(value: object) -> Row:
    if not isinstance(value, Mapping) or not isinstance(value.get("text"), str):
        raise BadInput(f"each of prompts must be an object with text and seconds, got {value!r:.60}")
    text, seconds = " ".join(value["text"].split()), value.get("seconds")
    if not text:
        raise BadInput("a sentence is empty; say what the person does, or take its row away")
    if len(text) > MAX_PROMPT:
        raise BadInput(f"a sentence has {len(text)} characters; at most {MAX_PROMPT} are read")
    return Row(text, None if seconds is None else _number("seconds", seconds, 0.5, MAX_SECONDS))


def _places(value: object) -> tuple[tuple[float, float], ...]:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > MAX_POINTS:
        raise BadInput(f"path must be a list of at most {MAX_POINTS} places [x, z]")
    places = []
    for one in value:
        if not isinstance(one, Sequence) or isinstance(one, str) or len(one) != 2:
            raise BadInput(f"each place of a path must be [x, z] in metres, got {one!r:.60}")
        x, z = (_number("each number of a path", number, -MAX_PLACE, MAX_PLACE) for number in one)
        places.append((x, z))
    return tuple(places)


def _number(name: str, value: object, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadInput(f"{name} must be a number, got {value!r:.60}")
    if not low <= value <= high:
        raise BadInput(f"{name} must be {low:g} to {high:g}, got {value:g}")
    return float(value)


def _whole(name: str, value: object, low: int, high: int) -> int:
    number = _number(name, value, low, high)
    if number != int(number):
        raise BadInput(f"{name} must be a whole number, got {number:g}")
    return int(number)


def _yes(name: str, data: Mapping[str, Any]) -> bool:
    value = data.get(name, False)
    if not isinstance(value, bool):
        raise BadInput(f"{name} must be true or false, got {value!r:.60}")
    return value
