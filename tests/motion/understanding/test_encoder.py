"""Sentences and movements in one space: trained on two kinds of movement it tells which is which."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from helpers import smpl_skeleton, walking_clip
from motion.core import BadFile, Motion
from motion.core.rotation import rotvec_to_rotmat
from motion.datasets.store import Caption, Item, write_store
from motion.training import encoder_training
from motion.training.run import train
from motion.understanding.encoder import load_encoder
from motion.understanding.verifier import TOLERABLE, best, verify


def _raised(seed: int) -> Motion:
    rotvec = np.zeros((75, 24, 3))
    skeleton = smpl_skeleton()
    rotvec[:, skeleton.index("left_shoulder"), 2] = 1.2 * np.sin(np.linspace(0, 3, 75)) + 0.05 * seed
    return Motion(skeleton, np.tile([0.0, 0.93, 0.0], (75, 1)), rotvec_to_rotmat(rotvec), 30.0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    data, items = tmp_path_factory.mktemp("set"), []
    kinds = {"walk": "a person walks forward", "raise-up-left-hand": "a person raises the left hand"}
    for i in range(10):
        for content, text in kinds.items():
            clip = walking_clip(2.5, seed=i) if content == "walk" else _raised(i)
            caption = Caption(text, 0.0, clip.duration, "test")
            items.append(Item(f"{content}{i}", "test", clip, (caption,), "train", "CC0-1.0", content, "normal"))
    write_store(data, items, smpl_skeleton(), 30.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoder_training, "BATCH", 16)
        return train("evaluator", data, tmp_path_factory.mktemp("run"), steps=30)


def test_each_clip_is_nearest_to_its_sentence(folder):
    encoder = load_encoder(folder)
    movements = encoder.clips([walking_clip(2.5, seed=50), _raised(3), walking_clip(2.5, seed=51)])
    words = encoder.texts(["someone is walking ahead", "lift your left arm"])
    assert np.allclose(np.linalg.norm(movements, axis=1), 1.0, atol=1e-5)
    assert (movements @ words.T).argmax(axis=1).tolist() == [0, 1, 0]


def test_an_embedding_does_not_depend_on_its_batch(folder):
    encoder = load_encoder(folder)
    clips = [walking_clip(2.0, seed=1), walking_clip(3.0, seed=2), _raised(1)]
    assert np.allclose(encoder.clips(clips)[0], encoder.clips(clips[:1])[0], atol=1e-5)


def test_the_verifier_prefers_what_was_asked_for_and_what_a_body_can_do(folder):
    encoder = load_encoder(folder)
    clips = [_raised(1), walking_clip(2.5, seed=60)]
    verdicts = verify(clips, "a person walks", encoder)
    assert best(verdicts) == 1 and verdicts[1].similarity > verdicts[0].similarity
    shaking = walking_clip(2.5, seed=60)
    noise = np.random.default_rng(0).normal(0, 0.02, shaking.root_position.shape)
    shaken = Motion(shaking.skeleton, shaking.root_position + noise, shaking.joint_rotation, 30.0)
    calm, rough = verify([shaking, shaken], None)
    assert calm.similarity is None and calm.faults < rough.faults and best([rough, calm]) == 1
    assert set(TOLERABLE) <= {*calm.physical.to_json(), "joint_limit_ratio"}


def test_a_damaged_folder_is_refused(folder, tmp_path):
    with pytest.raises(BadFile):
        load_encoder(tmp_path)
    for name in ("config.json", "weights.safetensors"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    content = bytearray((tmp_path / "weights.safetensors").read_bytes())
    content[-1] ^= 1
    (tmp_path / "weights.safetensors").write_bytes(content)
    with pytest.raises(BadFile, match="sha256"):
        load_encoder(tmp_path)


def test_negatives_spare_what_would_be_right_too(folder):
    kinds = [("walk", "old"), ("walk", "sad"), ("bow", "old")]
    takes = [SimpleNamespace(labelled=True, label=a, style=b, captions=(i,)) for i, (a, b) in enumerate(kinds)]
    corpus: Any = SimpleNamespace(takes=takes)
    nothing: Any = None
    pairs = encoder_training.Pairs(corpus, nothing, [], np.array([False, True, False]))
    wrong = pairs.negatives([0, 1, 2], [0, 1, 2])
    # the unstyled text of clip 1 also fits clip 0; the styled text of clip 0 does not fit clip 1
    assert wrong.tolist() == [[False, False, True], [True, False, True], [True, True, False]]


def test_every_second_take_is_a_rival_in_style():
    kinds = [("walk", "old"), ("walk", "sad"), ("walk", "old"), ("bow", "old"), ("hop", None)]
    takes = [SimpleNamespace(labelled=True, label=a, style=b) for a, b in kinds]
    corpus: Any = SimpleNamespace(takes=takes, weights=np.full(5, 0.2))
    nothing: Any = None
    chosen = encoder_training.Pairs(corpus, nothing, [], nothing).rivals(np.random.default_rng(0), 60)
    pairs = [(takes[i], takes[j]) for i, j in zip(chosen[::2], chosen[1::2], strict=True)]
    walks = [(a.style, b.style) for a, b in pairs if a.label == "walk"]
    assert walks and all({a, b} == {"old", "sad"} for a, b in walks)
    assert all(b.label == "walk" for a, b in pairs if a.label == "walk")
    assert {b.label for a, b in pairs if a.label == "bow"} > {"bow"}  # alone in its style, beside anything
