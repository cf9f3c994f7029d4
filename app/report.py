"""The numbers of one clip: what was asked for beside what came of it, and how physical it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from motion.conditions import Loop, Path, Pose, Reach, Speed, Timeline, Waypoints
from motion.conditions.reachable import bodies
from motion.conditions.speed import speeds_at
from motion.core import Motion
from motion.core.axes import ground
from motion.metrics import physical_report
from motion.metrics.contacts import spans
from motion.metrics.control import loop_seam, path_error
from motion.metrics.physical import mean_planar_speed

if TYPE_CHECKING:
    from motion.generation import Generated
    from motion.generation.known import Nearest
    from motion.understanding.verifier import Verdict

Array = NDArray[np.floating]
Flags = NDArray[np.bool_]
Numbers = dict[str, float | str | None]

#: The report's keys, in the order printed; those that do not apply to a request are null.
REPORT = (
    "foot_skate_ratio", "mean_jerk_m_s3", "floor_penetration_mm", "requested_speed", "realised_speed", "path_error_m",
    "path_error_max_m", "key_error_m", "key_error_max_m", "requested_duration_s", "realised_duration_s",
    "scene_penetration", "nearest_training_caption", "caption_similarity", "far_from_training", "prompt_similarity",
    "joint_limit_ratio", "playback_rate",
)  # fmt: skip

#: The generator's names for the largest difference from anything known, and ours; they hold for a clip that is not cut.
LARGEST = {
    "path_m": "known_place_error_max_m", "heading_rad": "known_heading_error_max_rad",
    "rotation_rad": "known_rotation_error_max_rad", "joint_m": "known_joint_error_max_m",
}  # fmt: skip

#: Seconds between the places by which a speed is told: the sway of the hips does not count as distance.
STRIDE = 0.2


def report(
    made: Generated,
    verdict: Verdict,
    clip: Motion,
    timeline: Timeline,
    nearest: Sequence[Nearest] = (),
    played: Motion | None = None,
) -> Numbers:
    """The keys of ``REPORT``, then what else the generator has to say.

    Args:
        made: what the generator gave, with the numbers of its clean-up.
        verdict: the verifier's.
        clip: the clip on its body, before it is mirrored or its way is taken out: conditions are told of this one.
        timeline: what was asked for.
        nearest: what of the training recordings is nearest to the prompt.
        played: the clip as it is played, if it was retimed: feet, jerk, speed and duration are of this one.
    """
    played = clip if played is None else played
    measured = physical_report(played).to_json()
    numbers: dict[str, Any] = {**made.report, **measured, "realised_speed": mean_planar_speed(clip)}
    cut = any(isinstance(one, Loop) for one in timeline.conditions)
    for theirs, ours in LARGEST.items():
        value = numbers.pop(theirs, None)
        if value is not None and not cut:
            numbers[ours] = value
    numbers |= {"prompt_similarity": verdict.similarity, "joint_limit_ratio": verdict.joint_limit_ratio}
    numbers |= {"requested_duration_s": timeline.duration, "realised_duration_s": lasting(played, cut)}
    numbers |= {**of_loop(clip, timeline), **of_seam(played)} if cut else of_conditions(clip, timeline)
    if played is not clip:
        rate = lasting(clip, cut) / lasting(played, cut)
        numbers |= {"playback_rate": rate, "realised_speed": rate * numbers["realised_speed"]}
    if nearest:
        first = nearest[0]
        numbers |= {
            "nearest_training_caption": first.text,
            "caption_similarity": first.similarity,
            "far_from_training": first.far,
        }
    return {name: numbers.get(name) for name in REPORT} | {k: v for k, v in numbers.items() if k not in REPORT}


def of_conditions(clip: Motion, timeline: Timeline) -> dict[str, float]:
    """Speed, way and keys: requested and realised."""
    return {**_speeds(clip, timeline), **_way(clip, timeline), **_keys(clip, timeline)}


def lasting(clip: Motion, loop: bool) -> float:
    """How long a clip lasts; a round of a loop ends where its last frame, the first one again, begins."""
    return (clip.num_frames - loop) / clip.fps


def of_loop(clip: Motion, timeline: Timeline) -> dict[str, float | None]:
    """A loop is cut from a clip somewhere: what is told of a moment can no longer be found, what always holds can."""
    always = [one for one in timeline.speeds if one.times is None and not one.start and one.end is None]
    paths = [one.route.points for one in timeline.conditions if isinstance(one, Path)]
    numbers: dict[str, float | None] = {**_speeds(clip, replace(timeline, conditions=tuple(always)))}
    numbers["requested_duration_s"] = next(one.seconds for one in timeline.conditions if isinstance(one, Loop))
    if paths:
        away = np.min([_from_line(ground(clip.root_position), line) for line in paths], axis=0)
        numbers |= {"path_error_m": float(away.mean()), "path_error_max_m": float(away.max())}
    return numbers


def of_seam(loop: Motion) -> dict[str, float]:
    """How far the end of a loop is from its beginning."""
    if loop.num_frames < 3:
        return {}
    seam = loop_seam(loop)
    return {"loop_seam_m": seam.position_m, "loop_seam_rad": seam.rotation_rad, "loop_seam_m_s": seam.velocity_m_s}


def planar_speed(places: Array, known: Flags, fps: float) -> float | None:
    """m/s over the ground through places (T, 2) in the frames ``known`` (T,); None where there are not two in a row."""
    length, seconds, step = 0.0, 0.0, max(1, round(STRIDE * fps))
    for first, stop in spans(known):
        frames = np.unique(np.append(np.arange(first, stop, step), stop - 1))
        length += float(np.linalg.norm(np.diff(places[frames], axis=0), axis=-1).sum())
        seconds += (stop - 1 - first) / fps
    return length / seconds if seconds > 0 else None


def _speeds(clip: Motion, timeline: Timeline) -> dict[str, float]:
    """The mean of the speeds asked for, else that of the path, beside the clip's in the same frames."""
    asked = speeds_at(timeline.speeds, np.arange(clip.num_frames) / clip.fps)
    known, places = np.isfinite(asked), ground(clip.root_position)
    if known.any():
        wanted: float | None = float(asked[known].mean())
    else:
        way, known = _known_places(clip, timeline, Path)
        wanted = planar_speed(way, known, clip.fps)
    got = planar_speed(places, known, clip.fps)
    return {} if wanted is None or got is None else {"requested_speed": wanted, "realised_speed": got}


