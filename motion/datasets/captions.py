"""Captions made by templates from labels, in varied wording. Everything from here is marked as made by a template.

What is done is in ``phrases``, the words around it in ``wording``, the forms of sentences in ``grammar``.
"""

from __future__ import annotations

import random
import re
import zlib

from motion.datasets.grammar import OBJECTS, agree, learner, progressive, punctuated, sentence, slipped, third_person
from motion.datasets.phrases import ADDITIONS, CLAUSES, CONTENTS, DOERS, HDM05, NOTES
from motion.datasets.wording import COMMON, DETAILS, LEADS, SCENES, STYLED_SUBJECTS, STYLES, SUBJECTS, TRAILS

__all__ = [
    "CONTENTS", "HDM05", "OBJECTS", "STYLED_SUBJECTS", "STYLES", "SUBJECTS", "around", "bandai_captions",
    "content_paraphrases", "described", "hdm05_captions", "paraphrases", "progressive", "sentence",
    "slipped", "third_person",
]  # fmt: skip

#: Forms in the order in which a clip's sentences take them: plain ones most often.
FORMS = ("plain", "progressive", "plain", "order", "show", "plain", "gerund", "start", "order", "make", "past")

#: Forms in which people ask for a clip, and those that need an indefinite subject ("a man who walks").
REQUESTS = (
    "give me a clip of {o} {g}", "show me {o} {g}", "animate {o} {g}", "I need a clip of {o} {g}", "I want {o} to {a}",
    "create an animation of {o} {g}", "generate {o} {g}", "can you make {o} {a}", "could you show {o} {g}",
    "please {a}", "please make {o} {a}", "please animate {o} {g}", "let {o} {a}", "have {o} {a}", "{s} should {a}",
    "{s} must {a}", "{s} has to {a}", "{s} wants to {a}", "{s} decides to {a}", "{s} can be seen {g}", "we see {o} {g}",
    "a video of {o} {g}", "motion capture of {o} {g}", "an animation in which {s} {A}", "a clip where {s} {A}",
    "make it so that {s} {A}", "{s} is asked to {a}", "{s} begins to {a}", "it shows {o} {g}", "imagine {o} {g}",
    "I am looking for a clip of {o} {g}", "the animation shows {o} {g}", "what does it look like when {s} {A}",
    "the video shows how {s} {A}", "try to {a}", "you {a}", "now {a}", "just {a}", "I {a}", "I want to see {o} {g}",
    "could you {a}", "the task is to {a}", "animation: {g}", "{s}: {g}", "{s}, {g}", "you should {a}", "{s} will {a}",
    "{s} is going to {a}", "time to {a}", "I would like {o} to {a}", "get {o} to {a}", "here {s} {A}",
    "make {o} start {g}", "in this clip {s} {A}", "we watch how {s} {A}", "I am going to {a}", "I want to {a}",
)  # fmt: skip
OF_ANYBODY = (
    "I want {s} who {A}", "animate {s} who is {g}", "{s} who {A}", "{s} who is {g}", "there is {s} {g}",
    "there is {s} who {A}", "I need {s} who {A}", "show {s} that {A}", "give me {s} who is {g}", "this is {s} {g}",
)  # fmt: skip
#: Forms of notes: {n} the noun, {s} the subject.
NOTE_FORMS = (
    "{n}", "{n}", "character, {n}", "{n} animation", "animation: {n}", "NPC, {n}", "NPC {n}", "{s}, {n}", "clip: {n}",
    "{n}, game character", "mocap, {n}", "player character, {n}", "{s}: {n}", "{n}, full body", "I need this: {n}",
    "character {n}", "{n} for a game character", "one clip, {n}", "humanoid, {n}", "{n}, single take",
)  # fmt: skip

#: Share of sentences that are plain and short, and of the others: with words around, as clauses, notes, by learners,
#: as requests; with details about the subject, and with an addition of the content's own.
SIMPLE, AROUND, DESCRIBED = 0.42, 0.55, 0.15
KINDS = {"clause": 0.12, "note": 0.12, "learner": 0.08, "request": 0.36, "of anybody": 0.07, "form": 0.25}
ADDED = 0.25

