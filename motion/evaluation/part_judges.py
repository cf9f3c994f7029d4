"""Judges of part of a clip: what its legs do, what its arms do, in which style; each trained on real clips.

That of the arms also sees real arms on the legs of other real clips, of every pair there is: arms look different on
somebody who walks, and gesture for a while only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motion.core import Motion
from motion.core.progress import Progress, silent
from motion.core.skeleton import Skeleton
from motion.datasets.captions import CONTENTS
from motion.datasets.store import TrainingSet
from motion.evaluation.judge import Examples, judge_once, labelled_rows, share_right
from motion.training.composition import CARRIERS, GESTURES, SAME_ARMS, as_seen, exchange_arms
from motion.training.held_out import HELD_OUT_MIXTURES
from motion.understanding.classifier import Classifier
from motion.understanding.joints import sampled_positions

Array = NDArray[np.floating]

#: What legs that carry no gesture of their own, and arms without one, are called.
STAND, SWING = "stand", "swing"

#: Styles that look the same as another.
SAME_STYLE = {"old": "elderly", "tired": "exhausted", "masculinity": "masculine"}

#: What of the joint positions (T, 22, 3) a judge sees.
Part = Callable[[Array], Array]

_LEGS = ("hip", "knee", "ankle", "foot")
_ARMS = ("neck", "head", "collar", "shoulder", "elbow", "wrist")

#: Composed clips per held-out mixture by which the judges of parts are judged, and per pair from which arms are learnt.
COMPOSED, LEARNT = 4, 4


@dataclass(frozen=True)
class PartJudges:
    """Judges of legs, arms and style with their accuracies on real clips they never saw.

    ``accuracy_mixtures`` is the share of clips, composed of validation clips, whose legs and arms were both recognised.
    """

    legs: Classifier
    arms: Classifier
    style: Classifier
    accuracy_mixtures: float
    accuracy_style: float
    skeleton: Skeleton

    def mixtures_right(self, clips: Sequence[Motion], mixture: tuple[str, str]) -> list[bool]:
        """Whether each clip shows the legs and the arms of the mixture."""
        positions = [sampled_positions(clip) for clip in clips]
        legs = self.legs.names_of_positions([only_legs(points, self.skeleton) for points in positions])
        arms = self.arms.names_of_positions([only_arms(points, self.skeleton) for points in positions])
        return [pair == as_seen(*mixture) for pair in zip(legs, arms, strict=True)]

    def styles(self, clips: Sequence[Motion]) -> list[str]:
        """The style of each clip."""
        return self.style.names(clips)


def only_legs(positions: Array, skeleton: Skeleton) -> Array:
    """Joint positions (T, 22, 3) with everything above the hips drawn into the pelvis."""
    kept = [name.endswith(_LEGS) for name in skeleton.joint_names[: positions.shape[1]]]
    return np.where(np.array(kept)[:, None], positions, positions[:, :1]).astype(np.float32)


def only_arms(positions: Array, skeleton: Skeleton) -> Array:
    """Arms, neck and head (T, 22, 3) relative to the chest, everything else drawn into it: no legs, no travel."""
    kept = [name.endswith(_ARMS) for name in skeleton.joint_names[: positions.shape[1]]]
    relative = positions - positions[:, [skeleton.index("spine3")]]
    return np.where(np.array(kept)[:, None], relative, 0.0).astype(np.float32)


def part_judges_for(training: TrainingSet, *, steps: int = 500, progress: Progress = silent) -> PartJudges:
    """Train the judges of parts, or take those trained on this very training set before."""
    skeleton = training.skeleton

    def trained(
        kind: str, part: Part, name_of: Callable[[str, str], str], mixed: bool = False
    ) -> tuple[Classifier, float]:
        train, val = _examples(training, part, name_of)
        if mixed:
            for name, clip in _mixed(training):
                train.add(part(sampled_positions(clip)), name)
        judge = judge_once(training, kind, train.positions, train.contents, steps=steps, progress=progress)
        return judge, share_right(judge.names_of_positions(val.positions), val.contents)

    def legs_of(content: str, style: str) -> str:
        return content if content in CARRIERS else STAND if content in GESTURES else ""

    def arms_of(content: str, style: str) -> str:
        return SAME_ARMS.get(content, content) if content in GESTURES else SWING if content in CARRIERS else ""

    legs, _ = trained("legs", lambda points: only_legs(points, skeleton), legs_of)
    arms, _ = trained("arms", lambda points: only_arms(points, skeleton), arms_of, mixed=True)
    style, accuracy_style = trained("style", lambda points: points, lambda content, style: SAME_STYLE.get(style, style))
    judges = PartJudges(legs, arms, style, float("nan"), accuracy_style, skeleton)
    right = [judges.mixtures_right(clips, mixture) for mixture, clips in real_mixtures(training).items()]
    accuracy = float(np.mean(np.concatenate(right))) if right else float("nan")
    return PartJudges(legs, arms, style, accuracy, accuracy_style, skeleton)


def _examples(training: TrainingSet, part: Part, name_of: Callable[[str, str], str]) -> tuple[Examples, Examples]:
    """Training and validation clips that have a name, as the part of them that is judged."""
    train, val = Examples([], []), Examples([], [])
    for index in labelled_rows(training):
        row = training.rows[index]
        if name := name_of(row["content"], row["style"] or "normal"):
            examples = train if row["split"] == "train" else val
            examples.add(part(sampled_positions(training.clip(index))), name)
    return train, val


def _mixed(training: TrainingSet) -> Iterator[tuple[str, Motion]]:
    """What the arms do in clips composed of training clips, ``LEARNT`` of every pair of legs and arms."""
    random = np.random.default_rng(2)
    rows = [row for row in labelled_rows(training) if training.rows[row]["split"] == "train"]
    by_content = {content: [row for row in rows if training.rows[row]["content"] == content] for content in CONTENTS}
    for legs, arms in ((legs, arms) for legs in CARRIERS for arms in GESTURES):
        for _ in range(LEARNT if by_content[legs] and by_content[arms] else 0):
            walker, gesturer = (training.clip(int(random.choice(by_content[content]))) for content in (legs, arms))
            yield SAME_ARMS.get(arms, arms), exchange_arms(walker, gesturer, GESTURES[arms], random)


def real_mixtures(training: TrainingSet) -> dict[tuple[str, str], list[Motion]]:
    """Clips of every held-out mixture, composed of real ones: of validation where the content has some."""
    random = np.random.default_rng(1)
    rows = labelled_rows(training)

    def drawn(content: str) -> Motion | None:
        of_content = [row for row in rows if training.rows[row]["content"] == content]
        held = [row for row in of_content if training.rows[row]["split"] == "val"]
        return training.clip(int(random.choice(held or of_content))) if of_content else None

    made = {}
    for legs, arms in sorted(HELD_OUT_MIXTURES):
        pairs = [(drawn(legs), drawn(arms)) for _ in range(COMPOSED)]
        clips = [exchange_arms(a, b, GESTURES[arms], random) for a, b in pairs if a is not None and b is not None]
        if clips:
            made[legs, arms] = clips
    return made
