"""Who decides what: prompts share time and body parts, and their answers are laid together accordingly."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch

from motion.conditions import Text
from motion.generation.denoiser import Denoiser, DenoiserConfig
from motion.generation.spoken import Spoken
from motion.generation.told import FADE, Told, shares_of, told
from motion.generation.windows import Window, split
from motion.networks.text_encoder import text_encoder
from motion.representation.layout import NUM_FEATURES, PARTS

TIMES = np.arange(0, 6, 0.1)
PART = {name: number for number, name in enumerate(PARTS)}


def test_shares_add_up_and_pass_smoothly() -> None:
    texts = (Text("walk", 0.0, 3.0), Text("bow", 3.0), Text("wave", 2.0, 5.0, ("left_arm",)))
    shares = shares_of(texts, TIMES, 0)
    assert shares.shape == (4, len(TIMES), len(PARTS)) and np.allclose(shares.sum(axis=0), 1, atol=1e-5)
    assert np.abs(np.diff(shares, axis=1)).max() <= 0.1 / FADE + 1e-6
    walk, bow, wave, nothing = shares
    assert walk[10].tolist() == [1.0] * len(PARTS) and walk[50, PART["root"]] == 1.0 and bow.max() == 0.0
    assert wave[35, PART["left_arm"]] == 1.0 and wave[35].sum() == 1.0
    assert nothing.max() == 0.0


def test_without_a_text_for_the_whole_body_that_of_the_root_decides_the_rest() -> None:
    legs, arm = Text("walk", parts=("root", "left_leg", "right_leg")), Text("wave", parts=("left_arm",))
    walk, wave, nothing = shares_of((legs, arm), TIMES, None)
    assert walk[:, PART["torso"]].min() == walk[:, PART["right_arm"]].min() == 1.0
    assert wave[:, PART["left_arm"]].min() == 1.0 and nothing.max() == 0.0


def test_where_nothing_is_said_nothing_is_told() -> None:
    assert shares_of((), TIMES, None).min() == 1.0
    _, nothing = shares_of((Text("walk", 0.0, 2.0),), TIMES, None)
    assert nothing.min() == 1.0


def said(texts: tuple[Text, ...], denoiser: Denoiser) -> Spoken:
    encoded = text_encoder().encode([text.prompt for text in texts])
    return Spoken(texts, encoded, (None,) * len(texts), (denoiser,) * len(texts))


def test_answers_are_laid_together() -> None:
    share = torch.zeros(2, 4, NUM_FEATURES)
    share[0, :2], share[1, 2:] = 1.0, 1.0
    answers = torch.cat([torch.full((3, 4, NUM_FEATURES), 5.0), torch.full((3, 4, NUM_FEATURES), 7.0)])
    made = Told(None, (None, None), share).laid_together(answers)  # type: ignore[arg-type]
    assert made.shape == (3, 4, NUM_FEATURES)
    assert made[:, :2].unique().tolist() == [5.0] and made[:, 2:].unique().tolist() == [7.0]


@pytest.mark.parametrize(
    ("texts", "rows"), [((Text("walk"),), 4), ((Text("walk"), Text("wave", parts=("left_arm",))), 8)]
)
def test_each_prompt_is_told_to_the_whole_group(texts: tuple[Text, ...], rows: int) -> None:
    torch.manual_seed(0)
    denoiser = Denoiser(DenoiserConfig(width=32, depth=1, heads=2))
    asked = told(said(texts, denoiser), Window(0, 43, 0), 44, denoiser, torch.rand(4))
    assert len(asked.prompt.sentence_BE) == rows == 4 * asked.tracks
    assert torch.equal(asked.prompt.speed_B2[:4], asked.prompt.speed_B2[-4:])  # the arm goes as fast as the legs
    assert (asked.share_KCF is None) == (len(texts) == 1)


def test_windows_end_where_another_prompt_begins() -> None:
    windows = split(203, 64, cuts=(6.0, 6.3, 12.0))
    assert windows[0].start == windows[0].given == 0 and windows[-1].stop == 203
    assert all(later.start + later.given == one.stop for one, later in pairwise(windows))
    assert all(window.stop - window.start <= 64 for window in windows)
    ends = [window.stop for window in windows]
    assert 62 in ends and 122 in ends and 65 not in ends  # a cut too near to the one before is passed over


def test_one_prompt_at_a_time_moves_the_body() -> None:
    torch.manual_seed(0)
    denoiser = Denoiser(DenoiserConfig(width=32, depth=1, heads=2))
    texts = (Text("walk", 0.0, 3.0), Text("bow", 3.0))
    encoded = text_encoder().encode([text.prompt for text in texts])
    first, second = (
        told(said(texts, denoiser), window, 44, denoiser, torch.rand(4)) for window in split(63, 64, (3.0,))
    )
    assert first.share_KCF is None and second.share_KCF is None
    assert torch.equal(first.prompt.sentence_BE[0], encoded.sentence[0])
    assert torch.equal(second.prompt.sentence_BE[0], encoded.sentence[1])
