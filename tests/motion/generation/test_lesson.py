"""A lesson comes in where it is asked for: the model itself stays as it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from taught import small_generator, small_lesson

from motion.core.errors import BadInput
from motion.generation.denoiser import Prompt

BATCH, WORDS = 2, 3


def prompt() -> Prompt:
    """One row with a text, one without."""
    there = torch.tensor([[True] * WORDS, [False] * WORDS])
    told = torch.ones(BATCH, 2)
    words, sentence = torch.randn(BATCH, WORDS, 384), torch.nn.functional.normalize(torch.randn(BATCH, 384), dim=1)
    return Prompt(words * there[..., None], there, sentence * there[:, :1], told, told)


def test_an_adapted_network_is_a_copy_with_the_products_added() -> None:
    generator = small_generator()
    before = {name: value.clone() for name, value in generator.denoiser.state_dict().items()}
    lesson = small_lesson(generator)
    adapted = lesson.adapted(generator.denoiser).state_dict()
    assert all(torch.equal(value, before[name]) for name, value in generator.denoiser.state_dict().items())
    for name, value in adapted.items():
        down, up = lesson.factors.get(name.removesuffix(".weight"), (None, None))
        assert torch.equal(value, before[name] if up is None else before[name] + up @ down)
    assert sum(not torch.equal(value, before[name]) for name, value in adapted.items()) == len(lesson.factors) > 10


def test_the_word_is_said_before_the_others_and_only_where_something_is_said() -> None:
    lesson, plain = small_lesson(small_generator()), prompt()
    said = lesson.said(plain)
    assert said.words_BL.tolist() == [[True] * (4 + WORDS), [False] * (4 + WORDS)]
    assert torch.equal(said.words_BLE[0, :4], lesson.states) and torch.equal(said.words_BLE[:, 4:], plain.words_BLE)
    assert not said.words_BLE[1].any() and not said.sentence_BE[1].any()
    assert said.sentence_BE[0].norm() == pytest.approx(1.0, abs=1e-5)
    assert not torch.allclose(said.sentence_BE[0], plain.sentence_BE[0])


def test_prompts_of_unlike_length_stand_in_one_batch() -> None:
    plain = prompt()
    said = small_lesson(small_generator()).said(plain)
    both = Prompt.one_after_the_other([plain, said])
    assert both.words_BL.shape == (2 * BATCH, 4 + WORDS) and not both.words_BL[:BATCH, WORDS:].any()
    assert torch.equal(both.rows(slice(BATCH, 2 * BATCH)).words_BLE, said.words_BLE)
    assert torch.equal(both.rows(slice(0, BATCH)).words_BLE[:, :WORDS], plain.words_BLE)


def test_a_lesson_of_another_network_is_refused() -> None:
    generator = small_generator()
    lesson = small_lesson(generator)
    name = next(iter(lesson.factors))
    down, up = lesson.factors[name]
    for wrong in ({name: (down[:, :-1], up)}, {"no.such.layer": (down, up)}, {name: (down, up.repeat(1, 2))}):
        with pytest.raises(BadInput, match="does not fit"):
            replace(lesson, factors=wrong).adapted(generator.denoiser)
