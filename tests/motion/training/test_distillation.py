"""Distillation: the student starts as its teacher and learns its guided answers; noise may be matched to the data."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from helpers import smpl_skeleton, walking_clip
from motion.conditions import Text, Timeline
from motion.core import BadInput
from motion.datasets.store import Caption, Item, TrainingSet, write_store
from motion.generation import generate, load_generator
from motion.training.distillation import Distiller, Recipe
from motion.training.presets import tiny
from motion.training.run import train


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder, items = tmp_path_factory.mktemp("set"), []
    for i in range(8):
        clip = walking_clip(2.0 + 0.3 * i, seed=i)
        caption = Caption("a person walks", 0.0, clip.duration, "test")
        items.append(Item(f"walk{i}", "test", clip, (caption,), "val" if i == 0 else "train", "CC0-1.0", "walk"))
    write_store(folder, items, smpl_skeleton(), 30.0)
    return folder


@pytest.fixture(scope="module")
def teacher(data, tmp_path_factory):
    return train("tiny", data, tmp_path_factory.mktemp("teacher"), steps=40)


def _gap(student, moments=16, guidance=3.0):
    """How far the student's answer to noise is from where the teacher's guided path leads from there."""
    batch = student.validation[0]
    size, prompt, known = len(batch.x_0), batch.prompt, torch.zeros_like(batch.known)
    x = noise = torch.randn(batch.x_0.shape, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        for k in range(moments):
            t_B = torch.full((2 * size,), k / moments)
            both = prompt.with_and_without_text()
            pair = student.teacher(x.repeat(2, 1, 1), t_B, known.repeat(2, 1, 1), both, batch.lengths.repeat(2))
            told, untold = pair.chunk(2)
            x = torch.lerp(x, untold + guidance * (told - untold), 1 / (moments - k))
        model = student.network().eval()
        model.load_state_dict(student.average)
        strength = torch.full((size,), guidance)
        answer = model(noise, torch.zeros(size), known, prompt.leaping(strength, 1.0), batch.lengths)
    valid = torch.arange(x.shape[1])[None] < batch.lengths[:, None]
    return float((x - answer)[valid].square().mean())


def test_the_student_starts_as_its_teacher_and_comes_closer_to_the_guided_one(data, teacher, tmp_path):
    config = replace(tiny(), steps=120, learning_rate=2e-3)
    recipe = Recipe(early=0.0)  # the teacher alone is learnt from, not the recordings
    student = Distiller(config, TrainingSet.open(data), tmp_path, teacher=str(teacher), recipe=recipe)
    for name, value in student.teacher.state_dict().items():
        assert torch.equal(value, student.model.state_dict()[name])
    before = _gap(student)
    student.run()
    assert _gap(student) < 0.8 * before
    generator = load_generator(str(tmp_path / "tiny"))
    assert generator.distilled and generator.known is not None
    timeline = Timeline(2.0, (Text("a person walks"),), 3)
    mild, strong = (generate(timeline, generator, steps=1, guidance=w)[0].clip for w in (1.0, 4.0))
    assert not np.allclose(mild.joint_rotation, strong.joint_rotation)
    with pytest.raises(BadInput, match="distilled itself"):
        train("few-steps", data, tmp_path / "again", teacher=str(tmp_path / "tiny"))


def test_noise_is_exchanged_so_that_each_clip_has_its_nearest():
    x_0 = torch.tensor([[[0.0]], [[10.0]], [[20.0]]])
    noise = torch.tensor([[[19.0]], [[1.0]], [[11.0]]])
    assert Distiller._coupled(noise, x_0).flatten().tolist() == [1.0, 11.0, 19.0]


def test_a_teacher_belongs_to_few_steps_alone(data, tmp_path):
    with pytest.raises(BadInput, match="--teacher"):
        train("few-steps", data, tmp_path)
    with pytest.raises(BadInput, match="--teacher"):
        train("tiny", data, tmp_path, teacher="x")