def _way(clip: Motion, timeline: Timeline) -> dict[str, float]:
    places, known = _known_places(clip, timeline, Path, Waypoints)
    if not known.any():
        return {}
    mean, largest = path_error(clip, places, known)
    return {"path_error_m": mean, "path_error_max_m": largest}


def _known_places(clip: Motion, timeline: Timeline, *kinds: type[Path | Waypoints]) -> tuple[Array, Flags]:
    """Where the person is to be (T, 2) m, and in which frames (T,) that is said, by conditions of these kinds."""
    ways = tuple(one for one in timeline.conditions if isinstance(one, (*kinds, Speed)))
    if len(ways) == len(timeline.speeds):
        return np.zeros((clip.num_frames, 2)), np.zeros(clip.num_frames, bool)
    asked = replace(timeline, conditions=ways).observe(clip.fps, clip.skeleton)
    return asked.root_ground[: clip.num_frames], asked.root_ground_known[: clip.num_frames]


def _keys(clip: Motion, timeline: Timeline) -> dict[str, float]:
    """Mean distance of the joints from each pose, and of hands, feet and heads from where they are to be."""
    errors = []
    for key in timeline.conditions:
        if not isinstance(key, Pose | Reach):
            continue
        now = clip.sampled_at(np.array([key.time]), clip.fps)
        if isinstance(key, Pose):
            wanted, got = (bodies(one, clip.skeleton, key.placed) for one in (key, Pose.of(now, 0, key.time)))
            errors.append(float(np.linalg.norm(got - wanted, axis=-1).mean()))
        elif key.position is not None:
            joint = now.joint_positions()[0, clip.skeleton.index(key.joint)]
            errors.append(float(np.linalg.norm(joint - key.position)))
    return {"key_error_m": float(np.mean(errors)), "key_error_max_m": max(errors)} if errors else {}


def _from_line(places: Array, line: Array) -> Array:
    """(N,) m from places (N, 2) to the nearest point of a line (M, 2)."""
    start, side = line[:-1], np.diff(line, axis=0)
    square = np.maximum((side**2).sum(axis=-1), 1e-12)
    share = np.clip(((places[:, None] - start) * side).sum(axis=-1) / square, 0.0, 1.0)
    return np.linalg.norm(start + share[..., None] * side - places[:, None], axis=-1).min(axis=1)
