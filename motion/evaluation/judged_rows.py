"""Rows about motion itself: is it what was asked for, does it vary, is it plausible; generated beside real clips.

48 prompts (every labelled content in the labels' words and in other words) times a few seeds are judged by a classifier
trained on real clips and by geometry; five contents are asked for 16 times to see how much the results differ; foot
skate, jerk and the floor are compared with real clips of the same contents.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from motion.core import Motion
from motion.core.progress import Progress, silent
from motion.datasets.store import TrainingSet
from motion.evaluation.judge import Judge, labelled_rows
from motion.evaluation.prompts import LABEL_PROMPTS, PARAPHRASES, VARIED
from motion.evaluation.sampling import FPS, Sampler
from motion.evaluation.scorecard import Row
from motion.metrics.physical import PhysicalReport, mean_planar_speed, pairwise_distance, physical_report
from motion.understanding.directions import directions, named

#: Clips made of a content whose variety is measured, and of real ones it is compared with.
VARIANTS = 16

#: Real clips read per content to compare with.
REAL_CLIPS = 40

#: Physical numbers are means over clips but for jerk, whose median over joints and frames and then over clips counts.
_SUMMARY = {"median_jerk_m_s3": statistics.median}


def judge_motion(
    training: TrainingSet, judge: Judge, sampler: Sampler, *, seeds: int = 4, progress: Progress = silent
) -> tuple[list[Row], dict[str, Any]]:
    """All rows about motion itself, and the details behind them."""
    real = real_clips(training)
    durations = {content: usual_duration(clips) for content, clips in real.items()}
    asked = [("label", c, LABEL_PROMPTS[c]) for c in real] + [("paraphrase", c, PARAPHRASES[c]) for c in real]
    made: dict[str, dict[str, list[Motion]]] = {"label": {}, "paraphrase": {}}
    varied: dict[str, list[Motion]] = {}
    for number, (words, content, prompt) in enumerate(asked):
        progress("prompts", number / len(asked))
        many = words == "label" and content in VARIED
        clips = sampler(prompt, durations[content], max(seeds, VARIANTS) if many else seeds)
        made[words][content] = clips[:seeds]
        if many:
            varied[content] = clips[:VARIANTS]
    progress("prompts", 1.0)

    rows, details = _recognition_rows(judge, made)
    both = {content: made["label"][content] + made["paraphrase"][content] for content in real}
    rows += _variety_rows(varied, real)
    rows += _physical_rows(both, real, details)
    rows += _speed_rows(both, real)
    return rows, details


def real_clips(training: TrainingSet) -> dict[str, list[Motion]]:
    """Up to ``REAL_CLIPS`` real clips of every content that has a prompt: all of validation, then some of training.

    The training clips are taken evenly from the whole set, so that no style of performance weighs more than it does.
    """
    rows: dict[str, dict[str, list[int]]] = defaultdict(lambda: {"val": [], "train": []})
    for index in labelled_rows(training):
        rows[training.rows[index]["content"]][training.rows[index]["split"]].append(index)
    chosen = {}
    for content in LABEL_PROMPTS.keys() & rows.keys():
        val, train = rows[content]["val"][:REAL_CLIPS], rows[content]["train"]
        places = np.linspace(0, len(train), min(len(train), REAL_CLIPS - len(val)), endpoint=False).astype(int)
        chosen[content] = val + [train[place] for place in places]
    return {content: [training.clip(i).resampled(FPS) for i in chosen[content]] for content in sorted(chosen)}


def usual_duration(clips: Sequence[Motion]) -> float:
    """The median duration in seconds, between 2 and 6, to a tenth."""
    return round(float(np.clip(statistics.median(clip.duration for clip in clips), 2.0, 6.0)), 1)


def _recognition_rows(judge: Judge, made: dict[str, dict[str, list[Motion]]]) -> tuple[list[Row], dict[str, Any]]:
    shares, seen_as, agreed = {}, {}, []
    for words, by_content in made.items():
        seen_as[words] = {content: judge.classifier.names(clips) for content, clips in by_content.items()}
        right = [[found == content for found in names] for content, names in seen_as[words].items()]
        shares[words] = float(np.mean(right))
        for content in filter(named, by_content):
            agreed += [(content, directions(clip).agrees_with(content)) for clip in by_content[content]]
    rows = [
        Row("judge: accuracy on real validation clips", judge.accuracy_val, least=0.95, unit="%"),
        Row("judge: accuracy on held-out rare contents", judge.accuracy_rare, unit="%"),
        Row("recognised, prompts in the labels' words", shares["label"], least=0.90, unit="%"),
        Row("recognised, prompts in other words", shares["paraphrase"], least=0.75, unit="%"),
        Row("named hand or direction right", float(np.mean([ok for _, ok in agreed])), least=0.97, unit="%"),
    ]
    wrong = sorted({content for content, ok in agreed if not ok})
    return rows, {"seen_as": seen_as, "wrong_hand_or_direction": wrong}


def _variety_rows(varied: Mapping[str, list[Motion]], real: Mapping[str, list[Motion]]) -> list[Row]:
    rows = []
    for content, clips in varied.items():
        least_frames = 0.8 * clips[0].num_frames
        same = [clip.sliced(0, clips[0].num_frames) for clip in real[content] if clip.num_frames >= least_frames]
        if len(same) > 1:
            distance = pairwise_distance(same[:VARIANTS])
            bar = (0.5 * distance, 1.5 * distance)
            rows.append(Row(f"variety of 16 seeds, {content}", pairwise_distance(clips), distance, *bar, unit="m"))
    return rows


def _physical_rows(
    clips: Mapping[str, list[Motion]], real: Mapping[str, list[Motion]], details: dict[str, Any]
) -> list[Row]:
    """Contents weigh the same on both sides: running skates and shakes more than bowing, ours as well as real."""
    ours = {content: _summary([physical_report(clip) for clip in group]) for content, group in clips.items()}
    theirs = {content: _summary([physical_report(clip) for clip in real[content]]) for content in clips}
    details["physical"] = {content: {"ours": ours[content], "real": theirs[content]} for content in clips}

    def both(name: str, middle: Callable[[Iterable[float]], float] = statistics.fmean) -> tuple[float, float]:
        return middle(v[name] for v in ours.values()), middle(v[name] for v in theirs.values())

    skate, jerk = both("foot_skate_ratio"), both("median_jerk_m_s3", statistics.median)
    sunk, hovering = both("floor_penetration_mm"), both("floor_float_mm")
    return [
        Row("foot skate ratio", *skate, most=skate[1] + 0.03, unit="%"),
        Row("jerk, median", *jerk, 0.5 * jerk[1], 1.5 * jerk[1], unit="m/s3"),
        Row("floor: penetration of the lowest toe in contact", *sunk, most=5.0, unit="mm"),
        Row("floor: float of the lowest toe in contact", *hovering, most=10.0, unit="mm"),
    ]


def _summary(reports: Sequence[PhysicalReport]) -> dict[str, float]:
    values = [report.to_json() for report in reports]
    return {name: _SUMMARY.get(name, statistics.fmean)([v[name] for v in values]) for name in values[0]}


def _speed_rows(clips: Mapping[str, list[Motion]], real: Mapping[str, list[Motion]]) -> list[Row]:
    rows = []
    for content in [content for content in ("walk", "run") if content in clips]:
        theirs = [mean_planar_speed(clip) for clip in real[content]]
        low, high = np.percentile(theirs, [5, 95])
        ours = [mean_planar_speed(clip) for clip in clips[content]]
        inside = float(np.mean([low <= speed <= high for speed in ours]))
        rows.append(
            Row(f"speed of '{content}s', median", statistics.median(ours), statistics.median(theirs), low, high, "m/s")
        )
        rows.append(Row(f"speed of '{content}s', share of clips in that band", inside, 0.9, unit="%"))
    return rows
