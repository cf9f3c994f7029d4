"""Many samplings at once: each asks the network as it goes on, and whoever asks the same size shares one forward.

The rounding of a matrix product depends on how many rows it has, but a row's result does not depend on the other rows.
So a forward always has ``GROUP`` rows, the last one filled up, and it does not matter to a sample beside whom it is
computed.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import torch
from torch import Tensor

from motion.generation.denoiser import Denoiser, Prompt

#: Rows of one forward.
GROUP = 4

#: Words are made up to a multiple of so many: most prompts can then share a forward, and it costs next to nothing.
WORDS = 16

T = TypeVar("T")


@dataclass(frozen=True)
class Question:
    """What one network is asked of R rows: noisy control points, how far they are, what is known, and the prompt.

    ``guidance`` is how strongly the text is followed by a network that answers with and without it; None: it is told
    in the prompt. Sizes in the names as in ``denoiser``.
    """

    denoiser: Denoiser
    x_t_BCF: Tensor
    t: float
    known_BCG: Tensor
    prompt: Prompt
    lengths_B: Tensor
    guidance: float | None = None

    def __post_init__(self) -> None:
        words = self.prompt.words_BL.shape[1]
        object.__setattr__(self, "prompt", self.prompt.with_places(-(-words // WORDS) * WORDS))

    @property
    def size(self) -> tuple[Any, ...]:
        """Questions of the same size can be put in one forward."""
        told = tuple(value is None for value in vars(self.prompt).values())
        return (id(self.denoiser), *self.x_t_BCF.shape[1:], *self.prompt.words_BL.shape[1:], self.guidance, told)


#: A sampling that gives questions and takes their answers, row for row, until it has its result.
Dialogue = Generator[list[Question], list[Tensor], T]


@dataclass
class _Open:
    """A dialogue that waits for the rows of its questions."""

    dialogue: Dialogue[Any]
    questions: list[Question] = field(default_factory=list)
    answers: list[list[Tensor | None]] = field(default_factory=list)

    @property
    def answered(self) -> bool:
        return all(row is not None for rows in self.answers for row in rows)

    def heard(self) -> list[Tensor]:
        return [torch.stack([row for row in rows if row is not None]) for rows in self.answers]


#: A row that waits: whose it is, the number of the question and of the row.
_Row = tuple[_Open, int, int]


@torch.inference_mode()
def hold(dialogues: Sequence[Dialogue[T]], asked: Callable[[], None] = lambda: None) -> list[T | Exception]:
    """Lead all dialogues to their end; the result of each, or what it raised.

    ``asked`` is called whenever a dialogue has heard its answers; what it raises ends everything.
    """
    results: list[T | Exception | None] = [None] * len(dialogues)
    going = {number: _Open(dialogue) for number, dialogue in enumerate(dialogues)}
    waiting: dict[tuple[Any, ...], list[_Row]] = {}
    while going:
        for number, one in [(number, one) for number, one in going.items() if one.answered]:
            try:
                one.questions = one.dialogue.send(one.heard()) if one.questions else next(one.dialogue)
            except StopIteration as end:
                results[number] = end.value
            except Exception as error:
                results[number] = error
            if results[number] is not None:
                del going[number]
                continue
            one.answers = [[None] * len(question.x_t_BCF) for question in one.questions]
            for k, question in enumerate(one.questions):
                waiting.setdefault(question.size, []).extend((one, k, row) for row in range(len(question.x_t_BCF)))
        if going:
            _answer_some(waiting)
        for one in going.values():
            if one.answered:
                asked()
    return [result for result in results if result is not None]


def _answer_some(waiting: dict[tuple[Any, ...], list[_Row]]) -> None:
    """Every full forward there is; where there is none, one that is filled up."""
    full = [size for size, rows in waiting.items() if len(rows) >= GROUP]
    for size in full or [max(waiting, key=lambda size: len(waiting[size]))]:
        rows = waiting[size]
        count = len(rows) - len(rows) % GROUP if full else len(rows)
        for first in range(0, count, GROUP):
            _answer(rows[first : min(first + GROUP, count)])
        waiting[size] = rows[count:]
        if not waiting[size]:
            del waiting[size]


def _answer(rows: Sequence[_Row]) -> None:
    """One forward for at most ``GROUP`` rows of the same size."""
    filled = [*rows, *[rows[-1]] * (GROUP - len(rows))]
    asked = [(one.questions[k], row) for one, k, row in filled]

    def stacked(name: str) -> Tensor:
        return torch.stack([getattr(question, name)[row] for question, row in asked])

    first = asked[0][0]
    prompt = Prompt.one_after_the_other([question.prompt.rows(slice(row, row + 1)) for question, row in asked])
    t_B = torch.tensor([question.t for question, _ in asked])
    x_t, known, lengths = stacked("x_t_BCF"), stacked("known_BCG"), stacked("lengths_B")
    if first.guidance is None:
        x_0 = first.denoiser(x_t, t_B, known, prompt, lengths)
    else:
        x_0 = first.denoiser.guided(x_t, t_B, known, prompt.with_and_without_text(), lengths, first.guidance)
    for (one, k, row), answer in zip(rows, x_0, strict=False):
        one.answers[k][row] = answer
