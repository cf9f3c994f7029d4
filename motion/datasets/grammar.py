"""From a verb phrase to sentences: forms of English verbs, forms of sentences, and the mistakes people make.

A phrase is a verb phrase with its verbs starred, ``*raise the left hand``; it is put into the forms people use in
prompts: "a person raises the left hand", "someone is raising the left hand", "raise the left hand".
"""

from __future__ import annotations

import random
import re

#: Verbs whose third person or past is formed in no regular way.
_PRESENT = {"have": "has"}
_PAST = {
    "beat": "beat", "bend": "bent", "bid": "bade", "break": "broke", "bring": "brought", "cling": "clung",
    "come": "came", "creep": "crept", "cut": "cut", "do": "did", "draw": "drew", "drive": "drove", "fall": "fell",
    "fight": "fought", "flee": "fled", "get": "got", "give": "gave", "go": "went", "have": "had", "hit": "hit",
    "hold": "held", "keep": "kept", "lay": "laid", "lead": "led", "let": "let", "lie": "lay", "make": "made",
    "meet": "met", "pay": "paid", "put": "put", "rise": "rose", "run": "ran", "say": "said", "see": "saw",
    "send": "sent", "set": "set", "shake": "shook", "shoot": "shot", "sink": "sank", "slay": "slew", "slide": "slid",
    "speed": "sped", "spin": "spun", "spring": "sprang", "stand": "stood", "steal": "stole", "stick": "stuck",
    "stride": "strode", "strike": "struck", "sweep": "swept", "swing": "swung", "take": "took", "tear": "tore",
    "tell": "told", "throw": "threw", "thrust": "thrust", "withdraw": "withdrew",
}  # fmt: skip
#: One short vowel between consonants: the last letter is doubled. (Of longer verbs, one.)
_SHORT = re.compile(r"(?:[^aeiou]|qu)*[aeiou][^aeiouwxy]|sidestep")
_VERB = re.compile(r"\*(\w+)")

#: Forms of sentences: {s} the subject, {o} its form as an object, {A} told (walks), {a} ordered (walk), {g} as a gerund
#: (walking), {p} in the past (walked).
TEMPLATES = {
    "plain": "{s} {A}", "progressive": "{s} is {g}", "order": "{a}", "show": "{s} {g}", "gerund": "{g}",
    "start": "{s} starts to {a}", "make": "make {o} {a}", "past": "{s} {p}",
}  # fmt: skip

#: Subjects that have another form when something is done to them, and words by which a subject is male or female.
OBJECTS = {"he": "him", "she": "her"}
_MALE = {
    "he", "man", "guy", "boy", "waiter", "policeman", "postman", "businessman", "fisherman", "swordsman", "dad",
    "father", "uncle", "husband", "male", "tom", "grandfather", "grandpa", "king", "schoolboy", "doorman",
    "footballer", "macho", "fellow", "monk", "butler", "wizard",
}  # fmt: skip
_FEMALE = {
    "she", "woman", "girl", "waitress", "policewoman", "businesswoman", "mother", "aunt", "wife", "female", "anna",
    "maria", "actress", "heroine", "witch", "lady", "grandmother", "princess", "hostess", "cheerleader",
}  # fmt: skip
_PRONOUNS = {
    "male": {"their": "his", "they": "he", "themselves": "himself"},
    "female": {"their": "her", "they": "she", "themselves": "herself"},
    "you": {"their": "your", "they": "you", "themselves": "yourself"},
    "I": {"their": "my", "they": "I", "themselves": "myself"},
}

_SIDES = {
    "left": "right", "clockwise": "counterclockwise", "counter-clockwise": "clockwise", "anticlockwise": "clockwise",
    "leftwards": "rightwards", "leftward": "rightward",
}  # fmt: skip
_SWAP = _SIDES | {b: a for a, b in _SIDES.items() if a not in ("counter-clockwise", "anticlockwise")}
_SIDE = re.compile(r"\b(" + "|".join(sorted(_SWAP, key=len, reverse=True)) + r")\b", re.IGNORECASE)


def mirrored_caption(text: str) -> str:
    """The caption of the mirror image: left and right, clockwise and counterclockwise exchanged."""

    def exchange(match: re.Match[str]) -> str:
        word = _SWAP[match[0].lower()]
        return word.capitalize() if match[0][0].isupper() else word

    return _SIDE.sub(exchange, text)


