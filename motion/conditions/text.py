"""Text: what the person does, in words, during a span of time, with all of the body or with some of its parts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from motion.conditions.checked import Load, entries, sequence, span, word
from motion.core.body_parts import BODY_PARTS
from motion.core.errors import BadInput, UnknownName

#: Longest prompt accepted, in characters.
MAX_PROMPT = 1000


@dataclass(frozen=True)
class Text:
    """A sentence that holds from ``start`` to ``end`` seconds (None: to the end of the clip); spans may overlap.

    ``parts`` names the body parts it holds for, of ``BODY_PARTS``; none means all of the body.
    """

    prompt: str
    start: float = 0.0
    end: float | None = None
    parts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not word("a prompt", self.prompt).strip():
            raise BadInput("the prompt is empty; say what the person does, such as 'a person walks forward'")
        if len(self.prompt) > MAX_PROMPT:
            raise BadInput(f"the prompt has {len(self.prompt)} characters; at most {MAX_PROMPT} are read")
        if any("\ud800" <= letter <= "\udfff" for letter in self.prompt):
            raise BadInput("the prompt is not valid Unicode text; was it typed or sent in another encoding than UTF-8?")
        start, end = span("text", self.start, self.end)
        object.__setattr__(self, "start", start)
        object.__setattr__(self, "end", end)
        object.__setattr__(self, "parts", checked_parts("a text's parts", self.parts))

    def span(self) -> tuple[float, float | None]:
        """Start and end in seconds."""
        return self.start, self.end

    def to_json(self) -> dict[str, Any]:
        """A JSON object from which ``from_json`` makes an equal text."""
        return {"kind": "text", **asdict(self), "parts": list(self.parts)}

    @classmethod
    def from_json(cls, data: Any, load: Load | None = None) -> Text:
        """A text from a JSON object; raises ``BadInput`` or ``UnknownName``."""
        return cls(**entries("text", data, ("prompt",), ("start", "end", "parts")))


def checked_parts(name: str, parts: object) -> tuple[str, ...]:
    """Names of body parts, each at most once, in the order of ``BODY_PARTS``."""
    names = [word(f"each of {name}", part) for part in sequence(name, parts, len(BODY_PARTS))]
    for part in names:
        if part not in BODY_PARTS:
            raise UnknownName("body part", part, BODY_PARTS)
    return tuple(part for part in BODY_PARTS if part in names)
