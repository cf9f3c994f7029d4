"""A folder of words."""

from __future__ import annotations

from pathlib import Path

import pytest
from taught import small_generator, small_word

from motion.conditions import Text
from motion.core.errors import BadFile, BadInput, UnknownName
from motion.generation.clauses import taken_apart
from motion.generation.known import Known
from motion.generation.vocabulary import Vocabulary, with_words
from motion.networks.text_encoder import text_encoder


@pytest.fixture
def vocabulary(tmp_path: Path) -> Vocabulary:
    vocabulary = Vocabulary(tmp_path / "new" / "words")
    assert vocabulary.names() == () and vocabulary.said_in(["zorb"]) == ()
    vocabulary.add(small_word(small_generator()))
    vocabulary.add(small_word(small_generator(), "blorp"))
    return vocabulary


def test_words_are_kept_found_and_forgotten(vocabulary: Vocabulary) -> None:
    assert vocabulary.names() == ("blorp", "zorb") and vocabulary.read("Zorb").name == "zorb"
    assert [word.name for word in vocabulary.said_in(["a person walks", "then zorbs"])] == ["zorb"]
    assert vocabulary.said_in(["a person absorbs"]) == ()
    gone = vocabulary.remove("zorb")
    assert not gone.exists() and vocabulary.names() == ("blorp",)
    for ask in (vocabulary.read, vocabulary.remove):
        with pytest.raises(UnknownName, match="blorp"):
            ask("zorb")


def test_the_user_says_where(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STRIDE_HOME", str(tmp_path))
    assert Vocabulary.of_user().folder == tmp_path / "words"


def test_a_file_under_another_name_is_refused(vocabulary: Vocabulary) -> None:
    (vocabulary.folder / "zorb.safetensors").rename(vocabulary.folder / "other.safetensors")
    with pytest.raises(BadFile, match="holds the word 'zorb'"):
        vocabulary.read("other")


def test_a_damaged_word_disturbs_no_prompt_that_does_not_say_it(vocabulary: Vocabulary) -> None:
    (vocabulary.folder / "zorb.safetensors").write_bytes(b"nothing")
    assert vocabulary.said_in(["a person walks"]) == ()
    with pytest.raises(BadFile):
        vocabulary.said_in(["a person zorbs"])


def test_a_model_with_words_knows_them_and_one_that_was_not_taught_says_so() -> None:
    model = small_generator()
    assert with_words(model, ()) is model
    with pytest.raises(BadInput, match="another model"):
        with_words(small_generator(sha256="cd" * 32), [small_word(model)])


def test_a_taught_word_is_not_far_from_training() -> None:
    known = Known(("walks",), text_encoder().encode(["walks"]).sentence)
    taught = known.with_words(["zorb"])
    for prompt in ("zorb", "an old sailor carefully does one more zorb at the quay"):
        assert known.nearest(prompt)[0].far and not taught.nearest(prompt)[0].far
        assert taught.nearest(prompt)[0].text == "zorb"
    assert known.nearest_of_each(["walk", "fly"]) == taught.nearest_of_each(["walk", "fly"])


def test_what_the_arms_do_beside_is_told_apart() -> None:
    phrases = ("walks", "waves the left hand")
    known = Known(phrases, text_encoder().encode(list(phrases)).sentence, ((), ("left_arm",))).with_words(["zorb"])
    body, arm = taken_apart(Text("a person zorbs while waving the left hand"), known)
    assert (body.prompt, body.parts) == ("a person zorbs", ()) and arm.parts == ("left_arm",)
