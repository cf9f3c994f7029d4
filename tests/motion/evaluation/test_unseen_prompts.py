"""The prompts for testing are complete, different from each other, and none is what the caption templates make."""

from itertools import chain

import numpy as np
import pytest

from motion.datasets.captions import (
    CONTENTS,
    FORMS,
    HDM05,
    STYLED_SUBJECTS,
    STYLES,
    SUBJECTS,
    bandai_captions,
    content_paraphrases,
    hdm05_captions,
    sentence,
)
from motion.evaluation.prompts import LABEL_PROMPTS, PARAPHRASES
from motion.evaluation.unseen_prompts import FAR_PROMPTS, MIXTURE_PROMPTS, STYLE_PROMPTS, UNSEEN_PARAPHRASES
from motion.training.composed_captions import ANY_HAND, in_turn, together
from motion.training.held_out import HELD_OUT_MIXTURES, HELD_OUT_STYLES

ALL = (
    *chain(*UNSEEN_PARAPHRASES.values(), *MIXTURE_PROMPTS.values(), *STYLE_PROMPTS.values()),
    *FAR_PROMPTS,
)  # fmt: skip
ENDINGS = {"", *chain(*STYLES.values())}


def words(text):
    """What is compared: the words alone, since case and punctuation make no other prompt."""
    return " ".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


@pytest.fixture(scope="module")
def plain():
    """Every sentence of one phrase, without a style behind it."""
    phrases = set(chain(*CONTENTS.values(), *HDM05.values(), *ANY_HAND.values()))
    subjects = {*SUBJECTS, *chain(*STYLED_SUBJECTS.values())}
    return {words(sentence(phrase, form, who)) for phrase in phrases for form in set(FORMS) for who in subjects}


def is_template(prompt, plain):
    text = words(prompt)
    return any(text.endswith(words(end)) and text.removesuffix(words(end)).strip() in plain for end in ENDINGS)


def test_every_key_has_its_prompts():
    assert set(UNSEEN_PARAPHRASES) == set(LABEL_PROMPTS)
    assert set(MIXTURE_PROMPTS) == HELD_OUT_MIXTURES
    assert set(STYLE_PROMPTS) == HELD_OUT_STYLES
    assert {len(prompts) for prompts in UNSEEN_PARAPHRASES.values()} == {3}
    assert {len(p) for p in (*MIXTURE_PROMPTS.values(), *STYLE_PROMPTS.values())} == {2}
    assert len(FAR_PROMPTS) >= 20


def test_no_prompt_comes_twice_or_is_one_of_the_others():
    seen = [words(prompt) for prompt in ALL]
    assert all(seen)
    assert len(set(seen)) == len(seen)
    assert not set(seen) & {words(p) for p in (*LABEL_PROMPTS.values(), *PARAPHRASES.values())}


@pytest.mark.parametrize("content", [c for c in UNSEEN_PARAPHRASES if "left" in c or "right" in c])
def test_a_side_is_named_and_only_that_side(content):
    side, other = ("left", "right") if "left" in content else ("right", "left")
    for prompt in UNSEEN_PARAPHRASES[content]:
        told = words(prompt).replace("rigth", "right").split()  # misspelt on purpose
        assert side in told
        # the idle characters say of the other arm that it rests
        assert other not in told or "idle" in told


def test_no_prompt_is_a_sentence_of_one_phrase(plain):
    assert [prompt for prompt in ALL if is_template(prompt, plain)] == []


def test_no_prompt_is_a_caption_made_for_a_clip(plain):
    made = {words(c) for content in CONTENTS for style in STYLES for c in bandai_captions(content, style)}
    made |= {words(c) for content in HDM05 for c in hdm05_captions(content)}
    keyed = [c for content in CONTENTS for key in "abc" for c in content_paraphrases(content, "happy", key)]
    assert not (made | {words(c) for c in keyed}) & {words(prompt) for prompt in ALL}
    # the check above sees templates, if they stand alone: most have a context, a style or a request around them
    assert sum(is_template(c, plain) for c in keyed) > 0.3 * len(keyed)


def test_no_prompt_is_a_composed_caption():
    styles = dict(HELD_OUT_STYLES)
    made = set()
    for seed in range(20):
        random = np.random.default_rng(seed)
        for first, second in sorted(HELD_OUT_MIXTURES):
            made |= {words(c) for c in together(first, styles.get(first), second, random)}
            made |= {words(c) for c in in_turn(first, second, random)}
    assert len(made) > 1000
    assert not made & {words(prompt) for prompt in ALL}
