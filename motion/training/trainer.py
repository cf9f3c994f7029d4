"""The training loop: resumable to the bit, on CPU, one GPU, or several with torchrun.

Step k depends on the seed, k and the state before it alone, so a run that was stopped and resumed ends with the same
weights as one that was not.
"""

from __future__ import annotations

import json
import logging
import os
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from motion.core.errors import BadFile, BadInput
from motion.core.progress import Progress, silent
from motion.datasets.store import TrainingSet
from motion.formats.atomic import atomic_path
from motion.generation.checkpoint import Generator, load_generator, save_generator
from motion.generation.denoiser import Denoiser
from motion.generation.known import known_phrases
from motion.networks.text_encoder import text_encoder
from motion.representation.normalisation import Statistics
from motion.training.batches import MASKED, Batch, Batches
from motion.training.corpus import Corpus, build_corpus
from motion.training.losses import Losses, MotionLoss
from motion.training.noise import blurred, noised
from motion.training.plausible import without_implausible
from motion.training.presets import TrainConfig
from motion.understanding.encoder import load_encoder

logger = logging.getLogger(__name__)

#: Steps between checkpoints, and between measurements of the validation loss.
SAVE_EVERY, VALIDATE_EVERY = 250, 500

#: Words, at least, by which the scale of their states is measured, where the captions have so many.
TOKENS = 100_000

#: Share of the blur of prompts from the start; the rest comes with the detail.
FIRST_BLUR = 0.3

#: Batches of the validation loss, and the diffusion times they are measured at.
VALIDATION_BATCHES = 4


def learning_rate(config: TrainConfig, step: int) -> float:
    """Linear warm-up, constant, then linear to zero over the last ``decay_share`` of the steps."""
    warm = min(1.0, (step + 1) / config.warmup)
    left = (config.steps - step) / (config.decay_share * config.steps)
    return config.learning_rate * min(warm, left, 1.0)


def detail(config: TrainConfig, step: int) -> float:
    """How much detail counts, 0 to 1: nothing while the prompt is being learnt, then rising to all of it."""
    low, high = config.detail
    return min(1.0, max(0.0, (step / config.steps - low) / (high - low)))


