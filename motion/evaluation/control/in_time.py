"""Rows about time: loops that run on, minutes of several prompts, and what everything together costs."""

from __future__ import annotations

import math
import time

import numpy as np
from numpy.typing import NDArray

from motion.conditions import Condition, Loop, Path, Pose, Speed, Text
from motion.core import Motion
from motion.evaluation.control.over_ground import WALK
from motion.evaluation.control.trial import Findings, Trial, mean, plain, worst
from motion.evaluation.scorecard import Row
from motion.metrics.control import LoopSeam, loop_seam, path_error, seam_jerk
from motion.metrics.physical import foot_skate_ratio, mean_planar_speed

Array = NDArray[np.floating]

#: What is looped, and how long it is before the loop is cut out of it.
CYCLES = ("a person walks forward.", "a person runs forward.", "a person waves with the right hand.")
CYCLE_SECONDS = 4.0

#: A minute of it, each as long as the others.
MINUTE = (
    "a person walks forward.", "a person waves with the right hand.", "a person runs forward.",
    "a person raises both hands.", "a person walks forward and turns left.", "a person bows.",
    "a person walks backward.", "a person waves with both hands.",
)  # fmt: skip
MINUTE_SECONDS = 60.0

#: All controls together: seconds of motion, m/s along a path, moments of the two keys; clips made in one go.
ALL_SECONDS, ALL_SPEED, KEYS_AT, BATCH = 10.0, 1.2, (3.0, 7.0), 4


def loop_rows(trial: Trial) -> Findings:
    """The worst seam of any loop, and of the same clips unlooped."""
    seams: list[LoopSeam] = []
    free: list[LoopSeam] = []
    details = {}
    for number, words in enumerate(CYCLES):
        trial.progress("loop", number / len(CYCLES))
        loops = trial.motions(words, CYCLE_SECONDS, Text(words), Loop())
        own = [loop_seam(clip) for clip in loops]
        seams += own
        free += [loop_seam(clip) for clip in trial.motions(words, CYCLE_SECONDS, Text(words))]
        details[words] = {
            "seconds": plain([clip.duration for clip in loops]), "position_m": plain([s.position_m for s in own], 6),
            "rotation_rad": plain([s.rotation_rad for s in own], 6),
            "velocity_m_s": plain([s.velocity_m_s for s in own]),
            "foot_skate": plain([foot_skate_ratio(clip) for clip in loops]),
        }  # fmt: skip
    trial.progress("loop", 1.0)

    def both(name: str, scale: float) -> tuple[float, float]:
        ours, theirs = (worst([scale * getattr(seam, name) for seam in group]) for group in (seams, free))
        return ours, theirs

    rows = [
        Row("loop: worst joint position at the seam", *both("position_m", 1000), most=5.0, unit="mm"),
        Row("loop: worst joint rotation at the seam", *both("rotation_rad", 180 / math.pi), most=1.0, unit="deg"),
        Row("loop: worst velocity at the seam", *both("velocity_m_s", 1), most=0.1, unit="m/s"),
    ]
    return Findings(rows, details)


def timeline_rows(trial: Trial) -> Findings:
    """Jerk where one prompt passes into the next against inside; a minute of walking, at the same moments, beside."""
    trial.progress("timeline", 0.0)
    each = MINUTE_SECONDS / len(MINUTE)
    seams = [each * number for number in range(1, len(MINUTE))]
    texts = [Text(words, number * each, (number + 1) * each) for number, words in enumerate(MINUTE)]
    clips = trial.motions("minute", MINUTE_SECONDS, *texts)
    trial.progress("timeline", 0.8)
    free = trial.motions("minute", MINUTE_SECONDS, WALK, samples=1)
    own, left = (np.array([seam_jerk(clip, seams) for clip in group]) for group in (clips, free))
    trial.progress("timeline", 1.0)
    rows = [
        Row("timeline: peak jerk at seams against inside", mean(own.T[0]), mean(left.T[0]), most=1.2, unit="x"),
        Row("timeline: area of jerk at seams against inside", mean(own.T[1]), mean(left.T[1]), unit="x"),
    ]
    skate = [foot_skate_ratio(clip) for clip in clips]
    return Findings(rows, {"peak": plain(own.T[0]), "area": plain(own.T[1]), "foot_skate": plain(skate)})


