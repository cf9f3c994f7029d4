"""Rows about control: somebody who does as asked holds the bars, somebody who does not fails them."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path as File
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from helpers import smpl_skeleton, walking_clip
from motion.conditions import Keep, Loop, Path, Pose, Prefix, Reach, Speed, Text, Timeline, Waypoints
from motion.core import BadInput, Motion
from motion.core.axes import from_ground, height
from motion.core.errors import UnknownName
from motion.datasets.store import Caption, Item, TrainingSet, write_store
from motion.evaluation.control import in_time, table
from motion.evaluation.control.at_keys import edit_rows, key_rows, reach_rows, spread, unchanged
from motion.evaluation.control.gaits import gait_bands
from motion.evaluation.control.in_time import loop_rows, timeline_rows, together_rows
from motion.evaluation.control.missing import between_rows, interpolated, prediction_rows
from motion.evaluation.control.over_ground import drawn_paths, path_rows, speed_rows, waypoint_rows, winding
from motion.evaluation.control.table import KINDS, evaluate_control, judged
from motion.evaluation.control.trial import Findings, Trial
from motion.evaluation.scorecard import Row
from motion.metrics.control import gait
from motion.metrics.physical import mean_planar_speed
from motion.refine.loop import looped

COUNT, SECONDS, SEEDS = 8, 4.0, 2


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> TrainingSet:
    """Walks, each described by its number, so that whoever is asked for one can look it up."""
    folder, items = tmp_path_factory.mktemp("walks"), []
    for split in ("train", "val"):
        for seed in range(COUNT):
            caption = Caption(f"walk number {seed}", None, None, "test")
            items.append(
                Item(f"{split}{seed}", "test", walking_clip(SECONDS, seed=seed), (caption,), split, "CC0-1.0", "walk")
            )
    write_store(folder, items, smpl_skeleton(), 30.0)
    return TrainingSet.open(folder)


def rows_of(found: Findings) -> dict[str, Row]:
    json.dumps(found.details, allow_nan=False)  # whatever was found can be printed
    return {row.what: row for row in found.rows}


def trial_of(training: TrainingSet, clip_of: Callable[[Timeline], Motion]) -> Trial:
    def make(timeline: Timeline, samples: int) -> list[Any]:
        return [SimpleNamespace(clip=clip_of(timeline)) for _ in range(samples)]

    return Trial(training, make, seeds=SEEDS, clips=3)


def walk(timeline: Timeline) -> Motion:
    """Somebody who walks whatever is asked."""
    return walking_clip(timeline.duration, seed=99)


class Oracle:
    """Gives out the validation clip that is meant."""

    def __init__(self, training: TrainingSet) -> None:
        self.clips = {training.rows[i]["captions"][0]["text"]: training.clip(i) for i in training.select("val")}

    def __call__(self, timeline: Timeline) -> Motion:
        for condition in timeline.conditions:
            if isinstance(condition, Prefix):
                return self.continued(condition.clip)
        return self.clips[timeline.texts[0].prompt]

    def continued(self, past: Motion) -> Motion:
        for clip in self.clips.values():
            found = np.flatnonzero((clip.root_position == past.root_position[0]).all(axis=1))
            if len(found):
                return clip.sliced(int(found[0]), clip.num_frames)
        raise AssertionError("nobody ever began like this")


def on_ground(clip: Motion, places: Any) -> Motion:
    return replace(clip, root_position=from_ground(places, height(clip.root_position)))


def test_whoever_gives_the_clip_that_is_meant_holds_every_bar_on_keys(training: TrainingSet) -> None:
    trial = trial_of(training, Oracle(training))
    for kind in (key_rows, reach_rows, between_rows, prediction_rows):
        rows = rows_of(kind(trial))
        assert all(row.passed for row in rows.values()), kind
    keys = rows_of(key_rows(trial))["keys: mean joint error"]
    assert keys.ours == pytest.approx(0.0, abs=1e-9) and keys.real == pytest.approx(0.0, abs=1e-9)
    ratio = rows_of(between_rows(trial))["in-between: error beside interpolation's, mean"]
    assert ratio.ours == pytest.approx(0.0, abs=1e-9)
    errors = rows_of(prediction_rows(trial))
    assert errors["prediction: MPJPE at 1000 ms, best of 10"].real > 50.0  # mm that somebody who freezes is off


def test_whoever_walks_another_walk_fails_every_bar_on_keys(training: TrainingSet) -> None:
    def elsewhere(timeline: Timeline) -> Motion:
        clip = walk(timeline)
        return replace(clip, root_position=clip.root_position + [1.0, 0.0, 0.0])

    trial = trial_of(training, elsewhere)
    for kind in (key_rows, reach_rows, between_rows, prediction_rows):
        judged_rows = [row for row in kind(trial).rows if row.judged]
        assert judged_rows
        assert not any(row.passed for row in judged_rows), kind


def test_the_best_of_some_futures_counts(training: TrainingSet) -> None:
    oracle, made = Oracle(training), []

    def one_in_ten(timeline: Timeline) -> Motion:
        made.append(timeline)
        return oracle(timeline) if len(made) % 10 == 0 else walk(timeline)

    found = prediction_rows(trial_of(training, one_in_ten))
    assert all(row.passed for row in found.rows)
    assert all(value > 0.01 for value in found.details["mean_of_guesses_m"]["1000"])
    assert not any(isinstance(condition, Text) for timeline in made for condition in timeline.conditions)


def test_an_edit_counts_only_to_the_last_bit(training: TrainingSet) -> None:
    def kept(timeline: Timeline) -> Motion:
        return next(c.clip for c in timeline.conditions if isinstance(c, Keep))

    def nearly(timeline: Timeline) -> Motion:
        clip = kept(timeline)
        return replace(clip, root_position=clip.root_position + 1e-12)

    name = "edit of the arms: legs and root bit-identical"
    assert rows_of(edit_rows(trial_of(training, kept)))[name].passed
    assert rows_of(edit_rows(trial_of(training, nearly)))[name].ours == 0.0
    clip = walking_clip(1.0)
    turned = clip.joint_rotation.copy()
    turned[:, clip.skeleton.index("left_elbow")] = np.eye(3)
    assert unchanged(replace(clip, joint_rotation=turned), clip)
    turned[3, clip.skeleton.index("left_foot"), 0, 0] += 1e-12
    assert not unchanged(replace(clip, joint_rotation=turned), clip)


def test_interpolation_keeps_what_is_known_and_goes_straight_between() -> None:
    clip = walking_clip(2.0)
    filled = interpolated(clip, 10, 20)
    for frames in (slice(0, 11), slice(20, None)):
        np.testing.assert_allclose(filled.root_position[frames], clip.root_position[frames], atol=1e-12)
        np.testing.assert_allclose(filled.joint_rotation[frames], clip.joint_rotation[frames], atol=1e-9)
    np.testing.assert_allclose(filled.root_position[15], (clip.root_position[10] + clip.root_position[20]) / 2)


def test_keys_are_spread_over_the_clip_but_for_its_ends() -> None:
    frames = spread(walking_clip(4.0), 5)
    assert frames[0] == 6 and frames[-1] == 113 and len(set(frames)) == 5


def test_a_speed_that_is_met_passes_and_one_that_is_not_fails(training: TrainingSet) -> None:
    def at_speed(timeline: Timeline) -> Motion:
        clip = walk(timeline)
        speed = timeline.speeds[0].values[0] if timeline.speeds else 1.0
        far = speed * np.arange(clip.num_frames) / clip.fps
        return on_ground(clip, np.stack([np.zeros_like(far), far], axis=1))

    name = "speed: error of the mean speed"
    found = speed_rows(trial_of(training, at_speed))
    met, missed = rows_of(found)[name], rows_of(speed_rows(trial_of(training, walk)))[name]
    assert met.ours == pytest.approx(0.0, abs=1e-6) and met.passed
    assert met.real == pytest.approx(np.mean([abs(v - 1.0) for v in (0.6, 1.0, 1.4, 2.0, 3.0)]))
    assert missed.ours == missed.real and not missed.passed
    # Carried along without stepping faster or longer: nobody goes like this.
    assert not next(row for row in found.rows if "step length" in row.what).passed


def test_bands_are_of_people_at_that_speed(training: TrainingSet) -> None:
    clip = training.clip(0)
    own = gait(clip)
    band = gait_bands(training, (mean_planar_speed(clip),)).popitem()[1]
    assert band.pieces == 2 * COUNT
    assert 0.9 * band.cadence[0] <= own.cadence <= 1.1 * band.cadence[1]
    assert band.step_length[0] < band.step_length[1] < 1.0
    assert gait_bands(replace(training, rows=[]), (1.0,)) == {}


def test_paths_begin_at_the_origin_ahead_and_close_where_they_should() -> None:
    for name, points in drawn_paths().items():
        np.testing.assert_allclose(points[0], 0.0, atol=1e-12)
        ahead = points[1] - points[0]
        assert ahead[1] > 0 and abs(ahead[0]) < 0.1 * ahead[1], name
    assert Path(drawn_paths()["circle"]).route.length == pytest.approx(3 * math.pi, rel=0.01)
    for name in ("circle", "figure 8", "square"):
        np.testing.assert_allclose(drawn_paths()[name][-1], 0.0, atol=1e-9)


def test_a_path_that_is_walked_passes_and_another_fails(training: TrainingSet) -> None:
    def followed(timeline: Timeline) -> Motion:
        clip = walk(timeline)
        asked = timeline.observe(clip.fps, clip.skeleton)
        return on_ground(clip, asked.root_ground[: clip.num_frames]) if asked.root_ground_known.any() else clip

    rows = rows_of(path_rows(trial_of(training, followed)))
    assert rows["path: mean error"].ours == pytest.approx(0.0, abs=1e-12) and rows["path: largest error"].passed
    assert rows["path: mean error"].real > 0.5
    assert not rows["path: foot skate ratio"].passed  # carried along the path the feet slide
    away = rows_of(path_rows(trial_of(training, walk)))
    assert not away["path: mean error"].passed and not away["path: largest error"].passed
    assert away["path: foot skate ratio"].passed


@pytest.mark.parametrize(("late", "share"), [(0.0, 1.0), (0.1, 0.0)])
def test_waypoints_count_at_their_times(training: TrainingSet, late: float, share: float) -> None:
    def passed(timeline: Timeline) -> Motion:
        clip = walk(timeline)
        points = [c for c in timeline.conditions if isinstance(c, Waypoints)]
        if not points:
            return clip
        way = points[0].way(timeline.duration)
        return on_ground(clip, way(np.arange(clip.num_frames) / clip.fps - late))

    row = waypoint_rows(trial_of(training, passed)).rows[0]
    assert row.ours == pytest.approx(share, abs=0.01)
    assert row.passed == (late == 0.0)


def test_a_winding_way_has_its_places_apart_as_told() -> None:
    for spacing in (1.0, 3.0):
        np.testing.assert_allclose(np.linalg.norm(np.diff(winding(spacing), axis=0), axis=-1), spacing)


def test_loops_pass_and_clips_cut_anywhere_fail(training: TrainingSet) -> None:
    def loop(timeline: Timeline) -> Motion:
        clip = walk(timeline)
        return looped(clip) if any(isinstance(c, Loop) for c in timeline.conditions) else clip.sliced(0, 50)

    rows = loop_rows(trial_of(training, loop)).rows
    assert all(row.passed for row in rows) and not any(replace(row, ours=row.real).passed for row in rows)


def test_a_jolt_at_seams_fails(training: TrainingSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_time, "MINUTE_SECONDS", 24.0)

    def jolting(timeline: Timeline) -> Motion:
        clip = walk(timeline)
        if len(timeline.texts) == 1:
            return clip
        root = clip.root_position.copy()
        for text in timeline.texts[1:]:
            root[round(text.start * clip.fps) :, 1] += 0.1
        return replace(clip, root_position=root)

    smooth, rough = (timeline_rows(trial_of(training, one)).rows[0] for one in (walk, jolting))
    assert smooth.ours == pytest.approx(smooth.real) and smooth.passed
    assert rough.ours > 1.4 and not rough.passed and rough.real == pytest.approx(smooth.real)


def test_all_controls_together_are_timed_and_measured(training: TrainingSet, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Timeline] = []

    def obeys(timeline: Timeline) -> Motion:
        asked.append(timeline)
        clip = walk(timeline)
        seen = timeline.observe(clip.fps, clip.skeleton)
        known = seen.joint_rotation_known[: clip.num_frames, :, None, None]
        clip = replace(
            clip, joint_rotation=np.where(known, seen.joint_rotation[: clip.num_frames], clip.joint_rotation)
        )
        return on_ground(clip, seen.root_ground[: clip.num_frames]) if seen.root_ground_known.any() else clip

    ticks = iter(np.arange(0.0, 1000.0, 2.0))
    monkeypatch.setattr(in_time.time, "perf_counter", lambda: next(ticks))
    rows = rows_of(together_rows(trial_of(training, obeys)))
    kinds = [{type(c) for c in timeline.conditions} for timeline in asked]
    assert {Text, Speed, Path, Pose} in kinds
    assert [row.ours for what, row in rows.items() if "at once" in what] == [2.0 / in_time.BATCH]
    assert [row.ours for what, row in rows.items() if "one alone" in what] == [2.0]
    assert rows["all controls: mean error of the path"].ours == pytest.approx(0.0, abs=1e-9)
    assert rows["all controls: mean joint error at the keys"].ours < 0.01
    assert rows["all controls: error of the mean speed"].ours < 0.08


def test_refused_keys_are_told_and_nothing_to_measure_fails(
    training: TrainingSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Trial, "possible", lambda *_: False)
    trial = trial_of(training, walk)
    for kind in (key_rows, reach_rows):
        found = kind(trial)
        assert len(found.details["refused"]) == 3
        assert not any(row.passed for row in found.rows)


def test_the_same_question_has_the_same_noise_controlled_or_not(training: TrainingSet) -> None:
    asked: list[Timeline] = []

    def listens(timeline: Timeline) -> Motion:
        asked.append(timeline)
        return walk(timeline)

    reach_rows(trial_of(training, listens))
    with_, without = asked[:: 2 * SEEDS], asked[SEEDS :: 2 * SEEDS]
    assert [timeline.seed for timeline in with_] == [timeline.seed for timeline in without]
    assert len({timeline.seed for timeline in with_}) == len(with_) == 3
    assert all(any(isinstance(c, Reach) for c in timeline.conditions) for timeline in with_)
    assert not any(isinstance(c, Reach) for timeline in without for c in timeline.conditions)


def test_kinds_are_judged_alone_and_stand_in_one_table(training: TrainingSet) -> None:
    trial = trial_of(training, walk)
    one = judged(trial, ["edit"])
    assert set(one.details) == {"seeds", "clips", "edit"}
    both = judged(trial, ["edit", "reach"])
    assert len(both.rows) == len(one.rows) + 1
    assert both.to_text().splitlines()[0].split() == ["ours", "uncontrolled", "bar"]
    assert "uncontrolled" in both.to_json()["rows"][0] and not both.passed


@pytest.mark.parametrize(
    ("wrong", "says"), [({"seeds": 0}, "1 to 64"), ({"steps": 0}, "1 to 100"), ({"only": ["sped"]}, "speed")]
)
def test_what_cannot_be_asked_is_refused(tmp_path: File, wrong: dict[str, Any], says: str) -> None:
    with pytest.raises((BadInput, UnknownName), match=says):
        evaluate_control(tmp_path, SimpleNamespace(steps=4), **wrong)  # type: ignore[arg-type]


def test_our_pipeline_is_asked_with_the_steps_told(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(table, "generate", lambda timeline, generator, **options: asked.append(options) or [])
    nobody: Any = None
    table.maker_of(nobody, 7)(Timeline(2.0, (Text("walk"),)), 3)
    assert asked == [{"samples": 3, "steps": 7, "fps": 30.0}]


def test_every_kind_of_the_table_is_there() -> None:
    assert list(KINDS) == [
        "speed", "path", "waypoints", "keys", "reach", "between", "prediction", "edit", "loop", "timeline", "all",
        "teach",
    ]  # fmt: skip
