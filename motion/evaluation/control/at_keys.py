"""Rows about single moments taken from validation clips: whole poses, hands and feet; and about edits of the arms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.conditions import Condition, Keep, Pose, Reach, Text
from motion.core import Motion
from motion.core.body_parts import joints_of_part
from motion.evaluation.control.trial import Findings, Trial, mean, plain
from motion.evaluation.sampling import FPS
from motion.evaluation.scorecard import Row
from motion.evaluation.text_motion_rows import Described
from motion.metrics.control import ControlErrors, control_errors
from motion.metrics.physical import foot_skate_ratio, joint_position_error

Array = NDArray[np.floating]

#: Whole-body keys of one clip: 2 of the first, 3 of the next, up to 8; and of one hand or foot.
KEYS, REACHES = (2, 8), 5

#: Clips that keys are taken from last at least so many seconds.
SHORTEST = 3.0

#: What reaches in one clip after the other.
ENDS = ("right_hand", "left_foot", "left_hand", "right_foot")

#: What an edit of the arms is asked to do with them, and the parts that are to stay as they are.
ARMS = Text("a person raises both hands.", parts=("left_arm", "right_arm"))
STAYS = ("root", "left_leg", "right_leg")


def key_rows(trial: Trial) -> Findings:
    """Poses of a clip at their own times and places: is the body there then."""
    errors: list[Array] = []
    errors_free: list[Array] = []
    details: dict[str, Any] = {"refused": []}
    real = trial.real(SHORTEST)
    for number, one in enumerate(real):
        trial.progress("keys", number / len(real))
        count = KEYS[0] + number % (KEYS[1] - KEYS[0] + 1)
        frames = spread(one.clip, count)
        keys = [Pose.of(one.clip, int(frame), frame / FPS, placed=True) for frame in frames]
        made = _both(trial, one, keys)
        if made is None:
            details["refused"].append(one.text)
            continue
        clips, free = made
        there = one.clip.joint_positions()[frames]
        own, left = ([_apart(clip, frames, there) for clip in group] for group in (clips, free))
        errors, errors_free = errors + own, errors_free + left
        skate = [foot_skate_ratio(clip) for clip in clips]
        details[f"{number} {one.text}"] = {
            "keys": count, "seconds": one.clip.duration, "mean_m": plain([mean(error) for error in own], 5),
            "max_m": plain([error.max() for error in own], 5), "foot_skate": plain(skate),
            "foot_skate_real": foot_skate_ratio(one.clip),
        }  # fmt: skip
    trial.progress("keys", 1.0)
    ours, free_errors = _summary(errors), _summary(errors_free)
    rows = [
        Row("keys: mean joint error", ours.average_m, free_errors.average_m, most=0.01, unit="m"),
        Row("keys: traj-error@20cm", ours.traj_error_20cm, free_errors.traj_error_20cm, most=0.0, unit="%"),
        Row("keys: loc-error@20cm", ours.loc_error_20cm, free_errors.loc_error_20cm, most=0.0, unit="%"),
    ]
    return Findings(rows, details)


def reach_rows(trial: Trial) -> Findings:
    """A clip's own wrists and ankles at some moments, asked of a person of whom nothing else is known."""
    off: list[float] = []
    off_free: list[float] = []
    details: dict[str, Any] = {"refused": []}
    real = trial.real(SHORTEST)
    for number, one in enumerate(real):
        trial.progress("reach", number / len(real))
        what = ENDS[number % len(ENDS)]
        frames = spread(one.clip, REACHES)
        joint = one.clip.skeleton.index(Reach(0.0, what, np.zeros(3)).joint)
        there = one.clip.joint_positions()[frames][:, [joint]]
        targets = [Reach(frame / FPS, what, place[0]) for frame, place in zip(frames, there, strict=True)]
        made = _both(trial, one, [_start(one.clip), *targets])
        if made is None:
            details["refused"].append(one.text)
            continue
        own, left = ([_apart(clip, frames, there, [joint]) for clip in group] for group in made)
        off, off_free = off + [mean(error) for error in own], off_free + [mean(error) for error in left]
        details[f"{number} {what} {one.text}"] = {
            "mean_m": plain([mean(error) for error in own], 5), "max_m": plain([error.max() for error in own], 5),
            "foot_skate": plain([foot_skate_ratio(clip) for clip in made[0]]),
        }  # fmt: skip
    trial.progress("reach", 1.0)
    return Findings(
        [Row("hands and feet: mean error at targets", mean(off), mean(off_free), most=0.02, unit="m")], details
    )


def edit_rows(trial: Trial) -> Findings:
    """Arms made anew: is every number of the legs and the root the same, and did the arms change at all."""
    same: list[bool] = []
    moved: list[float] = []
    details: dict[str, Any] = {}
    real = trial.real(2.0)
    for number, one in enumerate(real):
        trial.progress("edit", number / len(real))
        edit = Keep(one.clip, parts=ARMS.parts)
        clips = trial.motions("edit " + one.text, one.clip.duration, edit, Text(one.text), ARMS)
        alike = [unchanged(clip, one.clip) for clip in clips]
        change = [joint_position_error(clip, one.clip) for clip in clips]
        same, moved = same + alike, moved + change
        details[f"{number} {one.text}"] = {"identical": alike, "joints_moved_m": plain(change)}
    trial.progress("edit", 1.0)
    rows = [
        Row("edit of the arms: legs and root bit-identical", mean(same), least=1.0, unit="%"),
        Row("edit of the arms: joints moved by", mean(moved), unit="m"),
    ]
    return Findings(rows, details)


def unchanged(clip: Motion, before: Motion) -> bool:
    """Whether the root and both legs of two clips are the same to the last bit."""
    joints = [joint for part in STAYS for joint in joints_of_part(part, before.skeleton.joint_names)]
    return np.array_equal(clip.root_position, before.root_position) and np.array_equal(
        clip.joint_rotation[:, joints], before.joint_rotation[:, joints]
    )


def spread(clip: Motion, count: int) -> NDArray[np.integer]:
    """Frames (N,), evenly spread over a clip but for its first and last fifth of a second."""
    edge = round(0.2 * clip.fps)
    return np.linspace(edge, clip.num_frames - 1 - edge, count).round().astype(int)


def _both(trial: Trial, one: Described, keys: Sequence[Condition]) -> tuple[list[Motion], list[Motion]] | None:
    """Clips with the keys and without, the first of both at the same place; None where the keys are refused."""
    words, seconds = Text(one.text), one.clip.duration
    if not trial.possible(seconds, words, *keys):
        return None
    return trial.motions(one.text, seconds, words, *keys), trial.motions(one.text, seconds, words, _start(one.clip))


def _start(clip: Motion) -> Pose:
    """The first frame of a clip: an uncontrolled clip is told no more than where it begins."""
    return Pose.of(clip, 0, 0.0, placed=True)


def _apart(clip: Motion, frames: NDArray[np.integer], there: Array, joints: list[int] | None = None) -> Array:
    """(N * J,) m, distance of the joints in some frames from places (N, J, 3)."""
    here = clip.joint_positions()[frames]
    return np.linalg.norm((here if joints is None else here[:, joints]) - there, axis=-1).ravel()


def _summary(errors: list[Array]) -> ControlErrors:
    nothing = ControlErrors(*[float("nan")] * 6)
    return control_errors(errors) if errors else nothing
