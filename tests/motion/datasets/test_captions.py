import random
import re

import pytest

from motion.datasets.captions import (
    CONTENTS,
    HDM05,
    STYLED_SUBJECTS,
    STYLES,
    SUBJECTS,
    bandai_captions,
    content_paraphrases,
    hdm05_captions,
)
from motion.datasets.grammar import learner, mirrored_caption, past, progressive, sentence, slipped, third_person
from motion.datasets.phrases import ADDITIONS, CLAUSES, DOERS, NOTES
from motion.datasets.wording import DETAILS, LEADS, SCENES, TRAILS

OTHER = {"left": "right", "right": "left"}
#: How a phrase may name the side it is not about.
CONTRAST = re.compile(
    r"\bnot\b|instead of|stays? down|hanging|hangs|does nothing|alone|at the side|in the pocket|hand down"
)


@pytest.mark.parametrize(
    ("verb", "third", "ing"),
    [("wave", "waves", "waving"), ("run", "runs", "running"), ("dash", "dashes", "dashing"), ("lie", "lies", "lying"),
     ("carry", "carries", "carrying"), ("go", "goes", "going"), ("punch", "punches", "punching"),
     ("squat", "squats", "squatting"), ("veer", "veers", "veering"), ("bow", "bows", "bowing"),
     ("stay", "stays", "staying"), ("have", "has", "having"), ("wag", "wags", "wagging"),
     ("beckon", "beckons", "beckoning"),
     ("sidestep", "sidesteps", "sidestepping"), ("tiptoe", "tiptoes", "tiptoeing"), ("quit", "quits", "quitting")],
)  # fmt: skip
def test_verbs(verb: str, third: str, ing: str) -> None:
    assert third_person(verb) == third
    assert progressive(verb) == ing


@pytest.mark.parametrize(
    ("verb", "was"),
    [("wave", "waved"), ("run", "ran"), ("step", "stepped"), ("cry", "cried"), ("swing", "swung"), ("lift", "lifted"),
     ("jog", "jogged"), ("sidestep", "sidestepped"), ("lie", "lay"), ("stay", "stayed"), ("put", "put")],
)  # fmt: skip
def test_the_past(verb: str, was: str) -> None:
    assert past(verb) == was


@pytest.mark.parametrize(
    ("subject", "told"),
    [("a waitress", "a waitress raises her arm and runs as fast as she can"),
     ("a man in a red coat", "a man in a red coat raises his arm and runs as fast as he can"),
     ("a nurse", "a nurse raises their arm and runs as fast as they can")],
)  # fmt: skip
def test_pronouns_agree_with_the_subject(subject: str, told: str) -> None:
    phrase = "*raise their arm and *run as fast as they can"
    assert sentence(phrase, "plain", subject) == told
    assert sentence(phrase, "order", subject) == "raise your arm and run as fast as you can"
    assert sentence("*raise their arm", "I {a}") == "I raise my arm"
    assert sentence("*raise their arm", "make", "she") == "make her raise her arm"


def test_what_stands_before_the_verb_goes_in_front() -> None:
    phrase = "with the left hand *wave to the crowd"
    assert sentence(phrase, "plain", "a man") == "with the left hand a man waves to the crowd"
    assert sentence(phrase, "order") == "with the left hand wave to the crowd"


def test_sentences() -> None:
    phrase = "*walk forward, then *raise their left hand"
    assert sentence(phrase, "plain") == "a person walks forward, then raises their left hand"
    assert sentence(phrase, "progressive", "someone") == "someone is walking forward, then raising their left hand"
    assert sentence(phrase, "order") == "walk forward, then raise your left hand"
    assert sentence(phrase, "gerund") == "walking forward, then raising their left hand"


@pytest.mark.parametrize("content", CONTENTS)
def test_no_phrase_names_the_other_side_or_way(content: str) -> None:
    side = next((side for side in ("left", "right", "both") if side in content.split("-")), "")
    for phrase in CONTENTS[content] + NOTES[content] + CLAUSES[content]:
        words = set(re.findall(r"[a-z]+", phrase))
        if side in OTHER:
            assert words & {side, f"{side}wards"}, phrase
            assert OTHER[side] not in words or CONTRAST.search(phrase), phrase
        elif side == "both":
            named = words & {"both", "two"} or {"left", "right"} <= words or words & {"hands", "arms"}
            assert named, phrase
        elif content in ("bye", "guide", "kick", "respond"):
            assert ("left" if content != "respond" else "right") not in words or CONTRAST.search(phrase), phrase
        else:
            assert len(words & {"left", "right"}) != 1, phrase
    for addition in ADDITIONS.get(content, ()):
        assert side in OTHER or side == "both" or not re.search(r"\b(left|right)\b", addition)
        if side in OTHER and OTHER[side] in addition:
            assert CONTRAST.search(addition) or "down" in addition, addition


