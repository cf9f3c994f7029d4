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
from motion.training.distillation import Distiller
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


def test_the_student_starts_as_its_teacher_and_comes_closer_to_the_guided_one(data, teacher, tmp_path):
    config = replace(tiny(), steps=60, learning_rate=2e-3)
    student = Distiller(config, TrainingSet.open(data), tmp_path, teacher=str(teacher))
    for name, value in student.teacher.state_dict().items():
        assert torch.equal(value, student.model.state_dict()[name])
    before = student.validation_loss()
    student.run()
    assert student.validation_loss() < 0.9 * before
    generator = load_generator(str(tmp_path / "tiny"))
    assert generator.distilled and generator.known is not None
    timeline = Timeline(2.0, (Text("a person walks"),), 3)
    mild, strong = (generate(timeline, generator, steps=1, guidance=w)[0].clip for w in (1.0, 4.0))
    assert not np.allclose(mild.joint_rotation, strong.joint_rotation)


def test_noise_is_exchanged_so_that_each_clip_has_its_nearest():
    x_0 = torch.tensor([[[0.0]], [[10.0]], [[20.0]]])
    noise = torch.tensor([[[19.0]], [[1.0]], [[11.0]]])
    assert Distiller._coupled(noise, x_0).flatten().tolist() == [1.0, 11.0, 19.0]


def test_a_teacher_belongs_to_few_steps_alone(data, tmp_path):
    with pytest.raises(BadInput, match="--teacher"):
        train("few-steps", data, tmp_path)
    with pytest.raises(BadInput, match="--teacher"):
        train("tiny", data, tmp_path, teacher="x")
