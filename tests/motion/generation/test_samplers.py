"""Samplers on a toy with a closed answer, the windows of long clips, the denoiser's use of its inputs."""

from functools import partial
from itertools import pairwise

import numpy as np
import pytest
import torch

from motion.generation.denoiser import Denoiser, DenoiserConfig, Prompt
from motion.generation.samplers import Noise, sample_ancestral, sample_leaps
from motion.generation.windows import OVERLAP, at_origin, moved_to, split, start_of
from motion.representation.layout import GROUPS, NUM_FEATURES


def test_a_gaussian_is_sampled_with_its_mean_and_spread():
    mean, spread = 3.0, 0.5

    def denoise(x, t):  # E[x_0 | x_t] of a Gaussian in closed form
        variance = (t * spread) ** 2 + (1 - t) ** 2
        return mean + t * spread**2 / variance * (x - t * mean)

    noise = Noise(0, range(1))
    x = sample_ancestral(denoise, noise.normal(20_000), 60, noise=noise)
    assert abs(float(x.mean()) - mean) < 0.02
    assert abs(float(x.std()) - spread) < 0.03


@pytest.mark.parametrize("steps", [1, 2, 4])
def test_a_straight_path_is_followed_exactly_in_any_number_of_leaps(steps):
    noise = Noise(0, range(1)).normal(100)  # each number of it leads straight to twice itself and one
    x = sample_leaps(lambda x, t: 2 * (x - t) / (1 + t) + 1, noise, steps)
    assert torch.allclose(x, 2 * noise + 1, atol=1e-5)


def test_a_samples_noise_does_not_depend_on_its_neighbours():
    alone, among = Noise(7, [5]), Noise(7, range(4, 8))
    assert torch.equal(alone.normal(3, 2)[0], among.normal(3, 2)[1])
    assert torch.equal(alone.uniform()[0], among.uniform()[1])
    assert not torch.equal(alone.normal(3), Noise(8, [5]).normal(3))


@pytest.mark.parametrize("sample", [partial(sample_ancestral, noise=Noise(0, range(1))), sample_leaps])
def test_the_callback_is_told_every_step(sample):
    calls = []
    sample(lambda x, t: x, torch.zeros(1, 1), 7, callback=lambda: calls.append(1))
    assert len(calls) == 7


@pytest.mark.parametrize("count", [13, 64, 65, 120, 303])
def test_windows_cover_a_clip_and_share_control_points(count):
    windows = split(count, 64)
    assert windows[0].start == 0 and windows[0].given == 0
    assert windows[-1].stop == count
    for before, after in pairwise(windows):
        assert after.start == before.stop - OVERLAP and after.given == OVERLAP
    assert all(w.given < w.stop - w.start <= 64 for w in windows)


def test_a_curve_moved_to_the_origin_and_back_is_itself():
    controls = np.random.default_rng(0).normal(size=(20, NUM_FEATURES))
    back = moved_to(at_origin(controls), *start_of(controls))
    assert np.allclose(back, controls)


def _prompt(batch, words=3, seed=0):
    g = torch.Generator().manual_seed(seed)
    return Prompt(
        torch.randn(batch, words, 384, generator=g),
        torch.ones(batch, words, dtype=torch.bool),
        torch.randn(batch, 384, generator=g),
        torch.tensor([[1.0, 1.0]] * batch),
        torch.tensor([[4.0, 1.0]] * batch),
    )


@pytest.fixture
def denoiser():
    torch.manual_seed(0)
    network = Denoiser(DenoiserConfig(width=32, depth=2, heads=2, leaps=True)).eval()
    for parameter in network.parameters():  # a fresh network answers zero to everything
        torch.nn.init.normal_(parameter, std=0.1)
    return network


def _run(denoiser, x, prompt, known=None, lengths=None):
    known = torch.zeros(*x.shape[:2], len(GROUPS)) if known is None else known
    with torch.inference_mode():
        return denoiser(x, torch.full((len(x),), 0.5), known, prompt, lengths)


def test_the_denoiser_listens_to_every_input(denoiser):
    x, prompt = torch.randn(1, 16, NUM_FEATURES), _prompt(1)
    base = _run(denoiser, x, prompt)
    assert base.shape == x.shape
    assert not torch.allclose(base, _run(denoiser, x, prompt.without_text()))
    assert not torch.allclose(base, _run(denoiser, x, _prompt(1, seed=1)))
    known = torch.zeros(1, 16, len(GROUPS))
    known[:, :4, 2] = 1
    assert not torch.allclose(base, _run(denoiser, x, prompt, known))
    for field in ("speed_B2", "duration_B2", "guidance_B2", "leap_B2"):
        changed = Prompt(**{**vars(prompt), field: torch.tensor([[3.0, 1.0]])})
        assert not torch.allclose(base, _run(denoiser, x, changed)), field


def test_what_lies_past_the_end_does_not_matter(denoiser):
    x, prompt = torch.randn(1, 16, NUM_FEATURES), _prompt(1)
    other = x.clone()
    other[:, 12:] = 5.0
    first, second = (_run(denoiser, y, prompt, lengths=torch.tensor([12])) for y in (x, other))
    assert torch.allclose(first[:, :12], second[:, :12], atol=1e-5)
    assert not torch.allclose(_run(denoiser, x, prompt)[:, :12], _run(denoiser, other, prompt)[:, :12], atol=1e-5)