class Trainer:
    """State of one run in ``out``: weights, averaged weights, optimiser, step."""

    #: Whether the model takes the strength of guidance as an input.
    distilled = False

    #: The model that it learns from, if it does from one.
    taught_by: str | None = None

    #: Share of samples of which something is known.
    masked = MASKED

    def __init__(
        self,
        config: TrainConfig,
        data: TrainingSet,
        out: Path,
        *,
        statistics: Statistics | None = None,
        start: str | None = None,
        device: str = "auto",
        progress: Progress = silent,
    ) -> None:
        self.config, self.out = config, out
        self.rank, self.world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        self.device = _device(device)
        if self.world > 1 and not torch.distributed.is_initialized():
            torch.distributed.init_process_group("nccl" if self.device.type == "cuda" else "gloo")
        self.skeleton = data.skeleton
        corpus = build_corpus(data, "train", sources=config.sources, progress=progress)
        if config.plausible:
            kept = without_implausible(corpus, load_encoder(), data.skeleton)
            logger.info("of the composed takes %s, %s are plausible", kept.before, kept.after)
            corpus = kept.corpus
        self.corpus = self.laid_out(corpus)
        begun = load_generator(start) if start else None
        self.statistics = statistics or (begun.statistics if begun else self.corpus.statistics)
        self.batches = self._batches(self.corpus)
        self.validation = self._batches(self.laid_out(build_corpus(data, "val", sources=config.sources, more=False)))
        torch.manual_seed(config.seed)
        self.model = self.network().to(self.device)
        self._set_text_statistics()
        if begun is not None:
            self._begin_with(begun)
        self.average = {name: value.detach().clone() for name, value in self.model.state_dict().items()}
        self.optimiser = torch.optim.AdamW(
            self.model.parameters(),
            lr=config.learning_rate,
            betas=(0.9, 0.99),
            weight_decay=config.weight_decay,
            fused=self.device.type in ("cpu", "cuda"),
        )
        grid = self.corpus.grid
        self.loss = MotionLoss(self.skeleton, self.batches.mean, self.batches.scale, curve=grid.curve, rate=grid.rate)
        self.step = 0

    def network(self) -> Denoiser:
        """A fresh network."""
        return Denoiser(self.config.denoiser)

    def _begin_with(self, begun: Generator) -> None:
        try:
            self.model.load_state_dict(begun.denoiser.state_dict())
        except RuntimeError:
            name, size = begun.info["name"], begun.denoiser.config
            raise BadInput(f"{name} is a network of another size ({size}) than {self.config.denoiser}") from None

    def laid_out(self, corpus: Corpus) -> Corpus:
        """The corpus as the network takes it."""
        return corpus

    def _batches(self, corpus: Corpus) -> Batches:
        return Batches(
            corpus,
            text_encoder().encode_many(corpus.texts),
            statistics=self.statistics,
            patch=self.config.denoiser.patch,
            max_controls=self.config.denoiser.max_controls,
            controls_per_batch=self.config.controls_per_batch,
            seed=self.config.seed,
            device=self.device,
            rank=self.rank,
            world=self.world,
            masked=self.masked,
        )

    def _set_text_statistics(self) -> None:
        used = torch.tensor(sorted({caption for take in self.corpus.takes for caption in take.captions}))
        library = self.batches.encoded
        tokens = library.tokens(used.to(self.device))
        self.model.sentence.set_statistics(library.sentence[used])
        self.model.words.set_statistics(tokens[:: max(1, len(tokens) // TOKENS)].float())

    def run(self, *, until: int | None = None, seconds: float | None = None, progress: Progress = silent) -> None:
        """Train up to step ``until`` (default: all) or for ``seconds``; saves on the way and at the end."""
        last = min(until or self.config.steps, self.config.steps)
        began, first = time.monotonic(), self.step
        while self.step < last and (seconds is None or time.monotonic() - began < seconds):
            losses = self.train_step(self.batches[self.step])
            if self.step % 25 == 0 or self.step == last:
                rate = (self.step - first) / (time.monotonic() - began)
                self._log(losses, rate, (last - self.step) / rate)
                progress("train", self.step / self.config.steps)
            if self.step % SAVE_EVERY == 0:
                self.save()
        self.save()
        if self.rank == 0:
            known_phrases(*zip(*self.corpus.deeds(), strict=True)).save(self.out / self.config.name)

    def train_step(self, batch: Batch) -> Losses:
        """One optimiser step on one batch."""
        self.model.train()
        torch.manual_seed(self.config.seed * 1_000_003 + self.step * self.world + self.rank)  # noise and dropout
        losses = self._losses(self.model, batch)
        self.optimiser.zero_grad(set_to_none=True)
        losses.total.backward()
        self._share_gradients()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate(self.config, self.step)
        self.optimiser.step()
        self.step += 1
        decay = min(self.config.ema, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            state = self.model.state_dict()
            torch._foreach_lerp_(list(self.average.values()), [state[name] for name in self.average], 1 - decay)
        return losses

    def _losses(self, model: Denoiser, batch: Batch, t_B: Tensor | None = None) -> Losses:
        x_0 = batch.x_0
        if t_B is None:
            # more weight on much noise, t = 0 included: there the prompt decides what happens
            t_B = torch.rand(len(x_0), device=self.device) ** 1.5
        position = torch.arange(x_0.shape[1], device=self.device)
        valid = (position[None] < batch.lengths[:, None]).float()
        x_t, flags = noised(x_0, t_B, batch.known)
        x_t = x_t * valid[..., None]
        with torch.autocast(self.device.type, dtype=torch.bfloat16):
            blur = FIRST_BLUR + (1.0 - FIRST_BLUR) * detail(self.config, self.step)
            prompt = blurred(batch.prompt, model.sentence.scale, blur) if model.training else batch.prompt
            predicted = model(x_t, t_B, batch.known, prompt, batch.lengths)
        # what is known need not be learnt
        predicted = torch.where(flags.bool(), x_0, predicted.float())
        losses = self.loss(predicted, x_0, valid, t_B, detail=detail(self.config, self.step))
        told = prompt.sentence_BE.any(dim=1)
        pace = model.pace.loss(model.sentence.standardised(prompt.sentence_BE), batch.speeds)
        pace = (pace * told).sum() / told.sum().clamp(min=1)
        return Losses(losses.total + pace, losses.terms | {"pace": pace})

    def _share_gradients(self) -> None:
        if self.world == 1:
            return
        gradients = [p.grad for p in self.model.parameters() if p.grad is not None]
        flat = torch.cat([gradient.flatten() for gradient in gradients])  # one message instead of hundreds
        torch.distributed.all_reduce(flat)
        for gradient, mean in zip(gradients, flat.div_(self.world).split([g.numel() for g in gradients]), strict=True):
            gradient.copy_(mean.view_as(gradient))

    @torch.no_grad()
    def validation_loss(self) -> float:
        """Loss of the averaged weights on held-out clips, at fixed times and with fixed noise."""
        model = self.network().to(self.device).eval()
        model.load_state_dict(self.average)
        total = 0.0
        for k in range(VALIDATION_BATCHES):
            batch = self.validation[k]
            torch.manual_seed(k)
            t_B = torch.linspace(0.05, 0.95, len(batch.x_0), device=self.device)
            total += float(self._losses(model, batch, t_B).total)
        return total / VALIDATION_BATCHES

    def _log(self, losses: Losses, rate: float, eta: float) -> None:
        if self.rank:
            return
        row: dict[str, Any] = {"step": self.step, "loss": round(losses.total.item(), 5)}
        row |= {name: round(value.item(), 5) for name, value in losses.terms.items()}
        row |= {"lr": learning_rate(self.config, self.step), "steps_per_s": round(rate, 3), "eta_s": round(eta)}
        if self.step % VALIDATE_EVERY == 0:
            row["validation"] = round(self.validation_loss(), 5)
        with (self.out / "log.jsonl").open("a") as file:
            file.write(json.dumps(row) + "\n")
        if self.step % SAVE_EVERY == 0:
            told = f"loss {row['loss']:.4f}, {rate:.2f} steps/s, {eta / 60:.0f} min left"
            logger.info("step %d of %d: %s", self.step, self.config.steps, told)

    def save(self) -> None:
        """Write the checkpoint and the model folder; a kill leaves the old one or the new one."""
        if self.rank:
            return
        self.out.mkdir(parents=True, exist_ok=True)
        tensors = {f"model.{k}": v for k, v in self.model.state_dict().items()}
        tensors |= {f"average.{k}": v for k, v in self.average.items()}
        names = {id(p): name for name, p in self.model.named_parameters()}
        for parameter, state in self.optimiser.state.items():
            for key in ("exp_avg", "exp_avg_sq"):
                tensors[f"{key}.{names[id(parameter)]}"] = state[key]
        with atomic_path(self.out / "checkpoint.safetensors") as path:
            save_file({k: v.detach().cpu().contiguous() for k, v in tensors.items()}, path, {"step": str(self.step)})
        save_generator(
            self.out / self.config.name,
            self.average,
            self.config.denoiser,
            self.statistics,
            self.skeleton,
            name=self.config.name,
            licence=self.config.licence,
            training={"step": self.step, **{k: v for k, v in asdict(self.config).items() if k != "denoiser"}},
            distilled=self.distilled,
            teacher=self.taught_by,
        )

    def resume(self) -> bool:
        """Go on from the checkpoint in ``out``, if there is one; raises ``BadFile`` for one of another network."""
        path = self.out / "checkpoint.safetensors"
        if not path.exists():
            return False
        try:
            with safe_open(path, "pt") as file:
                step = int((file.metadata() or {})["step"])
            tensors = {k: v.to(self.device) for k, v in load_file(path).items()}
            self.model.load_state_dict({k[6:]: v for k, v in tensors.items() if k.startswith("model.")})
        except (KeyError, ValueError, RuntimeError, SafetensorError) as error:
            raise BadFile(path, "is no checkpoint of this preset; give another folder with --out") from error
        self.step = step
        self.average = {k[8:]: v for k, v in tensors.items() if k.startswith("average.")}
        for name, parameter in self.model.named_parameters():
            if f"exp_avg.{name}" in tensors:
                self.optimiser.state[parameter] = {
                    "step": torch.tensor(float(self.step), device=self.device),
                    "exp_avg": tensors[f"exp_avg.{name}"],
                    "exp_avg_sq": tensors[f"exp_avg_sq.{name}"],
                }
        return True


def _device(name: str) -> torch.device:
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if name.startswith("cuda") and not torch.cuda.is_available():
        raise BadInput("device 'cuda' was asked for, but PyTorch finds no GPU; use --device cpu")
    local = os.environ.get("LOCAL_RANK")
    return torch.device(f"cuda:{local}" if name == "cuda" and local is not None else name)
