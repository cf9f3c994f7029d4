"""Teaching a word: the model stays as it is, the word is small, and what was shown comes nearer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from taught import arms_up, small_generator

from helpers import walking_clip
from motion.conditions import Text, Timeline
from motion.core import BadInput, Motion
from motion.generation import Generator, generate
from motion.generation.checkpoint import load_generator
from motion.training.teaching import FEWEST, MOST, Effort, teach

#: So little work as shows that something is learnt.
LITTLE = Effort(steps=30, controls_per_batch=128, learning_rate=2e-2)

CAPTION = "a person does a strange walk"


def clips(count: int = 3) -> list[Motion]:
    return [arms_up(seed) for seed in range(count)]


def away(generator: Generator, prompt: str) -> float:
    """Metres between the hands, relative to the pelvis, in what the model makes of a prompt and in what was shown."""
    made = generate(Timeline(2.0, (Text(prompt),), 1), generator, steps=4, feet="never")[0].clip
    return float(np.linalg.norm(hands(made) - hands(arms_up(0)), axis=-1).mean())


def hands(clip: Motion) -> Any:
    chosen = [clip.skeleton.index(f"{side}_wrist") for side in ("left", "right")]
    return (clip.joint_positions()[:, chosen, 1] - clip.root_position[:, None, 1]).mean(axis=0)


@pytest.mark.parametrize("distilled", [False, True])
def test_what_was_shown_comes_nearer_and_the_model_stays(distilled: bool) -> None:
    model = small_generator(distilled=distilled)
    before = {name: value.clone() for name, value in model.denoiser.state_dict().items()}
    random = torch.random.get_rng_state()
    word = teach("zorb", CAPTION, clips(), [model], effort=LITTLE)
    assert torch.equal(torch.random.get_rng_state(), random)
    assert all(torch.equal(value, before[name]) for name, value in model.denoiser.state_dict().items())
    assert all(parameter.grad is None for parameter in model.denoiser.parameters())
    pupil = replace(model, words=(word,))
    assert away(pupil, "zorb") < 0.5 * away(model, "zorb")
    assert (word.clips, word.seconds) == (3, pytest.approx(clips()[0].duration))


def test_the_same_seed_gives_the_same_word() -> None:
    model, effort = small_generator(), Effort(steps=2, controls_per_batch=128)
    one, again, other = (teach("zorb", CAPTION, clips(), [model], seed=s, effort=effort) for s in (0, 0, 1))
    assert one.sha256 == again.sha256 != other.sha256


def test_each_model_learns_for_itself() -> None:
    models = [small_generator(), small_generator(distilled=True, sha256="cd" * 32)]
    heard: list[float] = []
    word = teach(
        "zorb", CAPTION, clips(), models, effort=Effort(steps=2, controls_per_batch=128),
        progress=lambda stage, share: heard.append(share),
    )  # fmt: skip
    assert set(word.lessons) == {model.info["sha256"] for model in models}
    assert heard == [0.25, 0.5, 0.75, 1.0]


def test_a_word_for_both_shipped_models_is_less_than_a_megabyte() -> None:
    models = [load_generator("stride-nc"), load_generator("stride-nc-teacher")]
    word = teach("zorb", CAPTION, clips(), models, effort=Effort(steps=1, controls_per_batch=64))
    assert len(word.to_bytes()) < 1_000_000
    assert min(down.shape[0] for lesson in word.lessons.values() for down, _ in lesson.factors.values()) >= 2


@pytest.mark.parametrize(
    ("shown", "says"),
    [
        (clips(FEWEST - 1), "3 to 10 clips, got 2"),
        (clips(1) * (MOST + 1), "3 to 10 clips, got 11"),
        ([*clips(2), walking_clip(0.3)], "0.6 to 60 s"),
    ],
)
def test_what_teaches_nothing_is_refused(shown: list[Motion], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        teach("zorb", CAPTION, shown, [small_generator()])
