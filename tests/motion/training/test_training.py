"""Training end to end with a tiny network on a tiny training set: it learns, resumes to the bit, and generates."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
import torch

from helpers import smpl_skeleton, walking_clip
from motion.conditions import Pose, Text, Timeline
from motion.core.errors import BadFile, BadInput, MotionError, UnknownName
from motion.core.progress import Cancelled
from motion.datasets.store import Caption, Item, TrainingSet, write_store
from motion.generation import generate, load_generator
from motion.generation.windows import split
from motion.networks.text_encoder import text_encoder
from motion.representation.layout import ROOT
from motion.representation.spline import KNOT_RATE, num_controls
from motion.training.batches import Batches
from motion.training.corpus import build_corpus, mirrored_caption
from motion.training.presets import tiny
from motion.training.run import train
from motion.training.trainer import Trainer


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("set")
    items = []
    for i in range(12):
        clip = walking_clip(1.5 + 0.3 * i, seed=i)
        caption = Caption("a person walks forward, leading with the left foot", 0.0, clip.duration, "test")
        split = "val" if i % 6 == 0 else "train"
        items.append(Item(f"walk{i}", "test", clip, (caption,), split, "CC0-1.0", "walk", "normal"))
    write_store(folder, items, smpl_skeleton(), 30.0)
    return folder


@pytest.fixture(scope="module")
def model_folder(data, tmp_path_factory):
    return train("tiny", data, tmp_path_factory.mktemp("run"), steps=20)


def _trainer(data, out, **changes):
    out.mkdir(exist_ok=True)
    return Trainer(replace(tiny(), learning_rate=3e-3, **changes), TrainingSet.open(data), out)


def _batches(corpus, seed):
    return Batches(
        corpus,
        text_encoder().encode_many(corpus.texts),
        statistics=corpus.statistics,
        patch=4,
        max_controls=64,
        controls_per_batch=256,
        seed=seed,
        device=torch.device("cpu"),
    )


def test_the_loss_falls(data, tmp_path):
    trainer = _trainer(data, tmp_path, steps=60)
    before = trainer.validation_loss()
    trainer.run()
    assert trainer.validation_loss() < 0.8 * before
    rows = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert rows[-1]["step"] == 60 and {"loss", "lr", "steps_per_s", "eta_s"} <= set(rows[-1])


def test_a_resumed_run_ends_with_the_same_weights_to_the_bit(data, tmp_path):
    whole = _trainer(data, tmp_path / "whole", steps=8)
    whole.run()
    _trainer(data, tmp_path / "parts", steps=8).run(until=3)
    rest = _trainer(data, tmp_path / "parts", steps=8)
    assert rest.resume() and rest.step == 3
    rest.run()
    for name, value in whole.model.state_dict().items():
        assert torch.equal(value, rest.model.state_dict()[name]), name


def test_a_run_may_start_from_a_model_of_its_size(data, model_folder, tmp_path):
    begun = load_generator(str(model_folder))
    trainer = Trainer(tiny(), TrainingSet.open(data), tmp_path, start=str(model_folder))
    assert all(torch.equal(v, trainer.model.state_dict()[k]) for k, v in begun.denoiser.state_dict().items())
    assert np.array_equal(trainer.statistics.mean, begun.statistics.mean)
    wider = replace(tiny(), denoiser=replace(tiny().denoiser, width=64))
    with pytest.raises(BadInput, match="another size"):
        Trainer(wider, TrainingSet.open(data), tmp_path, start=str(model_folder))


def test_batches_depend_on_seed_and_step_alone(data):
    corpus = build_corpus(TrainingSet.open(data), "train")
    first, again, other = (_batches(corpus, seed) for seed in (0, 0, 1))
    again[5]
    assert torch.equal(first[3].x_0, again[3].x_0)
    assert not any(a.x_0.shape == b.x_0.shape and torch.equal(a.x_0, b.x_0) for a, b in [(first[3], other[3])])


def test_every_batch_starts_at_the_origin_facing_forward(data):
    trainer_corpus = build_corpus(TrainingSet.open(data), "train")
    batches = _batches(trainer_corpus, 0)
    for step in range(3):
        batch = batches[step]
        x = batch.x_0 * batches.scale + batches.mean
        first = (x[:, 0] + 4 * x[:, 1] + x[:, 2]) / 6
        assert torch.allclose(first[:, ROOT["ground"]], torch.zeros(len(x), 2), atol=1e-4)
        assert (first[:, ROOT["heading"]][:, 0] > 0.98).all()


def test_captions_are_mirrored_word_by_word():
    assert mirrored_caption("Left hand up, turns right, counterclockwise") == "Right hand up, turns left, clockwise"
    assert mirrored_caption("a bright person is leftover") == "a bright person is leftover"


def test_generate_gives_the_same_sample_whatever_the_number_of_samples(model_folder):
    generator = load_generator(str(model_folder))
    timeline = Timeline(3.0, (Text("a person walks"),), seed=7)
    alone = generate(timeline, generator, steps=2)
    among = generate(timeline, generator, steps=2, samples=3)
    assert np.array_equal(alone[0].clip.joint_rotation, among[0].clip.joint_rotation)
    assert not np.allclose(among[0].clip.joint_rotation, among[1].clip.joint_rotation)
    other = generate(Timeline(3.0, (Text("a person walks"),), seed=8), generator, steps=2)
    assert not np.allclose(alone[0].clip.joint_rotation, other[0].clip.joint_rotation)


@pytest.mark.parametrize(("duration", "fps"), [(1.0, 30.0), (2.5, 24.0), (6.0, 60.0), (30.0, 25.0)])
def test_durations_and_frame_rates_are_exact(model_folder, duration, fps):
    generator = load_generator(str(model_folder))
    clip = generate(Timeline(duration, (Text("a person walks"),)), generator, steps=1, fps=fps)[0].clip
    assert clip.num_frames == round(duration * fps) and clip.fps == fps


@pytest.mark.parametrize("fps", [30.0, 60.0])
def test_a_pose_at_the_very_end_is_in_the_last_frame(model_folder, fps):
    walk = walking_clip(3.0)
    for key in (
        Pose.of(walk, 40, 2.0),
        Pose.of(walk, 40, 2.0 - 1 / fps),
    ):  # the clip ends one frame before its duration
        clip = generate(Timeline(2.0, (Text("walks"), key)), load_generator(str(model_folder)), steps=1, fps=fps)[
            0
        ].clip
        away = np.abs(clip.joint_rotation[-1, 1:] - walk.joint_rotation[40, 1:]).max()
        assert away < (1e-6 if fps == 30.0 else 0.01)


def test_seams_of_long_clips_are_no_rougher_than_the_rest(model_folder):
    generator = load_generator(str(model_folder))
    clip = generate(Timeline(20.0, (Text("a person walks"),)), generator, steps=2)[0].clip
    jolt = np.linalg.norm(np.diff(clip.joint_positions(), n=2, axis=0), axis=-1).max(axis=1)
    windows = split(num_controls(20.0), generator.denoiser.config.max_controls)
    at_seam = np.zeros(len(jolt), dtype=bool)
    for window in windows[1:]:
        frame = round((window.start + window.given - 3) / KNOT_RATE * clip.fps)
        at_seam[frame - 8 : frame + 8] = True
    assert len(windows) > 2 and jolt[at_seam].max() < 1.2 * jolt[~at_seam].max()


def test_work_can_be_cancelled(model_folder):
    def stop(stage, share):
        if stage == "sample":
            raise Cancelled

    with pytest.raises(Cancelled):
        generate(Timeline(2.0, (Text("walks"),)), load_generator(str(model_folder)), steps=2, progress=stop)


def test_wrong_weights_are_refused(model_folder, tmp_path):
    copy = shutil.copytree(model_folder, tmp_path / "model")
    weights = copy / "weights.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    with pytest.raises(BadFile, match="sha256"):
        load_generator(str(copy))
    with pytest.raises(UnknownName, match="no-such-model"):
        load_generator("no-such-model")


@pytest.mark.parametrize(
    ("key", "value"),
    [("name", None), ("sha256", None), ("mean", [1, [2]]), ("scale", [1]), ("denoiser", {"depht": 2}), ("parents", [])],
)
def test_a_config_that_is_none_is_refused(model_folder, tmp_path, key, value):
    copy = shutil.copytree(model_folder, tmp_path / "model")
    config = json.loads((copy / "config.json").read_text())
    config |= {key: value}
    if value is None:
        del config[key]
    (copy / "config.json").write_text(json.dumps(config))
    with pytest.raises(MotionError):
        load_generator(str(copy))


@pytest.mark.parametrize("text", ["[]", "5", "{", "[" * 100_000])
def test_a_config_that_is_no_object_is_refused(model_folder, tmp_path, text):
    copy = shutil.copytree(model_folder, tmp_path / "model")
    (copy / "config.json").write_text(text)
    with pytest.raises(BadFile, match=r"config\.json"):
        load_generator(str(copy))


@pytest.mark.parametrize("torn", [False, True])
def test_a_checkpoint_of_something_else_is_refused(data, tmp_path, torn):
    _trainer(data, tmp_path, steps=2).save()
    if torn:
        (tmp_path / "checkpoint.safetensors").write_bytes(b"torn")
    larger = _trainer(data, tmp_path, denoiser=replace(tiny().denoiser, width=48))
    with pytest.raises(BadFile, match="--out"):
        larger.resume()
    assert larger.step == 0


@pytest.mark.parametrize("wrong", [{"samples": 0}, {"steps": 0}, {"guidance": -1.0}, {"fps": 0.0}])
def test_numbers_outside_their_limits_are_refused(model_folder, wrong):
    with pytest.raises(BadInput):
        generate(Timeline(2.0, (Text("walks"),)), load_generator(str(model_folder)), **wrong)


def test_an_unknown_preset_lists_the_known_ones(data, tmp_path):
    with pytest.raises(UnknownName, match="stride-nc"):
        train("nope", data, tmp_path)
