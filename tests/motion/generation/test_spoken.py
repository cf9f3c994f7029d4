"""Taught words in prompts: they are heard where they are said, and change nothing anywhere else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from taught import small_generator, small_word

from motion.conditions import Condition, Text, Timeline
from motion.core import BadInput, Motion
from motion.generation import Generator, generate
from motion.generation.spoken import spoken


def clip_of(generator: Generator, *conditions: Condition, seconds: float = 2.0) -> Motion:
    return generate(Timeline(seconds, conditions, 3), generator, steps=2, feet="never")[0].clip


def same(one: Motion, other: Motion) -> bool:
    return np.array_equal(one.root_position, other.root_position) and np.array_equal(
        one.joint_rotation, other.joint_rotation
    )


@pytest.fixture(params=[False, True], ids=["teacher", "distilled"])
def model(request: pytest.FixtureRequest) -> Generator:
    return small_generator(distilled=request.param)


def test_where_the_word_is_not_said_nothing_changes_to_the_bit(model: Generator) -> None:
    pupil = replace(model, words=(small_word(model),))
    texts = (Text("walks"), Text("waves", parts=("left_arm",)))
    before = clip_of(model, *texts)
    assert not same(clip_of(model, Text("zorb")), clip_of(pupil, Text("zorb")))
    assert same(clip_of(pupil, *texts), before)
    assert same(clip_of(model, *texts), before)


def test_a_word_for_some_of_the_body_leaves_the_rest_to_the_old_network(model: Generator) -> None:
    pupil = replace(model, words=(small_word(model),))
    said = spoken((Text("walks"), Text("zorbs", parts=("left_arm",))), pupil)
    assert said.denoisers[0] is model.denoiser and said.denoisers[1] is not model.denoiser
    texts = (Text("walks"), Text("zorb", parts=("left_arm",)))
    plain = (Text("walks"), Text("moves", parts=("left_arm",)))
    clip, other = clip_of(pupil, *texts), clip_of(pupil, *plain)
    assert np.isfinite(clip.root_position).all() and not same(clip, other)


def test_two_texts_of_one_word_share_a_network() -> None:
    model = small_generator()
    said = spoken((Text("zorb", 0.0, 2.0), Text("zorb", 2.0), Text("walk")), replace(model, words=(small_word(model),)))
    assert said.denoisers[0] is said.denoisers[1] is not said.denoisers[2] is model.denoiser


def test_two_words_in_one_prompt_are_refused_with_what_would_do() -> None:
    model = small_generator()
    words = (small_word(model), small_word(model, "blorp"))
    with pytest.raises(BadInput, match=r"'zorb' and 'blorp'.*--prompt"):
        spoken((Text("zorb, then blorp"),), replace(model, words=words))


def test_a_word_of_another_model_is_refused() -> None:
    other = small_generator(sha256="cd" * 32)
    model = replace(small_generator(), words=(small_word(other),))
    with pytest.raises(BadInput, match="another model"):
        clip_of(model, Text("zorb"))
    assert clip_of(model, Text("walk")).num_frames == 60


def test_a_clip_without_a_word_can_be_made(model: Generator) -> None:
    clip = generate(Timeline(1.0, (), 0), model, steps=1)[0].clip
    assert np.isfinite(clip.joint_positions()).all()
