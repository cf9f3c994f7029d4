"""Judge a model on what it never saw: other words, other styles, actions together, and prompts far from everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from motion.core import Motion
from motion.core.progress import Progress, silent
from motion.datasets.store import TrainingSet
from motion.evaluation.best_of import singles_and_picks
from motion.evaluation.judge import Judge
from motion.evaluation.judged_rows import real_clips, usual_duration
from motion.evaluation.part_judges import SAME_STYLE, PartJudges
from motion.evaluation.sampling import Sampler
from motion.evaluation.scorecard import Row
from motion.evaluation.unseen_prompts import FAR_PROMPTS, MIXTURE_PROMPTS, STYLE_PROMPTS, UNSEEN_PARAPHRASES
from motion.generation.known import Known
from motion.understanding.encoder import TextMotionEncoder

#: Single clips of a prompt, and as many that the verifier picked.
Drawn = tuple[list[Motion], list[Motion]]

#: From prompt, duration in seconds and count to clips.
Draw = Callable[[str, float, int], Drawn]

#: Seconds of a mixture, and clips per prompt.
MIXTURE_SECONDS, SEEDS = 5.0, 2


def unseen_rows(
    training: TrainingSet,
    judge: Judge,
    parts: PartJudges,
    sampler: Sampler,
    encoder: TextMotionEncoder,
    known: Known | None,
    *,
    progress: Progress = silent,
) -> tuple[list[Row], dict[str, Any]]:
    """The rows, and the details behind them: other contents and styles that were seen, the share right by mixture.

    Bars are for what a user gets: the clip that the verifier picks of four. Single clips are told beside.
    """
    durations = {content: usual_duration(clips) for content, clips in real_clips(training).items()}

    def draw(prompt: str, duration: float, count: int) -> Drawn:
        return singles_and_picks(sampler, encoder, prompt, duration, count)

    rows, details = _paraphrases(judge, draw, durations, progress)
    more, styles = _styles(judge, parts, draw, durations, progress)
    rows, details = rows + more, details | styles
    more, mixtures = _mixtures(parts, draw, progress)
    return rows + more + _far(training, known), details | mixtures


def _mixtures(parts: PartJudges, draw: Draw, progress: Progress) -> tuple[list[Row], dict[str, Any]]:
    shares = {}
    right: list[bool] = []
    right_single: list[bool] = []
    for number, ((legs, arms), prompts) in enumerate(MIXTURE_PROMPTS.items()):
        progress("unseen mixtures", number / len(MIXTURE_PROMPTS))
        drawn = [draw(prompt, MIXTURE_SECONDS, SEEDS) for prompt in prompts]
        oks = [ok for _, picks in drawn for ok in parts.mixtures_right(picks, (legs, arms))]
        right_single += [ok for singles, _ in drawn for ok in parts.mixtures_right(singles, (legs, arms))]
        right += oks
        shares[f"{legs}+{arms}"] = float(np.mean(oks))
    rows = _pair("unseen mixtures: legs and arms both right", right, right_single, parts.accuracy_mixtures, 0.75)
    return rows, {"mixtures": shares}


def _paraphrases(
    judge: Judge, draw: Draw, durations: dict[str, float], progress: Progress
) -> tuple[list[Row], dict[str, Any]]:
    right: list[bool] = []
    right_single: list[bool] = []
    seen_as = {}
    asked = [(content, prompt) for content in durations for prompt in UNSEEN_PARAPHRASES[content]]
    for number, (content, prompt) in enumerate(asked):
        progress("unseen words", number / len(asked))
        singles, picks = draw(prompt, durations[content], SEEDS)
        names = judge.classifier.names(picks)
        right += [name == content for name in names]
        right_single += [name == content for name in judge.classifier.names(singles)]
        if set(names) != {content}:
            seen_as[prompt] = names
    return _pair("unseen words: content right", right, right_single, None, 0.85), {"unseen_words": seen_as}


def _styles(
    judge: Judge, parts: PartJudges, draw: Draw, durations: dict[str, float], progress: Progress
) -> tuple[list[Row], dict[str, Any]]:
    contents: tuple[list[bool], list[bool]] = [], []
    styles: tuple[list[bool], list[bool]] = [], []
    seen_as = {}
    asked = [(content, style) for content, style in STYLE_PROMPTS if content in durations]
    for number, (content, style) in enumerate(asked):
        progress("unseen styles", number / len(asked))
        drawn = [draw(prompt, durations[content], 2 * SEEDS) for prompt in STYLE_PROMPTS[content, style]]
        for kind, clips in enumerate(zip(*drawn, strict=True)):
            made = [clip for some in clips for clip in some]
            found = parts.styles(made)
            contents[kind].extend(name == content for name in judge.classifier.names(made))
            styles[kind].extend(name == SAME_STYLE.get(style, style) for name in found)
            seen_as[f"{content}, {style}"] = found
    rows = _pair("unseen styles: content right", contents[1], contents[0], judge.accuracy_val, 0.85)
    rows += _pair("unseen styles: style right", styles[1], styles[0], parts.accuracy_style, 0.60)
    return rows, {"unseen_styles": seen_as}


def _pair(what: str, picks: Sequence[bool], singles: Sequence[bool], real: float | None, least: float) -> list[Row]:
    """The row of what the verifier picked, which has the bar, and that of single clips."""
    kind, _, rest = what.partition(":")
    return [
        Row(what, _mean(picks), real, least=least, unit="%"),
        Row(f"{kind}, single clips:{rest}", _mean(singles), real, unit="%"),
    ]


def _far(training: TrainingSet, known: Known | None) -> list[Row]:
    if known is None:
        return []
    captions = sorted({c["text"] for i in training.select("val") for c in training.rows[i]["captions"]})
    spread = [captions[i] for i in np.linspace(0, len(captions), min(len(captions), 200), endpoint=False).astype(int)]

    def flagged(prompts: Sequence[str]) -> float:
        return _mean([known.nearest(prompt, 1)[0].far for prompt in prompts])

    unseen = [prompt for prompts in UNSEEN_PARAPHRASES.values() for prompt in prompts]
    return [
        Row("far prompts flagged as far", flagged(FAR_PROMPTS), least=0.90, unit="%"),
        Row("validation captions flagged as far", flagged(spread), most=0.10, unit="%"),
        Row("unseen words flagged as far", flagged(unseen), unit="%"),
    ]


def _mean(values: Sequence[bool]) -> float:
    return float(np.mean(values)) if len(values) else float("nan")