def third_person(verb: str) -> str:
    """``waves`` from ``wave``."""
    if verb in _PRESENT:
        return _PRESENT[verb]
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return verb + "es"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + "s"


def progressive(verb: str) -> str:
    """``waving`` from ``wave``."""
    if _SHORT.fullmatch(verb):
        return verb + verb[-1] + "ing"
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe")):
        return verb[:-1] + "ing"
    return verb + "ing"


def past(verb: str) -> str:
    """``waved`` from ``wave``."""
    if verb in _PAST:
        return _PAST[verb]
    if _SHORT.fullmatch(verb):
        return verb + verb[-1] + "ed"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ied"
    return verb + ("d" if verb.endswith("e") else "ed")


def agree(text: str, subject: str) -> str:
    """``their`` and ``they`` as the subject asks for: ``his`` of a man, ``your`` of ``you``."""
    words = set(re.findall(r"[a-z]+", subject.lower()))
    who = subject if subject in _PRONOUNS else "male" if words & _MALE else "female" if words & _FEMALE else ""
    pronouns = _PRONOUNS.get(who, {})
    return re.sub(r"\b(their|they|themselves)\b", lambda m: pronouns.get(m[0], m[0]), text)


def forms(phrase: str) -> dict[str, str]:
    """The starred phrase as ``TEMPLATES`` name it: A told (walks), a ordered (walk), g gerund, p past."""
    return {
        "A": _VERB.sub(lambda m: third_person(m[1]), phrase),
        "a": _VERB.sub(r"\1", phrase),
        "g": _VERB.sub(lambda m: progressive(m[1]), phrase),
        "p": _VERB.sub(lambda m: past(m[1]), phrase),
    }


def sentence(phrase: str, form: str, subject: str = "a person") -> str:
    """A starred phrase as a sentence.

    Args:
        phrase: such as ``*walk and *turn left``. What stands before the first star goes before the whole sentence.
        form: ``plain`` (a person walks), ``progressive`` (a person is walking), ``order`` (walk), ``gerund`` (walking),
            ``start`` (a person starts to walk), ``show`` (a person walking), ``make`` (make a person walk), ``past``
            (a person walked), or a template like those of ``TEMPLATES``.
        subject: who does it.
    """
    before, star, rest = phrase.partition("*")
    template, phrase = TEMPLATES.get(form, form), star + rest
    told = template.format(s=subject, o=OBJECTS.get(subject, subject), **forms(phrase))
    if "{s}" in template or "{o}" in template:
        return agree(before + told, subject)
    if "{a}" in template:
        return agree(before + told, "I" if template.startswith("I ") else "you")
    return before + told


def learner(phrase: str, subject: str, chooser: random.Random) -> str:
    """The phrase as told by someone who learns English: articles and the verb's ending are missing."""
    text = sentence(phrase, chooser.choice(("{s} {a}", "{s} {g}", "{s} {A}", "{s} is {a}", "{s} {a}")), subject)
    return re.sub(r"\b(a|an|the) (?=[\w'])", lambda m: "" if chooser.random() < 0.8 else m[0], text)


def slipped(text: str, chooser: random.Random) -> str:
    """The text with one slip of the keyboard: a letter missing, doubled, or exchanged with the next one.

    Words that tell a side stay as they are: ``mirrored_caption`` must find them.
    """
    sides = {i for match in _SIDE.finditer(text) for i in range(match.start() - 1, match.end())}
    places = [i for i in range(len(text) - 1) if text[i : i + 2].isalpha() and i not in sides]
    if not places:
        return text
    i = chooser.choice(places)
    slips = (text[:i] + text[i + 1 :], text[:i] + text[i] + text[i:], text[:i] + text[i + 1] + text[i] + text[i + 2 :])
    return chooser.choice(slips)


def punctuated(text: str, end: str, chooser: random.Random) -> str:
    """With or without a capital letter and a mark at the ``end``, as people type."""
    if chooser.random() < 0.3:
        text = re.sub(r"(^|\. )([a-z])", lambda m: m[1] + m[2].upper(), text)
    return text + end if chooser.random() < 0.3 and text[-1].isalnum() else text