#: Share of sentences with a style, of those the shares that name it by the subject and in front; of subjects known for
#: what they do; and of sentences with a slip of the keyboard.
STYLED, BY_SUBJECT, IN_FRONT, BY_DOER, SLIPS = 0.85, 0.25, 0.12, 0.15, 0.07
#: Share of plain sentences with an adverb that have it before the verb.
IN_MIDDLE = 0.3

_ADVERB = re.compile(r"\w+ly")
_QUESTION = re.compile(r"(can|could|what) ")
_WISH = re.compile(r"(can|could|what|I|give|show|a clip|an animation) ")


def paraphrases(
    phrases: tuple[str, ...],
    styles: tuple[str, ...],
    key: str,
    count: int,
    subjects: tuple[str, ...] = (),
    content: str = "",
) -> list[str]:
    """``count`` different sentences, the same ones for the same ``key`` on every machine.

    Args:
        phrases: starred verb phrases.
        styles: how it is done, such as ``angrily``; may be empty texts.
        key: such as the id of a clip.
        count: how many; fewer where the words do not suffice.
        subjects: who does it, where that tells the style.
        content: the key of ``NOTES``, ``CLAUSES``, ``ADDITIONS`` and ``DOERS``, where there are any for it.
    """
    chooser = random.Random(zlib.crc32(key.encode()))
    chosen: list[str] = []
    order = chooser.sample(phrases, len(phrases))
    first = chooser.randrange(len(FORMS))
    for i in range(count * 3):
        form = FORMS[(first + i) % len(FORMS)]
        text = _told(order[i % len(order)], form, styles, subjects, content, chooser)
        text = slipped(text, chooser) if chooser.random() < SLIPS else text
        if text not in chosen:
            chosen.append(text)
        if len(chosen) == count:
            break
    return chosen


def _told(
    phrase: str, form: str, styles: tuple[str, ...], subjects: tuple[str, ...], content: str, chooser: random.Random
) -> str:
    """One sentence for the phrase; ``form`` is taken where it is a plain one."""
    styled = chooser.random() < STYLED
    by_subject = bool(styled and subjects) and chooser.random() < BY_SUBJECT
    doers = DOERS.get(content) if chooser.random() < BY_DOER else None
    subject = chooser.choice(subjects if by_subject else doers or (COMMON if chooser.random() < 0.5 else SUBJECTS))
    manner = chooser.choice(styles) if styled and not by_subject else ""
    simple = chooser.random() < SIMPLE
    kind = "form" if simple else chooser.choices(list(KINDS), list(KINDS.values()))[0]
    subject = subject if simple or kind == "of anybody" else described(subject, chooser)
    if by_subject and (kind == "clause" or form in ("order", "gerund")):
        kind, form = "form", "plain"  # the subject must be named
    if kind == "form" and form == "plain" and _ADVERB.fullmatch(manner) and chooser.random() < IN_MIDDLE:
        form, manner = f"{{s}} {manner} {{A}}", ""
    text = _core(phrase, form, kind, subject, by_subject, content, chooser)
    question, wish = _QUESTION.match(text), _WISH.match(text)
    if not simple and content in ADDITIONS and chooser.random() < ADDED:
        text = _with(text, chooser.choice(ADDITIONS[content]), chooser)
    manner = agree(manner, subject)
    if manner and not wish and kind != "note" and chooser.random() < IN_FRONT:
        text = f"{manner}, {text}"
    elif manner:
        text = f"{text}{',' if kind == 'note' else ''} {manner}"
    if not simple and chooser.random() < AROUND:
        text = around(text, chooser)
    called = kind == "form" and form == "order" and chooser.random() < 0.5
    return punctuated(text, "?" if question else "!" if called else ".", chooser)


