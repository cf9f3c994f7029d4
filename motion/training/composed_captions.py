"""Captions of composed clips: two phrases in one sentence, in the ways people say it."""

from __future__ import annotations

import numpy as np

from motion.datasets.captions import CONTENTS, STYLES, SUBJECTS, sentence

#: Phrases that leave open which hand it is.
ANY_HAND: dict[str, tuple[str, ...]] = {
    "wave": ("*wave", "*wave", "*wave hello", "*wave a hand", "*wave at someone"),
    "raise": ("*raise a hand", "*lift an arm", "*put a hand up"),
}

#: Share of captions that leave the hand open, of those that tell the style, and captions per composed clip.
OPEN, STYLED, COUNT = 0.3, 0.5, 4

#: "walks" and "waves" at the same time: A, B as told (walks), a, b as ordered (walk), As, Bs as gerunds (walking).
TOGETHER = (
    "{subject} {A} while {Bs}",
    "{subject} {A} and {B}",
    "{subject} {B} while {As}",
    "{subject} is {As} and {Bs}",
    "{a} while {Bs}",
    "{a} and {b}",
    "{Bs} while {As}",
    "{subject} {A}, {Bs}",
    "{subject} {A} and at the same time {B}",
)

#: One after the other.
IN_TURN = (
    "{subject} {A}, then {B}",
    "{subject} {A} and then {B}",
    "{a}, then {b}",
    "{subject} is {As}, then {B}",
    "first {subject} {A}, then {B}",
    "{subject} {B} after {As}",
    "{As} and then {Bs}",
)


def together(first: str, style: str | None, second: str, random: np.random.Generator) -> tuple[str, ...]:
    """Sentences for content ``first``, performed in ``style``, done at the same time as ``second``."""
    return tuple(_combined(TOGETHER, first, style, second, random) for _ in range(COUNT))


def in_turn(first: str, second: str, random: np.random.Generator) -> tuple[str, ...]:
    """Sentences for content ``first`` followed by ``second``."""
    return tuple(_combined(IN_TURN, first, None, second, random) for _ in range(COUNT))


def _combined(
    templates: tuple[str, ...], first: str, style: str | None, second: str, random: np.random.Generator
) -> str:
    a, b = _phrase(first, random), _phrase(second, random)
    if style and random.random() < STYLED:
        a = f"{a} {random.choice(STYLES.get(style, ('',)))}".strip()
    fields = {"subject": random.choice(SUBJECTS)}
    for name, phrase in (("A", a), ("B", b)):
        fields |= {
            name: sentence(phrase, "plain", "").strip(),
            name.lower(): sentence(phrase, "order"),
            name + "s": sentence(phrase, "gerund"),
        }
    return str(random.choice(templates)).format(**fields)


def _phrase(content: str, random: np.random.Generator) -> str:
    open_phrases = ANY_HAND.get(content.split("-")[0]) if content.endswith(("left-hand", "right-hand")) else None
    if open_phrases and random.random() < OPEN:
        return str(random.choice(open_phrases))
    return str(random.choice(CONTENTS[content]))
