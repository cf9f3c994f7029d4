"""The texts of a timeline as the network takes them: encoded, and with what was taught of the words that they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from motion.conditions import Text
from motion.core.errors import BadInput
from motion.generation.checkpoint import Generator
from motion.generation.denoiser import Denoiser, Prompt
from motion.generation.lesson import Lesson
from motion.generation.taught_word import TaughtWord
from motion.networks.text_encoder import Encoded, text_encoder


@dataclass(frozen=True)
class Spoken:
    """Texts, their encoding row by row, and of each the lesson it needs and the network that answers it.

    Without texts there is one row all the same, of an empty one.
    """

    texts: tuple[Text, ...]
    encoded: Encoded
    lessons: tuple[Lesson | None, ...]
    denoisers: tuple[Denoiser, ...]

    def prompt(self, text: int, seconds: float, speed_B2: Tensor) -> Prompt:
        """What the network is told of one of the texts, once for each row of ``speed_B2``."""
        size, row, lesson = len(speed_B2), slice(text, text + 1), self.lessons[text]
        prompt = Prompt(
            words_BLE=self.encoded.words[row].expand(size, -1, -1),
            words_BL=self.encoded.mask[row].expand(size, -1),
            sentence_BE=self.encoded.sentence[row].expand(size, -1),
            speed_B2=speed_B2,
            duration_B2=torch.tensor([[seconds, 1.0]]).expand(size, -1),
        )
        return prompt if lesson is None else lesson.said(prompt)

    def speed(self, text: int, haste_B: Tensor) -> Tensor:
        """The speeds (B,) in m/s that shares ``haste_B`` of the recordings of a text stay below."""
        lesson, denoiser = self.lessons[text], self.denoisers[text]
        if lesson is not None:
            return denoiser.pace.drawn(lesson.speeds.expand(len(haste_B), -1), haste_B)
        sentence = denoiser.sentence.standardised(self.encoded.sentence[[text]]).expand(len(haste_B), -1)
        return denoiser.pace.draw(sentence, haste_B)


def spoken(texts: tuple[Text, ...], generator: Generator) -> Spoken:
    """The texts, read; without any an empty one is encoded, for its shape.

    Raises:
        BadInput: a text says two taught words, or one that the model was not taught.
    """
    words = [word_in(text.prompt, generator.words) for text in texts]
    said = [
        text.prompt if word is None else word.explained(text.prompt) for text, word in zip(texts, words, strict=True)
    ]
    lessons = tuple(None if word is None else word.lesson_of(generator.info) for word in words) or (None,)
    encoded = text_encoder().encode(said or [""])
    made: dict[int, Denoiser] = {}
    for lesson in lessons:
        if lesson is not None and id(lesson) not in made:
            made[id(lesson)] = lesson.adapted(generator.denoiser)
    denoisers = tuple(generator.denoiser if lesson is None else made[id(lesson)] for lesson in lessons)
    return Spoken(texts, encoded, lessons, denoisers)


def word_in(prompt: str, words: Sequence[TaughtWord]) -> TaughtWord | None:
    """The taught word that a prompt says, if any; raises ``BadInput`` for two."""
    found = [word for word in words if word.said_in(prompt)]
    if len(found) > 1:
        first, second = found[0].name, found[1].name
        raise BadInput(
            f"one prompt may say one taught word, got {first!r} and {second!r}; give each its time: "
            f'--prompt "{first}@0-3" --prompt "{second}@3-6"'
        )
    return found[0] if found else None