def _core(
    phrase: str, form: str, kind: str, subject: str, by_subject: bool, content: str, chooser: random.Random
) -> str:
    """Who does what, as one of ``KINDS``; in ``form`` where there are no words of that kind."""
    if kind == "clause" and content in CLAUSES:
        return agree(chooser.choice(CLAUSES[content]), subject)
    if kind == "note" and content in NOTES:
        named = "{s}, {n}" if by_subject else chooser.choice(NOTE_FORMS)
        return named.format(n=chooser.choice(NOTES[content]), s=subject)
    if kind == "learner":
        return learner(phrase, subject, chooser)
    if kind in ("request", "of anybody") and phrase.startswith("*"):
        anybody = kind == "of anybody" and subject.split()[0] in ("a", "an", "one", "someone", "somebody")
        form = chooser.choice(OF_ANYBODY if anybody else REQUESTS)
        if by_subject and "{s}" not in form and "{o}" not in form:
            form = "{s} will {a}"
    return sentence(phrase, form, subject)


def described(subject: str, chooser: random.Random) -> str:
    """Now and then with a detail about somebody: ``a man in a blue jacket``."""
    if subject.split()[0] in ("a", "an", "the") and chooser.random() < DESCRIBED:
        return f"{subject} {chooser.choice(DETAILS)}"
    return subject


def _with(text: str, addition: str, chooser: random.Random) -> str:
    """The text with an addition that does not repeat its words."""
    if addition.split()[-1] in text.split():
        return text
    loose = addition.startswith(
        ("at ", "as ", "with", "from", "around", "by ", "in ", "out ", "while", "high", "facing")
    )
    return f"{text} {addition}" if loose and chooser.random() < 0.7 else f"{text}, {addition}"


def around(text: str, chooser: random.Random) -> str:
    """The sentence with words about place, time or occasion behind it, in front of it, or in a sentence before."""
    where = chooser.choice(("trail", "trail", "lead", "lead", "scene", "trail and scene"))
    if "trail" in where:
        text = f"{text} {chooser.choice(TRAILS)}"
    if where == "lead":
        text = f"{chooser.choice(LEADS)}{',' if chooser.random() < 0.8 else ''} {text}"
    if "scene" in where:
        text = f"{chooser.choice(SCENES)}. {text}"
    return text


def content_paraphrases(content: str, style: str, key: str, count: int = 14) -> list[str]:
    """Sentences for a Bandai-Namco clip in other words than its labels; none for a content not in ``CONTENTS``."""
    if content not in CONTENTS:
        return []
    subjects = STYLED_SUBJECTS.get(style, ())
    return paraphrases(CONTENTS[content], STYLES.get(style, ("",)), key, count, subjects, content)


def plain_orders(content: str) -> list[str]:
    """Every phrase of a content or class as a bare order; none for what has no phrases."""
    phrases = CONTENTS.get(content) or HDM05.get(content) or ()
    return [sentence(phrase, "order") for phrase in phrases]


def bandai_captions(content: str, style: str) -> list[str]:
    """Plain sentences from the labels in a Bandai-Namco file name, for files that come without captions."""
    phrase = CONTENTS.get(content, (f"*perform the action {content.replace('-', ' ')}",))[0]
    text = sentence(phrase, "plain")
    return [f"{text} {STYLES.get(style, (style,))[0]}".strip() + ".", f"{text}."]


def hdm05_captions(content: str) -> list[str]:
    """Sentences for an HDM05 class, every phrase in three forms and as many others for a class that ``HDM05`` knows.

    A class not in ``HDM05`` gives its name in words.
    """
    plain = re.sub(r"\d+(Reps|Steps|hops)", "", content)
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", plain).lower()
    phrases = HDM05.get(content, (f"*perform the action {words}",))
    texts = [
        sentence(phrase, form, COMMON[(i + j) % len(COMMON)])
        for i, phrase in enumerate(phrases)
        for j, form in enumerate(("plain", "progressive", "order"))
    ]
    more = paraphrases(phrases, ("",), content, 3 * len(phrases)) if content in HDM05 else []
    return texts + [text for text in more if text not in texts]
