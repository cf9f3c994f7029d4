"""What the training recordings show, in words: how far a prompt is from all of it, and what is nearest."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from motion.core.errors import BadFile
from motion.formats.atomic import write_bytes
from motion.generation.naming import said
from motion.networks.text_encoder import WIDTH, text_encoder
from motion.representation.layout import PARTS

#: A prompt whose nearest known phrase is less like it than this is far from everything in training. Set on the
#: evaluation's own prompts, whose numbers on them are so much less independent: of 30 about other activities 93 % lie
#: below, of 200 validation captions 6.5 %, of 72 unseen wordings of what was recorded 1 %.
FAR = 0.48

#: A phrase this like one that is kept is left out.
ALIKE = 0.87

FILE = "known.safetensors"

#: What a taught word is about, so that something else can be said of the arms.
BELOW_THE_ARMS = tuple(part for part in PARTS if not part.endswith("_arm"))

_SUBJECT = re.compile(
    r"^(first |make |there is )?"
    r"((a|an|the|some) ([a-z-]+ )?(person|figure|human|man|woman|character|actor|actress|guy|avatar|boy|girl|kid)"
    r"|someone|somebody|he|she|they|you|person|character)\b( is| are| starts to| begins to)? ?"
    r"|^(a|an|the) (?!left|right|arm|hand|leg|foot)[a-z-]+ (is )?(?=[a-z]+(s|ing)\b)",
    re.IGNORECASE,
)


def deed(text: str) -> str:
    """What is done, without who does it: ``walks`` for ``a person walks``."""
    return _SUBJECT.sub("", text.strip()).rstrip(". ") or text


@dataclass(frozen=True)
class Nearest:
    """A known phrase, how like the prompt it is (the cosine of the two sentence embeddings), and the body parts it is
    about; none: the whole body."""

    text: str
    similarity: float
    parts: tuple[str, ...] = ()

    @property
    def far(self) -> bool:
        """Whether a prompt to which this is the nearest is far from everything in training."""
        return self.similarity < FAR


@dataclass(frozen=True)
class Known:
    """Phrases for what was recorded, their unit sentence embeddings (N, 384), and the body parts each is about.

    ``taught`` are words that were taught beside.
    """

    texts: tuple[str, ...]
    embeddings: Tensor
    parts: tuple[tuple[str, ...], ...] = ()
    taught: tuple[str, ...] = ()

    def nearest(self, prompt: str, count: int = 3) -> tuple[Nearest, ...]:
        """The ``count`` phrases most like the prompt, the nearest first."""
        return self.nearest_of_each([prompt], count)[0]

    def nearest_of_each(self, prompts: Sequence[str], count: int = 1) -> list[tuple[Nearest, ...]]:
        """The same for every prompt, read at one go."""
        sentences = text_encoder().encode([deed(prompt) for prompt in prompts]).sentence
        best = torch.topk(sentences @ self.embeddings.float().T, min(count, len(self.texts)))
        parts = self.parts or ((),) * len(self.texts)
        recorded = [
            tuple(Nearest(self.texts[i], s, parts[i]) for s, i in zip(values, indices, strict=True))
            for values, indices in zip(best.values.tolist(), best.indices.tolist(), strict=True)
        ]
        return [(*self._taught_in(prompt), *one)[:count] for prompt, one in zip(prompts, recorded, strict=True)]

    def with_words(self, names: Sequence[str]) -> Known:
        """The same and taught words, which are known wherever they are said."""
        return replace(self, taught=(*self.taught, *names))

    def _taught_in(self, prompt: str) -> tuple[Nearest, ...]:
        return tuple(Nearest(name, 1.0, BELOW_THE_ARMS) for name in self.taught if said(name).search(prompt))

    def save(self, folder: Path) -> None:
        """Write into a model folder."""
        content = {"embeddings": self.embeddings.half().contiguous()}
        metadata = {"texts": json.dumps(self.texts), "parts": json.dumps(self.parts)}
        write_bytes(folder / FILE, save(content, metadata=metadata))


def load_known(folder: Path) -> Known | None:
    """The phrases in a model folder; None where the model came without."""
    if not (folder / FILE).is_file():
        return None
    try:
        with safe_open(folder / FILE, framework="pt") as file:
            metadata, embeddings = file.metadata() or {}, file.get_tensor("embeddings").float()
            texts, parts = json.loads(metadata["texts"]), json.loads(metadata.get("parts", "[]"))
    except (OSError, KeyError, ValueError, RecursionError, SafetensorError) as error:
        raise BadFile(folder / FILE, f"holds no known phrases ({type(error).__name__})") from error
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        raise BadFile(folder / FILE, "must hold a list of one or more phrases")
    if embeddings.shape != (len(texts), WIDTH) or not embeddings.isfinite().all():
        raise BadFile(folder / FILE, f"must hold {WIDTH} finite numbers for each of its {len(texts)} phrases")
    if not isinstance(parts, list) or len(parts) not in (0, len(texts)):
        raise BadFile(folder / FILE, "must hold the body parts of each of its phrases, or of none")
    if not all(isinstance(one, list) and all(part in PARTS for part in one) for one in parts):
        raise BadFile(folder / FILE, f"speaks of body parts that are none; there are {', '.join(PARTS)}")
    return Known(tuple(texts), embeddings, tuple(map(tuple, parts)))


def known_phrases(captions: Sequence[str], parts: Sequence[tuple[str, ...]] = ()) -> Known:
    """So many phrases that every other text is ``ALIKE`` one of them, those about parts and the common ones first.

    ``parts`` names the body parts that each is about; left out: the whole body.
    """
    deeds: dict[str, int] = {}
    for caption in captions:
        deeds[deed(caption).lower()] = deeds.get(deed(caption).lower(), 0) + 1
    about = dict(zip((deed(caption).lower() for caption in captions), parts, strict=False))
    texts = sorted(deeds, key=lambda text: (not about.get(text), -deeds[text], len(text), text))
    sentences = text_encoder().encode_many(texts).sentence
    kept: list[int] = []
    covered = torch.zeros(len(texts), dtype=torch.bool)
    for i in range(len(texts)):
        if not covered[i]:
            kept.append(i)
            covered |= sentences @ sentences[i] >= ALIKE
    return Known(tuple(texts[i] for i in kept), sentences[kept], tuple(about.get(texts[i], ()) for i in kept))
