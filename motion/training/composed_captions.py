"""Captions of composed clips: two phrases in one sentence, in the ways people say it."""

from __future__ import annotations

import re
from random import Random

import numpy as np

from motion.datasets.captions import CONTENTS, SLIPS, STYLED_SUBJECTS, STYLES, SUBJECTS, around, described
from motion.datasets.grammar import OBJECTS, agree, forms, mirrored_caption, punctuated, slipped
from motion.datasets.wording import COMMON

#: Phrases that leave open which hand it is.
ANY_HAND: dict[str, tuple[str, ...]] = {
    "wave": ("*wave", "*wave", "*wave hello", "*wave a hand", "*wave at someone", "*wave at a friend", "*give a wave"),
    "raise": ("*raise a hand", "*lift an arm", "*put a hand up", "*hold a hand up", "*keep an arm raised"),
}

#: What the arms do meanwhile, as said after "with", or alone: "walks with the left hand up", "left hand up, walks".
ONE_ARM: dict[str, tuple[str, ...]] = {
    "raise-up-left-hand": (
        "the left hand up", "the left arm up", "the left hand raised", "the left arm raised", "left hand up",
        "the left hand held high", "the left arm held up", "the left hand in the air", "left arm lifted high",
        "the left arm stretched up", "the left hand above the head", "a raised left hand", "their left hand raised",
        "the left arm pointing to the sky", "their left arm up in the air", "the left hand overhead",
    ),
    "wave-left-hand": (
        "the left hand waving", "the left arm waving", "left hand waving", "a wave of the left hand",
        "the left hand waving hello", "the left hand waving in the air", "a waving left hand", "their left arm waving",
        "the left arm waving from side to side", "the left hand up and waving", "their left hand waving to somebody",
    ),
}  # fmt: skip
ARMS: dict[str, tuple[str, ...]] = {
    **ONE_ARM,
    **{mirrored_caption(name): tuple(map(mirrored_caption, texts)) for name, texts in ONE_ARM.items()},
    "raise-up-both-hands": (
        "both hands up", "both arms up", "both hands raised", "both arms raised", "the hands up", "both arms overhead",
        "both hands in the air", "both arms held high", "the arms lifted above the head", "their hands up in the air",
        "both arms stretched to the sky", "both hands held up",
    ),
    "wave-both-hands": (
        "both hands waving", "both arms waving", "both hands waving in the air", "both arms waving from side to side",
        "a wave of both hands", "both hands up and waving", "their arms both waving", "two waving hands",
    ),
    "bye": ("the right hand waving goodbye", "a goodbye wave of the right hand", "the right arm waving farewell"),
    "byebye": ("both hands waving goodbye", "both arms waving bye-bye", "a goodbye wave of both hands"),
    "guide": ("the right hand showing the way", "the right arm pointing the way", "a this-way gesture on the right"),
    "punch": ("both fists punching", "the fists striking out", "the fists hitting the air"),
}  # fmt: skip

#: Share of captions that leave the hand open, of those that tell the style, and of these the shares of those that tell
#: it by the subject or in front of the sentence.
OPEN, STYLED, BY_SUBJECT, IN_FRONT = 0.25, 0.7, 0.2, 0.15
#: Share of captions that tell the second action by ``ARMS``, that have the most common subjects, words around, and
#: words on where one faces who does not walk ahead.
POSTURE, COMMONLY, AROUND, FACED = 0.35, 0.6, 0.25, 0.15
FACING = ("facing forward", "without turning", "with the eyes ahead", "looking to the front", "facing the camera")
#: Captions per composed clip, and the most words of a phrase in them.
COUNT, MOST_WORDS = 8, 8

#: What makes no sense beside a second action: "wave only the left hand", "stay still", "walk, then turn".
_ALONE = re.compile(
    r",|'|\b(only|not|without|single|just|alone|other|still|while|then|after|before|instead|stays?|one hand)\b"
)
_SHORT = {
    content: tuple(
        phrase
        for phrase in phrases
        if phrase.startswith("*") and len(phrase.split()) <= MOST_WORDS and not _ALONE.search(phrase)
    )
    for content, phrases in CONTENTS.items()
}

#: "walks" and "waves" at the same time: A, B as told (walks), a, b as ordered (walk), Ag, Bg as gerunds (walking),
#: Ap, Bp in the past, A2, B2 after "they".
TOGETHER = (
    "{s} {A} while {Bg}", "{s} {A} and {B}", "{s} {B} while {Ag}", "{s} is {Ag} and {Bg}", "{a} while {Bg}",
    "{a} and {b}", "{Bg} while {Ag}", "{s} {A}, {Bg}", "{s} {A} and at the same time {B}", "{Ag}, {Bg}",
    "{s} {B} as {they} {A2}", "as {s} {A}, {they} {B2}", "while {Ag}, {s} {B}", "{s} is {Ag} while {Bg}",
    "{s} {A}, and meanwhile {they} {B2}", "{s} {A} and {B} at the same time", "{s} {A}, {Bg} all the while",
    "{s} {A} and {B} during it", "{s} {Ag} and {Bg}", "{s} {Ag} while {Bg}", "make {o} {a} and {b} at once",
    "give me a clip of {o} {Ag} while {Bg}", "I want {o} to {a} while {Bg}", "animate {o} {Ag} and {Bg}",
    "{a} and {b} at the same time", "{b} while you {a}", "{a}, and {b} while you do it", "keep {Bg} while you {a}",
    "{s} both {A} and {B}", "{s} {A}; at the same time {they} {B2}", "at the same time {s} {A} and {B}",
    "{s} keeps {Bg} while {Ag}", "can you make {o} {a} while {Bg}", "show {o} {Ag} and {Bg} together",
    "{s} simultaneously {A} and {B}", "please {a} while {Bg}", "character {Ag}, {Bg}",
)  # fmt: skip