def test_every_phrase_has_a_star_and_no_blank_to_spare() -> None:
    for phrases in (*CONTENTS.values(), *HDM05.values()):
        for phrase in phrases:
            assert re.search(r"(^| )\*[a-z]", phrase) and "  " not in phrase and phrase == phrase.strip(), phrase
    for texts in (*NOTES.values(), *CLAUSES.values(), *ADDITIONS.values(), *DOERS.values()):
        assert texts and not any("*" in text for text in texts)


@pytest.mark.parametrize("table", [CONTENTS, NOTES, CLAUSES, ADDITIONS])
def test_left_and_right_are_said_alike(table: dict[str, tuple[str, ...]]) -> None:
    sided = [content for content in table if "left" in content]
    assert len(sided) >= 4
    for content in sided:
        assert table[mirrored_caption(content)] == tuple(map(mirrored_caption, table[content]))
        assert tuple(map(mirrored_caption, table[mirrored_caption(content)])) == table[content]


def test_the_words_around_say_nothing_of_sides_or_actions() -> None:
    taken = re.compile(r"\b(left|right|wav\w+|walk\w*|run\w*|jog\w*|bow\w*|danc\w+|kick\w*|punch\w*|rais\w+|turn\w*)\b")
    around = (*SUBJECTS, *DETAILS, *TRAILS, *LEADS, *SCENES)
    manners = [text for texts in (*STYLES.values(), *STYLED_SUBJECTS.values()) for text in texts]
    assert not [text for text in (*around, *manners) if taken.search(text)]
    assert len(set(SUBJECTS)) >= 120 and len(set(TRAILS)) >= 120 and len(set(LEADS)) >= 100
    assert all(len(set(texts)) >= 12 for texts in STYLES.values())
    assert all(len(set(texts)) >= 8 for texts in STYLED_SUBJECTS.values())


def test_phrases_are_not_shared_between_contents() -> None:
    owners: dict[str, str] = {}
    for content, phrases in CONTENTS.items():
        assert len(set(phrases)) == len(phrases) >= 34
        for phrase in phrases:
            assert content.startswith("dance") or phrase not in owners, (phrase, owners.get(phrase))
            owners[phrase] = content


def test_paraphrases_are_many_different_and_repeatable() -> None:
    first = content_paraphrases("raise-up-left-hand", "angry", "clip 1")
    assert first == content_paraphrases("raise-up-left-hand", "angry", "clip 1")
    assert first != content_paraphrases("raise-up-left-hand", "angry", "clip 2")
    assert len(set(first)) == len(first) == 14
    every = [text for i in range(100) for text in content_paraphrases("raise-up-left-hand", "angry", str(i))]
    assert all("left" in text.lower() and not re.search(r"[*{}]|  ", text) for text in every)
    assert len(set(every)) > 1200


def test_short_sentences_stay_frequent_beside_long_ones() -> None:
    every = [text for content in CONTENTS for i in range(20) for text in content_paraphrases(content, "normal", str(i))]
    lengths = [len(text.split()) for text in every]
    assert sum(length <= 10 for length in lengths) > len(every) / 3
    assert sum(length >= 16 for length in lengths) > len(every) / 20
    for part, low, high in ((r"^(give me|show|animate|can you|could you|please|I )", 0.04, 0.3), (r"[.!?]$", 0.2, 0.5)):
        share = sum(bool(re.search(part, text)) for text in every) / len(every)
        assert low < share < high, (part, share)


def test_slips_leave_the_side_alone() -> None:
    chooser = random.Random(0)
    texts = {slipped("raise the left hand, not the right one", chooser) for _ in range(300)}
    assert len(texts) > 20
    assert all(re.search(r"\bleft\b.*\bright\b", text) for text in texts)


def test_a_learner_leaves_out_articles_and_endings() -> None:
    chooser = random.Random(0)
    texts = {learner("*raise the left hand", "a person", chooser) for _ in range(100)}
    assert {"person raise left hand", "person raising left hand", "person is raise left hand"} <= texts


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("style", ["sad", "giant", "youthful"])
def test_the_style_is_told_by_most_sentences_or_its_subject(content: str, style: str) -> None:
    words = [*STYLES[style], *STYLED_SUBJECTS[style], "like someone in his", "like someone in her"]
    texts = [text for i in range(10) for text in content_paraphrases(content, style, str(i))]
    told = [text for text in texts if any(word.lower() in text.lower() for word in words)]
    assert 0.5 < len(told) / len(texts) < 0.9


def test_unknown_contents_have_no_paraphrases_but_a_caption() -> None:
    assert content_paraphrases("juggle", "angry", "x") == []
    assert bandai_captions("walk-back", "sad")[0].startswith("a person walks backward sad")
    assert "juggle" in bandai_captions("juggle", "angry")[0]


def test_every_hdm05_class_and_style_has_words() -> None:
    for content, phrases in HDM05.items():
        texts = hdm05_captions(content)
        assert len(phrases) >= 10 and len(set(texts)) == len(texts) > 5 * len(phrases)
    assert not any("right" in text for text in hdm05_captions("kickLFront1Reps"))
    assert not any("left" in text for text in hdm05_captions("grabHighR"))
    assert any("cartwheel l hand" in text for text in hdm05_captions("cartwheelLHand1Reps"))
    assert all(STYLES.values())
