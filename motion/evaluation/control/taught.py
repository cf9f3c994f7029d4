"""Rows about taught words: does a model that was shown five clips do the action, and is it the old one otherwise?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from motion.conditions import Text
from motion.core import BadInput, Motion
from motion.datasets.store import TrainingSet
from motion.evaluation.control.trial import Findings, Trial
from motion.evaluation.prompts import LABEL_PROMPTS
from motion.evaluation.scorecard import Row
from motion.understanding.classifier import Classifier, train_classifier
from motion.understanding.joints import sampled_positions

Array = NDArray[np.floating]

#: The split of recordings that no model is trained on, one of each action: they are there to be taught.
UNSEEN = "teach"

#: The actions of that split that are taught: what is on hands, upside down or on the floor is in no other recording.
ACTIONS = ("cartwheel", "crawl", "backflip", "roll")

#: Clips that a word is taught with.
CLIPS = 5

#: Tempos in which the one recording of an unseen action stands for several.
TEMPOS = (0.85, 0.925, 1.0, 1.075, 1.15)

#: A recorded action is taught under a new name where so many clips are left to know it by.
OTHERS = 8

#: Recordings of each content that the classifier learns from, at most, and its training steps.
EACH, STEPS = 40, 400

#: Seconds of the clips that are to be the same before and after.
SECONDS = 2.0


@dataclass(frozen=True)
class Action:
    """What is taught: a name, a caption, the clips to learn from, and whether the model was trained on such motion."""

    name: str
    caption: str
    content: str
    clips: tuple[Motion, ...]
    seen: bool


def taught_rows(trial: Trial) -> Findings:
    """Shares of clips that are recognised as the action, before it was taught (by its caption) and after."""
    if trial.teach is None:
        raise BadInput("there is no model that could be taught")
    actions = [*unseen_actions(trial.training), *renamed_actions(trial.training)]
    if not actions:
        raise BadInput(
            f"{trial.training.folder} holds nothing to teach; add recordings for it with: stride data build deepmimic"
        )
    classifier = knower(trial, actions)
    rows: list[Row] = []
    found: dict[str, dict[str, list[str]]] = {}
    shares = []
    same: list[bool] = []
    for number, action in enumerate(actions):
        trial.progress("recognise", number / len(actions))
        before = recognised(classifier, trial, action, action.caption)
        make = trial.teach(action.name, action.caption, action.clips)
        pupil = replace(trial, make=make)
        after = recognised(classifier, pupil, action, f"a person does {action.name}")
        found[action.name] = {"before": before, "after": after}
        shares.append(after.count(action.content) / len(after))
        kind = "new name" if action.seen else "never seen"
        what = f"taught {action.name!r} ({kind}), from {CLIPS} clips: recognised"
        rows.append(Row(what, shares[-1], before.count(action.content) / len(before), unit="%"))
        if not number:
            same = unchanged(trial, pupil)
    rows.append(Row("taught actions: recognised", float(np.mean(shares)), least=0.8, unit="%"))
    rows.append(Row("prompts without the taught word: bit-identical", float(np.mean(same)), least=1.0, unit="%"))
    trial.progress("recognise", 1.0)
    return Findings(rows, found)


def unseen_actions(training: TrainingSet) -> list[Action]:
    """Actions that no model was trained on, each in ``CLIPS`` tempos of its one recording."""
    actions = []
    for row in training.select(UNSEEN):
        clip, content = training.clip(row), str(training.rows[row]["content"])
        if content not in ACTIONS:
            continue
        clips = tuple(replace(clip, fps=clip.fps * tempo) for tempo in TEMPOS)
        caption = str(training.rows[row]["captions"][0]["text"])
        actions.append(Action(f"my-{content}", caption, content, clips, seen=False))
    return actions


def renamed_actions(training: TrainingSet) -> list[Action]:
    """The rarest action of which there are enough clips, under a name and a caption that say nothing of it.

    Its clips are spread evenly over the recordings, so that several people do it.
    """
    rows = _by_content(training)
    enough = {content: found for content, found in rows.items() if len(found) >= CLIPS + OTHERS}
    if not enough:
        return []
    content = min(enough, key=lambda one: (len(enough[one]), one))
    clips = tuple(training.clip(enough[content][place]) for place in _taught_places(len(enough[content])))
    return [Action("zorb", "a person does something", content, clips, seen=True)]


def _taught_places(count: int) -> list[int]:
    return [int(place) for place in np.linspace(0, count, CLIPS, endpoint=False)]


def _by_content(training: TrainingSet) -> dict[str, list[int]]:
    rows = defaultdict(list)
    for row in training.select("train"):
        if training.rows[row]["content"]:
            rows[str(training.rows[row]["content"])].append(row)
    return rows


def knower(trial: Trial, actions: Sequence[Action]) -> Classifier:
    """A classifier that knows all contents and the actions, those with clips of their own not by the taught ones."""
    training, renamed = trial.training, {action.content for action in actions if action.seen}
    positions: list[Array] = []
    contents: list[str] = []
    for content, rows in _by_content(training).items():
        taught = {rows[place] for place in _taught_places(len(rows))} if content in renamed else set()
        left = [row for row in rows if row not in taught]
        for place in np.unique(np.linspace(0, len(left), min(EACH, len(left)), endpoint=False).astype(int)):
            positions.append(sampled_positions(training.clip(left[place])))
            contents.append(content)
    for row in training.select(UNSEEN):
        positions.append(sampled_positions(training.clip(row)))
        contents.append(str(training.rows[row]["content"]))
    return train_classifier(positions, contents, steps=STEPS, progress=trial.progress)


def recognised(classifier: Classifier, trial: Trial, action: Action, prompt: str) -> list[str]:
    """What clips of a prompt look like to the classifier."""
    seconds = float(np.clip(np.median([clip.duration for clip in action.clips]), 1.0, 6.0))
    return classifier.names(trial.motions(action.name, seconds, Text(prompt)))


def unchanged(trial: Trial, pupil: Trial) -> list[bool]:
    """Whether each of the old prompts gives the same clip before and after a word was taught, to the last bit."""
    same = []
    for prompt in LABEL_PROMPTS.values():
        before, after = (one.motions(prompt, SECONDS, Text(prompt), samples=1)[0] for one in (trial, pupil))
        same.append(
            bool(
                np.array_equal(before.root_position, after.root_position)
                and np.array_equal(before.joint_rotation, after.joint_rotation)
            )
        )
    return same
