"""New training clips out of recorded ones: the legs of one with the arms of another.

Legs, pelvis and spine always come from one clip, so that contacts stay what they were; only whole arms are exchanged,
as rotations relative to the spine. The idea of composing what was recorded apart is that of LAC (Yang et al. 2023) and
SINC (Athanasiou et al. 2023).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from motion.core.clip import Motion
from motion.core.rotation import slerp
from motion.datasets.store import TrainingSet
from motion.representation.layout import PARTS
from motion.training.composed_captions import together
from motion.training.held_out import HELD_OUT_MIXTURES

Array = NDArray[np.floating]

#: The parts that stay together, so that contacts stay what they were.
LEGS = ("root", "torso", "left_leg", "right_leg")

#: Contents that give legs, pelvis and spine.
CARRIERS = ("walk", "run", "dash", "walk-back", "walk-left", "walk-right", "walk-turn-left", "walk-turn-right")

#: Contents that give arms, and which arms.
GESTURES: dict[str, tuple[str, ...]] = {
    "wave-left-hand": ("left_arm",),
    "wave-right-hand": ("right_arm",),
    "wave-both-hands": ("left_arm", "right_arm"),
    "raise-up-left-hand": ("left_arm",),
    "raise-up-right-hand": ("right_arm",),
    "raise-up-both-hands": ("left_arm", "right_arm"),
    "bye": ("right_arm",),
    "byebye": ("left_arm", "right_arm"),
    "guide": ("right_arm",),
    "punch": ("left_arm", "right_arm"),
}

#: Contents whose arms look the same as those of another.
SAME_ARMS = {"bye": "wave-right-hand", "byebye": "wave-both-hands"}

#: Clips composed of every pair of contents.
PER_PAIR = 20

#: Longest composed clip, and the time in which arms pass from one clip to the other, in seconds.
LONGEST, PASSAGE = 6.0, 0.4


@dataclass(frozen=True)
class Composed:
    """A clip made of two, what it shows, and the ids of the two."""

    clip: Motion
    label: str
    captions: tuple[str, ...]
    clip_id: str


def parts_of(content: str) -> tuple[str, ...]:
    """The body parts that an action is about: what it gives in a composition; none where it is never composed."""
    return LEGS if content in CARRIERS else GESTURES.get(content, ())


def pairs() -> list[tuple[str, str]]:
    """Which contents are composed: locomotion with every gesture, and one hand's gesture with the other's.

    What is held out is left out under any words, and mirrored: held-out mixtures are closed under mirroring.
    """
    chosen = [(carrier, gesture) for carrier in CARRIERS for gesture in GESTURES]
    for carrier, gesture in ((a, b) for a in GESTURES for b in GESTURES):
        if len(GESTURES[carrier]) == len(GESTURES[gesture]) == 1 and GESTURES[carrier] != GESTURES[gesture]:
            chosen.append((carrier, gesture))
    held_out = {as_seen(*mixture) for mixture in HELD_OUT_MIXTURES}
    return [pair for pair in chosen if as_seen(*pair) not in held_out]


def as_seen(legs: str, arms: str) -> tuple[str, str]:
    """A mixture as it looks: a right hand that waves goodbye waves."""
    return legs, SAME_ARMS.get(arms, arms)


def compositions(data: TrainingSet, rows: list[int]) -> Iterator[Composed]:
    """Compose ``PER_PAIR`` clips of every pair from the labelled ``rows``; the same ones every time."""
    by_content: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if data.rows[row]["content"]:
            by_content[data.rows[row]["content"]].append(row)
    random = np.random.default_rng(0)
    for carrier, gesture in pairs():
        if not by_content[carrier] or not by_content[gesture]:
            continue
        for _ in range(PER_PAIR):
            legs = int(random.choice(by_content[carrier]))
            # in one style from head to toe where that was recorded, so that the style is seen with more actions
            same = [row for row in by_content[gesture] if data.rows[row]["style"] == data.rows[legs]["style"]]
            arms = int(random.choice(same or by_content[gesture]))
            yield Composed(
                exchange_arms(data.clip(legs), data.clip(arms), GESTURES[gesture], random),
                f"{carrier}+{gesture}",
                together(carrier, data.rows[legs]["style"], gesture, random),
                f"{data.rows[legs]['id']}+{data.rows[arms]['id']}",
            )


def exchange_arms(legs: Motion, arms: Motion, parts: tuple[str, ...], random: np.random.Generator) -> Motion:
    """``legs`` with the arms of ``arms``, from a moment drawn at random.

    A gesture longer than the clip is cut around its middle; a shorter one is passed to and from over ``PASSAGE``.
    """
    arms = arms.resampled(legs.fps)
    frames = min(legs.num_frames, round(LONGEST * legs.fps))
    start = int(random.integers(legs.num_frames - frames + 1))
    legs = legs.sliced(start, start + frames)
    if arms.num_frames > frames:
        middle = (arms.num_frames - frames) // 2
        arms = arms.sliced(middle, middle + frames)
    offset = int(random.integers(frames - arms.num_frames + 1))
    joints = [legs.skeleton.index(joint) for part in parts for joint in PARTS[part].joints]
    weight = _passage(arms.num_frames, round(PASSAGE * legs.fps), offset > 0, offset + arms.num_frames < frames)
    rotation = legs.joint_rotation.copy()
    span = slice(offset, offset + arms.num_frames)
    for joint in joints:
        rotation[span, joint] = slerp(rotation[span, joint], arms.joint_rotation[:, joint], weight)
    return replace(legs, joint_rotation=rotation)


def _passage(frames: int, passage: int, at_start: bool, at_end: bool) -> Array:
    """Weights (frames,): 1, but rising from 0 at the start and falling to 0 at the end where asked."""
    ramp = np.clip((np.arange(frames) + 0.5) / passage, 0, 1)
    ramp = ramp * ramp * (3 - 2 * ramp)
    weight = np.ones(frames)
    if at_start:
        weight = np.minimum(weight, ramp)
    if at_end:
        weight = np.minimum(weight, ramp[::-1])
    return weight
