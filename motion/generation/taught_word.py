"""A word that a user taught: what it is called, what it stands for, and what each model learnt of it; one file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from motion.core.errors import BadFile, BadInput
from motion.generation.known import deed
from motion.generation.lesson import Lesson
from motion.generation.naming import checked_name, said
from motion.networks.text_encoder import WIDTH

#: What the header of a file says it is.
KIND = "stride taught word 1"

#: Bytes that a file may have; those that are written stay below a million.
MAX_FILE = 4_000_000

#: Characters of a caption, seconds of an action, clips it was learnt from: no more is believed of a file.
MAX_CAPTION, MAX_SECONDS, MAX_CLIPS = 200, 600.0, 1000


def checked_caption(caption: str) -> str:
    """The caption without blanks around it; raises ``BadInput`` where it says nothing or too much."""
    plain = caption.strip()
    if not plain or len(plain) > MAX_CAPTION or not plain.isprintable():
        raise BadInput(f"a caption must be one line of 1 to {MAX_CAPTION} characters that says what the person does")
    return plain


@dataclass(frozen=True)
class TaughtWord:
    """A new word for frozen models.

    Attributes:
        name: as it is said in prompts, in lower case.
        caption: a sentence that says what it stands for.
        seconds: how long the action takes, the median of the clips.
        clips: how many clips it was learnt from.
        lessons: sha256 of a model's weights -> what that model learnt.
    """

    name: str
    caption: str
    seconds: float
    clips: int
    lessons: Mapping[str, Lesson]

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", checked_name(self.name))
        object.__setattr__(self, "caption", checked_caption(self.caption))
        if not 0.0 < self.seconds <= MAX_SECONDS or not 1 <= self.clips <= MAX_CLIPS:
            raise BadInput(f"the word {self.name!r} must be learnt from 1 to {MAX_CLIPS} clips that last")

    def said_in(self, prompt: str) -> bool:
        """Whether a prompt says the word, or a form of it."""
        return said(self.name).search(prompt) is not None

    def explained(self, prompt: str) -> str:
        """The prompt with what the word stands for in the word's place."""
        return said(self.name).sub(lambda _: deed(self.caption), prompt)

    def lesson_of(self, info: Mapping[str, str]) -> Lesson:
        """What the model with this ``info`` learnt; raises ``BadInput`` where it was not taught the word."""
        lesson = self.lessons.get(info["sha256"])
        if lesson is None:
            model = f"{info['name']} (sha256 {info['sha256'][:12]})"
            raise BadInput(
                f"the word {self.name!r} was taught to another model, not to {model}; teach it: "
                f'stride teach {self.name} --clips DIR --caption "{self.caption}" --model {info["name"]}'
            )
        return lesson

    def to_bytes(self) -> bytes:
        """The content of a safetensors file from which ``from_bytes`` makes the same word; numbers in 16 bits."""
        tensors: dict[str, Tensor] = {}
        for sha256, lesson in self.lessons.items():
            own = {"states": lesson.states, "shift": lesson.shift, "speeds": lesson.speeds}
            for layer, (down, up) in lesson.factors.items():
                own |= {f"down.{layer}": down, f"up.{layer}": up}
            tensors |= {f"{sha256}/{key}": value.detach().half().contiguous() for key, value in own.items()}
        facts = {
            "kind": KIND,
            "name": self.name,
            "caption": self.caption,
            "seconds": round(float(self.seconds), 3),
            "clips": self.clips,
        }
        return save(tensors, metadata={"word": json.dumps(facts)})  # one entry: several come in any order

    @property
    def sha256(self) -> str:
        """Of the file's content."""
        return hashlib.sha256(self.to_bytes()).hexdigest()


def read_word(path: str | PathLike[str]) -> TaughtWord:
    """A word from a file; raises ``BadFile`` for anything else, however it came about."""
    try:
        if Path(path).stat().st_size > MAX_FILE:
            raise BadFile(path, f"is too large for a taught word, which has at most {MAX_FILE / 1e6:g} MB")
        content = Path(path).read_bytes()
        return _word(_header(content), load(content))
    except OSError as error:
        raise BadFile(path, f"cannot be read: {error.strerror or error}") from None
    except BadInput as error:
        raise BadFile(path, f"holds no word that can be used: {error}") from error
    except (KeyError, TypeError, ValueError, RecursionError, SafetensorError) as error:
        if isinstance(error, BadFile):
            raise
        raise BadFile(path, "is no taught word; 'stride teach NAME --export FILE' writes one") from error


def _header(content: bytes) -> dict[str, Any]:
    size = int.from_bytes(content[:8], "little")
    facts: dict[str, Any] = json.loads(json.loads(content[8 : 8 + size])["__metadata__"]["word"])
    if facts["kind"] != KIND:
        raise ValueError("another kind of file")
    return facts


def _word(facts: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> TaughtWord:
    parts: dict[str, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        sha256, _, name = key.partition("/")
        if not value.is_floating_point() or not value.isfinite().all():
            raise BadInput(f"{name!r:.60} is not of finite numbers")
        parts.setdefault(sha256, {})[name] = value.float()
    for key, kind in (("name", str), ("caption", str), ("seconds", float), ("clips", int)):
        if not isinstance(facts[key], kind):
            raise BadInput(f"its {key} is {facts[key]!r:.60}")
    lessons = {sha256: _lesson(own) for sha256, own in parts.items()}
    return TaughtWord(facts["name"], facts["caption"], facts["seconds"], facts["clips"], lessons)


def _lesson(own: dict[str, Tensor]) -> Lesson:
    states, shift, speeds = own["states"], own["shift"], own["speeds"]
    if states.ndim != 2 or states.shape[1] != WIDTH or shift.shape != (WIDTH,) or speeds.ndim != 1 or len(speeds) < 2:
        raise BadInput(f"its embeddings must have {WIDTH} numbers")
    factors = {name[5:]: (own[name], own[f"up.{name[5:]}"]) for name in own if name.startswith("down.")}
    if any(down.ndim != 2 or up.ndim != 2 for down, up in factors.values()):
        raise BadInput("its adapter must be of matrices")
    return Lesson(states, shift, speeds, factors)
