"""A word and its file: what comes back is what was written, and nothing else is taken for one."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load, save
from taught import small_generator, small_word

from motion.core.errors import BadFile, BadInput
from motion.generation.taught_word import TaughtWord, read_word


@pytest.fixture(scope="module")
def word() -> TaughtWord:
    return small_word(small_generator())


def test_a_file_gives_the_word_back_to_the_bit(word: TaughtWord, tmp_path: Path) -> None:
    path = tmp_path / "zorb.safetensors"
    path.write_bytes(word.to_bytes())
    again = read_word(path)
    assert again.to_bytes() == word.to_bytes() and again.sha256 == word.sha256
    assert (again.name, again.caption, again.seconds, again.clips) == ("zorb", word.caption, 2.5, 5)
    for sha256, lesson in word.lessons.items():
        other = again.lessons[sha256]
        assert torch.equal(lesson.states, other.states) and torch.equal(lesson.shift, other.shift)
        assert lesson.factors.keys() == other.factors.keys()
        assert all(torch.equal(up, other.factors[name][1]) for name, (_, up) in lesson.factors.items())


def damaged(word: TaughtWord) -> dict[str, bytes]:
    content = word.to_bytes()
    tensors, size = load(content), int.from_bytes(content[:8], "little")
    metadata = json.loads(content[8 : 8 + size])["__metadata__"]
    first = next(iter(tensors))
    facts = json.loads(metadata["word"])

    def changed(**change: object) -> bytes:
        return save(tensors, metadata={"word": json.dumps(facts | change)})

    return {
        "empty": b"",
        "text": b"a person walks",
        "pickle": pickle.dumps({"name": "zorb"}),
        "cut": content[: len(content) // 2],
        "no header": save(tensors),
        "other kind": changed(kind="something"),
        "caption": changed(caption=3),
        "not finite": save(tensors | {first: tensors[first] * torch.nan}, metadata=metadata),
        "too narrow": save(
            {key: value[..., :7].contiguous() if key.endswith("states") else value for key, value in tensors.items()},
            metadata=metadata,
        ),
        "no up": save({key: value for key, value in tensors.items() if "/up." not in key}, metadata=metadata),
        "plain name": changed(name="person"),
        "no seconds": changed(seconds=float("nan")),
    }  # fmt: skip


def test_anything_else_is_refused_in_one_line(word: TaughtWord, tmp_path: Path) -> None:
    for what, content in damaged(word).items():
        path = tmp_path / f"{what}.safetensors"
        path.write_bytes(content)
        with pytest.raises(BadFile) as refused:
            read_word(path)
        assert "\n" not in str(refused.value), what
    with pytest.raises(BadFile):
        read_word(tmp_path / "missing.safetensors")


@pytest.mark.parametrize("prompt", ["zorb", "A person Zorbs.", "he is zorbing, slowly", "(zorb)"])
def test_forms_of_a_word_are_heard(word: TaughtWord, prompt: str) -> None:
    assert word.said_in(prompt) and "does a zorb thing" in word.explained(prompt)


@pytest.mark.parametrize("prompt", ["", "absorb", "zorber", "my-zorb", "zorb-like", "a person walks"])
def test_other_words_are_not(word: TaughtWord, prompt: str) -> None:
    assert not word.said_in(prompt) and word.explained(prompt) == prompt


def test_a_word_belongs_to_the_model_that_was_taught(word: TaughtWord) -> None:
    generator = small_generator()
    assert word.lesson_of(generator.info) is word.lessons[generator.info["sha256"]]
    with pytest.raises(BadInput, match=r"zorb.*another model.*mine.*stride teach zorb") as refused:
        word.lesson_of({"name": "mine", "sha256": "0" * 64})
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("wrong", [{"caption": " "}, {"caption": "a\nb"}, {"seconds": float("nan")}, {"clips": 0}])
def test_a_word_that_says_nothing_is_refused(word: TaughtWord, wrong: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        replace(word, **wrong)  # type: ignore[arg-type]
