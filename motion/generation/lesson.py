"""What a model learnt of a new word: token states said before a prompt's own, a shift of its sentence, and an adapter.

The words' embeddings are a textual inversion (Gal et al. 2022); the adapter adds a matrix of low rank to each layer of
the denoiser's blocks (LoRA, Hu et al. 2022). Both come in only where the word is said: an adapted network is a copy.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from motion.core.errors import BadInput
from motion.generation.denoiser import Denoiser, Prompt

#: Layers that an adapter changes begin with one of these.
ADAPTED = ("blocks.", "embed.", "unembed.")


@dataclass(frozen=True)
class Lesson:
    """One word as one model learnt it.

    Attributes:
        states: token states (L, E) that are said before those of the prompt.
        shift: (E,), added to the prompt's unit sentence embedding, which is then made unit again.
        speeds: rising quantiles (Q,) of the mean speed over the ground in m/s, as ``Pace`` gives them for a sentence.
        factors: layer -> (down, up): ``up @ down`` is added to its weight.
    """

    states: Tensor
    shift: Tensor
    speeds: Tensor
    factors: Mapping[str, tuple[Tensor, Tensor]]

    def said(self, prompt: Prompt) -> Prompt:
        """The prompt with the word said in it; rows without a text stay without."""
        has_text_B1 = prompt.words_BL.any(dim=1, keepdim=True)
        states_BLE = self.states.expand(len(has_text_B1), -1, -1) * has_text_B1[..., None]
        shifted_BE = F.normalize(prompt.sentence_BE + self.shift, dim=-1)
        return replace(
            prompt,
            words_BLE=torch.cat([states_BLE, prompt.words_BLE], dim=1),
            words_BL=torch.cat([has_text_B1.expand(-1, len(self.states)), prompt.words_BL], dim=1),
            sentence_BE=shifted_BE * prompt.sentence_BE.any(dim=1, keepdim=True),
        )

    def rounded(self) -> Lesson:
        """The same in the 16 bits of a file, so that a word is the same before it was written and after."""

        def plain(value: Tensor) -> Tensor:
            return value.detach().half().float()

        factors = {name: (plain(down), plain(up)) for name, (down, up) in self.factors.items()}
        return Lesson(plain(self.states), plain(self.shift), plain(self.speeds), factors)

    def weights(self, denoiser: Denoiser) -> dict[str, Tensor]:
        """The weights of the layers that are adapted, as they then are."""
        layers = adaptable(denoiser)
        return {f"{name}.weight": layers[name].weight.detach() + up @ down for name, (down, up) in self.factors.items()}

    def adapted(self, denoiser: Denoiser) -> Denoiser:
        """A copy of the network that knows the word; raises ``BadInput`` for a network of another size."""
        layers = adaptable(denoiser)
        for name, (down, up) in self.factors.items():
            layer = layers.get(name)
            if layer is None or (up.shape[0], down.shape[1]) != layer.weight.shape or up.shape[1] != down.shape[0]:
                raise BadInput(f"the adapter of a taught word does not fit the model: layer {name!r:.60}")
        adapted = copy.deepcopy(denoiser)
        with torch.no_grad():
            adapted.load_state_dict(self.weights(denoiser), strict=False)
        return adapted.eval()


def adaptable(denoiser: Denoiser) -> dict[str, nn.Linear]:
    """The layers that an adapter may change, by name."""
    modules = denoiser.named_modules()
    return {name: layer for name, layer in modules if isinstance(layer, nn.Linear) and name.startswith(ADAPTED)}
