"""Fewer steps: a student learns to give at once what its teacher gives with guidance and many steps.

Guidance-embedded consistency distillation (Luo et al. 2023; for motion MotionLCM, Dai et al. 2024): along the teacher's
guided path from noise to motion, the student's answer at one moment is to be its averaged self's answer a little later.
It starts as the teacher, is told the strength of the guidance, and needs no second pass without the text.
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

#: Moments of the teacher's path, evenly spread from noise to motion.
MOMENTS = 8

#: The guidance the student learns to give: drawn evenly between these.
LEAST_GUIDANCE, MOST_GUIDANCE = 1.0, 4.5


@dataclass(frozen=True)
class Recipe:
    """What is added to plain consistency distillation (each after Dao et al. 2025, improved latent consistency).

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
        config = replace(config, denoiser=generator.denoiser.config)
        super().__init__(config, data, out, statistics=generator.statistics, device=device, progress=progress)
        self.recipe = recipe or Recipe()
        self.teacher = generator.denoiser.to(self.device)
        self.model.load_state_dict(self.teacher.state_dict())
        self.average = {name: value.detach().clone() for name, value in self.model.state_dict().items()}

    def _losses(self, model: Denoiser, batch: Batch, t_B: Tensor | None = None) -> Losses:
        x_0, size = batch.x_0, len(batch.x_0)
        drawn = torch.rand(size, device=self.device) ** 1.5 if t_B is None else t_B
        t_B = (drawn * MOMENTS).floor() / MOMENTS
        later_B = t_B + 1.0 / MOMENTS
        guidance_B = LEAST_GUIDANCE + (MOST_GUIDANCE - LEAST_GUIDANCE) * torch.rand(size, device=self.device)
        position = torch.arange(x_0.shape[1], device=self.device)
        valid = (position[None] < batch.lengths[:, None]).float()
        noise = self._coupled(torch.randn_like(x_0), x_0) if self.recipe.coupling else None
        x_t, flags = noised(x_0, t_B, batch.known, noise)
        x_t = x_t * valid[..., None]
        known, lengths = flags.bool(), batch.lengths
        with torch.autocast(self.device.type, dtype=torch.bfloat16):
            prompt = blurred(batch.prompt, model.sentence.scale) if model.training else batch.prompt
            told = prompt.guided(guidance_B)
            with torch.no_grad():
                both = prompt.with_and_without_text()
                guided = self.teacher.guided(x_t, t_B, batch.known, both, lengths, guidance_B[:, None, None])
                guided = torch.where(known, x_0, guided)
                share = ((later_B - t_B) / (1.0 - t_B))[:, None, None]
                x_later = torch.lerp(x_t, guided, share) * valid[..., None]
                target = functional_call(model, self.average, (x_later, later_B, batch.known, told, lengths)).float()
                target = torch.where((later_B > 1.0 - 1e-6)[:, None, None], guided, target)
                target = torch.where(known, x_0, target)
            predicted = model(x_t, t_B, batch.known, told, lengths)
        predicted = torch.where(known, x_0, predicted.float())
        losses = self.loss(predicted, target, valid, t_B, robust=self.recipe.robust)
        total, terms = losses.total, losses.terms
        early = t_B < self.recipe.early
        if early.any():
            held = self.loss(predicted[early], x_0[early], valid[early], t_B[early])
            total = total + held.total * early.float().mean()
            terms = terms | {"early": held.total}
        return Losses(total, terms)

    @staticmethod
    def _coupled(noise: Tensor, x_0: Tensor) -> Tensor:
        """The batch's noise in the order that brings each clip's nearest to it."""
        cost = torch.cdist(x_0.flatten(1), noise.flatten(1)).square()
        return noise[torch.as_tensor(linear_sum_assignment(cost.cpu().numpy())[1], device=noise.device)]
