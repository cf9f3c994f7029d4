"""Two things at once: a sentence taken apart into what the legs do and what the arms do.

"Runs while waving the left hand" was perhaps never recorded; running was, and waving. Where both halves of a sentence
are known and about different parts of the body, each is told to its own parts.
"""

from __future__ import annotations

import re
from dataclasses import replace

from motion.conditions import Text
from motion.generation.known import Known, Nearest

#: Where a sentence may come apart.
_JOINT = re.compile(
    r"[\s,;]*(?:[,;:]|\b(?:while|whilst|as(?! an?\b)|and|with|who|whose|meanwhile|at the same time|during)\b)[\s,;]*",
    re.IGNORECASE,
)

#: What is said of one thing after the other is left as it is.
_IN_TURN = re.compile(r"\b(then|after|afterwards|before|finally|until|later|next|first|once)\b", re.IGNORECASE)

_ARMS = ("left_arm", "right_arm")
_BOTH = re.compile(r"\b(both|two|arms|hands)\b|\bleft\b.*\bright\b|\bright\b.*\bleft\b", re.IGNORECASE)
_SIDE = re.compile(r"\b(left|right)\b", re.IGNORECASE)

#: A half that is less like everything known than this is about something else.
LEAST = 0.55

#: How much less like a half than the nearest phrase one about parts of the body may be.
SLACK = 0.1


def taken_apart(text: Text, known: Known | None) -> tuple[Text, ...]:
    """The text as one for the whole body and one for an arm or both; as it is where it is about one thing."""
    prompt = text.prompt
    if known is None or text.parts or _IN_TURN.search(prompt):
        return (text,)
    halves = [
        (prompt[: joint.start()].strip(), prompt[joint.end() :].strip())
        for joint in _JOINT.finditer(prompt)
        if prompt[: joint.start()].strip() and prompt[joint.end() :].strip()
    ]
    if not halves:
        return (text,)
    found = [_about_parts(near) for near in known.nearest_of_each([half for pair in halves for half in pair], 5)]
    fitting = [
        (min(first.similarity, second.similarity), told)
        for pair, first, second in zip(halves, found[::2], found[1::2], strict=True)
        if (told := _of_halves(text, pair, first, second))
    ]
    likeness, best = max(fitting, key=lambda one: one[0], default=(0.0, (text,)))
    return best if likeness > LEAST else (text,)


def _about_parts(nearest: tuple[Nearest, ...]) -> Nearest:
    """The nearest phrase that is about parts of the body, if it is about as near as the nearest of all; else that."""
    return next((n for n in nearest if n.parts and n.similarity > nearest[0].similarity - SLACK), nearest[0])


def _of_halves(text: Text, halves: tuple[str, str], first: Nearest, second: Nearest) -> tuple[Text, ...] | None:
    """The two texts, that of the legs first; None where the halves are not about legs and arms."""
    moved = {half: _arms_in(half, near) for half, near in zip(halves, (first, second), strict=True)}
    legs = [half for half, near in zip(halves, (first, second), strict=True) if "root" in near.parts]
    arms = [half for half in halves if moved[half] and half not in legs]
    if len(legs) != 1 or len(arms) != 1:
        return None
    return replace(text, prompt=legs[0]), replace(text, prompt=arms[0], parts=moved[arms[0]])


def _arms_in(half: str, near: Nearest) -> tuple[str, ...]:
    """The arms a half is about, if its nearest known phrase is about arms: those it names, else those of the phrase."""
    if not set(near.parts) <= set(_ARMS):
        return ()
    if not near.parts or _BOTH.search(half):
        return _ARMS if near.parts else ()
    side = _SIDE.search(half)
    return (f"{side[1].lower()}_arm",) if side else near.parts
