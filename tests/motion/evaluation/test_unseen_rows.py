"""What was never seen: the rows add up what the judges say, over every prompt."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from helpers import walking_clip
from motion.evaluation import unseen_rows
from motion.evaluation.part_judges import SAME_STYLE
from motion.evaluation.unseen_prompts import FAR_PROMPTS, MIXTURE_PROMPTS, STYLE_PROMPTS, UNSEEN_PARAPHRASES

CONTENTS = ("walk", "run", "bow")
#: What a prompt asks for; the sampler below hands the prompt on in the place of a clip.
ASKED: dict[str, Any] = {p: content for content, prompts in UNSEEN_PARAPHRASES.items() for p in prompts}
ASKED |= {p: asked for asked, prompts in {**MIXTURE_PROMPTS, **STYLE_PROMPTS}.items() for p in prompts}
CAPTION = "a person walks"
WRONG = "something else"
ASKED[WRONG] = ("nothing", "nothing")


class Known:
    """Knows everything but the prompts that are far."""

    def nearest(self, prompt: str, count: int = 3) -> list[Any]:
        return [SimpleNamespace(far=prompt in FAR_PROMPTS)]


def singles_and_picks(sampler: Any, encoder: Any, prompt: str, duration: float, count: int) -> Any:
    """Singles are wrong, picks are right."""
    return [WRONG] * count, sampler(prompt, duration, count)


@pytest.fixture
def training(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(unseen_rows, "singles_and_picks", singles_and_picks)
    monkeypatch.setattr(unseen_rows, "real_clips", lambda _: {content: [walking_clip(3.0)] for content in CONTENTS})
    return SimpleNamespace(select=lambda split: [0], rows=[{"captions": [{"text": CAPTION}]}])


def content_of(prompt: str) -> str:
    return ASKED[prompt] if isinstance(ASKED[prompt], str) else ASKED[prompt][0]


def judged(
    training: Any, *, known: Any = None, content: str | None = None, wrong: Any = ()
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Rows by name, and details, of clips as asked for, but for ``wrong`` mixtures; all are seen as ``content``."""
    sampler: Any = lambda prompt, duration, samples: [prompt] * samples  # noqa: E731
    judge: Any = SimpleNamespace(
        classifier=SimpleNamespace(names=lambda prompts: [content or content_of(p) for p in prompts]),
        accuracy_val=0.9,
    )
    parts: Any = SimpleNamespace(
        mixtures_right=lambda prompts, mixture: [ASKED[p] == mixture and mixture not in wrong for p in prompts],
        styles=lambda prompts: [SAME_STYLE.get(ASKED[p][1], ASKED[p][1]) for p in prompts],
        accuracy_mixtures=0.8,
        accuracy_style=0.7,
    )
    encoder: Any = None
    rows, details = unseen_rows.unseen_rows(training, judge, parts, sampler, encoder, known)
    return {row.what: row for row in rows}, details


def test_what_is_as_asked_for_is_right(training: Any) -> None:
    rows, details = judged(training, known=Known())
    assert rows["unseen words: content right"].ours == 1.0
    assert (rows["unseen styles: content right"].ours, rows["unseen styles: style right"].ours) == (1.0, 1.0)
    singles = [row for what, row in rows.items() if "single clips" in what]
    assert len(singles) == 4 and {row.ours for row in singles} == {0.0} and all(row.passed for row in singles)
    mixtures = rows["unseen mixtures: legs and arms both right"]
    assert (mixtures.ours, mixtures.real) == (1.0, 0.8)
    assert rows["far prompts flagged as far"].ours == 1.0
    assert rows["validation captions flagged as far"].ours == 0.0
    assert all(row.passed for row in rows.values())
    assert details["unseen_words"] == {} and set(details["mixtures"].values()) == {1.0}
    assert len(details["mixtures"]) == len(MIXTURE_PROMPTS)


def test_what_is_not_is_counted_and_named(training: Any) -> None:
    rows, details = judged(training, content="walk", wrong=MIXTURE_PROMPTS)
    assert rows["unseen words: content right"].ours == pytest.approx(1 / len(CONTENTS))
    assert set(details["unseen_words"]) == {*UNSEEN_PARAPHRASES["run"], *UNSEEN_PARAPHRASES["bow"]}
    assert rows["unseen mixtures: legs and arms both right"].ours == 0.0
    assert not rows["unseen words: content right"].passed
    assert not any("far" in what for what in rows)  # nothing is known of what the model was trained on
