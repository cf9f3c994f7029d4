"""The prompt's encoder."""

import pytest
import torch

from motion.networks.text_encoder import MAX_WORDS, text_encoder


@pytest.fixture(scope="module")
def encoder():
    return text_encoder()


def test_paraphrases_are_closer_than_other_sentences(encoder):
    a, b, c = encoder.encode(
        ["a person walks forward", "someone is walking ahead", "the cello is out of tune"]
    ).sentence
    assert float(a @ b) > 0.6 > 0.4 > float(a @ c)


def test_padding_does_not_change_a_sentence(encoder):
    alone = encoder.encode(["a person bows"])
    beside = encoder.encode(["a person bows", "a person walks forward and then turns to the left in a hurry"])
    assert torch.allclose(alone.sentence[0], beside.sentence[0], atol=1e-5)
    words = int(alone.mask[0].sum())
    assert torch.allclose(alone.words[0, :words], beside.words[0, :words], atol=1e-5)


def test_long_and_odd_texts_are_read_without_complaint(encoder):
    assert encoder.encode(["walk " * 500]).words.shape[1] <= MAX_WORDS
    assert torch.isfinite(encoder.encode(["走る \U0001f3c3 \n\t"]).sentence).all()


def test_many_sentences_in_chunks_equal_one_batch(encoder):
    texts = [f"a person takes {i} steps" for i in range(7)]
    whole, chunked = encoder.encode(texts), encoder.encode_many(texts, batch=3)
    again = chunked[torch.arange(7)]
    assert torch.equal(whole.mask, again.mask)
    assert (whole.sentence * again.sentence).sum(-1).min() > 0.999  # bf16
    assert (whole.words - again.words).abs().mean() < 0.01
    assert torch.equal(chunked[torch.tensor([4])].words[0], again.words[4, : int(again.mask[4].sum())])
    both = torch.cat([again.words[i][again.mask[i]] for i in (1, 6)])
    assert torch.equal(chunked.tokens(torch.tensor([6, 1])).float(), both)
