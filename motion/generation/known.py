"""What the training recordings show, in words: how far a prompt is from all of it, and what is nearest."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from motion.core.errors import BadFile
from motion.formats.atomic import write_bytes
from motion.networks.text_encoder import WIDTH, text_encoder

#: A prompt whose nearest known phrase is less like it than this is far from everything in training. Set on the
#: evaluation's own prompts, whose numbers on them are so much less independent: of 30 about other activities 93 % lie
#: below, of 200 validation captions 6.5 %, of 72 unseen wordings of what was recorded 1 %.
FAR = 0.48

#: A phrase this like one that is kept is left out.
ALIKE = 0.87

FILE = "known.safetensors"

_SUBJECT = re.compile(
    r"^(first |make |there is )?"
    r"((a|an|the|some) ([a-z-]+ )?(person|figure|human|man|woman|character|actor|actress|guy|avatar|boy|girl|kid)"
    r"|someone|somebody|he|she|they|person|character)\b( is| are| starts to| begins to)? ?",
    re.IGNORECASE,
)


def deed(text: str) -> str:
    """What is done, without who does it: ``walks`` for ``a person walks``."""
    return _SUBJECT.sub("", text.strip()).rstrip(". ") or text


@dataclass(frozen=True)
class Nearest:
    """A known phrase and how like the prompt it is: the cosine of the two sentence embeddings."""

    text: str
    similarity: float

    @property
    def far(self) -> bool:
        """Whether a prompt to which this is the nearest is far from everything in training."""
        return self.similarity < FAR


@dataclass(frozen=True)
class Known:
    """Phrases of the training captions and their unit sentence embeddings (N, 384)."""

    texts: tuple[str, ...]
    embeddings: Tensor

    def nearest(self, prompt: str, count: int = 3) -> tuple[Nearest, ...]:
        """The ``count`` phrases most like the prompt, the nearest first."""
        sentence = text_encoder().encode([deed(prompt)]).sentence[0]
        best = torch.topk(self.embeddings.float() @ sentence, min(count, len(self.texts)))
        return tuple(Nearest(self.texts[i], float(s)) for s, i in zip(best.values, best.indices, strict=True))

    def save(self, folder: Path) -> None:
        """Write into a model folder."""
        content = {"embeddings": self.embeddings.half().contiguous()}
        write_bytes(folder / FILE, save(content, metadata={"texts": json.dumps(self.texts)}))


def load_known(folder: Path) -> Known | None:
    """The phrases in a model folder; None where the model came without."""
    if not (folder / FILE).is_file():
        return None
    try:
        with safe_open(folder / FILE, framework="pt") as file:
            texts, embeddings = json.loads((file.metadata() or {})["texts"]), file.get_tensor("embeddings").float()
    except (OSError, KeyError, ValueError, RecursionError, SafetensorError) as error:
        raise BadFile(folder / FILE, f"holds no known phrases ({type(error).__name__})") from error
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        raise BadFile(folder / FILE, "must hold a list of one or more phrases")
    if embeddings.shape != (len(texts), WIDTH) or not embeddings.isfinite().all():
        raise BadFile(folder / FILE, f"must hold {WIDTH} finite numbers for each of its {len(texts)} phrases")
    return Known(tuple(texts), embeddings)


def known_phrases(captions: Sequence[str]) -> Known:
    """Of all texts so many phrases that every other one is ``ALIKE`` one of them, the common ones first."""
    deeds: dict[str, int] = {}
    for caption in captions:
        deeds[deed(caption).lower()] = deeds.get(deed(caption).lower(), 0) + 1
    texts = sorted(deeds, key=lambda text: (-deeds[text], len(text), text))
    sentences = text_encoder().encode_many(texts).sentence
    kept: list[int] = []
    covered = torch.zeros(len(texts), dtype=torch.bool)
    for i in range(len(texts)):
        if not covered[i]:
            kept.append(i)
            covered |= sentences @ sentences[i] >= ALIKE
    return Known(tuple(texts[i] for i in kept), sentences[kept])