#: With the second one's arms told by ``ARMS``: W after "with", w without the article.
WITH_ARMS = (
    "{s} {A} with {W}", "{s} {A}, {W}", "{W}, {s} {A}", "with {W}, {s} {A}", "{w} while {Ag}", "{Ag} with {W}",
    "{a} with {W}", "{s} is {Ag} with {W}", "{Ag}, {w}", "{s} {Ag}, {w}", "{s} {Ag} with {W}", "{a}, {W}",
    "a clip of {o} {Ag} with {W}", "show me {o} {Ag}, {W}", "character {Ag}, {w}",
    "{w} while {s} {A}", "{s} {A} with {W} all the while", "I want {o} to {a} with {W}",
)  # fmt: skip

#: One after the other.
IN_TURN = (
    "{s} {A}, then {B}", "{s} {A} and then {B}", "{a}, then {b}", "{s} is {Ag}, then {B}", "first {s} {A}, then {B}",
    "{s} {B} after {Ag}", "{Ag} and then {Bg}", "{s} {A}, and after that {they} {B2}", "{s} {A} before {Bg}",
    "before {Bg}, {s} {A}", "after {Ag}, {s} {B}", "{s} {A} and finally {B}", "first {a}, next {b}", "{a} and then {b}",
    "{s} first {A} and next {B}", "{s} {A}, stops and {B}", "{s} {A} and stops to {b}",
    "once {s} has finished {Ag}, {they} {B2}",
    "{s} starts by {Ag} and ends by {Bg}", "{s} {A}; afterwards {they} {B2}", "{s} {A}. Then {they} {B2}",
    "to begin with {s} {A}, later {they} {B2}", "give me a clip of {o} {Ag} and then {Bg}", "{a}, after that {b}",
    "I want {o} to {a} and then {b}", "make {o} {a}, then {b}", "{s} goes from {Ag} to {Bg}", "{Ag}, then {Bg}",
    "please {a} and then {b}", "{s} ends up {Bg} after {Ag}", "{s} {A}, followed by {Bg}", "{b} after {Ag}",
    "at first {s} {A}, but then {they} {B2}", "can you make {o} {a} and then {b}", "{s} {Ap} and then {Bp}",
)  # fmt: skip


def together(first: str, style: str | None, second: str, random: np.random.Generator) -> tuple[str, ...]:
    """``COUNT`` sentences for content ``first``, performed in ``style``, done at the same time as ``second``."""
    chooser = Random(int(random.integers(2**32)))
    return tuple(_together(first, style, second, chooser) for _ in range(COUNT))


def in_turn(first: str, second: str, random: np.random.Generator) -> tuple[str, ...]:
    """``COUNT`` sentences for content ``first`` followed by ``second``."""
    chooser = Random(int(random.integers(2**32)))
    return tuple(_combined(IN_TURN, first, None, second, chooser) for _ in range(COUNT))


def _together(first: str, style: str | None, second: str, chooser: Random) -> str:
    if first in ARMS and second in ARMS and chooser.random() < 0.5:
        first, second = second, first
    posture = second in ARMS and chooser.random() < POSTURE
    return _combined(WITH_ARMS if posture else TOGETHER, first, style, second, chooser)


def _combined(templates: tuple[str, ...], first: str, style: str | None, second: str, chooser: Random) -> str:
    template = chooser.choice(templates)
    names_subject = "{s}" in template or "{o}" in template
    subject = chooser.choice(COMMON if chooser.random() < COMMONLY else SUBJECTS)
    subject = described(subject, chooser)
    manner = ""
    if style in STYLES and chooser.random() < STYLED:
        if names_subject and style in STYLED_SUBJECTS and chooser.random() < BY_SUBJECT:
            subject = chooser.choice(STYLED_SUBJECTS[style])
        else:
            manner = chooser.choice(STYLES[style])
    asks = template.startswith(("can", "give", "I ", "show", "a clip"))
    in_front = manner and not asks and chooser.random() < IN_FRONT
    a, b = _phrase(first, chooser), _phrase(second, chooser)
    if first in ("walk-back", "walk-left", "walk-right") and "facing" not in a and chooser.random() < FACED:
        a = f"{a} {chooser.choice(FACING)}"
    fields = _fields(a if in_front else f"{a} {manner}".strip(), b, subject)
    arms = chooser.choice(ARMS.get(second, ("",)))
    text = template.format(W=arms, w=re.sub(r"^(the|a|their) ", "", arms), **fields)
    text = agree(f"{manner}, {text}" if in_front else text, subject if names_subject else "you")
    text = around(text, chooser) if chooser.random() < AROUND else text
    text = slipped(text, chooser) if chooser.random() < SLIPS else text
    return punctuated(text, "?" if text.startswith("can you") else ".", chooser)


def _fields(a: str, b: str, subject: str) -> dict[str, str]:
    """What the templates name, for the phrases ``a`` and ``b``."""
    they = agree("they", subject)
    fields = {"s": subject, "o": OBJECTS.get(subject, subject), "they": they}
    for name, phrase in (("A", a), ("B", b)):
        told = forms(phrase)
        # they wave, but he waves
        fields |= {name: told["A"], name.lower(): told["a"], f"{name}g": told["g"], f"{name}p": told["p"]}
        fields[f"{name}2"] = told["a"] if they == "they" else told["A"]
    return fields


def _phrase(content: str, chooser: Random) -> str:
    open_phrases = ANY_HAND.get(content.split("-")[0]) if content.endswith(("left-hand", "right-hand")) else None
    if open_phrases and chooser.random() < OPEN:
        return chooser.choice(open_phrases)
    return chooser.choice(_SHORT[content])
