"""Training of one forecaster: minutes on one core; stopped and resumed as often as one likes."""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from motion.core.progress import Progress, silent
from motion.forecasting.augment import Augmentation, augmented
from motion.forecasting.frames import Batch, read
from motion.forecasting.model import ForecastConfig, ForecastNetwork
from motion.forecasting.objectives import displacement, log_density, surprise, winners
from motion.forecasting.windows import Windows

#: Steps from one to the next that train the probabilities; they learn easily, and cost as much as the rest.
TRUST_EVERY = 4


@dataclass(frozen=True)
class ForecastTraining:
    """How a forecaster is trained.

    Attributes:
        steps: optimiser steps, of ``batch`` people each.
        stretched_share: of a batch, windows whose columns are closer together or farther apart.
        winners_share: of the steps, in which the number of trained heads falls from all to one.
        ema: decay of the averaged weights, which are the result.
        validations: how often the checkpoint is judged; the best of them is kept.
    """

    steps: int = 4_000
    batch: int = 256
    learning_rate: float = 2e-3
    weight_decay: float = 0.02
    warmup: int = 200
    winners_share: float = 0.2
    stretched_share: float = 0.4
    ema: float = 0.999
    validations: int = 10
    seed: int = 0
    network: ForecastConfig = field(default_factory=ForecastConfig)
    augmentation: Augmentation = field(default_factory=Augmentation)


class Rows:
    """Windows as tensors, to draw batches from."""

    def __init__(self, windows: Windows) -> None:
        def tensor(array: np.ndarray) -> Tensor:
            return torch.from_numpy(np.ascontiguousarray(array))

        self.batch = Batch(
            tensor(windows.past), tensor(windows.seen), tensor(windows.future),
            tensor(windows.around), tensor(windows.around_seen),
        )  # fmt: skip
        self.per_metre = tensor(windows.per_metre)

    def __len__(self) -> int:
        return len(self.per_metre)

    def take(self, rows: Tensor) -> tuple[Batch, Tensor]:
        batch = self.batch
        return (
            Batch(batch.past[rows], batch.seen[rows], batch.future[rows], batch.around[rows], batch.around_seen[rows]),
            self.per_metre[rows],
        )


