"""What a prompt says of the way to a seat: the network, told to sit down, would do so on the floor, at once."""

from __future__ import annotations

import re

#: Sitting and lying with what joins it to the rest, and where: "and then sits down on the old sofa".
_REST = re.compile(
    r"(?:\s*,)?(?:\s+(?:and|then|to|before|until))*\s*\b(?:sits?|sitting|seated|lies|lie|lying|lays?)\b(?:\s+down)?"
    r"(?:\s+(?:on|in|into|onto|at)\s+(?:\w+\s+){0,3}?(?:chair|armchair|sofa|couch|bench|stool|bed|seat|floor|it)\b)?",
    re.IGNORECASE,
)

#: Words that tell of a way already.
_GOES = re.compile(r"\b(?:walk|go|goes|run|jog|stroll|stride|step|sneak|hurr|dash|march|limp|wander)\w*", re.IGNORECASE)


def on_the_way(prompt: str) -> str:
    """The prompt without sitting and lying, walking in their place where it tells of no way."""
    walks = "" if _GOES.search(prompt) else " walks"
    said = " ".join(_REST.sub(walks, prompt, count=1).split())
    said = " ".join(_REST.sub("", said).split()).strip(" ,")
    return said or "a person walks"
