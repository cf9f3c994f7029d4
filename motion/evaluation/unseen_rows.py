"""Judge a model on what it never saw: other words, other styles, actions together, and prompts far from everything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from motion.core.progress import Progress, silent
from motion.datasets.store import TrainingSet
from motion.evaluation.judge import Judge
from motion.evaluation.judged_rows import real_clips, usual_duration
from motion.evaluation.part_judges import SAME_STYLE, PartJudges
from motion.evaluation.sampling import Sampler
from motion.evaluation.scorecard import Row
from motion.evaluation.unseen_prompts import FAR_PROMPTS, MIXTURE_PROMPTS, STYLE_PROMPTS, UNSEEN_PARAPHRASES
from motion.generation.known import Known

#: Seconds of a mixture, and clips per prompt.
MIXTURE_SECONDS, SEEDS = 5.0, 2


def unseen_rows(
    training: TrainingSet,
    judge: Judge,
    parts: PartJudges,
    sampler: Sampler,
    known: Known | None,
    *,
    progress: Progress = silent,
) -> tuple[list[Row], dict[str, Any]]:
    """The rows, and the details behind them: other contents and styles that were seen, the share right by mixture."""
    durations = {content: usual_duration(clips) for content, clips in real_clips(training).items()}
    rows, details = _paraphrases(judge, sampler, durations, progress)
    more, styles = _styles(judge, parts, sampler, durations, progress)
    rows, details = rows + more, details | styles
    more, mixtures = _mixtures(parts, sampler, progress)
    return rows + more + _far(training, known), details | mixtures


def _mixtures(parts: PartJudges, sampler: Sampler, progress: Progress) -> tuple[list[Row], dict[str, Any]]:
    shares = {}
    right: list[bool] = []
    for number, ((legs, arms), prompts) in enumerate(MIXTURE_PROMPTS.items()):
        progress("unseen mixtures", number / len(MIXTURE_PROMPTS))
        made = [clip for prompt in prompts for clip in sampler(prompt, MIXTURE_SECONDS, SEEDS)]
        oks = parts.mixtures_right(made, (legs, arms))
        right += oks
        shares[f"{legs}+{arms}"] = float(np.mean(oks))
    real = parts.accuracy_mixtures
    return [Row("unseen mixtures: legs and arms both right", _mean(right), real, least=0.75, unit="%")], {
        "mixtures": shares
    }


def _paraphrases(
    judge: Judge, sampler: Sampler, durations: dict[str, float], progress: Progress
) -> tuple[list[Row], dict[str, Any]]:
    right, seen_as = [], {}
    asked = [(content, prompt) for content in durations for prompt in UNSEEN_PARAPHRASES[content]]
    for number, (content, prompt) in enumerate(asked):
        progress("unseen words", number / len(asked))
        names = judge.classifier.names(sampler(prompt, durations[content], SEEDS))
        right += [name == content for name in names]
        if set(names) != {content}:
            seen_as[prompt] = names
    return [Row("unseen words: content right", _mean(right), least=0.85, unit="%")], {"unseen_words": seen_as}


def _styles(
    judge: Judge, parts: PartJudges, sampler: Sampler, durations: dict[str, float], progress: Progress
) -> tuple[list[Row], dict[str, Any]]:
    contents, styles, seen_as = [], [], {}
    asked = [(content, style) for content, style in STYLE_PROMPTS if content in durations]
    for number, (content, style) in enumerate(asked):
        progress("unseen styles", number / len(asked))
        prompts = STYLE_PROMPTS[content, style]
        clips = [clip for prompt in prompts for clip in sampler(prompt, durations[content], 2 * SEEDS)]
        found = parts.styles(clips)
        contents += [name == content for name in judge.classifier.names(clips)]
        styles += [name == SAME_STYLE.get(style, style) for name in found]
        seen_as[f"{content}, {style}"] = found
    rows = [
        Row("unseen styles: content right", _mean(contents), judge.accuracy_val, least=0.85, unit="%"),
        Row("unseen styles: style right", _mean(styles), parts.accuracy_style, least=0.60, unit="%"),
    ]
    return rows, {"unseen_styles": seen_as}


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
