"""What the text side of HumanML3D's evaluator reads: a GloVe vector and a part of speech for each word.

Its captions come with their tokens, ``a/DET man/NOUN walk/VERB``, in the second column of the data set's texts (words
in their base form, tagged by spaCy). Words that matter for movement have parts of speech of their own.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from motion.core.errors import BadFile, BadInput

Array = NDArray[np.floating]

#: Width of a word vector, and how many words of a caption are read, beside its start and end.
WORD_WIDTH = 300
MAX_WORDS = 20
#: The one-hot's places.
PARTS_OF_SPEECH = (
    "VERB", "NOUN", "DET", "ADP", "NUM", "AUX", "PRON", "ADJ", "ADV", "Loc_VIP", "Body_VIP", "Obj_VIP", "Act_VIP",
    "Desc_VIP", "OTHER",
)  # fmt: skip
#: The evaluator's own lists of words whose part of speech is replaced.
_MOVEMENT_WORDS = {
    "Loc_VIP": "left right clockwise counterclockwise anticlockwise forward back backward up down straight curve",
    "Body_VIP": "arm chin foot feet face hand mouth leg waist eye knee shoulder thigh",
    "Obj_VIP": "stair dumbbell chair window floor car ball handrail baseball basketball",
    "Act_VIP": (
        "walk run swing pick bring kick put squat throw hop dance jump turn stumble stop sit lift lower raise wash "
        "stand kneel stroll rub bend balance flap jog shuffle lean rotate spin spread climb"
    ),
    "Desc_VIP": "slowly carefully fast careful slow quickly happy angry sad happily angrily sadly",
}
_SPECIAL = {word: part for part, words in _MOVEMENT_WORDS.items() for word in words.split()}
_UNKNOWN = "unk"

_MAX_BYTES = 1 << 26
#: Turns the table of words, which is published as a pickle, into a file that can be read without running it.
CONVERT = (
    'python -c "import json, pickle; '
    "json.dump({w: int(i) for w, i in pickle.load(open('our_vab_idx.pkl', 'rb')).items()}, "
    "open('our_vab_idx.json', 'w'))\""
)


@dataclass(frozen=True)
class WordVectors:
    """GloVe vectors (V, 300) and which row is whose."""

    vectors: Array
    rows: dict[str, int]

    def encode(self, tokens: Sequence[str]) -> tuple[Array, Array]:
        """Word vectors (L, 300) and parts of speech (L, 15) of a caption's tokens ``word/PART``, start and end added.

        Words beyond 20 are left out; a word that has no vector is read as unknown. Raises ``BadInput`` for other forms.
        """
        if not tokens or any("/" not in token for token in tokens):
            raise BadInput(
                "a caption must be given as tokens word/PART, as in the second column of HumanML3D's texts, "
                f"got {' '.join(tokens)[:60]!r}"
            )
        vectors, parts = [], []
        for token in ("sos/OTHER", *tokens[:MAX_WORDS], "eos/OTHER"):
            word, _, part = token.rpartition("/")
            known = word in self.rows
            part = _SPECIAL.get(word, part) if known else "OTHER"
            vectors.append(self.vectors[self.rows[word if known else _UNKNOWN]])
            parts.append(PARTS_OF_SPEECH.index(part if part in PARTS_OF_SPEECH else "OTHER"))
        return np.stack(vectors), np.eye(len(PARTS_OF_SPEECH))[parts]


def read_tokens(path: Path) -> list[tuple[str, ...]]:
    """The tokens of every caption in a file of the data set's ``texts`` (``caption#tokens#start#end`` a line)."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(path, "cannot be read as a text file") from error
    fields = [line.split("#") for line in lines if line.strip()]
    if any(len(field) < 2 for field in fields):
        raise BadFile(path, "must hold a line caption#tokens#start#end for each caption")
    return [tuple(field[1].split()) for field in fields]


def load_word_vectors(folder: Path) -> WordVectors:
    """``our_vab_data.npy`` with its words: ``our_vab_idx.json`` (word to row), or in the order of the rows
    ``our_vab_words.json`` (a list) or ``our_vab_words.txt`` (one a line).

    The words are published as pickles, which are never loaded; the error says how to convert them.
    """
    vectors = load_array(folder / "our_vab_data.npy", (None, WORD_WIDTH))
    paths = [folder / f"our_vab_{name}" for name in ("idx.json", "words.json", "words.txt")]
    path = next((path for path in paths if path.is_file()), None)
    if path is None:
        pickles = any((folder / f"our_vab_{name}.pkl").is_file() for name in ("idx", "words"))
        why = "has its words as pickles, which are never loaded" if pickles else "has no words"
        raise BadFile(folder, f"{why}; needs our_vab_idx.json: in the folder of our_vab_idx.pkl run {CONVERT}")
    rows = _read_rows(path)
    if _UNKNOWN not in rows or any(not 0 <= row < len(vectors) for row in rows.values()):
        raise BadFile(path, f"must hold {_UNKNOWN!r} and the words of the {len(vectors)} rows of our_vab_data.npy")
    return WordVectors(vectors, rows)


def _read_rows(path: Path) -> dict[str, int]:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise BadFile(path, f"is larger than {_MAX_BYTES >> 20} MiB")
        text = path.read_text(encoding="utf-8")
        words = text.split("\n") if path.suffix == ".txt" else json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise BadFile(path, "cannot be read as a list of words") from error
    if isinstance(words, list) and all(isinstance(word, str) for word in words):
        return {word.strip(): row for row, word in enumerate(words) if word.strip()}
    if isinstance(words, dict) and all(type(row) is int for row in words.values()):
        return words
    raise BadFile(path, "must hold a list of words, or an object of words and their rows")


def load_array(path: Path, shape: tuple[int | None, ...]) -> Array:
    """A finite array of the given shape (None: any length) from a ``.npy`` file, in double precision."""
    try:
        array = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise BadFile(path, "cannot be read as a numpy array") from error
    fits = isinstance(array, np.ndarray) and array.ndim == len(shape) and array.dtype.kind == "f"
    if not fits or any(size not in (None, found) for size, found in zip(shape, array.shape, strict=True)):
        wanted = " x ".join("N" if size is None else str(size) for size in shape)
        raise BadFile(path, f"must hold {wanted} floating-point numbers, got {getattr(array, 'shape', 'an archive')}")
    if not np.all(np.isfinite(array)):
        raise BadFile(path, "contains NaN or infinite numbers")
    return array.astype(np.float64)
