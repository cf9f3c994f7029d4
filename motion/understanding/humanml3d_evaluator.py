"""HumanML3D's own evaluator (Guo et al. 2022), with the files of whoever has them.

Two 512-dimensional embeddings that meet where a text fits a movement. Movement: two strided convolutions make one
vector of four frames, a bidirectional GRU reads these. Text: a bidirectional GRU over word vectors and parts of speech.
This is the published architecture with the published names of its parameters; neither the weights nor the code come
with Stride, and **it was checked with random weights only**: compare the row of real data with the published one first.

A folder holds, all from the download of the evaluator (its text_mot_match, meta and glove folders):

    finest.tar                     the weights
    mean.npy, std.npy              of the 263 features
    our_vab_data.npy, our_vab_idx.json   word vectors and words (``humanml3d_words``)

``mean.npy`` and ``std.npy`` are those of the evaluator's ``meta`` folder (also known as ``t2m_mean.npy``). The data
set's ``Mean.npy`` and ``Std.npy`` are taken where there are no others, with a warning when they look like what they
are: the evaluator's ``std`` is a fifth of theirs for root and contacts.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

from motion.core.errors import BadFile, BadInput
from motion.datasets.humanml3d_features import LAYOUT, WIDTH
from motion.understanding.humanml3d_words import (
    PARTS_OF_SPEECH,
    WORD_WIDTH,
    WordVectors,
    load_array,
    load_word_vectors,
)

Array = NDArray[np.floating]

log = logging.getLogger(__name__)

#: Frames of one movement vector; frames seen of a clip, the first ones; width of an embedding.
UNIT = 4
MAX_FRAMES = 196
EMBEDDING = 512
#: Clips or captions that are embedded at once.
BATCH = 32
#: The numbers of a frame that are seen: all but the contacts.
_SEEN = LAYOUT["contacts"].start
#: The files beside the words, and other names they go by.
_FILES = {
    "finest.tar": ("finest.tar",),
    "mean.npy": ("t2m_mean.npy", "mean.npy", "Mean.npy"),
    "std.npy": ("t2m_std.npy", "std.npy", "Std.npy"),
    "our_vab_data.npy": ("our_vab_data.npy",),
}
_MAX_BYTES = 1 << 31
#: Above this the standard deviation of the contacts is the data set's (about 0.4), not a fifth of it.
_CONTACT_STD = 0.2


class MovementEncoder(nn.Module):
    """(B, T, 259) normalised features to (B, T / 4, 512)."""

    def __init__(self, inputs: int = _SEEN, width: int = 512) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for channels in (inputs, width):  # the dropout stands for its place in the published names
            layers += [nn.Conv1d(channels, width, 4, stride=2, padding=1), nn.Dropout(0.2), nn.LeakyReLU(0.2)]
        self.main = nn.Sequential(*layers)
        self.out_net = nn.Linear(width, width)

    def forward(self, features: Tensor) -> Tensor:
        return self.out_net(self.main(features.mT).mT)


class SequenceEncoder(nn.Module):
    """(B, N, inputs) to (B, 512): both last states of a bidirectional GRU that starts from learned ones."""

    def __init__(self, inputs: int, width: int, outputs: int = EMBEDDING) -> None:
        super().__init__()
        self.input_emb = nn.Linear(inputs, width)
        self.gru = nn.GRU(width, width, batch_first=True, bidirectional=True)
        self.output_net = nn.Sequential(
            nn.Linear(2 * width, width), nn.LayerNorm(width), nn.LeakyReLU(0.2), nn.Linear(width, outputs)
        )
        self.hidden = nn.Parameter(torch.zeros(2, 1, width))

    def forward(self, inputs: Tensor, lengths: Tensor) -> Tensor:
        """Of each row only the first ``lengths`` (B,) entries are read."""
        packed = pack_padded_sequence(self.input_emb(inputs), lengths, batch_first=True, enforce_sorted=False)
        start = self.hidden.expand(-1, len(inputs), -1).contiguous()
        forward, backward = self.gru(packed, start)[1]
        return self.output_net(torch.cat([forward, backward], dim=-1))


class TextEncoder(SequenceEncoder):
    """Word vectors (B, L, 300), to which the projected parts of speech (B, L, 15) are added, to (B, 512)."""

    def __init__(self) -> None:
        super().__init__(WORD_WIDTH, 512)
        self.pos_emb = nn.Linear(len(PARTS_OF_SPEECH), WORD_WIDTH)

    def forward_words(self, words: Tensor, parts: Tensor, lengths: Tensor) -> Tensor:
        return self(words + self.pos_emb(parts), lengths)


@dataclass(frozen=True)
class HumanML3DEvaluator:
    """The three networks and what their inputs are scaled by; made by ``load_humanml3d_evaluator``."""

    movement_encoder: MovementEncoder
    motion_encoder: SequenceEncoder
    text_encoder: TextEncoder
    mean: Array
    std: Array
    words: WordVectors

    def embed_features(self, features: Sequence[Array]) -> Array:
        """(N, 512) of clips as features (T, 263) at 20 fps (``features_from_clip``), of which whole quarters of at most
        196 frames are read. Raises ``BadInput`` for another width and for fewer than 4 frames."""
        for each in features:
            if each.ndim != 2 or each.shape[1] != WIDTH or len(each) < UNIT or not np.all(np.isfinite(each)):
                raise BadInput(f"the evaluator needs finite features (T, {WIDTH}), T {UNIT} or more, got {each.shape}")
        results = []
        for some in _batches(features):
            lengths = [min(len(each), MAX_FRAMES) // UNIT for each in some]
            batch = torch.zeros(len(some), MAX_FRAMES, _SEEN)  # padded whatever the lengths: the original's edge
            for row, (each, length) in enumerate(zip(some, lengths, strict=True)):
                scaled = (each[: length * UNIT] - self.mean) / self.std
                batch[row, : length * UNIT] = torch.from_numpy(scaled[:, :_SEEN])
            with torch.inference_mode():
                results.append(self.motion_encoder(self.movement_encoder(batch), torch.tensor(lengths)))
        return _stacked(results)

    def embed_texts(self, captions: Sequence[Sequence[str]]) -> Array:
        """(N, 512) of captions, each as its tokens ``word/PART`` (``humanml3d_words.read_tokens``)."""
        results = []
        for some in _batches([self.words.encode(tokens) for tokens in captions]):
            lengths = [len(words) for words, _ in some]
            words, parts = (
                nn.utils.rnn.pad_sequence([torch.from_numpy(each[i]).float() for each in some], batch_first=True)
                for i in range(2)
            )
            with torch.inference_mode():
                results.append(self.text_encoder.forward_words(words, parts, torch.tensor(lengths)))
        return _stacked(results)


def _batches(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]


def _stacked(results: list[Tensor]) -> Array:
    return torch.cat(results).numpy() if results else np.zeros((0, EMBEDDING), dtype=np.float32)


def load_humanml3d_evaluator(folder: Path) -> HumanML3DEvaluator:
    """The evaluator from a user's files (see the module).

    Raises ``BadFile``: files that are missing, all named at once; weights of another shape, name or kind; words that
    are still pickles, with the command that converts them.
    """
    candidates = {name: [folder / other for other in names] for name, names in _FILES.items()}
    found = {name: next((path for path in paths if path.is_file()), None) for name, paths in candidates.items()}
    paths = {name: path for name, path in found.items() if path}
    if missing := [name for name in found if name not in paths]:
        raise BadFile(folder, f"lacks {', '.join(missing)}; put the files of HumanML3D's evaluator there")
    mean, std = (load_array(paths[name], (WIDTH,)) for name in ("mean.npy", "std.npy"))
    if np.any(std <= 0):
        raise BadFile(paths["std.npy"], "must hold standard deviations above 0")
    if std[LAYOUT["contacts"]].mean() > _CONTACT_STD:
        log.warning("%s looks like the data set's; the evaluator's own has other scales", paths["std.npy"])
    words = load_word_vectors(folder)
    states = _read_states(paths["finest.tar"])
    movement, sequence, text = MovementEncoder(), SequenceEncoder(512, 1024), TextEncoder()
    for name, network in (("movement_encoder", movement), ("motion_encoder", sequence), ("text_encoder", text)):
        _fill(network, states.get(name), name, paths["finest.tar"])
    return HumanML3DEvaluator(movement, sequence, text, mean, std, words)


def _read_states(path: Path) -> dict[str, Any]:
    """What a checkpoint holds; tensors and plain values only, nothing in it is run."""
    if path.stat().st_size > _MAX_BYTES:
        raise BadFile(path, f"is larger than {_MAX_BYTES >> 30} GiB")
    try:
        states = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # a damaged file can fail in any way
        raise BadFile(
            path, f"cannot be read as weights alone ({type(error).__name__}); give the published file"
        ) from error
    if not isinstance(states, dict):
        raise BadFile(path, "must hold the weights of three networks by name")
    return states


def _fill(network: nn.Module, state: object, name: str, path: Path) -> None:
    """Load a state dict whose names, shapes and numbers were looked at."""
    if not isinstance(state, dict):
        raise BadFile(path, f"lacks the weights of {name!r}")
    wanted = network.state_dict()
    if state.keys() != wanted.keys():
        differ = ", ".join(sorted(str(key) for key in state.keys() ^ wanted.keys())[:3])
        raise BadFile(path, f"{name!r} lacks, or has beyond the published, the weights {differ}")
    for key, tensor in wanted.items():
        given = state[key]
        if not isinstance(given, Tensor) or given.shape != tensor.shape:
            shape = tuple(given.shape) if isinstance(given, Tensor) else type(given).__name__
            raise BadFile(path, f"{name}.{key} must be {tuple(tensor.shape)}, got {shape}")
        if not given.isfinite().all():
            raise BadFile(path, f"{name}.{key} contains NaN or infinite numbers")
    network.load_state_dict(state)
    network.eval()