class ForecastTrainer:
    """One run: state in ``folder``/state.pt, lines in ``folder``/log.jsonl."""

    def __init__(
        self, config: ForecastTraining, plain: Windows, stretched: Windows, held_out: Windows, folder: Path
    ) -> None:
        self.config, self.folder = config, folder
        self.plain, self.stretched, self.held_out = Rows(plain), Rows(stretched), Rows(held_out)
        self.unit = float(self.plain.per_metre.mean())
        torch.manual_seed(config.seed)
        self.random = torch.Generator().manual_seed(config.seed)
        self.network = ForecastNetwork(config.network)
        self.average = ForecastNetwork(config.network)
        self.average.load_state_dict(self.network.state_dict())
        self.average.eval()
        self.optimiser = torch.optim.AdamW(
            self.network.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay, fused=True
        )
        self.step, self.seconds, self.best_score = 0, 0.0, math.inf
        self.best: dict[str, Tensor] = {k: v.clone() for k, v in self.average.state_dict().items()}

    def resume(self) -> None:
        """Go on from ``folder``/state.pt, if it is there."""
        path = self.folder / "state.pt"
        if not path.is_file():
            return
        state = torch.load(path, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.random.set_state(state["random"])
        self.step, self.seconds, self.best_score, self.best = (
            state["step"], state["seconds"], state["best_score"], state["best"],
        )  # fmt: skip

    def save(self) -> None:
        """Write the state, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        half = self.folder / "state.tmp"
        torch.save(
            {
                "network": self.network.state_dict(), "average": self.average.state_dict(), "best": self.best,
                "optimiser": self.optimiser.state_dict(), "random": self.random.get_state(),
                "step": self.step, "seconds": self.seconds, "best_score": self.best_score,
            },
            half,
        )  # fmt: skip
        half.replace(self.folder / "state.pt")

    def run(self, *, seconds: float = math.inf, progress: Progress = silent) -> dict[str, Tensor]:
        """Train to the end, or for ``seconds``; returns the best averaged weights so far."""
        started, before = time.monotonic(), self.seconds
        every = max(1, self.config.steps // self.config.validations)
        while self.step < self.config.steps and time.monotonic() - started < seconds:
            self.one_step()
            if self.step % every == 0 or self.step == self.config.steps:
                self.seconds = before + time.monotonic() - started
                self.judge()
                self.save()
                progress("forecaster", self.step / self.config.steps)
        self.seconds = before + time.monotonic() - started
        self.save()
        return self.best

    def one_step(self) -> None:
        config, share = self.config, self.step / self.config.steps
        self.network.train()
        batch, per_metre = self.draw()
        changed, jitter = augmented(batch, config.augmentation, self.random)
        frame, inputs = read(changed, jitter)
        output = self.network(*inputs)
        future = frame.own(changed.future)
        heads = config.network.heads
        few = max(1, round(heads * (1 - share / config.winners_share))) if share < config.winners_share else 1
        weight = per_metre / self.unit
        loss = winners(output.futures, future, weight, few) + displacement(output.best, future, weight)
        if self.step % TRUST_EVERY == 0:
            loss = loss + 0.1 * TRUST_EVERY * surprise(output, future)
        rate = min(1.0, (self.step + 1) / config.warmup) * 0.5 * (1 + math.cos(math.pi * share))
        for group in self.optimiser.param_groups:
            group["lr"] = config.learning_rate * max(rate, 1e-3)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
        self.step += 1
        decay = min(config.ema, self.step / (self.step + 10))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.average.parameters()), list(self.network.parameters()), 1 - decay)

    def draw(self) -> tuple[Batch, Tensor]:
        other = round(self.config.batch * self.config.stretched_share) if len(self.stretched) else 0
        parts = []
        for rows, count in ((self.plain, self.config.batch - other), (self.stretched, other)):
            if count:
                parts.append(rows.take(torch.randint(len(rows), (count,), generator=self.random)))
        if len(parts) == 1:
            return parts[0]
        (one, one_unit), (two, two_unit) = parts
        names = ("past", "seen", "future", "around", "around_seen")
        both = {name: torch.cat([getattr(one, name), getattr(two, name)]) for name in names}
        return Batch(**both), torch.cat([one_unit, two_unit])

    def judge(self) -> None:
        """Score the averaged weights on the held-out windows; the best are kept."""
        numbers = judged(self.average, self.held_out)
        score = numbers["min_ade"] + 0.5 * numbers["min_fde"] + 0.2 * numbers["ade"]
        if score < self.best_score:
            self.best_score = score
            self.best = {k: v.clone() for k, v in self.average.state_dict().items()}
        self.folder.mkdir(parents=True, exist_ok=True)
        line = {"step": self.step, "seconds": round(self.seconds, 1), **{k: round(v, 4) for k, v in numbers.items()}}
        with (self.folder / "log.jsonl").open("a") as log:
            log.write(json.dumps(line) + "\n")


@torch.no_grad()
def judged(network: ForecastNetwork, rows: Rows, batch: int = 2048) -> dict[str, float]:
    """Mean errors over people, in their own unit: best of the heads, the best forecast, and nats per step."""
    network.eval()
    sums: dict[str, float] = {}
    for start in range(0, len(rows), batch):
        windows, per_metre = rows.take(torch.arange(start, min(start + batch, len(rows))))
        frame, inputs = read(windows)
        output, future = network(*inputs), frame.own(windows.future)
        error = (output.futures - future[:, None]).norm(dim=-1) * per_metre[:, None, None]
        one = (output.best - future).norm(dim=-1) * per_metre[:, None]
        for name, values in {
            "min_ade": error.mean(-1).amin(1), "min_fde": error[..., -1].amin(1),
            "ade": one.mean(-1), "fde": one[..., -1], "nll": -log_density(output, future).mean(-1),
        }.items():  # fmt: skip
            sums[name] = sums.get(name, 0.0) + float(values.sum())
    return {name: total / max(1, len(rows)) for name, total in sums.items()}
