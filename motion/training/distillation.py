"""Fewer steps: a student learns to give at once what its teacher gives with guidance and many steps.

Shortcut models (Frans et al. 2025), distilled: the student is told how far its answer is to lead along the teacher's
guided path from noise to motion. A short leap is to end where two steps of the teacher end; a leap twice as long, where
two short ones of its averaged self do. It starts as the teacher, is told the strength of the guidance, too, and needs
no second pass without the text.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import torch
from scipy.optimize import linear_sum_assignment
from torch import Tensor
from torch.func import functional_call

from motion.core.errors import BadInput
from motion.core.progress import Progress, silent
from motion.datasets.store import TrainingSet
from motion.generation.checkpoint import load_generator
from motion.generation.denoiser import Denoiser
from motion.training.batches import Batch
from motion.training.losses import Losses
from motion.training.noise import blurred, noised
from motion.training.presets import TrainConfig
from motion.training.trainer import Trainer

#: How often each leap is drawn, as a share of the path from noise to motion. The shortest is learnt from the teacher,
#: which takes two steps for it; each other one from the student's own two leaps of half its length.
LEAPS = {0.25: 0.7, 0.5: 0.15, 1.0: 0.15}

#: The guidance the student learns to give: drawn evenly between these.
LEAST_GUIDANCE, MOST_GUIDANCE = 1.0, 4.5


@dataclass(frozen=True)
class Recipe:
    """What may be added to plain distillation (each after Dao et al. 2025, improved latent consistency).

    Attributes:
        robust: error at which the loss turns from square to logarithmic (Cauchy), in units of the features' spread;
            0 keeps the square.
        early: below this diffusion time the student is also held to the recording itself (a diffusion loss); it pulls
            towards what is there without guidance.
        coupling: noise is exchanged between the clips of a batch so that each lies near its own (optimal transport).
    """

    robust: float = 0.0
    early: float = 0.0
    coupling: bool = False


def drawn_leap() -> float:
    """One of ``LEAPS``, as often as it says."""
    return list(LEAPS)[int(torch.multinomial(torch.tensor(list(LEAPS.values())), 1))]


class Distiller(Trainer):
    """A ``Trainer`` whose model starts as ``teacher`` and learns to jump along its path."""

    distilled = True

    def __init__(
        self,
        config: TrainConfig,
        data: TrainingSet,
        out: Path,
        *,
        teacher: str,
        recipe: Recipe | None = None,
        device: str = "auto",
        progress: Progress = silent,
    ) -> None:
        generator = load_generator(teacher)
        self.taught_by = teacher
        if generator.distilled:
            raise BadInput(f"the teacher {teacher} is distilled itself; give the model it was made of")
        config = replace(config, denoiser=replace(generator.denoiser.config, leaps=True))
        super().__init__(config, data, out, statistics=generator.statistics, device=device, progress=progress)
        self.recipe = recipe or Recipe()
        self.teacher = generator.denoiser.to(self.device)
        self.model.load_state_dict(self.teacher.state_dict(), strict=False)  # it was told of no leaps
        self.average = {name: value.detach().clone() for name, value in self.model.state_dict().items()}

    def _losses(self, model: Denoiser, batch: Batch, t_B: Tensor | None = None) -> Losses:
        x_0, size, device = batch.x_0, len(batch.x_0), self.device
        leap = drawn_leap() if t_B is None else min(LEAPS)
        drawn = torch.rand(size, device=device) if t_B is None else t_B
        t_B = (drawn / leap).floor() * leap
        guidance_B = LEAST_GUIDANCE + (MOST_GUIDANCE - LEAST_GUIDANCE) * torch.rand(size, device=device)
        position = torch.arange(x_0.shape[1], device=device)
        valid = (position[None] < batch.lengths[:, None]).float()
        noise = self._coupled(torch.randn_like(x_0), x_0) if self.recipe.coupling else None
        x_t, flags = noised(x_0, t_B, batch.known, noise)
        x_t, known = x_t * valid[..., None], flags.bool()
        with torch.autocast(device.type, dtype=torch.bfloat16):
            prompt = blurred(batch.prompt, model.sentence.scale) if model.training else batch.prompt
            with torch.no_grad():
                end = x_t
                for begun in (0.0, leap / 2):
                    answer = self._half(model, replace(batch, prompt=prompt), end, t_B + begun, guidance_B, leap / 2)
                    share = (leap / 2 / (1.0 - t_B - begun))[:, None, None]
                    end = torch.lerp(end, torch.where(known, x_0, answer), share) * valid[..., None]
                target = x_t + (end - x_t) * ((1.0 - t_B) / leap)[:, None, None]
            predicted = model(x_t, t_B, batch.known, prompt.leaping(guidance_B, leap), batch.lengths)
        predicted = torch.where(known, x_0, predicted.float())
        losses = self.loss(predicted, torch.where(known, x_0, target), valid, t_B, robust=self.recipe.robust)
        total, terms = losses.total, losses.terms
        early = t_B < self.recipe.early
        if early.any():
            held = self.loss(predicted[early], x_0[early], valid[early], t_B[early])
            total = total + held.total * early.float().mean()
            terms = terms | {"early": held.total}
        return Losses(total, terms)

    def _half(self, model: Denoiser, batch: Batch, x_t: Tensor, t_B: Tensor, guidance_B: Tensor, leap: float) -> Tensor:
        """Where half a leap is to head for: the teacher says it of the shortest one, the averaged student of others."""
        if leap < min(LEAPS):
            both, guidance = batch.prompt.with_and_without_text(), guidance_B[:, None, None]
            return self.teacher.guided(x_t, t_B, batch.known, both, batch.lengths, guidance)
        told = batch.prompt.leaping(guidance_B, leap)
        return functional_call(model, self.average, (x_t, t_B, batch.known, told, batch.lengths)).float()

    @staticmethod
    def _coupled(noise: Tensor, x_0: Tensor) -> Tensor:
        """The batch's noise in the order that brings each clip's nearest to it."""
        cost = torch.cdist(x_0.flatten(1), noise.flatten(1)).square()
        return noise[torch.as_tensor(linear_sum_assignment(cost.cpu().numpy())[1], device=noise.device)]
