"""Train the encoder of sentences and movements by contrast: a clip's own caption against the others in its batch.

Symmetric InfoNCE (Oord et al. 2018) after TMR (Petrovich et al. 2023). A pair that would be right, too, is no negative:
clips of one action, unless both style and caption tell them apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from motion.core.progress import Progress, silent
from motion.core.skeleton import Skeleton
from motion.datasets.store import TrainingSet
from motion.networks.text_encoder import TextLibrary, text_encoder
from motion.representation.features import features_to_motion
from motion.representation.spline import KNOT_RATE, evaluate
from motion.resources import model_folder
from motion.training.corpus import Corpus, build_corpus
from motion.understanding.encoder import EncoderConfig, JointEncoder, TextMotionEncoder, load_encoder
from motion.understanding.joints import NUM_JOINTS, RATE, augmented, padded

Array = NDArray[np.floating]

NAME, LICENCE, STEPS = "text-motion-encoder", "CC-BY-NC-4.0", 3000

#: Clips per step, cosines are divided by the temperature, share of words left out.
BATCH, TEMPERATURE, DROP_WORD = 96, 0.07, 0.15

LEARNING_RATE, WEIGHT_DECAY, WARM_UP = 1e-3, 0.05, 0.05


@dataclass(frozen=True)
class Pairs:
    """Movements as joint positions (T, 22, 3) at ``RATE``, and what the corpus knows of them."""

    corpus: Corpus
    encoded: TextLibrary
    positions: list[Array]
    unstyled: NDArray[np.bool_]

    @classmethod
    def of(cls, corpus: Corpus, skeleton: Skeleton, progress: Progress = silent) -> Pairs:
        """All takes of a corpus; a caption that clips of several styles share is unstyled."""
        positions, styles = [], defaultdict(set)
        for done, take in enumerate(corpus.takes):
            positions.append(movement(corpus.controls[take.start : take.stop], skeleton))
            for caption in take.captions:
                styles[caption].add(take.style)
            progress("joint positions", (done + 1) / len(corpus.takes))
        encoded = text_encoder().encode_many(corpus.texts)
        unstyled = np.array([len(styles[i]) != 1 for i in range(len(corpus.texts))])
        return cls(corpus, encoded, positions, unstyled)

    def rivals(self, random: np.random.Generator, count: int) -> list[int]:
        """``count`` takes, every second one of the same action as that before it in another style where there is one.

        Style is a small part of a movement: beside other actions alone it would hardly be learnt.
        """
        chosen = random.choice(len(self.corpus.takes), count, p=self.corpus.weights).tolist()
        for i in range(1, count, 2):
            before = self.corpus.takes[chosen[i - 1]]
            others = [j for j in self._by_label.get(before.label, ()) if self.corpus.takes[j].style != before.style]
            if others:
                chosen[i] = int(random.choice(others))
        return chosen

    @cached_property
    def _by_label(self) -> dict[str, list[int]]:
        """The numbers of the labelled takes of every label."""
        found = defaultdict(list)
        for number, take in enumerate(self.corpus.takes):
            if take.labelled:
                found[take.label].append(number)
        return found

    def negatives(self, takes: Sequence[int], texts: Sequence[int]) -> NDArray[np.bool_]:
        """(B, B): whether the text of column j would be wrong for the take of row i."""
        chosen = [self.corpus.takes[i] for i in takes]
        wrong = np.ones((len(chosen), len(chosen)), dtype=bool)
        for i, a in enumerate(chosen):
            for j, b in enumerate(chosen):
                if texts[j] in a.captions:
                    wrong[i, j] = False
                elif a.labelled and a.label == b.label:
                    wrong[i, j] = a.style != b.style and not self.unstyled[texts[j]]
        np.fill_diagonal(wrong, False)
        return wrong


def movement(controls: Array, skeleton: Skeleton) -> Array:
    """Joint positions (T, 22, 3) at ``RATE`` of control points (C, NUM_FEATURES)."""
    times = np.arange(0.0, (len(controls) - 3) / KNOT_RATE + 1e-6, 1.0 / RATE)
    clip = features_to_motion(evaluate(controls.astype(np.float64), times), skeleton, RATE)
    return clip.joint_positions()[:, :NUM_JOINTS].astype(np.float32)


def train_encoder(
    data: Path,
    out: Path,
    *,
    steps: int = STEPS,
    seed: int = 0,
    licence: str = LICENCE,
    start: str | None = None,
    progress: Progress = silent,
) -> Path:
    """Train on the train split of ``data``, from the weights of ``start`` (a model, or model folder) if given.

    Returns the model folder inside ``out``.
    """
    training = TrainingSet.open(data)
    begun = load_encoder(model_folder(start)) if start else None
    corpus = build_corpus(training, "train", progress=progress)
    pairs = Pairs.of(corpus, training.skeleton, progress)
    torch.manual_seed(seed)
    network = JointEncoder(EncoderConfig())
    used = torch.tensor(sorted({caption for take in corpus.takes for caption in take.captions}))
    network.words_in.set_statistics(pairs.encoded.tokens(used).float())
    if begun is not None:
        network.load_state_dict(begun.network.state_dict())
    optimiser = torch.optim.AdamW(network.parameters(), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, LEARNING_RATE, total_steps=steps, pct_start=WARM_UP)
    network.train()
    for step in range(steps):
        loss = _loss(network, pairs, np.random.default_rng([seed, step]))
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        progress("encoder", (step + 1) / steps)
    encoder = TextMotionEncoder(network.eval(), {"name": NAME, "sha256": "", "licence": licence})
    record: dict[str, object] = {"steps": steps, "batch": BATCH, "seed": seed, "takes": len(corpus.takes)}
    if begun is not None:
        record["started_from"] = begun.info["sha256"]
    encoder.save(out / NAME, record)
    return out / NAME


def _loss(network: JointEncoder, pairs: Pairs, random: np.random.Generator) -> Tensor:
    corpus = pairs.corpus
    takes = pairs.rivals(random, BATCH)
    flip = bool(random.random() < 0.5)
    told = [int(random.choice(corpus.takes[i].captions)) for i in takes]
    clips = [augmented(pairs.positions[i], random, flip) for i in takes]
    wrong = torch.from_numpy(pairs.negatives(takes, told))
    texts = pairs.encoded[torch.tensor(corpus.mirrored_text[told] if flip else told)]
    kept = torch.from_numpy(random.random(texts.mask.shape) > DROP_WORD)
    kept[:, 0] = True
    with torch.autocast("cpu", dtype=torch.bfloat16):
        movements = network.embed_movement(*padded(clips))
        words = network.embed_words(texts.words, texts.mask & kept)
    score = movements @ words.T / TEMPERATURE
    own = torch.eye(BATCH, dtype=torch.bool)
    right = torch.arange(BATCH)
    by_clip = F.cross_entropy(score.masked_fill(~(wrong | own), -torch.inf), right)
    by_text = F.cross_entropy(score.T.masked_fill(~(wrong.T | own), -torch.inf), right)
    return (by_clip + by_text) / 2
