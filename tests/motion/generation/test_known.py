"""Known phrases: who does it does not matter, what does; a file and back."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save

from motion.core import BadFile
from motion.generation.known import FILE, deed, known_phrases, load_known


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a person walks forward.", "walks forward"),
        ("An old man is walking", "walking"),
        ("someone starts to run", "run"),
        ("walk", "walk"),
        ("a person", "a person"),
    ],
)
def test_the_deed_of_a_sentence(text, what):
    assert deed(text) == what


@pytest.fixture(scope="module")
def known():
    return known_phrases(["a person walks forward", "someone walks forward", "walking forward", "she bows", "he kicks"])


def test_phrases_that_are_alike_are_kept_once(known):
    assert known.texts == ("walks forward", "bows", "kicks")  # the most common one first


def test_near_and_far(known):
    near, far = known.nearest("the woman is walking ahead")[0], known.nearest("a person plays the cello")[0]
    assert near.text.startswith("walk") and not near.far
    assert far.far and far.similarity < near.similarity


def test_a_file_and_back(known, tmp_path):
    assert load_known(tmp_path) is None
    known.save(tmp_path)
    back = load_known(tmp_path)
    assert back is not None and back.texts == known.texts
    assert torch.allclose(back.embeddings, known.embeddings, atol=1e-3)
    (tmp_path / FILE).write_bytes(b"no such thing")
    with pytest.raises(BadFile):
        load_known(tmp_path)


NAN = torch.full((1, 384), torch.nan)


@pytest.mark.parametrize(
    ("texts", "embeddings"),
    [
        ("5", torch.zeros(1, 384)),
        ("[]", torch.zeros(0, 384)),
        ("[1]", torch.zeros(1, 384)),
        ("[" * 100_000, torch.zeros(1, 384)),
        (json.dumps(["walks", "runs"]), torch.zeros(1, 384)),
        (json.dumps(["walks"]), torch.zeros(1, 3)),
        (json.dumps(["walks"]), torch.zeros(1)),
        (json.dumps(["walks"]), NAN),
    ],
)
def test_a_file_that_holds_something_else_is_refused(texts: str, embeddings: torch.Tensor, tmp_path: Path):
    (tmp_path / FILE).write_bytes(save({"embeddings": embeddings}, metadata={"texts": texts}))
    with pytest.raises(BadFile, match=FILE):
        load_known(tmp_path)