def together_rows(trial: Trial) -> Findings:
    """Text, speed, path and two keys at once: what it costs beside the text alone, and how near everything is."""
    asked = everything(trial)
    if asked is None:
        return Findings([Row("all controls: seconds for 10 s of motion", float("nan"), most=0.8, unit="s")])
    conditions, path, keys = asked
    trial.made("warm", ALL_SECONDS, WALK, samples=1)
    seconds, alone, free = [], [], []
    clips: list[Motion] = []
    for number in range(trial.seeds):
        trial.progress("all", number / trial.seeds)
        took, made = _timed(trial, f"all {number}", BATCH, WALK, *conditions)
        seconds.append(took / BATCH)
        clips += made
        alone.append(_timed(trial, f"all {number}", 1, WALK, *conditions)[0])
        free.append(_timed(trial, f"all {number}", BATCH, WALK)[0] / BATCH)
    trial.progress("all", 1.0)
    on_way = path.observe(ALL_SECONDS, clips[0].fps, clips[0].skeleton)
    off = [path_error(clip, on_way.root_ground[: clip.num_frames])[0] for clip in clips]
    at_keys = [_posture_error(clip, key) for clip in clips for key in keys]
    rows = [
        Row(f"all controls: seconds for 10 s of motion, {BATCH} at once", *_medians(seconds, free), most=0.8, unit="s"),
        Row("all controls: seconds for 10 s of motion, one alone", float(np.median(alone)), unit="s"),
        Row("all controls: mean error of the path", mean(off), unit="m"),
        Row("all controls: mean joint error at the keys", mean(at_keys), unit="m"),
        Row(
            "all controls: error of the mean speed",
            mean([abs(mean_planar_speed(c) - ALL_SPEED) for c in clips]),
            unit="m/s",
        ),
    ]
    return Findings(rows, {"seconds": plain(seconds), "alone": plain(alone), "text_alone": plain(free)})


def everything(trial: Trial) -> tuple[list[Condition], Path, list[Pose]] | None:
    """Speed, a bent path as long as the speed leads, and two postures of a real clip; None without a real clip."""
    real = trial.real(2.0)
    if not real:
        return None
    turn = np.linspace(0.0, 1.0, 61)
    radius = ALL_SPEED * ALL_SECONDS / math.pi  # half a circle
    path = Path(radius * np.stack([1 - np.cos(math.pi * turn), np.sin(math.pi * turn)], axis=1))
    clip = real[0].clip
    keys = [
        Pose.of(clip, round(share * (clip.num_frames - 1)), at) for share, at in zip((0.33, 0.67), KEYS_AT, strict=True)
    ]
    # a line drawn of pieces is a little shorter than the circle
    speed = Speed.constant(path.route.length / ALL_SECONDS)
    return [speed, path, *keys], path, keys


def _timed(trial: Trial, what: str, samples: int, *conditions: Condition) -> tuple[float, list[Motion]]:
    """Seconds of wall time, and the clips."""
    begin = time.perf_counter()
    clips = trial.motions(what, ALL_SECONDS, *conditions, samples=samples)
    return time.perf_counter() - begin, clips


def _medians(ours: list[float], theirs: list[float]) -> tuple[float, float]:
    return float(np.median(ours)), float(np.median(theirs))


def _posture_error(clip: Motion, key: Pose) -> float:
    """m, mean distance of the joints from a key's, both with the pelvis over one place and turned alike."""
    frame = clip.sampled_at(np.array([key.time]), clip.fps)
    rotation = key.joint_rotation[None].copy()
    rotation[:, 0] = frame.joint_rotation[:, 0]
    wanted = Motion(clip.skeleton, frame.root_position, rotation, clip.fps)
    return float(np.linalg.norm(frame.joint_positions() - wanted.joint_positions(), axis=-1).mean())
