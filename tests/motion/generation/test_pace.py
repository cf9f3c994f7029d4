"""The speeds people choose: the quantiles that are learnt are those of the data."""

import pytest
import torch

from motion.generation.pace import LEVELS, Pace


@pytest.fixture(scope="module")
def trained():
    torch.manual_seed(0)
    pace = Pace(8, width=32)
    walk, run = torch.zeros(8), torch.zeros(8)
    walk[0], run[1] = 1.0, 1.0
    optimiser = torch.optim.Adam(pace.parameters(), lr=1e-2)
    for _ in range(600):
        speeds = torch.cat([1.0 + 0.4 * torch.rand(64), 2.5 + torch.rand(64)])
        loss = pace.loss(torch.cat([walk.expand(64, -1), run.expand(64, -1)]), speeds).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return pace, walk[None], run[None]


def test_quantiles_rise(trained):
    pace, _, _ = trained
    quantiles = pace(torch.randn(50, 8) * 3)
    assert quantiles.shape == (50, LEVELS) and bool((quantiles.diff(dim=1) >= 0).all())
    assert bool((pace.draw(torch.randn(50, 8) * 3, torch.zeros(50)) >= 0).all())


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_draws_follow_the_recordings(trained, share):
    pace, walk, run = trained
    assert pace.draw(walk, torch.tensor([share])).item() == pytest.approx(1.0 + 0.4 * share, abs=0.06)
    assert pace.draw(run, torch.tensor([share])).item() == pytest.approx(2.5 + share, abs=0.12)
