"""From sampled control points to the clip: what is known is met exactly, and the feet are cleaned up around it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from motion.body import default_body
from motion.conditions import Act, Keep, Loop, Speed, Timeline
from motion.conditions.speed import speeds_at
from motion.core import Motion, Observation, Place
from motion.core.axes import ground
from motion.core.skeleton import Skeleton
from motion.metrics.physical import foot_skate_ratio
from motion.refine.act import acted
from motion.refine.calm import calmed
from motion.refine.foot_lock import lock_feet
from motion.refine.lead import led_to
from motion.refine.loop import looped, sampled
from motion.refine.meet import meet
from motion.refine.outline import Outline
from motion.refine.path import on_path
from motion.refine.place import put_into
from motion.refine.root_follow import follow_feet
from motion.refine.stance import with_stances
from motion.refine.stride import at_speed, with_strides
from motion.refine.swing import swing_clearance
from motion.representation.features import features_to_motion
from motion.representation.spline import evaluate

Array = NDArray[np.floating]

#: Frame rate at which feet are cleaned up; other rates are resampled from it.
WORKING_FPS = 30.0

#: How far the foot lock may move a foot, in metres: generated feet slide further than recorded ones.
FURTHEST = 0.3


def hard_part(timeline: Timeline, skeleton: Skeleton) -> Observation:
    """What must hold exactly, at ``WORKING_FPS``: everything but what is asked for softly."""
    hard = tuple(condition for condition in timeline.conditions if getattr(condition, "hard", True))
    return replace(timeline, conditions=hard).observe(WORKING_FPS, skeleton)


@cache
def outline_of_body() -> Outline:
    """The points of the shipped body that are looked at in a place."""
    return Outline.of(default_body().skin())


def frames_of(duration: float, fps: float) -> int:
    """Frames of a clip of ``duration`` s; the last is at one frame less."""
    return max(1, round(duration * fps))


def finished(
    controls: Array,
    timeline: Timeline,
    asked: Observation,
    skeleton: Skeleton,
    fps: float,
    feet: str = "auto",
    place: Place | None = None,
) -> tuple[Motion, dict[str, float]]:
    """The clip of control points (C, NUM_FEATURES) at ``fps``, and the numbers of its clean-up.

    Args:
        controls: the curve, in metres.
        timeline: what was asked for.
        asked: its ``hard_part``.
        skeleton: SMPL's.
        fps: frames per second of the clip.
        feet: ``auto``, ``always`` or ``never``: how sliding feet are cleaned.
        place: where it happens, or None.
    """
    frames = int(np.floor(timeline.duration * WORKING_FPS + 1e-6)) + 1
    raw = features_to_motion(evaluate(controls, np.arange(frames) / WORKING_FPS), skeleton, WORKING_FPS)
    loop = next((one for one in timeline.conditions if isinstance(one, Loop)), None)
    pace = None if loop is None else _pace(timeline, asked)
    calm = calmed(raw, _passings(timeline))
    clip, report = _refined(calm, timeline if pace is None else _without_speeds(timeline), asked, feet)
    if place is not None:
        clip = put_into(clip, place, outline_of_body(), asked, feet)
    report |= {"foot_skate_ratio_before": foot_skate_ratio(raw), "foot_skate_ratio": foot_skate_ratio(clip)}
    if loop is not None:
        clip = looped(clip, duration=loop.seconds, speed=pace, feet=feet != "never")
        return clip if fps == clip.fps else sampled(clip, round((clip.num_frames - 1) / clip.fps * fps), fps), report
    clip = clip.sampled_at(np.arange(frames_of(timeline.duration, fps)) / fps, fps)
    for condition in timeline.conditions:
        if isinstance(condition, Keep):
            clip = _kept(clip, condition)
        if isinstance(condition, Act):
            clip = acted(clip, condition.clip, condition.start, condition.floor if place is not None else 0.0)
    return clip, report


def _passings(timeline: Timeline) -> list[float]:
    """Moments in s at which what the whole body does passes into something else."""
    ends = {moment for text in timeline.texts if not text.parts for moment in text.span() if moment}
    return sorted(moment for moment in ends if moment < timeline.duration)


def _refined(raw: Motion, timeline: Timeline, asked: Observation, feet: str) -> tuple[Motion, dict[str, float]]:
    """Feet first go where they rest; then the body goes where and as fast as it is to, with steps of that length."""
    given = asked.root_ground_known & asked.joint_rotation_known.all(axis=1)  # its feet do what they do there
    natural = raw if feet == "never" else _natural(raw, given)
    own = ground(natural.root_position)
    led = _at_speed(own, timeline, asked)
    path = led.root_ground_known
    if not (path.any() or led.heading_known.any() or led.joint_position_known.any() or led.joint_rotation_known.any()):
        return (natural if feet == "never" else _standing(natural, feet)), {}
    carried = led_to(on_path(natural, led), led, partial(on_path, natural))
    met, errors = meet(carried if feet == "never" else with_strides(carried, own), led, feet)
    if not asked.root_ground_known.any():  # the way was made up for the speed, nobody asked for it
        errors.pop("path_m", None)
    return met, errors


def _pace(timeline: Timeline, asked: Observation) -> float | None:
    """m/s that a loop is to go at: one speed asked for all of the clip, where no place is; None: as it goes."""
    speeds = timeline.speeds
    always = [one.values[0] for one in speeds if one.times is None and not one.start and one.end is None]
    return always[0] if len(speeds) == len(always) == 1 and not asked.root_ground_known.any() else None


def _without_speeds(timeline: Timeline) -> Timeline:
    return replace(timeline, conditions=tuple(one for one in timeline.conditions if not isinstance(one, Speed)))


def _natural(raw: Motion, given: NDArray[np.bool_]) -> Motion:
    """The clip that goes where its feet push it: those of a runner too that are only found once it does."""
    natural = follow_feet(raw, known=given)
    found = with_stances(natural)
    assert found.contacts is not None
    if natural.contacts is not None and np.array_equal(found.contacts, natural.contacts):
        return natural
    return with_stances(follow_feet(found, known=given))


def _standing(clip: Motion, feet: str) -> Motion:
    assert clip.contacts is not None
    furthest = FURTHEST if feet == "auto" else np.inf
    return lock_feet(clip, furthest=furthest, least=swing_clearance(clip, clip.contacts))


def _at_speed(own: Array, timeline: Timeline, asked: Observation) -> Observation:
    """What is asked with the way (T, 2) at the speeds asked for, where no place is known but of the beginning."""
    speeds = speeds_at(timeline.speeds, np.arange(len(own)) / WORKING_FPS)
    known = asked.root_ground_known
    begun = int(known.sum())
    if not np.isfinite(speeds).any() or begun == len(known) or known[begun:].any():
        return asked
    first = max(0, begun - 1)
    way = asked.root_ground.copy()
    start = way[first] if begun else own[0]
    way[first:] = start + at_speed(own[first:], speeds[first:], WORKING_FPS) - own[first]
    return replace(asked, root_ground=way, root_ground_known=np.ones(len(known), bool))


def _kept(clip: Motion, keep: Keep) -> Motion:
    """What is kept of a clip of the same frame rate, to the last bit."""
    if keep.clip.fps != clip.fps:
        return clip
    count = min(clip.num_frames, keep.clip.num_frames)
    told = np.zeros((clip.num_frames, clip.skeleton.num_joints), bool)
    told[:count] = keep.kept(np.arange(count) / clip.fps, clip.skeleton.joint_names)
    rotation, root = clip.joint_rotation.copy(), clip.root_position.copy()
    rotation[told] = keep.clip.joint_rotation[:count][told[:count]]
    root[told[:, 0]] = keep.clip.root_position[:count][told[:count, 0]]
    return replace(clip, joint_rotation=rotation, root_position=root)
