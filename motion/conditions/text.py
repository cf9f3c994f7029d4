"""Text: what the person does, in words, during a span of time."""

from __future__ import annotations

from dataclasses import dataclass

from motion.core.errors import BadInput

#: Longest prompt accepted, in characters.
MAX_PROMPT = 1000


@dataclass(frozen=True)
class Text:
    """A sentence that holds from ``start`` to ``end`` seconds (None: to the end of the clip).

    ``parts`` names the parts of the body it is about; none: the whole body.
    """

    prompt: str
    start: float = 0.0
    end: float | None = None
    parts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.prompt.strip():
            raise BadInput("the prompt is empty; say what the person does, such as 'a person walks forward'")
        if len(self.prompt) > MAX_PROMPT:
            raise BadInput(f"the prompt has {len(self.prompt)} characters; at most {MAX_PROMPT} are read")
        if any("\ud800" <= letter <= "\udfff" for letter in self.prompt):
            raise BadInput("the prompt is not valid Unicode text; was it typed or sent in another encoding than UTF-8?")
        if self.start < 0 or (self.end is not None and self.end <= self.start):
            raise BadInput(f"a text's span must start at 0 s or later and end after it starts, got {self.span()}")

    def span(self) -> tuple[float, float | None]:
        """Start and end in seconds."""
        return self.start, self.end
